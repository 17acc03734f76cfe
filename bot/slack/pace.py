"""How fast posts follow one another in one channel."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator


class Pace:
    """One post after the other in each channel, and no faster than Slack bears."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._locks: dict[str, asyncio.Lock] = {}
        self._next: dict[str, float] = {}

    @contextlib.asynccontextmanager
    async def __call__(self, channel: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(channel, asyncio.Lock())
        async with lock:
            await asyncio.sleep(max(0.0, self._next.get(channel, 0.0) - time.monotonic()))
            try:
                yield
            finally:
                self._next[channel] = time.monotonic() + self._seconds
                self._forget()

    def _forget(self) -> None:
        if len(self._next) > 1_000:
            over = [
                c for c, at in self._next.items() if at < time.monotonic() and not self._locks[c].locked()
            ]
            for channel in over:
                del self._next[channel], self._locks[channel]
