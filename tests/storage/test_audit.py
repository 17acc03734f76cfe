"""The trail is whole, and whatever is done to the file behind the store's back is found."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from storage import migrations
from storage.sqlite import SqliteStore
from storage.tables import APPEND_ONLY, triggers
from tests.storage.helpers import ANA, BEN, NOW, T, assessment, claim, open_case, raw

TABLES = (*APPEND_ONLY, "audit")


@pytest.fixture
def filled(store: SqliteStore) -> SqliteStore:
    """Something in every append-only table."""
    ref = open_case(store)
    store.correct(T, "2026-0001", assessment("undecided"), why="dose", expected=1, by=BEN, now=NOW)
    store.confirm(T, "2026-0001", revision=2, role="MPE", by=BEN, now=NOW)
    store.add_note(T, ref, "note", by=ANA, now=NOW)
    store.set_setting(T, "nation", "england", by=ANA, now=NOW)
    store.keep("other", assessment(), by=ANA, now=NOW)
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
        ("note added", "C26-0001", ANA), ("setting changed", "", ANA),
    ]  # fmt: skip
    assert {entry.at for entry in entries} == {NOW}
    assert [entry.what for entry in filled.audit(T, subject="2026-0001")] == [
        "record kept", "record corrected", "record confirmed",
    ]  # fmt: skip
    assert [entry.seq for entry in filled.audit(T, after=6)] == [7, 8, 9]
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
    ("change", "told"),
    [
        ("update decision_record set facts = '{}' where revision = 1", "record/2026-0001/1 of trust is not"),
        ("update decision_record set recorded_by_id = 'X' where revision = 2", "record/2026-0001/2 of trust"),
        ("delete from confirmation", "confirmation/2026-0001/2/1 of trust is in the audit trail, but gone"),
        ("update case_step set discovered_on = '2026-11-30'", "case_step/C26-0001/1"),
        ("update deadline set due_on = '2027-12-04' where kind = 'notify'", "deadline/C26-0001/notify/1"),
        ("update note set text = 'another'", "note/C26-0001/1"),
        ("update case_file set title = 'x'", "case_file/C26-0001"),
        ("delete from case_record", "case_record/C26-0001/2026-0001"),
        (
            "insert into note select tenant, subject, 2, kind, text, written_at, 'U9', 'X' from note",
            "note/C26-0001/2 of trust is not in the audit trail",
        ),
        ("update audit set by_name = 'X' where seq = 3", "audit entry 3 of trust has been changed"),
        ("delete from audit where seq = 4 and tenant = 'trust'", "audit entries 4 to 4 of trust are gone"),
        ("delete from audit where tenant = 'other'", "record/2026-0001/1 of other is not in the audit trail"),
        ("update setting set value = '\"wales\"'", "the setting nation of trust"),
        ("update numbering set last = 9 where series = '2026'", "1 of the 9 numbers given in 2026"),
    ],
)  # fmt: skip
def test_what_was_changed_behind_our_back_is_found(
    filled: SqliteStore, path: Path, change: str, told: str
) -> None:
    tamper(path, change)
    problems = filled.verify()
    assert any(told in problem for problem in problems), problems
    assert all("\n" not in problem for problem in problems)


def test_an_entry_changed_with_its_hash_breaks_the_chain_after_it(filled: SqliteStore, path: Path) -> None:
    conn = raw(path)
    row = list(conn.execute(
        "select tenant, seq, at, by_id, by_name, what, subject, detail, previous_hash from audit "
        "where tenant = 'trust' and seq = 3"
    ).fetchone())  # fmt: skip
    conn.close()
    row[4] = "Somebody else"
    forged = hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()
    tamper(
        path,
        f"update audit set by_name = 'Somebody else', hash = '{forged}' where tenant = 'trust' and seq = 3",
    )
    assert filled.verify() == ["audit entry 4 of trust does not follow from the one before it"]


@pytest.mark.parametrize(
    "name", [f"{table}_no_{what}" for table in TABLES for what in ("update", "delete", "replace")]
)
def test_a_missing_trigger_is_told(filled: SqliteStore, path: Path, name: str) -> None:
    raw(path).execute(f"drop trigger {name}")
    assert filled.verify() == [f"the trigger {name} is gone: rows could be changed unseen"]
    assert not filled.doctor(now=NOW).triggers


def test_a_trigger_that_was_weakened_is_told(filled: SqliteStore, path: Path) -> None:
    conn = raw(path)
    conn.execute("drop trigger note_no_delete")
    conn.execute(
        "create trigger note_no_delete before delete on note when 0 begin select raise(abort, 'x'); end"
    )
    assert filled.verify() == ["the trigger note_no_delete has been changed"]


def test_a_row_that_refers_to_nothing_is_told(filled: SqliteStore, path: Path) -> None:
    tamper(path, "delete from case_file")
    assert "a row of case_step refers to a row of case_file that is not there" in filled.verify()


def test_a_later_column_that_is_empty_changes_no_digest(filled: SqliteStore, path: Path) -> None:
    filled.close()
    raw(path).execute("alter table note add column later text")
    again = SqliteStore(path)
    assert again.verify() == ["the table note has been changed"]
    again.close()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "update outbox set state = 'sent' where rule = 'report'",
            "is marked as sent, but its sending was never",
        ),
        ("delete from outbox where state = 'sent'", "was sent, but is not there as sent any more"),
        (
            "update outbox set state = 'due' where state = 'sent'",
            "was sent, but is not there as sent any more",
        ),
        ("drop view deadline_now", "the view deadline_now is gone"),
    ],
)
def test_a_reminder_marked_behind_the_stores_back_is_found(
    filled: SqliteStore, path: Path, statement: str, told: str
) -> None:
    batch = claim(filled, NOW + timedelta(days=30))
    filled.sent(T, batch, message="m1", now=NOW)
    assert filled.verify() == []
    raw(path).execute(statement)
    problems = filled.verify()
    assert len(problems) >= 1
    assert all(told in problem for problem in problems), problems


def test_a_view_that_hides_something_is_found(filled: SqliteStore, path: Path) -> None:
    raw(path).executescript(
        "drop view deadline_now; create view deadline_now as select * from deadline where state = 'met'"
    )
    assert filled.verify() == ["the view deadline_now has been changed"]


def test_the_doctor_sees_a_clock_that_went_back(filled: SqliteStore) -> None:
    assert not [p for p in filled.doctor(now=NOW - timedelta(minutes=4)).problems if "clock" in p]
    (told,) = [p for p in filled.doctor(now=NOW - timedelta(days=1)).problems if "clock" in p]
    assert "something was written at" in told
