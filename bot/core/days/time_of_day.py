"""Times of day: the ways of writing one, and which it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from bot.core.days.numbers import NUMBER, whole

NO_TIME = "there is no such time"
WHICH_TIME = "at what time was it?"
WHICH_MIDNIGHT = "the midnight before that day, or the one after it?"

_NIGHT = (*range(6), *range(18, 24))
# The parts of a day that people say, with the hours that each may hold.
_HOURS = {
    **dict.fromkeys(("morning", "first thing", "am"), range(12)), "lunchtime": range(11, 15),
    **dict.fromkeys(("afternoon", "aft"), range(12, 19)), "pm": range(12, 24), "evening": range(16, 24),
    **dict.fromkeys(("night", "tonight"), _NIGHT), "overnight": (*range(9), *range(18, 24)),
}  # fmt: skip
PARTS = "morning|first thing|lunchtime|afternoon|aft|evening|night"
_PART_WORD = rf"\b(?:{PARTS}|tonight|overnight)\b"

_HALF = r"(?P<ap>[ap]\.?m\b\.?)"
# The first way that fits is meant.
_WAYS = (
    r"(?P<h>\d\d?)[:.](?P<mi>\d\d)(?::\d\d(?:[.,]\d{1,9})?(?P<zone>[+-]\d\d:?\d\d)?)?(?P<z>z)?"
    rf"(?:\s?{_HALF}|\s?(?:hrs?|hours?|h)\b)?",
    rf"(?P<h>\d\d?)(?P<mi>\d\d)\s?{_HALF}",
    rf"(?P<h>\d\d?)\s?{_HALF}",
    r"(?P<h>\d\d)(?P<mi>\d\d)\s?(?:hrs?|hours?|h)\b",
    r"(?P<h>\d\d?)h(?P<mi>\d\d)",
    r"(?:12\s?)?(?P<noon>noon|midday)\b",
    r"(?:12\s?)?(?P<midnight>midnight)\b",
)
# Times of day where no text stands around them.
BARE = (
    r"(?P<h>\d\d)(?P<mi>\d\d)",
    rf"(?P<past>half past|(?:a )?quarter (?:past|to)) (?P<hw>{NUMBER})(?:\s?{_HALF})?",
    rf"(?P<hw>{NUMBER}) ?o'?clock\b(?:\s?{_HALF})?",
    r"at (?P<h>\d\d?)\b",
)
# In a text four figures need a sign that they are one: a nought before them, or the end of the words.
BARE_IN_TEXT = r"0\d[0-5]\d\b|(?:1\d|2[0-3])[0-5]\d(?=\s?(?:[,;)]|\.(?!\d)|$))"


def unnamed(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def clock(name: str, *more: str) -> str:
    """The pattern of a time of day, as a group of that name."""
    ways = "|".join(map(unnamed, (*_WAYS, *more)))
    return rf"(?P<{name}>{ways})(?!\w|[.:]\d|\s?(?:[mµnuk]?(?:sv|gy|bq)\b|%|times\b|x\b))"


@dataclass(frozen=True)
class TimeOfDay:
    """`next_day` is for the midnight that ends a day; `year` for four figures that may as well be a year."""

    time: time | None = None
    doubt: str = ""
    next_day: bool = False
    year: bool = False
    zone: tzinfo | None = None


def part_of_day(words: str) -> str:
    found = re.search(_PART_WORD, words)
    return found[0] if found else ""


def read_clock(stretch: str, part: str, *, ahead: bool) -> TimeOfDay:
    """What a time of day that the grammar has found means; `part` is the part of the day that was said."""
    pieces = next(m for m in (re.fullmatch(way, stretch) for way in (*_WAYS, *BARE)) if m)
    groups = {name: value or "" for name, value in pieces.groupdict().items()}
    if groups.get("noon"):
        return TimeOfDay(time(12))
    said, minute = groups.get("h", ""), int(groups.get("mi") or 0)
    if groups.get("midnight") or (said == "24" and not minute):
        return TimeOfDay(time(0), next_day=True) if ahead else TimeOfDay(doubt=WHICH_MIDNIGHT)
    hour = int(said) if said else whole(groups["hw"]) or 0
    half = groups.get("ap", "")[:1]
    if minute > 59 or hour > (12 if half or not said else 23) or (half and not hour):
        return TimeOfDay(doubt=NO_TIME)
    if past := groups.get("past"):
        hour, minute = (hour - 1, 45) if past.endswith("to") else (hour, 30 if "half" in past else 15)
    if half:
        hour = hour % 12 + 12 * (half == "p")
    elif part in _HOURS:
        either = (hour,) if hour > 12 or said.startswith("0") else (hour % 12, hour % 12 + 12)
        fits = [one for one in either if one in _HOURS[part]]
        if len(fits) != 1:
            return TimeOfDay(doubt=WHICH_TIME)
        hour = fits[0]
    elif "mi" not in groups:  # "at 3", "three o'clock"
        return TimeOfDay(doubt=WHICH_TIME)
    offset = "+00:00" if groups.get("z") else groups.get("zone", "")
    zone = datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo if offset else None
    return TimeOfDay(time(hour, minute), year=bool(re.fullmatch(r"(?:19|20)\d\d", stretch)), zone=zone)
