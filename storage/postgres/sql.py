"""Statements on one connection to PostgreSQL, in the words of `storage.sql`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from storage.postgres.dialect import statement
from storage.postgres.rights import ERASER, SCHEMA
from storage.postgres.server import IDLE, LOCK, LONGEST
from storage.sql import Row, Sql, insertion

if TYPE_CHECKING:
    import psycopg

AT_ONCE = 2000  # rows that are fetched together of what may be long
SEED = 0x49524D52  # "IRMR": locks of ours, beside another program's
# Texts of the session's that hold until the transaction ends.
_ALWAYS = {"search_path": f"{SCHEMA}, pg_temp", "lock_timeout": f"{LOCK}s"}

# The end of a trail is asked for by each write. A server that has not counted its rows yet thinks that hardly
# any passes the policy, and would rather fetch a whole trail and sort it than walk its key from the end.
_WRITING = {"enable_bitmapscan": "off"}

# What is not allowed only costs more, and so much that the server would compile the statement first.
_IN_ORDER = "select " + ", ".join(
    f"set_config('{name}', 'off', true)" for name in ("enable_sort", "enable_seqscan", "jit")
)


def begin(
    conn: psycopg.Connection[tuple[Any, ...]], tenant: str | None, *, writes: bool = False,
    long: bool = False,
) -> None:  # fmt: skip
    """A transaction that is one organisation's, or where None is given sees all that whoever is connected may
    see."""
    how = "read committed" if writes else "repeatable read, read only"
    settings = (
        _ALWAYS
        | (_WRITING if writes else {})
        | {"idle_in_transaction_session_timeout": f"{LONGEST if long else IDLE}s"}
    )
    entered = _entered(conn, tenant, settings, lock=writes)
    if writes:  # on their way with what is written first
        conn.execute(f"begin isolation level {how}")
        conn.execute(entered)
    else:
        conn.execute(f"begin isolation level {how}; {entered}")


def _entered(
    conn: psycopg.Connection[tuple[Any, ...]], tenant: str | None, settings: Mapping[str, str], *, lock: bool
) -> str:
    from psycopg.sql import Literal  # an extra, which need not be installed

    told = {**settings, "irmer.tenant": tenant or "", "irmer.across": "on" if tenant is None else ""}
    parts = [f"set_config('{name}', {Literal(value).as_string(conn)}, true)" for name, value in told.items()]
    if lock and tenant is not None:
        parts.append(f"pg_advisory_xact_lock(hashtextextended({Literal(tenant).as_string(conn)}, {SEED}))")
    return f"select {', '.join(parts)}"


class PostgresSql(Sql):
    """Within a transaction that is begun already. `own_clock`: leases go by the server's."""

    ROW = "ctid"
    locks_each = True

    def __init__(
        self, conn: psycopg.Connection[tuple[Any, ...]], tenant: str | None, *, own_clock: bool = True,
        waiting: psycopg.Pipeline | None = None,
    ) -> None:  # fmt: skip
        """`waiting`: statements of which no answer is wanted go along with the next one of which one is."""
        self._server, self._tenant, self._own_clock, self._names = conn, tenant, own_clock, count()
        self._waiting = waiting

    def _asked(self, sql: str, values: Sequence[Any]) -> psycopg.RawCursor[tuple[Any, ...]]:
        """As it is worded: looking for marks takes longer than many a statement."""
        from psycopg import RawCursor  # an extra, which need not be installed

        return RawCursor(self._server).execute(sql, values)

    def all(self, sql: str, *values: Any) -> list[Row]:
        return self.ahead(sql, *values)()

    def ahead(self, sql: str, *values: Any) -> Callable[[], list[Row]]:
        cursor = self._asked(statement(sql), values)

        def found() -> list[Row]:
            rows = cursor.fetchall()
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in rows]

        return found

    def each(self, sql: str, *values: Any) -> Iterator[Row]:
        with self._open(sql, values) as cursor:
            names: list[str] = []
            for row in cursor:
                names = names or [column.name for column in cursor.description or ()]
                yield dict(zip(names, row, strict=True))

    def tuples(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        with self._open(sql, values) as cursor:
            yield from cursor

    def _open(self, sql: str, values: Sequence[Any]) -> Any:
        """A cursor at the server's side, so that several may be read in turns; a write reads little."""
        if self._waiting is not None:
            return self._asked(statement(sql), values)
        from psycopg import RawServerCursor  # an extra, as above

        cursor = RawServerCursor(self._server, f"each_{next(self._names)}")
        cursor.itersize = AT_ONCE
        cursor.execute(statement(sql), values)
        return cursor

    def tables(self) -> list[str]:
        found = self.all(
            "select table_name as name from information_schema.tables where table_schema = current_schema()"
        )
        return [row["name"] for row in found]

    def columns(self, table: str) -> list[str]:
        found = self.all(
            "select column_name as name from information_schema.columns "
            "where table_schema = current_schema() and table_name = ?",
            table,
        )
        return sorted(row["name"] for row in found)

    def value(self, sql: str, *values: Any) -> Any:
        row = self._asked(statement(sql), values).fetchone()
        return row[0] if row else None

    def run(self, sql: str, *values: Any) -> int:
        cursor = self._asked(statement(sql), values)
        if self._waiting is not None:
            self._waiting.sync()
        return cursor.rowcount

    def tell(self, sql: str, *values: Any) -> None:
        self._asked(statement(sql), values)

    def insert(self, table: str, row: Row) -> None:
        self._asked(statement(insertion(table, tuple(row))), tuple(row.values()))

    def insert_all(self, table: str, rows: Sequence[Row]) -> None:
        """In one statement: each would go to the server and back."""
        for start in range(0, len(rows), 500):
            some = rows[start : start + 500]
            marks = f"({', '.join('?' * len(some[0]))})"
            names = ", ".join(f'"{name}"' for name in some[0])
            self._asked(
                statement(f"insert into {table} ({names}) values {', '.join([marks] * len(some))}"),
                [value for row in some for value in row.values()],
            )

    def copy_in(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Many rows at once."""
        names = ", ".join(f'"{name}"' for name in columns)
        with self._server.cursor() as cursor, cursor.copy(f"copy {table} ({names}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)

    def enter(self, tenant: str) -> None:
        if tenant != self._tenant:
            self._server.execute(_entered(self._server, tenant, {}, lock=True))
            self._tenant = tenant

    def in_order(self) -> None:
        self.tell(_IN_ORDER)

    def clock(self, now: datetime) -> datetime:
        return self.told_time() or now

    def told_time(self) -> datetime | None:
        if not self._own_clock:
            return None
        told: datetime = self.value("select clock_timestamp()")
        return told.astimezone(UTC)

    @contextmanager
    def rewriting(self, _tables: Iterable[str], *_acts: str) -> Iterator[None]:
        """By the role that may, for as long as that takes; triggers and rights hold off everybody else."""
        self.run(f"set local role {ERASER}")
        yield
        self.run("set local role none")
