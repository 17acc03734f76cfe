"""A theme as a card: its incidents, what was answered by whom, its cases, notes and learning."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.cards import Block, Bullets, Button, Card, Heading, Pairs, Severity, Table, Text, Weight
from bot.core.register.alike import counts
from bot.core.register.theme_question import members_of
from bot.core.turn import Turn
from bot.core.words.case_words import case_title, who
from bot.core.words.outcomes import EMPLOYER_DECIDES
from bot.core.words.phrases import day, moment
from bot.core.words.theme_words import STATE_OF_THEME, answer_words, people_words, shared_words
from storage.register_model import Incident
from storage.register_rows import known_of
from storage.theme_model import LIVING, Theme, ThemeStep

SHOWN = 30


def theme_card(turn: Turn, theme: Theme, *, said: str = "") -> Card:
    blocks: list[Block] = [Text(said, Weight.STRONG)] if said else []
    blocks += [Pairs(tuple(_pairs(theme))), Heading("Its incidents"), *_incidents(turn, theme)]
    blocks += [Heading("What was answered"), Bullets(tuple(map(_step, theme.steps)))]
    if notes := turn.store.notes(turn.tenant, theme.ref):
        lines = (f"{n.kind.capitalize()}, {moment(n.at)}, {who(n.by)}: {n.text}" for n in notes)
        blocks += [Heading("Notes"), Bullets(tuple(lines))]
    blocks.append(Text(EMPLOYER_DECIDES, Weight.SUBTLE))
    title = f"Theme {theme.ref}, {shared_words(theme.shared)}: {STATE_OF_THEME[theme.state]}"
    severity = Severity.WAITING if theme.state in LIVING else Severity.SETTLED
    if not turn.face.buttons:
        return Card(title, (*blocks, *_typed(turn, theme)), severity=severity)
    return Card(title, tuple(blocks), tuple(_buttons(theme)), severity)


def _pairs(theme: Theme) -> Iterator[tuple[str, str]]:
    yield "Answered", answer_words(theme.answer)
    yield "Opened", f"{moment(theme.opened_at)} by {who(theme.opened_by)}"
    if theme.shared.category:
        yield "Category", theme.shared.category.replace("_", " ")
    if theme.cases:
        yield "Case", ", ".join(theme.cases)
    elif theme.state == "one_cause":
        yield "Case", f"none: {people_words(theme.answer.people)}"


def _incidents(turn: Turn, theme: Theme) -> Iterator[Block]:
    members = members_of(turn.store, turn.tenant, theme.numbers)
    gone = [number for number in theme.numbers if number not in {one.number for one in members}]
    yield Table(("Record", "What happened", "Day", "Exposed"), tuple(_row(turn, m) for m in members[:SHOWN]))
    if len(members) > SHOWN:
        yield Text(f"And {len(members) - SHOWN} before those.", Weight.SUBTLE)
    if gone:
        yield Text(f"No longer kept: {', '.join(gone)}.", Weight.SUBTLE)


def _row(turn: Turn, one: Incident) -> tuple[str, ...]:
    title = case_title(known_of(turn.store.record(turn.tenant, one.number)))
    exposed = str(one.individuals) if counts(one) else "nobody who counts"
    return one.number, title, day(one.day), exposed


def _step(step: ThemeStep) -> str:
    when = f"{moment(step.at)}, {who(step.by)}"
    if step.kind == "close":
        return f"{when} closed it"
    case = f" ({step.case})" if step.case else ""
    return f"{when}: {answer_words(step)}{case}" + (f": {step.why}" if step.why else "")


def _buttons(theme: Theme) -> Iterator[Button]:
    value = f"{theme.ref}:{theme.version}"
    yield Button("Answer again", "case.theme", value)
    if theme.state != "closed":
        yield Button("Close", "case.close_theme", value)
    yield Button("Note", "case.note", value)
    yield from (Button(f"Show {ref}", "case.show", ref) for ref in theme.cases[-2:])


def _typed(turn: Turn, theme: Theme) -> Iterator[Block]:
    ways = [turn.command(f"theme {theme.ref} yes, 3 people"), turn.command(f"note {theme.ref} <text>")]
    if theme.state != "closed":
        ways.append(turn.command(f"close {theme.ref} <what was learnt>"))
    yield Heading("What can be typed")
    yield Bullets(tuple(ways))
