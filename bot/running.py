"""The connections that one process serves, each for itself: what happens to one touches no other. Those that
`irmer connect` makes, ends or makes anew are taken up while it runs."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from bot.connecting import Configured, Connecting
from bot.core.reminders.sending import Became
from bot.core.trouble import note
from storage.errors import StoreError

log = logging.getLogger("irmer")
LOOK = 10.0  # seconds between two looks at what irmer connect has done
AGAIN = 30.0  # seconds until a connection that ended by a fault of ours is begun once more
GRACE = 5.0  # seconds for what one has under way when it ends


class Running:
    """A `Loop` of `bot.serve`, and in `all` its services. `wanted` says which connections there are by now,
    given those that there were, and in lines which are lost; it blocks, and raises StoreError."""

    def __init__(
        self, first: Sequence[Configured], make: Callable[[Configured], Connecting],
        wanted: Callable[[Sequence[Configured]], tuple[Sequence[Configured], Sequence[str]]],
    ) -> None:  # fmt: skip
        self._make, self._wanted = make, wanted
        self.all = [make(one) for one in first]
        self._ends: dict[Connecting, tuple[asyncio.Event, asyncio.Task[None]]] = {}
        self._lost: Sequence[str] = ()
        self._trouble = ""

    @property
    def health(self) -> str:
        return "\n".join(filter(None, [*(one.health for one in self.all), *self._lost, self._trouble]))

    @property
    def notes(self) -> Sequence[str]:
        return [*chain.from_iterable(one.notes for one in self.all)]

    @property
    def repeats(self) -> int:
        return sum(one.repeats for one in self.all)

    @property
    def outcomes(self) -> Mapping[Became, int]:
        return sum((Counter(one.outcomes) for one in self.all), Counter[Became]())

    @property
    def stuck(self) -> float:
        return max((one.stuck for one in self.all), default=0.0)

    async def run(self, stop: asyncio.Event) -> None:
        for one in self.all:
            self._begin(one)
        try:
            while not await _told(stop, LOOK):
                await self._look()
        finally:
            for end, _ in self._ends.values():
                end.set()
            await asyncio.gather(*(task for _, task in self._ends.values()))

    async def _look(self) -> None:
        here = [one.configured for one in self.all]
        try:
            wanted, self._lost = await asyncio.to_thread(self._wanted, here)
            self._trouble = ""
        except StoreError as problem:  # those that run go on
            self._trouble = f"the store: {problem}"
            return
        for one in [one for one in self.all if one.configured not in wanted]:
            await self._end(one)
        for configured in wanted:
            if configured not in here:
                self.all.append(self._make(configured))
                self._begin(self.all[-1])

    def _begin(self, one: Connecting) -> None:
        end = asyncio.Event()
        self._ends[one] = end, asyncio.get_running_loop().create_task(_kept_up(one, end))

    async def _end(self, one: Connecting) -> None:
        self.all.remove(one)
        end, task = self._ends.pop(one)
        end.set()
        await asyncio.wait([task], timeout=GRACE)
        task.cancel()
        try:
            await asyncio.wait_for(one.leave(), GRACE)
            await asyncio.wait_for(one.close(), GRACE)
        except Exception as error:  # noqa: BLE001 - it is gone all the same, and the others go on
            note(log, error)


async def _kept_up(one: Connecting, end: asyncio.Event) -> None:
    while not end.is_set():
        try:
            await one.run(end)
            one.broken = ""
        except Exception as error:  # noqa: BLE001 - a fault of ours in one is no reason to end the others
            note(log, error)
            one.broken = f"it ended by a fault of the bot's own ({type(error).__name__}), and is begun anew"
            one.settled.set()
            await _told(end, AGAIN)


async def _told(stop: asyncio.Event, seconds: float) -> bool:
    """To stop, within so many seconds."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
