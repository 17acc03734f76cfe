"""A platform that answers as a test wants, on a clock that a test moves: nothing here waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.core.actions.delivery_cards import CaseContents
from bot.core.cards import Card
from bot.core.messages import Capabilities
from bot.core.reminders.clock import EVERY, Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import Absent, Found, Outcome, Posted, Timings, Unknown, Unreadable
from bot.terminal.plain import lines
from storage.model import Destination
from storage.store import Store

# As the program has them, but for what only makes a test wait.
TIMINGS = Timings(pace=0.0)


@dataclass
class Message:
    at: datetime
    tenant: str
    place: Destination
    card: Card
    keys: Sequence[str]
    id: str

    @property
    def words(self) -> str:
        return "\n".join(lines(self.card))


@dataclass
class Time:
    """A wall clock and one that only runs forwards."""

    now: datetime
    gone: float = 0.0
    wrong: timedelta = timedelta()

    def wall(self) -> datetime:
        return self.now + self.wrong

    def monotonic(self) -> float:
        return self.gone

    def pass_(self, much: timedelta) -> None:
        self.now += much
        self.gone += much.total_seconds()


Answer = Callable[[Destination], Outcome | None]


@dataclass
class Platform:
    """core's `Sender`. `answer` says what becomes of a message in a place; None: it is taken, and told so. A
    message of an unknown outcome is there where `taken` says so."""

    time: Time
    name: str = "pressed"
    answer: Answer = lambda _: None
    finds: Callable[[Destination], Found | None] = lambda _: None
    taken: Callable[[Destination], bool] = lambda _: False
    messages: list[Message] = field(default_factory=list)
    tries: list[tuple[datetime, Destination]] = field(default_factory=list)
    updates: list[Message] = field(default_factory=list)
    raises: Exception | None = None
    reads_back: bool = True
    tells_time: Callable[[], datetime | Unknown | None] | None = None

    @property
    def platform(self) -> str:
        return self.name

    async def send(self, tenant: str, place: Destination, card: Card, keys: Sequence[str]) -> Outcome:
        self.tries.append((self.time.now, place))
        if self.raises:
            raise self.raises
        outcome = self.answer(place)
        if outcome is None or (not isinstance(outcome, Posted) and self.taken(place)):
            self.messages.append(
                Message(self.time.now, tenant, place, card, keys, f"m{len(self.messages) + 1}")
            )
        return outcome or Posted(self.messages[-1].id)

    async def update(self, tenant: str, place: Destination, message: str, card: Card) -> Outcome:
        self.tries.append((self.time.now, place))
        outcome = self.answer(place)
        if outcome is None:
            self.updates.append(Message(self.time.now, tenant, place, card, (), message))
        return outcome or Posted(message)

    async def find(self, tenant: str, place: Destination, key: str, since: datetime) -> Found:
        if not self.reads_back:
            return Unreadable("nobody may look")
        if (found := self.finds(place)) is not None:
            return found
        here = [m for m in self.messages if m.place.conversation == place.conversation]
        there = [m for m in here if key in m.keys]
        return Posted(there[0].id) if there else Absent()

    async def clock(self) -> datetime | Unknown | None:
        return self.time.now if self.tells_time is None else self.tells_time()

    def said(self, conversation: str, *texts: str) -> list[Message]:
        """The messages in a conversation that hold all of the texts."""
        here = [m for m in self.messages if m.place.conversation == conversation]
        return [m for m in here if all(text in m.words for text in texts)]


def delivery(store: Store, platform: Platform, face: Capabilities, **given: Any) -> Delivery:
    clock = Clock(platform.time.wall, platform.time.monotonic)
    how: dict[str, Any] = {"worker": "w", "clock": clock, "timings": TIMINGS, **given}
    return Delivery(store, platform, CaseContents(store, face), **how)


def drain(worker: Delivery, most: int = 1000) -> None:
    """Until nothing is left that can be sent now."""
    asyncio.run(_drained(worker, most))


def run(worker: Delivery, time: Time, until: datetime) -> None:
    """As the loop does, with the clock going from one thing that is due to the next."""

    async def steps() -> None:
        while time.now < until:
            await _drained(worker)
            due = worker.store.next_due(None, worker.sender.platform)
            step = max(due - time.wall(), timedelta(seconds=1)) if due else until - time.now
            time.pass_(min(step, until - time.now, timedelta(seconds=EVERY)))
        await _drained(worker)

    asyncio.run(steps())


async def _drained(worker: Delivery, most: int = 1000) -> None:
    for _ in range(most):
        if not await worker.step():
            return
    raise AssertionError("there is no end to it")
