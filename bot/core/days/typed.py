"""Days as people type them in answer to a question. A date that could mean two days is refused, never
guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.core.words.phrases import DAYS, MONTHS

WANTED = (
    "write a day such as yesterday, Monday, 3 November 2026 or 2026-11-03, with the time after it if known"
)
_MONTHS = {name.lower()[:n]: at for at, name in enumerate(MONTHS, 1) for n in (3, 4, len(name))}
_WORDS = {
    **dict.fromkeys(("today", "now", "tonight", "this morning", "this afternoon", "this evening"), 0),
    **dict.fromkeys(("yesterday", "last night"), 1),
    **dict.fromkeys(("the day before yesterday", "day before yesterday"), 2),
    "tomorrow": -1,  # a day that the rules refuse as what it is: in the future
}
_SMALL = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_SMALL |= {"a": 1, "an": 1}
_CLOCK = re.compile(r"[\s,T]+(?:at |around )?(\d{1,2})(?:(?:[:.](\d\d))\s*([ap]m)?|\s*([ap]m))$", re.I)
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_NUMERIC = re.compile(r"(\d\d?)[/.](\d\d?)[/.](\d{4}|\d\d)")
_NAMED = re.compile(r"(\d\d?)(?:st|nd|rd|th)?(?:\s+of)?\s+([a-z]{3,9})\.?(?:,?\s+(\d{4}))?")
_AMERICAN = re.compile(r"([a-z]{3,9})\.?\s+(\d\d?)(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")
_AGO = re.compile(r"(\d{1,3}|[a-z]+)\s+(day|week)s?\s+ago")
_WEEKDAY = re.compile(r"(?:last |on )?(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?")


def read_day(text: str, today: date) -> str:
    """The ISO date, or date-time without offset, that `text` means on `today`. Raises ValueError in one line.

    Without a year it is the last such day that has been; the future is left to the rules to refuse.
    """
    rest = " ".join(text.strip().lower().split()).rstrip(".")
    clock = _CLOCK.search(rest)
    found = _day(rest[: clock.start()] if clock else rest, today)
    if found is None:
        raise ValueError(f"not clear as a day: {WANTED}")
    return f"{found}T{_time(clock)}" if clock else found.isoformat()


def _day(text: str, today: date) -> date | None:
    text = re.sub(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,? (?=\d)", "", text)
    if text in _WORDS:
        return today - timedelta(days=_WORDS[text])
    if match := _ISO.fullmatch(text):
        return _date(*map(int, match.groups()))
    if match := _NUMERIC.fullmatch(text):
        number, month, year = map(int, match.groups())
        return _date(year + 2000 * (year < 100), month, number)
    if match := _AGO.fullmatch(text):
        count = int(match[1]) if match[1].isdecimal() else _SMALL.get(match[1])
        return None if count is None else today - timedelta(days=count * (7 if match[2] == "week" else 1))
    if match := _WEEKDAY.fullmatch(text):
        back = (today.weekday() - [name.lower() for name in DAYS].index(match[1][:3])) % 7
        if not back:
            raise ValueError("today, or a week ago? write today, or the date such as 2026-11-03")
        return today - timedelta(days=back)
    if (match := _NAMED.fullmatch(text)) and match[2] in _MONTHS:
        return _last(match[3], _MONTHS[match[2]], int(match[1]), today)
    if (match := _AMERICAN.fullmatch(text)) and match[1] in _MONTHS:
        return _last(match[3], _MONTHS[match[1]], int(match[2]), today)
    return None


def _last(year: str | None, month: int, number: int, today: date) -> date:
    if year:
        return _date(int(year), month, number)
    found = _date(today.year, month, number)
    return found if found <= today else _date(today.year - 1, month, number)


def _date(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError(f"there is no such day: {WANTED}") from None


def _time(clock: re.Match[str]) -> str:
    hour, minute, half = int(clock[1]), int(clock[2] or 0), (clock[3] or clock[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("there is no such time: write it as 14:05 or 2pm")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValueError("there is no such time: write it as 14:05 or 2pm")
    return f"{hour:02}:{minute:02}"
