"""Until when a reminder is put off: an hour, or a day at the hour of reminders."""

from __future__ import annotations

from datetime import UTC, datetime, time

from bot.core.days.meaning import PART_HOURS, Seen
from bot.core.days.written import leading, sure
from rules.deadlines import UK

WANTED = "write until when, such as 2 hours, 14:30, tomorrow, Friday 3pm, 3 December or 2026-12-03"
_TIME = "write the time as 14:30 or 3pm"


def read_until(text: str, now: datetime, hour: time) -> tuple[datetime, str]:
    """The moment, and what follows it: the reason. `hour` is that of reminders. Raises Refused."""
    told, why = leading(text, Seen(now, ahead=True), WANTED)
    sure(told, WANTED, _TIME)
    if told.at:
        return told.at, why
    assert told.day, "a day without a doubt is known"
    until = datetime.combine(told.day, told.time or PART_HOURS.get(told.part, hour), UK)
    again = until.replace(fold=1)  # the hour that the clocks repeat in October: the first that is to come
    return again if until.astimezone(UTC) <= now < again.astimezone(UTC) else until, why
