"""Stretches of days as people name them: `2026`, `2025/26`, `2026 Q3`, `last month`, `last 90 days`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """Both ends are days of it."""

    since: date
    until: date


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?"
)
_UNITS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


def months(year: int, first: int, count: int) -> Period:
    """`count` months from the first of `first`, which may lie outside 1 to 12."""
    year, first = year + (first - 1) // 12, (first - 1) % 12 + 1
    end = first + count
    after = date(year + (end - 1) // 12, (end - 1) % 12 + 1, 1)
    return Period(date(year, first, 1), after - timedelta(days=1))


def leading_period(text: str, today: date) -> tuple[Period, str] | None:
    """The period that a text begins with, and what follows it; None where it begins with none."""
    for pattern, meant in _FORMS:
        match = pattern.match(text)
        if match and (found := meant(match, today)):
            return found, text[match.end() :].strip()
    return None


def _year(match: re.Match[str], _: date) -> Period | None:
    return months(int(match[1]), 1, 12)


def _financial(match: re.Match[str], _: date) -> Period | None:
    """From April to March; None where the second year does not follow the first, or it may be a month."""
    first, second = int(match[1]), int(match[3])
    if len(match[3]) > 2:  # 2025-2026 may be the number of a record
        return months(first, 4, 12) if second == first + 1 and match[2] == "/" else None
    month = match[2] == "-" and 1 <= second <= 12
    return months(first, 4, 12) if second == (first + 1) % 100 and not month else None


def _month(match: re.Match[str], _: date) -> Period | None:
    month = int(match[2])
    return months(int(match[1]), month, 1) if 1 <= month <= 12 else None


def _quarter(match: re.Match[str], _: date) -> Period | None:
    year, quarter = (match[1], match[2]) if match[1] else (match[4], match[3])
    return months(int(year), 3 * int(quarter) - 2, 3)


def _named_month(match: re.Match[str], today: date) -> Period | None:
    month = _MONTHS.index(match[1].lower()) + 1
    year = int(match[2]) if match[2] else today.year - (month > today.month)
    return months(year, month, 1)


def _this_or_last(match: re.Match[str], today: date) -> Period | None:
    back = match[1].lower() in ("last", "previous")
    match match[2].lower():
        case "week":
            monday = today - timedelta(days=today.weekday() + 7 * back)
            return Period(monday, monday + timedelta(days=6))
        case "month":
            return months(today.year, today.month - back, 1)
        case "quarter":
            return months(today.year, 3 * ((today.month - 1) // 3 - back) + 1, 3)
        case "financial year":
            return months(today.year - (today.month < 4) - back, 4, 12)
    return months(today.year - back, 1, 12)


def _last_so_many(match: re.Match[str], today: date) -> Period | None:
    count = int(match[1])
    unit = match[2].lower()
    if not count:
        return None
    if unit in _UNITS:
        return Period(today - timedelta(days=count * _UNITS[unit] - 1), today)
    back = count * _MONTHS_OF[unit]
    begin = months(today.year, today.month - back, 1)
    last = min(today.day, begin.until.day)
    return Period(begin.since.replace(day=last) + timedelta(days=1), today)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Period | None]], ...] = tuple(
    (re.compile(rf"(?:in |the )?{pattern}(?=$|[\s,;])", re.IGNORECASE), meant)
    for pattern, meant in (
        (r"(?:(?:fy|financial year)\s?)?((?:19|20)\d\d)\s?([/-])\s?((?:20)?\d\d)(?!\d|-)", _financial),
        (r"((?:19|20)\d\d)-(\d\d)", _month),
        (r"(?:((?:19|20)\d\d)[\s-]?q([1-4])|q([1-4])[\s,]{0,2}((?:19|20)\d\d))", _quarter),
        (rf"{_MONTH}(?:\s+((?:19|20)\d\d))?", _named_month),
        (r"(this|current|last|previous) (week|month|quarter|financial year|year)", _this_or_last),
        (r"(?:last|past) (\d{1,3}) (day|week|fortnight|month|quarter|year)s?", _last_so_many),
        (r"(?:(?:calendar )?year )?((?:19|20)\d\d)", _year),
    )
)
