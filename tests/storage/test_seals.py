"""What people wrote stands in rows of its own, and the trail holds a seal of it and never the words."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.model import Step
from storage.plans import Also
from storage.seals import WRITTEN
from storage.sqlite import SqliteStore
from storage.tables import APPEND_ONLY
from storage.theme_model import Shared
from tests.storage.helpers import (
    ANA,
    BEN,
    FOUND,
    NOW,
    T,
    assessment,
    measure_plan,
    open_case,
    plan,
    raw,
    theme_answer,
)
from tests.storage.test_audit import tamper

SOURCES = {"total_dose": {"id": "U1", "name": "Radiographer A", "at": "2026", "words": "words-heard"}}


@pytest.fixture
def written(store: SqliteStore) -> SqliteStore:
    """A text of its own in every place that takes one."""
    facts = {"account": "words-account", "equipment": "words-equipment", "site": "words-site"}
    facts |= {"examination_intended": "words-intended", "examination_performed": "words-performed"}
    given = assessment(**facts)
    full = type(given)(
        given.facts,
        given.verdict,
        SOURCES,
        "words-local",
        "words-dose",
        "words-who",
        "words-how",
        "words-acts",
    )
    number = store.keep(T, full, by=ANA, now=NOW).number
    store.correct(T, number, full, why="words-correction", expected=1, by=ANA, now=NOW)
    store.confirm(T, number, revision=2, role="words-role", note="words-confirmation", by=BEN, now=NOW)
    store.give_details(T, number, {"site": "words-detail"}, by=ANA, now=NOW)
    ref = open_case(store, note="words-opening")
    for kind in ("note", "analysis", "learning"):
        store.add_note(T, ref, f"words-{kind}", kind=kind, by=ANA, now=NOW)
    notify = Step("notify", note="words-step", authority_reference="words-1")
    store.take_step(T, ref, notify, expected=1, by=ANA, now=NOW)
    discovered = Step("correct_discovery", discovered_on=FOUND, note="words-day")
    moved = (plan("report", FOUND + timedelta(days=80), -1, why="words-deadline"),)
    store.take_step(T, ref, discovered, expected=2, by=ANA, now=NOW, also=Also(deadlines=moved))
    store.snooze(T, ref, "report", until=NOW + timedelta(days=1), why="words-snooze", by=ANA, now=NOW)
    store.meet(T, ref, "notify", note="words-met", by=ANA, now=NOW)
    store.withdraw(T, ref, "report", why="words-withdrawn", by=ANA, now=NOW)
    theme = replace(
        theme_answer(why="words-theme"), shared=Shared("set-up", "diagnostic", "site", "words-of")
    )
    store.answer_theme(T, theme, by=ANA, now=NOW)
    measure = measure_plan("words-measure", owner=None, role="words-owner")
    store.set_measure(T, number, measure, by=ANA, now=NOW)
    return store


def test_the_trail_holds_no_words(written: SqliteStore, path: Path) -> None:
    conn = raw(path)
    kept = {
        (table, column, text)
        for table, columns in WRITTEN.items()
        for column in columns
        for (text,) in conn.execute(f"select {column} from {table} where {column} like '%words%'")
    }
    assert {(table, column) for table, column, _ in kept} == {
        (table, column) for table, columns in WRITTEN.items() for column in columns if column != "title"
    }
    (trail,) = conn.execute("select group_concat(detail) from audit").fetchone()
    assert "words" not in trail
    assert not conn.execute("select 1 from decision_record where facts || sources like '%words%'").fetchone()
    assert written.verify() == []


def test_what_was_written_is_read_as_it_was_given(written: SqliteStore) -> None:
    kept = written.record(T, "2026-0001").assessment
    assert kept.facts["account"] == "words-account"
    assert kept.facts["site"] == "words-site"
    assert kept.sources == SOURCES
    assert written.record(T, "2026-0001").why == "words-correction"
    assert [one.said for one in written.audit(T) if one.said] == ["words-snooze"]


def test_a_rows_digest_can_be_worked_out_with_nothing_of_ours(written: SqliteStore, path: Path) -> None:
    conn = raw(path)
    told = {}
    for (detail,) in conn.execute("select detail from audit where tenant = ?", (T,)):
        told |= json.loads(detail).get("rows", {})
    checked = 0
    for table, key in APPEND_ONLY.items():
        cursor = conn.execute(f"select * from {table}")
        names = [column[0] for column in cursor.description]
        for values in cursor:
            row = dict(zip(names, values, strict=True))
            salts = json.loads(row.pop("salts", None) or "{}")
            for name, salt in salts.items():
                row[name] = hmac.new(salt.encode(), row[name].encode(), hashlib.sha256).hexdigest()
            content = {name: row[name] for name in sorted(row) if row[name] is not None}
            found = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
            assert told["/".join([table, *(str(row[name]) for name in key)])] == found
            checked += len(salts)
    assert checked > 25


def test_the_same_words_twice_have_two_salts(store: SqliteStore, path: Path) -> None:
    ref = open_case(store)
    for _ in range(2):
        store.add_note(T, ref, "the same", by=ANA, now=NOW)
    assert len({salts for (salts,) in raw(path).execute("select salts from note")}) == 2


WAYS = {
    "words put in the place of others": "update note set text = 'x' where seq = 1",
    "a salt that others go with": "update note set salts = '{\"text\": \"00\"}' where seq = 1",
    "a seal in the place of words": "update note set text = '[taken out 2026-11-23]', "
    "salts = '{\"text\": \"=00\"}' where seq = 1",
    "salts that say nothing": "update note set salts = 'oops' where seq = 1",
    "no salts": "update note set salts = null where seq = 1",
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_is_done_to_words_and_salts_is_named(written: SqliteStore, path: Path, way: str) -> None:
    tamper(path, WAYS[way])
    assert "note/C26-0001/1 of trust is not what the audit trail says was written" in written.verify()


def test_a_seal_left_by_nobody_is_named(written: SqliteStore, path: Path) -> None:
    conn = raw(path)
    text, salts = conn.execute("select text, salts from note where seq = 1").fetchone()
    left = hmac.new(json.loads(salts)["text"].encode(), text.encode(), hashlib.sha256).hexdigest()
    tamper(path, f"""update note set text = 'told nobody', salts = '{{"text": "={left}"}}' where seq = 1""")
    assert written.verify() == ["note/C26-0001/1 of trust lacks its text, and nobody took it out"]


def test_a_later_entry_does_not_say_what_a_row_should_be(written: SqliteStore, path: Path) -> None:
    with written._work(T, ANA, NOW) as work:
        work.audit("note added", "C26-0001", {}, {"note/C26-0001/1": "0" * 64})
    assert written.verify() == ["note/C26-0001/1 of trust is told of twice, and not alike"]


@pytest.mark.parametrize("column", ["facts", "verdict", "sources", "heard"])
@pytest.mark.parametrize("json", ["{", "[1]", "3"])
def test_a_record_that_is_damaged_is_said_in_one_line(
    written: SqliteStore, path: Path, column: str, json: str
) -> None:
    tamper(path, f"update decision_record set {column} = '{json}' where number = '2026-0001'")
    for read in (lambda: written.record(T, "2026-0001"), lambda: written.records(T)):
        with pytest.raises(
            Exception, match=r"^2026-0001 r2 is damaged and cannot be read: see irmer verify$"
        ):
            read()
