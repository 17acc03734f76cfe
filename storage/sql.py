"""Statements on one connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from storage.file import Connection
from storage.tables import APPEND_ONLY, append_only_triggers

Row = dict[str, Any]


class Sql:
    """The SQL is ours, word for word; values go in as parameters. This class speaks to SQLite; what other
    stores do otherwise is in `storage.postgres.dialect`."""

    ROW = "rowid"  # what a row is called that nothing else names
    locks_each = False  # whether each organisation has a lock of its own, where a file has one for all

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def all(self, sql: str, *values: Any) -> list[Row]:
        cursor = self.conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def ahead(self, sql: str, *values: Any) -> Callable[[], list[Row]]:
        """What `all` gives, wanted later and within this transaction: a server is asked at once, and waited
        for once it is wanted; a file is asked then."""
        return lambda: self.all(sql, *values)

    def each(self, sql: str, *values: Any) -> Iterator[Row]:
        """Row by row, for what may be long."""
        cursor = self.conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row))  # noqa: B905  (an eighth of what reading a long table costs)

    def tuples(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """As `each`, without names."""
        return iter(self.conn.execute(sql, values))

    def tables(self) -> list[str]:
        return [row["name"] for row in self.all("select name from sqlite_schema where type = 'table'")]

    def columns(self, table: str) -> list[str]:
        """Their names, sorted; empty where there is no such table."""
        return sorted(row["name"] for row in self.all(f"pragma table_info({table})"))

    def enter(self, tenant: str) -> None:
        """The transaction goes on as this organisation's, and nobody else writes for it meanwhile."""

    def in_order(self) -> None:
        """What this transaction asks for from here on is the first in the order of an index, and is to be
        found by it: a server that has not counted its rows yet would rather sort them all."""

    def clock(self, now: datetime) -> datetime:
        """By which leases are taken, where several machines have one store: its own."""
        return now

    def told_time(self) -> datetime | None:
        """What time it is by the store, where it may be another machine's."""
        return None

    @contextmanager
    def rewriting(self, tables: Iterable[str], *acts: str) -> Iterator[None]:
        """Append-only rows may be changed (acts: update, delete) until the block ends; for nobody else, since
        it is one transaction."""
        chosen = [(table, f"{table}_no_{act}") for table in sorted(tables) for act in acts]
        for _, trigger in chosen:
            self.run(f"drop trigger {trigger}")
        yield
        for table, trigger in chosen:
            self.run(append_only_triggers(table, APPEND_ONLY[table])[trigger])

    def one(self, sql: str, *values: Any) -> Row | None:
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.conn.execute(sql, values).fetchone()
        return row[0] if row else None

    def run(self, sql: str, *values: Any) -> int:
        """How many rows it changed."""
        return int(self.conn.execute(sql, values).rowcount)

    def tell(self, sql: str, *values: Any) -> None:
        """As `run`, where nobody asks how many."""
        self.conn.execute(sql, values)

    def insert(self, table: str, row: Row) -> None:
        self.conn.execute(insertion(table, tuple(row)), tuple(row.values()))

    def insert_all(self, table: str, rows: Sequence[Row]) -> None:
        """Rows with the same columns, in the same order."""
        if rows:
            given = [tuple(row.values()) for row in rows]
            self.conn.executemany(insertion(table, tuple(rows[0])), given)


@cache
def insertion(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)  # one is called offset, which SQL knows as its own
    return f"insert into {table} ({names}) values ({', '.join('?' * len(columns))})"
