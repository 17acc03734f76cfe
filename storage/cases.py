"""Cases, as a person sees them. How they are written is in `case_rows`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from storage import rows
from storage.also import also_do, seen_before
from storage.case_rows import case_steps, read_case, write_case, write_step
from storage.case_states import ACTIVE, OVER
from storage.connection import Base
from storage.errors import Invalid
from storage.model import Case, CaseStep, NewCase, Person, Step
from storage.plans import NOTHING_ELSE, Also
from storage.unit_of_work import missing


class Cases(Base):
    def open_case(
        self, tenant: str, new: NewCase, *, by: Person, now: datetime, also: Also = NOTHING_ELSE
    ) -> Case:
        if not new.title.strip():
            raise Invalid("a case needs a title: what happened, in a few words")
        with self._work(tenant, by, now) as work:
            work.gather()
            seen_before(work, also)
            ref, kept = write_case(work, new)
            also_do(work, ref, also, kept)
            return read_case(work.sql, tenant, ref)

    def take_step(
        self, tenant: str, ref: str, step: Step, *, expected: int | None, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Case:  # fmt: skip
        with self._work(tenant, by, now) as work:
            work.gather()
            seen_before(work, also)
            kept = write_step(work, ref, step, expected)
            also_do(work, ref, also, kept)
            case = read_case(work.sql, tenant, ref)
        if step.kind == "notify":
            self.checkpoint(tenant, now=now)
        return case

    def hand_over(
        self, tenant: str, given: Sequence[tuple[Case, Person, Also]], *, note: str = "", by: Person,
        now: datetime, also: Also = NOTHING_ELSE, result: str = "",
    ) -> tuple[Case, ...]:  # fmt: skip
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            for case, owner, beside in given:
                write_step(work, case.ref, Step("assign", note, owner=owner), case.version)
                also_do(work, case.ref, beside)
            also_do(work, "", also, result=result)
            return tuple(read_case(work.sql, tenant, case.ref) for case, _, _ in given)

    def case(self, tenant: str, ref: str) -> Case:
        with self._connections.read(tenant) as sql:
            return read_case(sql, tenant, ref)

    def cases(
        self, tenant: str, *, states: Sequence[str] = (), owner: str = "", due_before: date | None = None,
        soonest: bool = False, offset: int = 0, limit: int = 1000,
    ) -> tuple[Case, ...]:  # fmt: skip
        chosen, values = _chosen(tenant, states, owner, due_before, newest=not soonest)
        order = "first_due, length(ref), ref" if soonest else "opened_at desc, length(ref) desc, ref desc"
        with self._connections.read(tenant) as sql:
            found = sql.all(f"select ref {chosen} order by {order} limit ? offset ?", *values, limit, offset)
            return tuple(read_case(sql, tenant, row["ref"]) for row in found)

    def count_cases(
        self, tenant: str, *, states: Sequence[str] = (), owner: str = "", due_before: date | None = None
    ) -> int:
        chosen, values = _chosen(tenant, states, owner, due_before)
        with self._connections.read(tenant) as sql:
            return int(sql.value(f"select count(*) {chosen}", *values))

    def owners(self, tenant: str) -> tuple[tuple[str, str], ...]:
        with self._connections.read(tenant) as sql:
            found = sql.all(
                """select owner_id, ref from case_current indexed by case_by_owner where tenant = ?
                and owner_id is not null and state in ('opened', 'investigating', 'notified', 'reported')
                order by owner_id, ref""",
                tenant,
            )  # fmt: skip
            return tuple((row["owner_id"], row["ref"]) for row in found)

    def steps(self, tenant: str, ref: str) -> tuple[CaseStep, ...]:
        with self._connections.read(tenant) as sql:
            found = case_steps(sql, tenant, ref)
            if not found:
                raise missing(ref)
            return tuple(map(rows.step, found))


def _chosen(
    tenant: str, states: Sequence[str], owner: str, due_before: date | None, *, newest: bool = False
) -> tuple[str, list[str]]:
    """Which cases: a table and a condition, and its values. The index is named: without counts of its rows
    SQLite would rather read every case of a tenant. States stand in it as they are, since an index of the
    active ones serves only a condition that says the same."""
    known = [state for state in (*ACTIVE, *OVER) if state in states]
    index = "case_by_opening"
    if tuple(known) == ACTIVE and (owner or not newest):
        index = "case_by_owner" if owner else "case_active"
    chosen, values = f"from case_current indexed by {index} where tenant = ?", [tenant]
    if states:
        chosen += f" and state in ({', '.join(map(repr, known))})"
    if owner:
        chosen += " and owner_id = ?"
        values.append(owner)
    if due_before:
        chosen += " and first_due < ?"
        values.append(due_before.isoformat())
    return chosen, values
