"""The forms of cases: what a step needs beside its button. A form's key is the button's value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core import patient_numbers
from bot.core.cards import Block, Form, Input, Kind, Option, Text, Weight
from bot.core.cases.confirm import add_note
from bot.core.check.verdict_card import outcome_line
from bot.core.messages import Open, Submitted
from bot.core.refused import Refused
from bot.core.settings import permissions
from bot.core.settings.definitions import Chosen
from bot.core.turn import Turn
from bot.core.words.case_words import label, role_words
from bot.core.words.phrases import day, listed
from storage.cases import STATE_WORDS
from storage.errors import OutOfOrder
from storage.model import STEPS, Case, Deadline, NoteKind, Record, StepKind

NO_NAMES = "No names, numbers or dates of birth of patients."
NOTE = Input("note", "A note, if any", Kind.LINES, hint=NO_NAMES)


def notify(turn: Turn, ref: str, version: str) -> Open:
    case = turn.store.case(turn.tenant, ref)
    hint = "As the authority gave it; leave empty until it has, and give it then"
    reference = Input(
        "reference", "The authority's reference number", value=case.authority_reference, hint=hint
    )
    return _open("case.notify", ref, version, f"Notified: {ref}", (reference, NOTE))


def with_note(name: str, ref: str, version: str) -> Open:
    title, ask = {
        "case.report": (f"Report submitted: {ref}", "A note, if any"),
        "case.stand_down": (f"Stand down {ref}", "Why is it stood down?"),
        "case.reopen": (f"Reopen {ref}", "Why is it reopened?"),
        "case.note": (f"Note on {ref}", "What is to be noted?"),
    }[name]
    required = name != "case.report"
    return _open(name, ref, version, title, (replace(NOTE, label=ask, required=required),))


def assign(_turn: Turn, ref: str, version: str) -> Open:
    who = Input("user", "Whose is it from now on?", Kind.USER, required=True)
    return _open("case.assign", ref, version, f"Assign {ref}", (who, NOTE))


def discovered(turn: Turn, ref: str, version: str) -> Open:
    case = turn.store.case(turn.tenant, ref)
    hint = "The clock runs from here: the day on which anybody in the employer first knew"
    on = Input(
        "day", "When did anybody first know?", Kind.DATE, value=case.discovered_on.isoformat(), hint=hint,
        required=True,
    )  # fmt: skip
    why = Input("why", "Why is it corrected?", Kind.LINES, hint=NO_NAMES, required=True)
    return _open("case.discovered", ref, version, f"Discovery of {ref}", (on, why))


def snooze(turn: Turn, deadline: Deadline, version: str) -> Open:
    hour = Chosen(turn.settings).shown("ping_hour")
    options = (
        Option("1 hour", "For an hour"), Option("4 hours", "For four hours"),
        Option("tomorrow", f"Until tomorrow at {hour}"), Option("3 days", f"For three days, until {hour}"),
    )  # fmt: skip
    inputs = (
        Input("until", "Until when?", Kind.CHOICE, options),
        Input("day", "Or until a day and time of your own", Kind.DATETIME),
        Input("why", "Why, where it goes past the deadline?", hint=f"The deadline is {day(deadline.due_on)}"),
    )
    key = f"{deadline.subject}:{version}:{deadline.kind}"
    head = Text(f"{deadline.subject}: {label(deadline.kind)}", Weight.STRONG)
    return Open(Form("case.snooze", key, "Remind me later", (head, *inputs), "Snooze"))


def confirm(turn: Turn, record: Record) -> Open:
    chosen = Chosen(turn.settings)
    have = permissions.roles(chosen, turn.request.user.id)
    offered = ("mpe", "rps", "governance") if permissions.nobody_has_a_role(chosen) else have
    blocks: list[Block] = [Text(outcome_line(record.assessment.verdict), Weight.STRONG)]
    blocks += [Text(caution, Weight.WARNING) for caution in record.assessment.verdict["cautions"]]
    if len(offered) != 1:
        options = tuple(Option(role, role_words(role)) for role in offered or ("mpe", "rps", "governance"))
        blocks.append(Input("role", "In which role do you confirm it?", Kind.CHOICE, options, required=True))
    if record.assessment.verdict["cautions"]:
        ticked = (Option("compared", "I have compared it with the authority's live table"),)
        blocks.append(Input("compared", "The caution above", Kind.CHOICES, ticked, required=True))
    key = f"{record.number}:{record.revision}"
    return Open(Form("case.confirm", key, f"Confirm {record.number}", (*blocks, NOTE), "Confirm"))


def learning(turn: Turn, number: str) -> Open:
    if number.startswith("C"):
        number = turn.store.case(turn.tenant, number).records[-1]
    there = {note.kind for note in turn.store.notes(turn.tenant, number)}
    said: list[str] = [kind for kind in ("analysis", "learning") if kind in there]
    head = (Text(f"There is {listed(said)} already; more may be added."),) if said else ()
    inputs = (
        Input("analysis", "What did the analysis find?", Kind.LINES, hint=NO_NAMES),
        Input("learning", "What is learnt from it, and how is it shared?", Kind.LINES, hint=NO_NAMES),
    )
    return Open(Form("case.learning", number, f"Learning, {number}", (*head, *inputs), "Keep"))


def keep_learning(turn: Turn, number: str, given: list[tuple[NoteKind, str]]) -> str:
    return ". ".join(add_note(turn, number, text, kind) for kind, text in given) + "."


def _open(name: str, ref: str, version: str, title: str, inputs: tuple[Input, ...]) -> Open:
    return Open(Form(name, f"{ref}:{version}", title, inputs, "Save"))


FORMS: dict[str, Callable[[Turn, str, str], Open]] = {
    "case.notify": notify,
    "case.assign": assign,
    "case.discovered": discovered,
    **{
        name: lambda _turn, ref, version, name=name: with_note(name, ref, version)  # type: ignore[misc]
        for name in ("case.report", "case.stand_down", "case.reopen", "case.note")
    },
}
_STEPS: dict[str, tuple[StepKind, ...]] = {
    "case.notify": ("notify", "reference"),
    "case.report": ("report",),
    "case.stand_down": ("stand_down",),
    "case.reopen": ("reopen",),
    "case.assign": ("assign",),
    "case.discovered": ("correct_discovery",),
}


def require(_turn: Turn, name: str, case: Case) -> None:
    """Raises OutOfOrder, saying who did what, where the case has gone past the step."""
    steps = _STEPS.get(name, ())
    if steps and not any(case.state in STEPS[step][0] for step in steps):
        from storage.cases import DID

        who = case.last.by.name or case.last.by.id
        raise OutOfOrder(f"{case.ref} is {STATE_WORDS[case.state]} ({who} {DID[case.last.kind]})")


def again(turn: Turn, what: Submitted, problem: str) -> Open:
    """The form once more as it was filled in, with what is wrong beside the input that it is about. Raises
    Refused."""
    subject, version, kind = (*what.key.split(":", 2), "", "")[:3]
    if what.form == "case.snooze":
        found = turn.store.deadlines(turn.tenant, subject=subject, state="")
        deadline = next((d for d in found if d.kind == kind), None)
        if deadline is None:
            raise Refused(f"{subject} has no such deadline: nothing was changed")
        form = snooze(turn, deadline, version).form
    elif what.form == "case.confirm":
        form = confirm(turn, turn.store.record(turn.tenant, subject)).form
    elif what.form == "case.learning":
        form = learning(turn, subject).form
    else:
        form = FORMS[what.form](turn, subject, version).form
    at = _about(what, problem)
    typed = patient_numbers.without_numbers(what.inputs)
    blocks = tuple(
        replace(b, value=typed.get(b.name, ""), error=problem if b.name == at else "")
        if isinstance(b, Input) else b
        for b in form.blocks
    )  # fmt: skip
    return Open(replace(form, blocks=blocks))


def _about(what: Submitted, problem: str) -> str:
    for word, name in (("past the deadline", "why"), ("say why", "why"), ("live table", "compared")):
        if word in problem and name in what.inputs:
            return name
    return next(iter(what.inputs), "")
