"""Corrective measures of a record. Each change is a row of its own, and the day is that of its deadline,
which is reminded of, put off, met and withdrawn as any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from storage import masking, rows
from storage.also import also_do, seen_before
from storage.connection import Base
from storage.deadline_rows import set_deadline
from storage.errors import Conflict, Invalid, NotFound
from storage.measure_model import MEASURE, CorrectiveMeasure, MeasurePlan
from storage.model import Person
from storage.plans import NOTHING_ELSE, Also
from storage.record_rows import latest_revision
from storage.sql import Row, Sql
from storage.times import moment


class Measures(Base):
    def set_measure(
        self, tenant: str, number: str, given: MeasurePlan, *, seq: int = 0, expected: int | None = None,
        by: Person, now: datetime, also: Also = NOTHING_ELSE,
    ) -> CorrectiveMeasure:  # fmt: skip
        if not given.what.strip():
            raise Invalid("a measure needs what is to be done")
        if given.owner is None and not given.role.strip():
            raise Invalid("a measure needs an owner: a person, or a role")
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            latest_revision(work.sql, tenant, number)
            there = read_measures(work.sql, tenant, number)
            last = next((one for one in there if one.seq == seq), None)
            if seq and last is None:
                raise NotFound(f"{number} has no measure {seq}")
            if last and expected is not None and expected != last.change:
                who = last.by.name or last.by.id
                raise Conflict(
                    f"measure {seq} of {number} was changed meanwhile by {who}: look at it again first",
                    did="changed it", by=who, at=last.at,
                )  # fmt: skip
            seq = seq or len(there) + 1
            owner = given.owner
            row: Row = {
                "number": number, "seq": seq, "change": last.change + 1 if last else 1,
                "what": masking.text(given.what),
                "owner_id": masking.machine(owner.id) if owner else None,
                "owner_name": masking.text(owner.name) if owner else None,
                "role": masking.text(given.role),
                "set_at": work.now, "set_by_id": work.by.id, "set_by_name": work.by.name,
            }  # fmt: skip
            made = work.append("corrective_measure", row)
            told = {"measure": seq, "owner": row["owner_id"]}
            work.audit("measure changed" if last else "measure set", number, told, made)
            set_deadline(work, number, replace(given.deadline, kind=f"{MEASURE}{seq}"))
            also_do(work, number, also)
            return next(one for one in read_measures(work.sql, tenant, number) if one.seq == seq)

    def measures(self, tenant: str, number: str) -> tuple[CorrectiveMeasure, ...]:
        with self._connections.read(tenant) as sql:
            return read_measures(sql, tenant, number)

    def measure_history(self, tenant: str, number: str) -> tuple[CorrectiveMeasure, ...]:
        with self._connections.read(tenant) as sql:
            return tuple(map(_measure, sql.all(_ROWS.format(last=""), tenant, number)))

    def measure_owners(self, tenant: str) -> tuple[tuple[str, str, int], ...]:
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"""select m.owner_id, m.number, m.seq
                from deadline_current d indexed by deadline_open
                join corrective_measure m
                  on m.tenant = d.tenant and m.number = d.subject and d.kind = '{MEASURE}' || m.seq
                where d.tenant = ? and d.state = 'open' and d.kind like '{MEASURE}%'
                  and m.owner_id is not null {_LAST} order by m.owner_id, m.number, m.seq""",
                tenant,
            )  # fmt: skip
            return tuple((row["owner_id"], row["number"], row["seq"]) for row in found)


_LAST = """and m.change = (select max(change) from corrective_measure x
  where x.tenant = m.tenant and x.number = m.number and x.seq = m.seq)"""
_ROWS = f"""select m.*, d.due_on, d.state, d.why as note, d.set_at as ended_at,
  d.set_by_id as ended_by_id, d.set_by_name as ended_by_name
from corrective_measure m
join deadline_now d on d.tenant = m.tenant and d.subject = m.number and d.kind = '{MEASURE}' || m.seq
where m.tenant = ? and m.number = ? {{last}} order by m.seq, m.change"""


def read_measures(sql: Sql, tenant: str, number: str) -> tuple[CorrectiveMeasure, ...]:
    return tuple(map(_measure, sql.all(_ROWS.format(last=_LAST), tenant, number)))


def _measure(row: Row) -> CorrectiveMeasure:
    over = row["state"] != "open"
    return CorrectiveMeasure(
        row["number"], row["seq"], row["change"], row["what"],
        None if row["owner_id"] is None else rows.person(row, "owner"), row["role"],
        moment(row["set_at"]), rows.person(row, "set_by"),
        date.fromisoformat(row["due_on"]), row["state"],
        rows.person(row, "ended_by") if over else None, moment(row["ended_at"]) if over else None,
        row["note"] if over else "",
    )  # fmt: skip
