"""The check as a form: which inputs it has by now, from the same facts, questions and wording as the
interview.

Step one asks what decides which criteria there are at all. Then come the facts that can still change the
outcome, all at once, with the yes/no flags as one group; then what only the record needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core.cards import Block, Button, Card, Form, Heading, Input, InputKind, Option, Text, Weight
from bot.core.check.answers import flag_label
from bot.core.check.check import Check
from bot.core.check.facts_for_the_record import (
    LABELS,
    TICKED,
    WHICH_WAS_IT,
    in_the_words,
    labels,
    makes_sense,
)
from bot.core.check.interview import (
    PERSON_ASK,
    PERSON_OPTIONS,
    PERSON_WHY,
    UNKNOWN,
    answered,
    left_to_ask,
)
from bot.core.check.said_against import against_a_no
from bot.core.check.stating import PERSON
from bot.core.check.typical_doses import hint as typical_dose
from bot.core.draft import Draft
from bot.core.words.draft_words import about
from rules.facts import DEFAULTS, FACTS, FLAGS, Kind
from rules.planner import in_doubt, missing

CHECK, VERDICT = "check", "check.verdict"
BASICS = ("nation", "discovered_on", "exposure", "category", "age_years", "exposed_person")
NONE, FLAGS_INPUT, ENOUGH_INPUT = "none", "flags", "enough"
# What a form's buttons do: their answer is a form again, and not a question.
UNKNOWN_WAY, ENOUGH_WAY = "check.form_unknown", "check.form_enough"
WHY_WAY, BACK_WAY = "check.form_why", "check.form_back"
# Known to most from the settings or for granted: they stand below what has to be thought about.
FILLED_IN = frozenset({"nation", *DEFAULTS})
# Another answer to these makes another form.
LIVE = frozenset({"exposure", "category", "person", "deterministic_effect", "geographical_miss", "nation"})
DONT_KNOW = Option(UNKNOWN, "Don't know")
IF_KNOWN = "leave empty if not known"


@dataclass(frozen=True)
class FormKey:
    """What a form says of itself: which check it is of, at which mark, and what it asks for. `ticks` are
    those of `names` that stand in the group of checkboxes."""

    id: str
    mark: int = 0
    names: tuple[str, ...] = ()
    ticks: frozenset[str] = frozenset()

    def __str__(self) -> str:
        asked = "+".join(f"{name}*" if name in self.ticks else name for name in self.names)
        return f"{self.id}:{self.mark}:{asked}"

    @classmethod
    def read(cls, text: str) -> FormKey:
        """A key is user input like any other: what is no fact in it is passed over."""
        key, mark, asked = (*text.split(":", 2), "", "")[:3]
        names = [name for name in asked.split("+") if name.removesuffix("*") in FACTS]
        ticks = frozenset(name.removesuffix("*") for name in names if name.endswith("*"))
        plain = tuple(name.removesuffix("*") for name in names)
        return cls(key, int(mark) if mark.isdecimal() else 0, plain, ticks)


def to_show(check: Check, *, live: bool) -> tuple[str, ...]:
    """The facts that the form asks for now, those that were only read among them; none once there is nothing
    left to ask."""
    draft, facts = check.draft, check.facts
    if draft.enough:
        return against_a_no(check)
    framed = all(name in facts.stated or name in draft.skipped for name in ("exposure", "category"))
    framed = framed or not missing(facts)
    offered = [name for name, source in draft.sources.items() if name in draft.facts and not source.vouched]
    if draft.path and framed:
        return _in_order([*_open(check), *(offered if not draft.number else ())])
    rest = _open(check) if live and framed else ()
    return (*BASICS, *(name for name in _in_order([*rest, *offered]) if name not in BASICS))


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    asked = {"age_years" if name == "age_group" else name for name in names}
    return tuple(name for name in FACTS if name in asked)


def after_change(check: Check, before: Sequence[str], typed: Mapping[str, str]) -> tuple[str, ...]:
    """What the form asks for once an answer has changed: what it asked for before that still makes sense, and
    what is new. An input with something in it stays: what no longer fits is said once it is sent off."""
    now = to_show(check.with_(path=()), live=True)
    still = {name for name in before if name in BASICS or name in check.draft.facts}
    still |= filled_in(before, typed)
    return tuple(name for name in FACTS if name in still or (name in now and name not in BASICS))


def filled_in(names: Iterable[str], typed: Mapping[str, str]) -> set[str]:
    """Those of which something was typed, chosen or ticked."""
    ticked = typed.get(FLAGS_INPUT, "").split(",")
    return {name for name in names if typed.get(name, "").strip() not in ("", UNKNOWN) or name in ticked}


def _open(check: Check) -> tuple[str, ...]:
    """Facts that can still change the outcome and make sense to ask; else those for the record."""
    draft, facts = check.draft, check.facts
    names = [n for n in missing(facts) if n not in answered(draft) and makes_sense(n, facts)]
    names += [name for name in in_doubt(facts, answered(draft)) if name not in names]
    names += [name for name in in_the_words(check) if name not in names]
    names = names or [*left_to_ask(check)]
    if draft.doubts.get("exposed_person") == WHICH_WAS_IT and "exposed_person" in names:
        names.append("equipment_in_clinical_use")  # either may be what is wrong
    settled = check.verdict.outcome == "notify"  # only the record needs more: it is asked at once
    if names and (settled or any(name in FLAGS for name in names)):
        own = labels(facts) if settled else LABELS
        names += [n for n in own if n not in names and n not in facts.stated and n not in draft.skipped]
    return _in_order(names)


def check_form(
    check: Check,
    names: Sequence[str],
    *,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str] | None,
    notes: Sequence[str],
    warnings: Sequence[str],
    head: tuple[Block, ...],
    mark: int | None,
    ways: bool,
) -> Form:
    """`typed` are values as they were sent, kept where they could not be taken; `errors` by input. `head`
    stands above all else. `mark` is that of what the form's author has seen, where it is not the newest.
    `ways`: with a button for each thing that can be done beside filling it in."""
    draft, typed, errors = check.draft, typed or {}, errors or {}
    values = {**as_typed(draft), **typed}
    ticks = [name for name in names if in_group(name, draft)]
    ordered = sorted(names, key=lambda name: name in FILLED_IN)
    alone = [name for name in ordered if name not in ticks]
    inputs: list[Block] = [_input(name, values.get(name, ""), errors, _about(name, check)) for name in alone]
    if "age_years" in names:
        person = _person(values.get(PERSON, draft.person), errors, draft)
        inputs.insert(1 + _place(inputs, "age_years"), person)
    if ticks:
        inputs.append(_flags(ticks, values.get(FLAGS_INPUT, ""), errors))
    if not ways:
        inputs.append(_enough(values.get(ENOUGH_INPUT, "")))
    shown = {block.name for block in inputs if isinstance(block, Input)}
    beside_none = dict.fromkeys(message for name, message in errors.items() if name not in shown)
    warned = (Text(message, Weight.WARNING) for message in (*warnings, *beside_none))
    noted = (Text(note, Weight.SUBTLE) for note in notes)
    seen = draft.mark if mark is None else mark
    key = FormKey(draft.id, seen, tuple(names), frozenset(ticks))
    blocks = (*about(draft), *head, *warned, *noted, *inputs)
    buttons = tuple(_ways(draft, str(key))) if ways else ()
    return Form(CHECK, str(key), "Is it notifiable?", blocks, "Continue", buttons)


def _ways(draft: Draft, key: str) -> Iterator[Button]:
    yield Button("Don't know the rest", UNKNOWN_WAY, key, sends=True)
    yield Button("That is all I know", ENOUGH_WAY, key, sends=True)
    yield Button("Why?", WHY_WAY, key)
    if draft.path:
        yield Button("Back", BACK_WAY, key, sends=True)
        yield Button("Change an answer", "check.edit", key, sends=True)


def _about(name: str, check: Check) -> str:
    """What is said beside an input before its own hint: why it is asked, and the words it was read from."""
    draft = check.draft
    known = "age_group" if name == "age_years" and "age_group" in draft.facts else name
    source = draft.sources.get(known)
    if known in draft.facts and source and source.how == "read":
        return f"Read from “{source.words}”: is it right?" if source.words else "Read from what was written."
    return draft.doubts.get(name) or typical_dose(name, check)


def _place(inputs: Sequence[Block], name: str) -> int:
    return next(n for n, one in enumerate(inputs) if isinstance(one, Input) and one.name == name)


def in_group(name: str, draft: Draft) -> bool:
    """Is it asked in the group of checkboxes? Not one that has a value: what is left empty there is not
    known."""
    return name in TICKED and name not in draft.facts


def _input(name: str, value: str, errors: Mapping[str, str], about: str) -> Input:
    fact, error = FACTS[name], errors.get(name, "")
    hint = f"{about} " if about else ""
    if fact.answers:
        unknown = () if name in DEFAULTS and not about else (DONT_KNOW,)
        options = (*(Option(a.value, a.label) for a in fact.answers), *unknown)
        hint = " ".join(filter(None, (about, fact.why, fact.beside)))
        kind = InputKind.CHOICES if fact.many else InputKind.CHOICE
        return Input(name, fact.ask, kind, options, value, hint, error, live=name in LIVE)
    if fact.kind is Kind.DATE:
        hint += f"{fact.why} {IF_KNOWN.capitalize()}."
        return Input(name, fact.ask, InputKind.DATETIME, value=value, hint=hint, error=error)
    hint += f"For example {fact.example}; {IF_KNOWN}"
    return Input(name, fact.ask, value=value, hint=hint, error=error)


def _person(value: str, errors: Mapping[str, str], draft: Draft) -> Input:
    error, source = errors.get(PERSON, ""), draft.sources.get(PERSON)
    read = f"Read from “{source.words}”. " if source and source.how == "read" and source.words else ""
    why = read + PERSON_WHY
    return Input(PERSON, PERSON_ASK, InputKind.CHOICE, PERSON_OPTIONS, value, why, error, live=True)


def _flags(names: Sequence[str], value: str, errors: Mapping[str, str]) -> Input:
    options = (
        *(Option(name, flag_label(name)) for name in names),
        Option(NONE, "None of these, or none of the others"),
    )
    return Input(
        FLAGS_INPUT, "Which of these apply?", InputKind.CHOICES, options, value,
        "What is left empty is taken as not known, never as no.", errors.get(FLAGS_INPUT, ""),
    )  # fmt: skip


def without_none(
    typed: Mapping[str, str], key: FormKey, names: Iterable[str], draft: Draft
) -> dict[str, str]:
    """What was typed into the form of `key`, for one that asks for `names`. "None of these" says nothing of a
    line that did not stand there when it was ticked: it is ticked again, or left."""
    more = {name for name in names if in_group(name, draft)} - key.ticks
    ticked = typed.get(FLAGS_INPUT, "").split(",")
    if not more or NONE not in ticked:
        return {**typed}
    return {**typed, FLAGS_INPUT: ",".join(name for name in ticked if name != NONE)}


def _enough(value: str) -> Input:
    ask = (Option(ENOUGH_INPUT, "That is all I know: ask no further"),)
    return Input(ENOUGH_INPUT, "What follows", InputKind.CHOICES, ask, value)


def as_typed(draft: Draft) -> dict[str, str]:
    """What is known, as values of inputs. What the words make doubtful is not taken for granted."""
    values = {n: next(iter(default)) for n, default in DEFAULTS.items() if n not in draft.doubts}
    values |= {n: _value(n, v) for n, v in draft.facts.items()}
    values |= {name: UNKNOWN for name in draft.skipped if FACTS[name].answers}
    if "age_group" in values:
        values.setdefault("age_years", values["age_group"])
    return values


def _value(name: str, value: object) -> str:
    """As an input shows it: a moment to the minute, as a picker has it."""
    if FACTS[name].kind is Kind.DATE:
        return str(value)[:16]
    if isinstance(value, list):
        return ",".join(value)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


# The verdict


def verdict_form(draft: Draft, card: Card) -> Form:
    """A verdict card in the place of the form that led to it."""
    blocks = (Heading(card.title), *card.blocks)
    keep, *others = card.buttons
    return Form(VERDICT, str(FormKey(draft.id, draft.mark)), "Verdict", blocks, keep.label, tuple(others))
