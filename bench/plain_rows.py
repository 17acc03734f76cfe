"""The rows of one case as a server's store keeps them, written again and again under new keys by plain
statements: every value known before, no triggers, no row-level security, one transaction, nothing asked."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import tuple_row

from bench.one_case import anew

KEYS = ("number", "record_number", "ref", "subject", "key", "seq", "tenant")
LEFT = ("register_built", "schema_step", "organisation", "process", "turn", "pace", "delivery")


class PlainRows:
    """`kept` has the case of one organisation, whose rows they are; they are written into `where`, which has
    the same tables with nothing in them. Both as a superuser."""

    def __init__(self, kept: str, where: str, tenant: str) -> None:
        self.rows: list[tuple[bytes, list[Any], list[int]]] = []
        with psycopg.connect(kept, autocommit=True) as conn:
            conn.execute("set search_path = irmer")
            found = conn.execute(
                "select table_name from information_schema.tables "
                "where table_schema = 'irmer' and table_type = 'BASE TABLE' order by 1"
            )
            for (table,) in found.fetchall():
                if table not in (*LEFT, "numbering"):
                    self._read(conn, table, tenant)
        self._conn = psycopg.connect(where, autocommit=True, prepare_threshold=None)
        self._conn.execute("set search_path = irmer")
        self._conn.execute("set session_replication_role = replica")
        self._tenant, self.written = tenant, 0
        self._conn.execute("insert into numbering values (%s, 'C26', 0), (%s, '2026', 0)", [tenant, tenant])

    def _read(self, conn: psycopg.Connection, table: str, tenant: str) -> None:
        cursor = conn.cursor(row_factory=tuple_row)
        cursor.execute(f"select * from {table}")
        names = [column.name for column in cursor.description or ()]
        chosen = [name for name in names if (table, name) != ("outbox", "id")]
        if "tenant" not in names:
            return
        said = f"insert into {table} ({', '.join(map(_quoted, chosen))}) values "
        marks = ", ".join(f"${n}" for n in range(1, len(chosen) + 1))
        for row in cursor.fetchall():
            values = dict(zip(names, row, strict=True))
            if values["tenant"] == tenant:
                keys = [chosen.index(name) for name in KEYS[:-1] if name in chosen]
                self.rows.append((f"{said} ({marks})".encode(), [values[name] for name in chosen], keys))

    def write(self) -> None:
        self.written += 1
        with self._conn.pipeline():
            self._conn.execute("begin")
            self._conn.execute("update numbering set last = last + 1 where tenant = %s", [self._tenant])
            for said, row, keys in self.rows:
                psycopg.RawCursor(self._conn).execute(said, anew(row, keys, self.written, len(self.rows)))
            self._conn.execute("commit")

    def close(self) -> None:
        self._conn.close()


def _quoted(name: str) -> str:
    return f'"{name}"'
