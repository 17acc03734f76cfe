"""The tables as `verify` reads them: each once, in the order of its subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from storage.sql import Row, Sql
from storage.tables import APPEND_ONLY
from storage.verify_messages import COLUMNS

# Each table, and the columns that put its rows in order; the first is the subject.
TABLES: Mapping[str, tuple[str, ...]] = {
    **APPEND_ONLY,
    "deadline_current": ("subject", "kind"), "case_current": ("ref",), "record_current": ("number",),
    "binding_open": ("kind", "seq"),
    "outbox": ("subject",), "audit": ("subject", "seq"),
}  # fmt: skip
# What is needed of a table where that is not all: what has no digest of its own.
SOME: Mapping[str, tuple[str, ...]] = {"audit": ("seq", "at", "what", "detail", "subject"), "outbox": COLUMNS}


class Subjects(NamedTuple):
    """All that there are, or those from one on, or those before it."""

    start: str | None = None
    end: str | None = None

    def holds(self, subject: str) -> bool:
        return (self.start is None or subject >= self.start) and (self.end is None or subject < self.end)

    def condition(self, column: str) -> tuple[str, list[str]]:
        """For SQL, which puts texts in the same order, and its values."""
        bounds = ((">=", self.start), ("<", self.end))
        given = [(sign, bound) for sign, bound in bounds if bound is not None]
        return "".join(f" and {column} {sign} ?" for sign, _ in given), [bound for _, bound in given]


EVERY_SUBJECT = Subjects()


class Stream:
    """The rows of one table, a subject's at a time, with their columns by name. Of the trail what is about a
    subject."""

    def __init__(self, sql: Sql, table: str, tenant: str, which: Subjects) -> None:
        order, some = TABLES[table], "and subject != ''" if table == "audit" else ""
        self.table = table
        self._names = list(SOME.get(table, ())) or sql.columns(table)
        names = ", ".join(f'"{name}"' for name in self._names)
        these, bounds = which.condition(order[0])
        rows = sql.tuples(
            f"select {names} from {table} where tenant = ? {some} {these} order by {', '.join(order)}",
            tenant, *bounds,
        )  # fmt: skip
        self._groups = groupby(rows, key=itemgetter(self._names.index(order[0])))
        self._step()

    def _step(self) -> None:
        self.subject: str | None
        self._rows: Iterator[tuple[Any, ...]]
        self.subject, self._rows = next(self._groups, (None, iter(())))

    def take(self) -> list[Row]:
        """Those of the subject that is next."""
        names = self._names
        return [dict(zip(names, row)) for row in self.take_plain()]  # noqa: B905  (each cursor gives its columns)

    def take_plain(self) -> list[tuple[Any, ...]]:
        taken = list(self._rows)
        self._step()
        return taken
