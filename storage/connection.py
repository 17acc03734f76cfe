"""One connection that writes, one that reads, both safe to use from any thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from storage import migrations
from storage.errors import StoreError
from storage.file import Connection, connect, create_privately, hold_alone, translated, wal_safe

Row = dict[str, Any]


class Sql:
    """Statements on one connection. The SQL is ours, word for word; values go in as parameters."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def all(self, sql: str, *values: Any) -> list[Row]:
        cursor = self._conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def each(self, sql: str, *values: Any) -> Iterator[Row]:
        """Row by row, for what may be long."""
        cursor = self._conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def schema(self) -> str:
        return migrations.version(self._conn)

    def one(self, sql: str, *values: Any) -> Row | None:
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self._conn.execute(sql, values).fetchone()
        return row[0] if row else None

    def run(self, sql: str, *values: Any) -> int:
        """How many rows it changed."""
        return int(self._conn.execute(sql, values).rowcount)

    def insert(self, table: str, row: Row) -> None:
        marks = ", ".join("?" * len(row))
        self._conn.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


class Connections:
    """`alone`: one process alone may have the file open; by default where this SQLite needs it."""

    def __init__(self, path: Path, *, alone: bool | None = None) -> None:
        self.path = path
        self._writing, self._reading = threading.RLock(), threading.RLock()
        create_privately(path)
        self._lock = hold_alone(path) if (not wal_safe() if alone is None else alone) else None
        self._writer: Connection | None = None
        self._reader: Connection | None = None
        try:
            self._writer = connect(path)
            with translated(path):
                migrations.apply(self._writer)
            self._reader = connect(path)
            self._reader.execute("pragma query_only=on")
        except BaseException:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[Sql]:
        """One transaction, taken at once (a deferred one could not be upgraded once another has written)."""
        with self._writing, translated(self.path):
            conn = self._open(self._writer)
            conn.execute("begin immediate")
            try:
                yield Sql(conn)
                conn.execute("commit")
            except BaseException:
                conn.rollback()
                raise

    @contextmanager
    def read(self) -> Iterator[Sql]:
        """One snapshot."""
        with self._reading, translated(self.path):
            conn = self._open(self._reader)
            conn.execute("begin")
            try:
                yield Sql(conn)
            finally:
                conn.rollback()

    def close(self) -> None:
        """The reader first: whoever closes last writes the log back into the file."""
        with self._writing, self._reading:
            for conn in (self._reader, self._writer):
                if conn is not None:
                    conn.close()
            if self._lock is not None:
                self._lock.close()
            self._reader = self._writer = self._lock = None

    def _open(self, conn: Connection | None) -> Connection:
        if conn is None:
            raise StoreError(f"{self.path} was closed")
        return conn
