"""Until when a reminder is put off: an hour, or a day at the hour of reminders."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from bot.core.days.typed import read_day
from bot.core.refused import Refused
from bot.core.words.phrases import DAYS
from rules.deadlines import UK, uk_date

WANTED = "write until when, such as 2 hours, 14:30, tomorrow, Friday, 3 December or 2026-12-03"
_SPAN = re.compile(
    r"(?:in |for )?(\d{1,3}|an?|one|two|three|four|six|eight)\s*(h|hours?|days?|weeks?)\b", re.I
)
_CLOCK = re.compile(r"(?:at )?(\d{1,2}):(\d\d)\b")
_WEEKDAY = r"(?:next )?(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_WORD = re.compile(rf"(?:until |till |to )?(today|tomorrow|{_WEEKDAY})\b", re.I)
_DATE = re.compile(
    r"(?:until |till |to )?(\d{4}-\d\d?-\d\d?|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9}(?: \d{4})?)\b"
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8}


def read_until(text: str, now: datetime, hour: time) -> tuple[datetime, str]:
    """The moment, and what follows it: the reason. Raises Refused."""
    text = " ".join(text.split())
    if found := _SPAN.match(text):
        count = int(found[1]) if found[1].isdecimal() else _NUMBERS[found[1].lower()]
        unit, rest = found[2].lower(), text[found.end() :]
        if unit.startswith("h"):
            return now.astimezone(UTC) + timedelta(hours=count), _reason(rest)  # of hours that pass
        on = uk_date(now) + timedelta(days=count * (7 if unit.startswith("w") else 1))
        return datetime.combine(on, hour, UK), _reason(rest)
    if found := _CLOCK.match(text):
        return _at(now, found), _reason(text[found.end() :])
    if found := _WORD.match(text) or _DATE.match(text):
        on = _day(found[1].lower(), now)
        rest = text[found.end() :].strip()
        clock = _CLOCK.match(rest)
        at = _time(clock) if clock else hour
        return datetime.combine(on, at, UK), _reason(rest[clock.end() :] if clock else rest)
    raise Refused(WANTED)


def _reason(rest: str) -> str:
    return re.sub(r"^[\s,:;–-]*(?:because )?", "", rest).strip()


def _at(now: datetime, clock: re.Match[str]) -> datetime:
    until = datetime.combine(uk_date(now), _time(clock), UK)
    return until if until > now else until + timedelta(days=1)


def _time(clock: re.Match[str]) -> time:
    if int(clock[1]) > 23 or int(clock[2]) > 59:
        raise Refused("there is no such time: write it as 14:30")
    return time(int(clock[1]), int(clock[2]))


def _day(word: str, now: datetime) -> date:
    today = uk_date(now)
    if word in ("today", "tomorrow"):
        return today + timedelta(days=word == "tomorrow")
    name = word.removeprefix("next ")[:3]
    names = [one.lower() for one in DAYS]
    if name in names:
        return today + timedelta(days=(names.index(name) - today.weekday()) % 7 or 7)
    try:
        found = date.fromisoformat(read_day(word, today)[:10])
    except ValueError:
        raise Refused(WANTED) from None
    if found < today and not re.search(r"\d{4}", word):  # a day without a year is one to come
        ahead = 1 + (found.month == 2 and found.day == 29) * 3
        found = found.replace(year=found.year + ahead)
    return found
