"""The check as a form: which inputs it has by now, from the same facts, questions and wording as the
interview.

Step one asks what decides which criteria there are at all. Then come the facts that can still change the
outcome, all at once, with the yes/no flags as one group; then what only the record needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.cards import Block, Button, Card, Form, Heading, Input, Option, Text, Weight
from bot.core.cards import Kind as InputKind
from bot.core.check.answers import flag_label
from bot.core.check.check import Check
from bot.core.check.facts_for_the_record import LABELS, for_the_record, makes_sense
from bot.core.check.interview import PERSON_ASK, PERSON_OPTIONS, PERSON_WHY, UNKNOWN, answered
from bot.core.check.record_fields import Field, fields_for
from bot.core.check.stating import PERSON
from bot.core.check.typical_doses import hint as typical_dose
from bot.core.draft import Draft
from rules.facts import DEFAULTS, FACTS, FLAGS, Kind
from rules.planner import in_doubt, missing, next_question

CHECK, VERDICT, RECORD = "check", "check.verdict", "check.record"
BASICS = ("nation", "discovered_on", "exposure", "category", "age_years", "exposed_person")
NONE, FLAGS_INPUT = "none", "flags"
# Known to most from the settings or for granted: they stand below what has to be thought about.
FILLED_IN = frozenset({"nation", *DEFAULTS})
# Another answer to these makes another form.
LIVE = frozenset({"exposure", "category", "person", "deterministic_effect", "geographical_miss", "nation"})
DONT_KNOW = Option(UNKNOWN, "Don't know")
IF_KNOWN = "leave empty if not known"


def to_show(check: Check, *, live: bool) -> tuple[str, ...]:
    """The facts that the form asks for now; none once there is nothing left to ask."""
    draft, facts = check.draft, check.facts
    framed = all(name in facts.stated or name in draft.skipped for name in ("exposure", "category"))
    framed = framed or not missing(facts)
    if draft.path and framed:
        return _open(check)
    rest = _open(check) if live and framed else ()
    return (*BASICS, *(name for name in rest if name not in BASICS))


def after_change(check: Check) -> tuple[str, ...]:
    """What the form asks for once an answer has changed: what it asked for that still makes sense, and what
    is new."""
    draft = check.draft
    now = to_show(check.with_(path=()), live=True)
    still = {name for name in draft.shown if name in BASICS or name in draft.facts}
    return tuple(name for name in FACTS if name in still or (name in now and name not in BASICS))


def _open(check: Check) -> tuple[str, ...]:
    """Facts that can still change the outcome and make sense to ask; else those for the record."""
    draft, facts = check.draft, check.facts
    names = [n for n in missing(facts) if n not in answered(draft) and makes_sense(n, facts)]
    names += [name for name in in_doubt(facts, answered(draft)) if name not in names]
    names = names or [*next_question(facts, answered(draft))] or [*for_the_record(check)]
    if any(name in FLAGS for name in names):
        names += [n for n in LABELS if n not in names and n not in facts.stated and n not in draft.skipped]
    return tuple(name for name in FACTS if name in names)


def check_form(
    check: Check,
    names: Sequence[str],
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    taken_up: str = "",
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> Form:
    """`typed` are values as they were sent, kept where they could not be taken; `errors` by input.
    `taken_up` says when an unfinished check was begun that this goes on with."""
    draft, known, typed, errors = check.draft, as_typed(check.draft), typed or {}, errors or {}
    values = {**known, **typed}
    ticks = [name for name in names if is_flag(name)]
    names = sorted(names, key=lambda name: name in FILLED_IN)
    inputs: list[Block] = [
        _input(name, values.get(name, ""), errors, draft.doubts.get(name, ""), typical_dose(name, check))
        for name in names
        if name not in ticks
    ]
    if "age_years" in names:
        inputs.insert(1 + _place(inputs, "age_years"), _person(values.get(PERSON, draft.person), errors))
    if ticks:
        inputs.append(_flags(ticks, values.get(FLAGS_INPUT, ""), errors))
    shown = {block.name for block in inputs if isinstance(block, Input)}
    beside_none = dict.fromkeys(message for name, message in errors.items() if name not in shown)
    blocks = [Text(message, Weight.WARNING) for message in (*warnings, *beside_none)]
    if taken_up:
        blocks.append(Text(f"This goes on with the check that was begun on {taken_up}.", Weight.SUBTLE))
    blocks += [Text(note, Weight.SUBTLE) for note in notes]
    afresh = (Button("Start afresh", "check.afresh", draft.id),) if taken_up else ()
    return Form(CHECK, draft.id, "Is it notifiable?", (*blocks, *inputs), "Continue", afresh)


def _place(inputs: Sequence[Block], name: str) -> int:
    return next(n for n, one in enumerate(inputs) if isinstance(one, Input) and one.name == name)


def is_flag(name: str) -> bool:
    """Is it asked in the group of checkboxes?"""
    return name in FLAGS or name in LABELS


def _input(name: str, value: str, errors: Mapping[str, str], doubt: str, typical: str) -> Input:
    fact, error = FACTS[name], errors.get(name, "")
    hint = f"{doubt} " if doubt else ""
    if fact.answers:
        unknown = () if name in DEFAULTS else (DONT_KNOW,)
        options = (*(Option(a.value, a.label) for a in fact.answers), *unknown)
        hint = " ".join(filter(None, (doubt, fact.why, fact.beside)))
        return Input(name, fact.ask, InputKind.CHOICE, options, value, hint, error, live=name in LIVE)
    if fact.kind is Kind.DATE:
        hint += f"{fact.why} {IF_KNOWN.capitalize()}."
        return Input(name, fact.ask, InputKind.DATETIME, value=value, hint=hint, error=error)
    hint += f"For example {fact.example}; {IF_KNOWN}" + (f". {typical}" if typical else "")
    return Input(name, fact.ask, value=value, hint=hint, error=error)


def _person(value: str, errors: Mapping[str, str]) -> Input:
    error = errors.get(PERSON, "")
    return Input(PERSON, PERSON_ASK, InputKind.CHOICE, PERSON_OPTIONS, value, PERSON_WHY, error, live=True)


def _flags(names: Sequence[str], value: str, errors: Mapping[str, str]) -> Input:
    options = (
        *(Option(name, flag_label(name)) for name in names),
        Option(NONE, "None of these"),
        Option(UNKNOWN, "Not known yet for those that are not ticked"),
    )
    return Input(
        FLAGS_INPUT, "Which of these apply?", InputKind.CHOICES, options, value,
        error=errors.get(FLAGS_INPUT, ""), required=True,
    )  # fmt: skip


def as_typed(draft: Draft) -> dict[str, str]:
    """What is known, as values of inputs."""
    values = {n: _value(n, v) for n, v in draft.facts.items()}
    values |= {n: next(iter(default)) for n, default in DEFAULTS.items() if n not in values}
    values |= {name: UNKNOWN for name in draft.skipped if FACTS[name].answers}
    if "age_group" in values:
        values.setdefault("age_years", values["age_group"])
    flags = {n: draft.facts[n] for n in values if is_flag(n) and n in draft.facts}
    ticked = [name for name, value in flags.items() if value is True or isinstance(value, str)]
    values[FLAGS_INPUT] = ",".join(ticked or [NONE]) if flags else ""
    return values


def _value(name: str, value: object) -> str:
    """As an input shows it: a moment to the minute, as a picker has it."""
    if FACTS[name].kind is Kind.DATE:
        return str(value)[:16]
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


# The verdict and the record


def verdict_form(draft: Draft, card: Card) -> Form:
    """A verdict card in the place of the form that led to it."""
    blocks = (Heading(card.title), *card.blocks)
    keep, *others = card.buttons
    return Form(VERDICT, draft.id, "Verdict", blocks, keep.label, tuple(others))


def record_form(
    draft: Draft, *, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> Form:
    """The record's further details, all in one; every one may stay empty."""
    happened = str(draft.facts.get("occurred_on", ""))[:16]
    values = {"occurred_on": happened, "open_case": "yes", **draft.details, **(typed or {})}
    inputs = tuple(
        _detail(field, values.get(field.name, ""), (errors or {}).get(field.name, ""))
        for field in fields_for(draft)
    )
    ask = Text(
        "All of it may stay empty for now, and none of it decides anything. "
        "No names, numbers or dates of birth of anybody.",
        Weight.SUBTLE,
    )
    title = "Keep it and open a case" if draft.opens else "Keep the record"
    return Form(RECORD, draft.id, title, (ask, *inputs), "Keep")


def _detail(field: Field, value: str, error: str) -> Input:
    kind = InputKind.LINES if field.lines else InputKind.TEXT
    if field.choices:
        kind = InputKind.CHOICES if field.many else InputKind.CHOICE
    if field.name in FACTS and FACTS[field.name].kind is Kind.DATE:
        kind = InputKind.DATETIME
    hint = "" if kind is InputKind.DATETIME else field.hint  # which says how to type it
    return Input(field.name, field.ask, kind, field.options, value, hint, error, field.required)
