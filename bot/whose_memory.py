"""What `bot.core.whose` answered, for as long as nobody has written to the store since, in this process or in
any other: every request asks, and what is bound changes some times in a year."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from bot.core.whose import Resolver, Whence, Whose

T = TypeVar("T")
MOST = 5_000


class WhoseMemory:
    """The resolver's verbs that every request asks. Where the store cannot tell at once that it is as it was,
    it is read, in a thread."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._version: int | None = None
        self._known: dict[tuple[str, tuple[object, ...]], Any] = {}

    async def of(self, whence: Whence, member_of: frozenset[str] | None = None) -> Whose:
        return await self._answer(self._resolver.of, whence, member_of)

    async def to_be_asked(self, whence: Whence) -> tuple[tuple[str, str], ...]:
        return await self._answer(self._resolver.to_be_asked, whence)

    async def _answer(self, ask: Callable[..., T], *about: object) -> T:
        version = self._resolver.version()
        if version is None:
            return await asyncio.to_thread(ask, *about)
        if version != self._version or len(self._known) >= MOST:
            self._version, self._known = version, {}
        # Of the version as it was before the store is read: what comes late goes with it.
        known, key = self._known, (ask.__name__, about)
        if key not in known:
            known[key] = await asyncio.to_thread(ask, *about)
        found: T = known[key]
        return found
