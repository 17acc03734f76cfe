"""Decision records: revisions, confirmations, notes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from storage import rows
from storage.also import also_do, seen_before
from storage.connection import Base
from storage.errors import Invalid
from storage.model import Assessment, Correction, Note, NoteKind, Person, Record
from storage.plans import NOTHING_ELSE, Also
from storage.record_rows import (
    add_confirmation,
    add_details,
    keep_record,
    latest_revision,
    note_row,
    notes_of,
    read_record,
    revise,
    revised,
)
from storage.times import stamp
from storage.unit_of_work import require_subject


class Records(Base):
    def keep(
        self, tenant: str, assessment: Assessment, *, by: Person, now: datetime, also: Also = NOTHING_ELSE
    ) -> Record:
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            number = keep_record(work, assessment)
            also_do(work, number, also)
            return read_record(work.sql, tenant, number)

    def correct(
        self, tenant: str, number: str, assessment: Assessment, *, why: str, expected: int,
        details: Mapping[str, str] | None = None, by: Person, now: datetime, also: Also = NOTHING_ELSE,
    ) -> Record:  # fmt: skip
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            revise(work, Correction(number, assessment, why, expected))
            if details:
                add_details(work, number, details)
            also_do(work, number, also)
            return read_record(work.sql, tenant, number)

    def confirm(
        self, tenant: str, number: str, *, revision: int, role: str, compared: bool = False, note: str = "",
        same_person: bool | None = None, by: Person, now: datetime, also: Also = NOTHING_ELSE,
    ) -> Record:  # fmt: skip
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            latest = latest_revision(work.sql, tenant, number)
            if latest["revision"] != revision:
                raise revised(latest)
            add_confirmation(work, number, revision, role, compared, note, same_person)
            also_do(work, number, also)
            confirmed = read_record(work.sql, tenant, number)
        self.checkpoint(tenant, now=now)
        return confirmed

    def add_note(
        self, tenant: str, subject: str, text: str, *, kind: NoteKind = "note",
        by: Person, now: datetime, also: Also = NOTHING_ELSE,
    ) -> Note:  # fmt: skip
        if not text.strip():
            raise Invalid("the note is empty: write what is to be kept")
        if kind not in ("note", "analysis", "learning"):
            raise Invalid("a note is a note, an analysis or a learning point")
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            require_subject(work.sql, tenant, subject)
            row = note_row(work, subject, kind, text)
            made = work.append("note", row)
            work.audit(f"{kind} added", subject, {}, made)
            also_do(work, subject, also)
            return rows.note(row)

    def notes(self, tenant: str, subject: str) -> tuple[Note, ...]:
        with self._connections.read(tenant) as sql:
            require_subject(sql, tenant, subject)
            return notes_of(sql, tenant, subject)

    def give_details(
        self, tenant: str, number: str, given: Mapping[str, str], *, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Record:  # fmt: skip
        if not given:
            raise Invalid("no detail was given: name one, with what is to be kept of it")
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            latest_revision(work.sql, tenant, number)
            add_details(work, number, given)
            also_do(work, number, also)
            return read_record(work.sql, tenant, number)

    def record(self, tenant: str, number: str, revision: int | None = None) -> Record:
        with self._connections.read(tenant) as sql:
            return read_record(sql, tenant, number, revision)

    def revisions(self, tenant: str, number: str) -> tuple[Record, ...]:
        with self._connections.read(tenant) as sql:
            last = latest_revision(sql, tenant, number)["revision"]
            return tuple(read_record(sql, tenant, number, revision) for revision in range(1, last + 1))

    def records(
        self, tenant: str, *, outcome: str = "", status: Literal["", "provisional", "confirmed"] = "",
        lacking: NoteKind | None = None, since: datetime | None = None, until: datetime | None = None,
        offset: int = 0, limit: int = 1000,
    ) -> tuple[Record, ...]:  # fmt: skip
        chosen, values = _chosen(tenant, outcome, status, lacking, since, until)
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"""select number {chosen}
                order by kept_at desc, length(number) desc, number desc limit ? offset ?""",
                *values, limit, offset,
            )  # fmt: skip
            return tuple(read_record(sql, tenant, row["number"]) for row in found)

    def count_records(
        self, tenant: str, *, outcome: str = "", status: Literal["", "provisional", "confirmed"] = "",
        lacking: NoteKind | None = None, since: datetime | None = None, until: datetime | None = None,
    ) -> int:  # fmt: skip
        chosen, values = _chosen(tenant, outcome, status, lacking, since, until)
        with self._connections.read(tenant) as sql:
            return int(sql.value(f"select count(*) {chosen}", *values))


def _chosen(
    tenant: str, outcome: str, status: str, lacking: NoteKind | None, since: datetime | None,
    until: datetime | None,
) -> tuple[str, list[str]]:  # fmt: skip
    """Which records: a table and a condition, and its values. The status stands in it as it is: the index of
    the provisional ones serves only a condition that says the same, and is named, since SQLite would rather
    read every record of a tenant."""
    index = "indexed by record_provisional " if status == "provisional" else ""
    chosen, values = f"from record_current r {index}where tenant = ?", [tenant]
    if status:
        chosen += f" and confirmed = {int(status == 'confirmed')}"
    if status == "provisional" or lacking:  # what was brought in, and stays so, waits for nobody
        chosen += f" and not {BROUGHT_IN}"
    for condition, value in (
        ("outcome = ?", outcome), ("kept_at >= ?", since and stamp(since)),
        ("kept_at < ?", until and stamp(until)), (LACKING, lacking),
    ):  # fmt: skip
        if value:
            chosen += f" and {condition}"
            values.append(value)
    return chosen, values


BROUGHT_IN = """(r.revision = 1 and exists (
  select 1 from imported i where i.tenant = r.tenant and i.number = r.number))"""
LACKING = """not exists (select 1 from note n
  where n.tenant = r.tenant and n.subject = r.number and n.kind = ?)"""
