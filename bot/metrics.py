"""`/metrics` on the admin port, for Prometheus: how it is, in figures that are cheap to read at each scrape.

No label names a person, a case, a channel or an organisation. A figure more is a row of `METRICS` and a line
that yields it.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.checks import last_backup
from bot.connecting import Connecting
from bot.core.reminders.patience import LATE
from bot.site import Asgi, Loop, Receive, Scope, Send
from storage.store import Store

if TYPE_CHECKING:
    from prometheus_client import Metric

PATH = "/metrics"
BACKUP_ANEW = timedelta(minutes=10)  # the trail is asked for the last backup no more often

METRICS = {
    "irmer_pings_late": (
        "Reminders that should have left a quarter of an hour ago or earlier.",
        ("rule", "platform"),
    ),
    "irmer_oldest_unsent_seconds": ("For how long the oldest of them has waited.", ("platform",)),
    "irmer_undelivered": ("Reminders that have reached nobody.", ()),
    "irmer_repeats": ("Messages sent a second time, since nobody could know of the first.", ()),
    "irmer_deadlines_open": ("Deadlines that are open.", ()),
    "irmer_deadlines_overdue": ("Deadlines that are open and past their day.", ()),
    "irmer_deadlines_unwatched": ("Open deadlines without a reminder to come.", ()),
    "irmer_unconfirmed": ("Verdicts that nobody has confirmed.", ()),
    "irmer_connected": ("1 where the platform is connected.", ("platform",)),
    "irmer_stuck_seconds": ("For how long a loop stands still, where that is too long.", ()),
    "irmer_problems": ("Lines of /health.", ()),
    "irmer_database_bytes": ("Size of the database.", ()),
    "irmer_wal_bytes": ("Size of its write-ahead log.", ()),
    "irmer_disk_free_bytes": ("Free space beside it.", ()),
    "irmer_backup_timestamp_seconds": ("When the last verified backup was made; 0 where none was.", ()),
    "irmer_build_info": ("1, with the program's version.", ("version",)),
}
Figures = Iterator[tuple[str, dict[tuple[str, ...], float]]]
"""A metric's name, with a figure for each of its labels' values."""


class Figured:
    """What is asked at each scrape."""

    def __init__(
        self, store: Store, database: Path, platforms: Sequence[Connecting], loops: Sequence[Loop],
        version: str, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store, self._database, self._platforms, self._loops = store, database, platforms, loops
        self._version, self._clock = version, clock
        self._backup: tuple[datetime, datetime | None] | None = None

    def figures(self, problems: int) -> Figures:
        now = self._clock()
        yield from self._reminders(now)
        yield from self._duties(now)
        yield "irmer_connected", {(one.face.name,): float(bool(one.service)) for one in self._platforms}
        yield "irmer_stuck_seconds", {(): max((loop.stuck for loop in self._loops), default=0.0)}
        yield "irmer_repeats", {(): float(sum(loop.repeats for loop in self._loops))}
        yield "irmer_problems", {(): float(problems)}
        wal = self._database.with_name(f"{self._database.name}-wal")
        yield "irmer_database_bytes", {(): float(_size(self._database))}
        yield "irmer_wal_bytes", {(): float(_size(wal))}
        yield "irmer_disk_free_bytes", {(): float(shutil.disk_usage(self._database.parent).free)}
        yield "irmer_backup_timestamp_seconds", {(): self._last_backup(now)}
        yield "irmer_build_info", {(self._version,): 1.0}

    def _reminders(self, now: datetime) -> Figures:
        late = self._store.late(None, before=now - LATE)
        yield "irmer_pings_late", dict(Counter((one.rule, one.place.platform) for one in late))
        oldest: dict[tuple[str, ...], float] = {(one.face.name,): 0.0 for one in self._platforms}
        for one in late:
            waited = (now - one.planned_at).total_seconds()
            oldest[one.place.platform,] = max(waited, oldest.get((one.place.platform,), 0.0))
        yield "irmer_oldest_unsent_seconds", oldest
        yield "irmer_undelivered", {(): float(len(self._store.undelivered(None)))}

    def _duties(self, now: datetime) -> Figures:
        tenants, before = self._store.tenants(), now.date() - timedelta(days=1)
        counted = self._store.count_deadlines
        yield "irmer_deadlines_open", {(): float(sum(counted(tenant) for tenant in tenants))}
        yield "irmer_deadlines_overdue", {(): float(sum(counted(tenant, until=before) for tenant in tenants))}
        yield "irmer_deadlines_unwatched", {(): float(len(self._store.unwatched(None)))}
        provisional = (self._store.count_records(tenant, status="provisional") for tenant in tenants)
        yield "irmer_unconfirmed", {(): float(sum(provisional))}

    def _last_backup(self, now: datetime) -> float:
        if self._backup is None or now - self._backup[0] > BACKUP_ANEW:
            self._backup = now, last_backup(self._store)
        made = self._backup[1]
        return made.timestamp() if made else 0.0


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def exposition(figures: Figures) -> bytes:
    """In Prometheus' text form."""
    from prometheus_client import CollectorRegistry, generate_latest  # 46 ms, for who serves
    from prometheus_client.core import GaugeMetricFamily  # of the same 46 ms

    class Collected:
        def collect(self) -> Iterable[Metric]:
            for name, by_labels in figures:
                text, labels = METRICS[name]
                family = GaugeMetricFamily(name, text, labels=labels)
                for values, figure in by_labels.items():
                    family.add_metric(list(values), figure)
                yield family

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collected())
    return generate_latest(registry)


def page(figured: Figured, problems: Callable[[], Awaitable[Sequence[str]]]) -> Asgi:
    """`problems` are the lines of `/health`."""

    async def told(scope: Scope, _: Receive, send: Send) -> None:
        found = len(await problems())
        body = await asyncio.to_thread(lambda: exposition(figured.figures(found)))
        headers = [
            (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    return told
