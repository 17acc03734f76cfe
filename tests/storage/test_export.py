"""An export is one moment of one tenant, row by row, and holds nobody up."""

import threading
from itertools import pairwise
from pathlib import Path

import pytest

from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, BEN, NOW, T, assessment, open_case, raw


def test_an_export_is_as_it_stood_when_it_began_and_ends_with_itself(store: SqliteStore) -> None:
    ref = open_case(store)
    store.keep("other", assessment(), by=ANA, now=NOW)
    with store.export(T, by=BEN, now=NOW) as found:
        first = next(found)
        store.add_note(T, ref, "while it is read", by=ANA, now=NOW)  # waits for nobody
        rows = [first, *found]
    assert {row["tenant"] for row in rows} == {T}
    assert [row for row in rows if row["table"] == "note"] == []
    trail = [row for row in rows if row["table"] == "audit"]
    assert [row["seq"] for row in trail] == list(range(1, len(trail) + 1))
    assert (trail[-1]["what"], trail[-1]["by_id"]) == ("exported", "U2")
    assert all(after["previous_hash"] == before["hash"] for before, after in pairwise(trail))
    assert store.audit(T)[-1].what == "note added"
    assert store.verify() == []


def test_others_write_while_an_export_begins_and_none_of_it_is_half_in_it(store: SqliteStore) -> None:
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            open_case(store)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            with store.export(T, by=BEN, now=NOW) as found:
                rows = list(found)
            opened = {row["ref"] for row in rows if row["table"] == "case_file"}
            told = {
                row["subject"] for row in rows if row["table"] == "audit" and row["what"] == "case opened"
            }
            assert opened == told
            numbers = [row["seq"] for row in rows if row["table"] == "audit"]
            assert numbers == list(range(1, len(numbers) + 1))
    finally:
        done.set()
        writer.join()


def test_what_fails_while_it_is_read_leaves_the_store_as_it_was(store: SqliteStore) -> None:
    open_case(store)

    def read_and_fail() -> None:
        with store.export(T, by=BEN, now=NOW) as found:
            next(found)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        read_and_fail()
    assert open_case(store) == "C26-0002"
    assert [entry.what for entry in store.audit(T)].count("exported") == 1


def test_a_damaged_row_is_exported_as_it_stands(store: SqliteStore, path: Path) -> None:
    store.set_setting(T, "nation", "wales", by=ANA, now=NOW)
    raw(path).execute("update setting set value = '{'")
    with store.export(T, by=BEN, now=NOW) as found:
        (row,) = [row for row in found if row["table"] == "setting"]
    assert row["value"] == "{"
