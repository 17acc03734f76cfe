"""Pings and posts on their way out: claimed under a lease, carried by one of several lanes, and never counted
as sent before they are.

No organisation holds more than its share of the lanes, so that a workspace that answers slowly delays no
other; and what is tried anew holds no more than half of them. Which conversation may be written to, and by
whom, is the store's to say: another process may be at it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from bot.core.reminders.carrying import Carrier
from bot.core.reminders.clock import UNTRUSTED, Clock
from bot.core.reminders.contents import Contents, Unfailing
from bot.core.reminders.sending import USUAL, Became, Sender, Timings
from bot.core.reminders.turning import Turning
from bot.core.trouble import note
from storage.errors import StoreError
from storage.plans import Batch
from storage.store import Store

LANES = 16
OF_ONE = 4  # lanes that one organisation may hold
LOOK_AGAIN = 0.25  # seconds, where what is due waits for another process

log = logging.getLogger(__name__)
T = TypeVar("T")
Whom = str | tuple[str, ...] | None


@dataclass(frozen=True)
class _Held:
    """A message in hand. `give_back_at`: see `Carrier.carry`."""

    batch: Batch
    give_back_at: float

    @property
    def tried_before(self) -> bool:
        return self.batch.check_first or all(item.error for item in self.batch.items)


class Delivery:
    """One worker's loop over one platform. `health` says in a line what is wrong, empty where nothing is."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        contents: Contents,
        *,
        worker: str,
        clock: Clock,
        timings: Timings = USUAL,
        tenant: Callable[[], Whom] = lambda: None,
    ) -> None:
        """`tenant`: whose messages are sent, one's or several's, "" or () while that is not known yet; every
        tenant's where None."""
        self.store, self.sender, self.contents = store, sender, Unfailing(contents)
        self.worker, self.clock, self.timings, self.tenant = worker, clock, timings, tenant
        self._carrier = Carrier(store, sender, self.contents, clock=clock, timings=timings)
        self._free_at: dict[str, float] = {}  # by conversation: when we may write to it again
        self._lanes: dict[int, _Held] = {}
        self._freed = asyncio.Event()
        self._comparing: asyncio.Task[None] | None = None
        self._trouble = ""
        self._turning = Turning(timings.lease)

    @property
    def health(self) -> str:
        stuck = "delivery stands still: a message or the store holds it up" if self.stuck else ""
        lines = (self.clock.trouble, stuck, self._trouble, self.contents.health)
        return "\n".join(line for line in lines if line)

    @property
    def stuck(self) -> float:
        """For how many seconds one of its lanes has not come round, where it is too long; else 0."""
        return self._turning.stuck

    @property
    def repeats(self) -> int:
        return self._carrier.repeats

    @property
    def outcomes(self) -> Counter[Became]:
        return self._carrier.outcomes

    @property
    def notes(self) -> tuple[str, ...]:
        """What was given up and is no reminder: the last changes of cards that were refused, a line each."""
        return tuple(self._carrier.dropped)

    async def run(self, stop: asyncio.Event, lanes: int = LANES) -> None:
        """Deliver until told to stop, and end what is in hand; conversations side by side, the messages of
        one in turn."""
        carrying: set[asyncio.Task[None]] = set()
        try:
            while not stop.is_set():
                self._turning.turn()
                self._freed.clear()
                held = await self._guarded(self._in_time(lanes)) if len(self._lanes) < lanes else None
                if held is None:
                    await _wait(stop, self._freed, await self._pause(lanes))
                    continue
                lane = next(number for number in range(1, lanes + 1) if number not in self._lanes)
                self._lanes[lane] = held
                task = asyncio.get_running_loop().create_task(self._lane(lane, held, stop))
                carrying.add(task)
                task.add_done_callback(carrying.discard)
            self._turning.end()
            await asyncio.gather(*carrying)
        finally:
            for task in [*carrying, *([self._comparing] if self._comparing else [])]:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*carrying, return_exceptions=True)

    async def _lane(self, lane: int, held: _Held, stop: asyncio.Event) -> None:
        self._turning.turn(lane)
        try:
            if stop.is_set():
                await self._guarded(self._carrier.give_back(held.batch))
            else:
                await self._guarded(self._carry(held))
        finally:
            self._turning.end(lane)
            del self._lanes[lane]
            self._freed.set()

    async def _carry(self, held: _Held) -> None:
        try:
            await self._carrier.carry(held.batch, held.give_back_at)
        finally:
            self._free_at[held.batch.place.conversation] = self.clock.monotonic() + self.timings.pace

    async def _guarded(self, work: Awaitable[T]) -> T | None:
        """Whatever goes wrong with one message, or with the store, is said in `health`; the loop goes on."""
        try:
            done = await work
            self._trouble = ""
        except StoreError as problem:
            self._trouble = f"the store: {problem}"
            log.error("delivery is held up: %(error)s", {"error": problem})
        except Exception as error:  # noqa: BLE001 - whatever it was, the next message is not to blame
            self._trouble = f"delivery is held up ({type(error).__name__}): see the log"
            note(log, error)
        else:
            return done
        return None

    async def _pause(self, lanes: int) -> float:
        """Until something is due or a conversation is free again, and no longer than a poll."""
        if not self.clock.trusted:
            return UNTRUSTED
        if self._trouble or len(self._lanes) >= lanes:
            return min(self.timings.poll, 5.0)
        try:
            due = await asyncio.to_thread(self.store.next_due, self.tenant(), self.sender.platform)
        except StoreError:
            return self.timings.poll
        if due is None:
            return self.timings.poll
        wait = (due - self.clock.wall()).total_seconds()
        if wait <= 0:  # due, but its conversation is busy or cooling
            wait = min((at - self.clock.monotonic() for at in self._free_at.values()), default=LOOK_AGAIN)
        return min(max(wait, 0.02), self.timings.poll)

    async def step(self) -> bool:
        """Claim and send one message; False where there is none to send."""
        await self._compare_clocks()
        held = await self._next()
        if held is not None:
            await self._carry(held)
        return held is not None

    async def _in_time(self, lanes: int) -> _Held | None:
        """As `_next`. A clock that is believed is compared beside what is sent: a platform that is slow to
        tell the time holds nobody up."""
        if not self.clock.trusted:
            await self._compare_clocks()
        elif self.clock.to_be_compared and (self._comparing is None or self._comparing.done()):
            beside = self._guarded(self._compare_clocks())
            self._comparing = asyncio.get_running_loop().create_task(beside)
        return await self._next(lanes)

    async def _next(self, lanes: int = 1) -> _Held | None:
        """The next message that a lane is free for, claimed."""
        tenant = self.tenant()
        if tenant in ("", ()) or not self.clock.trusted:
            return None
        started = self.clock.monotonic()
        self._free_at = {c: at for c, at in self._free_at.items() if at > started}
        held = Counter(one.batch.tenant for one in self._lanes.values())
        batch = await asyncio.to_thread(
            partial(
                self.store.claim,
                tenant,
                self.sender.platform,
                worker=self.worker,
                now=self.clock.wall(),
                lease=timedelta(seconds=self.timings.lease),
                limit=50,
                pace=timedelta(seconds=self.timings.pace),
                busy=frozenset(one for one, many in held.items() if many >= OF_ONE),
                fresh=sum(one.tried_before for one in self._lanes.values()) >= max(1, lanes // 2),
            )
        )
        if batch is None:
            return None
        return _Held(batch, started + self.timings.lease - 2 * self.timings.request)

    async def _compare_clocks(self) -> None:
        if not self.clock.to_be_compared:
            return
        theirs = await self._carrier.ask(self.sender.clock())
        self.clock.compare(theirs, await asyncio.to_thread(self.store.last_written))


async def _wait(stop: asyncio.Event, freed: asyncio.Event, seconds: float) -> None:
    """For so long, or until told to stop, or a lane is free."""
    loop = asyncio.get_running_loop()
    waiting = [loop.create_task(stop.wait()), loop.create_task(freed.wait())]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
