"""One fact's value as it arrives, read and checked: a choice, a flag, a quantity, a date, or words.

Each refusal says what the fact wants, and never repeats what was given.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from rules.deadlines import uk_date
from rules.editions import NoEdition, edition_for
from rules.fact_model import Fact, Kind, Known
from rules.facts import DETAILS, FACTS, NO, YES
from rules.quantities import QuantityError, read
from rules.spans import Span


class Value(NamedTuple):
    """`stated` is the value as the record keeps it, in the unit of the table; taken again it gives the same.

    `known` is what the rows compare, `moment` a date or date-time; a detail has neither.
    """

    stated: object
    known: Known | None = None
    moment: datetime | date | None = None


def take(name: str, value: object, today: date) -> Value:
    """The value of the fact or detail of this name, which is not None. Raises ValueError."""
    if name in DETAILS:
        return Value(_detail(name, value))
    fact = FACTS[name]
    if fact.kind is Kind.DATE:
        moment = _moment(name, value, today)
        return Value(moment.isoformat(), moment=moment)
    if fact.kind is Kind.FLAG:
        if not isinstance(value, bool):
            raise ValueError(f"{name} wants true or false")
        return Value(value, frozenset({YES if value else NO}))
    if fact.kind is Kind.CHOICE:
        options = [answer.value for answer in fact.answers]
        if fact.many:
            return Value(_several(fact, value, options))
        if value not in options:
            raise ValueError(f"{name} wants one of: {', '.join(options)}")
        return Value(value, frozenset({str(value)}))
    return _number(fact, value)


def _several(fact: Fact, value: object, options: list[str]) -> list[str]:
    """Each once, in the order of the answers; one by itself is taken for a list of one."""
    given = value if isinstance(value, list) else [value]
    if any(one not in options for one in given):
        raise ValueError(f"{fact.name} wants a list of: {', '.join(options)}")
    return [option for option in options if option in given]


# "2 extra scans" are how many more, "3 in all" how many in all; "2 or more" and "more than 2" are limits.
_MORE = (
    r"(?i)(?<!or )(?<!and )\b(?:additional|extra|more(?! than)|further|repeat(?:s|ed)?|on top|again|others?)"
    r"(?!\w)"
)
_IN_ALL = r"(?i)\b(?:in (?:all|total)|total|altogether)(?!\w)"


def _counted(fact: Fact, value: str) -> str:
    """Without what says that so many more are counted, where that is asked. Raises ValueError where the text
    counts all in the place of those, or the other way round."""
    if fact.name in ("intended_images", "additional_images") and re.search(_IN_ALL, value):
        wanted = "were intended" if fact.name == "intended_images" else "more than intended"
        raise ValueError(f"{fact.name}: write how many {wanted}, not how many in all")
    if fact.name == "additional_images":
        return re.sub(_MORE, "", value)
    if re.search(_MORE, value):
        raise ValueError(f"{fact.name}: that is how many more: write how many in all, such as 3")
    return value


def _number(fact: Fact, value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError(f"{fact.name} wants a number, or limits such as {fact.example or '2-3'}")
    if fact.kind is Kind.COUNT and isinstance(value, str):
        value = _counted(fact, value)
    try:
        span = read(value, fact.unit or ("count" if fact.kind is Kind.COUNT else ""))
    except QuantityError as problem:
        raise ValueError(f"{fact.name}: {problem}") from None
    domain = fact.domain
    assert isinstance(domain, Span)
    if fact.kind is Kind.COUNT:
        span = span.whole()
    inside = span & domain
    if not inside:
        raise ValueError(f"{fact.name} wants {_limits(fact)}")
    unit = "" if fact.kind is Kind.COUNT else fact.unit
    kept = int(inside.low.value) if fact.kind is Kind.COUNT and inside.exact else inside.text(unit)
    return Value(kept, inside)


def _limits(fact: Fact) -> str:
    if fact.name == "prescribed_activity":
        return "an activity above 0 MBq"
    whole = "a whole number" if fact.kind is Kind.COUNT else "a number"
    return (
        f"{whole} from {fact.lowest} to {fact.highest}"
        if fact.highest
        else f"{whole} of at least {fact.lowest}"
    )


def _detail(name: str, value: object) -> object:
    allowed = DETAILS[name]
    values = value if isinstance(value, list) and name == "cause" else [value]
    for one in values:
        if not isinstance(one, str):
            raise ValueError(f"{name} wants words")
        if allowed and one.replace("_", " ") not in {a.replace("_", " ") for a in allowed}:
            raise ValueError(f"{name} wants one of: {', '.join(allowed)}")
    return value


def _moment(name: str, value: object, today: date) -> datetime | date:
    """An ISO date or date-time; one without an offset is UK time."""
    wanted = f"{name} wants a date such as 2026-11-03, or a date and time such as 2026-11-03T14:30"
    if not isinstance(value, str):
        raise ValueError(wanted)
    try:
        day: datetime | date = date.fromisoformat(value)
    except ValueError:
        try:
            day = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(wanted) from None
    try:
        here = uk_date(day) if isinstance(day, datetime) else day
    except OverflowError:  # its offset leads out of the calendar
        raise ValueError(wanted) from None
    if here > today:
        raise ValueError(f"{name} {day.isoformat()} is in the future: give the day on which it was")
    if name == "discovered_on":
        try:
            edition_for(here)
        except NoEdition as problem:
            raise ValueError(f"{day.isoformat()} is too early: {problem}") from None
    return day
