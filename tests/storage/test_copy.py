"""A file that becomes a database on a server, and a server's copy in a file: the same rows, checked at both
ends, and each thing once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.copying import copied_tables, fingerprint
from storage.errors import CannotOpen, InUse, ServerGone, StoreError, Unsettled
from storage.migrating import migrate
from storage.postgres import copy as postgres_copy
from storage.postgres.copy import COPIED, copy_to_server
from storage.postgres.server import ServerAddress
from storage.postgres.store import PostgresStore
from storage.sql import Sql
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, NOW, T, open_case, raw
from tests.storage.test_audit import tamper
from tests.storage.test_insider import live
from tools.postgres import OWNER, SAVES, SERVES, Databases


@pytest.fixture
def name(postgres: Databases) -> Iterator[str]:
    made = postgres.create()
    yield made
    postgres.drop(made)


def opened(postgres: Databases, name: str, user: str = SERVES) -> PostgresStore:
    return PostgresStore(ServerAddress(postgres.address(name, user)), own_clock=False)


def print_of(path: Path) -> str:
    conn = raw(path)
    try:
        return str(fingerprint(Sql(conn)))
    finally:
        conn.close()


def test_a_file_goes_to_a_server_whole_and_back_and_is_served_no_more(
    postgres: Databases, name: str, tmp_path: Path
) -> None:
    path = live(tmp_path)
    before, owner = print_of(path), ServerAddress(postgres.address(name, OWNER))
    told = copy_to_server(path, owner, now=NOW)
    assert f"fingerprint {before[:16]}" in told
    store = opened(postgres, name)
    assert store.verify(now=NOW) == []
    entry = store.audit(T)[-1]
    assert (entry.what, entry.detail["fingerprint"]) == (COPIED, before)
    # It goes on: no number of a row or a record is given twice, and nothing that waits is lost.
    assert open_case(store) not in {case.ref for case in SqliteStore(path).cases(T)}
    with pytest.raises(StoreError, match="is not empty, and nothing was copied"):
        copy_to_server(path, owner, now=NOW)

    # What stays behind can be looked at, and is written to by nobody.
    left = SqliteStore(path)
    assert left.record(T, "2026-0001").latest
    assert left.verify(now=NOW) == []
    for write in (
        lambda: open_case(left),
        lambda: left.log(T, "looked", "", {}, by=ANA, now=NOW),
        lambda: migrate(path, now=NOW),
    ):
        with pytest.raises(
            StoreError, match=r"was copied to a server and is closed: give that one's address"
        ):
            write()
    left.close()
    assert print_of(path) == before

    # A copy of the server's is a file like any other, by whoever saves it and may change nothing.
    store.close()
    saver = opened(postgres, name, SAVES)
    copy = tmp_path / "copy.sqlite"
    assert "checked" in saver.backup(copy, now=NOW)
    with pytest.raises(StoreError, match="refused this to the user"):
        open_case(saver)
    assert saver.audit(T)[-1].what == "backup made"
    saver.close()
    again = SqliteStore(copy)
    assert again.verify(now=NOW) == []
    assert again.audit(T)[-1].what == "case opened" or again.cases(T)
    again.close()
    second = postgres.create()
    copy_to_server(copy, ServerAddress(postgres.address(second, OWNER)), now=NOW)
    back = opened(postgres, second)
    assert back.verify(now=NOW) == []
    back.close()
    postgres.drop(second)


def test_a_copy_that_does_not_come_to_its_end_leaves_both_as_they_were(
    postgres: Databases, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = live(tmp_path)
    owner = ServerAddress(postgres.address(name, OWNER))
    open_still = SqliteStore(path)
    with pytest.raises(InUse, match="is open in another process: stop that one first"):
        copy_to_server(path, owner, now=NOW)
    open_still.close()
    harmed = tmp_path / "harmed.sqlite"
    harmed.write_bytes(path.read_bytes())
    tamper(harmed, "update decision_record set outcome = 'do_not_notify' where number = '2026-0001'")
    with pytest.raises(StoreError, match="is not as its trail says, and nothing was copied: "):
        copy_to_server(harmed, owner, now=NOW)
    with monkeypatch.context() as patch:  # what comes to the server is not what left
        patch.setattr(postgres_copy, "fingerprint", lambda sql: "another")
        with pytest.raises(StoreError, match=r"is not what is in .*: nothing was kept there"):
            copy_to_server(path, owner, now=NOW)
    with monkeypatch.context() as patch:  # the server goes away under way
        patch.setattr(postgres_copy, "fingerprint", lambda sql: (postgres.cut(name), fingerprint(sql))[1])
        with pytest.raises(ServerGone, match="went away: nothing was changed"):
            copy_to_server(path, owner, now=NOW)
    store = SqliteStore(path)
    open_case(store)  # it is served as before
    store.close()
    with pytest.raises(CannotOpen):
        opened(postgres, name, OWNER)
    empty = opened(postgres, name)
    assert empty.tenants() == ()
    empty.close()
    with monkeypatch.context() as patch:  # it goes away at the very end: in doubt the file is closed
        patch.setattr(postgres_copy, "set_application_id", _then_gone(postgres, name))
        with pytest.raises(Unsettled, match="it is not known whether that was kept"):
            copy_to_server(path, owner, now=NOW)
    with pytest.raises(StoreError, match="is closed"):
        migrate(path, now=NOW)
    copy_to_server(path, owner, now=NOW)  # and copied once more where nothing had come


def test_every_table_is_copied_but_those_that_a_new_database_has_of_its_own(tmp_path: Path) -> None:
    conn = raw(live(tmp_path))
    found = conn.execute("select name from sqlite_schema where type = 'table' and name not like '%sqlite%'")
    assert set(copied_tables()) == {name for (name,) in found} - {"register_built"}
    conn.close()


def _then_gone(postgres: Databases, name: str) -> object:
    from storage.file import Connection, set_application_id

    def closed_and_cut(conn: Connection, *given: int) -> None:
        set_application_id(conn, *given)
        if given:
            postgres.cut(name)

    return closed_and_cut
