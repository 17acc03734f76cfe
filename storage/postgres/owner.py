"""What the owner of the tables does in a PostgreSQL database, and nobody who serves: to make them, to bring
them up to date."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from storage import migrations, register_anew, verify
from storage.errors import Busy, CannotOpen, ReadOnly
from storage.migrating import DONE
from storage.model import BOT
from storage.postgres.rights import SCHEMA, roles
from storage.postgres.schema import FIRST, OLDEST, STEPS, Tables, made, of_tenants, tables_after
from storage.postgres.server import OLDEST as OLDEST_SERVER
from storage.postgres.server import ServerAddress, connect, translated
from storage.postgres.sql import SEED, PostgresSql
from storage.register_rows import BUILT
from storage.release import program_version
from storage.sql import Sql
from storage.times import stamp
from storage.unit_of_work import Work

# A change of a table waits for whoever uses it and holds up whoever comes after: so it waits shortly, and is
# tried again.
WAIT, TRIES, PAUSE = "500ms", 40, 0.25


def migrate_server(server: ServerAddress, *, now: datetime) -> tuple[str, ...]:
    """Makes the tables, or brings them up to date; a line for each thing that was done. Raises StoreError,
    and nothing was changed then."""
    for left in reversed(range(TRIES)):
        try:
            with as_owner(server) as sql:
                return _migrated(sql, now)
        except Busy:
            if not left:
                raise
            time.sleep(PAUSE)
    raise AssertionError


@contextmanager
def as_owner(server: ServerAddress) -> Iterator[Sql]:
    """One transaction, with everybody else who changes tables held off. Raises StoreError."""
    conn = connect(server)
    try:
        with translated(server):
            conn.execute(
                f"begin; set local search_path = {SCHEMA}, pg_temp; set local lock_timeout = '{WAIT}'; "
                f"select pg_advisory_xact_lock({SEED})"
            )
            sql = PostgresSql(conn, "")
            version = sql.value("select cast(current_setting('server_version_num') as integer)")
            if version < OLDEST_SERVER:
                raise CannotOpen(
                    f"{server} is older than PostgreSQL {OLDEST_SERVER // 10000}, which is wanted"
                )
            yield sql
            with translated(server, committing=True):
                conn.execute("commit")
    except ReadOnly:
        raise ReadOnly(
            f"{server} refused this to the user of the address: irmer migrate wants the owner of the tables, "
            "who may make a schema, and roles where they are not there"
        ) from None
    finally:
        conn.close()


def _migrated(sql: Sql, now: datetime) -> tuple[str, ...]:
    there = _steps(sql)
    due = [name for name in migrations.NAMES if name not in there]
    wanted = tables_after()
    if not due:
        return _listed(sql, wanted)
    if not there:
        sql.run(f"create schema if not exists {SCHEMA}")
        sql.run(STEPS)
    sql.run(roles())
    known = [name for name in migrations.NAMES if name in there]
    for text in made(wanted, tables_after(known[-1]) if known else None):
        sql.run(text)
    if not there:
        for table, rows in wanted.rows.items():
            sql.insert_all(table, rows)
        sql.run("update register_built set version = ?", BUILT)
    for name in due:
        sql.insert("schema_step", {
            "name": name, "position": migrations.NAMES.index(name), "release": program_version() or FIRST,
            "oldest_release": OLDEST.get(name, FIRST), "at": stamp(now),
        })  # fmt: skip
    told = {"from": known[-1] if known else "", "to": due[-1], "program": program_version()}
    if there:
        with unforced(sql, of_tenants(wanted)):
            for tenant in verify.tenants(sql):
                Work(sql, tenant, BOT, now).audit(DONE, "", {**told, "file": ""})
    came = f"from {known[-1]} to {due[-1]}" if known else f"made, as of {due[-1]}"
    return (f"the tables were {'brought ' if known else ''}{came}", *_listed(sql, wanted))


def _listed(sql: Sql, wanted: Tables) -> tuple[str, ...]:
    """The register's entries, by today's way and as the records say."""
    with unforced(sql, of_tenants(wanted)):
        return register_anew.as_the_records_say(sql)


def _steps(sql: Sql) -> set[str]:
    if not sql.value("select 1 from information_schema.tables where table_schema = ? and table_name = ?",
                     SCHEMA, "schema_step"):  # fmt: skip
        return set()
    return {row["name"] for row in sql.all("select name from schema_step")}


@contextmanager
def unforced(sql: Sql, tables: Iterable[str]) -> Iterator[None]:
    """The owner sees all rows until the block ends, and nobody else more than before."""
    chosen = sorted(tables)
    for table in chosen:
        sql.run(f"alter table {table} no force row level security")
    yield
    for table in chosen:
        sql.run(f"alter table {table} force row level security")
