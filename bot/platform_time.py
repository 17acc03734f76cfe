"""The time by a platform's own clock, as each of its answers tells it, beside ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.reminders.clock import told_by

LONGEST = 5.0  # seconds


class PlatformTime:
    """`told`: the time, by the last answer; None where that did not say."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.told: datetime | None = None
        self._ahead = timedelta()  # by which our clock is ahead of it

    def hear(self, headers: Mapping[str, Any], asked_at: float) -> None:
        """`asked_at` by our clock: an answer that was long under way says little, as one that a sleep of the
        machine fell into."""
        self.told, now = told_by(headers), self.now()
        if self.told is not None and now - asked_at <= LONGEST:
            self._ahead = datetime.fromtimestamp(now, UTC) - self.told

    def by_our_clock(self, at: datetime) -> datetime:
        """When it was by our clock, what the platform says was then: a second or so late rather than early,
        since answers tell whole seconds, and never still to come. Raises OverflowError."""
        return min(at + self._ahead, datetime.fromtimestamp(self.now(), UTC))
