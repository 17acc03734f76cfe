"""What nobody has touched for as long as a hospital says goes as a whole, and the trail says that it went."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.errors import NotFound
from storage.memory_model import DraftKey
from storage.model import Step
from storage.plans import Also
from storage.retention_model import Before, Outdated
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, BEN, NOW, T, assessment, measure_plan, open_case, raw
from tests.storage.test_audit import tamper
from tests.storage.test_redaction import NAME, bytes_of

pytestmark = pytest.mark.both_stores

YEARS = timedelta(days=3660)
LONG_AFTER = NOW + YEARS
EVERYTHING = Before(*[LONG_AFTER - timedelta(days=3650)] * 4)


@pytest.fixture
def old(store: SqliteStore) -> SqliteStore:
    """Two cases, of which one is closed; their records, one beside them; and an unfinished check."""
    for name in ("one", "two"):
        open_case(store, note=f"{NAME} {name}")
    store.confirm(T, "2026-0001", revision=1, role="mpe", by=BEN, now=NOW)
    store.add_note(T, "2026-0001", NAME, by=ANA, now=NOW)
    for version, (step, met) in enumerate((("notify", "notify"), ("report", "report"), ("close", "")), 1):
        also = Also(meet=(met,) if met else ())
        store.take_step(T, "C26-0001", Step(step), expected=version, by=ANA, now=NOW, also=also)
    for ref in ("C26-0001", "C26-0002"):
        batch = store.claim(None, "chat", worker="w", now=NOW, lease=timedelta(minutes=2))
        assert batch is not None
        store.sent(T, batch, message=ref, now=NOW)
    store.keep(T, assessment(account=NAME), by=ANA, now=NOW)
    store.save_draft(T, DraftKey("chat", "", "user:U1"), {"waiting": NAME}, now=NOW)
    store.first_time(T, "delivered", now=NOW)
    return store


def test_nothing_goes_that_is_not_set_to_go(old: SqliteStore) -> None:
    assert old.outdated(T, Before()) == Outdated()
    assert old.let_go(T, Before(), by=ANA, now=LONG_AFTER) == Outdated()
    assert len(old.records(T)) == 3


def test_what_would_go_is_listed_and_goes_and_what_waits_stays(old: SqliteStore, path: Path) -> None:
    found = old.outdated(T, EVERYTHING)
    assert found == Outdated(1, 1, ("C26-0001",), ("2026-0001", "2026-0003"), ("C26-0002", "2026-0002"))
    assert old.verify() == []
    assert old.let_go(T, EVERYTHING, by=BEN, now=LONG_AFTER) == found
    assert old.verify() == []
    assert old.outdated(T, EVERYTHING) == Outdated(staying=("C26-0002", "2026-0002"))
    for gone in (lambda: old.case(T, "C26-0001"), lambda: old.record(T, "2026-0001")):
        with pytest.raises(NotFound):
            gone()
    assert [record.number for record in old.records(T)] == ["2026-0002"]
    assert [one.number for one in old.incidents(T)] == ["2026-0002"]
    assert old.outgoing(T, "C26-0001") == ()
    assert old.outgoing(T, "C26-0002") != ()
    assert [(e.subject, e.by) for e in old.audit(T) if e.what == "erased"] == [
        ("C26-0001", BEN), ("2026-0001", BEN), ("2026-0003", BEN),
    ]  # fmt: skip
    assert bytes_of(path).count(NAME.encode()) == 1  # what stays, and nothing of what went
    assert old.erasures()[0].startswith("C26-0001: it was let go, with all that was kept of it, on 2036-")


def test_a_number_is_not_given_again_and_what_comes_back_is_named(old: SqliteStore, path: Path) -> None:
    row = raw(path).execute("select * from case_file where ref = 'C26-0001'").fetchone()
    old.let_go(T, EVERYTHING, by=BEN, now=LONG_AFTER)
    assert old.keep(T, assessment(), by=ANA, now=NOW).number == "2026-0004"
    assert old.verify() == []
    marks = ", ".join("null" if value is None else f"'{value}'" for value in row)
    tamper(path, f"insert into case_file values ({marks})")
    assert "case_file/C26-0001 of trust was erased, but is there" in old.verify()


def test_what_was_touched_since_stays(old: SqliteStore) -> None:
    old.add_note(T, "C26-0001", "asked for by the coroner", by=ANA, now=LONG_AFTER - timedelta(days=9))
    found = old.outdated(T, EVERYTHING)
    assert (found.cases, found.records) == ((), ("2026-0003",))
    assert set(found.staying) == {"C26-0002", "2026-0001", "2026-0002"}


def test_a_record_stays_while_a_measure_of_it_is_open_and_takes_its_measures_with_it(
    old: SqliteStore, path: Path
) -> None:
    old.set_measure(T, "2026-0003", measure_plan(NAME), by=ANA, now=NOW)
    assert "2026-0003" in old.outdated(T, EVERYTHING).staying
    old.meet(T, "2026-0003", "measure:1", by=ANA, now=NOW)
    assert "2026-0003" in old.let_go(T, EVERYTHING, by=BEN, now=LONG_AFTER).records
    assert old.verify() == []
    assert raw(path).execute("select count(*) from corrective_measure").fetchone()[0] == 0


def test_the_triggers_are_back(old: SqliteStore, path: Path) -> None:
    old.let_go(T, EVERYTHING, by=BEN, now=LONG_AFTER)
    with pytest.raises(Exception, match="append-only"):
        raw(path).execute("delete from decision_record")
