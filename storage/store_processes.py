"""The store's verbs for several processes that serve at once: see `storage.store`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from storage.memory_model import RunningProcess


class RunningProcesses(Protocol):
    def runs(self, process: RunningProcess, *, now: datetime) -> None:
        """It runs, and is as it says; said anew every few seconds. `now` is when it was seen."""

    def has_ended(self, process: str) -> None:
        """As it was told: its row goes, and its turns with it."""

    def running(self) -> tuple[RunningProcess, ...]:
        """Those that have not ended, killed ones among them for an hour: `seen_at` tells."""

    def takes_turn(self, name: str, holder: str, *, now: datetime, length: timedelta) -> bool:
        """Is it this holder's, from now on for so long? Whoever has it keeps it by asking again in time."""

    def clock_of_the_store(self) -> datetime | None:
        """What time it is by the store, where it has a clock of its own."""
