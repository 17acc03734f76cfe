"""What day and hour a phrase of the grammar means, seen from a moment and in a direction.

Seen backwards a weekday is the last one and a day without its year the last such day; seen ahead it is the
next. Whatever could be two days is in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from bot.core.days import grammar
from bot.core.days.calendar import exists, stated
from bot.core.days.lengths import count_of, days_in, hours_of
from bot.core.days.time_of_day import TimeOfDay, part_of_day, read_clock
from bot.core.words.phrases import DAYS
from rules.deadlines import UK

NO_DAY = "there is no such day"
WHICH_DAY = "which day was that?"
WHICH_YEAR = "which year was that?"
WHICH_MONTH = "the day of which month?"
NIGHT = "was that before midnight, or after?"
WHICH_NIGHT = "the night that began on that day, or the one that ended on it?"
NOT_THAT_NIGHT = "there was no such time that night: the clocks changed"
WRONG_WEEKDAY = "the day of the week does not fit the date"
_NIGHT_ENDS = 7  # o'clock
_UNSAID_YEAR = timedelta(days=180)
_CLOCKS_DIFFER = timedelta(minutes=30)
_WEEKDAYS = tuple(name.lower() for name in DAYS)
# Where people say a part of the day and no hour.
PART_HOURS = {
    "lunchtime": time(12), **dict.fromkeys(("afternoon", "aft", "pm"), time(14)), "evening": time(18),
    **dict.fromkeys(("night", "tonight", "overnight"), time(21)),
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """From where days are seen: `now` with its offset; `ahead` for days to come; `alone` where the words are
    nothing but a day, and no text around it."""

    now: datetime
    ahead: bool = False
    alone: bool = True

    @cached_property
    def local(self) -> datetime:
        """The wall clock in the UK."""
        return self.now.astimezone(UK).replace(tzinfo=None)

    @property
    def today(self) -> date:
        return self.local.date()


@dataclass(frozen=True)
class Meaning:
    """`doubt` says why it is not sure, as a question or a line. `at` is the very moment, where hours were
    counted; `part` the part of the day that was said; `form` the way of writing, by its name."""

    day: date | None = None
    doubt: str = ""
    time: time | None = None
    part: str = ""
    at: datetime | None = None
    form: str = ""

    @property
    def value(self) -> str:
        """As the facts have it: an ISO date, or a UK date-time without offset."""
        return "" if self.day is None else f"{self.day}T{self.time:%H:%M}" if self.time else f"{self.day}"


def meaning(match: re.Match[str], seen: Seen) -> Meaning:
    """Of a phrase that `grammar.alone` or `grammar.in_text` has found."""
    found, groups = grammar.form_of(match), match.groupdict()
    part = part_of_day(match[0]) or (groups.get("part") or groups.get("clock_part") or "").strip(" ").replace(
        ".", ""
    )
    stretch = next((groups[name] for name in ("before", "after", "clock") if groups.get(name)), "")
    clock = read_clock(stretch, part, ahead=seen.ahead) if stretch else TimeOfDay()
    told = _MEANINGS[found[0]](found[1], seen, clock.time) if found else _clock_alone(clock, seen)
    told = replace(told, part=part, time=clock.time, doubt=told.doubt or clock.doubt)
    if found:
        told = replace(told, form="absolute" if found[1].groupdict().get("wd") else found[0])
    if clock.next_day and told.day:
        told = replace(told, day=told.day + timedelta(days=1))
    if clock.zone and told.day and told.time:
        here = datetime.combine(told.day, told.time, clock.zone).astimezone(UK)
        told = replace(told, day=here.date(), time=here.time())
    if clock.year and groups.get("before"):  # "2026 November 3"
        told = replace(told, doubt=WHICH_DAY)
    if part == "night" and told.form != "last_night" and clock.time and clock.time.hour < _NIGHT_ENDS:
        told = replace(told, doubt=told.doubt or WHICH_NIGHT)
    return replace(told, doubt=told.doubt or _gap(told))


def _gap(told: Meaning) -> str:
    """A time that no clock showed: in the hour that the clocks leave out in March."""
    if told.day is None or told.time is None:
        return ""
    local = datetime.combine(told.day, told.time, UK)
    return "" if local.astimezone(UTC).astimezone(UK).time() == told.time else NOT_THAT_NIGHT


def _clock_alone(clock: TimeOfDay, seen: Seen) -> Meaning:
    """Ahead the next such time; seen backwards today's, or yesterday's where that has not been yet."""
    if clock.time is None:
        return Meaning(doubt=clock.doubt)
    if clock.next_day:  # of a midnight to come
        return Meaning(seen.today)
    if clock.year and not seen.ahead:
        return Meaning(doubt=WHICH_DAY)
    at = datetime.combine(seen.today, clock.time, UK)
    if seen.ahead:
        return Meaning(seen.today + timedelta(days=at.replace(fold=1).astimezone(UTC) <= seen.now))
    return Meaning(seen.today - timedelta(days=at.astimezone(UTC) > seen.now + _CLOCKS_DIFFER))


# What each form means. `clock` is the time of day that stands with it.

Read = Callable[[re.Match[str], Seen, time | None], Meaning]


def _one(match: re.Match[str], name: str) -> str:
    """The group of that name, or of one of its numbered twins."""
    found = match.groupdict()
    return next((found[one] for one in (name, f"{name}2", f"{name}3", f"{name}4") if found.get(one)), "")


def _dated(match: re.Match[str], seen: Seen, _: time | None) -> Meaning:
    year, month, number = stated(match)
    there = exists(year, month, number) if year else _nearest(month, number, seen)
    if there is None:
        return Meaning(doubt=NO_DAY)
    if not year and abs(there - seen.today) > _UNSAID_YEAR:
        return Meaning(there, "that day has passed this year" if seen.ahead else WHICH_YEAR)
    weekday = match.groupdict().get("wd")
    if weekday and not weekday.startswith(_WEEKDAYS[there.weekday()]):
        return Meaning(there, WRONG_WEEKDAY)
    return Meaning(there)


def _nearest(month: int, number: int, seen: Seen) -> date | None:
    """The last such day, or ahead the next; a 29 February may be eight years off."""
    for step in range(9):
        there = exists(seen.today.year + (step if seen.ahead else -step), month, number)
        if there and (there >= seen.today if seen.ahead else there <= seen.today):
            return there
    return None


def _from_today(match: re.Match[str], seen: Seen, _: time | None) -> Meaning:
    days = 1 if match["one"] else 2
    ahead = match[0].startswith("tomo") or match[0].endswith("tomorrow")
    return Meaning(seen.today + timedelta(days=days if ahead else -days))


def _today(match: re.Match[str], seen: Seen, clock: time | None) -> Meaning:
    late, night = match.groupdict().get("late"), seen.local.hour < _NIGHT_ENDS
    if late and night and not seen.ahead:
        return _last_night(None, seen, clock)
    # "Tonight at 2am", said in the evening.
    after_midnight = late and seen.ahead and not night and clock is not None and clock.hour < _NIGHT_ENDS
    return Meaning(seen.today + timedelta(days=bool(after_midnight)))


def _last_night(match: re.Match[str] | None, seen: Seen, clock: time | None) -> Meaning:
    """Before midnight or after it: told by the clock, else taken for the evening once the night is over."""
    yesterday = seen.today - timedelta(days=1)
    if clock:
        return Meaning(yesterday if clock >= time(12) else seen.today)
    night = seen.local.hour < _NIGHT_ENDS or (match is not None and bool(match["over"]))
    return Meaning(yesterday, NIGHT if night else "")


def _ago(match: re.Match[str], seen: Seen, _: time | None) -> Meaning:
    groups = match.groupdict()
    if groups.get("n2"):
        return Meaning(doubt="when was it?")
    hours = hours_of(match["unit"])
    if match["few"] or (match["two"] and not hours):
        return Meaning(doubt=WHICH_DAY)
    told = _counted(match, seen, -1)
    exact = hours or match["unit"][0] == "d" or seen.alone or groups.get("today")
    return told if exact else replace(told, doubt=told.doubt or WHICH_DAY)


def _span(match: re.Match[str], seen: Seen, _: time | None) -> Meaning:
    if match["few"]:
        return Meaning(doubt="how long is that?")
    return _counted(match, seen, 1 if seen.ahead or match["ahead"] or match["ahead2"] else -1)


def _counted(match: re.Match[str], seen: Seen, sign: int) -> Meaning:
    """So many minutes, hours, days, weeks from now. Hours are hours that pass, whatever the clocks do."""
    if match["unit"] == "h" and 12 < count_of(match) < 24:  # "15h"
        return Meaning(doubt="is that a time, or so many hours?")
    if hours := hours_of(match["unit"]):
        at = seen.now.astimezone(UTC) + sign * timedelta(hours=count_of(match) * hours)
        return Meaning(at.astimezone(UK).date(), at=at)
    if match["unit"].startswith("mo") and count_of(match).is_integer():
        return Meaning(_months(seen.today, sign * int(count_of(match))))
    try:
        return Meaning(seen.today + timedelta(days=sign * days_in(match)))
    except ValueError:
        return Meaning(doubt="how many days is that?")


def _months(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return next(d for n in range(today.day, 0, -1) if (d := exists(year, month + 1, n)))


def _weekday(match: re.Match[str], seen: Seen, clock: time | None) -> Meaning:
    number, which = _WEEKDAYS.index(match["wd"][:3]), match["which"] or ""
    ahead = (number - seen.today.weekday()) % 7
    last = which in ("last", "past", "this past")
    if which in ("next", "coming", "this coming") or (seen.ahead and not last):
        later = clock and datetime.combine(seen.today, clock) > seen.local and which != "next"
        return Meaning(seen.today + timedelta(days=ahead or (0 if later else 7)))
    if ahead == 0 and not last:
        return Meaning(doubt="today, or a week ago?")
    day = seen.today - timedelta(days=7 - ahead)
    if which == "this" and number > seen.today.weekday():
        return Meaning(day, WHICH_DAY)
    # "Last Monday" on a Thursday: this week's, or the week's before?
    unclear = which == "last" and number < seen.today.weekday()
    return Meaning(day, "this week's, or the week's before?" if unclear else "")


def _week_day(match: re.Match[str], seen: Seen, _: time | None) -> Meaning:
    number = _WEEKDAYS.index(_one(match, "wd")[:3])
    monday = seen.today - timedelta(days=seen.today.weekday())
    if which := _one(match, "which"):
        return Meaning(monday + timedelta(days=number + (7 if which == "next" else -7)))
    if seen.ahead:  # "Friday week"
        return Meaning(seen.today + timedelta(days=7 + ((number - seen.today.weekday()) % 7 or 7)))
    return Meaning(monday + timedelta(days=number - 7), WHICH_DAY)


def _days_from(seen: Seen, most: int) -> Iterator[date]:
    return (seen.today + timedelta(days=n if seen.ahead else -n) for n in range(most))


def _dated_day(match: re.Match[str], seen: Seen, _: time | None) -> Meaning:
    """The last Friday that was an 8th, where that is not long ago."""
    wanted = (int(match["d"]), _WEEKDAYS.index(match["wd"][:3]))
    for day in _days_from(seen, _UNSAID_YEAR.days):
        if (day.day, day.weekday()) == wanted:
            return Meaning(day, "" if abs(day - seen.today).days < 62 else WHICH_MONTH)
    return Meaning(doubt=WHICH_MONTH)


def _ordinal(match: re.Match[str], seen: Seen, _: time | None) -> Meaning:
    there = next((day for day in _days_from(seen, 63) if day.day == int(match["d"])), None)
    return Meaning(there, "" if seen.ahead else WHICH_MONTH)


def _short(match: re.Match[str], seen: Seen, clock: time | None) -> Meaning:
    told = _dated(match, seen, clock)
    if seen.ahead and match.groupdict().get("dot") == "." and not match["wd"] and int(match["d"]) < 24:
        return Meaning(told.day, "is that a day or a time?")
    return told


def _same(*_: object) -> Meaning:
    return Meaning()


def _vague(match: re.Match[str], seen: Seen, _: time | None) -> Meaning:
    if seen.ahead and match[0] == "at the weekend":
        return _to_come(match, seen, _)
    return Meaning(doubt=WHICH_DAY)


def _to_come(match: re.Match[str], seen: Seen, _: time | None) -> Meaning:
    if not seen.ahead and not match[0].startswith("next"):
        return Meaning(doubt=WHICH_DAY)
    what = match.groupdict().get("what")
    if what == "month":
        return Meaning(_months(seen.today.replace(day=1), 1))
    monday = seen.today + timedelta(days=7 - seen.today.weekday())
    return Meaning(monday if what else monday - timedelta(days=2))


_MEANINGS: dict[str, Read] = {
    "absolute": _dated, "holiday": _dated, "from_today": _from_today, "last_night": _last_night,
    "same_day": _same, "today": _today, "ago": _ago, "span": _span, "week_day": _week_day,
    "dated_day": _dated_day, "weekday": _weekday, "vague": _vague, "to_come": _to_come, "ordinal": _ordinal,
    "short": _short,
}  # fmt: skip
