"""Pings and posts on their way out: claimed under a lease, sent, and never counted as sent before they are.

A message whose fate is unknown is never simply sent again: it is looked for first, or, where a platform
cannot be read back, sent once more and worded as a repeat. A lost statutory ping is worse than a doubled
line.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.core.cards import Card
from bot.core.reminders.clock import UNTRUSTED, Clock
from bot.core.reminders.late_and_lost import MOST, dropped_line
from bot.core.reminders.patience import goes_on, is_spent, next_try
from bot.core.reminders.sending import (
    USUAL,
    Absent,
    NotPosted,
    Outcome,
    Posted,
    Sender,
    Timings,
    TooLate,
    Unknown,
    leaving_within,
)
from bot.core.reminders.turning import Turning
from bot.core.reminders.wording import UNSURE, Unfailing, Wording
from bot.core.trouble import note
from storage.errors import StoreError
from storage.plans import Batch, PingPlan
from storage.store import Store

# What a face could not show is sent in plain words the next time.
RAISED = "could not be shown:"

log = logging.getLogger(__name__)
T = TypeVar("T")
R = TypeVar("R")


class Delivery:
    """One worker's loop over one platform. `health` says in a line what is wrong, empty where nothing is."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        wording: Wording,
        *,
        worker: str,
        clock: Clock,
        timings: Timings = USUAL,
        tenant: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`tenant`: whose messages are sent, "" while that is not known yet; every tenant's where None."""
        self.store, self.sender, self.wording = store, sender, Unfailing(wording)
        self.worker, self.clock, self.timings, self.tenant = worker, clock, timings, tenant
        self._free_at: dict[str, float] = {}  # by conversation: when it may be written to again
        self._busy: set[str] = set()
        self._trouble = ""
        self._turning = Turning(timings.lease)
        self.repeats = 0
        self._dropped: deque[str] = deque(maxlen=MOST)

    @property
    def health(self) -> str:
        stuck = "delivery stands still: a message or the store holds it up" if self.stuck else ""
        lines = (self.clock.trouble, stuck, self._trouble, self.wording.health)
        return "\n".join(line for line in lines if line)

    @property
    def stuck(self) -> float:
        """For how many seconds one of its lanes has not come round, where it is too long; else 0."""
        return self._turning.stuck

    @property
    def notes(self) -> tuple[str, ...]:
        """What was given up and is no reminder: the last changes of cards that were refused, a line each."""
        return tuple(self._dropped)

    async def run(self, stop: asyncio.Event, lanes: int = 4) -> None:
        """Deliver until told to stop; conversations side by side, the messages of one in turn."""
        await asyncio.gather(*(self._lane(stop, number) for number in range(lanes)))

    async def _lane(self, stop: asyncio.Event, number: int) -> None:
        while not stop.is_set():
            self._turning.turn(number)
            try:
                busy = await self.step()
                self._trouble = ""
            except StoreError as problem:
                busy, self._trouble = False, f"the store: {problem}"
                log.error("delivery is held up: %(error)s", {"error": problem})
            except Exception as error:  # noqa: BLE001 - whatever it was, the next message is not to blame
                busy, self._trouble = False, f"delivery is held up ({type(error).__name__}): see the log"
                note(log, error)
            if not busy:
                await _wait(stop, await self._pause())
        self._turning.end(number)

    async def _pause(self) -> float:
        """Until something is due or a conversation is free again, and no longer than a poll."""
        if not self.clock.trusted:
            return UNTRUSTED
        if self._trouble:
            return min(self.timings.poll, 5.0)
        try:
            due = await self._store(self.store.next_due, self.tenant(), self.sender.platform)
        except StoreError:
            return self.timings.poll
        if due is None:
            return self.timings.poll
        wait = (due - self.clock.wall()).total_seconds()
        if wait <= 0:  # due, but its conversation is busy or cooling
            wait = min((at - self.clock.monotonic() for at in self._free_at.values()), default=0.05)
        return min(max(wait, 0.02), self.timings.poll)

    async def step(self) -> bool:
        """Claim and send one message; False where there is none to send."""
        tenant = self.tenant()
        if tenant == "" or not await self._clock_is_right():
            return False
        started = self.clock.monotonic()
        self._free_at = {c: at for c, at in self._free_at.items() if at > started}
        batch = await self._store(
            partial(
                self.store.claim,
                tenant,
                self.sender.platform,
                worker=self.worker,
                now=self.clock.wall(),
                lease=timedelta(seconds=self.timings.lease),
                limit=50,
                skip=frozenset(self._busy | set(self._free_at)),
            )
        )
        if batch is None:
            return False
        conversation = batch.place.conversation
        self._busy.add(conversation)
        try:
            await self._send(batch, started + self.timings.lease - 2 * self.timings.request)
        finally:
            self._busy.discard(conversation)
            self._free_at[conversation] = self.clock.monotonic() + self.timings.pace
        return True

    async def _clock_is_right(self) -> bool:
        if self.clock.to_be_compared:
            theirs = await self._ask(self.sender.clock())
            self.clock.compare(theirs, await self._store(self.store.last_written))
        return self.clock.trusted

    async def _send(self, batch: Batch, give_back_at: float) -> None:
        """`give_back_at`: when the lease no longer covers a request, by the clock that only runs on."""
        repeat = batch.check_first and not _is_update(batch)
        if repeat and self.clock.monotonic() <= give_back_at:
            found = await self._ask(self.sender.find(batch.tenant, batch.place, batch.key, batch.first_try))
            if isinstance(found, Posted):
                await self._sent(batch, found.message)
                return
            if isinstance(found, Unknown) and not is_spent(batch, self.clock.wall()):
                await self._unknown(batch, found)
                return
            repeat = not isinstance(found, Absent)
        plain = any(item.error.startswith(RAISED) for item in batch.items)
        card = self.wording.card(batch, self.clock.wall(), repeat=repeat, plain=plain)
        if self.clock.monotonic() > give_back_at or not self.clock.trusted:
            await self._give_back(batch)
            return
        try:
            with leaving_within(lambda: give_back_at - self.clock.monotonic()):
                outcome = await self._ask(self._request(batch, card), RAISED)
        except TooLate:
            await self._give_back(batch)
            return
        self.repeats += repeat
        if plain and isinstance(outcome, Posted):
            self.wording.shown_plainly(batch, batch.items[0].error)
        if repeat and isinstance(outcome, Unknown):  # one repeat, then somebody else is told
            outcome = NotPosted(f"unknown twice, {outcome.error}")
        await self._settle(batch, outcome, unsure=repeat)

    def _request(self, batch: Batch, card: Card) -> Awaitable[Outcome]:
        if _is_update(batch):
            return self.sender.update(batch.tenant, batch.place, batch.items[0].message, card)
        return self.sender.send(batch.tenant, batch.place, card, batch.key)

    async def _ask(self, request: Awaitable[R], raised: str = "") -> R | Unknown:
        try:
            return await asyncio.wait_for(request, self.timings.request)
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
        elif not goes_on(batch, outcome, self.clock.wall()):
            unsure = unsure or isinstance(outcome, Unknown)
            await self._given_up(batch, f"{UNSURE} {outcome.error}" if unsure else outcome.error)
        elif isinstance(outcome, Unknown):
            await self._unknown(batch, outcome)
        else:
            await self._later(batch, outcome)

    async def _sent(self, batch: Batch, message: str) -> None:
        now = self.clock.wall()
        then = self._then(batch, now)
        posts = await self._store(self.wording.copies, batch)
        await self._store(
            partial(self.store.sent, batch.tenant, batch, message=message, now=now, then=then, posts=posts)
        )
        await self._store(partial(self._refresh, batch, now))

    def _refresh(self, batch: Batch, now: datetime) -> None:
        """The cards that pings are about. They are posted again by what comes next, so none is waited for."""
        plans = [plan for one in batch.items if one.kind == "ping" for plan in self.wording.beside(one)]
        for plan in dict.fromkeys((plan.key, plan.subject) for plan in plans):
            wanted = next(one for one in plans if (one.key, one.subject) == plan)
            self.store.post(batch.tenant, wanted, now=now)

    def _then(self, batch: Batch, now: datetime) -> list[tuple[int, PingPlan]]:
        pings = (item for item in batch.items if item.kind == "ping")
        return [(item.id, plan) for item in pings for plan in self.wording.follow(item, now)]

    async def _later(self, batch: Batch, outcome: NotPosted) -> None:
        now = self.clock.wall()
        at = next_try(batch, now, outcome.retry_after or self.timings.backoff)
        await self._store(partial(self.store.later, batch.tenant, batch, at=at, error=outcome.error, now=now))

    async def _unknown(self, batch: Batch, outcome: Unknown) -> None:
        now, error = self.clock.wall(), outcome.error
        at = next_try(batch, now, max(self.timings.settle, outcome.wait))
        await self._store(partial(self.store.unknown, batch.tenant, batch, at=at, error=error, now=now))

    async def _give_back(self, batch: Batch) -> None:
        """This process was asleep for most of its lease: nothing was sent by it, another may be at it."""
        now, error = self.clock.wall(), batch.items[0].error
        await self._store(partial(self.store.later, batch.tenant, batch, at=now, error=error, now=now))

    async def _given_up(self, batch: Batch, error: str) -> None:
        now = self.clock.wall()
        where = {"key": batch.key, "channel": batch.place.conversation, "error": error}
        log.error("%(key)s of %(channel)s cannot be delivered: %(error)s", where)
        if _is_update(batch):
            self._dropped.append(dropped_line(batch.items[0], error))
        await self._store(
            partial(
                self.store.undeliverable,
                batch.tenant,
                batch,
                error=error,
                instead=self.wording.instead(batch),
                now=now,
                then=self._then(batch, now),
                posts=await self._store(self.wording.copies, batch),
            )
        )

    async def _store(self, verb: Callable[..., T], *args: object) -> T:
        return await asyncio.to_thread(verb, *args)


def _is_update(batch: Batch) -> bool:
    return batch.items[0].kind == "update"


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
