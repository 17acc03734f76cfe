"""What a kept record tells beside its verdict, and how more of it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from bot.core.cards import Button
from bot.core.cases.decide_anew import discovery
from bot.core.cases.opening import cases_of
from bot.core.check.detail_field import Field, read
from bot.core.check.further_fields import SECTIONS
from bot.core.check.record_fields import BY_NAME, LATE_FACTS, fields_for
from bot.core.draft import Source, source_of
from bot.core.refused import Refused
from bot.core.reminders.placing import planner
from bot.core.turn import Turn
from bot.core.words.draft_words import source_words
from bot.core.words.fact_words import in_words, name_within, title
from bot.core.words.phrases import iso_day, listed
from rules.deadlines import uk_date
from rules.deciding import decide
from rules.facts import FACTS
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse
from storage.model import Assessment, Record
from storage.plans import Also
from storage.register_rows import told_last
from storage.seals import TAKEN

_LATE = {field.name for field in LATE_FACTS}


class Held(NamedTuple):
    """A detail as it stands now, and where it comes from."""

    value: str
    source: Source


def held(record: Record, seen: int | None = None) -> dict[str, Held]:
    """By field, what the record tells: what was kept with it, and over that what was given since; `seen` of
    those alone that somebody saw."""
    kept, found = record.assessment, dict[str, Held]()
    for name in BY_NAME.keys() - FACTS.keys():
        if value := kept.facts.get(name) or getattr(kept, name, ""):
            source = source_of(kept.sources[name]) if name in kept.sources else Source(how="carried")
            found[name] = Held(", ".join(value) if isinstance(value, list) else str(value), source)
    for name, one in told_last(record, seen).items():
        found.pop(name, None)
        if one.value:
            given = Source(one.by.id, one.by.name, one.at.isoformat(timespec="seconds"))
            found[name] = Held(one.value, given)
    return {name: found[name] for name in (*BY_NAME, *(found.keys() - BY_NAME.keys())) if name in found}


def words(name: str, value: str) -> str:
    return BY_NAME[name].words(value) if name in BY_NAME else value


def open_fields(record: Record, section: str = "") -> tuple[Field, ...]:
    """What can be told of it, as every record is told of; or one section of what a paper wants."""
    return fields_for(record.assessment.facts, has_case=bool(record.cases), section=section)


def not_told(record: Record) -> str:
    """What is still to be told of it, in words; "" where all is."""
    have = held(record)
    return listed([name_within(field.name) for field in open_fields(record) if field.name not in have])


def add_details(number: str) -> Button:
    return Button("Add details", "case.details", number)


class Taken(NamedTuple):
    record: Record
    lines: tuple[str, ...]
    """What was taken, a line a field, with what it took the place of."""


def tell(turn: Turn, record: Record, given: Mapping[str, str], *, seen: int | None = None) -> Taken:
    """Take details, by field, as they were typed or filled in: those that differ from what the person saw.
    Raises Refused, naming the field, and nothing is taken then."""
    shown, now = held(record, seen), held(record)
    taken: dict[str, str] = {}
    offered = {field.name for section in ("", *SECTIONS) for field in open_fields(record, section)}
    for name, text in given.items():
        before = shown[name].value if name in shown else ""
        before = "" if before.startswith(TAKEN) else before  # and so it stood in the form
        if text.strip() == before or name not in BY_NAME:
            continue
        if name not in offered:
            raise Refused(_elsewhere(turn, record, name), about=name)
        value = "" if BY_NAME[name].left_open(text) else _read(turn, record, name, text)
        if value != before:
            taken[name] = value
    if not taken:
        return Taken(record, ())
    in_order(turn, record, taken)
    lines = tuple(_line(name, value, now.get(name)) for name, value in taken.items())
    return Taken(_kept(turn, record, taken), lines)


def in_order(turn: Turn, record: Record, said: Mapping[str, str]) -> None:
    """Raises Refused where what is said was done before there was an incident to do it about."""
    facts, known = record.assessment.facts, {name: one.value for name, one in held(record).items()} | {**said}
    occurred = str(known.get("occurred_on") or facts.get("occurred_on") or "")[:10]
    found = [case.discovered_on.isoformat() for case in cases_of(turn, record)]
    begun = occurred or min([*found, str(facts.get("discovered_on") or "")[:10]], key=lambda day: day or "9")
    for name, value in known.items():
        dated = name in BY_NAME and BY_NAME[name].takes != "words" and value[:1].isdecimal()
        if dated and value[:10] < begun and (name in said or "occurred_on" in said):
            raise _too_early(name, value, "it happened" if occurred else "it was discovered", begun)


def known_by(record: Record, found: str) -> None:
    """Raises Refused where something was done about it before the day on which it is to have been found."""
    for name, one in held(record).items():
        dated = name in BY_NAME and BY_NAME[name].takes == "done" and one.value[:1].isdecimal()
        if dated and one.value[:10] < found:
            raise _too_early(name, one.value, "it was discovered", found, about="day")


def _too_early(name: str, value: str, what: str, on: str, about: str = "") -> Refused:
    before = f"{title(name)}: {iso_day(value)} is before {what}, on {iso_day(on)}"
    return Refused(f"{before}: correct one of the two", about=about or name)


def _elsewhere(turn: Turn, record: Record, name: str) -> str:
    if name == "discovered_on" and record.cases:
        how = turn.command(f"discovered {record.cases[-1]}") + " <day> <why>"
    elif name in _LATE and record.cases:
        how = turn.command(f"redecide {record.cases[-1]}")
    elif name in FACTS:
        how = turn.command(f"correct {record.number}")
    else:
        return f"{title(name)} is told where the record has a dose"
    return f"{title(name)} is a fact of the record or its case: {how} changes it"


def _read(turn: Turn, record: Record, name: str, text: str) -> str:
    try:
        value = read(BY_NAME[name], text, turn.request.written)
        if name in ("occurred_on", "cause"):  # it may be at odds with the facts
            _parsed(turn, record, {name: value.split(", ") if BY_NAME[name].many else value})
        return value
    except InvalidFacts as invalid:
        raise Refused(in_words(invalid), about=name) from None
    except Refused as refused:
        raise Refused(f"{title(name)}: {refused}", about=name) from None


def _line(name: str, value: str, was: Held | None) -> str:
    what = f"{title(name)}: {words(name, value)}" if value else f"{title(name)} is taken out"
    return f"{what} (it was {words(name, was.value)}, by {source_words(was.source)})" if was else what


def _kept(turn: Turn, record: Record, taken: Mapping[str, str]) -> Record:
    """Details beside the record; facts that it lacked as its next revision, which says so."""
    facts = {name: value for name, value in taken.items() if name in _LATE and value}
    details = {name: value for name, value in taken.items() if name not in _LATE}
    also = Also(turn.request.delivery)
    by, now = turn.person, turn.request.now
    if not facts:
        return turn.store.give_details(turn.tenant, record.number, details, by=by, now=now, also=also)
    assessment = _with_facts(turn, record, facts)
    also = replace(also, deadlines=(planner(turn).confirmation(turn.today),))  # as every new revision has
    why = f"told later: {', '.join(name_within(name) for name in facts)}"
    return turn.store.correct(
        turn.tenant, record.number, assessment, why=why, expected=record.revision, details=details,
        by=by, now=now, also=also,
    )  # fmt: skip


def _with_facts(turn: Turn, record: Record, given: Mapping[str, str]) -> Assessment:
    """Raises Refused where the outcome would be another."""
    stated = {name: value == "yes" if name == "equipment_fault" else value for name, value in given.items()}
    try:
        facts = _parsed(turn, record, stated)
    except InvalidFacts as invalid:
        raise Refused(in_words(invalid), about=next(iter(given))) from None
    verdict, kept = decide(facts), record.assessment
    if verdict.outcome != record.outcome:
        raise Refused(f"with that the outcome is another: {turn.command(f'correct {record.number}')} does it")
    sources = {**kept.sources, **dict.fromkeys(given, turn.source().as_json())}
    return replace(kept, facts=dict(facts.stated), verdict=verdict.as_dict(), sources=sources)


def _parsed(turn: Turn, record: Record, more: Mapping[str, object]) -> Facts:
    facts = {**record.assessment.facts, **more}
    for case in cases_of(turn, record)[-1:]:
        facts["discovered_on"] = discovery(case, facts.get("discovered_on"))
    return parse(facts, max(turn.today, uk_date(record.at)))
