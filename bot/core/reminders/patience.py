"""How long a message is tried where it belongs. It is judged by the time that it was planned for: the time of
its next try says nothing of how late it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.reminders.sending import NotPosted, Unknown
from storage.plans import Batch

LATE = timedelta(minutes=15)
"""From then on health is red."""
LONGEST = timedelta(hours=2)
"""By then it has arrived, if any place takes it."""
GIVEN_UP = LONGEST - LATE
"""From then on it goes elsewhere; what is left of the two hours is for the places that it goes to."""
AGAIN = timedelta(minutes=15)
"""After which what every place has refused begins anew."""
SOON = timedelta(minutes=2)
"""Between two tries of what is as late as that: several places have to find room in a quarter of an hour."""


def is_spent(batch: Batch, now: datetime) -> bool:
    """Has it been tried for as long as it may be where it belongs?"""
    return now >= _planned_for(batch) + GIVEN_UP


def goes_on(batch: Batch, outcome: NotPosted | Unknown, now: datetime) -> bool:
    """Is it tried there again? What is refused for good is not; nor what is spent, once it was tried twice
    or, where its fate is unknown, looked for: after an outage of our own everything is late."""
    if isinstance(outcome, NotPosted) and not outcome.passes:
        return False
    if not is_spent(batch, now):
        return True
    if isinstance(outcome, Unknown):
        return not batch.check_first
    return not any(item.error or item.fallback_for for item in batch.items)


def next_try(batch: Batch, now: datetime, wait: float) -> datetime:
    """After `wait` seconds, but in time to go elsewhere."""
    at, last = now + timedelta(seconds=wait), _planned_for(batch) + GIVEN_UP
    return min(at, now + SOON) if is_spent(batch, now) else min(at, last)


def _planned_for(batch: Batch) -> datetime:
    return min(item.planned_at for item in batch.items)
