"""Several changes of one message, in the order in which they were wanted: each may be held up on its way and
tried again, and none is to take the place of a later one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from bot.in_turn import InTurn

KEPT = 5_000  # messages whose last change is remembered


class Changes:
    def __init__(self) -> None:
        self._count, self._turns = count(1), InTurn()
        self._last: OrderedDict[str, int] = OrderedDict()

    def begin(self, message: str) -> int:
        """Which change this is: one that is begun later goes before it."""
        number = next(self._count)
        self._last[message] = number
        self._last.move_to_end(message)
        while len(self._last) > KEPT:
            self._last.popitem(last=False)
        return number

    @asynccontextmanager
    async def turn(self, message: str, number: int) -> AsyncIterator[bool]:
        """Is it still to be sent? None else is, while it is."""
        async with self._turns.at(message):
            yield self._last.get(message, number) <= number
