"""What systemd is told (sd_notify): that we listen, how we are, and that all of it still turns."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.site import Loop

log = logging.getLogger(__name__)

WELL = "serving"
EVERY = 30.0  # seconds between two words of how we are, where nothing asks for them sooner


class Supervisor:
    """`NOTIFY_SOCKET` and `WATCHDOG_USEC` of the environment; where there are none, nobody is told anything.

    The watchdog is fed only while the event loop turns, which does the feeding, and each of `loops` does."""

    def __init__(
        self, environment: Mapping[str, str], loops: Sequence[Loop],
        problems: Callable[[], Awaitable[Sequence[str]]],
    ) -> None:  # fmt: skip
        self._address, self._loops, self._problems = environment.get("NOTIFY_SOCKET", ""), loops, problems
        ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        given = environment.get("WATCHDOG_USEC", "")
        self._fed = ours and given.isascii() and given.isdecimal() and int(given) > 0
        self._every = min(EVERY, int(given) / 2e6) if self._fed else EVERY

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop, from when we listen on."""
        if not self._address:
            return
        self._tell("READY=1")
        while not stop.is_set():
            await self._beat()
            try:
                await asyncio.wait_for(stop.wait(), self._every)
            except TimeoutError:
                continue
        self._tell("STOPPING=1")

    async def _beat(self) -> None:
        if self._fed and not any(loop.stuck for loop in self._loops):
            self._tell("WATCHDOG=1")
        # What is wrong may be long in coming: the dog is fed before.
        problems = await self._problems()
        more = f" (and {len(problems) - 1} more: /health)" if len(problems) > 1 else ""
        self._tell(f"STATUS={problems[0].splitlines()[0]}{more}" if problems else f"STATUS={WELL}")

    def _tell(self, line: str) -> None:
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
                manager.setblocking(False)
                manager.connect(address)
                manager.send(line.encode())
        except OSError as error:
            log.warning("the service manager cannot be told: %(error)s", {"error": error.strerror})
