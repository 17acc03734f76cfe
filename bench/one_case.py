"""A case as the measures of the store write it: its record, two deadlines, eight pings and a card."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from storage.model import Assessment, Destination, NewCase, Person
from storage.plans import Also, DeadlinePlan, PingPlan, PostPlan
from storage.store import Cases

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHERE, WHO = Destination("chat", "incidents"), Person("U1", "Radiographer A")


def plan(kind: str, due: date) -> DeadlinePlan:
    pings = (PingPlan(f"-{days}d", due - timedelta(days=days), WHERE) for days in (7, 3, 1, 0))
    return DeadlinePlan(kind, due, tuple(pings))


def open_case(store: Cases, tenant: str) -> str:
    """Its reference."""
    facts = {"category": "diagnostic", "total_dose": "24 mSv", "account": "wrong patient scanned " * 5}
    reasons = [{"code": f"2.{n}", "state": "ruled_out", "words": "24 mSv is below " * 5} for n in range(8)]
    assessment = Assessment(facts, {"outcome": "notify", "codes": ["2.2"], "reasons": reasons})
    found = NOW.date()
    deadlines = plan("notify", found + timedelta(days=14)), plan("report", found + timedelta(days=84))
    also = Also(deadlines=deadlines, posts=(PostPlan("card", WHERE, remember=True),))
    new = NewCase("Wrong patient", found, (assessment,))
    return store.open_case(tenant, new, by=WHO, now=NOW, also=also).ref


def anew(row: list[Any], keys: list[int], written: int, rows: int) -> list[Any]:
    """The row under other keys: the `written`th time that the `rows` rows are."""
    values = list(row)
    for key in keys:
        if isinstance(row[key], int):
            values[key] += written * rows
        elif row[key]:
            values[key] = f"{row[key]}.{written}"
    return values
