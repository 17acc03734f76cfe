"""Details of a record as cards and forms: all that it tells, and the short forms of what papers want."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core.actions.act import Instruction
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
from bot.core.check.record_details import Held, add_details, held, not_told, open_fields, words
from bot.core.draft import source_of
from bot.core.papers.dossier import Dossier
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.case_words import case_title
from bot.core.words.draft_words import source_words
from bot.core.words.fact_words import name_within, title, value_words
from bot.core.words.phrases import listed
from rules.deadlines import uk_date
from rules.facts import FACTS, Kind
from rules.parsing import parse
from storage.model import Record
from storage.register_rows import known_of
from storage.seals import TAKEN


def like(field: Field) -> str:
    """Something of the kind that is wanted."""
    if field.takes != "words":
        return "<day>" if field.takes == "day" else "<day | not needed, because ...>"
    if field.options:
        return f"<{' | '.join(option.label for option in field.options)}>"
    return field.hint.removeprefix("For example: ").split(",")[0] if "example" in field.hint else "<text>"


def details_card(turn: Turn, record: Record) -> Card:
    have = held(record)
    lines = tuple(
        (title(name), f"{words(name, one.value)} — {source_words(one.source)}") for name, one in have.items()
    )
    blocks: list[Block] = [Pairs(lines)] if lines else []
    still = [field for field in open_fields(record) if field.name not in have]
    if turn.face.buttons:
        if still:
            blocks.append(Text(f"Not recorded yet: {not_told(record)}.", Weight.SUBTLE))
        blocks += [Heading(FOR_PAPERS), Pairs(tuple(_sections(turn, record)))]
        there = (one for one in SECTIONS if open_fields(record, one))
        buttons = (add_details(record.number), *(section_button(record.number, one) for one in there))
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
        if not open_fields(record, name):
            continue
        every = standing(_together(turn, record), section.fields)
        stand = [one for one in every if one.wanted or one.held]
        told = [one for one in stand if one.held]
        label = section.title if turn.face.buttons else f"{section.title} ({name})"
        count = f"{len(told)} of {len(stand)}" if stand else "not wanted here"
        if section.needs and section.needs not in record.assessment.facts:
            count += f"; not answered: {name_within(section.needs)}"
        yield label, f"{count}{_missing(stand)}"


def _missing(stand: list[FieldStanding]) -> str:
    names = [name_within(one.field.name) for one in stand if one.missing]
    return f"; missing: {listed(names)}" if names else ""


def section_card(turn: Turn, record: Record, section: Section) -> Card:
    own, stand = held(record), standing(_together(turn, record), _names(record, section.name))
    offered = [one.field for one in stand if _shown(one)]
    older = Dossier.of(turn, record.number).is_older_than_dose if section.name == "estimate" else None
    lines = [
        (
            title(name := one.field.name),
            _told(name, one.held, elsewhere=name not in own)
            + (", said of an earlier dose" if older and older(name) else ""),
        )
        for one in stand if one.held
    ]  # fmt: skip
    lines += [
        (title(one.field.name), f"missing{f': {one.field.knows} knows' if one.field.knows else ''}")
        for one in stand if one.missing
    ]  # fmt: skip
    lines = [*_facts(turn, record, section), *lines]
    blocks: list[Block] = [Pairs(tuple(lines))] if lines else []
    head = f"{section.title}, {record.number}"
    if turn.face.buttons:
        return Card(head, tuple(blocks), (section_button(record.number, section.name),))
    have = {one.field.name for one in stand if one.held}
    still = [field for field in offered if field.name not in have]
    blocks.append(Bullets(_ways(turn, record, still or offered)))
    return Card(head, tuple(blocks))


def _together(turn: Turn, record: Record) -> tuple[Record, ...]:
    """The records of its case, this one last: what one of them tells is not asked of another."""
    numbers = turn.store.case(turn.tenant, record.cases[-1]).records if record.cases else ()
    return (*(turn.store.record(turn.tenant, one) for one in numbers if one != record.number), record)


def _told(name: str, one: Held, *, elsewhere: bool) -> str:
    where = ", of another record of its case" if elsewhere else ""
    return f"{words(name, one.value)} — {source_words(one.source)}{where}"


def _facts(turn: Turn, record: Record, section: Section) -> Iterator[tuple[str, str]]:
    """What a verdict hangs on, and how it is changed."""
    kept = record.assessment
    facts = parse(kept.facts, max(turn.today, uk_date(record.at)))
    for name in section.facts:
        if name in kept.facts:
            by = f" — {source_words(source_of(kept.sources[name]))}" if name in kept.sources else ""
            yield title(name), f"{value_words(name, facts)}{by}"
        elif name == section.needs:
            verb = f"redecide {record.cases[-1]}" if record.cases else f"correct {record.number}"
            yield title(name), f"not answered, and the verdict depends on it: {turn.command(verb)}"


def _ways(turn: Turn, record: Record, fields: Iterable[Field]) -> tuple[str, ...]:
    ways = (f"{name_within(field.name)} {like(field)}" for field in fields)
    return tuple(turn.command(f"details {record.number} {way}") for way in ways)


def _names(record: Record, section: str) -> list[str]:
    return [field.name for field in open_fields(record, section)]


def _shown(one: FieldStanding) -> bool:
    return one.wanted or one.held is not None or not one.field.rare


def known_section(part: str) -> str:
    """The section that a form was opened for. Raises Refused."""
    if part and part not in SECTIONS:
        raise Refused("that form is no longer in use")
    return part


def form(turn: Turn, asked: Instruction) -> Form:
    record, section = turn.store.record(turn.tenant, asked.subject), known_section(asked.part)
    have = held(record)
    fields = (one.field for one in standing((record,), _names(record, section)) if _shown(one))
    inputs = (_input(one, have[one.name].value if one.name in have else "") for one in fields)
    ask = Text(
        "All of it may stay empty for now, and none of it decides anything. "
        "No names, numbers or dates of birth of anybody.",
        Weight.SUBTLE,
    )
    key = Instruction("details", record.number, str(len(record.details)), part=section).key
    if not section:
        return Form("case.details", key, f"Details of {record.number}", (ask, *inputs), "Keep")
    # A dialog's own title is short: of which incident this is stands below it.
    about = Heading(f"{record.number} {case_title(known_of(record))}")
    facts = tuple(_facts(turn, record, SECTIONS[section]))
    shown = (about, ask, Pairs(facts)) if facts else (about, ask)
    return Form("case.details", key, SECTIONS[section].title, (*shown, *inputs), "Keep")


def _input(field: Field, value: str) -> Input:
    value = "" if value.startswith(TAKEN) else value
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
