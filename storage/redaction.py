"""Taking out what somebody wrote. The row stays as the trail has it: where the text stood it says so and
since when, its seal stands in the place of its salt, and an entry "erased" says who did it and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from storage import register_rows
from storage.connection import Base
from storage.errors import Conflict, Damaged, Invalid, NotFound
from storage.imports import forget_content
from storage.memory_model import BACKED_UP
from storage.model import Json, Person, Redacted
from storage.record_rows import read_record
from storage.seals import TAKEN_OUT, TEXTS, WRITTEN, seal, taken_out
from storage.sql import Row, Sql
from storage.tables import APPEND_ONLY
from storage.unit_of_work import Work, is_case, is_theme, label, require_subject
from storage.verify_trail import ERASED

Places = tuple[tuple[str, str], ...]
# What a text is called, and the tables and columns in which it stands. A note is called by its number.
OF_RECORD: Mapping[str, Places] = {
    "account": (("decision_record", "what_happened"), ("decision_record", "heard")),
    **{name: (("decision_record", column),) for name, column in TEXTS.items() if name != "account"},
    **{
        name: (("decision_record", name),)
        for name in (
            "local_incident_number", "dose_as_measured", "dose_estimated_by", "dose_estimated_how",
            "immediate_actions",
        )
    },
    "reason": (("decision_record", "correction_reason"),),
    "confirmation": (("confirmation", "note"), ("confirmation", "role")),
    "deadlines": (("deadline", "why"), ("remark", "text")),
    "erasures": (("remark", "text"),),
}  # fmt: skip
OF_CASE: Mapping[str, Places] = {
    "title": (("case_file", "title"),),
    "reference": (("case_step", "authority_reference"),),
    "reasons": (("case_step", "note"),),
    "deadlines": (("deadline", "why"), ("remark", "text")),
    "erasures": (("remark", "text"),),
}
OF_THEME: Mapping[str, Places] = {
    "what_it_is_about": (("theme", "value"),),
    "reasons": (("theme_step", "why"),),
    "erasures": (("remark", "text"),),
}
# Those that are called by a number.
NUMBERED: Mapping[str, Places] = {
    "note": (("note", "text"),),
    "measure": (("corrective_measure", "what"), ("corrective_measure", "role")),
}
# A text that is shorter may stand in a draft by chance.
TELLING = 8
COPIES = (BACKED_UP, "exported", "register exported", "restored", "brought up to date")
PAPER = "paper made"


class Redaction(Base):
    def redact(
        self, tenant: str, subject: str, what: str, *, why: str, by: Person, now: datetime
    ) -> Redacted:
        if not why.strip():
            raise Invalid("taking a text out needs a reason: say why it goes")
        with self._work(tenant, by, now) as work:
            require_subject(work.sql, tenant, subject)
            name, number = _named(work.sql, tenant, subject, what)
            found = list(_found(work.sql, tenant, subject, name, number))
            if not found:
                raise NotFound(f"{subject} has no {_words(name, number)}: nothing was taken out")
            there = [(table, column, row) for table, column, row in found if not _is_out(row, column)]
            if not there:
                raise Conflict(f"the {_words(name, number)} of {subject} was taken out already")
            texts = {row[column] for _, column, row in there}
            told: dict[str, dict[str, str]] = {}
            with work.sql.rewriting({table for table, _, _ in there}, "update"):
                for table, column, row in there:
                    told.setdefault(label(table, row), {})[column] = _take_out(work, table, column, row)
            work.audit(ERASED, subject, {"texts": told}, said=why)
            drafts = sum(_drop_drafts(work, text) for text in texts)
            if not (is_case(subject) or is_theme(subject)):
                register_rows.refresh(work.sql, read_record(work.sql, tenant, subject))
                forget_content(work.sql, tenant, subject)
            left = tuple(dict.fromkeys(_elsewhere(work.sql, tenant, subject, texts)))
            since = str(
                work.sql.value("select min(at) from audit where tenant = ? and subject = ?", tenant, subject)
            )
            copies = _copies(work.sql, tenant, since, _with_cases(work.sql, tenant, subject))
            made = Redacted(subject, _words(name, number), len(told), drafts, left, copies)
        self._connections.scrub()
        return made

    def texts(self, tenant: str, subject: str) -> tuple[str, ...]:
        with self._connections.read(tenant) as sql:
            require_subject(sql, tenant, subject)
            names = [(name, 0) for name in _texts_of(sql, tenant, subject)]
            for name, ((table, _), *_) in NUMBERED.items():
                key = APPEND_ONLY[table][0]
                rows = sql.all(
                    f"select distinct seq from {table} where tenant = ? and {key} = ? order by seq",
                    tenant, subject,
                )  # fmt: skip
                names += [(name, row["seq"]) for row in rows]
            return tuple(
                _words(name, number) for name, number in names
                if any(not _is_out(row, at) for _, at, row in _found(sql, tenant, subject, name, number))
            )  # fmt: skip

    def copies(self, tenant: str) -> tuple[tuple[str, str, str], ...]:
        with self._connections.read(tenant) as sql:
            return _copies(sql, tenant, "")

    def erasures(self) -> tuple[str, ...]:
        with self._connections.as_it_is(None) as sql:
            return tuple(
                f"{row['subject'] or row['tenant']}: {_told(json.loads(row['detail']))} on {row['at'][:10]} "
                f"by {row['by_name'] or row['by_id']}"
                for row in sql.each(
                    "select * from audit where what = ? and json_valid(detail) order by tenant, seq", ERASED
                )
            )


def _told(detail: Json) -> str:
    if "entries" in detail:
        return "the words in its trail's older entries were taken out, by an upgrade,"
    if "gone" in detail:
        return "it was let go, with all that was kept of it,"
    count = len(detail.get("texts", ()))
    names = sorted({column for columns in detail.get("texts", {}).values() for column in columns})
    return f"{', '.join(names)} taken out of {count} row{'' if count == 1 else 's'}"


def _texts_of(sql: Sql, tenant: str, subject: str) -> Mapping[str, Places]:
    """By name; of a record also what was told of it since, under whatever name."""
    if is_case(subject) or is_theme(subject):
        return OF_CASE if is_case(subject) else OF_THEME
    told = sql.all(
        "select field from record_detail where tenant = ? and number = ? group by field order by min(seq)",
        tenant, subject,
    )  # fmt: skip
    return {**OF_RECORD, **{row["field"]: () for row in told if row["field"] not in OF_RECORD}}


def _named(sql: Sql, tenant: str, subject: str, what: str) -> tuple[str, int]:
    """Raises Invalid where there is no such text."""
    words = what.lower().replace("_", " ").split()
    number = int(words[-1]) if len(words) > 1 and words[-1].isdecimal() and len(words[-1]) < 7 else 0
    name = "_".join(words[: len(words) - bool(number)])
    known = _texts_of(sql, tenant, subject)
    if name in ("note", "analysis", "learning") and number:
        return "note", number
    if name in NUMBERED and number and known.keys() >= OF_RECORD.keys():
        return name, number
    if name not in known or number:
        names = ", ".join(name.replace("_", " ") for name in known)
        raise Invalid(f"name the text that goes: {names}, or a note by its number, such as note 2")
    return name, 0


def _words(name: str, number: int) -> str:
    return f"{name.replace('_', ' ')}{f' {number}' if number else ''}"


def _found(sql: Sql, tenant: str, subject: str, name: str, number: int) -> Iterator[tuple[str, str, Row]]:
    """Table, column and row of each text of that name."""
    places: Places = NUMBERED[name] if number else _texts_of(sql, tenant, subject)[name]
    for table, column in places:
        numbered = "and seq = ?" if number else ""
        for row in sql.all(
            f"select * from {table} where tenant = ? and {APPEND_ONLY[table][0]} = ? "
            f"and {column} != '' {numbered}",
            tenant, subject, *((number,) if number else ()),
        ):  # fmt: skip
            if table != "remark" or (name == "erasures") == _of_erasure(sql, row):
                yield table, column, row
    for row in sql.all(
        "select * from record_detail "
        "where tenant = ? and number = ? and field = ? and value != ''",
        tenant, subject, name,
    ):  # fmt: skip
        yield "record_detail", "value", row


def _of_erasure(sql: Sql, remark: Row) -> bool:
    """Is it why a text was taken out, and not why a reminder was put off?"""
    return bool(
        sql.value("select what from audit where tenant = ? and seq = ?", remark["tenant"], remark["seq"])
        == ERASED
    )


def _is_out(row: Row, column: str) -> bool:
    try:
        return bool(json.loads(row["salts"])[column].startswith(TAKEN_OUT))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Damaged("what goes with this text is damaged: see irmer verify") from None


def _take_out(work: Work, table: str, column: str, row: Row) -> str:
    """The seal that is left. Two columns of one row go one after the other: its salts are read anew."""
    columns = ("tenant", *APPEND_ONLY[table])
    this, key = " and ".join(f"{name} = ?" for name in columns), [row[name] for name in columns]
    salts = json.loads(work.sql.value(f"select salts from {table} where {this}", *key))
    left = seal(salts[column], row[column])
    salts[column] = TAKEN_OUT + left
    work.sql.run(
        f"update {table} set {column} = ?, salts = ? where {this}",
        taken_out(work.now), json.dumps(salts), *key,
    )  # fmt: skip
    return left


def _drop_drafts(work: Work, text: str) -> int:
    """An unfinished check that holds it, a correction say, goes with it."""
    if len(text) < TELLING:
        return 0
    return work.sql.run(
        "delete from draft where tenant = ? and instr(state, ?) > 0",
        work.tenant, json.dumps(text, ensure_ascii=False)[1:-1],
    )  # fmt: skip


def _elsewhere(sql: Sql, tenant: str, subject: str, texts: set[str]) -> Iterator[str]:
    """Where the same words stand still, in the record or the case and in those that belong to it."""
    linked = "select number as subject from case_record where tenant = ? and ref = ?"
    if is_theme(subject):
        linked = "select number as subject from theme_incident where tenant = ? and ref = ?"
    elif not is_case(subject):
        linked = "select ref as subject from case_record where tenant = ? and number = ?"
    telling = [text for text in texts if len(text) >= TELLING]
    for other in (subject, *(row["subject"] for row in sql.all(linked, tenant, subject))):
        every = {**OF_RECORD, **OF_CASE, **OF_THEME}
        names = {place: name for name, places in every.items() for place in places}
        for table, columns in WRITTEN.items():
            for row in sql.all(
                f"select * from {table} where tenant = ? and {APPEND_ONLY[table][0]} = ?", tenant, other
            ):
                for column in columns:
                    if any(text in (row[column] or "") for text in telling):
                        kind = "measure" if table == "corrective_measure" else "note"
                        name = names.get((table, column)) or row.get("field") or f"{kind} {row['seq']}"
                        yield f"{name.replace('_', ' ')} of {other}"


def _with_cases(sql: Sql, tenant: str, subject: str) -> tuple[str, ...]:
    """A record and its cases, or a case and its records: papers are made of them together."""
    rows = sql.all(
        "select ref, number from case_record where tenant = ? and (ref = ? or number = ?)",
        tenant, subject, subject,
    )  # fmt: skip
    return tuple(dict.fromkeys((subject, *(one for row in rows for one in (row["ref"], row["number"])))))


def _copies(
    sql: Sql, tenant: str, since: str, subjects: tuple[str, ...] = ()
) -> tuple[tuple[str, str, str], ...]:
    """What was made since, and holds what was there: when, how, and where to if that is known; of papers
    those of the subjects."""
    found = sql.all(
        f"select at, what, detail from audit where tenant = ? and subject = '' and what in {COPIES} "
        "and at >= ? order by seq",
        tenant, since,
    )  # fmt: skip
    for one in subjects:
        found += sql.all(
            "select at, what, detail from audit where tenant = ? and subject = ? and what = ? and at >= ?",
            tenant, one, PAPER, since,
        )  # fmt: skip
    found.sort(key=lambda row: str(row["at"]))
    return tuple((row["at"], row["what"], json.loads(row["detail"]).get("file", "")) for row in found)
