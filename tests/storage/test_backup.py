import stat
import threading
from pathlib import Path

import pytest

from storage.errors import Duplicate, ReadOnly, StoreError
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, NOW, T, assessment, open_case, raw
from tests.storage.test_audit import tamper


def test_a_backup_is_a_whole_store_of_its_own(store: SqliteStore, tmp_path: Path) -> None:
    ref = open_case(store)
    told = store.backup(tmp_path / "copy.sqlite", now=NOW)
    assert "1 records, 1 cases" in told
    *_, last, made = store.audit(T)
    assert last.hash[:16] in told
    assert (made.what, made.detail) == ("backup made", {"file": "copy.sqlite"})
    assert "\n" not in told
    store.add_note(T, ref, "after the backup", by=ANA, now=NOW)
    restored = SqliteStore(tmp_path / "copy.sqlite")
    assert restored.case(T, ref) == store.case(T, ref)
    assert restored.notes(T, ref) == ()
    assert restored.outgoing(T, ref) == store.outgoing(T, ref)
    assert restored.verify() == []
    restored.close()


def test_a_backup_is_one_file_that_only_its_owner_can_read(store: SqliteStore, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    store.backup(place / "copy.sqlite", now=NOW)
    assert [found.name for found in place.iterdir()] == ["copy.sqlite"]
    assert stat.S_IMODE((place / "copy.sqlite").stat().st_mode) == 0o600


def test_a_backup_overwrites_nothing(store: SqliteStore, path: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    for taken in (tmp_path / "there", path):
        with pytest.raises(Duplicate, match="overwrites nothing"):
            store.backup(taken, now=NOW)
    assert (tmp_path / "there").read_text() == "mine"
    assert store.verify() == []


def test_a_backup_into_nowhere_is_refused_in_one_line(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(ReadOnly) as error:
        store.backup(tmp_path / "nowhere" / "copy.sqlite", now=NOW)
    assert "\n" not in str(error.value)


def test_a_store_that_was_tampered_with_gives_no_backup(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    store.keep(T, assessment(), by=ANA, now=NOW)
    tamper(path, "update decision_record set facts = '{}'")
    with pytest.raises(StoreError, match="decision_record/2026-0001/1"):
        store.backup(tmp_path / "copy.sqlite", now=NOW)
    assert not list(tmp_path.glob("copy*"))


def test_backups_work_while_others_write(store: SqliteStore, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            store.keep(T, assessment(), by=ANA, now=NOW)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            store.backup(tmp_path / f"copy{n}.sqlite", now=NOW)
    finally:
        done.set()
        writer.join()
    counts = [
        raw(tmp_path / f"copy{n}.sqlite").execute("select count(*) from audit").fetchone()[0]
        for n in range(3)
    ]
    assert counts == sorted(counts)
    assert store.verify() == []
