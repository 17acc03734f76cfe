"""The rows of one tenant, subject by subject, held against the trail: every table is read once, in the order
of its subjects, so that a case's rows meet its entries and nothing else has to be remembered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heapreplace
from operator import itemgetter
from typing import Any

from storage.register_rows import unlike
from storage.seals import TAKEN_OUT, WRITTEN, sealed, taken_out
from storage.sql import Row, Sql
from storage.tables import APPEND_ONLY
from storage.unit_of_work import label, reference_noted, sha256
from storage.verify_messages import Messages
from storage.verify_streams import EVERY_SUBJECT, TABLES, Stream, Subjects
from storage.verify_trail import ERASED, Entry, Told, read

# Of one subject, the tables that have rows of it.
Group = Mapping[str, Sequence[Row]]
_NUMBERED = frozenset({"case_file", "decision_record", "theme"})


def held_against_the_trail(
    sql: Sql, tenant: str, told: Told, latest: str, numbers: Counter[str], which: Subjects = EVERY_SUBJECT
) -> Iterator[str]:
    """`numbers` counts those that are there, by their series."""
    streams = [Stream(sql, table, tenant, which) for table in TABLES]
    heads = [(stream.subject, n) for n, stream in enumerate(streams) if stream.subject is not None]
    heapify(heads)
    beside = {subject: of for subject, of in told.by_subject.items() if which.holds(subject)}
    while heads or beside:
        subject = heads[0][0] if heads else next(iter(beside))
        group: dict[str, Sequence[Row]] = {}
        entries: list[tuple[Any, ...]] = []
        while heads and heads[0][0] == subject:
            stream = streams[heads[0][1]]
            if stream.table == "audit":
                entries = stream.take_plain()
            else:
                group[stream.table] = stream.take()
            if stream.subject is None:
                heappop(heads)
            else:
                heapreplace(heads, (stream.subject, heads[0][1]))
        yield from _subject(tenant, group, entries, beside.pop(subject, []), latest)
        if not _NUMBERED.isdisjoint(group) or _erased(entries):
            numbers[subject.rpartition("-")[0]] += 1


def held_as_a_whole(sql: Sql, tenant: str, told: Told, numbers: Counter[str]) -> Iterator[str]:
    """What belongs to no subject."""
    yield from _numbers(sql, tenant, numbers, told.skipped)
    yield from _settings(sql, tenant, told.settings)
    yield from _references(sql, tenant, dict(told.references))
    for number in unlike(sql, tenant):
        yield f"incident/{number} of {tenant} is not what its record says: irmer migrate makes the list anew"


def _erased(entries: Sequence[tuple[Any, ...]]) -> bool:
    """The whole case or record, whose number stays given."""
    return any(what == ERASED and '"gone": true' in detail for _, _, what, detail, _ in entries)


def _subject(
    tenant: str, group: Group, rows: list[tuple[Any, ...]], more: list[tuple[int, Entry]], latest: str
) -> Iterator[str]:
    """`rows` are its entries of the trail, and `more` what others say of it."""
    digests: dict[str, str] = {}
    erased = Erased()
    for _, (_, detail) in more:
        digests |= detail.get("rows", {})
    entries = list(more)
    for seq, at, what, text, _ in rows:
        try:
            detail = read(text)
            if "rows" in detail:
                for name, told in detail["rows"].items():
                    if digests.setdefault(name, told) != told:
                        yield f"{name} of {tenant} is told of twice, and not alike"
            if what == ERASED:
                erased.hear(detail, at)
            entries.append((seq, (what, detail)))
        except (ValueError, TypeError, AttributeError):
            yield f"audit entry {seq} of {tenant} is damaged: it says nothing that can be read"
    messages = Messages()
    if more:  # else they come in their order
        entries.sort(key=itemgetter(0))
    for seq, (what, detail) in entries:
        try:
            messages.hear(what, detail)
        except (KeyError, TypeError, AttributeError):
            yield f"audit entry {seq} of {tenant} is damaged: it lacks what it was about"
    if erased.gone:
        if left := [label(table, row) for table in APPEND_ONLY for row in group.get(table, ())]:
            yield f"{left[0]} of {tenant} was erased, but is there"
        return
    yield from _digests(tenant, group, digests)
    yield from erased.hold_against(tenant, group)
    yield from _current(tenant, group)
    yield from messages.hold_against(group.get("outbox", ()), tenant, latest)


def _digests(tenant: str, group: Group, told: dict[str, str]) -> Iterator[str]:
    for table in APPEND_ONLY:
        for row in group.get(table, ()):
            name = label(table, row)
            wanted = told.pop(name, None)
            if wanted is None:
                yield f"{name} of {tenant} is not in the audit trail"
            elif wanted != _digest(row):
                yield f"{name} of {tenant} is not what the audit trail says was written"
    for name in sorted(told):
        yield f"{name} of {tenant} is in the audit trail, but gone"


def _digest(row: Row) -> str:
    try:
        return sha256(sealed(row))  # its columns come by name, as `digest` wants them
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""  # its salts are damaged


@dataclass
class Erased:
    """What the trail says of one subject that is not there any more: of a row's label and column the seal
    that was left of a text, and what stands in the text's place."""

    texts: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    gone: bool = False

    def hear(self, detail: Mapping[str, Any], at: str) -> None:
        self.gone = self.gone or bool(detail.get("gone"))
        for name, columns in detail.get("texts", {}).items():
            for column, left in columns.items():
                self.texts[name, column] = (left, taken_out(at))

    def hold_against(self, tenant: str, group: Group) -> Iterator[str]:
        """A text is gone where the trail says so and nowhere else. Most rows are passed over unread: what
        stands for a text that is gone cannot be told without one of two signs."""
        for table in WRITTEN:
            for row in group.get(table, ()):
                if (
                    not self.texts
                    and f'"{TAKEN_OUT}' not in (kept := row["salts"] or "")
                    and "\\" not in kept
                ):
                    continue
                name = label(table, row)
                salts = _salts(row)
                for column in WRITTEN[table]:
                    salt, told = salts.get(column, ""), self.texts.pop((name, column), None)
                    if told is None and salt.startswith(TAKEN_OUT):
                        yield f"{name} of {tenant} lacks its {column}, and nobody took it out"
                    elif told is not None and (salt, row[column]) != (TAKEN_OUT + told[0], told[1]):
                        yield f"{name} of {tenant} has a {column} that was taken out"


def _salts(row: Row) -> dict[str, str]:
    try:
        found = json.loads(row["salts"] or "{}")
        return {name: str(salt) for name, salt in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}  # its digest tells


def _current(tenant: str, group: Group) -> Iterator[str]:
    """What the lists read, against the append-only rows that it comes from."""
    deadlines: dict[str, Row] = {row["kind"]: row for row in group.get("deadline", ())}
    yield from _differing(tenant, "binding_open", "seq", group, _open(group.get("binding", ())))
    yield from _differing(tenant, "deadline_current", "kind", group, deadlines)
    if steps := group.get("case_step"):
        opened = group.get("case_file", steps)[0]
        due = min((d["due_on"] for d in deadlines.values() if d["state"] == "open"), default="9999")
        last = steps[-1] | {"opened_at": opened.get("opened_at", steps[0]["taken_at"]), "first_due": due}
        yield from _differing(tenant, "case_current", "ref", group, {last["ref"]: last})
    elif "case_current" in group:
        yield from _differing(tenant, "case_current", "ref", group, {})
    if records := group.get("decision_record"):
        latest = records[-1]["revision"]
        confirmed = any(one["revision"] == latest for one in group.get("confirmation", ()))
        last = records[-1] | {"kept_at": records[0]["recorded_at"], "confirmed": int(confirmed)}
        yield from _differing(tenant, "record_current", "number", group, {last["number"]: last})
    elif "record_current" in group:
        yield from _differing(tenant, "record_current", "number", group, {})


def _open(bindings: Sequence[Row]) -> dict[str, Row]:
    last = {(row["platform"], row["app"], row["external"]): row for row in bindings}
    return {row["seq"]: row for row in last.values() if row["state"] == "open"}


def _differing(tenant: str, table: str, key: str, group: Group, wanted: dict[str, Row]) -> Iterator[str]:
    if not wanted and table not in group:
        return
    found = {row[key]: row for row in group.get(table, ())}
    for name in sorted(found.keys() | wanted.keys()):
        there, should = found.get(name), wanted.get(name)
        if there is None or should is None or not there.items() <= should.items():
            subject = (there or should or {})[TABLES[table][0]]
            yield f"{table}/{subject}/{name} of {tenant} is not what its rows say holds now"


def _numbers(sql: Sql, tenant: str, there: Counter[str], skipped: Counter[str]) -> Iterator[str]:
    """Record numbers and case references leave no gap but for those that a restore passed over."""
    given = {
        row["series"]: row["last"]
        for row in sql.each("select series, last from numbering where tenant = ?", tenant)
    }
    for series in sorted(given.keys() | there.keys()):
        if there[series] + skipped[series] != given.get(series, 0):
            yield f"{tenant} has {there[series]} of the {given.get(series, 0)} numbers given in {series}"


def _settings(sql: Sql, tenant: str, told: dict[str, Row]) -> Iterator[str]:
    stored = {row["key"]: row for row in sql.each("select * from setting where tenant = ?", tenant)}
    wanted = {key: row for key, row in told.items() if row["value"] is not None}
    for key in sorted(stored.keys() | wanted.keys()):
        there, entry = stored.get(key), wanted.get(key)
        if there is None or entry is None or _as_told(there) != (
            entry["value"], entry["at"], entry["by_id"], entry["by_name"]
        ):  # fmt: skip
            yield f"the setting {key} of {tenant} is not what the audit trail says"


def _references(sql: Sql, tenant: str, told: dict[tuple[str, str], dict[str, Any]]) -> Iterator[str]:
    for row in sql.each("select * from conversation_reference where tenant = ?", tenant):
        key = (row["platform"], row["conversation"])
        if told.pop(key, None) != reference_noted(row):
            yield f"where {' '.join(key)} of {tenant} is reached is not what the audit trail says"
    for key in sorted(told):
        yield f"where {' '.join(key)} of {tenant} is reached is gone"


def _as_told(row: Row) -> tuple[Any, ...]:
    try:
        value = json.loads(row["value"])
    except ValueError:
        value = object()  # as nobody set it
    return value, row["set_at"], row["set_by_id"], row["set_by_name"]
