"""A long file is read in a process of its own: what comes of it is the same, and it ends with the other."""

import pickle
import subprocess
from pathlib import Path

import pytest

from bot.importing.apart import FileToRead
from bot.importing.source_bytes import source_bytes
from storage.errors import DiskFull
from storage.own_process import begun_as
from storage.register_model import Which
from storage.sqlite import SqliteStore, open_store
from tests.core.cases.ward import NOW as THEN
from tests.importing.samples import DATIX, MAPPING
from tests.importing.test_import import code, place, run

__all__ = ["place"]


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that read: each file is long here."""
    found, begin = [], subprocess.Popen

    def beginning(*given: object, **more: object) -> subprocess.Popen[bytes]:
        found.append(begin(*given, **more))  # type: ignore[call-overload]
        return found[-1]  # type: ignore[no-any-return]

    monkeypatch.setattr("bot.cli_import.LONG", 0)
    monkeypatch.setattr("bot.importing.apart.subprocess.Popen", beginning)
    return found  # type: ignore[return-value]


def held(file: Path) -> list[object]:
    store = open_store(file)
    try:
        assert store.verify() == []
        found = store.incidents("local", Which(imported=True))
        records = [store.record("local", one.number) for one in found]
        return [(one.assessment, {detail.field: detail.value for detail in one.details}) for one in records]
    finally:
        store.close()


def test_it_brings_in_what_one_process_does(
    place: Path, monkeypatch: pytest.MonkeyPatch, begun: list[subprocess.Popen[bytes]]
) -> None:
    tried, before = code(run(place)[1]), (place / "a.sqlite").read_bytes()
    apart = run(place, "--go", tried)
    there = held(place / "a.sqlite")
    assert len(there) == 3
    (place / "a.sqlite").write_bytes(before)
    monkeypatch.setattr("bot.cli_import.LONG", 1000)
    assert run(place, "--go", tried) == apart
    assert len(begun) == 1
    assert held(place / "a.sqlite") == there


def test_what_is_wrong_there_is_said_here(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = code(run(place)[1])
    begin = SqliteStore.begin_import

    def changed_meanwhile(self: SqliteStore, *given: object, **more: object) -> object:
        (place / "datix.csv").write_bytes(DATIX.replace("9 mSv", "1 mSv").encode())
        return begin(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteStore, "begin_import", changed_meanwhile)
    status, out, err = run(place, "--go", tried)
    assert (status, out) == (2, "")
    assert err.endswith("datix.csv was changed while it was read: try it again\n")
    assert held(place / "a.sqlite") == []


def test_what_is_wrong_here_ends_the_other(
    place: Path, monkeypatch: pytest.MonkeyPatch, begun: list[subprocess.Popen[bytes]]
) -> None:
    tried = code(run(place)[1])

    def full(*_: object, **__: object) -> object:
        raise DiskFull("the disk is full: nothing of this was kept")

    monkeypatch.setattr("bot.importing.import_run.AT_ONCE", 1)
    monkeypatch.setattr(SqliteStore, "bring_in", full)
    status, out, err = run(place, "--go", tried)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert begun[0].returncode == 0
    assert held(place / "a.sqlite") == []


def test_where_it_is_ended_the_next_run_goes_on(
    place: Path, monkeypatch: pytest.MonkeyPatch, begun: list[subprocess.Popen[bytes]]
) -> None:
    head, row, *_ = DATIX.split("\r\n")
    body = [row.replace("W101", f"W{number}") for number in range(700)]
    (place / "datix.csv").write_text("\r\n".join([head, *(f'{one}"' for one in body)]), encoding="utf-8")
    tried = code(run(place)[1])
    keep = SqliteStore.bring_in

    def kept_and_ended(self: SqliteStore, *given: object, **more: object) -> object:
        begun[0].kill()
        return keep(self, *given, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("bot.importing.import_run.AT_ONCE", 100)
        meanwhile.setattr(SqliteStore, "bring_in", kept_and_ended)
        status, out, err = run(place, "--go", tried)
    assert (status, out) == (2, "")
    assert err.endswith("datix.csv was not read to its end: do the same again, and it goes on\n")
    assert held(place / "a.sqlite") == []
    status, out, err = run(place, "--go", tried)
    assert (status, err) == (0, "")
    assert "700 incidents were brought in" in out
    assert len(held(place / "a.sqlite")) == 700


def test_it_ends_where_nobody_reads_what_it_sends(place: Path) -> None:
    file = place / "datix.csv"
    with source_bytes(file) as source:
        code_of = source.code("beside")
    wanted = FileToRead(file, MAPPING, code_of, "beside", {}, THEN.date(), keep_texts=False)
    command, environment = begun_as("bot.importing.apart")
    reading = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert reading.stdout is not None
    reading.stdout.close()
    assert reading.communicate(pickle.dumps(wanted))[1] == b""
    assert reading.returncode == 0
