"""Long outages, many pings, clocks that jump, ten years of days."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.cards import Card
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.schedule import Channels, Planner
from bot.core.reminders.sending import Found, Outcome, Posted, Timings
from bot.core.settings.chosen import Chosen
from storage.file import sqlite3
from storage.model import Destination, NewCase, Person
from storage.plans import Also, DeadlinePlan, PingPlan
from storage.sqlite import SqliteStore
from storage.times import at_local, stamp
from tools.faults.rows import Row, fresh, whole
from tools.faults.worker import Listing

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
T = "trust"


class AtOnce:
    """A platform that takes no time, so that what is measured is ours. `posts`: when, by processor time,
    and which pings."""

    platform = "chat"

    def __init__(self, time: Callable[[], datetime] = lambda: NOW) -> None:
        self.time = time  # by its own clock
        self.posts: list[tuple[float, Card]] = []

    async def send(self, tenant: str, place: Destination, card: Card, key: str) -> Outcome:
        self.posts.append((time.process_time(), card))
        return Posted(str(len(self.posts)))

    async def update(self, tenant: str, place: Destination, message: str, card: Card) -> Outcome:
        return Posted(message)

    async def find(self, tenant: str, place: Destination, key: str, since: datetime) -> Found:
        raise AssertionError("nothing was in doubt")

    async def clock(self) -> datetime:
        return self.time()

    def listed(self) -> list[list[str]]:
        """The keys in each message."""
        return [[getattr(block, "text", "") for block in card.blocks] for _, card in self.posts]


def fill(path: Path, pings: int, *, overdue: bool, places: int, seed: int = 6) -> SqliteStore:
    """As many cases with one rule each. After an outage two of its pings are overdue, deadlines at random."""
    drawn, store = random.Random(seed), SqliteStore(path)
    conn = sqlite3.connect(str(path), isolation_level=None)
    conn.execute("pragma synchronous=off")
    conn.execute("begin")
    for n in range(pings):
        due = NOW.date() + timedelta(days=drawn.randint(0, 13))
        for offset, hours in (("-7d", -5), ("-3d", -1)) if overdue else (("0d", 24 + n),):
            at = stamp(NOW + timedelta(hours=hours))
            conn.execute(
                """insert into outbox (tenant, kind, key, subject, rule, round, offset, due_on, platform,
                conversation, thread, body, escalation, remember, fallback_for, planned_at, state, next_at)
                values (?, 'ping', ?, ?, 'notify', 1, ?, ?, 'chat', ?, '', '{}', 0, 0, '', ?, 'due', ?)""",
                (T, f"C{n}/{due}/{offset}", f"C{n}", offset, due.isoformat(), f"c{n % places}", at, at),
            )
    conn.execute("commit")
    conn.execute("pragma wal_checkpoint(truncate)")
    conn.close()
    return store


def integrity(path: Path) -> list[str]:
    """By SQLite alone: of these rows no trail says anything."""
    conn = sqlite3.connect(str(path))
    found = [line for (line,) in conn.execute("pragma integrity_check") if line != "ok"]
    conn.close()
    return found


def outage(place: Path, *, pings: int, places: int) -> Row:
    path = fresh(place, "outage")
    store, sender = fill(path, pings, overdue=True, places=places), AtOnce()
    clock = Clock(lambda: NOW, time.monotonic)
    delivery = Delivery(
        store, sender, Listing(), worker="w", clock=clock, timings=Timings(pace=0.0, lease=600.0)
    )

    async def drain() -> None:
        while await delivery.step():
            pass

    began = time.process_time()
    asyncio.run(drain())
    own, first = time.process_time() - began, sender.posts[0][0] - began
    sent = [key for keys in sender.listed() for key in keys]
    latest = {key.rsplit("/", 1)[1] for key in sent} == {"-3d"}
    firsts = [keys[0].split("/")[1] for keys in sender.listed()]
    ordered = firsts == sorted(firsts)
    once = len(sent) == len(set(sent)) == pings
    store.close()
    problems = integrity(path)
    return Row(
        "outage",
        f"{2 * pings:,} pings of {pings:,} cases in {places} channels: "
        f"{'in order' if ordered else 'out of order'}, "
        f"{'each once, the latest' if once and latest else 'not each once'}, "
        f"{own:.1f} s of the processor, first after {first:.2f}, {whole(problems)}",
        ordered and once and latest and own <= 10 and first <= 1 and not problems,
    )


def polls(place: Path, *, many: int, asked: int = 300) -> Row:
    spent = {}
    stores = {n: fill(fresh(place, f"poll{n}"), n, overdue=False, places=100) for n in (1_000, many)}
    times: dict[int, list[float]] = {n: [] for n in stores}
    for _ in range(asked):
        for n, store in stores.items():
            began = time.perf_counter()
            found = store.claim(None, "chat", worker="w", now=NOW, lease=timedelta(minutes=2))
            times[n].append(time.perf_counter() - began)
            assert found is None
    for n, store in stores.items():
        spent[n] = 1e3 * statistics.median(times[n])
        store.close()
    ratio = statistics.median(b / a for a, b in zip(times[1_000], times[many], strict=True))
    return Row(
        "polls",
        f"{ratio:.2f} times ({spent[many]:.3f} ms, {spent[1_000]:.3f} ms)",
        ratio <= 3,
    )


def jumps(place: Path) -> Row:
    """A ping is due in two hours; the wall clock moves while the worker runs, and is put right again."""
    early = green = lost = 0
    sizes = [timedelta(hours=1), timedelta(days=1), timedelta(days=365)]
    moves = [sign * size for size in sizes for sign in (1, -1)]
    for n, move in enumerate(moves):
        store = SqliteStore(fresh(place, f"jump{n}"))
        due = (NOW + timedelta(hours=2)).astimezone(ZoneInfo("Europe/London"))
        ping = PingPlan("0d", due.date(), Destination("chat", "incidents"), at=due.time())
        deadlines = (DeadlinePlan("notify", due.date(), (ping,)),)
        new = NewCase("Wrong patient", NOW.date())
        store.open_case(T, new, by=Person("U1"), now=NOW, also=Also(deadlines=deadlines))
        true, moved = timedelta(), timedelta()
        sender = AtOnce(lambda: NOW + true)  # noqa: B023
        clock = Clock(lambda: NOW + true + moved, lambda: true.total_seconds())  # noqa: B023
        delivery = Delivery(store, sender, Listing(), worker="w", clock=clock)
        for minutes in range(0, 121, 5):
            true = timedelta(minutes=minutes)
            moved = move if 30 <= minutes < 90 else timedelta()
            asyncio.run(delivery.step())
            green += bool(moved) and not delivery.health
            early += bool(sender.posts) and minutes < 120
        lost += len(sender.posts) != 1
        store.close()
    return Row(
        "jumps",
        f"{early} early, {green} times green, {lost} lost",
        not (early or green or lost),
    )


@contextmanager
def host_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


def ten_years(*, step: int = 1) -> Row:
    """Every discovery day, planned as the bot plans it, on hosts in three zones."""
    uk, zones, off, pings = ZoneInfo("Europe/London"), ("UTC", "Pacific/Auckland", "America/New_York"), 0, 0
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 3652, step)]
    for zone in zones:
        with host_in(zone):
            for day in days:
                planner = Planner(Chosen({}), Channels(Destination("chat", "incidents")), day)
                for plan in planner.for_case("undecided", day):
                    for ping in plan.pings:
                        shown = at_local(ping.on, ping.at or plan.at, plan.zone).astimezone(uk)
                        pings += 1
                        off += (shown.hour, shown.minute, shown.date()) != (9, 0, ping.on)
    return Row(
        "years",
        f"{len(days):,} days, {pings:,} pings: {off} off",
        off == 0 and pings > len(days) * 3,
    )
