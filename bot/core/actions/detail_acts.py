"""Details of a record: told in any order by whoever knows them, typed one by one or filled in together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.core.actions.act import Instruction, Outcome
from bot.core.cards import (
    Block,
    Bullets,
    Button,
    Card,
    Form,
    Heading,
    Input,
    InputKind,
    Pairs,
    Text,
    Weight,
)
from bot.core.check.detail_field import Field
from bot.core.check.further_details import FieldStanding, standing
from bot.core.check.further_fields import SECTIONS, Section
from bot.core.check.record_details import add_details as _button
from bot.core.check.record_details import held, not_told, open_fields, tell, words
from bot.core.check.record_fields import BY_NAME
from bot.core.refused import Refused
from bot.core.register.alike_words import alike_to_record
from bot.core.turn import Turn
from bot.core.words.draft_words import source_words
from bot.core.words.fact_words import name_within, title
from bot.core.words.phrases import listed
from rules.facts import FACTS, Kind
from storage.model import Record

# How people call them beside their own names.
_ALSO = {
    "what happened": "account", "story": "account", "exam intended": "examination_intended",
    "exam performed": "examination_performed", "when": "occurred_on", "happened": "occurred_on",
    "discovered": "discovered_on",
    **dict.fromkeys(("incident number", "datix"), "local_incident_number"), "lfpse": "lfpse_number",
    "began with": "began_with", "duty of candour": "candour", "factors": "contributory_factors",
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
    if typed is not None and (section := SECTIONS.get(typed.lower())):
        return Outcome(replies=(turn.show(_section_card(turn, record, section)),))
    if typed is not None:
        told = tell(turn, record, _named(turn, record, typed))
    else:  # an input that was left empty may not come back at all
        given = {field.name: asked[field.name] for field in open_fields(record, _known(asked.part))}
        seen = int(asked.version[:9]) if asked.version.isdecimal() else None
        told = tell(turn, record, given, seen=seen)
    if not told.lines:
        return Outcome(f"Nothing new was said about {record.number}")
    revision = f", revision {told.record.revision}" if told.record.revision > record.revision else ""
    said = f"Kept with {record.number}{revision}: {'; '.join(told.lines)}"
    alike = [text.text for text in alike_to_record(turn, told.record).texts]
    return Outcome(" ".join([f"{said}." if alike else said, *alike]))


def _named(turn: Turn, record: Record, typed: str) -> dict[str, str]:
    """`site: East` and `equipment CT 2`; in several lines each its own. Raises Refused."""
    lines = [line for line in typed.splitlines() if line.strip()]
    each = [one for line in lines if (one := _one(line)) and ":" in line]
    alone = _one(typed)
    found = dict(each) if len(each) == len(lines) > 1 else dict([alone] if alone else [])
    if not found:
        names = listed([name_within(field.name) for field in open_fields(record)], "or")
        raise Refused(f"begin with what it is, then what is known of it: {names}")
    for name, text in found.items():
        if not text:
            field, how = BY_NAME[name], turn.command(f"details {record.number} {name_within(name)}")
            raise Refused(f"{field.ask} Type it after it: {how} {_like(field)}")
    return found


def _like(field: Field) -> str:
    """Something of the kind that is wanted."""
    if field.takes != "words":
        return "<day>" if field.takes == "day" else "<day | not needed, because ...>"
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
        blocks += [Heading(FOR_PAPERS), Pairs(tuple(_sections(turn, record)))]
        buttons = (_button(record.number), *(section_button(record.number, one) for one in SECTIONS))
        return Card(f"Details of {record.number}", tuple(blocks), buttons)
    blocks.append(Text("In any order, by whoever knows:", Weight.SUBTLE))
    blocks.append(Bullets(_ways(turn, record, still or open_fields(record))))
    blocks += [Heading(FOR_PAPERS), Pairs(tuple(_sections(turn, record)))]
    how = turn.command(f"details {record.number} {next(iter(SECTIONS))}")
    blocks.append(Text(f"{how} lists one of them.", Weight.SUBTLE))
    return Card(f"Details of {record.number}", tuple(blocks))


FOR_PAPERS = "Wanted by the papers"


def section_button(subject: str, name: str) -> Button:
    """Opens the short form of one section of the details, of a record or of a case's last."""
    return Button(SECTIONS[name].title, "case.details", Instruction("details", subject, part=name).key)


def _sections(turn: Turn, record: Record) -> Iterator[tuple[str, str]]:
    for name, section in SECTIONS.items():
        stand = [one for one in standing((record,), section.fields) if one.wanted or one.held]
        told = [one for one in stand if one.held]
        label = section.title if turn.face.buttons else f"{section.title} ({name})"
        count = f"{len(told)} of {len(stand)}" if stand else "not wanted here"
        yield label, f"{count}{_missing(stand)}"


def _missing(stand: list[FieldStanding]) -> str:
    names = [name_within(one.field.name) for one in stand if one.missing]
    return f"; missing: {listed(names)}" if names else ""


def _section_card(turn: Turn, record: Record, section: Section) -> Card:
    stand = standing((record,), _names(record, section.name))
    offered = [one.field for one in stand if _shown(one)]
    lines = [
        (title(one.field.name), f"{words(one.field.name, one.held.value)} — {source_words(one.held.source)}")
        for one in stand if one.held
    ]  # fmt: skip
    lines += [
        (title(one.field.name), f"missing{f': {one.field.knows} knows' if one.field.knows else ''}")
        for one in stand if one.missing
    ]  # fmt: skip
    blocks: list[Block] = [Pairs(tuple(lines))] if lines else []
    head = f"{section.title}, {record.number}"
    if turn.face.buttons:
        return Card(head, tuple(blocks), (section_button(record.number, section.name),))
    have = {one.field.name for one in stand if one.held}
    still = [field for field in offered if field.name not in have]
    blocks.append(Bullets(_ways(turn, record, still or offered)))
    return Card(head, tuple(blocks))


def _ways(turn: Turn, record: Record, fields: Iterable[Field]) -> tuple[str, ...]:
    ways = (f"{name_within(field.name)} {_like(field)}" for field in fields)
    return tuple(turn.command(f"details {record.number} {way}") for way in ways)


def _names(record: Record, section: str) -> list[str]:
    return [field.name for field in open_fields(record, section)]


def _shown(one: FieldStanding) -> bool:
    return one.wanted or one.held is not None or not one.field.rare


def _known(part: str) -> str:
    """The section that a form was opened for. Raises Refused."""
    if part and part not in SECTIONS:
        raise Refused("that form is no longer in use")
    return part


def form(turn: Turn, asked: Instruction) -> Form:
    record, section = turn.store.record(turn.tenant, asked.subject), _known(asked.part)
    have = held(record)
    fields = (one.field for one in standing((record,), _names(record, section)) if _shown(one))
    inputs = (_input(one, have[one.name].value if one.name in have else "") for one in fields)
    ask = Text(
        "All of it may stay empty for now, and none of it decides anything. "
        "No names, numbers or dates of birth of anybody.",
        Weight.SUBTLE,
    )
    key = Instruction("details", record.number, str(len(record.details)), part=section).key
    head = f"{SECTIONS[section].title}, {record.number}" if section else f"Details of {record.number}"
    return Form("case.details", key, head, (ask, *inputs), "Keep")


def _input(field: Field, value: str) -> Input:
    kind = InputKind.LINES if field.lines else InputKind.TEXT
    if field.choices:
        kind, value = (
            (InputKind.CHOICES, value.replace(", ", ",")) if field.many else (InputKind.CHOICE, value)
        )
    if field.takes == "day":
        kind = InputKind.DATE
    if field.name in FACTS and FACTS[field.name].kind is Kind.DATE:
        kind, value = InputKind.DATETIME, value[:16]
    hint = "" if kind in (InputKind.DATE, InputKind.DATETIME) else field.hint  # which says how to type it
    return Input(field.name, field.ask, kind, field.options, value, hint)
