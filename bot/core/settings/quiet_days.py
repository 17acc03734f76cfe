"""Quiet days: days of the week, days of the year, and a nation's bank holidays."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from bot.core.days.calendar import YearDay, year_day
from bot.core.days.grammar import WEEKDAY, fold
from bot.core.refused import Refused
from bot.core.words.phrases import MONTHS, one_line
from rules.authorities import NATION_NAMES

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WANTED = (
    "quiet days are days such as sat-sun, 25 December, 24 December to 2 January, bank holidays in England,"
    " or none"
)
_LONGEST = timedelta(days=31)
_LONGEST_TEXT, _LONGEST_ITEM = 1000, 60
_TO = re.compile(r"\s*(?:-|\bto\b|\buntil\b|\btill\b)\s*")
_BANK = re.compile(r"(?:(?P<of>[a-z ]+?) )?(?:bank|public) holidays?(?: (?:in|of|for) (?P<nation>[a-z_ ]+))?")
_ADJECTIVES = {
    "english": "england",
    "welsh": "wales",
    "scottish": "scotland",
    "northern irish": "northern_ireland",
}
_BY_NAME = {name.lower(): nation for nation, name in NATION_NAMES.items()}
_CODES = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}


@dataclass(frozen=True)
class QuietDays:
    """`spans` hold their first and their last day, of one year or of every one; `nations` those whose bank
    holidays are quiet."""

    weekdays: frozenset[int] = frozenset()
    spans: tuple[tuple[YearDay, YearDay], ...] = ()
    nations: tuple[str, ...] = ()

    def __contains__(self, day: date) -> bool:
        return (
            day.weekday() in self.weekdays
            or any(_within(day, first, last) for first, last in self.spans)
            or any(day in _bank_holidays(nation) for nation in self.nations)
        )

    @property
    def words(self) -> list[str]:
        """As they are kept, and read again."""
        spans = [
            f"{_said(first)} to {_said(last)}" if first != last else _said(first)
            for first, last in self.spans
        ]
        nations = [f"bank holidays in {NATION_NAMES[nation]}" for nation in self.nations]
        return [*(WEEKDAYS[number] for number in sorted(self.weekdays)), *spans, *nations]


def read_quiet_days(text: str, nation: str = "") -> QuietDays:
    """`nation` is whose bank holidays are meant where none is named. Raises Refused."""
    if len(text) > _LONGEST_TEXT:
        raise Refused(f"that is too long: {WANTED}")
    found = QuietDays()
    for item in re.split(r"[,;\n]|\band\b", fold(text)):
        item = " ".join(item.split())
        if item not in ("", "none"):
            found = _with(found, item, nation)
    if len(found.weekdays) > 6:
        raise Refused("one day of the week must be left that is not quiet")
    return found


def kept_quiet_days(value: Any) -> QuietDays:
    """Of a setting as it is kept. Raises ValueError."""
    if isinstance(value, QuietDays):
        return value
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("no list of days")
    try:
        return read_quiet_days(", ".join(value))
    except Refused as refused:
        raise ValueError(str(refused)) from None


def _with(found: QuietDays, item: str, nation: str) -> QuietDays:
    if (weekdays := _weekdays(item)) is not None:
        return QuietDays(found.weekdays | weekdays, found.spans, found.nations)
    if bank := _BANK.fullmatch(item):
        named = bank["of"] or bank["nation"] or nation.replace("_", " ")
        whose = _ADJECTIVES.get(named) or _BY_NAME.get(named.removeprefix("the ").replace("_", " "))
        if whose is None:
            raise Refused(
                f"whose bank holidays? write bank holidays in one of: {', '.join(NATION_NAMES.values())}"
            )
        return QuietDays(found.weekdays, found.spans, tuple(dict.fromkeys((*found.nations, whose))))
    span = _span(item) if len(item) <= _LONGEST_ITEM else None
    if span is None:
        raise Refused(f"“{one_line(item, 30)}” is not a day or days: {WANTED}")
    return QuietDays(found.weekdays, (*found.spans, span), found.nations)


def _weekdays(item: str) -> frozenset[int] | None:
    """`sat-sun`, `saturday`, `sat sun`, `weekends`."""
    number = {day[:3]: at for at, day in enumerate(WEEKDAYS)}
    one = rf"{WEEKDAY}s?"
    if re.fullmatch(r"(?:the )?weekends?", item):
        return frozenset((5, 6))
    if ends := re.fullmatch(rf"({one})(?:{_TO.pattern})({one})", item):
        first, last = number[ends[1][:3]], number[ends[2][:3]]
        return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
    if re.fullmatch(rf"{one}(?: {one})*", item):
        return frozenset(number[word[:3]] for word in item.split())
    return None


def _span(item: str) -> tuple[YearDay, YearDay] | None:
    if whole := year_day(item):
        return whole, whole
    for cut in _TO.finditer(item):
        first, last = item[: cut.start()], item[cut.end() :]
        end = year_day(last)
        if end and re.fullmatch(r"\d\d?(?:st|nd|rd|th)?", first):  # "24-27 December"
            first = f"{first} {MONTHS[end.month - 1]} {end.year or ''}".strip()
        begin = year_day(fold(first))
        if begin and end:
            if begin.year is None and end.year:  # "24 December to 2 January 2027"
                begin = YearDay(
                    end.year - ((begin.month, begin.day) > (end.month, end.day)), begin.month, begin.day
                )
            if bool(begin.year) != bool(end.year) or not timedelta(0) <= _length(begin, end) < _LONGEST:
                raise Refused(f"from the first day to the last, at most {_LONGEST.days} days: {WANTED}")
            return begin, end
    return None


def _length(first: YearDay, last: YearDay) -> timedelta:
    year = first.year or 2024  # a leap year, where every day is there
    begin = date(year, first.month, first.day)
    end = date(last.year or year + ((last.month, last.day) < (first.month, first.day)), last.month, last.day)
    return end - begin


def _within(day: date, first: YearDay, last: YearDay) -> bool:
    if first.year and last.year:
        return (first.year, first.month, first.day) <= (day.year, day.month, day.day) <= last
    here, begin, end = (day.month, day.day), (first.month, first.day), (last.month, last.day)
    return begin <= here <= end if begin <= end else here >= begin or here <= end


def _said(day: YearDay) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}{f' {day.year}' if day.year else ''}"


@cache
def _bank_holidays(nation: str) -> Container[date]:
    from holidays import country_holidays  # 95 ms with its first day; only where it was set

    return country_holidays("GB", subdiv=_CODES[nation])
