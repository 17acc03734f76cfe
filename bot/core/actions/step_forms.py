"""The forms of acts: what each needs beside its button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.actions.act import Instruction
from bot.core.actions.done_and_snooze import OWN, current
from bot.core.cards import Block, Form, Input, InputKind, Option, Text, Weight
from bot.core.settings import permissions
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from bot.core.words.agreed_words import every_caution
from bot.core.words.case_words import label, role_words
from bot.core.words.phrases import day, listed
from bot.core.words.verdict_words import kept_verdict, outcome_line

NO_NAMES = "No names, numbers or dates of birth of patients."
NOTE = Input("note", "A note, if any", InputKind.LINES, hint=NO_NAMES)
DONE_ON = Input("day", "On which day, if not today?", InputKind.DATE)


def _form(asked: Instruction, title: str, blocks: tuple[Block, ...], submit: str = "Save") -> Form:
    return Form(f"case.{asked.act}", asked.key, title, blocks, submit)


def of_note(title: str, ask: str) -> Callable[[Turn, Instruction], Form]:
    """A form with one text in it; `{}` in its title is what it is about."""

    def form(_turn: Turn, asked: Instruction) -> Form:
        return _form(asked, title.format(asked.subject), (replace(NOTE, label=ask, required=True),))

    return form


def notify(turn: Turn, asked: Instruction) -> Form:
    case = turn.store.case(turn.tenant, asked.subject)
    hint = "As the authority gave it; leave empty until it has, and give it then"
    reference = Input(
        "reference", "The authority's reference number", value=case.authority_reference, hint=hint
    )
    return _form(asked, f"{case.ref}: notified?", (reference, DONE_ON, NOTE))


def report(_turn: Turn, asked: Instruction) -> Form:
    return _form(asked, f"{asked.subject}: report submitted?", (DONE_ON, NOTE))


def assign(_turn: Turn, asked: Instruction) -> Form:
    who = Input("user", "Whose is it from now on?", InputKind.USER, required=True)
    return _form(asked, f"Assign {asked.subject} to whom?", (who, NOTE))


def discovered(turn: Turn, asked: Instruction) -> Form:
    case = turn.store.case(turn.tenant, asked.subject)
    hint = "The clock runs from here: the day on which anybody at the employer first knew"
    on = Input(
        "day", "When did anybody first know?", InputKind.DATE,
        value=case.discovered_on.isoformat(), hint=hint, required=True,
    )  # fmt: skip
    why = Input("why", "Why is it corrected?", InputKind.LINES, hint=NO_NAMES, required=True)
    return _form(asked, f"Discovery of {case.ref}?", (on, why))


def snooze(turn: Turn, asked: Instruction) -> Form:
    deadline, hour = current(turn, asked), Chosen(turn.settings).shown("ping_hour")
    options = (
        Option("1 hour", "For an hour"), Option("4 hours", "For four hours"),
        Option("tomorrow", f"Until tomorrow at {hour}"), Option("3 days", f"For three days, until {hour}"),
        Option(OWN, "Until the day and time below"),  # not everywhere can a choice be taken back
    )  # fmt: skip
    inputs = (
        Input("until", "Until when?", InputKind.CHOICE, options),
        Input("day", "A day and time of your own", InputKind.DATETIME),
        Input("why", "Why, where it goes past the deadline?", hint=f"The deadline is {day(deadline.due_on)}"),
    )
    head = Text(f"{deadline.subject}: {label(deadline.kind)}", Weight.STRONG)
    return _form(asked, f"Snooze {deadline.subject}?", (head, *inputs), "Snooze")


def confirm(turn: Turn, asked: Instruction) -> Form:
    record, offered = turn.store.record(turn.tenant, asked.subject), permissions.roles(turn)
    kept = kept_verdict(record.assessment)
    blocks: list[Block] = [Text(outcome_line(kept), Weight.STRONG)]
    said = every_caution(kept.cautions, record, turn.today)
    blocks += [Text(caution, Weight.WARNING) for caution in said]
    if len(offered) != 1:
        options = tuple(Option(role, role_words(role)) for role in offered)
        blocks.append(
            Input("role", "In which role do you confirm it?", InputKind.CHOICE, options, required=True)
        )
    if kept.cautions:
        ticked = (Option("compared", "I have compared it with the authority's live table"),)
        blocks.append(Input("compared", "The caution above", InputKind.CHOICES, ticked, required=True))
    seen = replace(asked, version=str(record.revision))
    return _form(seen, f"Confirm {record.number}?", (*blocks, NOTE), "Confirm")


def learning(turn: Turn, asked: Instruction) -> Form:
    there = {note.kind for note in turn.store.notes(turn.tenant, asked.subject)}
    said: list[str] = [kind for kind in ("analysis", "learning") if kind in there]
    head = (Text(f"There is {listed(said)} already; more may be added."),) if said else ()
    inputs = (
        Input("analysis", "What did the analysis find?", InputKind.LINES, hint=NO_NAMES),
        Input("learning", "What is learnt from it, and how is it shared?", InputKind.LINES, hint=NO_NAMES),
    )
    return _form(asked, f"Learning, {asked.subject}?", (*head, *inputs), "Keep")
