"""One organisation goes on as another. Both trails stay as they are; what is under way in the one that ends
is written anew in the other, with its deadlines and the reminders to come, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from storage import rows
from storage.case_rows import read_case, write_case, write_step
from storage.case_states import ACTIVE, StepKind
from storage.connection import Base
from storage.deadline_rows import end_deadline, set_deadline
from storage.errors import Conflict, Duplicate, Invalid
from storage.measure_model import MEASURE
from storage.model import Case, Destination, NewCase, Person, Record, Step
from storage.organisation_model import Merged, Organisation, Outside
from storage.organisation_rows import (
    close_binding,
    open_binding,
    put_organisation,
    read_bindings,
    read_organisation,
)
from storage.outbox_rows import OPEN
from storage.plans import DeadlinePlan, PingPlan
from storage.record_rows import add_details, keep_record, read_record
from storage.sql import Row, Sql
from storage.times import moment
from storage.unit_of_work import Work, is_case, reference_noted

# By which steps a case comes to where it stood.
_WAYS: Mapping[str, tuple[StepKind, ...]] = {
    "investigating": ("investigate",), "notified": ("notify",), "reported": ("notify", "report"),
    "closed": ("notify", "report", "close"),
}  # fmt: skip
_MEASURE = """select * from corrective_measure m where tenant = ? and number = ? and seq = ? and change =
  (select max(change) from corrective_measure x
   where x.tenant = m.tenant and x.number = m.number and x.seq = m.seq)"""


@dataclass
class _UnderWay:
    """What goes on, as it is read of the one that ends."""

    cases: list[Case] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)
    deadlines: dict[str, list[DeadlinePlan]] = field(default_factory=dict)  # by subject
    measures: dict[str, list[Row]] = field(default_factory=dict)  # by record
    beside: dict[str, list[Row]] = field(default_factory=dict)  # by table
    bindings: list[Outside] = field(default_factory=list)


class Merging(Base):
    def merge(self, tenant: str, into: str, *, by: Person, now: datetime) -> Merged:
        with self._connections.write(None) as sql:
            ends = Work(sql, tenant, by, now)
            old = read_organisation(sql, tenant)
            if tenant == into or old.state != "active":
                raise Invalid(f"{tenant} cannot be merged into {into}: name two that are active")
            goes_on = _read(sql, tenant)
            ends.require_open()
            for subject, plans in goes_on.deadlines.items():
                for plan in plans:
                    end_deadline(ends, subject, plan.kind, "withdrawn", f"goes on in {into}")
            for outside in goes_on.bindings:
                close_binding(ends, outside, f"merged into {into}")
            put_organisation(ends, Organisation(tenant, old.name, old.ods_code, "merged", into))

            work = Work(sql, into, by, now)
            if read_organisation(sql, into).state != "active":
                raise Invalid(f"{tenant} cannot be merged into {into}: name two that are active")
            merged = _write(work, goes_on, tenant)
            for outside in goes_on.bindings:
                open_binding(work, outside, f"as {tenant} was merged into it")
            told = {"organisation": tenant, "cases": dict(merged.cases), "records": dict(merged.records)}
            work.audit("organisation merged into this one", into, told)
            return merged


def _read(sql: Sql, tenant: str) -> _UnderWay:
    found = _UnderWay()
    in_hand = sql.value(
        "select count(*) from outbox where tenant = ? and state in ('sending', 'unknown')", tenant
    )
    if in_hand:
        raise Conflict(
            f"of {in_hand} messages it is not known yet whether they arrived: try again in a minute"
        )
    for row in sql.all(
        "select * from deadline_now where tenant = ? and state = 'open' order by subject, kind", tenant
    ):
        found.deadlines.setdefault(row["subject"], []).append(_plan(sql, row))
        if row["kind"].startswith(MEASURE):
            seq = int(row["kind"].removeprefix(MEASURE))
            found.measures.setdefault(row["subject"], []).extend(
                sql.all(_MEASURE, tenant, row["subject"], seq)
            )
    active = sql.all(
        f"select ref from case_current where tenant = ? and state in ({', '.join('?' * len(ACTIVE))})",
        tenant, *ACTIVE,
    )  # fmt: skip
    refs = {row["ref"] for row in active} | {one for one in found.deadlines if is_case(one)}
    found.cases = [read_case(sql, tenant, ref) for ref in sorted(refs)]
    numbers = {one for case in found.cases for one in case.records}
    numbers |= {one for one in found.deadlines if not is_case(one)}
    found.records = {number: read_record(sql, tenant, number) for number in sorted(numbers)}
    for table in ("address", "conversation_reference", "person"):
        found.beside[table] = sql.all(f"select * from {table} where tenant = ?", tenant)
    found.bindings = [one.outside for one in read_bindings(sql, tenant)]
    return found


def _plan(sql: Sql, row: Row) -> DeadlinePlan:
    zone = ZoneInfo(row["zone"])
    pings = []
    for ping in sql.all(
        f"""select * from outbox where tenant = ? and subject = ? and rule = ? and round = ? and kind = 'ping'
        and fallback_for = '' and state in {OPEN} order by planned_at, id""",
        row["tenant"], row["subject"], row["kind"], row["version"],
    ):  # fmt: skip
        local = moment(ping["planned_at"]).astimezone(zone)
        place = Destination(ping["platform"], ping["conversation"], ping["thread"])
        body = rows.outgoing(ping).body
        at = local.time().replace(tzinfo=None)
        pings.append(PingPlan(ping["offset"], local.date(), place, at, bool(ping["escalation"]), body))
    return DeadlinePlan(
        row["kind"], date.fromisoformat(row["due_on"]), tuple(pings), row["zone"],
        time.fromisoformat(row["local_time"]),
    )  # fmt: skip


def _write(work: Work, goes_on: _UnderWay, tenant: str) -> Merged:
    numbers = {old: _record(work, record, tenant) for old, record in goes_on.records.items()}
    refs = {case.ref: _case(work, case, numbers, tenant) for case in goes_on.cases}
    named = numbers | refs
    for old, measures in goes_on.measures.items():
        for measure in measures:
            plain = {name: value for name, value in measure.items() if name not in ("tenant", "salts")}
            row = plain | {"number": numbers[old], "change": 1}
            told = {"measure": row["seq"], "owner": row["owner_id"]}
            work.audit("measure set", numbers[old], told, work.append("corrective_measure", row))
    for old, plans in goes_on.deadlines.items():
        for plan in plans:
            set_deadline(work, named[old], plan)
    _beside(work, goes_on.beside, named)
    return Merged(tuple(refs.items()), tuple(numbers.items()))


def _record(work: Work, record: Record, tenant: str) -> str:
    number = keep_record(work, record.assessment)
    if record.details:
        add_details(work, number, {one.field: one.value for one in record.details})
    work.audit("goes on from another organisation", number, {"from": f"{tenant}:{record.number}"})
    return number


def _case(work: Work, case: Case, numbers: Mapping[str, str], tenant: str) -> str:
    whence = f"{tenant}:{case.ref}"
    new = NewCase(
        case.title, case.discovered_on, tuple(numbers[one] for one in case.records), case.discovered_at,
        case.owner, f"goes on from {whence}",
    )  # fmt: skip
    ref, _ = write_case(work, new)
    for kind in _WAYS.get(case.state, ()):
        step = Step(kind, f"as {whence} was", authority_reference=case.authority_reference)
        try:
            write_step(work, ref, step, None)
        except Duplicate:  # the other organisation has a case of that reference: it stands in the old one
            write_step(work, ref, Step(kind, f"as {whence} was, {case.authority_reference}"), None)
    if case.state == "stood_down":  # of which something is to be done still
        rests_on = numbers[case.last.record or case.records[0]]
        write_step(work, ref, Step("stand_down", f"as {whence} was", record=rests_on), None)
    return ref


def _beside(work: Work, tables: Mapping[str, list[Row]], named: Mapping[str, str]) -> None:
    """Where its cards stand, how its conversations are reached and who its people are: what the other one
    knows itself stays."""
    for row in tables["address"]:
        if row["subject"] in named:
            work.sql.insert("address", row | {"tenant": work.tenant, "subject": named[row["subject"]]})
    for row in tables["conversation_reference"]:
        new = row | {"tenant": work.tenant}
        if _new(work, "conversation_reference", new, ("platform", "conversation")):
            work.audit("conversation reference kept", "", reference_noted(new))
    for row in tables["person"]:
        _new(work, "person", row | {"tenant": work.tenant}, ("platform", "id"))


def _new(work: Work, table: str, row: Row, key: tuple[str, ...]) -> bool:
    where = " and ".join(f"{name} = ?" for name in ("tenant", *key))
    there = work.sql.value(f"select 1 from {table} where {where}", work.tenant, *(row[name] for name in key))
    if there is None:
        work.sql.insert(table, row)
    return there is None
