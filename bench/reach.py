"""09:00 at six hundred organisations: `python -m bench.reach`, or `make bench-reach`.

One worker, its own store and its own loop; the platform answers in 0.12 to 0.35 s and bears a message a
second in a channel. What the program itself takes is taken as it passes; time in which all of it waits (for
an answer, for a channel's pause) is passed over, so that four minutes take as long as the work in them does.
Reminders of one channel that are due together are one message; the second row sends each by itself, as posts
are. In the third one workspace answers in 8 s each time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import selectors
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.cards import Card, Text
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import Absent, Found, Outcome, Posted
from storage.model import Destination, NewCase, Person
from storage.plans import Also, DeadlinePlan, PingPlan, PostPlan
from storage.postgres.server import ServerAddress
from storage.postgres.store import PostgresStore
from storage.sqlite import SqliteStore
from storage.store import Store
from tools.faults.stores import Where
from tools.faults.worker import Listing

UK = ZoneInfo("Europe/London")
NINE = datetime(2026, 12, 7, 9, tzinfo=UTC)
BEFORE = NINE - timedelta(days=3)
CHANNELS, KINDS, WHO = 4, ("local:a", "local:b", "local:c", "local:d"), Person("U1", "Radiographer A")
SLOW, WITHIN = 8.0, 240.0  # seconds


class _Selector(selectors.DefaultSelector):
    """Passes over what would only be waited for."""

    loop: SkippingLoop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None or timeout <= 0 or self.loop.at_work:
            return super().select(timeout)
        if events := super().select(0):
            return events
        self.loop.skipped += timeout
        return []


class SkippingLoop(asyncio.SelectorEventLoop):
    """Its time runs as it does, and jumps to the next thing to be done where nothing is being done."""

    def __init__(self) -> None:
        selector = _Selector()
        super().__init__(selector)
        selector.loop, self.skipped, self.at_work = self, 0.0, 0
        self.set_default_executor(ThreadPoolExecutor(16))

    def time(self) -> float:
        return super().time() + self.skipped

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        def over(_: object) -> None:
            self.at_work -= 1

        self.at_work += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(over)
        return future


@dataclass
class Platform:
    """core's `Sender`. `slow` is the organisation whose workspace is."""

    time: Callable[[], float]
    slow: str = ""
    platform: str = "slack"
    chance: random.Random = field(default_factory=lambda: random.Random(9))
    posted: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    last: dict[str, float] = field(default_factory=dict)  # by organisation
    channels: dict[str, float] = field(default_factory=dict)
    too_soon: int = 0

    async def send(self, tenant: str, place: Destination, card: Card, keys: Sequence[str]) -> Outcome:  # noqa: ARG002
        self.too_soon += self.time() - self.channels.get(place.conversation, -9.0) < 0.99
        await asyncio.sleep(SLOW if tenant == self.slow else self.chance.uniform(0.12, 0.35))
        self.posted.update(f"{tenant} {part.text}" for part in card.blocks if isinstance(part, Text))
        self.messages += 1
        self.last[tenant] = self.channels[place.conversation] = self.time()
        return Posted(f"m{self.messages}")

    async def update(self, *_: object) -> Outcome:
        raise AssertionError("no card is changed here")

    async def find(self, *_: object) -> Found:
        return Absent()

    async def clock(self) -> None:
        return None


def place(tenant: str, number: int) -> Destination:
    return Destination("slack", f"{tenant}-{number % CHANNELS}")


def reminders(store: Store, tenant: str, many: int) -> None:
    day = NINE.astimezone(UK).date()
    for _ in range(many // len(KINDS)):
        deadlines = tuple(
            DeadlinePlan(kind, day, (PingPlan("0d", day, place(tenant, number)),))
            for number, kind in enumerate(KINDS)
        )
        new = NewCase("Wrong patient", BEFORE.date())
        store.open_case(tenant, new, by=WHO, now=BEFORE, also=Also(deadlines=deadlines))


def posts(store: Store, tenant: str, many: int) -> None:
    for number in range(many):
        store.post(tenant, PostPlan(f"post {number}", place(tenant, number)), now=NINE)


@dataclass(frozen=True)
class Sent:
    """`last`, `of_others` (but the slow one's) and `own`, what the program itself took, in seconds."""

    messages: int
    last: float
    of_others: float
    own: float
    wrong: str


def nine_o_clock(
    where: Where, plan: Callable[[Store, str, int], None], many: int, organisations: int, slow: str = ""
) -> Sent:
    store = by_the_measures_clock(where)
    tenants = [f"trust-{number:03}" for number in range(organisations)]
    for tenant in tenants:
        plan(store, tenant, many // organisations)
    loop = SkippingLoop()
    try:
        return loop.run_until_complete(_sent(loop, store, many, slow))
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        store.close()


async def _sent(loop: SkippingLoop, store: Store, many: int, slow: str) -> Sent:
    began, cpu = loop.time(), time.monotonic()
    clock = Clock(lambda: NINE + timedelta(seconds=loop.time() - began), loop.time)
    platform, stop = Platform(loop.time, slow), asyncio.Event()
    delivery = Delivery(store, platform, Listing(), worker="w", clock=clock)
    running = loop.create_task(delivery.run(stop))
    for _ in range(3600):
        await asyncio.sleep(1)
        if platform.posted.total() >= many:
            break
    stop.set()
    await running
    wrong = [f"{count} times {key}" for key, count in platform.posted.items() if count > 1][:1]
    wrong += [f"{many - platform.posted.total()} not sent"] * (platform.posted.total() < many)
    wrong += [f"{platform.too_soon} too soon in a channel"] * (platform.too_soon > 0)
    others = [at for tenant, at in platform.last.items() if tenant != slow]
    last = max(platform.last.values(), default=began) - began
    own = time.monotonic() - cpu
    return Sent(platform.messages, last, max(others, default=began) - began, own, "; ".join(wrong))


def rows(where: Callable[[str], Where], many: int, organisations: int) -> Iterator[tuple[str, Sent]]:
    about = f"{many:,} reminders of {organisations} organisations"
    yield about, nine_o_clock(where("bundled"), reminders, many, organisations)
    alone = f"{many:,} messages of their own"
    yield alone, nine_o_clock(where("alone"), posts, many, organisations)
    one = f"the same, one workspace answers in {SLOW:g} s"
    yield one, nine_o_clock(where("slow"), posts, many, organisations, "trust-000")


def by_the_measures_clock(where: Where) -> Store:
    """Leases too: a server's own goes by no December."""
    return PostgresStore(where, own_clock=False) if isinstance(where, ServerAddress) else SqliteStore(where)


@contextmanager
def stores(kind: str) -> Iterator[Callable[[str], Where]]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as made:
            yield lambda name: Path(made) / f"{name}.sqlite"
        return
    from tools.postgres import SERVES, USER, Databases, OwnServer  # an extra, which need not be installed

    server = OwnServer(durable=True, autovacuum="on")
    try:
        server.start()
        made_there = Databases(server.address("postgres", USER))

        def one(_name: str) -> Where:
            return ServerAddress(server.address(made_there.create(empty=False), SERVES))

        yield one
    finally:
        server.remove()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--many", type=int, default=12_000)
    options.add_argument("--organisations", type=int, default=600)
    options.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    given = options.parse_args()
    print("| at nine | messages | last after | last of the others | own time | |\n|---|---|---|---|---|---|")
    with stores(given.store) as where:
        for what, sent in rows(where, given.many, given.organisations):
            well = sent.wrong or ("each once" if sent.of_others <= WITHIN else f"later than {WITHIN:g} s")
            print(
                f"| {what} | {sent.messages:,} | {sent.last:.0f} s | {sent.of_others:.0f} s | "
                f"{sent.own:.0f} s | {well} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
