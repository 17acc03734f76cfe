"""One message on its way out, from the claim to what became of it.

A message whose fate is unknown is never simply sent again: it is looked for first, or, where a platform
cannot be read back, sent once more and worded as a repeat. A lost statutory ping is worse than a doubled
line.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.core.cards import Card
from bot.core.reminders.clock import Clock
from bot.core.reminders.contents import UNSURE, Unfailing
from bot.core.reminders.late_and_lost import MOST, dropped_line
from bot.core.reminders.patience import goes_on, is_spent, next_try
from bot.core.reminders.sending import (
    Absent,
    Became,
    NotPosted,
    Outcome,
    Posted,
    Sender,
    Timings,
    TooLate,
    Unknown,
    leaving_within,
)
from bot.core.trouble import note
from storage.memory_model import RESTORED
from storage.plans import Batch, PingPlan
from storage.store import Store

# What a face could not show is sent in plain words the next time.
RAISED = "could not be shown:"

log = logging.getLogger("bot.core.reminders.delivery")
T = TypeVar("T")
R = TypeVar("R")


class Carrier:
    """`repeats` counts what was sent a second time, `outcomes` what became of reminders; `dropped` are the
    last changes of cards that were refused, a line each."""

    def __init__(
        self, store: Store, sender: Sender, contents: Unfailing, *, clock: Clock, timings: Timings
    ) -> None:
        self._stored, self._sender, self._contents = store, sender, contents
        self._clock, self._timings = clock, timings
        self.repeats = 0
        self.outcomes: Counter[Became] = Counter()
        self.dropped: deque[str] = deque(maxlen=MOST)

    async def carry(self, batch: Batch, give_back_at: float) -> None:
        """`give_back_at`: when the lease no longer covers a request, by the clock that only runs on. What is
        cut short before its request has begun goes back at once."""
        begun: list[bool] = []
        try:
            await self._carry(batch, give_back_at, begun)
        except asyncio.CancelledError:
            if not begun:
                await self.give_back(batch)
            raise

    async def _carry(self, batch: Batch, give_back_at: float, begun: list[bool]) -> None:
        repeat = batch.check_first and not _is_update(batch)
        if repeat and self._clock.monotonic() <= give_back_at:
            found = await self.ask(self._sender.find(batch.tenant, batch.place, batch.key, batch.first_try))
            if isinstance(found, Posted):
                begun.append(True)
                await self._sent(batch, found.message, found=True)
                return
            if isinstance(found, Unknown) and not is_spent(batch, self._clock.wall()):
                await self._unknown(batch, found)
                return
            repeat = not isinstance(found, Absent)
        plain = any(item.error.startswith(RAISED) for item in batch.items)
        card = self._contents.card(batch, self._clock.wall(), repeat=repeat, plain=plain)
        if self._clock.monotonic() > give_back_at or not self._clock.trusted:
            await self.give_back(batch)
            return
        begun.append(True)
        if not _is_update(batch) and (why := self._contents.unseen(batch)):
            await self._settle(batch, NotPosted(why), unsure=repeat)
            return
        try:
            with leaving_within(lambda: give_back_at - self._clock.monotonic()):
                outcome = await self.ask(self._request(batch, card), RAISED)
        except TooLate:
            await self.give_back(batch)
            return
        self.repeats += repeat
        if plain and isinstance(outcome, Posted):
            self._contents.shown_plainly(batch, batch.items[0].error)
        if repeat and isinstance(outcome, Unknown):  # one repeat, then somebody else is told
            outcome = NotPosted(f"unknown twice, {outcome.error}")
        await self._settle(batch, outcome, unsure=repeat)

    def _request(self, batch: Batch, card: Card) -> Awaitable[Outcome]:
        if _is_update(batch):
            return self._sender.update(batch.tenant, batch.place, batch.items[0].message, card)
        return self._sender.send(batch.tenant, batch.place, card, batch.keys)

    async def ask(self, request: Awaitable[R], raised: str = "") -> R | Unknown:
        try:
            return await asyncio.wait_for(request, self._timings.request)
        except TimeoutError:
            return Unknown("no answer in time")
        except TooLate:
            raise
        except Exception as problem:  # noqa: BLE001 - whatever it was, the message may be there
            note(log, problem)
            return Unknown(f"{raised} {type(problem).__name__}".strip())

    async def _settle(self, batch: Batch, outcome: Outcome, *, unsure: bool) -> None:
        if isinstance(outcome, Posted):
            await self._sent(batch, outcome.message)
        elif not goes_on(batch, outcome, self._clock.wall()):
            unsure = unsure or isinstance(outcome, Unknown)
            await self._given_up(batch, f"{UNSURE} {outcome.error}" if unsure else outcome.error)
        elif isinstance(outcome, Unknown):
            await self._unknown(batch, outcome)
        else:
            await self._later(batch, outcome)

    async def _sent(self, batch: Batch, message: str, *, found: bool = False) -> None:
        now = self._clock.wall()
        then = self._then(batch, now)
        before = found and await self._store(self._before_a_restore, batch)
        posts = () if before else await self._store(self._contents.copies, batch)
        await self._store(
            partial(self._stored.sent, batch.tenant, batch, message=message, now=now, then=then, posts=posts)
        )
        self._became(batch, "sent")
        await self._store(partial(self._refresh, batch, now))

    def _before_a_restore(self, batch: Batch) -> bool:
        """Then what goes out beside it has gone out with it, and is not in the copy that was put back."""
        restored = self._stored.last_entry(RESTORED)
        return restored is not None and batch.first_try < restored

    def _refresh(self, batch: Batch, now: datetime) -> None:
        """The cards that pings are about. They are posted again by what comes next, so none is waited for."""
        plans = [plan for one in batch.items if one.kind == "ping" for plan in self._contents.beside(one)]
        for plan in dict.fromkeys((plan.key, plan.subject) for plan in plans):
            wanted = next(one for one in plans if (one.key, one.subject) == plan)
            self._stored.post(batch.tenant, wanted, now=now)

    def _then(self, batch: Batch, now: datetime) -> list[tuple[int, PingPlan]]:
        pings = (item for item in batch.items if item.kind == "ping")
        return [(item.id, plan) for item in pings for plan in self._contents.follow(item, now)]

    async def _later(self, batch: Batch, outcome: NotPosted) -> None:
        now = self._clock.wall()
        at = next_try(batch, now, outcome.retry_after or self._timings.backoff)
        await self._store(
            partial(self._stored.later, batch.tenant, batch, at=at, error=outcome.error, now=now)
        )
        self._became(batch, "put off")

    async def _unknown(self, batch: Batch, outcome: Unknown) -> None:
        now, error = self._clock.wall(), outcome.error
        at = next_try(batch, now, max(self._timings.settle, outcome.wait))
        await self._store(partial(self._stored.unknown, batch.tenant, batch, at=at, error=error, now=now))
        self._became(batch, "unknown")

    async def give_back(self, batch: Batch) -> None:
        """Nothing was sent: this process was asleep for most of its lease, or is to end."""
        now, error = self._clock.wall(), batch.items[0].error
        await self._store(partial(self._stored.later, batch.tenant, batch, at=now, error=error, now=now))

    async def _given_up(self, batch: Batch, error: str) -> None:
        now = self._clock.wall()
        where = {"key": batch.key, "channel": batch.place.conversation, "error": error}
        log.error("%(key)s of %(channel)s cannot be delivered: %(error)s", where)
        if _is_update(batch):
            self.dropped.append(dropped_line(batch.items[0], error))
        await self._store(
            partial(
                self._stored.undeliverable,
                batch.tenant,
                batch,
                error=error,
                instead=self._contents.instead(batch),
                now=now,
                then=self._then(batch, now),
                posts=await self._store(self._contents.copies, batch),
            )
        )
        self._became(batch, "given up")

    def _became(self, batch: Batch, what: str) -> None:
        pings = (one for one in batch.items if one.kind == "ping")
        self.outcomes.update((one.rule, self._sender.platform, what) for one in pings)

    async def _store(self, verb: Callable[..., T], *args: object) -> T:
        return await asyncio.to_thread(verb, *args)


def _is_update(batch: Batch) -> bool:
    return batch.items[0].kind == "update"
