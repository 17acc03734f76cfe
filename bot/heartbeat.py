"""A word to somebody outside after each full look of the watch: nothing inside can tell that every process is
dead. Whoever is asked here expects it every minute or two, and wakes somebody where it stays out."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from bot.reaching import why_not_reached

WITHIN = 10.0  # seconds
AGENT = {"User-Agent": "irmer-bot"}  # some refuse Python's own


class Heartbeat:
    """`url` is asked by GET, by the proxy and with the certificates that everything else goes by. It may hold
    a secret, so no line shows more of it than its host."""

    def __init__(self, url: str, clock: Callable[[], datetime]) -> None:
        self._url, self._clock = url, clock
        self.last: datetime | None = None  # when it was taken

    async def beat(self) -> str:
        """Why it was not taken, in a line for /health; empty where it was."""
        if why := await asyncio.to_thread(self._asked):
            return f"the heartbeat does not reach {urlsplit(self._url).hostname}: {why}"
        self.last = self._clock()
        return ""

    def _asked(self) -> str:
        try:
            with urllib.request.urlopen(urllib.request.Request(self._url, headers=AGENT), timeout=WITHIN):
                return ""
        except urllib.error.HTTPError as refused:
            return f"it answers {refused.code}"
        except Exception as error:  # noqa: BLE001 - whatever it was, the watch goes on
            return why_not_reached(error)
