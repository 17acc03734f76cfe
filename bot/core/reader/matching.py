"""Rules as rows of a table, `rules.txt`: words, as a pattern over tags, that give a fact a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bot.core.reader import guards
from bot.core.reader.findings import Finding, Value
from bot.core.reader.lexicon import paragraphs
from bot.core.reader.patterns import Pattern, pattern
from bot.core.reader.tags import Hit, Tagged

AT_MOST = 40  # of each rule: a text that says more of one kind is no account of an incident
_HEAD = re.compile(r"(?P<fact>\w+) (?P<value>[\w-]+)(?: denied (?P<denied>\w+))?(?P<anyway> anyway)?")
_VALUES: dict[str, Value | None] = {"yes": True, "no": False, "-": None}


class Rule(NamedTuple):
    """`unsure` is the question where the words only suggest the value. `denied` is the value where they are
    said not to be so; without it they are no evidence then. `anyway`: the words hold their own "not"."""

    fact: str
    value: Value | None
    words: Pattern
    unsure: str
    denied: Value | None
    anyway: bool


def said(t: Tagged, fact: str, value: Value | None, hit: Hit, unsure: str = "", weight: int = 0) -> Finding:
    """A finding that has been held against every guard."""
    doubt = guards.judge(t, fact, hit.i, hit.j) or unsure
    return Finding(fact, value, hit.start, hit.end, doubt, weight)


def ruled(t: Tagged) -> Iterator[Finding]:
    """What the rules find, the former first: no words give the same fact twice."""
    taken: dict[str, set[int]] = {}
    for one in _RULES:
        used = taken.setdefault(one.fact, set())
        for hit in islice(t.find(one.words), AT_MOST):
            if used.isdisjoint(range(hit.i, hit.j)) and (finding := _judged(t, one, hit)):
                used.update(range(hit.i, hit.j))
                yield finding


def _judged(t: Tagged, one: Rule, hit: Hit) -> Finding | None:
    denied = False if one.anyway else t.has_in(hit.i, hit.j, "not") or guards.denied(t, hit.i, hit.j)
    if denied:
        return None if one.denied is None else said(t, one.fact, one.denied, hit)
    unsure = one.unsure or ("is it said that it was so?" if denied is None else "")
    return said(t, one.fact, one.value, hit, unsure)


def _rules() -> Iterator[Rule]:
    for head, body in paragraphs(Path(__file__).with_name("rules.txt")):
        row = _HEAD.fullmatch(head)
        assert row, head
        words, _, unsure = body.partition("??")
        value, denied = (_VALUES.get(one, one) for one in (row["value"], row["denied"]))
        yield Rule(row["fact"], value, pattern(f"({words})"), unsure.strip(), denied, bool(row["anyway"]))


_RULES = tuple(_rules())
