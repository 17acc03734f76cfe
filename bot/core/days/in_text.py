"""The days that a text names, and where.

Nothing is looked for outside a phrase of the grammar: doses, ages and the verb "may" are no days. Whatever
could be two days, or has not been yet, is in doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from bot.core.days import grammar
from bot.core.days.meaning import WHICH_YEAR, Meaning, Seen, meaning

_AT_MOST = 30
_AROUND = re.compile(r"\b(?:around|about|approx|approximately|roughly|circa)\b|~")
_MORE_TIMES = re.compile(r"\s*(?:and|&|-|to|or)\s*(?:at\s*)?\d{1,2}(?:[:.]\d\d|\s?[ap]m)")
_LISTED = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s*(?:and|&|to|-|or|until|till)\s*(?:the\s+)?$|\bbetween\s+(?:the\s+)?$"
)
_TO_COME = re.compile(r"\s*(?:-|to|until|till)\s*(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?\b(?![:.]\d|\s*[ap]m)")
_SAID_TO_BE = re.compile(
    r"\b(?:on|done|dated?|happened|occurred|discovered|found|noticed|from|of|meeting|taken|performed)\s*$"
)


@dataclass(frozen=True)
class Moment:
    """A day in a text. `day` is None where it cannot be told; `doubt` says why it is not sure."""

    start: int
    end: int
    day: date | None
    time: time | None = None
    doubt: str = ""

    @property
    def value(self) -> str | None:
        return Meaning(self.day, time=self.time).value or None


def moments(low: str, now: datetime) -> list[Moment]:
    """Every day that a folded text names. `now` is aware."""
    found: list[Moment] = []
    seen = Seen(now, alone=False)
    for match in islice(grammar.in_text().finditer(low), _AT_MOST):
        told = meaning(match, seen)
        day, clock, doubt = told.day, told.time, told.doubt
        if told.form == "same_day":
            day = found[-1].day if found else None
        elif told.form == "short":
            question = _short(low[max(0, match.start() - 40) : match.start()], told)
            if question is None:
                continue
            doubt = question
        elif day and day.year < 2000:  # somebody's birth
            continue
        if _LISTED.search(low[max(0, match.start() - 40) : match.start()]) or _TO_COME.match(
            low, match.end()
        ):
            doubt = doubt or "more than one day is named"
        if low.startswith("'s", match.end()):
            doubt = doubt or "which day was that?"
        around = _AROUND.search(low, max(0, match.start() - 12), match.end())
        if around and clock:
            clock = None
        elif around and day:
            doubt = doubt or "which day was that exactly?"
        if clock and _MORE_TIMES.match(low, match.end()):
            doubt = doubt or "more than one time is named"
        if day and not doubt and datetime.combine(day, clock or time(0)) > seen.local:
            day, doubt = None, "that day has not come yet: when was it?"
        found.append(Moment(*match.span(), day, clock, doubt))
    return found


def times(low: str, now: datetime) -> list[Moment]:
    """The times of day that stand apart from the day they belong to: "at 14:05". Their day is the last that
    had such a time."""
    seen = Seen(now, alone=False)
    matches = islice(grammar.clock_in_text().finditer(low), _AT_MOST)
    told = ((match, meaning(match, seen)) for match in matches)
    return [
        Moment(*match.span(), one.day, one.time, "on which day was that?") for match, one in told if one.time
    ]


def _short(before: str, told: Meaning) -> str | None:
    """The doubt of a "10/5", which may be no date at all; None where it is none."""
    said = _SAID_TO_BE.search(before)
    if told.day is None:
        return "is that a date?"
    if told.doubt == WHICH_YEAR:
        return "is that a date, and of which year?" if said else None
    return told.doubt or ("" if said else "is that a date?")
