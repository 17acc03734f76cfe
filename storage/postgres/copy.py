"""A whole file into the empty tables of a server, once and for good: `irmer copy`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from storage import masking, migrations, verify
from storage.backup import counted
from storage.copying import copied_tables, copy_all, fingerprint
from storage.errors import InUse, NotADatabase, StoreError, Unsettled
from storage.file import CLOSED_ID, Connection, hold_alone, set_application_id, wal_safe
from storage.migrating import held_alone
from storage.model import BOT
from storage.postgres.owner import as_owner, migrate_server, unforced
from storage.postgres.schema import of_tenants, tables_after
from storage.postgres.server import ServerAddress
from storage.postgres.sql import PostgresSql
from storage.register_rows import built_by_today
from storage.sql import Sql
from storage.times import stamp
from storage.unit_of_work import Work

COPIED = "copied from"  # as the trail has it


def copy_to_server(path: Path, server: ServerAddress, *, now: datetime) -> str:
    """What was copied, in a line. Afterwards the file can be looked at and is never served again. Raises
    StoreError, and then nothing is in the server that was not there, and the file is as it was."""
    if not path.exists():
        raise NotADatabase(f"there is no database {path}")
    lock = None if wal_safe() else hold_alone(path)
    try:
        with held_alone(path) as conn:
            source = Sql(conn)
            _refuse_unready(conn, source, path, now)
            migrate_server(server, now=now)
            return _copied(conn, source, path, server, now)
    except InUse as used:
        raise InUse(f"{path} is open in another process: stop that one first") from used
    finally:
        if lock is not None:
            lock.close()


def _refuse_unready(conn: Connection, source: Sql, path: Path, now: datetime) -> None:
    if migrations.pending(conn) or not built_by_today(source):
        raise StoreError(f"{path} is of an earlier release: irmer migrate brings it up to date first")
    if problems := verify.problems(source, now):
        raise StoreError(f"{path} is not as its trail says, and nothing was copied: {problems[0]}")


def _copied(conn: Connection, source: Sql, path: Path, server: ServerAddress, now: datetime) -> str:
    closed = False
    try:
        with as_owner(server) as target:
            assert isinstance(target, PostgresSql)
            with unforced(target, of_tenants(tables_after())):  # else it would look empty
                _refuse_full(target, server)
                told = _fill(source, target, path, server, now)
            set_application_id(conn, CLOSED_ID)
            closed = True
        return told
    except BaseException as error:
        if closed and not isinstance(error, Unsettled):
            set_application_id(conn)
        raise


def _refuse_full(target: Sql, server: ServerAddress) -> None:
    if any(target.value(f"select 1 from {table} limit 1") for table in copied_tables()):
        raise StoreError(f"{server} is not empty, and nothing was copied: give a new database")


def _fill(source: Sql, target: PostgresSql, path: Path, server: ServerAddress, now: datetime) -> str:
    with _without_triggers(target):
        made = copy_all(source, target.copy_in)
    target.run("select setval(pg_get_serial_sequence('outbox', 'id'), coalesce(max(id), 1)) from outbox")
    target.run("analyze")
    heads = verify.heads(source)
    if str(fingerprint(target)) != str(made) or verify.heads(target) != heads or (
        counted(target) != counted(source)
    ):  # fmt: skip
        raise StoreError(f"what came to {server} is not what is in {path}: nothing was kept there")
    if problems := list(verify.rows_of_all(target, now)):
        raise StoreError(f"the copy is not as its trail says, and was not kept: {problems[0]}")
    told = {"file": masking.machine(path.name), "count": made.rows, "fingerprint": str(made)}
    for tenant in heads:
        Work(target, tenant, BOT, now).audit(COPIED, "", told)
    last = "; ".join(f"{tenant} {seq} {digest[:16]}" for tenant, (seq, digest) in heads.items())
    return (
        f"{path} is now {server}: {counted(target)}, {made.rows} rows of fingerprint {str(made)[:16]}, "
        f"audit trail {last or 'empty'}, checked, {stamp(now)}; the file is closed, and is served no more"
    )


@contextmanager
def _without_triggers(target: Sql) -> Iterator[None]:
    """What they would write is among the rows."""
    for table in copied_tables():
        target.run(f"alter table {table} disable trigger user")
    yield
    for table in copied_tables():
        target.run(f"alter table {table} enable trigger user")
