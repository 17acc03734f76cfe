"""Statements on one connection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from storage.file import Connection

Row = dict[str, Any]


class Sql:
    """The SQL is ours, word for word; values go in as parameters."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def all(self, sql: str, *values: Any) -> list[Row]:
        cursor = self.conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def each(self, sql: str, *values: Any) -> Iterator[Row]:
        """Row by row, for what may be long."""
        cursor = self.conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row))  # noqa: B905  (an eighth of what reading a long table costs)

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

    def insert(self, table: str, row: Row) -> None:
        self.conn.execute(_insert(table, tuple(row)), tuple(row.values()))

    def insert_all(self, table: str, rows: Sequence[Row]) -> None:
        """Rows with the same columns, in the same order."""
        if rows:
            given = [tuple(row.values()) for row in rows]
            self.conn.executemany(_insert(table, tuple(rows[0])), given)


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"
