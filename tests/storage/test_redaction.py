"""A text is taken out: no byte of it stays, and what was decided, when and by whom still verifies."""

from pathlib import Path

import pytest

from storage.errors import Conflict, Invalid, NotFound
from storage.memory_model import DraftKey
from storage.redaction import OF_CASE, OF_RECORD
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, BEN, NOW, T, assessment, open_case, raw
from tests.storage.test_audit import tamper
from tests.storage.test_seals import written as filled  # noqa: F401 - a fixture

pytestmark = pytest.mark.both_stores

NAME = "Mr Testperson of Testtown"
WHY = "it names a person"


def bytes_of(path: Path) -> bytes:
    """Whatever lies there: the file, its log, copies."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()) if file.is_file())


@pytest.mark.parametrize(("subject", "what"), [
    *(("2026-0001", name) for name in OF_RECORD if name not in ("deadlines", "erasures")),
    *(("C26-0001", name) for name in OF_CASE if name != "erasures"),
    ("C26-0001", "note 1"), ("C26-0001", "learning 3"),
])  # fmt: skip
def test_each_text_can_be_taken_out_once(filled: SqliteStore, path: Path, subject: str, what: str) -> None:  # noqa: F811
    if what == "title":
        assert "Wrong patient" in filled.case(T, subject).title
    made = filled.redact(T, subject, what.replace("_", " "), why=WHY, by=BEN, now=NOW)
    assert made.texts >= 1
    assert filled.verify() == []
    entry = filled.audit(T, subject=subject)[-1]
    assert (entry.what, entry.by, entry.said) == ("erased", BEN, WHY)
    with pytest.raises(Conflict, match=f"^the {made.what} of {subject} was taken out already$"):
        filled.redact(T, subject, what, why=WHY, by=BEN, now=NOW)


def test_no_byte_of_it_stays_in_the_file_its_log_or_a_later_backup(store: SqliteStore, path: Path) -> None:
    ref = open_case(store, note="as it was told")
    number = store.case(T, ref).records[0]
    store.save_draft(T, DraftKey("chat", "", "user:U1"), {"details": {"account": NAME}}, now=NOW)
    store.correct(T, number, assessment(account=NAME, equipment=NAME), why="x", expected=1, by=ANA, now=NOW)
    store.correct(T, number, assessment(account=NAME), why="y", expected=2, by=ANA, now=NOW)
    store.add_note(T, ref, f"told {NAME}", by=ANA, now=NOW)
    assert NAME.encode() in bytes_of(path)
    made = store.redact(T, number, "account", why=WHY, by=BEN, now=NOW)
    assert (made.texts, made.drafts) == (3, 1)
    assert made.elsewhere == (f"equipment of {number}", f"note 1 of {ref}")
    store.redact(T, number, "equipment", why=WHY, by=BEN, now=NOW)
    store.redact(T, ref, "note 1", why=WHY, by=BEN, now=NOW)
    assert NAME.encode() not in bytes_of(path)
    assert NAME.lower().encode() not in bytes_of(path)  # the register
    store.backup(path.with_name("copy.sqlite"), now=NOW)
    store.close()
    assert NAME.encode() not in bytes_of(path)
    again = SqliteStore(path)
    assert again.record(T, number).assessment.facts["account"] == "[taken out 2026-11-23]"
    assert again.record(T, number).outcome == "notify"
    assert again.verify() == []
    again.close()


def test_what_was_made_before_is_named(store: SqliteStore, path: Path) -> None:
    number = store.keep(T, assessment(account=NAME), by=ANA, now=NOW).number
    store.backup(path.with_name("copy.sqlite"), now=NOW)
    with store.export(T, by=BEN, now=NOW) as found:
        list(found)
    for subject in (number, "2026-0099"):
        store.log(T, "paper made", subject, {"file": f"{subject}-report-r1"}, by=BEN, now=NOW)
    made = store.redact(T, number, "account", why=WHY, by=BEN, now=NOW)
    at = "2026-11-23T09:00:00.000000Z"
    assert made.copies == (
        (at, "backup made", "copy.sqlite"), (at, "exported", ""), (at, "paper made", f"{number}-report-r1"),
    )  # fmt: skip


def test_a_draft_that_is_discarded_leaves_no_byte(store: SqliteStore, path: Path) -> None:
    key = DraftKey("chat", "", "user:U1")
    store.save_draft(T, key, {"waiting": NAME * 3000}, now=NOW)  # over more than a page
    store.save_draft(T, key, {"waiting": NAME}, now=NOW)
    assert NAME.encode() in bytes_of(path)
    store.discard_draft(T, key, by=ANA, now=NOW)
    assert NAME.encode() not in bytes_of(path)


def test_what_was_written_over_or_kept_leaves_no_byte_by_the_next_look(
    store: SqliteStore, path: Path
) -> None:
    key = DraftKey("chat", "", "user:U1")
    store.save_draft(T, key, {"waiting": NAME}, now=NOW)
    store.save_draft(T, key, {"waiting": ""}, now=NOW)
    assert store.scrub()
    assert NAME.encode() not in bytes_of(path)
    store.save_draft(T, key, {"waiting": NAME}, now=NOW)
    store.drop_draft(T, key)
    assert store.scrub()
    assert NAME.encode() not in bytes_of(path)


def test_who_reads_a_long_time_only_puts_it_off(store: SqliteStore, path: Path) -> None:
    store.save_draft(T, DraftKey("chat", "", "user:U1"), {"waiting": NAME}, now=NOW)
    with store.export(T, by=BEN, now=NOW) as found:
        next(found)
        store.drop_draft(T, DraftKey("chat", "", "user:U1"))
        assert not store.scrub()
    assert store.scrub()
    assert NAME.encode() not in bytes_of(path)


@pytest.mark.parametrize(("subject", "what", "error", "told"), [
    ("2026-0001", "name", Invalid, "name the text that goes: account, "),
    ("2026-0001", "title", Invalid, "name the text that goes: account, "),
    ("2026-0001", "note", Invalid, "or a note by its number, such as note 2"),
    ("2026-0001", "note 7", NotFound, "2026-0001 has no note 7: nothing was taken out"),
    ("C26-0001", "reference", NotFound, "C26-0001 has no reference: nothing was taken out"),
    ("2026-0009", "account", NotFound, "there is no record 2026-0009 here"),
])  # fmt: skip
def test_what_cannot_be_taken_out_is_said(
    store: SqliteStore, subject: str, what: str, error: type[Exception], told: str
) -> None:
    open_case(store)
    with pytest.raises(error, match=told):
        store.redact(T, subject, what, why=WHY, by=BEN, now=NOW)
    with pytest.raises(Invalid, match="needs a reason"):
        store.redact(T, subject, what, why=" ", by=BEN, now=NOW)


def test_another_text_in_the_place_of_one_that_was_taken_out_is_named(store: SqliteStore, path: Path) -> None:
    number = store.keep(T, assessment(account=NAME), by=ANA, now=NOW).number
    store.redact(T, number, "account", why=WHY, by=BEN, now=NOW)
    tamper(path, "update decision_record set what_happened = 'nothing happened'")
    assert store.verify() == [f"decision_record/{number}/1 of trust has a what_happened that was taken out"]


def test_what_was_taken_out_is_listed(store: SqliteStore) -> None:
    number = store.keep(T, assessment(account=NAME), by=ANA, now=NOW).number
    assert store.erasures() == ()
    store.redact(T, number, "account", why=WHY, by=BEN, now=NOW)
    assert store.erasures() == (f"{number}: what_happened taken out of 1 row on 2026-11-23 by Physicist B",)


def test_why_a_text_went_can_go_as_well(store: SqliteStore) -> None:
    number = store.keep(T, assessment(account=NAME), by=ANA, now=NOW).number
    store.redact(T, number, "account", why=f"it names {NAME}", by=BEN, now=NOW)
    store.redact(T, number, "erasures", why=WHY, by=BEN, now=NOW)
    assert [one.said for one in store.audit(T)][1:] == ["[taken out 2026-11-23]", WHY]
    assert store.verify() == []


def test_the_triggers_are_back(store: SqliteStore, path: Path) -> None:
    number = store.keep(T, assessment(account=NAME), by=ANA, now=NOW).number
    store.redact(T, number, "account", why=WHY, by=BEN, now=NOW)
    with pytest.raises(Exception, match="append-only"):
        raw(path).execute("update decision_record set outcome = 'x'")
