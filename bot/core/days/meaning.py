"""What day each stretch of a text means that the date grammar has cut out.

dateparser sees only a stretch that this grammar has cut out; left to search a sentence it makes dates of
doses, ages and the verb "may". Whatever could be two days is in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from bot.core.days.grammar import ANY_DAY, CLOCK, GRAMMAR, LISTED, TO_COME
from bot.core.days.numbers import NUMBER, whole

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AROUND = re.compile(r"\b(?:around|about|approx|approximately|circa)\b|~")
_MORE_TIMES = re.compile(r"\s*(?:and|&|-|to|or)\s*(?:at\s*)?\d{1,2}(?:[:.]\d\d|\s?[ap]m)")
_AT_MOST = 30
_NIGHT_ENDS = 7  # o'clock
_UNSAID_YEAR = timedelta(days=180)


@dataclass(frozen=True)
class Moment:
    """A day in a text. `day` is None where it cannot be told; `time` is empty unless a clock time was
    given."""

    start: int
    end: int
    day: date | None
    time: str = ""
    doubt: str = ""

    @property
    def value(self) -> str | None:
        return None if self.day is None else f"{self.day}T{self.time}" if self.time else self.day.isoformat()


def moments(low: str, now: datetime) -> list[Moment]:
    """Every day that a lower-case text names; `now` is UK local time without offset."""
    found: list[Moment] = []
    for match in islice(GRAMMAR.finditer(low), _AT_MOST):
        kind = next(name for name in _MEANINGS if match[name])
        time = _clock(match, "1") or _clock(match, "2")
        day, doubt = _MEANINGS[kind](match, now, time)
        if kind == "same_day":
            day = found[-1].day if found else None
        if LISTED.search(low[max(0, match.start() - 40) : match.start()]) or TO_COME.match(low, match.end()):
            doubt = doubt or "more than one day is named"
        if low[match.end() :].startswith("'s"):
            doubt = doubt or "which day was that?"
        around = _AROUND.search(low, max(0, match.start() - 12), match.end())
        if around and time:
            time = ""
        elif around and day:
            doubt = doubt or "which day was that exactly?"
        if time and _MORE_TIMES.match(low, match.end()):
            doubt = doubt or "more than one time is named"
        if day and not doubt and _after(day, time, now):
            day, doubt = None, "that day has not been yet: when was it?"
        if doubt == NO_DATE:
            continue
        found.append(Moment(*match.span(), day, time, doubt))
    return found


def clock_times(low: str) -> list[str]:
    """The clock times that stand apart from the day they belong to: "at 14:05"."""
    return [time for match in CLOCK.finditer(low) if (time := _clock(match, "3"))]


def _after(day: date, time: str, now: datetime) -> bool:
    return (f"{day}T{time}" > f"{now:%Y-%m-%dT%H:%M}") if time else day > now.date()


def _clock(match: re.Match[str], n: str) -> str:
    groups = match.groupdict()
    if groups.get(f"noon{n}"):
        return "12:00"
    if groups.get(f"midnight{n}"):
        return ""
    hour = groups.get(f"h{n}") or groups.get(f"h{n}x") or groups.get(f"h{n}y") or groups.get(f"h{n}z")
    if hour is None:
        return ""
    minute = groups.get(f"m{n}") or groups.get(f"m{n}y") or groups.get(f"m{n}z") or "0"
    half, number = groups.get(f"ap{n}") or groups.get(f"ap{n}x") or "", int(hour)
    if half and 1 <= number <= 12:
        number = number % 12 + (12 if half[0] == "p" else 0)
    return f"{number:02}:{int(minute):02}"


NO_DATE = "no date"
Meaning = tuple[date | None, str]


@lru_cache(maxsize=512)
def parse_phrase(phrase: str, today: date) -> date | None:
    """dateparser's reading of one phrase that is a date and nothing else, seen from the noon of `today`."""
    # Slow to import, and most messages name no date.
    from dateparser.date import DateDataParser

    settings = {
        "PREFER_DATES_FROM": "past",
        "DATE_ORDER": "DMY",
        "RELATIVE_BASE": datetime(today.year, today.month, today.day, 12),  # noqa: DTZ001
        "RETURN_AS_TIMEZONE_AWARE": False,
        "STRICT_PARSING": False,
    }
    parsed = DateDataParser(languages=["en"], settings=settings).get_date_data(phrase).date_obj
    return None if parsed is None else parsed.date()


def _absolute(match: re.Match[str], now: datetime, _: str) -> Meaning:
    groups = match.groupdict()
    phrase = groups["iso"] or groups["numeric"] or groups["named"] or groups["american"]
    years = ("yeara", "yearaz", "yearb", "yearbz", "yearc", "yearcz")
    year = next((groups[name] for name in years if groups[name]), "").strip("'")
    if groups["holiday"]:
        phrase = _HOLIDAYS[groups["holiday"].replace("'", "").replace("xmas", "christmas")]
    if groups["numeric"]:
        day, month, short = re.split(r"[/.-]", phrase)
        phrase = f"{int(day)}/{int(month)}/{short if len(short) == 4 else '20' + short}"
    elif year:
        phrase = f"{phrase} {year if len(year) == 4 else '20' + year}"
    parsed = parse_phrase(phrase.replace("-", " ") if groups["named"] else phrase, now.date())
    if parsed is None or not _same_day(phrase, parsed):
        return None, "there is no such day: when was it?"
    if parsed.year < 2000 or (
        (weekday := re.match(ANY_DAY, match[0].lstrip()))
        and not weekday[0].startswith(_WEEKDAYS[parsed.weekday()])
    ):
        return parsed, "the day of the week does not fit the date"
    if not (groups["iso"] or groups["numeric"] or year) and now.date() - parsed > _UNSAID_YEAR:
        return parsed, "which year was that?"
    return parsed, ""


_HOLIDAYS = {
    "christmas eve": "24 december", "christmas day": "25 december", "boxing day": "26 december",
    "new years eve": "31 december", "new years day": "1 january",
}  # fmt: skip


def _same_day(phrase: str, parsed: date) -> bool:
    """dateparser turns a 31 April into another day rather than refuse it."""
    numbers = [int(number) for number in re.findall(r"\d+", phrase)]
    return parsed.day in numbers


def _back(match: re.Match[str], now: datetime, time: str) -> Meaning:
    if match["before_yesterday"]:
        return parse_phrase("day before yesterday", now.date()), ""
    if (
        match["today"]
        and now.hour < _NIGHT_ENDS
        and re.match(r"tonight|this (?:evening|afternoon)", match["today"])
    ):
        return _last_night(match, now, time)
    return parse_phrase("yesterday" if match["yesterday"] else "today", now.date()), ""


def _last_night(match: re.Match[str], now: datetime, time: str) -> Meaning:
    """Before midnight or after it: told by the clock, else taken for the evening once the night is over."""
    today, yesterday = now.date(), now.date() - timedelta(days=1)
    if time:
        return (yesterday if time >= "12:00" else today), ""
    night = now.hour < _NIGHT_ENDS or match["last_night"] == "overnight"
    return yesterday, "was that before midnight, or after?" if night else ""


def _ago(match: re.Match[str], now: datetime, _: str) -> Meaning:
    phrase = match["ago"].removesuffix(" today")
    if "few" in phrase or not re.search(r"\b(?:min|hour|hr|day|week|wk|fortnight|month)", phrase):
        return None, "when was it?"
    if re.search(r"\b(?:min|hour|hr)", phrase):
        return _hours_ago(phrase, now), ""
    phrase = (
        phrase.replace("wk", "week")
        .replace("couple of ", "2 ")
        .replace("a 2", "2")
        .replace("an 2", "2")
        .replace("fortnights", "fortnight")
    )
    if re.search(r"(?:a|one|1) fortnight", phrase) or phrase.startswith("fortnight"):
        phrase = "2 weeks ago"
    day = parse_phrase(phrase, now.date())
    if match["ago"].endswith(" today"):
        return day, ""
    return day, "which day was that?" if not phrase.endswith(("day ago", "days ago")) or "couple" in match[
        "ago"
    ] else ""


def _hours_ago(phrase: str, now: datetime) -> date | None:
    if "half an hour" in phrase:
        return (now - timedelta(minutes=30)).date()
    head = re.match(rf"(?:(an?)\b|({NUMBER}))", phrase)
    count = 1 if head and head[1] else whole(head[2]) if head else None
    if count is None:
        return None
    return (now - timedelta(minutes=count * (1 if re.search(r"\bmin", phrase) else 60))).date()


def _weekday(match: re.Match[str], now: datetime, _: str) -> Meaning:
    name = re.search(rf"\b{ANY_DAY}", match["weekday"])
    assert name, "the grammar has found one"
    number = _WEEKDAYS.index(name[0][:3])
    back = (now.weekday() - number) % 7
    if back == 0:
        if match["last"]:
            return now.date() - timedelta(days=7), ""
        return None, "today, or a week ago?"
    day = parse_phrase(_FULL[number], now.date())
    # "Last Monday" on a Thursday: this week's, or the week's before?
    unclear = bool(match["last"]) and number < now.weekday()
    return day, "this week's, or the week's before?" if unclear else ""


_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday_last_week(match: re.Match[str], now: datetime, _: str) -> Meaning:
    phrase = match["week_day"]
    name = re.search(rf"\b{ANY_DAY}", phrase.replace("week", "    "))
    assert name, "the grammar has found one"
    number = _WEEKDAYS.index(name[0][:3])
    monday = now.date() - timedelta(days=now.weekday() + 7)
    return monday + timedelta(days=number), "" if "last week" in phrase else "which day was that?"


def _ordinal(match: re.Match[str], now: datetime, _: str) -> Meaning:
    number = int(re.match(r"\d+", match["ordinal"])[0])  # type: ignore[index]
    first = now.date().replace(day=1)
    for month in (first, (first - timedelta(days=1)).replace(day=1)):
        try:
            day = month.replace(day=number)
        except ValueError:
            continue
        if day <= now.date():
            return day, "the day of which month?"
    return None, "the day of which month?"


def _dated_day(match: re.Match[str], now: datetime, _: str) -> Meaning:
    """The last Friday that was an 8th, where that is not long ago."""
    number = int(re.search(r"\d+", match["dated_day"])[0])  # type: ignore[index]
    weekday = _WEEKDAYS.index(match["dated_day"][:3])
    for back in range(_UNSAID_YEAR.days):
        day = now.date() - timedelta(days=back)
        if (day.day, day.weekday()) == (number, weekday):
            return day, "" if back < 62 else "the day of which month?"
    return None, "the day of which month?"


_SAID_TO_BE = re.compile(
    r"\b(?:on|done|dated?|happened|occurred|discovered|found|noticed|from|of|meeting|taken|performed)\s*$"
)


def _short(match: re.Match[str], now: datetime, _: str) -> Meaning:
    number, month = match["short"].split("/")
    day = parse_phrase(f"{number} {_MONTHS[int(month) - 1]}", now.date())
    if day is None or day.day != int(number):
        return None, "is that a date?"
    before = match.string[max(0, match.start("short") - 40) : match.start("short")]
    named = match["short_day"]
    if named and not named.startswith(_WEEKDAYS[day.weekday()]):
        return day, "the day of the week does not fit the date"
    said = named or _SAID_TO_BE.search(before)
    if now.date() - day > _UNSAID_YEAR:
        return (day, "is that a date, and of which year?") if said else (None, NO_DATE)
    return day, "" if said else "is that a date?"


_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november",
    "december",
)  # fmt: skip


def _same(*_: object) -> Meaning:
    return None, ""


def _vague(*_: object) -> Meaning:
    return None, "which day was that?"


_MEANINGS: dict[str, Callable[[re.Match[str], datetime, str], Meaning]] = {
    "iso": _absolute, "numeric": _absolute, "named": _absolute, "american": _absolute, "holiday": _absolute,
    "before_yesterday": _back, "yesterday": _back, "last_night": _last_night, "today": _back, "ago": _ago,
    "week_day": _weekday_last_week, "weekday": _weekday, "vague": _vague, "strange": _vague,
    "ordinal": _ordinal, "short": _short, "same_day": _same, "dated_day": _dated_day,
}  # fmt: skip
