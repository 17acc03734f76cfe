"""What docs/register.md says can be found by is what can be found by."""

import re
from pathlib import Path

import pytest

from bot.core.register.filters import EVERY, read_filter
from tests.core.cases.ward import NOW

PAGE = (Path(__file__).parents[2] / "docs" / "register.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`incidents .*?) \| .* \|$", PAGE, re.MULTILINE)
NUMBER = re.compile(r"[A-Z]\d+(?:-\d+)?|\d{4}-\d{4}")
WORDS = [word for row in ROWS for word in re.findall(r"`(?:incidents )?([^`]+)`", row)]


def test_the_page_names_words() -> None:
    assert len(WORDS) > 25


@pytest.mark.parametrize("words", WORDS)
def test_each_of_its_words_finds_some_of_the_incidents(words: str) -> None:
    chosen = read_filter(words, NOW, "U1")
    assert chosen.which != EVERY
    assert len(chosen.said) == 1
    if '"' not in words and not NUMBER.fullmatch(words):
        assert not chosen.which.words, "it is only looked for in texts"
