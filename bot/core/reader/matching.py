"""Rules as rows of a table, `rules.txt`: words, as a pattern over tags, that give a fact a value."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice, pairwise
from pathlib import Path

import bot.core.reader.guards as guards
from bot.core.reader.findings import Finding, Value
from bot.core.reader.lexicon import paragraphs
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Hit, Tagged
from bot.core.reader.tokens import Token
from rules.facts import FACTS
from rules.spans import plain

AT_MOST = 40  # of each rule: a text that says more of one kind is no account of an incident
_VALUES: dict[str, Value | None] = {"yes": True, "no": False, "-": None}
# How far a "not" may stand before the words of a fact; of all others 8 tokens.
_REACH = {"exposure": 3, "nation": 2}


class Rule:
    """A row. It gives its value, or what the words say that it names (@many); `??` asks where they only
    suggest it. One whose value is `skip` gives nothing, and keeps its words from the rows after it."""

    def __init__(self, head: str, body: str) -> None:
        self.words, _, self.unsure = (part.strip() for part in body.partition("??"))
        self.fact, value, *rest = head.split()
        value, _, more = value.partition("+" if value[0] == "@" else " ")
        self.skip, self._name = value == "skip", value[1:] if value[0] == "@" else ""
        self._more, self._ratio = int(more or 0), self.fact.endswith("_ratio")
        self._values = tuple(map(self._as_value, value.split("+")))
        self.anyway, self.otherwise, self.weight = "anyway" in rest, "else" in rest, -("less" in rest)
        told = dict(pairwise(rest))
        self.denied = self._as_value(told["denied"]) if "denied" in told else None
        least, _, most = told.get("of", "0-Infinity").partition("-")
        self._least, self._most = Decimal(least), Decimal(most)
        self._conditions = [pair for pair in pairwise(rest) if pair[0] in _HOLDING + _NOT_HOLDING]

    def _as_value(self, word: str) -> Value | None:
        said = word.replace("_", " ") if self.fact == "cause" else word
        return (
            _VALUES[word] if word in _VALUES else int(word) if word.isdecimal() and not self._ratio else said
        )

    def find(self, t: Tagged) -> Iterator[Hit]:
        """Where its words stand, and what it asks of what is around them holds."""
        hits = islice(t.find(self.words), AT_MOST)
        return (hit for hit in hits if all(_holds(t, hit.i, *one) for one in self._conditions))

    def told(self, hit: Hit) -> tuple[Value | None, ...]:
        """The values that the words give; none where their number is not one of it."""
        if not self._name:
            return self._values
        token = hit.get(self._name)
        if token is not None and (name := token.given(str)):
            return (name,)
        somebody = self.fact == "age_years" and token is not None and token.word == "one"  # "one adult"
        number = _in_years(many_of(token), hit.get("unit"))
        if somebody or number is None or not self._least <= (number := number + self._more) <= self._most:
            return ()
        if self._ratio:
            often = token is not None and "times" in token.tags
            return (token.value.span.text() if token and often else plain(number),)
        return (int(number),) if number % 1 == 0 else ()


_HOLDING, _NOT_HOLDING = ("if", "near", "around"), ("unless", "apart", "free")


def _holds(t: Tagged, i: int, condition: str, words: str) -> bool:
    """Of the whole text, of the sentence, of that and the next one, or of the clause."""
    begin, end = t.clause(i) if condition == "free" else t.sentence(i)
    if condition in ("if", "unless"):
        begin, end = 0, len(t.tokens)
    elif condition == "around":
        end = t.sentence(min(end + 1, len(t.tokens) - 1))[1]
    return (t.first(words, begin, end) is not None) is (condition in _HOLDING)


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
    if isinstance(token.value, dict):
        often = token.given(int)
        return Decimal(often) if often else None
    if token.tags & tagset("times pct"):
        return token.value.span.low.value if token.value.span else None
    return None if token.value is None else Decimal(token.value)


def said(t: Tagged, fact: str, value: Value | None, hit: Hit, unsure: str = "", weight: int = 0) -> Finding:
    """A finding that has been held against every guard."""
    return Finding(fact, value, hit.start, hit.end, guards.judge(t, fact, hit.i, hit.j) or unsure, weight)


def ruled(t: Tagged, found: Collection[Finding]) -> Iterator[Finding]:
    """What the rules find beside what was found already, the former first: no words give the same fact twice,
    or two ratios."""
    given = {one.fact for one in found}
    taken: dict[str, set[int]] = {}
    for one in found:
        taken.setdefault(_kind(one.fact), set()).update(t.between(one.start, one.end))
    for rule in _RULES:
        for hit in rule.find(t) if not (rule.otherwise and rule.fact in given) else ():
            used = taken.setdefault(_kind(rule.fact), set())
            if used.isdisjoint(range(hit.i, hit.j)):
                gives = [] if rule.skip else [*_judged(t, rule, hit)]
                if gives or rule.skip:
                    given.add(rule.fact)
                    used.update(range(hit.i, hit.j))
                yield from gives


def nets(t: Tagged, found: Collection[Finding]) -> Iterator[Finding]:
    """What is asked where nothing else gave the fact, in a text of a category that has it."""
    given, kinds = {one.fact for one in found}, {one.value for one in found if one.fact == "category"}
    given |= {"age_group"} if any(f.fact == "age_years" and not f.doubt for f in found) else set()
    kinds.update(*(FACTS[f.fact].categories for f in found if f.value and f.fact in tagset("of_one_kind")))
    for net in _NETS:
        own = FACTS[net.fact].categories
        hit = None if net.fact in given or (own and not own & kinds) else next(net.find(t), None)
        if hit and (values := net.told(hit)):
            given.add(net.fact)
            yield from (said(t, net.fact, value, hit, net.unsure) for value in values)


def _kind(fact: str) -> str:
    return "ratio" if fact.endswith("_ratio") else fact


def _judged(t: Tagged, one: Rule, hit: Hit) -> Iterator[Finding]:
    denied: bool | None = False
    reach = _REACH.get(one.fact, 8)
    if not one.anyway:
        denied = t.has_in(hit.i, hit.j, "no_such") or guards.denied(t, hit.i, hit.j, reach)
    if denied:
        if one.denied is not None:  # the words that it rests on are shown: "not" is one of them
            yield replace(said(t, one.fact, one.denied, hit), start=guards.with_its_no(t, hit.i, reach))
        return
    unsure = one.unsure or ("?happened" if denied is None else "")
    yield from (said(t, one.fact, value, hit, unsure, one.weight) for value in one.told(hit))


_RULES, _NETS = (
    [Rule(*row) for row in paragraphs(Path(__file__).with_name(name))] for name in ("rules.txt", "nets.txt")
)
