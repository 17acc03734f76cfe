"""Workers killed or paused while pings fall due: each ping reaches its channel, once."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from storage.model import Destination, NewCase, Person
from storage.plans import Also, DeadlinePlan, PingPlan
from storage.sqlite import SqliteStore
from storage.store import Store
from tools.faults.rows import Processes, Row, fresh, whole
from tools.faults.slack_server import Slack, slack
from tools.faults.stores import Where, opened
from tools.faults.worker import QUICK, work

T, WHO, KINDS = "trust", Person("U1", "Radiographer A"), ("local:a", "local:b", "local:c", "local:d")
WORKERS = ("one", "two")
UK = ZoneInfo("Europe/London")


def plan_pings(
    store: Store, server: Slack, pings: int, seconds: float, chance: random.Random, organisations: int = 1
) -> None:
    """Cases with four pings each, falling due bit by bit."""
    now = datetime.now(UTC)
    for n in range(pings // len(KINDS)):
        place = Destination("slack", server.channels[n % len(server.channels)])
        deadlines = []
        for kind in KINDS:
            due = (now + timedelta(seconds=chance.uniform(0, seconds))).astimezone(UK)
            ping = PingPlan("0d", due.date(), place, at=due.time())
            deadlines.append(DeadlinePlan(kind, due.date(), (ping,)))
        new = NewCase("Wrong patient", now.date())
        tenant = _tenants(organisations)[n % organisations]
        store.open_case(tenant, new, by=WHO, now=now, also=Also(deadlines=tuple(deadlines)))


def _tenants(organisations: int) -> list[str]:
    return [T, *(f"{T} {number}" for number in range(1, organisations))]


def finish(store: Store, patience: float) -> None:
    """Until nothing is open any more, or for as long as patience lasts."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if store.next_due(None, "slack") is None:
            return
        time.sleep(0.2)


def count(store: Store, server: Slack, organisations: int = 1) -> tuple[int, int, int, list[str]]:
    """Pings planned, lost and doubled, and what `verify` says."""
    items = [
        item
        for tenant in _tenants(organisations)
        for case in store.cases(tenant, limit=100_000)
        for item in store.outgoing(tenant, case.ref)
    ]
    posted = server.posted()
    wanted = Counter(item.key for item in items)  # organisations number their cases each for itself
    lost = [item for item in items if item.state != "sent" or posted[item.key] < wanted[item.key]]
    doubled = [key for key, times in posted.items() if times > wanted[key]]
    return len(items), len(lost), len(doubled), store.verify()


def kills(place: Path, *, kills: int, pings: int, seconds: float, chance: float = 0.02, seed: int = 1) -> Row:
    path = fresh(place, "kills")
    return killed("kills", path, kills=kills, pings=pings, seconds=seconds, chance=chance, seed=seed)


def killed(
    row: str, where: Where, *, kills: int, pings: int, seconds: float, chance: float = 0.02, seed: int = 1,
    organisations: int = 1,
) -> Row:  # fmt: skip
    drawn, store = random.Random(seed), opened(where)
    with slack(max(8, pings // 6), chance, seed) as server:
        plan_pings(store, server, pings, seconds, drawn, organisations)
        workers = Processes(work, where, server.fake.api_url, server.fake.bot_token)
        for name in WORKERS:
            workers.start(name)
        for _ in range(kills):
            time.sleep(drawn.uniform(0.2, 1.8) * seconds / kills)
            name = drawn.choice(WORKERS)
            workers.kill(name)
            workers.start(name)
        finish(store, 60 + seconds)
        workers.end()
        planned, lost, doubled, problems = count(store, server, organisations)
        faults = sum(server.faults.values())
    store.close()
    done = f"{kills} kills, {planned:,} pings, {faults:,} faults"
    return Row(
        row,
        f"{done}: {lost} lost, {doubled} doubled, {whole(problems)}",
        (lost, doubled, problems) == (0, 0, []),
    )


def pauses(place: Path, *, pauses: int, pings: int, seed: int = 2) -> Row:
    drawn, path = random.Random(seed), fresh(place, "pauses")
    store = SqliteStore(path)
    with slack(max(8, pings // 6), 0.005, seed) as server:
        plan_pings(store, server, pings, pauses * (QUICK.lease + 3), drawn)
        workers = Processes(work, path, server.fake.api_url, server.fake.bot_token)
        for name in WORKERS:
            workers.start(name)
        for n in range(pauses):
            time.sleep(drawn.uniform(0.2, 1.0))
            workers.pause(WORKERS[n % 2], QUICK.lease + drawn.uniform(1, 3))
        finish(store, 60)
        workers.end()
        planned, lost, doubled, problems = count(store, server)
    store.close()
    return Row(
        "pauses",
        f"{pauses} times, {planned:,} pings: {lost} lost, {doubled} doubled, {whole(problems)}",
        (lost, doubled, problems) == (0, 0, []),
    )
