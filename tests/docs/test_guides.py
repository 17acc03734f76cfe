"""What the guides tell people to type is understood and done, and their links lead somewhere."""

import re
from pathlib import Path

import pytest

from bot.command_rows import ROWS
from bot.core.actions.table import ACTS
from bot.core.settings.definitions import SETTINGS
from bot.core.word_table import LISTS
from tests.core.cases.ward import ANA, BEN, Ward
from tests.docs.links import broken_links

ROOT = Path(__file__).parents[2]
GUIDES = ("radiographers", "mpe", "governance")
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text() for name in GUIDES}
VERBS = (*(act.verb for act in ACTS), *LISTS, "case", "check", "correct", "settings", "threshold", "what is")
SPANS = [(name, span) for name, page in PAGES.items() for span in re.findall(r"`([^`\n]+)`", page)]
TYPED = [(name, span) for name, span in SPANS if re.match(rf"(?:{'|'.join(VERBS)})\b", span)]
LINES = [(name, span) for name, span in SPANS if span.startswith("irmer ")]


WHO = {"radiographers": ANA, "mpe": BEN, "governance": ANA}
REFUSED = re.compile(
    r"not understood|is no command|^Only |may take|are changed by|wants |cannot"
    r"|is not (?:a|one|known|there|set)\b",
    re.M,
)


@pytest.mark.parametrize(("name", "words"), TYPED)
def test_what_is_to_be_typed_is_understood_and_done(name: str, words: str, tmp_path: Path) -> None:
    ward = Ward(tmp_path / "w.sqlite")
    ward.name_roles(mpe=BEN.id, governance=ANA.id)
    ward.case()
    assert REFUSED.search(ward.say("frobnicate C26-0001"))
    shown = ward.say(words.replace("@somebody", BEN.id), WHO[name])
    assert shown.strip()
    assert not REFUSED.search(shown.partition("\n")[0]), shown


def test_there_is_something_to_type_in_each() -> None:
    assert {name for name, _ in TYPED} == set(GUIDES)
    assert len(TYPED) > 25
    assert LINES


@pytest.mark.parametrize(("name", "line"), LINES)
def test_a_command_line_is_one(name: str, line: str) -> None:
    word = line.split()[1]
    assert word == "--version" or word in ROWS, word


@pytest.mark.parametrize("name", GUIDES)
def test_its_links_and_settings_are_there(name: str) -> None:
    assert broken_links(PAGES[name], ROOT / "docs") == []
    for setting in re.findall(r"`(?:settings )?([a-z]+_[a-z]+)\b", PAGES[name]):
        assert setting in SETTINGS or setting == "test_ping", setting


@pytest.mark.parametrize("name", GUIDES)
def test_it_is_two_pages_at_most(name: str) -> None:
    assert len(PAGES[name].splitlines()) <= 80
