"""Details of a record: told in any order by whoever knows them, typed one by one or filled in together."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.actions.act import Instruction, Outcome
from bot.core.cards import Block, Bullets, Card, Form, Input, InputKind, Pairs, Text, Weight
from bot.core.check.record_details import add_details as _button
from bot.core.check.record_details import held, not_told, open_fields, tell, words
from bot.core.check.record_fields import BY_NAME, Field
from bot.core.refused import Refused
from bot.core.register.alike_words import alike_to_record
from bot.core.turn import Turn
from bot.core.words.draft_words import source_words
from bot.core.words.fact_words import title
from bot.core.words.phrases import listed
from rules.facts import FACTS, Kind
from storage.model import Record

# How people call them beside their own names.
_ALSO = {
    "what happened": "account", "story": "account", "exam intended": "examination_intended",
    "exam performed": "examination_performed", "when": "occurred_on", "happened": "occurred_on",
    "discovered": "discovered_on",
    **dict.fromkeys(("incident number", "datix", "lfpse"), "local_incident_number"),
    "dose measured": "dose_as_measured", "actions": "immediate_actions",
    "done at once": "immediate_actions", "fault": "equipment_fault", "department": "site",
    "estimated by": "dose_estimated_by", "estimated how": "dose_estimated_how",
}  # fmt: skip
_TYPED = "typed"


def as_typed(text: str) -> Mapping[str, str]:
    return {_TYPED: text.strip()}


def details(turn: Turn, asked: Instruction) -> Outcome:
    record = turn.store.record(turn.tenant, asked.subject)
    typed = asked.given.get(_TYPED)
    if typed == "":
        return Outcome(replies=(turn.show(_card(turn, record)),))
    if typed is not None:
        told = tell(turn, record, _named(turn, record, typed))
    else:  # an input that was left empty may not come back at all
        given = {field.name: asked[field.name] for field in open_fields(record)}
        seen = int(asked.version[:9]) if asked.version.isdecimal() else None
        told = tell(turn, record, given, seen=seen)
    if not told.lines:
        return Outcome(f"Nothing new was said about {record.number}")
    revision = f", revision {told.record.revision}" if told.record.revision > record.revision else ""
    said = f"Kept with {record.number}{revision}: {'; '.join(told.lines)}"
    alike = [text.text for text in alike_to_record(turn, told.record)]
    return Outcome(" ".join([said, *alike]))


def _named(turn: Turn, record: Record, typed: str) -> dict[str, str]:
    """`site: East` and `equipment CT 2`; in several lines each its own. Raises Refused."""
    lines = [line for line in typed.splitlines() if line.strip()]
    each = [one for line in lines if (one := _one(line)) and ":" in line]
    alone = _one(typed)
    found = dict(each) if len(each) == len(lines) > 1 else dict([alone] if alone else [])
    if not found:
        names = listed([title(field.name).lower() for field in open_fields(record)], "or")
        raise Refused(f"begin with what it is, then what is known of it: {names}")
    for name, text in found.items():
        if not text:
            field, how = BY_NAME[name], turn.command(f"details {record.number} {title(name).lower()}")
            raise Refused(f"{field.ask} Type it after it: {how} {_like(field)}")
    return found


def _like(field: Field) -> str:
    """Something of the kind that is wanted."""
    if field.options:
        return f"<{' | '.join(option.label for option in field.options)}>"
    return field.hint.removeprefix("For example: ").split(",")[0] if "example" in field.hint else "<text>"


def _one(line: str) -> tuple[str, str] | None:
    names = {title(name).lower(): name for name in BY_NAME} | {name: name for name in BY_NAME} | _ALSO
    for called in sorted(names, key=len, reverse=True):
        words = r"[\s_-]+".join(map(re.escape, re.split(r"[ _]", called)))
        if match := re.match(rf"{words}(?:\s*[:=]\s*|\s+|$)(.*)", line.strip(), re.I | re.S):
            return names[called], match[1].strip()
    return None


def _card(turn: Turn, record: Record) -> Card:
    have = held(record)
    lines = tuple(
        (title(name), f"{words(name, one.value)} — {source_words(one.source)}") for name, one in have.items()
    )
    blocks: list[Block] = [Pairs(lines)] if lines else []
    still = [field for field in open_fields(record) if field.name not in have]
    if turn.face.buttons:
        if still:
            blocks.append(Text(f"Not told yet: {not_told(record)}.", Weight.SUBTLE))
        return Card(f"Details of {record.number}", tuple(blocks), (_button(record.number),))
    blocks.append(Text("In any order, by whoever knows:", Weight.SUBTLE))
    ways = [f"{title(field.name).lower()} {_like(field)}" for field in still or open_fields(record)]
    blocks.append(Bullets(tuple(turn.command(f"details {record.number} {way}") for way in ways)))
    return Card(f"Details of {record.number}", tuple(blocks))


def form(turn: Turn, asked: Instruction) -> Form:
    record = turn.store.record(turn.tenant, asked.subject)
    have = held(record)
    inputs = (_input(one, have[one.name].value if one.name in have else "") for one in open_fields(record))
    ask = Text(
        "All of it may stay empty for now, and none of it decides anything. "
        "No names, numbers or dates of birth of anybody.",
        Weight.SUBTLE,
    )
    key = Instruction("details", record.number, str(len(record.details))).key
    return Form("case.details", key, f"Details of {record.number}", (ask, *inputs), "Keep")


def _input(field: Field, value: str) -> Input:
    kind = InputKind.LINES if field.lines else InputKind.TEXT
    if field.choices:
        kind, value = (
            (InputKind.CHOICES, value.replace(", ", ",")) if field.many else (InputKind.CHOICE, value)
        )
    if field.name in FACTS and FACTS[field.name].kind is Kind.DATE:
        kind, value = InputKind.DATETIME, value[:16]
    hint = "" if kind is InputKind.DATETIME else field.hint  # which says how to type it
    return Input(field.name, field.ask, kind, field.options, value, hint)
