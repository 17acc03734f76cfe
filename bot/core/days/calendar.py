"""Days of the calendar, with or without their year."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from bot.core.days import grammar
from bot.core.words.phrases import MONTHS

_MONTHS = {name.lower()[:3]: at for at, name in enumerate(MONTHS, 1)}
_HOLIDAYS = {
    ("christmas", "day"): (12, 25), ("xmas", "day"): (12, 25), ("christmas", "eve"): (12, 24),
    ("xmas", "eve"): (12, 24), ("boxing", "day"): (12, 26), ("boxing", "eve"): (12, 25),
    ("new", "day"): (1, 1), ("new", "eve"): (12, 31),
}  # fmt: skip


class YearDay(NamedTuple):
    """A day of one year, or of every year."""

    year: int | None
    month: int
    day: int


def stated(pieces: re.Match[str]) -> YearDay:
    """The day that one of the forms `absolute`, `short` and `holiday` states, whether or not there is one."""
    groups = {name: value for name, value in pieces.groupdict().items() if value}
    said = next((groups[name] for name in ("y", "yy", "yyy") if name in groups), "").strip("'")
    year = int(said) + 2000 * (len(said) == 2) if said else None
    if "of" in groups:
        return YearDay(year, *_HOLIDAYS[groups["of"].split()[0], groups["which"]])
    return YearDay(year, _MONTHS.get(groups["m"][:3]) or int(groups["m"]), int(groups["d"]))


def exists(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def year_day(words: str) -> YearDay | None:
    """The day that folded words are, with no time and no day of the week; None where they are none."""
    match = grammar.alone().fullmatch(words)
    form = grammar.form_of(match) if match else None
    if not match or not form or form[0] not in ("absolute", "short", "holiday"):
        return None
    groups, day = {**match.groupdict(), **form[1].groupdict()}, stated(form[1])
    if any(groups.get(name) for name in ("before", "after", "part", "wd")):
        return None
    return day if exists(day.year or 2024, day.month, day.day) else None  # 2024 has every day
