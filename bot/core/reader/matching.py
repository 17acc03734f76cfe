"""Rules as rows of a table, `rules.txt`: words, as a pattern over tags, that give a fact a value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path

import bot.core.reader.guards as guards
from bot.core.reader.findings import Finding, Value
from bot.core.reader.lexicon import paragraphs
from bot.core.reader.tags import Hit, Tagged
from bot.core.reader.tokens import Token
from rules.spans import plain

AT_MOST = 40  # of each rule: a text that says more of one kind is no account of an incident
_HEAD = re.compile(
    r"(?P<fact>\w+) (?:(?P<value>[\w-]+)|@(?P<name>\w+)(?:\+(?P<more>\d))?"
    r"(?: of (?P<least>\d+)-(?P<most>\d+))?)(?: denied (?P<denied>\w+))?(?P<anyway> anyway)?"
    r"(?P<otherwise> else)?(?: if (?P<wanted>[\w|]+))?(?: unless (?P<unwanted>[\w|]+))?"
)
_VALUES: dict[str, Value | None] = {"yes": True, "no": False, "-": None}


class Rule:
    """A row. Its value is its own, or the number that the pattern's name stands for, between two limits.

    `unsure` is the question where the words only suggest it. `denied` is the value where they are said not
    to be so; without it they are no evidence then. `anyway`: the words hold their own "not". `otherwise`:
    only where nothing else gives the fact. `wanted` and `unwanted` are tags of the text.
    """

    def __init__(self, head: str, body: str) -> None:
        row = _HEAD.fullmatch(head)
        assert row, head
        words, _, self.unsure = (part.strip() for part in body.partition("??"))
        self.fact, self._name = row["fact"], row["name"]
        self._ratio = self.fact.endswith("_ratio")
        self._value, self.denied = (self._as_value(row[one]) for one in ("value", "denied"))
        self._more, self._least, self._most = (int(row[one] or 0) for one in ("more", "least", "most"))
        self.words, self.anyway, self.otherwise = f"({words})", row["anyway"], row["otherwise"]
        self._wanted, self._unwanted = (
            row[one].split("|") if row[one] else [] for one in ("wanted", "unwanted")
        )

    def _as_value(self, word: str | None) -> Value | None:
        if word in _VALUES or word is None:
            return _VALUES.get(word or "-")
        return (
            int(word)
            if word.isdecimal() and not self._ratio
            else word.replace("_", " ")
            if self.fact == "cause"
            else word
        )

    def fits(self, t: Tagged, given: Collection[str]) -> bool:
        if self.otherwise and self.fact in given:
            return False
        return (not self._wanted or t.has(*self._wanted)) and not (self._unwanted and t.has(*self._unwanted))

    def told(self, hit: Hit) -> tuple[Value | None, bool]:
        """The value that the words give, and whether they give any."""
        if not self._name:
            return self._value, True
        number = many_of(hit.get(self._name))
        if number is None or number + self._more < self._least or 0 < self._most < number + self._more:
            return None, False
        return plain(number + self._more) if self._ratio else int(number) + self._more, True


def many_of(token: Token | None) -> Decimal | None:
    """How often: "twice", "3 times", the 3 of "x3"; once where nothing is said of it."""
    if token is None:
        return Decimal(1)
    often = next((token.of(tag) for tag in ("once", "second", "double") if token.of(tag)), None)
    if often or isinstance(token.value, dict):
        return Decimal(often) if often else None
    if "times" in token.tags:
        return token.value.span.low.value if token.value.span else None
    return None if token.value is None else Decimal(token.value)


def said(t: Tagged, fact: str, value: Value | None, hit: Hit, unsure: str = "", weight: int = 0) -> Finding:
    """A finding that has been held against every guard."""
    doubt = guards.judge(t, fact, hit.i, hit.j) or unsure
    return Finding(fact, value, hit.start, hit.end, doubt, weight)


def ruled(t: Tagged, given: Collection[str] = ()) -> Iterator[Finding]:
    """What the rules find, the former first: no words give the same fact twice. `given` are facts that
    something else gives."""
    taken: dict[str, set[int]] = {name: set() for name in given}
    for one in _RULES:
        if not one.fits(t, taken):
            continue
        for hit in islice(t.find(one.words), AT_MOST):
            used = taken.get(one.fact, set())
            if used.isdisjoint(range(hit.i, hit.j)) and (finding := _judged(t, one, hit)):
                taken[one.fact] = used | {*range(hit.i, hit.j)}
                yield finding


def _judged(t: Tagged, one: Rule, hit: Hit) -> Finding | None:
    value, told = one.told(hit)
    denied: bool | None = False
    if not one.anyway:
        denied = t.has_in(hit.i, hit.j, "not", "none_after") or guards.denied(t, hit.i, hit.j)
    if denied or not told:
        return said(t, one.fact, one.denied, hit) if denied and one.denied is not None else None
    unsure = one.unsure or ("is it said that it was so?" if denied is None else "")
    return said(t, one.fact, value, hit, unsure)


_RULES = tuple(Rule(*row) for row in paragraphs(Path(__file__).with_name("rules.txt")))
