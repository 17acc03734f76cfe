"""A day as people type it in answer to a question. What could mean two days is refused, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

from bot.core.days import grammar
from bot.core.days.lengths import days_in
from bot.core.days.meaning import WHICH_YEAR, Meaning, Seen, meaning
from bot.core.refused import Refused
from bot.core.words.phrases import day
from rules.deadlines import UK

WANTED = (
    "write a day such as yesterday, Monday, 3 November 2026 or 2026-11-03, with the time after it if known"
)
_DATE = "write the date, such as 3 November 2026 or 2026-11-03"
_TIME = "write the time as 14:05 or 2pm"
_LONGEST = 60
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)  # a time of day is the same on every day
_HOUR_WORD = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
# What is left of a time of day that was not understood, or of a second one: never a reason.
_TIME_LEFT = re.compile(
    r"[\s,;(-]{0,4}(?:(?:and|or|to|at|@|by|until|till|from|before|after|between|about|around)\s)?-?\s?"
    r"(?:\d{1,2}(?:[:.h]\d|\s?(?:[ap]\b|[ap]m\b|o'?clock|-?ish\b|in the\b|\d\d\b|(?:-|to|and)\s?\d))"
    rf"|{_HOUR_WORD}\s(?:[ap]\.?\s?m\b|o\W?clock)|\d{{1,4}}\s*(?:$|[,;:)]|because\b)"
    rf"|half\s(?:\d|{_HOUR_WORD})|noon|midday\b|midnight\b)"
)
# Of these alone no reason is made.
_OF_TIME = frozenset(
    "a about after afternoon all am any around at before between bst business by clock close cob dawn "
    "day early end eod evening first from gmt half hours hrs in ish late local lunch lunchtime mid "
    "morning night o of on or p past play pm quarter sharp so some sometime tea teatime the thing time "
    "to uk".split()
)
_JOINED = re.compile(r"[\s,;(]*(?:(?:and|or|to|until|till)\s|-)?\s?")
_NO_REASON = re.compile(r"[\s,.:;!-]*(?:(?:because|as|since|please|pls|thanks|thank you)\b[\s,.:;!-]*)*")


def read_day(text: str, now: datetime) -> str:
    """The ISO date, or UK date-time without offset, that `text` means at `now`. Raises Refused. A day in the
    future is left to the rules to refuse."""
    words = re.sub(r"[\s.,!]+$", "", " ".join(grammar.fold(text[: 2 * _LONGEST]).split()))
    match = grammar.alone().fullmatch(words) if len(words) <= _LONGEST else None
    if match is None:
        from bot.core.days.near import near_day  # with libraries of 60 ms and more

        near = near_day(words, now) if len(words) <= _LONGEST else ""
        raise Refused(f"not clear as a day: {f'if you mean {near}, write it so' if near else WANTED}")
    return sure(meaning(match, Seen(now)), _DATE, _TIME).value


# Of a day, and not of an hour of it.
_CLOCK = r"(?!\d{1,2}(?::| ?[ap]\.?m|\.\d\d\b(?!\.))|noon|mid)"
_ABOUT = re.compile(
    rf"(?<!at )\b(?:about|around|roughly|approx\w*|circa)\s{_CLOCK}|^\W*(?:by|before|on or before)\s", re.I
)


def refuse_about(text: str) -> None:
    """Raises Refused for a day of discovery that is only about right."""
    if _ABOUT.search(text):
        raise Refused("the deadlines run from that day: write the first day that it may have been")


_ABOUT_WHEN = r"(?:about|around|roughly|approx(?:imately|\.)?|circa|maybe)"
_ABOUT_AGO = re.compile(rf"{_ABOUT_WHEN} (?P<ago>.+ ago)")
_HOURS = dict(zip(_HOUR_WORD[3:-1].split("|"), range(1, 13), strict=True))
_ABOUT_OCLOCK = re.compile(
    r"(?P<day>(?P<today>today|this (?:morning|afternoon|evening))|yesterday|(?:on |last )?[a-z]{3,6}day)"
    rf",? (?:at )?{_ABOUT_WHEN} (?:half )?(?P<hour>{_HOUR_WORD}|\d{{1,2}})(?:[:.]\d\d)?"
    r"(?: ?(?P<pm>[ap])\.?m\.?)?"
)


def day_of_about(text: str, now: datetime) -> str:
    """The day alone, where only the hour is about right: `about 2 hours ago` where as much more leaves
    it at that day, and `today about 10`; else the text."""
    words = " ".join(grammar.fold(text[: 2 * _LONGEST]).split()).rstrip(".,! ")
    if match := _ABOUT_OCLOCK.fullmatch(words):
        hour = _HOURS.get(match["hour"]) or int(match["hour"])
        hour += 12 * (match["pm"] == "p" and hour < 12)
        # Twelve may be midnight, and which day is that of? What has not come today was last night.
        known = hour != 12 and (not match["today"] or hour < now.astimezone(UK).hour)
        return match["day"] if known else text
    ago = _ABOUT_AGO.fullmatch(words)
    alone = grammar.alone().fullmatch(ago["ago"]) if ago else None
    told = meaning(alone, Seen(now)) if alone else None
    if told is None or told.at is None:
        return text
    before = told.at - (now - told.at)
    days = {moment.astimezone(UK).date() for moment in (before, told.at, now)}
    return days.pop().isoformat() if len(days) == 1 else text


def leading_day(text: str, now: datetime) -> tuple[str, str]:
    """The day that `text` begins with, as `read_day` gives it, and the reason after it. Raises Refused."""
    told, why = leading(text, Seen(now), "give the day and why, such as: yesterday, found in the log")
    return sure(told, _DATE, _TIME).value, why


def leading(text: str, seen: Seen, wanted: str) -> tuple[Meaning, str]:
    """What `text` begins with, a day or a time of day, and the reason that follows. Raises Refused."""
    text = " ".join(text.split())
    low = grammar.fold(text)
    match = grammar.alone().match(low)
    if match is None:
        raise Refused(wanted)
    rest = low[match.end() :]
    words = re.findall(r"[^\W\d]+", rest)
    if _TIME_LEFT.match(rest) or _another_day(rest) or (words and _OF_TIME.issuperset(words)):
        raise Refused(f"one day and one time are wanted, and then the reason: {wanted}")
    lead = _NO_REASON.match(rest)
    return meaning(match, seen), text[match.end() + (lead.end() if lead else 0) :].strip()


def _another_day(rest: str) -> bool:
    """Does a second day follow? "2 days of leave", "Monday's meeting" and "now that" begin a reason."""
    joined = _JOINED.match(rest)
    again = grammar.alone().match(rest, joined.end() if joined else 0)
    if not again or rest.startswith("'s", again.end()):
        return False
    form = grammar.form_of(again)
    return again.end() == len(rest) or form is None or form[0] not in ("today", "span", "ago")


def sure(told: Meaning, wanted_day: str, wanted_time: str) -> Meaning:
    """What was understood, where nothing of it is in doubt. Raises Refused."""
    if told.doubt:
        wanted = wanted_time if "time" in told.doubt else wanted_day
        if told.doubt == WHICH_YEAR and told.day:
            wanted = f"write its year if it was {day(told.day)}"
        raise Refused(f"{told.doubt} {wanted}" if told.doubt.endswith("?") else f"{told.doubt}: {wanted}")
    return told


def read_time(text: str) -> time:
    """A time of day and nothing else. Raises ValueError."""
    match = grammar.alone().fullmatch(grammar.fold(text[:_LONGEST]))
    told = meaning(match, Seen(_NOON)) if match and grammar.form_of(match) is None else None
    if told is None or told.doubt or told.time is None:
        raise ValueError(_TIME)
    return told.time


def read_days(text: str) -> int:
    """A number of days: `3`, `3 days`, `a week`, `72 hours`. Raises ValueError."""
    if re.fullmatch(r"\d{1,4}", text):
        return int(text)
    span = re.fullmatch(grammar.SPAN, grammar.fold(text[:_LONGEST]))
    if span is None or span["few"]:
        raise ValueError("no number of days")
    return days_in(span)
