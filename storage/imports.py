"""What is brought in from another system: records that open no case, set no deadline and send no ping, until
a person opens one. A row of a source is known again by a digest of its reference, so that none comes twice.
What a run that is not finished brought is in no list of incidents, until a run of that source is finished:
what it brought is whole, each row by itself, whatever became of the rest of its file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from sys import intern

from storage.connection import Base
from storage.errors import Conflict, Invalid
from storage.model import Assessment, Person
from storage.record_rows import add_details, keep_record, record_numbers
from storage.seals import SALT, seal
from storage.sql import Sql
from storage.times import moment
from storage.unit_of_work import sha256


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """A row of a source: `ref` is a digest of what makes it the same row, `content` all that was read of it,
    as one text without patients' numbers. Of that a seal is kept. `details` are told beside its verdict."""

    ref: str
    content: str
    assessment: Assessment
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """The record that a row became; `kept` is the salt and the seal of its content, empty where a text of the
    record was taken out or all of it was let go: then there is nothing to hold a guess against. `outcome` is
    what holds of it now."""

    number: str
    kept: str
    outcome: str = ""

    def holds(self, content: str) -> bool:
        """Is it the row that was brought in, as far as can be told?"""
        salt, _, left = self.kept.partition(":")
        return not left or seal(salt, content) == left


@dataclass(frozen=True, slots=True)
class UnfinishedImport:
    """A run that is under way or was cut short, and how many incidents of it are in no list."""

    source: str
    begun_at: datetime
    count: int


class Imports(Base):
    def known_imports(self, tenant: str, source: str) -> Mapping[str, Known]:
        with self._connections.read(tenant) as sql:
            rows = sql.tuples(
                """select r.ref, r.number, r.content, i.outcome from imported r
                left join incident i on i.tenant = r.tenant and i.number = r.number
                where r.tenant = ? and r.source = ?""",
                tenant, source,
            )  # fmt: skip
            return {ref: Known(number, kept, intern(outcome or "")) for ref, number, kept, outcome in rows}

    def unfinished_imports(self, tenant: str, source: str | None = None) -> tuple[UnfinishedImport, ...]:
        with self._connections.read(tenant) as sql:
            rows = sql.all(
                """select r.source, r.begun_at, count(*) as count from import_run r
                join imported i on i.tenant = r.tenant and i.run = r.id
                where r.tenant = ? and r.finished_at is null and r.source = coalesce(?, r.source)
                group by r.id, r.source, r.begun_at order by r.id""",
                tenant, source,
            )  # fmt: skip
        return tuple(UnfinishedImport(row["source"], moment(row["begun_at"]), row["count"]) for row in rows)

    def begin_import(self, tenant: str, source: str, file: str, *, by: Person, now: datetime) -> int:
        with self._work(tenant, by, now) as work:
            run = work.sql.value(
                """select id from import_run
                where tenant = ? and source = ? and file = ? and finished_at is null""",
                tenant, source, file,
            )  # fmt: skip
            if run is not None:
                work.audit("import taken up again", "", {"source": source, "file": file})
                return int(run)
            run = 1 + work.sql.value("select coalesce(max(id), 0) from import_run where tenant = ?", tenant)
            work.sql.insert(
                "import_run",
                {"tenant": tenant, "id": run, "source": source, "file": file, "begun_at": work.now},
            )
            work.audit("import begun", "", {"source": source, "file": file})
            return int(run)

    def bring_in(
        self, tenant: str, run: int, rows: Sequence[BroughtIn], *, by: Person, now: datetime
    ) -> tuple[str, ...]:
        with self._work(tenant, by, now) as work:
            source = _open_run(work.sql, tenant, run)
            _none_there(work.sql, tenant, source, [row.ref for row in rows])
            numbers = record_numbers(work, len(rows)) if rows else []
            work.gather()
            for number, row in zip(numbers, rows, strict=True):
                keep_record(work, row.assessment, number=number, source=source)
            work.sql.insert_all(
                "imported",
                [{"tenant": tenant, "source": source, "ref": row.ref, "content": _sealed(row.content),
                  "number": number, "run": run} for number, row in zip(numbers, rows, strict=True)],
            )  # fmt: skip
            for number, row in zip(numbers, rows, strict=True):
                if row.details:
                    add_details(work, number, row.details)
        return tuple(numbers)

    def finish_import(self, tenant: str, run: int, *, by: Person, now: datetime) -> int:
        with self._work(tenant, by, now) as work:
            source = _open_run(work.sql, tenant, run)
            count = work.sql.run(
                """update incident set hidden = 0 where tenant = ?
                and number in (select i.number from imported i
                  join import_run r on r.tenant = i.tenant and r.id = i.run
                  where r.tenant = ? and r.source = ? and r.finished_at is null)""",
                tenant, tenant, source,
            )  # fmt: skip
            work.sql.run(
                """update import_run set finished_at = ?
                where tenant = ? and source = ? and finished_at is null""",
                work.now, tenant, source,
            )  # fmt: skip
            work.audit("import finished", "", {"source": source, "count": count})
            return count


def _sealed(content: str) -> str:
    salt = os.urandom(SALT).hex()
    return f"{salt}:{seal(salt, content)}"


def forget_content(sql: Sql, tenant: str, number: str) -> None:
    """Nothing stays of what was read, where something of the record goes. The row is still known."""
    sql.run("update imported set content = '' where tenant = ? and number = ?", tenant, number)


def ref_digest(source: str, ref: str) -> str:
    """Says nothing of the reference to whoever does not have it."""
    return sha256([source, ref.strip()])


def _open_run(sql: Sql, tenant: str, run: int) -> str:
    """Its source. Raises Invalid."""
    source = sql.value(
        "select source from import_run where tenant = ? and id = ? and finished_at is null", tenant, run
    )
    if source is None:
        raise Invalid("another import of the same source was finished meanwhile: try it again, without --go")
    return str(source)


def _none_there(sql: Sql, tenant: str, source: str, refs: Sequence[str]) -> None:
    """Raises Conflict."""
    if refs and sql.value(
        f"""select count(*) from imported
        where tenant = ? and source = ? and ref in ({", ".join("?" * len(refs))})""",
        tenant, source, *refs,
    ):  # fmt: skip
        raise Conflict(f"another import of {source} brings in the same rows: try it again, without --go")
