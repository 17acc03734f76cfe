"""The day on which something was done, where that is told with it: from its input, or at the beginning of the
note ("on 12 November by portal")."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from bot.core.actions.act import Instruction
from bot.core.days.in_text import moments
from bot.core.days.written import leading_day, read_day
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.case_words import DONE
from bot.core.words.phrases import day, listed
from rules.deadlines import uk_date

# What a day follows on which something was done; without it a day is said of anything.
_ON = re.compile(rf"\W*(?:(?:({DONE})(?:\s+on)?|on|dated)\s+|(?=(?:yesterday|today)\b))", re.I)


class ToldOn(NamedTuple):
    """`said`: whether the day is; else it is that of the words."""

    on: date
    note: str
    said: bool


def told_on(turn: Turn, asked: Instruction) -> ToldOn:
    """Raises Refused."""
    note, now = asked["note"], turn.request.written
    if told := asked["day"].strip():
        try:
            return ToldOn(date.fromisoformat(read_day(told, now)[:10]), note, True)
        except Refused as refused:
            raise Refused(str(refused), about="day") from None
    begins = _ON.match(note)
    if not begins or begins.end() not in {one.start for one in moments(note.lower(), now)}:
        return ToldOn(uk_date(now), note, False)
    value, rest = leading_day(note[begins.end() :], now)
    kept = " ".join(filter(None, (begins[1], rest)))
    return ToldOn(date.fromisoformat(value[:10]), kept, True)


def in_its_note(turn: Turn, note: str) -> str:
    """What is said of a day that is over and stands in the note."""
    found = {
        one.day for one in moments(note.lower(), turn.request.written) if one.day and one.day < turn.today
    }
    if not found:
        return ""
    named = listed([day(one) for one in sorted(found)])
    return f" It counts from today, when it was told here; {named} is kept in its note."
