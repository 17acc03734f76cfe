"""The store in an SQLite file."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from storage import migrations, register_anew, verify
from storage.backup import Heads, backup, vacuum
from storage.connection import Connections
from storage.file import connect, sqlite3, wal_safe
from storage.register_rows import built_by_today
from storage.signing import Witness
from storage.sql import Sql
from storage.verbs import Verbs

if TYPE_CHECKING:
    from storage.store import Store


class SqliteStore(Verbs):
    """`storage.store.Store`, where the verbs are described. One file, one writer, readers beside it."""

    _connections: Connections

    def __init__(self, path: Path, *, alone: bool | None = None, witness: Witness | None = None) -> None:
        self._witness = witness
        self._connections = Connections(path, alone=alone, complete=register_anew.by_today)
        try:
            self._see_to_the_register()
        except BaseException:
            self.close()
            raise

    def _see_to_the_register(self) -> None:
        """Its entries are made by today's way: in the file where it is new, else in a copy of it."""
        connections = self._connections
        if connections.older:
            return
        with connections.read(None) as sql:
            if built_by_today(sql):
                return
            new = not verify.tenants(sql)
        if not new:
            connections.read_a_copy(migrations.NAMES[-1])
            return
        with connections.write(None) as sql:
            register_anew.by_today(sql)

    def _problems(self, sql: Sql, now: datetime | None) -> list[str]:
        return verify.problems(sql, now, self._connections.path)

    def _schema(self, sql: Sql) -> str:
        return migrations.version(sql.conn)

    def _engine(self) -> tuple[str, bool]:
        return f"SQLite {sqlite3.sqlite_version}", wal_safe()

    def _copied(self, path: Path, before: Heads, now: datetime) -> str:
        with closing(connect(self._connections.path)) as conn:
            return backup(partial(vacuum, conn), path, before, now)


def open_store(path: Path, *, alone: bool | None = None, witness: Witness | None = None) -> Store:
    """Opens or makes the file; one of an earlier release is read as it is (see `storage.migrating`). Raises
    CannotOpen, ReadOnly, DiskFull. `alone`: refuse a second process; by default only where this SQLite needs
    that. `witness` signs checkpoints."""
    return SqliteStore(path, alone=alone, witness=witness)
