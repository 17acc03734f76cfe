"""An import that was cut short: what it brought is in no list, is said to be, and comes in with the next."""

import json
from pathlib import Path

import pytest

from bot.importing.mapping import read_mapping
from bot.importing.source_bytes import source_bytes
from bot.importing.source_files import read_table
from bot.importing.trial import attempt
from storage.errors import Conflict, DiskFull, Invalid
from storage.file import cannot_write
from storage.imports import BroughtIn
from storage.model import Person
from storage.sqlite import SqliteStore
from storage.store import Store
from tests.core.cases.ward import NOW as THEN
from tests.importing.samples import DATIX, MAPPING
from tests.importing.test_import import NOW, code, opened, place, run
from tests.processes import irmer_here

__all__ = ["place"]
T, WHO = "local", Person("U1")


def read(place: Path) -> list[BroughtIn]:
    mapping, rows = read_mapping(MAPPING), list[BroughtIn]()
    with source_bytes(place / "datix.csv") as source:
        attempt(read_table(source, mapping), mapping, {}, THEN.date(), keep_texts=False, to=rows.append)
    return rows


def cut_short(store: Store, rows: list[BroughtIn]) -> None:
    one = store.begin_import(T, "datix", "of another file", by=WHO, now=THEN)
    store.bring_in(T, one, rows, by=WHO, now=THEN)


def said(place: Path) -> list[str]:
    status, out, _ = irmer_here("doctor", "--json", *NOW, database=place / "a.sqlite")
    assert status == 1
    return [one["says"] for one in json.loads(out)["checks"] if one["check"] == "imports"]


@pytest.mark.parametrize("left", [1, 3])
def test_another_file_of_that_source_finishes_it(place: Path, left: int) -> None:
    store = opened(place)
    cut_short(store, read(place)[:left])
    assert store.count_incidents(T) == 0
    store.close()
    waits = f"is not finished, and {left} of its incidents are in no list"
    assert waits in said(place)[0]
    assert "an import of datix, begun on 2026-" in said(place)[0]
    _, out, _ = run(place)
    assert waits in out
    assert f"{3 - left}  new" in out
    _, out, _ = run(place, "--go", code(out))
    assert "3 incidents were brought in" in out
    store = opened(place)
    assert store.count_incidents(T) == 3
    assert store.verify() == []
    store.close()
    assert said(place) == []
    assert "There is nothing new to bring in." in run(place)[1]


def test_what_is_not_in_the_new_file_comes_into_the_lists_with_it(place: Path) -> None:
    store = opened(place)
    cut_short(store, read(place)[:2])
    store.close()
    (place / "datix.csv").write_bytes("\r\n".join(DATIX.split("\r\n")[:1] + DATIX.split("\r\n")[3:]).encode())
    assert run(place, "--go", code(run(place)[1]))[0] == 1
    store = opened(place)
    assert store.count_incidents(T) == 3
    store.close()


def test_another_source_finishes_nothing_of_it(place: Path) -> None:
    store = opened(place)
    cut_short(store, read(place)[:2])
    one = store.begin_import(T, "ulysses", "x", by=WHO, now=THEN)
    assert store.unfinished_imports(T, "ulysses") == ()
    assert store.finish_import(T, one, by=WHO, now=THEN) == 0
    assert store.count_incidents(T) == 0
    store.close()


def test_two_at_once_that_bring_in_the_same_rows_get_one_plain_line(place: Path) -> None:
    store, rows = opened(place), read(place)
    one = store.begin_import(T, "datix", "one", by=WHO, now=THEN)
    other = store.begin_import(T, "datix", "other", by=WHO, now=THEN)
    store.bring_in(T, one, rows[:2], by=WHO, now=THEN)
    with pytest.raises(Conflict, match="another import of datix brings in the same rows: try it again"):
        store.bring_in(T, other, rows, by=WHO, now=THEN)
    store.finish_import(T, other, by=WHO, now=THEN)
    with pytest.raises(Invalid, match="another import of the same source was finished meanwhile"):
        store.bring_in(T, one, rows[2:], by=WHO, now=THEN)
    assert store.count_incidents(T) == 2
    assert store.verify() == []
    store.close()


@pytest.mark.parametrize("before", [0, 2])
def test_a_disk_that_fills_says_what_was_kept_of_it(
    place: Path, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    tried = code(run(place)[1])
    monkeypatch.setattr("bot.importing.import_run.AT_ONCE", 1)
    kept, keep = [], SqliteStore.bring_in

    def until_full(self: SqliteStore, *given: object, **more: object) -> object:
        if len(kept) == before:
            raise cannot_write(place / "a.sqlite", "the disk is full")
        kept.append(given)
        return keep(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteStore, "bring_in", until_full)
    status, out, err = run(place, "--go", tried)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert ("nothing was changed" in err) is not before
    assert (
        "2 incidents of this import are kept, in no list until one of its source is finished" in err
    ) is bool(before)
    assert isinstance(cannot_write(place, ""), DiskFull)


def test_one_whose_incidents_another_put_into_the_lists_says_nothing_else_of_them(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = code(run(place)[1])
    monkeypatch.setattr("bot.importing.import_run.AT_ONCE", 1)
    keep = SqliteStore.bring_in

    def finished_meanwhile(self: SqliteStore, *given: object, **more: object) -> object:
        kept = keep(self, *given, **more)  # type: ignore[arg-type]
        other = self.begin_import(T, "datix", "other", by=WHO, now=THEN)
        self.finish_import(T, other, by=WHO, now=THEN)
        return kept

    monkeypatch.setattr(SqliteStore, "bring_in", finished_meanwhile)
    err = run(place, "--go", tried)[2]
    assert err.endswith(
        "another import of the same source was finished meanwhile: try it again, without --go\n"
    )
    monkeypatch.setattr(SqliteStore, "bring_in", keep)
    assert run(place, "--go", code(run(place)[1]))[0] == 1
    store = opened(place)
    assert store.count_incidents(T) == 3
    store.close()
