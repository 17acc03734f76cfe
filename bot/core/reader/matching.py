"""Rules as rows of a table, `rules.txt`: words, as a pattern over tags, that give a fact a value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
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
    r"(?P<fact>\w+) (?:(?P<value>[\w+-]+)|@(?P<name>\w+)(?:\+(?P<more>\d))?"
    r"(?: of (?P<least>\d+)-(?P<most>\d+))?)(?: denied (?P<denied>\w+))?(?P<anyway> anyway)?"
    r"(?P<otherwise> else)?(?: if (?P<wanted>[\w|]+))?(?: unless (?P<unwanted>[\w|]+))?"
)
_VALUES: dict[str, Value | None] = {"yes": True, "no": False, "-": None}


class Rule:
    """A row. Its values are its own, or the number that the pattern's name stands for, between two limits.

    `unsure` is the question where the words only suggest it. `denied` is the value where they are said not
    to be so; without it they are no evidence then. `anyway`: the words hold their own "not". `otherwise`:
    only where nothing else gives the fact. `wanted` and `unwanted` are tags of the text. A row whose value
    is `skip` gives nothing, and keeps its words from the rows after it.
    """

    def __init__(self, head: str, body: str) -> None:
        row = _HEAD.fullmatch(head)
        assert row, head
        words, _, self.unsure = (part.strip() for part in body.partition("??"))
        self.words, self.fact, self._name = f"({words})", row["fact"], row["name"]
        self._ratio = self.fact.endswith("_ratio")
        self._values = tuple(map(self._as_value, (row["value"] or "-").split("+")))
        self.denied = self._as_value(row["denied"]) if row["denied"] else None
        self._more, self._least, self._most = (int(row[one] or 0) for one in ("more", "least", "most"))
        self.anyway, self.otherwise, self.skip = row["anyway"], row["otherwise"], row["value"] == "skip"
        self._wanted, self._unwanted = ((row[one] or "").split("|") for one in ("wanted", "unwanted"))

    def _as_value(self, word: str) -> Value | None:
        if word in _VALUES:
            return _VALUES[word]
        if word.isdecimal() and not self._ratio:
            return int(word)
        return word.replace("_", " ") if self.fact == "cause" else word

    def fits(self, t: Tagged, given: Collection[str]) -> bool:
        if self.otherwise and self.fact in given:
            return False
        return t.has(*self._wanted) and not (self._unwanted[0] and t.has(*self._unwanted))

    def told(self, hit: Hit) -> tuple[Value | None, ...]:
        """The values that the words give; none where their number is not one of it."""
        if not self._name:
            return self._values
        token = hit.get(self._name)
        if token is not None and token.word == "one" and self.fact == "age_years":
            return ()  # "one adult"
        number = _in_years(many_of(token), hit.get("unit"))
        if number is None or number + self._more < self._least or 0 < self._most < number + self._more:
            return ()
        if self._ratio:
            often = token is not None and "times" in token.tags
            return (token.value.span.text() if token and often else plain(number + self._more),)
        return (int(number) + self._more,) if number % 1 == 0 else ()


def _in_years(number: Decimal | None, unit: Token | None) -> Decimal | None:
    """An age in months, weeks or days; 52 weeks or 365 days may be either side of a birthday."""
    if number is None or unit is None:
        return number
    if "months" in unit.tags:
        return number // 12
    return Decimal(0) if number <= (51 if "weeks" in unit.tags else 363) else None


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
            if used.isdisjoint(range(hit.i, hit.j)):
                found = [] if one.skip else [*_judged(t, one, hit)]
                if found or one.skip:
                    taken[one.fact] = used | {*range(hit.i, hit.j)}
                yield from found


def _judged(t: Tagged, one: Rule, hit: Hit) -> Iterator[Finding]:
    denied: bool | None = False
    reach = 3 if one.fact == "exposure" else 8
    if not one.anyway:
        denied = t.has_in(hit.i, hit.j, "not", "none_after") or guards.denied(t, hit.i, hit.j, reach)
    if denied:
        if one.denied is not None:  # the words that it rests on are shown: "not" is one of them
            yield replace(said(t, one.fact, one.denied, hit), start=guards.with_its_no(t, hit.i, reach))
        return
    unsure = one.unsure or ("do the words say that it happened?" if denied is None else "")
    yield from (said(t, one.fact, value, hit, unsure) for value in one.told(hit))


_RULES = tuple(Rule(*row) for row in paragraphs(Path(__file__).with_name("rules.txt")))
