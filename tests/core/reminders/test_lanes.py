"""Whose messages the lanes carry, and what becomes of them at an end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.core.cards import Card
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import LANES, OF_ONE, Delivery
from bot.core.reminders.sending import Absent, Found, NotPosted, Outcome, Posted, Timings
from storage.model import Destination
from storage.plans import PostPlan
from storage.sqlite import SqliteStore
from tools.faults.worker import Listing

NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)
QUICK = Timings(poll=0.02, pace=0.0, backoff=0.02)


@dataclass
class Workspaces:
    """core's `Sender` of several: those of `slow` answer once `answers` is set, and `limited` refuse for a
    while."""

    slow: frozenset[str] = frozenset()
    limited: frozenset[str] = frozenset()
    platform: str = "chat"
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    posted: Counter[str] = field(default_factory=Counter)

    async def send(self, tenant: str, place: Destination, card: Card, keys: Sequence[str]) -> Outcome:
        self.under_way[tenant] += 1
        self.most[tenant] = max(self.most[tenant], self.under_way[tenant])
        self.most["limited"] = max(self.most["limited"], sum(self.under_way[one] for one in self.limited))
        try:
            if tenant in self.slow:
                await self.answers.wait()
            if tenant in self.limited and not self.answers.is_set():
                await asyncio.sleep(0.02)
                return NotPosted("ratelimited", passes=True, retry_after=0.01)
        finally:
            self.under_way[tenant] -= 1
        self.posted[keys[0]] += 1
        return Posted(keys[0])

    async def update(self, tenant: str, place: Destination, message: str, card: Card) -> Outcome:
        raise AssertionError("nothing is changed here")

    async def find(self, tenant: str, place: Destination, key: str, since: datetime) -> Found:
        return Absent()

    async def clock(self) -> None:
        return None


@dataclass
class Desk:
    store: SqliteStore
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    begun: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    running: list[asyncio.Task[None]] = field(default_factory=list)

    def wall(self) -> datetime:
        return NOW + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() - self.begun

    def begin(self, sender: Workspaces, name: str = "w", timings: Timings = QUICK) -> Delivery:
        clock = Clock(self.wall, self.monotonic)
        made = Delivery(self.store, sender, Listing(), worker=name, clock=clock, timings=timings)
        self.running.append(asyncio.get_running_loop().create_task(made.run(self.stop)))
        return made

    def post(self, tenant: str, many: int, channels: int) -> None:
        for number in range(many):
            place = Destination("chat", f"{tenant}-{number % channels}")
            self.store.post(tenant, PostPlan(f"{tenant} {number}", place), now=NOW)

    def left(self) -> int:
        return sum(many for _, _, many in self.store.waiting())


@asynccontextmanager
async def _desk(path: Path) -> AsyncIterator[Desk]:
    desk = Desk(SqliteStore(path, alone=False))
    yield desk
    desk.stop.set()
    await asyncio.wait(desk.running, timeout=20)
    assert desk.store.verify() == []
    desk.store.close()


async def until(look: Callable[[], object]) -> None:
    for _ in range(3000):
        if look():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "irmer.sqlite"


async def test_a_workspace_that_does_not_answer_holds_no_more_than_its_lanes(path: Path) -> None:
    async with _desk(path) as desk:
        desk.post("slow", 30, 30)
        for number in range(20):
            desk.post(f"trust {number}", 3, 2)
        sender = Workspaces(slow=frozenset({"slow"}))
        desk.begin(sender)
        await until(lambda: len(sender.posted) == 60)
        assert sender.most["slow"] == OF_ONE
        sender.answers.set()
        await until(lambda: desk.left() == 0)
        assert set(sender.posted.values()) == {1}
        assert len(sender.posted) == 90


async def test_what_is_tried_anew_holds_no_more_than_half_of_the_lanes(path: Path) -> None:
    async with _desk(path) as desk:
        limited = frozenset(f"limited {number}" for number in range(8))
        for one in limited:
            desk.post(one, 4, 4)
        sender = Workspaces(limited=limited)
        desk.begin(sender)
        after = NOW + timedelta(days=1)
        await until(lambda: all(one.error for one in desk.store.late(None, before=after)))
        sender.most.clear()
        desk.post("trust", 40, 40)
        await until(lambda: len(sender.posted) == 40 and sender.most["limited"])
        assert sender.most["limited"] <= LANES // 2
        sender.answers.set()
        await until(lambda: desk.left() == 0)
        assert set(sender.posted.values()) == {1}


async def test_two_processes_write_to_one_conversation_one_after_the_other(path: Path) -> None:
    async with _desk(path) as desk:
        desk.post("trust", 12, 1)
        sender, times = Workspaces(), list[float]()
        send = sender.send

        async def timed(*given: object) -> Outcome:
            times.append(desk.monotonic())
            return await send(*given)  # type: ignore[arg-type]

        sender.send = timed  # type: ignore[method-assign, assignment]
        paced = Timings(poll=0.02, pace=0.1)
        for name in ("one", "two"):
            desk.begin(sender, name, paced)
        await until(lambda: desk.left() == 0)
        between = [later - earlier for earlier, later in pairwise(times)]
        assert len(times) == 12
        assert min(between) >= 0.1 - 0.001


async def test_what_is_in_hand_at_the_end_is_ended(path: Path) -> None:
    async with _desk(path) as desk:
        desk.post("slow", 2, 2)
        desk.post("trust", 1, 1)
        sender = Workspaces(slow=frozenset({"slow"}))
        worker = desk.begin(sender)
        await until(lambda: sender.under_way["slow"] == 2 and len(sender.posted) == 1)
        desk.stop.set()
        await asyncio.sleep(0.05)
        assert not desk.running[0].done()
        sender.answers.set()
        await until(lambda: desk.running[0].done())
        assert len(sender.posted) == 3
        assert desk.left() == 0
        assert worker.health == ""


async def test_what_is_cut_off_before_its_request_has_begun_waits_for_no_lease(path: Path) -> None:
    async with _desk(path) as desk:
        desk.post("trust", 1, 1)
        lost = desk.store.claim(None, "chat", worker="gone", now=NOW, lease=timedelta(milliseconds=1))
        assert lost is not None
        sender, looking = Workspaces(), asyncio.Event()

        async def find(*_: object) -> Found:
            looking.set()
            await asyncio.Event().wait()
            return Absent()

        sender.find = find  # type: ignore[method-assign, assignment]
        desk.begin(sender)
        await asyncio.wait_for(looking.wait(), 20)
        desk.running[0].cancel()
        await asyncio.wait(desk.running, timeout=20)
        again = desk.store.claim(None, "chat", worker="next", now=desk.wall(), lease=timedelta(seconds=120))
        assert again is not None
        assert again.check_first
        assert sender.posted == {}
