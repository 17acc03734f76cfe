"""The trail is whole, and whatever is done to the file behind the store's back is found."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from storage import migrations
from storage.chat_connection_model import ConnectionPlan
from storage.organisation_model import Outside
from storage.sqlite import SqliteStore
from storage.tables import APPEND_ONLY, triggers
from tests.storage.helpers import ANA, BEN, NOW, T, assessment, measure_plan, open_case, raw, theme_answer

TABLES = (*APPEND_ONLY, "audit")


@pytest.fixture
def filled(store: SqliteStore) -> SqliteStore:
    """Something in every append-only table."""
    ref = open_case(store)
    store.correct(T, "2026-0001", assessment("undecided"), why="dose", expected=1, by=BEN, now=NOW)
    store.confirm(T, "2026-0001", revision=2, role="MPE", by=BEN, now=NOW)
    store.add_note(T, ref, "note", by=ANA, now=NOW)
    store.give_details(T, "2026-0001", {"site": "East"}, by=ANA, now=NOW)
    store.set_setting(T, "nation", "england", by=ANA, now=NOW)
    store.keep(T, assessment(), by=ANA, now=NOW)
    store.answer_theme(T, theme_answer(), by=ANA, now=NOW)
    store.set_measure(T, "2026-0001", measure_plan(), by=ANA, now=NOW)
    store.add_organisation("other", "Northern Trust", by=ANA, now=NOW)
    store.bind("other", Outside("slack", "workspace", "T1"), how="by hand", by=ANA, now=NOW)
    store.keep("other", assessment(), by=ANA, now=NOW)
    later = NOW + timedelta(days=1)
    ref = open_case(store, tenant="other")
    store.snooze("other", ref, "notify", until=later, why="on leave", by=ANA, now=NOW)
    ward = ConnectionPlan("slack", "A0IRMER", "T1", "", "U0IRMER", "Ward", "chat:write", "other")
    store.connect(ward, {}, None, installed_at=NOW, by=ANA, now=NOW)
    return store


def tamper(path: Path, *statements: str) -> None:
    """As somebody would who knows SQLite and not us: the triggers are put aside and put back."""
    conn = raw(path)
    conn.execute("pragma foreign_keys=off")
    conn.execute("begin")
    for name in triggers():
        conn.execute(f"drop trigger {name}")
    for statement in statements:
        assert conn.execute(statement).rowcount >= 1
    for trigger in triggers().values():
        conn.execute(trigger)
    conn.execute("commit")
    conn.close()


def test_an_untouched_file_verifies(filled: SqliteStore) -> None:
    assert filled.verify() == []
    health = filled.doctor(now=NOW)
    assert (health.triggers, health.chain, health.schema) == (True, True, migrations.NAMES[-1])
    assert [problem for problem in health.problems if not problem.startswith("SQLite ")] == []


def test_every_entry_says_who_did_what_when(filled: SqliteStore) -> None:
    entries = filled.audit(T)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert [(entry.what, entry.subject, entry.by) for entry in entries] == [
        ("record kept", "2026-0001", ANA), ("case opened", "C26-0001", ANA),
        ("deadline set", "C26-0001", ANA), ("deadline set", "C26-0001", ANA),
        ("post queued", "C26-0001", ANA),
        ("record corrected", "2026-0001", BEN), ("record confirmed", "2026-0001", BEN),
        ("note added", "C26-0001", ANA), ("details given", "2026-0001", ANA), ("setting changed", "", ANA),
        ("record kept", "2026-0002", ANA), ("theme opened", "T26-0001", ANA),
        ("measure set", "2026-0001", ANA), ("deadline set", "2026-0001", ANA),
    ]  # fmt: skip
    assert {entry.at for entry in entries} == {NOW}
    assert [entry.what for entry in filled.audit(T, subject="2026-0001")] == [
        "record kept", "record corrected", "record confirmed", "details given",
        "measure set", "deadline set",
    ]  # fmt: skip
    assert [entry.seq for entry in filled.audit(T, after=6)] == [7, 8, 9, 10, 11, 12, 13, 14]
    assert [entry.seq for entry in filled.audit(T, limit=2)] == [1, 2]


def test_the_chain_can_be_worked_out_with_nothing_of_ours(filled: SqliteStore, path: Path) -> None:
    previous = ""
    columns = "tenant, seq, at, by_id, by_name, what, subject, detail, previous_hash, hash"
    rows = raw(path).execute(f"select {columns} from audit where tenant = ? order by seq", (T,)).fetchall()
    assert rows
    for *content, found in rows:
        assert content[-1] == previous
        assert found == hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
        previous = found


def test_a_refusal_can_be_put_into_the_trail(store: SqliteStore) -> None:
    entry = store.log(T, "refused", "C26-0001", {"wanted": "close", "rows": {"forged": "x"}}, by=ANA, now=NOW)
    assert (entry.what, entry.subject, entry.detail, entry.by) == (
        "refused",
        "C26-0001",
        {"wanted": "close"},
        ANA,
    )
    assert store.audit(T) == (entry,)
    assert store.verify() == []


@pytest.mark.parametrize("table", TABLES)
def test_no_row_can_be_changed_removed_or_replaced(filled: SqliteStore, path: Path, table: str) -> None:
    conn = raw(path)
    assert conn.execute(f"select count(*) from {table}").fetchone()[0] > 0
    stored = [row[1] for row in conn.execute(f"pragma table_xinfo({table})") if row[6] == 0]
    columns = ", ".join(stored)
    for statement in (
        f"update {table} set tenant = tenant",
        f"delete from {table}",
        f"insert or replace into {table} ({columns}) select {columns} from {table} limit 1",
    ):
        with pytest.raises(Exception, match="is append-only"):
            conn.execute(statement)
    assert filled.verify() == []


@pytest.mark.parametrize(
    "name", [f"{table}_no_{what}" for table in TABLES for what in ("update", "delete", "replace")]
)
def test_a_missing_trigger_is_told(filled: SqliteStore, path: Path, name: str) -> None:
    raw(path).execute(f"drop trigger {name}")
    assert filled.verify() == [f"the trigger {name} is gone: rows could be changed unseen"]
    assert not filled.doctor(now=NOW).triggers


def test_a_later_column_that_is_empty_changes_no_digest(filled: SqliteStore, path: Path) -> None:
    filled.close()
    raw(path).execute("alter table note add column later text")
    again = SqliteStore(path)
    assert again.verify() == ["the table note has been changed"]
    again.close()


def test_the_doctor_sees_a_clock_that_went_back(filled: SqliteStore) -> None:
    assert not [p for p in filled.doctor(now=NOW - timedelta(minutes=4)).problems if "clock" in p]
    (told,) = [p for p in filled.doctor(now=NOW - timedelta(days=1)).problems if "clock" in p]
    assert "something was written at" in told
