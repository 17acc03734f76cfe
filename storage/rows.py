"""Rows of the tables as the model's dataclasses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeVar

from storage.errors import Damaged
from storage.memory_model import Address, AuditEntry, ConversationReference, DraftKey, KeptDraft
from storage.model import (
    Assessment,
    CaseStep,
    Confirmation,
    Deadline,
    Destination,
    Detail,
    Json,
    KnownPerson,
    Note,
    Person,
)
from storage.plans import Outgoing
from storage.seals import put_together
from storage.sql import Row
from storage.times import LONG_AGO, moment

T = TypeVar("T")


def person(row: Row, prefix: str) -> Person:
    return Person(row[f"{prefix}_id"], row[f"{prefix}_name"])


def _maybe(text: str | None) -> datetime | None:
    return moment(text) if text else None


def assessment(row: Row) -> Assessment:
    """Raises Damaged where somebody else wrote into the file."""
    try:
        (facts, sources), verdict = put_together(row), _mapping(row["verdict"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Damaged(
            f"{row['number']} r{row['revision']} is damaged and cannot be read: see irmer verify"
        ) from None
    return Assessment(
        facts, verdict, sources,
        row["local_incident_number"], row["dose_as_measured"],
        row["dose_estimated_by"], row["dose_estimated_how"], row["immediate_actions"],
    )  # fmt: skip


def confirmation(row: Row) -> Confirmation:
    return Confirmation(
        row["number"], row["revision"], moment(row["confirmed_at"]), person(row, "confirmed_by"), row["role"],
        bool(row["compared_with_live_table"]), row["note"],
        None if row["same_person"] is None else bool(row["same_person"]),
    )  # fmt: skip


def known_person(row: Row) -> KnownPerson:
    return KnownPerson(row["platform"], row["id"], row["standing"], row["name"], moment(row["at"]))


def note(row: Row) -> Note:
    return Note(
        row["subject"],
        row["seq"],
        row["kind"],
        row["text"],
        moment(row["written_at"]),
        person(row, "written_by"),
    )


def detail(row: Row) -> Detail:
    by = person(row, "given_by")
    return Detail(row["number"], row["seq"], row["field"], row["value"], moment(row["given_at"]), by)


def step(row: Row) -> CaseStep:
    return CaseStep(
        ref=row["ref"], version=row["version"], kind=row["step"], state=row["state"],
        at=moment(row["taken_at"]), by=person(row, "taken_by"), note=row["note"],
        owner=None if row["owner_id"] is None else person(row, "owner"),
        discovered_on=date.fromisoformat(row["discovered_on"]), discovered_at=_maybe(row["discovered_at"]),
        authority_reference=row["authority_reference"],
        record=row["record_number"] or "", revision=row["record_revision"],
        done_on=date.fromisoformat(row["done_on"]) if row["done_on"] else None,
    )  # fmt: skip


def deadline(row: Row, *, current: bool = True) -> Deadline:
    return Deadline(
        subject=row["subject"], kind=row["kind"], version=row["version"],
        due_on=date.fromisoformat(row["due_on"]), zone=row["zone"], at=time.fromisoformat(row["local_time"]),
        due_at=moment(row["due_at"]), state=row["state"], why=row["why"],
        set_at=moment(row["set_at"]), set_by=person(row, "set_by"), current=current,
    )  # fmt: skip


def outgoing(row: Row) -> Outgoing:
    """Whatever the row holds: one that cannot be read must not keep the others from being sent."""
    damaged: list[str] = []

    def part(name: str, read: Callable[[str], T], instead: T) -> T:
        try:
            return read(row[name])
        except (ValueError, TypeError):
            damaged.append(name)
            return instead

    planned_at = part("planned_at", moment, LONG_AGO)
    return Outgoing(
        tenant=row["tenant"], id=row["id"], kind=row["kind"], key=row["key"], subject=row["subject"],
        rule=row["rule"], round=row["round"], offset=row["offset"],
        due_on=part("due_on", date.fromisoformat, None) if row["due_on"] else None,
        place=Destination(row["platform"], row["conversation"], row["thread"]),
        planned_at=planned_at, next_at=part("next_at", moment, planned_at), state=row["state"],
        attempts=row["attempts"], body=part("body", _mapping, {}), escalation=bool(row["escalation"]),
        remember=bool(row["remember"]), fallback_for=row["fallback_for"],
        sent_at=part("sent_at", _maybe, None), message=row["message"], error=row["error"],
        damaged=tuple(damaged),
    )  # fmt: skip


def _mapping(text: str) -> Json:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def address(row: Row) -> Address:
    place = Destination(row["platform"], row["conversation"], row["thread"])
    return Address(row["subject"], place, row["message"], moment(row["at"]))


def draft(row: Row, state: Json | None = None) -> KeptDraft:
    """`state` where it is at hand."""
    key = DraftKey(row["platform"], row["conversation"], row["holder"])
    state = json.loads(row["state"]) if state is None else state
    return KeptDraft(key, state, row["version"], moment(row["updated_at"]))


def reference(row: Row) -> ConversationReference:
    return ConversationReference(
        row["platform"], row["conversation"], json.loads(row["data"]), bool(row["dead"]), row["why"],
        moment(row["updated_at"]),
    )  # fmt: skip


def entry(row: Row) -> AuditEntry:
    return AuditEntry(
        row["tenant"], row["seq"], moment(row["at"]), person(row, "by"), row["what"], row["subject"],
        json.loads(row["detail"]), row["previous_hash"], row["hash"], row.get("said") or "",
    )  # fmt: skip
