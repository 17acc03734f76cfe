"""The days that words ask for: a period, a day, since or until one, or from one to another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.core.days import grammar
from bot.core.days.meaning import WHICH_YEAR, Seen, meaning
from bot.core.days.written import sure
from bot.core.refused import Refused
from bot.core.register.periods import Period, leading_period
from bot.core.words.phrases import day
from rules.deadlines import uk_date


class AskedDays(NamedTuple):
    """Both ends are days of it, and `said` says it again."""

    since: date | None
    until: date | None
    said: str


class _Stretch(NamedTuple):
    period: Period
    is_day: bool
    rest: str


SUCH_AS = "such as 2026, 2025/26, 2026 Q3, March, 13 June 2025, last 90 days, or from 1 June to 30 June 2025"
QUOTED = "a name or a number stands between quotes"
_BEGINS, _ENDS = ("since", "after"), ("until", "till", "before", "to", "by")
_OFTEN_NOT = ("to", "by")  # which stand before other words as well
_TO = re.compile(r"(?:\s(?P<word>to|until|till|through|and|-)\s|\s?[–—]\s?|(?<=[a-z])-(?=\w))", re.IGNORECASE)
_DAYS_OF_ONE = re.compile(
    r"(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s(?:to|and|until|till)\s|\s?[-–—]\s?)(?=\d{1,2}(?:st|nd|rd|th)?\s)",
    re.IGNORECASE,
)
_YEARS_ASKED = (1900, 2199)
# Ways of writing a day that are one also where other words stand around them, and those that a name may hold.
_PLAIN = frozenset({"absolute", "holiday", "from_today", "ago", "week_day", "dated_day"})
_LOOSE = frozenset({"last_night", "today", "short", "weekday", "vague", "to_come", "ordinal"})
_YEARS = re.compile(
    r"(?:19|20)\d\d\s?(?:[/-]\s?\d\d|/(?:19|20)\d\d)(?!\d)"
    r"|(?:19|20)\d\d[\s-]?q\d\b|q\d[\s,]{0,2}(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_UNIT = r"(?:day|week|fortnight|weekend|month|quarter|year|financial year)s?\b"
_SEEMS = re.compile(
    r"q\d\b|(?:year|month) to date\b|ytd\b|w/c\b|week (?:of|beginning|commencing|starting|ending)\b"
    rf"|(?:last|past|next|this|previous|coming)\s(?:\S+\s)?{_UNIT}|\d+\s{_UNIT}|\d+(?:st|nd|rd|th)$",
    re.IGNORECASE,
)
_SAYS_ITS_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|['’]\d\d")
_LACKS_A_YEAR = re.compile(rf"\b{grammar.MONTH}\b|\d/\d", re.IGNORECASE)


def leading_days(text: str, now: datetime, *, within: bool = False) -> tuple[AskedDays, str] | None:
    """The days that a text begins with, and what follows; None where it begins with none. `within`: among the
    words of a name, which may hold what is a day elsewhere. Raises Refused where they seem to be some and
    are none, run backwards, or are all to come."""
    found = _between(text, now, within) or _with_an_end(text, now)
    if found is None and (one := _stretch(text, now, within)):
        found = _whole(one, text), one.rest
    if found is None and (seems := _YEARS.match(text) or (None if within else _SEEMS.match(text))):
        raise Refused(f"“{seems[0]}” is no day or period that is known: {SUCH_AS}; {QUOTED}")
    if found and found[0].since and found[0].since > uk_date(now):
        raise Refused(f"{day(found[0].since)} is yet to come, and no incident is of it")
    return found


def _whole(one: _Stretch, text: str) -> AskedDays:
    since, until = one.period
    said = between(since, until) if one.is_day else text[: len(text) - len(one.rest)].strip(" ,;")
    return AskedDays(since, until, said)


def _stretch(text: str, now: datetime, within: bool = False) -> _Stretch | None:
    """A day or a period, whichever is longer; that a month is a period too settles the rest."""
    period = leading_period(text, uk_date(now))
    found = _day(text, now, within, len(period[1]) if period else len(text))
    if found is None and period:
        found = _Stretch(period[0], is_day=False, rest=period[1])
    if found and not (
        _YEARS_ASKED[0] <= found.period.since.year <= found.period.until.year <= _YEARS_ASKED[1]
    ):
        raise Refused(f"no incident is of {found.period.since.year:04}: write the day, {SUCH_AS}; {QUOTED}")
    return found


def _day(text: str, now: datetime, within: bool, left: int) -> _Stretch | None:
    """One after which less is left than that."""
    match = grammar.alone().match(grammar.fold(text))
    form = grammar.form_of(match) if match else None
    if match is None or form is None or form[0] not in (_PLAIN if within else _PLAIN | _LOOSE):
        return None
    rest = text[match.end() :].strip()
    if len(rest) >= left:
        return None
    pieces = form[1].groupdict()
    if (form[0] == "short" and pieces.get("dot")) or (form[0] == "ordinal" and rest):
        return None  # more often a part of a name or of a number
    told = meaning(match, Seen(now))
    if told.time or told.part:
        raise Refused(f"incidents are found by the day, and not by the hour: {SUCH_AS}")
    if told.doubt == WHICH_YEAR and told.day:  # the latest, as of a month
        return _Stretch(Period(told.day, told.day), is_day=True, rest=rest)
    wanted = f"write the day, {SUCH_AS}; {QUOTED}"
    when = sure(told, wanted, wanted).day
    return _Stretch(Period(when, when), is_day=True, rest=rest) if when else None


def _with_an_end(text: str, now: datetime) -> tuple[AskedDays, str] | None:
    """`since June`, `after 30 June`, `until 30 June`, `before 2026`, whose days are none of it."""
    first, _, after = text.partition(" ")
    word, after = first.lower(), after.lstrip(" ,;")
    if word == "from" and (one := _stretch(after, now)) and one.is_day:
        word = "since"
    if word not in (*_BEGINS, *_ENDS):
        return None
    found = _stretch(after, now)
    if found is None:
        if word in _OFTEN_NOT:
            return None
        raise Refused(f"{word} when? give the day, such as: {word} 1 June 2026; {QUOTED}")
    begin, last = found.period
    if word in _BEGINS:
        since = begin if word == "since" else last + timedelta(days=1)
        return AskedDays(since, None, between(since, None)), found.rest
    until = begin - timedelta(days=1) if word == "before" else last
    return AskedDays(None, until, between(None, until)), found.rest


def _between(text: str, now: datetime, within: bool) -> tuple[AskedDays, str] | None:
    """`between 1 June and 30 June 2025`, `from March to May`, `1 to 5 June`, `2024 – 2025`."""
    first, _, after = text.partition(" ")
    lead = first.lower() if first.lower() in ("between", "from") else ""
    body = after if lead else text
    if both := _DAYS_OF_ONE.match(body):
        last = _stretch(body[both.end() :], now)
        if last and last.is_day and 0 < int(both["d"]) <= last.period.until.day:
            return _from_to(last.period.until.replace(day=int(both["d"])), last.period.until), last.rest
    for joined in _TO.finditer(body[:60]):
        said, after = body[: joined.start()], body[joined.end() :]
        one = _stretch(said, now, within and not lead)
        if one is None or one.rest or ((joined["word"] or "").lower() == "and" and lead != "between"):
            continue
        if last := _stretch(after, now):
            told = after[: len(after) - len(last.rest)].strip(" ,;")
            return _from_to(*_of_one_year((said, one.period), (told, last.period), now)), last.rest
    if lead == "between":
        raise Refused(f"between which days? Such as: between 1 June and 30 June 2025; {QUOTED}")
    return None


def _of_one_year(begin: tuple[str, Period], end: tuple[str, Period], now: datetime) -> tuple[date, date]:
    """An end whose year is not said is of the year of the other one, or of the one beside it."""
    (said, one), (told, last) = begin, end
    if _SAYS_ITS_YEAR.search(told) or not _SAYS_ITS_YEAR.search(said):
        year = last.until.year
        dated = (found for found in _dated(said, (year, year - 1), now) if found.since <= last.until)
        return next(dated, one).since, last.until
    year = one.since.year
    dated = (found for found in _dated(told, (year, year + 1), now) if found.until >= one.since)
    return one.since, next(dated, last).until


def _dated(said: str, years: tuple[int, int], now: datetime) -> Iterator[Period]:
    """What is said, of each year in turn; nothing where it says its year, or needs none."""
    if _SAYS_ITS_YEAR.search(said) or not _LACKS_A_YEAR.search(said):
        return
    for year in years:
        for joined in (" ", "/"):
            with suppress(Refused):  # a Monday in that year, or no 29 February
                found = _stretch(f"{said}{joined}{year}", now)
                if found and not found.rest:
                    yield found.period


def _from_to(since: date, until: date) -> AskedDays:
    if since > until:
        raise Refused(f"from {day(since)} to {day(until)} runs backwards")
    return AskedDays(since, until, between(since, until))


def between(since: date | None, until: date | None) -> str:
    """The words that say it again."""
    if since == until:
        return f"on {since}" if since else ""
    ends = ("from", "to") if since and until else ("since", "until")
    return " ".join(f"{word} {end}" for word, end in zip(ends, (since, until), strict=True) if end)
