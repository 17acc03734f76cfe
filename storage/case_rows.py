"""Cases written and read within a verb's transaction. A case is what its latest step says: each step is a row
of its own, and its version the number of steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from storage import masking, register_rows, rows
from storage.case_states import ACTIVE, BEFORE_NOTIFIED, STEPS, CaseState
from storage.errors import Conflict, Duplicate, Invalid, NotFound, OutOfOrder
from storage.model import Assessment, Case, Correction, NewCase, Person, Step
from storage.record_rows import correct_record, keep_record, latest_revision, read_record, revise
from storage.seals import WRITTEN
from storage.sql import Row, Sql
from storage.times import moment, stamp
from storage.unit_of_work import Work, missing

# What somebody did, to be read after their name.
DID: Mapping[str, str] = {
    "open": "opened it", "investigate": "began the preliminary investigation",
    "notify": "notified the authority", "report": "submitted the report",
    "close": "closed it", "stand_down": "stood it down", "reopen": "reopened it",
    "assign": "gave it to another owner", "redecide": "decided it anew",
    "correct_discovery": "corrected the discovery date", "reference": "gave the authority's reference number",
}  # fmt: skip
# What a state is, to be read after the case's reference and "is".
STATE_WORDS: Mapping[str, str] = {
    "opened": "open", "investigating": "under preliminary investigation", "notified": "notified",
    "reported": "reported", "closed": "closed", "stood_down": "stood down",
}  # fmt: skip


def write_case(work: Work, new: NewCase) -> tuple[str, list[str]]:
    """Its reference, and the numbers of the records that were written with it."""
    year = f"C{work.at.year % 100:02}"
    work.will_number(year, *[str(work.at.year)] * (Assessment in map(type, new.records)))
    ref = f"{year}-{work.number(year):04}"
    head = {
        "ref": ref, "title": masking.text(new.title), "opened_at": work.now,
        "opened_by_id": work.by.id, "opened_by_name": work.by.name,
    }  # fmt: skip
    made = work.append("case_file", head)
    work.made(ref)
    numbers = []
    for record in new.records:
        numbers.append(_record(work, record))
        made |= _link(work, ref, numbers[-1])
    row: Row = {
        "ref": ref, "version": 1, "step": "open", "state": "opened",
        "taken_at": work.now, "taken_by_id": work.by.id, "taken_by_name": work.by.name,
        "note": masking.text(new.note), **_owner(new.owner),
        **_discovery(new.discovered_on, new.discovered_at),
        "authority_reference": "", "record_number": None, "record_revision": None,
    }  # fmt: skip
    made |= work.append("case_step", row)
    detail = {"discovered_on": row["discovered_on"], "records": numbers, "owner": row["owner_id"]}
    work.audit("case opened", ref, detail, made)
    return ref, [number for number, given in zip(numbers, new.records, strict=True) if given != number]


def _record(work: Work, given: str | Assessment | Correction) -> str:
    if isinstance(given, Assessment):
        return keep_record(work, given)
    if isinstance(given, Correction):
        return revise(work, given)
    return str(latest_revision(work.sql, work.tenant, given)["number"])


def _link(work: Work, ref: str, number: str) -> dict[str, str]:
    return work.append("case_record", {"ref": ref, "number": number, "added_at": work.now})


def _owner(owner: Person | None) -> Row:
    if owner is None:
        return {"owner_id": None, "owner_name": None}
    return {"owner_id": masking.machine(owner.id), "owner_name": masking.text(owner.name)}


def _discovery(on: date, at: datetime | None) -> Row:
    return {"discovered_on": on.isoformat(), "discovered_at": stamp(at) if at else None}


_BACK_TO: Mapping[CaseState, tuple[CaseState, ...]] = {
    "notified": BEFORE_NOTIFIED, "reported": ("notified",),
}  # fmt: skip


def write_step(work: Work, ref: str, step: Step, expected: int | None) -> list[str]:
    """Returns the number of the record that was written with it, if one was."""
    steps = case_steps(work.sql, work.tenant, ref)
    if not steps:
        raise missing(ref)
    last = steps[-1]
    if expected is not None and expected != last["version"]:
        raise _conflict(ref, last)
    allowed, state = STEPS.get(step.kind, ((), None))
    if last["state"] not in allowed:
        raise _out_of_order(ref, last, step)
    _complete(step)
    row: Row = last | {
        "version": last["version"] + 1, "step": step.kind, "state": state or last["state"],
        "taken_at": work.now, "taken_by_id": work.by.id, "taken_by_name": work.by.name,
        "note": masking.text(step.note), "record_number": None, "record_revision": None,
        "done_on": step.done_on.isoformat() if step.done_on else None,
    }  # fmt: skip
    if step.kind == "reopen":
        back = _BACK_TO.get(last["state"], ACTIVE)
        row["state"] = next(s["state"] for s in reversed(steps) if s["state"] in back)
        if row["state"] in BEFORE_NOTIFIED:
            row["authority_reference"] = ""
    if step.kind == "redecide" and step.to_another:
        row["state"] = next(s["state"] for s in reversed(steps) if s["state"] in BEFORE_NOTIFIED)
        row["authority_reference"] = ""
    if step.kind in ("notify", "reference") and step.authority_reference.strip():
        row["authority_reference"] = _reference(work, ref, step.authority_reference)
    if step.kind == "assign":
        row |= _owner(step.owner)
    if step.kind == "correct_discovery" and step.discovered_on:
        row |= _discovery(step.discovered_on, step.discovered_at)
    made: dict[str, str] = {}
    if step.kind in ("stand_down", "redecide"):
        row["record_number"], row["record_revision"], made = _decision(work, ref, step)
    row.pop("tenant")
    made |= work.append("case_step", row)
    changed = {k: v for k, v in row.items() if v != last.get(k) and k not in _UNTOLD}
    if step.kind == "correct_discovery":
        changed["was"] = last["discovered_on"]
    work.audit(f"case step: {step.kind}", ref, changed, made)
    if step.kind == "correct_discovery":
        for one in work.sql.all(
            "select number from case_record where tenant = ? and ref = ?", work.tenant, ref
        ):
            register_rows.refresh(work.sql, read_record(work.sql, work.tenant, one["number"]))
    return [row["record_number"]] if step.kind == "redecide" else []


# In the step's own row, and not in the trail as well.
_UNTOLD = frozenset({"taken_at", "taken_by_id", "taken_by_name", "salts", *WRITTEN["case_step"]})


def _complete(step: Step) -> None:
    """Raises Invalid where a step lacks what it cannot do without."""
    lacking = {
        "stand_down": "the reason, and the record whose verdict allows it"
        if not (step.note.strip() and step.record) else "",
        "assign": "the new owner" if step.owner is None else "",
        "redecide": "the new assessment" if step.assessment is None else "",
        "correct_discovery": "the corrected date, and why"
        if not (step.discovered_on and step.note.strip()) else "",
        "reference": "the authority's reference number" if not step.authority_reference.strip() else "",
    }.get(step.kind, "")  # fmt: skip
    if lacking:
        raise Invalid(f"this step needs {lacking}")


def _decision(work: Work, ref: str, step: Step) -> tuple[str, int, dict[str, str]]:
    """The record revision that a step rests on, made first where the step brings a new assessment."""
    number = step.record
    if number:
        latest = latest_revision(work.sql, work.tenant, number)
        linked = work.sql.value(
            "select 1 from case_record where tenant = ? and ref = ? and number = ?", work.tenant, ref, number
        )
        if not linked:
            raise NotFound(f"record {number} does not belong to {ref}")
        if step.kind == "redecide" and step.assessment:
            return number, correct_record(work, latest, step.assessment, step.note), {}
        return number, int(latest["revision"]), {}
    if step.assessment is None:
        raise Invalid("this step needs a record")
    number = keep_record(work, step.assessment)
    return number, 1, _link(work, ref, number)


def _reference(work: Work, ref: str, given: str) -> str:
    """Raises Duplicate where another case has it."""
    reference = " ".join(given.split())
    if masking.text(reference) != reference:
        raise Invalid("this looks like a patient's number and was not stored: give the authority's reference")
    other = work.sql.value(
        "select ref from case_now where tenant = ? and ref != ? and ref in (select ref from case_step "
        "where tenant = ? and authority_reference != '' and authority_reference = ? collate nocase) "
        "and authority_reference = ? collate nocase",
        work.tenant, ref, work.tenant, reference, reference,
    )  # fmt: skip
    if other:
        raise Duplicate(
            f"the reference {reference} is that of {other} already: check the number", result=other
        )
    return reference


def _conflict(ref: str, last: Row) -> Conflict:
    who, did = Person(last["taken_by_id"], last["taken_by_name"]).called, DID[last["step"]]
    message = f"{ref} has changed meanwhile: {who} {did}. Look at it again first"
    return Conflict(message, did=did, by=who, at=moment(last["taken_at"]))


def _out_of_order(ref: str, last: Row, step: Step) -> OutOfOrder:
    if step.kind not in STEPS:
        return OutOfOrder("there is no such step: look at help")
    who = Person(last["taken_by_id"], last["taken_by_name"]).called
    now = f"{ref} is {STATE_WORDS[last['state']]} ({who} {DID[last['step']]})"
    if last["state"] in ("closed", "stood_down"):
        return OutOfOrder(f"{now}: reopen it first")
    before = " or ".join(STATE_WORDS[state] for state in STEPS[step.kind][0])
    return OutOfOrder(f"{now}: this step is for a case that is {before}")


def case_steps(sql: Sql, tenant: str, ref: str) -> list[Row]:
    return sql.all("select * from case_step where tenant = ? and ref = ? order by version", tenant, ref)


def read_case(sql: Sql, tenant: str, ref: str) -> Case:
    """Raises NotFound."""
    found = sql.ahead("select * from case_now where tenant = ? and ref = ?", tenant, ref)
    records = sql.ahead(
        "select number from case_record where tenant = ? and ref = ? order by added_at, number", tenant, ref
    )
    deadlines = sql.ahead(
        "select * from deadline_now where tenant = ? and subject = ? order by due_at, kind", tenant, ref
    )
    done = sql.ahead(
        "select step, done_on from case_step where tenant = ? and ref = ? and step in ('notify', 'report') "
        "order by version",
        tenant, ref,
    )  # fmt: skip
    row = next(iter(found()), None)
    if row is None:
        raise missing(ref)
    last = rows.step(row)
    told = {one["step"]: one["done_on"] for one in done()}
    every = tuple(map(rows.deadline, deadlines()))
    met = {one.kind for one in every if one.state == "met"}  # what is to be done again has no day
    return Case(
        tenant=tenant, ref=ref, title=row["title"], state=last.state, version=last.version, owner=last.owner,
        opened_at=moment(row["opened_at"]), opened_by=rows.person(row, "opened_by"),
        discovered_on=last.discovered_on, discovered_at=last.discovered_at,
        authority_reference=last.authority_reference, records=tuple(one["number"] for one in records()),
        deadlines=every, last=last,
        done_on={kind: date.fromisoformat(on) for kind, on in told.items() if on and kind in met},
    )  # fmt: skip
