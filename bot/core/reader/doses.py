"""Effective doses, foetal and infant doses, activities: each quantity with the fact that it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

import bot.core.reader.guards as guards
from bot.core.reader.amounts import UNITS, span_of
from bot.core.reader.findings import Finding
from bot.core.reader.roles import Placed, place, versus
from bot.core.reader.tags import Tagged
from rules.quantities import Found
from rules.spans import exactly

WRONG_PART = "wrong (side | part | site)"


def effective_doses(t: Tagged) -> Iterator[Finding]:
    """Total and intended dose, and the infant's, out of every quantity in sievert."""
    placed = place(t, "Sv")
    own = [one for one in placed if one.role not in ("aside", "organ")]
    for one in own:
        if one.role == "infant":
            yield (dose := quantity_finding(t, "infant_dose", one))
            if (one.found.span and one.found.span.positive) or dose.doubt:
                yield Finding("breastfed_infant_exposed", True, dose.start, dose.end, dose.doubt)
        elif one.role == "foetal":
            yield Finding("foetal_dose", None, one.found.start, one.found.end, "?foetal_in_mgy")
        else:
            fact, doubt, weight = _meaning(t, own, one)
            yield quantity_finding(t, fact, one, doubt, weight)
            if doubt == "?which_dose":
                other = "intended_dose" if fact == "total_dose" else "total_dose"
                yield quantity_finding(t, other, one, doubt)
    yield from _sums(t, own)


def _sums(t: Tagged, own: Sequence[Placed]) -> Iterator[Finding]:
    """Of exposures told one by one the total is the sum, and one of them was perhaps intended."""
    if not own or any(p.role in ("intended", "total") or p.compared or p.found.about for p in own):
        return
    values = [value for one in own if (value := amount(one)) is not None]
    each = own[0].role == "each" or t.starts("each", own[0].i + 1)
    if len(values) == 1 and (each or t.first("@repeats") or t.first(WRONG_PART)):
        values *= 2
    if len(values) > 1 and not any(versus(t, a, b) for a, b in pairwise(own)):
        start, end = own[0].found.start, own[-1].found.end
        total, first = (exactly(value).text("mSv") for value in (sum(values, Decimal(0)), values[0]))
        yield Finding("total_dose", total, start, end, "?sum", -1)
        yield Finding("intended_dose", first, start, end, "?one_intended", -1)


def amount(one: Placed) -> Decimal | None:
    """What a dose says, be it refused because of what stands beside it: "10.5 mSv each", "0.7 + 0.7 mSv"."""
    span = one.found.span or span_of(one.found.text, one.found.base)
    return span.low.value if span and span.exact else None


def _meaning(t: Tagged, own: Sequence[Placed], one: Placed) -> tuple[str, str, int]:
    """The fact that a dose gives, why that is in doubt, and the finding's weight."""
    others = [p for p in own if p is not one]
    given = ("received", "made", "extra", "each")
    more = sum(p.role in given for p in own) > 1
    intended_given = any(p.role == "intended" and not p.parted for p in others)
    repeats = t.first("@repeats") is not None
    if one.role in ("extra", "each", "other_person"):  # each by itself is not the total
        return "total_dose", f"?{one.role}", -1
    if one.role == "intended":
        return "intended_dose", "?which_dose" if one.parted else "", 0
    if one.role == "total":
        return "total_dose", "?chance" if one.parted else "", 2
    if one.role == "received":
        if (one.compared or intended_given) and not more:
            return "total_dose", "?which_dose" if one.parted and not intended_given else "", 1
        return "total_dose", "?chance" if more or one.distant or repeats else "", 0
    if one.role == "made":
        loose = others or one.parted or t.first(WRONG_PART)
        return "total_dose", "?chance" if repeats or (loose and not intended_given) else "", 0
    first, last = own[0].i + 1, own[-1].i
    # Such as "dose 25 mSv, intended 10 mSv" or "12 mSv (1 mSv planned)".
    named = t.before("@dose_is", one.i, 6) or (one is own[0] and t.only(first, last, "of_pairs"))
    if len(own) == 2 and intended_given and not repeats and named and not t.has_in(first, last, "end"):
        return "total_dose", "", 0
    against = any(versus(t, a, b) for a, b in pairwise(own) if one in (a, b))
    return "total_dose", "?which_dose" if against else "?chance", -1


def quantity_finding(t: Tagged, fact: str, one: Placed, doubt: str = "", weight: int = 0) -> Finding:
    quantity = one.found
    value = None if quantity.span is None else quantity.span.text(UNITS[quantity.base])
    why = quantity.refusal or not_a_limit(quantity) or guards.judge(t, fact, one.i, one.i + 1) or doubt
    return Finding(fact, value, quantity.start, quantity.end, why, weight)


def not_a_limit(quantity: Found) -> str:
    return f"“{quantity.text}” is not a limit: is it between two values?" if quantity.about else ""


def foetal_doses(t: Tagged) -> Iterator[Finding]:
    for one in place(t, "Gy"):
        if one.role == "foetal":
            yield quantity_finding(t, "foetal_dose", one, "?uterus" * (t.has("uterus") > t.has("foetal")))


def activities(t: Tagged) -> Iterator[Finding]:
    placed = [one for one in place(t, "Bq") if one.role not in ("foetal", "infant", "organ", "aside")]
    for one in placed:
        if one.role == "intended":
            yield quantity_finding(t, "prescribed_activity", one, "?which_activity" if one.parted else "")
        if one.role != "intended" or one.parted:
            doubt = "" if not one.parted and _delivered(t, one, placed) else "?which_activity"
            yield quantity_finding(t, "delivered_activity", one, doubt, -(one.role == "intended"))
    against = any(versus(t, a, b) for a, b in pairwise(placed))
    if (against or t.has("changed")) and not any(one.role == "intended" for one in placed):
        yield from (quantity_finding(t, "prescribed_activity", one, "?which_activity", -1) for one in placed)
    if t.first("as_meant") and len(placed) == 1:
        exactly_so = t.starts("got|injected? as_meant", placed[0].i + 1)
        told = exactly_so and "prescribed" in t.words(exactly_so.i, exactly_so.j)
        yield quantity_finding(t, "prescribed_activity", placed[0], "" if told else "?which_activity")


def _delivered(t: Tagged, one: Placed, placed: list[Placed]) -> bool:
    """Is that what the person got, and all of it?"""
    more_or_less = t.first("pct high|low|more_than|less_than|extra")
    doubtful = t.first("@repeats") or (more_or_less and len(placed) == 1)
    if one.compared or (one.role in ("received", "total") and not doubtful):
        return not t.has("vomit")
    # Its clause says it was given: "400 MBq FDG given to the wrong patient".
    after = t.starts("~8 got|injected|made !not", one.i + 1)
    clear = after and not t.has_in(one.i, after.j, "not", "meant", "instead")
    given = clear or t.before("(injected|got|had) ~4", one.i, 8)
    return bool(one.role in ("made", "none") and not (doubtful or more_or_less) and given)
