"""Processes that write: cases without end, deliveries that come several times, files that fill up."""

from __future__ import annotations

import random
import resource
import time
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from storage.errors import DiskFull, Duplicate, StoreError
from storage.model import Assessment, Destination, NewCase, Person
from storage.plans import Also, DeadlinePlan, PingPlan, PostPlan
from storage.sqlite import SqliteStore
from storage.store import Store
from tools.faults.stores import Where, opened

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHO, WHERE, T = Person("U1", "Radiographer A"), Destination("chat", "incidents"), "trust"
DAYS = (7, 3, 1, 0)
MESSAGES = 2 * len(DAYS) + 1
"""Two deadlines' pings and a card: what a whole case has in the outbox."""


def open_case(store: Store, delivery: str = "", *, tenant: str = T) -> str:
    facts = {"category": "diagnostic", "total_dose": "24 mSv", "account": "wrong patient scanned"}
    found = NOW.date()
    deadlines = [_plan("notify", found + timedelta(days=14)), _plan("report", found + timedelta(days=84))]
    also = Also(delivery, tuple(deadlines), posts=(PostPlan("card", WHERE, remember=True),))
    new = NewCase("Wrong patient", found, (Assessment(facts, {"outcome": "notify", "codes": ["2.2"]}),))
    return store.open_case(tenant, new, by=WHO, now=NOW, also=also).ref


def _plan(kind: str, due: date) -> DeadlinePlan:
    pings = (PingPlan(f"-{days}d", due - timedelta(days=days), WHERE) for days in DAYS)
    return DeadlinePlan(kind, due, tuple(pings))


def is_whole(store: Store, ref: str, *, tenant: str = T) -> bool:
    case = store.case(tenant, ref)
    kinds = [deadline.kind for deadline in case.deadlines]
    return (kinds, len(case.records), len(store.outgoing(tenant, ref))) == (["notify", "report"], 1, MESSAGES)


def open_cases(path: Path, acknowledge: Connection, _name: str) -> None:
    store = SqliteStore(path)
    while True:
        acknowledge.send(open_case(store))


def open_cases_whatever_happens(where: Where, tenant: str, acknowledge: Connection, _name: str) -> None:
    """As a replica goes on by itself once its server is there again."""
    store = None
    while True:
        try:
            store = store or opened(where)
            acknowledge.send(open_case(store, tenant=tenant))
        except StoreError:
            time.sleep(0.05)


def deliver(path: Path, deliveries: int, seed: int, answers: Connection) -> None:
    """Each delivery twice, in an order of its own."""
    keys = [*range(deliveries)] * 2
    random.Random(seed).shuffle(keys)
    store = SqliteStore(path)
    for key in keys:
        try:
            answers.send((key, open_case(store, f"Ev{key}")))
        except Duplicate as error:
            answers.send((key, error.result))
    answers.close()


def fill(path: Path, limit: int, answers: Connection) -> None:
    """Writes until a file may grow no more; then there is space again, and it goes on with the same store.
    Answers: what was acknowledged, what was told, and whether it went on."""
    acknowledged, told, went_on = [], "", False
    store = SqliteStore(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        while True:
            acknowledged.append(open_case(store))
    except DiskFull as error:
        told = str(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for _ in range(3):
        acknowledged.append(open_case(store))
        went_on = True
    answers.send((acknowledged, told, went_on))


def migrate(path: Path, begin: Connection, answers: Connection) -> None:
    begin.recv()
    try:
        SqliteStore(path).close()
        answers.send("")
    except Exception as error:  # noqa: BLE001 - whatever it is goes into the table
        answers.send(f"{type(error).__name__}: {error}")
