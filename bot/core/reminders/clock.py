"""Which clock decides when something is sent: this machine's, as long as a platform's agrees with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.core.reminders.sending import Unknown
from bot.core.words.phrases import moment

APART = timedelta(minutes=5)
"""By which two clocks may differ."""
FROM_THE_STORE, FAR_FROM_THE_STORE = timedelta(seconds=5), timedelta(seconds=30)
"""By which this machine's clock may differ from that of a store on another, and by which nothing is sent:
leases and pauses are taken by the store's."""
EVERY = 600.0  # seconds after which the two are compared again
UNTRUSTED = 5.0  # seconds between two looks at a clock that is not believed


def tick() -> float:
    """Seconds that only run on, also while the machine is asleep, where it can tell."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class Clock:
    """This machine's clock, watched against one that only runs forwards (`tick`, in seconds). It is not
    believed before it was compared; `trouble` says in a line why not."""

    def __init__(self, wall: Callable[[], datetime], monotonic: Callable[[], float] = tick) -> None:
        self.wall, self.monotonic = wall, monotonic
        self._believed: tuple[datetime, float] | None = None
        self._compare_at = 0.0
        self.ahead: timedelta | None = None
        """By how much a platform's was ahead when they were last compared; None before that."""
        self._why = ""
        self._from_the_store = timedelta()

    def drift(self) -> timedelta:
        """By how much it has run away from the other since the two were compared."""
        if self._believed is None:
            return timedelta()
        wall, monotonic = self._believed
        return self.wall() - wall - timedelta(seconds=self.monotonic() - monotonic)

    @property
    def trusted(self) -> bool:
        near = abs(self._from_the_store) <= FAR_FROM_THE_STORE
        return self._believed is not None and near and abs(self.drift()) <= APART

    @property
    def trouble(self) -> str:
        apart = self._from_the_store
        if abs(apart) > FROM_THE_STORE:
            off = f"{abs(apart).total_seconds():.0f} s {'ahead of' if apart > timedelta() else 'behind'}"
            sent = "nothing is sent until they agree" if abs(apart) > FAR_FROM_THE_STORE else "set it right"
            return f"this machine's clock is {off} the database's: {sent}"
        if self.trusted:
            return ""
        if self._believed is not None:
            return f"this machine's clock moved by {self.drift()}: nothing is sent until it is right"
        return self._why

    @property
    def to_be_compared(self) -> bool:
        return not self.trusted or self.monotonic() >= self._compare_at

    def believe(self) -> None:
        self._believed = (self.wall(), self.monotonic())
        self._compare_at = self.monotonic() + EVERY

    def hold_against(self, stores: datetime | None) -> None:
        """`stores`: what time it is by the store, None where it has no clock of its own."""
        self._from_the_store = self.wall() - stores if stores else timedelta()

    def compare(self, theirs: datetime | Unknown | None, last: datetime | None) -> None:
        """With what a platform says of the time: None where it has no clock, and Unknown where it cannot be
        asked just now. `last`: when something was written last; it decides where no platform's clock does."""
        now = self.wall()
        if isinstance(theirs, datetime):
            self.ahead = theirs - now
            if abs(now - theirs) <= APART:
                self.believe()
            else:
                self._distrust(f"but the platform's says {moment(theirs)}")
        elif isinstance(theirs, Unknown):
            if not self.trusted:
                self._distrust(f"and the platform cannot be asked for the time: {theirs.error}")
        elif last is not None and last > now + APART:
            self._distrust(f"but something was written {moment(last)}")
        elif self._believed is None or self.trusted:
            self.believe()

    def _distrust(self, why: str) -> None:
        self._believed = None
        self._why = (
            f"this machine's clock says {moment(self.wall())}, {why}: nothing is sent until they agree"
        )


def told_by(headers: Mapping[str, str]) -> datetime | None:
    """What time an HTTP answer tells: its Date, and its Age where somebody in between had kept it."""
    try:
        said = parsedate_to_datetime(headers.get("Date", ""))
        kept = timedelta(seconds=int(headers.get("Age", 0)))
    except (ValueError, OverflowError):
        return None
    return (said if said.tzinfo else said.replace(tzinfo=UTC)) + kept
