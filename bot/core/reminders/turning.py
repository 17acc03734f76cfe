"""Whether a loop still comes round: one that hangs raises nothing, and says nothing of itself."""

from __future__ import annotations

import time
from collections.abc import Callable


class Turning:
    """When each lane of a loop came round last, by a clock that stands while the machine sleeps.

    `within`: the seconds that a turn may take, whatever it waits for."""

    def __init__(self, within: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._within, self._clock = within, clock
        self._at: dict[int, float] = {}

    def turn(self, lane: int = 0) -> None:
        self._at[lane] = self._clock()

    def end(self, lane: int = 0) -> None:
        """It comes round no more, as it was told."""
        self._at.pop(lane, None)

    @property
    def stuck(self) -> float:
        """For how many seconds the slowest lane has not come round, where it is too long; else 0."""
        since = self._clock() - min(self._at.values(), default=self._clock())
        return since if since > self._within else 0.0
