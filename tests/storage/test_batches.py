"""Which messages go together, which go first, and which are not sent any more."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.case_states import ACTIVE
from storage.model import Destination
from storage.plans import Also, DeadlinePlan, PingPlan
from storage.sqlite import SqliteStore
from tests.storage.helpers import (
    ANA,
    DUE,
    LEADS,
    LEASE,
    NOW,
    ON_THE_DAY,
    WARD,
    T,
    claim,
    claims_nothing,
    keys,
    one_ping,
    open_case,
    plan,
    raw,
    send,
    states,
)

pytestmark = pytest.mark.both_stores

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def test_several_due_in_one_channel_make_one_message_in_the_channel_itself(store: SqliteStore) -> None:
    refs = [one_ping(store) for _ in range(3)]
    for ref in refs:
        store.remember_address(T, ref, Destination("chat", "incidents", f"thread-{ref}"), f"m-{ref}", now=NOW)
    other = one_ping(store, place=LEADS)
    batch = claim(store, ON_THE_DAY)
    assert [item.subject for item in batch.items] == refs
    assert batch.place == WARD
    assert [item.place.thread for item in batch.items] == [f"thread-{ref}" for ref in refs]
    assert [item.subject for item in claim(store, ON_THE_DAY).items] == [other]


def test_pings_of_one_case_go_into_its_thread(store: SqliteStore) -> None:
    ref = open_case(store, also=Also(deadlines=(plan("notify", DUE, 0), plan("local:datix", DUE, 0))))
    store.remember_address(T, ref, WARD, "m1", now=NOW)
    batch = claim(store, ON_THE_DAY)
    assert (len(batch.items), batch.place) == (2, Destination("chat", "incidents", "m1"))


def test_a_message_of_several_is_checked_and_sent_again_as_one_in_its_place(store: SqliteStore) -> None:
    refs = [one_ping(store) for _ in range(2)]
    for ref in refs:
        store.remember_address(T, ref, WARD, f"m-{ref}", now=NOW)
    first = claim(store, ON_THE_DAY)
    late = one_ping(store)
    store.meet(T, refs[0], "notify", by=ANA, now=ON_THE_DAY)
    after = ON_THE_DAY + LEASE + SECOND
    found = [send(store, after, worker="w2") for _ in range(2)]
    again, fresh = sorted(found, key=lambda batch: not batch.check_first)
    assert [item.subject for item in again.items] == [refs[1]]
    assert (again.key, again.place) == (first.key, WARD)
    assert [item.subject for item in fresh.items] == [late]


def test_a_batch_is_no_longer_than_asked_for(store: SqliteStore) -> None:
    for _ in range(5):
        one_ping(store)
    assert [len(send(store, ON_THE_DAY, limit=2).items) for _ in range(3)] == [2, 2, 1]


def test_the_earliest_deadline_goes_first(store: SqliteStore) -> None:
    places = [Destination("chat", name) for name in "abc"]
    dues = [DUE + 2 * DAY, DUE, DUE + DAY]
    for place, due in zip(places, dues, strict=True):
        open_case(store, also=Also(deadlines=(plan("notify", due, -3, place=place),)))
    after_the_outage = ON_THE_DAY + 30 * DAY
    assert [claim(store, after_the_outage).place.conversation for _ in range(3)] == ["b", "c", "a"]


def test_after_an_outage_only_the_latest_ping_of_a_case_and_rule_is_sent(store: SqliteStore) -> None:
    ref = open_case(
        store,
        also=Also(deadlines=(plan("notify", DUE, -7, -3, -1, 0), plan("report", DUE + 70 * DAY, -7, 0))),
    )
    batch = claim(store, ON_THE_DAY + 6 * timedelta(hours=1))
    assert keys(batch) == [f"{ref}/notify/1/+0d"]
    assert states(store, ref) == {
        "-7d": "superseded",
        "-3d": "superseded",
        "-1d": "superseded",
        "+0d": "sending",
    }
    assert claims_nothing(store, ON_THE_DAY + 6 * timedelta(hours=1))
    assert states(store, ref, "report") == {"-7d": "due", "+0d": "due"}
    entry = next(entry for entry in store.audit(T) if entry.what == "pings superseded")
    assert entry.detail["keys"] == [f"{ref}/notify/1/{day}d" for day in (-1, -3, -7)]


def test_an_older_ping_is_not_sent_once_a_newer_one_was(store: SqliteStore) -> None:
    ref = open_case(store, also=Also(deadlines=(plan("notify", DUE, -1, 0),)))
    store.unknown(T, claim(store, ON_THE_DAY - DAY), at=ON_THE_DAY + MINUTE, now=ON_THE_DAY - DAY)
    store.sent(T, claim(store, ON_THE_DAY), message="m", now=ON_THE_DAY)
    assert claims_nothing(store, ON_THE_DAY + MINUTE)
    assert states(store, ref) == {"-1d": "superseded", "+0d": "sent"}


def test_an_escalation_elsewhere_is_not_superseded_by_the_cases_own_ping(store: SqliteStore) -> None:
    pings = (PingPlan("+1d", DUE + DAY, WARD), PingPlan("escalate +1d", DUE + DAY, LEADS, escalation=True))
    open_case(store, also=Also(deadlines=(DeadlinePlan("notify", DUE, pings),)))
    found = {claim(store, ON_THE_DAY + DAY).place for _ in range(2)}
    assert found == {WARD, LEADS}


def plans(path: Path, asked: list[str], *, every: bool = False) -> list[str]:
    """How SQLite goes about each question, without knowing how many rows there are; of those about messages,
    or of every one."""
    conn, values = raw(path), ("chat",) * 20
    return [
        "; ".join(row[3] for row in conn.execute(f"explain query plan {sql}", values[: sql.count("?")]))
        for sql in asked
        if every or "outbox" in sql
    ]


def test_no_list_and_no_look_walks_through_what_lies_behind(store: SqliteStore, path: Path) -> None:
    """Only an index of what is open may be read from end to end: the rest grows with the years."""
    ref = open_case(store, owner=ANA)
    asked: list[str] = []
    connections = store._connections
    assert connections._reader is not None
    connections._reader.set_trace_callback(asked.append)
    today = ON_THE_DAY.date()
    for owner in ("", "U1"):
        for soonest in (False, True):
            store.cases(T, states=ACTIVE, owner=owner, soonest=soonest, limit=20)
        store.count_cases(T, states=ACTIVE, owner=owner, due_before=today)
    store.cases(T, limit=20)
    store.deadlines(T, limit=20)
    store.deadlines(T, subject=ref, state="")
    store.deadlines(T, subject=ref, state="", history=True)
    store.count_deadlines(T, until=today)
    store.records(T, status="provisional", limit=20)
    store.count_records(T, status="provisional")
    store.record(T, "2026-0001")
    for tenant in (None, T):
        store.unwatched(tenant)
        store.undelivered(tenant)
        store.late(tenant, before=NOW)
    store.to_come(T, after=NOW)
    found = [(sql, plan) for sql, plan in zip(asked, plans(path, asked, every=True), strict=True)]
    assert len(found) > 30
    of_open = ("deadline_open", "outbox_open", "outbox_dead_posts")
    walks = [
        (sql, step)
        for sql, plan in found
        for step in plan.split("; ")
        if step.startswith("SCAN") and not step.endswith(of_open) and "CONSTANT" not in step
    ]
    assert walks == []
    wide = [
        (sql, step)
        for sql, plan in found
        for step in plan.split("; ")
        if step.endswith("(tenant=?)") and not any(index in step for index in ONE_TENANTS)
    ]
    assert wide == []


# Read from end to end for one tenant: what is open or active, and what a limit cuts short in its own order.
ONE_TENANTS = (
    "deadline_open", "outbox_open", "outbox_dead_posts", "case_active", "case_by_opening",
    "record_provisional",
)  # fmt: skip


def test_neither_asking_nor_claiming_ever_scans_all_messages(store: SqliteStore, path: Path) -> None:
    """So that both cost the same with a million pings waiting, and whatever was sent in years before."""
    asked: list[str] = []
    for _ in range(2):
        open_case(store, also=Also(deadlines=(plan("notify", DUE, -1, 0),)))
    connections = store._connections
    assert connections._reader is not None
    assert connections._writer is not None
    for connection in (connections._reader, connections._writer):
        connection.set_trace_callback(asked.append)
    assert store.next_due(None, "chat") is not None
    batch = claim(store, ON_THE_DAY)
    store.unknown(T, batch, at=ON_THE_DAY, now=ON_THE_DAY)
    store.sent(T, claim(store, ON_THE_DAY), message="m", now=ON_THE_DAY)
    found = plans(path, asked)
    assert len(found) >= 10
    assert [plan for plan in found if "SCAN outbox" in plan or "SCAN this" in plan] == []
    assert not [plan for plan in found if "TEMP B-TREE" in plan and "outbox_ripe_by_place" not in plan]
