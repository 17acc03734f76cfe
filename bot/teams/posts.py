"""Posting: at the pace that Teams allows in a conversation, and again where that is right.

Teams takes 7 messages a second and 60 in 30 seconds a conversation. What was certainly not taken is tried
again; what perhaps was is left to the caller, who knows whether a repeat does harm.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.teams.changes import Changes
from bot.teams.post_errors import Later, Unsure
from bot.teams.sdk import RosterEntry, Sdk, TeamChannel

# Messages, seconds: a little less than that.
WINDOWS = ((6, 1.3), (56, 31.0))
TRIES = 4
LONGEST_WAIT = 30.0  # seconds, of somebody who looks at the chat
MAX_CONVERSATIONS = 5000  # whose pace is remembered


@dataclass(frozen=True)
class Target:
    """A conversation of a tenant, and the thread in it."""

    tenant: str
    conversation: str
    service_url: str
    thread: str = ""

    @property
    def address(self) -> str:
        return f"{self.conversation};messageid={self.thread}" if self.thread else self.conversation


class Pace:
    """When the next message may leave. Each counts from when it was answered: it may be held up on its way,
    and arrive together with those that left after it."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._sent: deque[_Sent] = deque(maxlen=max(count for count, _ in WINDOWS))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits until a message may leave, which is then sent in it."""
        async with self._lock:
            for pause in iter(lambda: self.pause(time.monotonic()), 0.0):
                await asyncio.sleep(pause)
            sent = _Sent(time.monotonic())
            self._sent.append(sent)
        try:
            yield
        finally:
            sent.at = time.monotonic()

    def pause(self, now: float) -> float:
        full = [
            self._sent[-count].at + seconds - now for count, seconds in WINDOWS if len(self._sent) >= count
        ]
        return max([0.0, *full])


@dataclass
class _Sent:
    at: float


class Posts:
    def __init__(self, sdk: Sdk) -> None:
        self._sdk = sdk
        self._paces: OrderedDict[str, Pace] = OrderedDict()
        self._changes = Changes()

    def wait(self, to: Target) -> float:
        """Seconds until the next message may be sent there."""
        return self._pace(to.conversation).pause(time.monotonic())

    async def once(self, to: Target, activity: Mapping[str, Any]) -> str:
        """One try; the message's id. Raises PostError."""
        async with self._pace(to.conversation).turn():
            return await self._sdk.post(to.service_url, to.address, activity)

    async def post(self, to: Target, activity: Mapping[str, Any]) -> str:
        """An answer to somebody who waits: a second copy is better than none. Raises PostError."""
        return await self._tried(lambda: self.once(to, activity))

    def changing(self, to: Target, message: str) -> int:
        """A change of a message begins, which is sent with `update` once it is made."""
        return self._changes.begin(f"{to.conversation}|{message}")

    async def update(self, to: Target, message: str, activity: Mapping[str, Any], change: int) -> None:
        """Twice the same update is one, and one that a later one has overtaken is not sent. Raises
        PostError."""

        async def once() -> str:
            async with self._changes.turn(f"{to.conversation}|{message}", change) as stands:
                if stands:
                    async with self._pace(to.conversation).turn():
                        await self._sdk.update(to.service_url, to.address, message, activity)
            return message

        await self._tried(once)

    async def clock(self) -> datetime | None:
        """See `Sdk.clock`."""
        return await self._sdk.clock()

    async def member(self, of: Target, user_id: str) -> RosterEntry:
        """See `Sdk.member`."""
        return await self._sdk.member(of.service_url, of.conversation, user_id)

    async def team(self, service_url: str, team: str) -> tuple[str, list[TeamChannel]]:
        """See `Sdk.team`."""
        return await self._sdk.team(service_url, team)

    async def personal_chat(self, service_url: str, tenant_id: str, user_id: str) -> str:
        """Raises PostError."""
        return await self._tried(lambda: self._sdk.personal_chat(service_url, tenant_id, user_id))

    async def _tried(self, attempt: Any) -> str:
        for remaining in range(TRIES - 1, -1, -1):
            try:
                return str(await attempt())
            except (Later, Unsure) as error:
                if not remaining:
                    raise
                await asyncio.sleep(min(error.wait, LONGEST_WAIT) if isinstance(error, Later) else 1.0)
        raise AssertionError("the last try has raised or returned")

    def _pace(self, conversation: str) -> Pace:
        pace = self._paces.pop(conversation, None) or Pace()
        self._paces[conversation] = pace
        while len(self._paces) > MAX_CONVERSATIONS:
            self._paces.popitem(last=False)
        return pace
