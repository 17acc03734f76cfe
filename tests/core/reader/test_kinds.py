"""What was once read wrong, each as one of several of its kind: see kinds.txt."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from bot.core.reader import read
from rules.deadlines import UK

NOW = datetime(2026, 10, 14, 10, 30, tzinfo=UK)
LINES = Path(__file__).with_name("kinds.txt").read_text(encoding="utf-8")
ROWS = re.findall(r"^    (\S.*)\n        (\S.*)$", LINES, re.M)


def written(value):
    return ",".join(value) if isinstance(value, list) else str(value).replace(" ", "_")


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[text for text, _ in ROWS])
def test_what_was_read_wrong_is_read_right_or_asked(text, expected):
    found = read(text, NOW)
    asked, never = ({word[1:] for word in expected.split() if word.startswith(mark)} for mark in ("?", "!"))
    certain = dict(word.split("=") for word in expected.split() if "=" in word)
    assert {fact: written(value) for fact, value in found.facts.items() if fact in certain} == certain
    assert asked <= set(found.to_confirm)
    assert not found.facts.keys() & (never | asked)


def test_every_kind_has_several_rows():
    kinds = re.split(r"^\S.*:\n", LINES, flags=re.M)[1:]
    assert len(kinds) >= 13
    assert all(len(re.findall(r"^    \S", kind, re.M)) >= 3 for kind in kinds)
