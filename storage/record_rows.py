"""Records written and read within a verb's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage import masking, register_rows, rows
from storage.errors import Conflict, Invalid
from storage.model import Assessment, Correction, Note, NoteKind, Person, Record
from storage.release import program_version
from storage.seals import TEXTS, told_apart
from storage.sql import Row, Sql
from storage.times import moment
from storage.unit_of_work import Work, missing


def note_row(work: Work, subject: str, kind: NoteKind, text: str) -> Row:
    """The next note of a record, a case or a theme."""
    count = work.sql.value("select count(*) from note where tenant = ? and subject = ?", work.tenant, subject)
    return {
        "subject": subject, "seq": count + 1, "kind": kind, "text": masking.text(text),
        "written_at": work.now, "written_by_id": work.by.id, "written_by_name": work.by.name,
    }  # fmt: skip


def record_numbers(work: Work, count: int) -> list[str]:
    """The next ones, of which each is used."""
    return [_record_number(work, number) for number in work.numbers(str(work.at.year), count)]


def _record_number(work: Work, number: int) -> str:
    return f"{work.at.year}-{number:04}"


def keep_record(work: Work, assessment: Assessment, *, number: str = "", source: str = "") -> str:
    """Returns the number, the next one where none is given. `source`: where it is brought in from, by a run
    that is not finished."""
    number = number or _record_number(work, work.number(str(work.at.year)))
    _insert(work, "record kept", number, 1, None, "", assessment, source)
    return number


def revise(work: Work, made: Correction) -> str:
    """Returns the number. Raises Conflict where `expected` is not the latest revision."""
    latest = latest_revision(work.sql, work.tenant, made.number)
    if latest["revision"] != made.expected:
        raise revised(latest)
    correct_record(work, latest, made.assessment, made.why)
    return made.number


def correct_record(work: Work, latest: Row, assessment: Assessment, why: str) -> int:
    """Returns the new revision. Raises Invalid without a reason."""
    if not why.strip():
        raise Invalid("a correction needs a reason: say why the record changes")
    number, old = latest["number"], latest["revision"]
    _insert(work, "record corrected", number, old + 1, old, why, assessment)
    return int(old + 1)


def add_details(work: Work, number: str, given: Mapping[str, str]) -> None:
    last = work.sql.value(
        "select coalesce(max(seq), 0) from record_detail where tenant = ? and number = ?", work.tenant, number
    )
    made: dict[str, str] = {}
    for seq, (name, value) in enumerate(given.items(), last + 1):
        row: Row = {
            "number": number, "seq": seq, "field": masking.text(name), "value": masking.text(value),
            "given_at": work.now,
            "given_by_id": work.by.id, "given_by_name": work.by.name,
        }  # fmt: skip
        made |= work.append("record_detail", row)
    work.audit("details given", number, {"fields": [masking.text(name) for name in given]}, made)
    _list(work, number)


# What an auditor looks for first, out of the JSON of facts and verdict into columns of its own.
READABLE = {
    "outcome": ("verdict", "outcome"), "codes": ("verdict", "codes"),
    "guidance_edition": ("verdict", "guidance"),
    "discovered_on": ("facts", "discovered_on"), "occurred_on": ("facts", "occurred_on"),
}  # fmt: skip


def _insert(
    work: Work, what: str, number: str, revision: int, corrects: int | None, why: str, given: Assessment,
    source: str = "",
) -> None:  # fmt: skip
    outcome = given.verdict.get("outcome")
    # Where nobody knows anything there are no facts, and a clock that runs all the same.
    if not outcome or not (given.facts or outcome == "undecided"):
        raise Invalid("a record needs its facts, and a verdict with an outcome")
    apart = told_apart(given.facts, given.sources)
    facts, readable_facts = work.dumps.of(apart.facts)
    verdict, readable_verdict = work.dumps.of_whole(given.verdict)
    readable = {"facts": readable_facts, "verdict": readable_verdict}
    row: Row = {
        "number": number, "revision": revision, "corrects_revision": corrects,
        "correction_reason": masking.text(why), "recorded_at": work.now,
        "recorded_by_id": work.by.id, "recorded_by_name": work.by.name,
        "facts": facts, "verdict": verdict, "sources": work.dumps.of_whole(apart.sources)[0],
        "local_incident_number": masking.text(given.local_incident_number),
        "dose_as_measured": masking.text(given.dose_as_measured),
        "dose_estimated_by": masking.text(given.dose_estimated_by),
        "dose_estimated_how": masking.text(given.dose_estimated_how),
        "immediate_actions": masking.text(given.immediate_actions),
    }  # fmt: skip
    row |= {column: _plain(readable[source].get(name)) for column, (source, name) in READABLE.items()}
    row |= {column: masking.text(text) for column, text in apart.texts.items()}
    row["program"] = program_version() or None
    row["heard"] = masking.dump(apart.heard) if apart.heard else None
    made = work.append("decision_record", row)
    work.there.add(number)
    told = ("revision", "outcome", "codes", "guidance_edition")
    work.audit(what, number, {name: row[name] for name in told if row[name] not in (None, "")}, made)
    if corrects is None:
        texts = {name: row[column] for name, column in TEXTS.items() if row.get(column)}
        register_rows.enter(work.sql, work.tenant, row, readable_facts | texts, readable_verdict, source)
    else:
        _list(work, number)


def _list(work: Work, number: str) -> None:
    register_rows.refresh(work.sql, read_record(work.sql, work.tenant, number))


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def add_confirmation(
    work: Work, number: str, revision: int, role: str, compared: bool, note: str, same_person: bool | None
) -> None:
    if not role.strip():
        raise Invalid("a confirmation needs a role: medical physics expert, say")
    before = _confirmations(work.sql, work.tenant, number, revision)
    useful = not before or (compared and not any(c["compared_with_live_table"] for c in before))
    # By a second person, where none is known to have confirmed it yet.
    useful |= same_person is not None and all(c["same_person"] is None for c in before)
    useful |= same_person is False and all(c["same_person"] != 0 for c in before)
    if not useful:
        first = before[0]
        who = Person(first["confirmed_by_id"], first["confirmed_by_name"]).called
        raise Conflict(
            f"{number} was confirmed already, by {who} ({first['role']})",
            did="confirmed it", by=who, at=moment(first["confirmed_at"]),
        )  # fmt: skip
    row: Row = {
        "number": number, "revision": revision, "seq": len(before) + 1, "confirmed_at": work.now,
        "confirmed_by_id": work.by.id, "confirmed_by_name": work.by.name, "role": masking.text(role),
        "compared_with_live_table": int(compared), "note": masking.text(note),
        "same_person": None if same_person is None else int(same_person),
    }  # fmt: skip
    made = work.append("confirmation", row)
    told = {"revision": revision, "compared": compared}
    if same_person is not None:
        told["same_person"] = same_person
    work.audit("record confirmed", number, told, made)
    _list(work, number)


def latest_revision(sql: Sql, tenant: str, number: str) -> Row:
    """Raises NotFound."""
    row = sql.one(
        "select * from decision_record where tenant = ? and number = ? order by revision desc limit 1",
        tenant, number,
    )  # fmt: skip
    if row is None:
        raise missing(number)
    return row


def read_record(sql: Sql, tenant: str, number: str, revision: int | None = None) -> Record:
    latest = latest_revision(sql, tenant, number)
    row = latest
    if revision is not None and revision != latest["revision"]:
        row = sql.one(
            "select * from decision_record where tenant = ? and number = ? and revision = ?",
            tenant, number, revision,
        ) or latest  # fmt: skip
        if row["revision"] != revision:
            raise missing(f"{number} r{revision}")
    cases = sql.all(
        "select ref from case_record where tenant = ? and number = ? order by added_at, ref", tenant, number
    )
    details = sql.all(
        "select * from record_detail where tenant = ? and number = ? order by seq", tenant, number
    )
    return Record(
        tenant=tenant, number=number, revision=row["revision"], corrects=row["corrects_revision"],
        why=row["correction_reason"], at=moment(row["recorded_at"]), by=rows.person(row, "recorded_by"),
        assessment=rows.assessment(row), latest=row is latest,
        confirmations=tuple(map(rows.confirmation, _confirmations(sql, tenant, number, row["revision"]))),
        notes=notes_of(sql, tenant, number), cases=tuple(found["ref"] for found in cases),
        details=tuple(map(rows.detail, details)), program=row["program"] or "",
    )  # fmt: skip


def _confirmations(sql: Sql, tenant: str, number: str, revision: int) -> list[Row]:
    return sql.all(
        "select * from confirmation where tenant = ? and number = ? and revision = ? order by seq",
        tenant, number, revision,
    )  # fmt: skip


def notes_of(sql: Sql, tenant: str, subject: str) -> tuple[Note, ...]:
    found = sql.all("select * from note where tenant = ? and subject = ? order by seq", tenant, subject)
    return tuple(map(rows.note, found))


def revised(latest: Row) -> Conflict:
    who = Person(latest["recorded_by_id"], latest["recorded_by_name"]).called
    return Conflict(
        f"{latest['number']} was corrected meanwhile by {who}: look at revision {latest['revision']} first",
        did="corrected it", by=who, at=moment(latest["recorded_at"]),
    )  # fmt: skip
