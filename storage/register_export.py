"""The register as a whole, row by row, for whoever takes it out of here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from storage.case_rows import read_case
from storage.connection import Base
from storage.corrective_measures import read_measures
from storage.model import Json, Person
from storage.record_rows import read_record
from storage.register import chosen
from storage.register_model import EVERY, Exported, Which
from storage.sql import Sql


class RegisterExport(Base):
    @contextmanager
    def register(
        self, tenant: str, which: Which = EVERY, *, told: Json, by: Person, now: datetime
    ) -> Iterator[tuple[int, Iterator[Exported]]]:
        condition, values = chosen(tenant, which)
        with ExitStack() as while_read:
            with self._entry(tenant, by, now) as work:
                # Begun while nobody else can write: all that was there before this entry, and no more.
                sql = while_read.enter_context(self._connections.snapshot(tenant))
                count = int(sql.value(f"select count(*) from incident where {condition}", *values))
                plain = {name: value for name, value in told.items() if name != "filter"}
                # An earlier release's file has no place for the words beside the entry.
                said = "" if self.older else str(told.get("filter", ""))
                work.audit("register exported", "", {**plain, "count": count}, said=said)
            yield count, _each(sql, tenant, condition, values)


def _each(sql: Sql, tenant: str, condition: str, values: list[Any]) -> Iterator[Exported]:
    numbers = sql.all(
        f"select number, source from incident where {condition} order by day, length(number), number", *values
    )
    for row in numbers:
        record = read_record(sql, tenant, row["number"])
        cases = tuple(read_case(sql, tenant, ref) for ref in record.cases)
        yield Exported(record, cases, row["source"], read_measures(sql, tenant, row["number"]))
