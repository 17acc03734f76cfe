"""`/metrics` on the admin port, for Prometheus: how it is, in figures that are cheap to read at each scrape.

No label names a person, a case, a channel or an organisation. A figure more is a row of `METRICS` and a line
that yields it.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.answered import WITHIN, Answered
from bot.connecting import Connecting
from bot.core.reminders.clock import Clock
from bot.core.reminders.patience import LATE
from bot.core.reminders.sending import Became
from bot.heartbeat import Heartbeat
from bot.presence import LOST
from bot.site import Asgi, Loop, Receive, Scope, Send, answer
from rules.editions import EDITIONS
from storage.databases import Database
from storage.errors import StoreError
from storage.memory_model import BACKED_UP, FOUND_WELL
from storage.migrations import NAMES
from storage.release import program_version
from storage.store import Store

if TYPE_CHECKING:
    from prometheus_client import Metric

PATH = "/metrics"
TRAIL_ANEW = timedelta(minutes=10)  # the trail is asked no more often

METRICS = {
    "irmer_pings_late": (
        "Reminders that should have left a quarter of an hour ago or earlier.",
        ("rule", "platform"),
    ),
    "irmer_oldest_unsent_seconds": ("For how long the oldest of them has waited.", ("platform",)),
    "irmer_pings_total": (
        "Tries to send a reminder, by what became of each: sent, put off, unknown, given up.",
        ("rule", "platform", "outcome"),
    ),
    "irmer_undelivered": ("Reminders that have reached nobody.", ()),
    "irmer_repeats_total": ("Messages sent a second time, since nobody could know of the first.", ()),
    "irmer_deadlines_open": ("Deadlines that are open.", ()),
    "irmer_deadlines_overdue": ("Deadlines that are open and past their day.", ()),
    "irmer_deadlines_unwatched": ("Open deadlines without a reminder to come.", ()),
    "irmer_unconfirmed": ("Verdicts that nobody has confirmed.", ()),
    "irmer_connected": ("1 where each connection to the platform is.", ("platform",)),
    "irmer_reconnects_total": ("How often a connection broke and was made anew.", ("platform",)),
    "irmer_last_heard_timestamp_seconds": (
        "When a request came last; 0 where none has since the start.",
        ("platform",),
    ),
    "irmer_ack_seconds": ("How long it took to acknowledge a request, as a histogram.", ("platform",)),
    "irmer_refused_total": ("Requests that were not let in.", ("platform", "reason")),
    "irmer_token_expiry_timestamp_seconds": (
        "When the first of what the bot signs in with ends, where that is known.",
        ("platform",),
    ),
    "irmer_clock_offset_seconds": ("By how much a platform's clock is ahead of this machine's.", ()),
    "irmer_stuck_seconds": ("For how long a loop stands still, where that is too long.", ()),
    "irmer_problems": ("Lines of /health.", ()),
    "irmer_database_bytes": ("Size of the database.", ()),
    "irmer_wal_bytes": ("Size of its write-ahead log.", ()),
    "irmer_disk_free_bytes": ("Free space beside it.", ()),
    "irmer_trail_rows": ("Entries in the audit trail.", ()),
    "irmer_backup_timestamp_seconds": ("When the last verified backup was made; 0 where none was.", ()),
    "irmer_verify_timestamp_seconds": (
        "When `irmer verify --entry` last found all well; 0 where it never did.",
        (),
    ),
    "irmer_heartbeat_timestamp_seconds": (
        "When the heartbeat's address took it last from this process; 0 where none was sent or taken.",
        (),
    ),
    "irmer_processes": ("Processes that serve the same database, this one among them.", ()),
    "irmer_build_info": (
        "1, with the program's version, the guidance's edition and the database's schema.",
        ("version", "edition", "schema"),
    ),
}
Figures = Iterator[tuple[str, dict[tuple[str, ...], Any]]]
"""A metric's name, with a figure for each of its labels' values; an `Answered` for the histogram."""


class Figured:
    """What is asked at each scrape."""

    def __init__(
        self, store: Store, database: Database, platforms: Sequence[Connecting], loops: Sequence[Loop],
        clock: Clock, heartbeat: Heartbeat | None = None,
    ) -> None:  # fmt: skip
        self._heartbeat = heartbeat
        self._store, self._database, self._platforms, self._loops = store, database, platforms, loops
        self._clock = clock
        self._kept: tuple[datetime, dict[str, float]] | None = None

    def figures(self, problems: int) -> Figures:
        now = self._clock.wall()
        yield from self._reminders(now)
        yield from self._duties(now)
        yield from self._doors()
        yield "irmer_stuck_seconds", {(): max((loop.stuck for loop in self._loops), default=0.0)}
        outcomes = sum((Counter(loop.outcomes) for loop in self._loops), Counter[Became]())
        yield "irmer_pings_total", {became: float(many) for became, many in outcomes.items()}
        yield "irmer_repeats_total", {(): float(sum(loop.repeats for loop in self._loops))}
        yield "irmer_problems", {(): float(problems)}
        if isinstance(self._database, Path):  # what a server has is its own to tell
            wal = self._database.with_name(f"{self._database.name}-wal")
            yield "irmer_database_bytes", {(): float(_size(self._database))}
            yield "irmer_wal_bytes", {(): float(_size(wal))}
            yield "irmer_disk_free_bytes", {(): float(shutil.disk_usage(self._database.parent).free)}
        for name, figure in self._of_the_trail(now).items():
            yield name, {(): figure}
        last = self._heartbeat.last if self._heartbeat else None
        yield "irmer_heartbeat_timestamp_seconds", {(): last.timestamp() if last else 0.0}
        living = [one for one in self._store.running() if now - one.seen_at <= LOST]
        yield "irmer_processes", {(): float(len(living))}
        edition = EDITIONS[-1].published.isoformat()
        yield "irmer_build_info", {(program_version(), edition, NAMES[-1]): 1.0}

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

    def _doors(self) -> Figures:
        every: dict[tuple[str, ...], list[Connecting]] = {}
        for one in self._platforms:
            every.setdefault((one.face.name,), []).append(one)
        named = {name: Answered.together([one.answered for one in some]) for name, some in every.items()}
        connected = {name: all(one.service for one in some) for name, some in every.items()}
        yield "irmer_connected", {name: float(well) for name, well in connected.items()}
        yield "irmer_reconnects_total", {name: float(one.reconnects) for name, one in named.items()}
        heard = {name: one.last for name, one in named.items()}
        yield "irmer_last_heard_timestamp_seconds", {name: _seconds(at) for name, at in heard.items()}
        yield "irmer_ack_seconds", named
        yield (
            "irmer_refused_total",
            {
                (*name, reason): float(many)
                for name, one in named.items()
                for reason, many in one.refused.items()
            },
        )
        ends = {
            name: [day for one in some if one.service and (day := one.service.credential_end)]
            for name, some in every.items()
        }
        begin = {name: datetime.combine(min(days), time(), UTC) for name, days in ends.items() if days}
        yield "irmer_token_expiry_timestamp_seconds", {name: _seconds(at) for name, at in begin.items()}
        ahead = self._clock.ahead
        yield "irmer_clock_offset_seconds", {} if ahead is None else {(): ahead.total_seconds()}

    def _of_the_trail(self, now: datetime) -> dict[str, float]:
        if self._kept is None or now - self._kept[0] > TRAIL_ANEW:
            self._kept = (
                now,
                {
                    "irmer_trail_rows": float(self._store.trail_rows()),
                    "irmer_backup_timestamp_seconds": _seconds(self._store.last_entry(BACKED_UP)),
                    "irmer_verify_timestamp_seconds": _seconds(self._store.last_entry(FOUND_WELL)),
                },
            )
        return self._kept[1]


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def exposition(figures: Figures) -> bytes:
    """In Prometheus' text form."""
    from prometheus_client import CollectorRegistry, generate_latest  # 46 ms, for who serves
    from prometheus_client.core import (  # of the same 46 ms
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
    )

    class Collected:
        def collect(self) -> Iterable[Metric]:
            for name, by_labels in figures:
                text, labels = METRICS[name]
                if name == "irmer_ack_seconds":
                    timed = HistogramMetricFamily(name, text, labels=labels)
                    for values, answered in by_labels.items():
                        timed.add_metric(list(values), _buckets(answered), answered.seconds)
                    yield timed
                    continue
                kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
                family = kind(name, text, labels=labels)
                for values, figure in by_labels.items():
                    family.add_metric(list(values), figure)
                yield family

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collected())
    return generate_latest(registry)


def _buckets(answered: Answered) -> list[tuple[str, float]]:
    """By how many seconds at most, each with all that took no longer."""
    limits = [*map(str, WITHIN), "+Inf"]
    return list(zip(limits, map(float, accumulate(answered.took)), strict=True))


def page(figured: Figured, problems: Callable[[], Awaitable[Sequence[str]]]) -> Asgi:
    """`problems` are the lines of `/health`."""

    async def told(scope: Scope, _: Receive, send: Send) -> None:
        found = len(await problems())
        try:
            body = await asyncio.to_thread(lambda: exposition(figured.figures(found)))
        except StoreError as problem:  # whoever scrapes takes it to be down, and somebody is woken
            await answer(send, 503, {"ok": False, "problems": [f"the store: {problem}"]})
            return
        headers = [
            (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    return told
