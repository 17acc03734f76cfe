"""What `docs/cases.md` says can be typed is understood, and its settings are there."""

import re
from pathlib import Path

import pytest

from bot.core.actions.act import About
from bot.core.actions.table import ACTS
from bot.core.settings.definitions import SETTINGS
from bot.core.settings.permissions import May
from bot.core.word_table import LISTS
from tests.core.cases.ward import Ward

TEXT = (Path(__file__).parents[3] / "docs" / "cases.md").read_text(encoding="utf-8")


def test_every_setting_that_it_names_exists() -> None:
    named = set(re.findall(r"`((?:may|role|confirm|learning|mpe|ping|incidents)_[a-z]+)", TEXT))
    assert named
    assert named <= set(SETTINGS)


@pytest.mark.parametrize("word", [*(act.verb for act in ACTS), *LISTS])
def test_every_word_about_cases_stands_in_it(word: str) -> None:
    assert re.search(rf"`{word}\b", TEXT), word


def test_the_words_of_a_case_s_life_are_understood_in_the_order_of_the_table(ward: Ward) -> None:
    ref = ward.case()
    for words in ("investigate C26-0001 begun", "notified C26-0001 X1 by portal", "reported C26-0001 sent"):
        assert words.split()[0] in TEXT
        ward.say(words)
    assert ward.store.case("trust", ref).state == "reported"


def test_what_not_everybody_may_do_stands_in_the_table_of_who_may() -> None:
    table = TEXT[TEXT.index("## Who may do what") :]
    for act in ACTS:
        if act.about is About.THEME:  # typed as a case's, and for whoever may read it
            continue
        rows = [line for line in table.splitlines() if f"`{act.verb}`" in line.partition(" | ")[0]]
        names = {May.CLOSE: "`may_close`", May.CONFIRM: "`role_mpe`", May.REDACT: "`role_governance`"}
        named = names.get(act.may)
        assert bool(rows) is bool(named), act.verb
        assert not named or named in rows[0]
