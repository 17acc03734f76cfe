"""Numbers that may be a fact of which another is told: then neither is certain, and both are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from itertools import chain, islice, product

from bot.core.reader.amounts import UNITS, in_unit
from bot.core.reader.doses import amount
from bot.core.reader.findings import Finding, Findings, Value
from bot.core.reader.matching import AT_MOST, many_of
from bot.core.reader.patterns import tagset
from bot.core.reader.roles import Placed, place
from bot.core.reader.tags import Tagged
from rules.quantities import Found
from rules.spans import plain


def contest(t: Tagged, found: Findings) -> None:
    """Takes certainty from what was told beside another number of its kind that no certain fact has taken."""
    sure = found.certain()
    anew = {hit.j - 1 for hit in t.find("@told_anew")}
    rivals = [*islice(chain(_with_unit(t, sure, anew), _without(t, found, sure, anew)), AT_MOST)]
    found.doubt(" ".join({rival.fact for rival in rivals}), "?rival")
    found.all += rivals


def _with_unit(t: Tagged, sure: Mapping[str, Finding], anew: Set[int]) -> Iterator[Finding]:
    taken = {k for one in sure.values() for k in t.between(one.start, one.end)}
    for base, unit in UNITS.items():
        own = [sure[fact] for fact in tagset(f"in_{base}") if fact in sure]
        if own and any(base in token.tags and i not in taken for i, token in enumerate(t.tokens)):
            placed = [p for p in place(t, base) if p.i not in taken and p.role not in tagset(f"aside_{base}")]
            for one, p in product(own, () if _parts(placed, own) else placed):
                # What is said to be meant is none of what else is told, unless that is told anew.
                if one.fact not in tagset("of_meant") or p.role == "intended" or p.i in anew:
                    span = p.found.span
                    yield Finding(one.fact, span and span.text(unit), p.found.start, p.found.end, "?rival")


def _parts(placed: Sequence[Placed], own: Iterable[Finding]) -> bool:
    """Are they what a certain amount is the sum of, or the difference between two?"""
    amounts = [Decimal(value[0]) for one in own if (value := str(one.value).split())[0].replace(".", "").isdecimal()]
    values = [value for value in map(amount, placed) if value is not None]
    apart = {a - b for a in amounts for b in (*amounts, 0)}
    return len(values) == len(placed) and (sum(values) in amounts or apart.issuperset(values))


def _without(
    t: Tagged, found: Findings, sure: Mapping[str, Finding], anew: Set[int]
) -> Iterator[Finding]:
    """A number without such a unit that nothing took, and that is told anew, or is no whole one."""
    own = [one for fact, one in sure.items() if fact in tagset("of_a_number")]
    used = {k for one in found.all for k in t.between(one.start, one.end)} if own else set()
    anew |= {hit.i for hit in t.find("@set_beside")}
    for i, token in enumerate(t.tokens if own else ()):
        number = many_of(token) if i not in used and token.tags & tagset("n pct times") else None
        if number is None or not (i in anew or number % 1) or t.starts("@of_what", i + 1) or t.before("place", i, 2):
            continue
        for one in own:
            near, value = t.tokens[t.at(one.start)].value, None
            if one.fact in tagset("all_ratios"):
                value = plain(number)
            elif "n" in token.tags:
                span = in_unit(str(number), near) if isinstance(near, Found) else None
                value = span.text(UNITS[near.base]) if span else int(number) if number % 1 == 0 else None
            if value is not None:
                yield Finding(one.fact, value, token.start, token.end, "?rival")
