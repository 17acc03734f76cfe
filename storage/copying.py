"""Every row of a database into another: from a file to a server, and from a server into a file. What comes
out is the same by a fingerprint over all rows, which is taken of what is read and of what then stands there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from storage import migrations
from storage.errors import StoreError
from storage.file import connect, translated
from storage.postgres.schema import Tables, tables_after
from storage.quick_json import as_json
from storage.sql import Sql, insertion

AT_ONCE = 1000
# What a new database has of its own, alike in each.
OF_EACH = ("register_built",)
Rows = Iterator[tuple[Any, ...]]


class Fingerprint:
    """Of rows in the order of their keys, table by table."""

    def __init__(self) -> None:
        self._hash, self.rows = hashlib.sha256(), 0

    def of(self, table: str, rows: Iterable[tuple[Any, ...]]) -> Rows:
        self._hash.update(f"{table}\n".encode())
        for row in rows:
            self._hash.update(as_json(row).encode())
            self.rows += 1
            yield row

    def __str__(self) -> str:
        return self._hash.hexdigest()


def copied_tables() -> list[str]:
    return [name for name in tables_after().columns if name not in OF_EACH]


def all_rows(sql: Sql, tables: Tables, table: str) -> Rows:
    """In the order of their keys, the columns by their names."""
    return sql.tuples(f"select {_names(tables, table)} from {table} order by {', '.join(tables.keys[table])}")


def _names(tables: Tables, table: str) -> str:
    return ", ".join(f'"{name}"' for name in sorted(tables.columns[table]))


def fingerprint(sql: Sql) -> Fingerprint:
    made, tables = Fingerprint(), tables_after()
    for table in copied_tables():
        for _ in made.of(table, all_rows(sql, tables, table)):
            pass
    return made


def copy_all(source: Sql, put: Callable[[str, list[str], Rows], None]) -> Fingerprint:
    """`put` gets a table, its columns and its rows."""
    made, tables = Fingerprint(), tables_after()
    for table in copied_tables():
        put(table, sorted(tables.columns[table]), made.of(table, all_rows(source, tables, table)))
    return made


def into_a_file(source: Sql, path: Path) -> Fingerprint:
    """`path` is an empty file. Raises StoreError."""
    conn = connect(path)
    try:
        with translated(path):
            migrations.create(conn)
            sql = Sql(conn)
            triggers = sql.all("select name, sql from sqlite_schema where type = 'trigger'")
            sql.run("pragma foreign_keys=off")
            sql.run("begin immediate")
            for one in triggers:
                sql.run(f"drop trigger {one['name']}")

            def put(table: str, columns: list[str], rows: Rows) -> None:
                text = insertion(table, tuple(columns))
                while some := list(islice(rows, AT_ONCE)):
                    conn.executemany(text, some)

            made = copy_all(source, put)
            for table in OF_EACH:
                sql.run(f"delete from {table}")
                sql.insert_all(table, source.all(f"select * from {table}"))
            for one in triggers:
                sql.run(one["sql"])
            sql.run("commit")
            if str(fingerprint(sql)) != str(made):
                raise StoreError("what came into the copy is not what is on the server")
            sql.run("pragma wal_checkpoint(truncate)")
            sql.run("pragma journal_mode=delete")  # one file, and none beside it
            return made
    finally:
        conn.close()
