"""Every tag that a pattern names is one that words, marks or numbers can have: a misspelt one matches
nothing, and nobody hears of it."""

import ast
import re
from pathlib import Path

import pytest

from bot.core.reader import lexicon, tokens
from bot.core.reader.amounts import UNITS
from bot.core.reader.lexicon import GROUPS, MARKS, all_tags, paragraphs
from bot.core.reader.patterns import _atoms

HERE = Path(lexicon.__file__).parent
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in HERE.glob("*.py")}
MADE = re.compile(r"""(?:\bone|\.cut|\.put)\((?:\w+, )?"(\w+)\"""")
KNOWN = (
    {tag for tags in all_tags() for tag in tags}
    | {*MARKS.values(), *GROUPS, *UNITS, *tokens._TOKEN.groupindex}
    | {tag for source in SOURCES.values() for tag in MADE.findall(source)}
)
# Whose quantities are tagged by what they are of; see `amounts`.
KNOWN |= {"pct", "times", "clock"}
IN_A_HEAD = re.compile(r"\b(?:if|unless) ([A-Za-z]\w*(?:\|[A-Za-z]\w*)*)")


def named(words: str) -> set[str]:
    pattern = re.sub(r"@\w+", " ", words.partition("??")[0]).strip()
    return {tag for atom in _atoms(pattern) for tag in (atom["tags"] or "").split("|") if tag}


@pytest.mark.parametrize("table", ["patterns", "rules", "nets", "guards"])
def test_every_tag_of_a_pattern_is_one_that_something_has(table: str) -> None:
    used: dict[str, str] = {}
    for head, body in paragraphs(HERE / f"{table}.txt"):
        heads = " ".join(IN_A_HEAD.findall(head)) if table in ("rules", "nets") else ""
        used |= dict.fromkeys(named(body) | named(heads), head)
    assert len(used) > 50
    assert {tag: head for tag, head in used.items() if tag not in KNOWN} == {}


def test_so_is_every_tag_that_is_asked_for_in_the_code() -> None:
    asked = {
        argument.value
        for source in SOURCES.values()
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "has"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }
    assert len(asked) > 30
    assert asked - KNOWN == set()


def test_a_name_that_nothing_has_is_seen() -> None:
    assert named("kit|linac ~3 (fial | ^ n) !brocken") - KNOWN == {"fial", "brocken"}
