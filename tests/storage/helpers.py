"""What the store's tests have in common: people, times, an assessment, plans, a second process."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.file import wal_safe
from storage.measure_model import MeasurePlan
from storage.model import Assessment, Destination, NewCase, Person
from storage.plans import Also, Batch, DeadlinePlan, PingPlan, PostPlan
from storage.sqlite import SqliteStore
from storage.theme_model import Shared, ThemeAnswer, Told

several_processes = pytest.mark.skipif(not wal_safe(), reason="this SQLite is safe for one process alone")
ROOT = Path(__file__).parents[2]
T = "trust"
ANA, BEN = Person("U1", "Radiographer A"), Person("U2", "Physicist B")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FOUND = date(2026, 11, 20)
WARD, LEADS = Destination("chat", "incidents"), Destination("chat", "leads")
DUE = date(2026, 12, 4)
ON_THE_DAY = datetime(2026, 12, 4, 9, tzinfo=UTC)
LEASE = timedelta(seconds=120)
# Test numbers, in ways of writing that the gate must see through.
NUMBERS = ("999 000 0026", "9990000034", "999-000-0042", "９９９ ０００ ００５０")


def assessment(outcome: str = "notify", **facts: Any) -> Assessment:
    return Assessment(
        {"category": "diagnostic", "total_dose": "24 mSv", "account": "wrong patient scanned", **facts},
        {"outcome": outcome, "codes": ["2.2"] if outcome == "notify" else [], "guidance": "2023-04-19"},
        {"total_dose": {"id": "U1", "name": "Radiographer A", "at": "2026-11-23T09:00:00Z"}},
        local_incident_number="W123",
        dose_as_measured="DLP 1200 mGy cm",
    )


def theme_answer(*numbers: str, one_cause: Told = "yes", **given: Any) -> ThemeAnswer:
    shared = Shared("wrong side", "diagnostic", "equipment", "ct 2")
    given = {"different_people": "yes", "people": 2, **given}
    return ThemeAnswer(numbers or ("2026-0001", "2026-0002"), shared, one_cause, **given)


def measure_plan(what: str = "two people check the list", **given: Any) -> MeasurePlan:
    due = FOUND + timedelta(days=40)
    return MeasurePlan(what, plan("", due, -7, 0), **{"owner": ANA, **given})


def plan(kind: str, due: date, *offsets: int, place: Destination = WARD, **given: Any) -> DeadlinePlan:
    """Pings at so many days before (negative) and after the deadline."""
    pings = (PingPlan(f"{days:+}d", due + timedelta(days=days), place) for days in offsets)
    return DeadlinePlan(kind, due, tuple(pings), **given)


def both_deadlines() -> Also:
    days = (-7, -3, -1, 0)
    notify, report = FOUND + timedelta(days=14), FOUND + timedelta(days=84)
    return Also(
        deadlines=(plan("notify", notify, *days), plan("report", report, *days)),
        posts=(PostPlan("card", WARD, {"shows": "case"}, remember=True),),
    )


def open_case(store: SqliteStore, *, tenant: str = T, also: Also | None = None, **given: Any) -> str:
    new = NewCase("Wrong patient, CT head", FOUND, (assessment(),), **given)
    return store.open_case(tenant, new, by=ANA, now=NOW, also=both_deadlines() if also is None else also).ref


def one_ping(store: SqliteStore, **given: Any) -> str:
    """A case with one ping, on the day of its deadline; the case's reference."""
    return open_case(store, also=Also(deadlines=(plan("notify", DUE, 0, **given),)))


def claim(store: SqliteStore, now: datetime, worker: str = "w1", **given: Any) -> Batch:
    batch = store.claim(None, "chat", worker=worker, now=now, lease=LEASE, **given)
    assert batch is not None
    return batch


def send(store: SqliteStore, now: datetime, **given: Any) -> Batch:
    """The next message, claimed and sent."""
    batch = claim(store, now, **given)
    store.sent(batch.tenant, batch, message=batch.key, now=now)
    return batch


def claims_nothing(store: SqliteStore, now: datetime, **given: Any) -> bool:
    return store.claim(None, "chat", worker="w9", now=now, lease=LEASE, **given) is None


def keys(batch: Batch) -> list[str]:
    return [item.key for item in batch.items]


def states(store: SqliteStore, subject: str, rule: str = "notify") -> dict[str, str]:
    """Offset to state, of one rule's pings."""
    return {item.offset: item.state for item in store.outgoing(T, subject) if item.rule == rule}


def python(code: str, *args: object) -> subprocess.Popen[str]:
    """A second process that runs this code, with `path` as its first argument's Path."""
    start = "import sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n"
    return subprocess.Popen(
        [sys.executable, "-c", start + textwrap.dedent(code), *map(str, args)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def at_once(code: str, path: Path, processes: int) -> list[tuple[str, str]]:
    """What so many processes say on both streams that run this code; each says that it is `ready` and
    waits for a line."""
    begun = [python(code, path) for _ in range(processes)]
    for process in begun:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in begun:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60) for process in begun]


@contextmanager
def serving(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the file open."""
    code = """
        from storage.sqlite import SqliteStore
        store = SqliteStore(path)
        store.tenants()
        print("open", flush=True)
        sys.stdin.read()
    """
    server = python(code, path)
    assert server.stdout is not None
    assert server.stdout.readline() == "open\n"
    yield server
    server.communicate(timeout=60)


def raw(path: Path) -> Any:
    """The file as another tool would open it."""
    from storage.file import sqlite3

    return sqlite3.connect(str(path), isolation_level=None)
