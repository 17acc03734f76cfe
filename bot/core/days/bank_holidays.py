"""The bank holidays of each nation, by the rules that make them (Banking and Financial Dealings Act 1971,
and what is proclaimed each year). A day that is proclaimed once is added to `ONCE` when it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

SATURDAY, MONDAY = 5, 0
ONCE: dict[date, tuple[str, ...]] = {
    date(2026, 6, 15): ("scotland",),  # the men's World Cup
}


@cache
def bank_holidays(nation: str, year: int) -> frozenset[date]:
    """One that falls on a weekend, and the weekday that stands for it, are both among them."""
    easter = easter_sunday(year)
    movable = {easter - timedelta(2), _monday(year, 5, 1), _monday(year, 6, 1) - timedelta(7)}
    if nation == "scotland":
        movable.add(_monday(year, 8, 1))
    else:
        movable |= {easter + timedelta(1), _monday(year, 9, 1) - timedelta(7)}
    once = {day for day, nations in ONCE.items() if day.year == year and nation in nations}
    return frozenset(movable | once | set(_fixed(nation, year)))


def _fixed(nation: str, year: int) -> Iterator[date]:
    """Days of the year, and what stands for those on a weekend: the next weekday that is none yet."""
    groups = [[(1, 1)], [(12, 25), (12, 26)]]
    if nation == "scotland":
        groups = [[(1, 1), (1, 2)], [(11, 30)], [(12, 25), (12, 26)]]
    elif nation == "northern_ireland":
        groups += [[(3, 17)], [(7, 12)]]
    for group in groups:
        days = [date(year, month, day) for month, day in group]
        worked = {day for day in days if day.weekday() < SATURDAY}
        for day in set(days) - worked:
            while day.weekday() >= SATURDAY or day in worked:
                day += timedelta(1)
            worked.add(day)
        yield from (*days, *worked)


def _monday(year: int, month: int, day: int) -> date:
    """The first one from that day on."""
    from_it = date(year, month, day)
    return from_it + timedelta((MONDAY - from_it.weekday()) % 7)


def easter_sunday(year: int) -> date:
    """By Meeus, Jones and Butcher, as the table of the Calendar (New Style) Act 1750 has it."""
    century, in_century = divmod(year, 100)
    cycle = year % 19
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * cycle + century - century // 4 - correction + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - moon - in_century % 4) % 7
    late = (cycle + 11 * moon + 22 * to_sunday) // 451
    month, day = divmod(moon + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
