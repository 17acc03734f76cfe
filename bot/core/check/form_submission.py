"""What a form brings back: taken in whole or not at all, with what is wrong beside the input that it is
about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core import patient_numbers
from bot.core.cards import Card, Severity, Text, Weight
from bot.core.check import beginning, record_details
from bot.core.check.answers import dont_know, read_answer
from bot.core.check.check import PERSON_WORDS, Check
from bot.core.check.form import (
    BASICS,
    CHECK,
    FLAGS_INPUT,
    NONE,
    RECORD,
    VERDICT,
    after_change,
    as_typed,
    check_form,
    is_flag,
    record_form,
    to_show,
    verdict_form,
)
from bot.core.check.free_text import REMOVED, alone, read_text
from bot.core.check.interview import UNKNOWN
from bot.core.check.keeping import keep_check
from bot.core.check.record_fields import fields_for
from bot.core.check.stating import PERSON, Contradicted, flag_value, not_known, state
from bot.core.check.verdict_stage import at_verdict, verdict
from bot.core.draft import Draft, OldDraft
from bot.core.messages import Changed, Done, Open, Replace, Reply, Submitted
from bot.core.refused import Problem, Refused
from bot.core.turn import Turn
from bot.core.words.draft_words import old_draft_words
from bot.core.words.phrases import moment
from rules.facts import FACTS, NOT_FOR_MALE_OR_YOUNG_CHILD

OVER = "This check is over, or was begun anew elsewhere. Nothing was changed."


class FormErrors(Problem):
    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


def open_check(turn: Turn, text: str) -> list[Reply]:
    """The form, filled with what is known: by the settings, by the text, by a check that was left
    unfinished."""
    if text.lower() in beginning.AFRESH:
        turn.drafts.drop()
        return _opened(turn, "")
    try:
        draft = turn.drafts.load()
    except OldDraft as old:
        turn.drafts.drop()
        return _opened(turn, text, (f"{old_draft_words(old)}.",))
    if draft is not None:
        begun = moment(datetime.fromisoformat(draft.started))
        draft = draft.with_(paused=False, typed=False, waiting=patient_numbers.masked(text) or draft.waiting)
        notes = (beginning.WAITING,) if draft.waiting else ()
        removed = (REMOVED,) if turn.holds_number(text) else ()
        return show_form(turn, Check(draft, turn.today), taken_up=begun, notes=notes, warnings=removed)
    return _opened(turn, text)


def _opened(turn: Turn, text: str, notes: tuple[str, ...] = ()) -> list[Reply]:
    check = beginning.blank(turn, typed=False)
    if not text:
        return show_form(turn, check, notes=notes)
    read = read_text(turn, check, text)
    notes = (*notes, *read.notes)
    if turn.face.dialogs:  # it is seen by its author alone, and hides what else they are told
        return show_form(turn, read.check, notes=notes, warnings=read.warnings)
    return [*alone(turn, read.warnings), *show_form(turn, read.check, notes=notes)]


def open_afresh(turn: Turn) -> list[Reply]:
    """The form of another check, with what was written to begin it while the last one stood."""
    left = turn.drafts.standing()
    turn.drafts.drop()
    return _opened(turn, left.waiting if left else "")


def show_form(
    turn: Turn,
    check: Check,
    *,
    taken_up: str = "",
    notes: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
) -> list[Reply]:
    """The next step of the form, or the verdict where nothing is left to ask."""
    names = to_show(check, live=turn.face.live_inputs)
    if not names:
        return show_verdict(turn, at_verdict(turn, check), warnings)
    check = check.with_(shown=names).kept(turn)
    form = check_form(check, names, taken_up=taken_up, notes=notes, warnings=warnings)
    return [Open(form)]


def show_verdict(turn: Turn, check: Check, warnings: tuple[str, ...] = ()) -> list[Reply]:
    card = verdict(turn, check).headed(*(Text(warning, Weight.WARNING) for warning in warnings))
    return [Open(verdict_form(check.draft, card))] if turn.face.dialogs else [Replace(card)]


def edit_form(turn: Turn, check: Check) -> list[Reply]:
    """Everything that is known or was said not to be, to be changed."""
    known = [name for name in FACTS if name in check.draft.facts or name in check.draft.skipped]
    asked = ["age_years" if name == "age_group" else name for name in known]
    names = tuple(name for name in FACTS if name in {*asked, *BASICS, "equipment_in_clinical_use"})
    check = check.with_(shown=names).kept(turn)
    return [Open(check_form(check, names))]


def mine(turn: Turn, key: str) -> Draft | None:
    """The draft that a form or a button speaks of, where it is still this place's."""
    draft = turn.drafts.load()
    return draft if draft is not None and draft.id == key else None


def over(turn: Turn) -> list[Reply]:
    close: list[Reply] = [Done()] if turn.face.dialogs else []
    return [*close, turn.show(Card(OVER, severity=Severity.WAITING))]


def changed(turn: Turn, what: Changed) -> list[Reply]:
    """Another answer may make another form: what can be taken is, what cannot waits until it is sent off."""
    draft = mine(turn, what.key)
    if draft is None or what.form != CHECK:
        return over(turn)
    check = Check(draft, turn.today)
    live = {what.input: what.inputs.get(what.input, "")}
    try:
        check = _taken(turn, check, live, sent_off=False)
        errors: Mapping[str, str] = {}
    except FormErrors as wrong:
        errors = wrong.errors
    names = after_change(check)
    check = check.with_(shown=names).kept(turn)
    kept = {name: value for name, value in patient_numbers.without_numbers(what.inputs).items() if value}
    return [Open(check_form(check, names, typed=kept, errors=errors))]


def submitted(turn: Turn, what: Submitted) -> list[Reply]:
    draft = mine(turn, what.key)
    if draft is None:
        return over(turn)
    if what.form == VERDICT:
        return [Open(record_form(draft))]
    if what.form == RECORD:
        return _record(turn, Check(draft, turn.today), what)
    if what.form != CHECK:
        return over(turn)
    check = Check(draft, turn.today)
    try:
        taken = _taken(turn, check, what.inputs, sent_off=True)
    except FormErrors as wrong:
        typed = patient_numbers.without_numbers(what.inputs)
        return [Open(check_form(check, draft.shown, typed=typed, errors=wrong.errors))]
    return show_form(turn, taken.with_(path=(*taken.draft.path, draft.shown)))


def _taken(turn: Turn, check: Check, inputs: Mapping[str, str], *, sent_off: bool) -> Check:
    """The check with these inputs. Once sent off, what was left empty is not known, and a contradiction is
    an error; before, what contradicts a new answer gives way. Raises FormErrors."""
    given: dict[str, Any] = {}
    unknown: list[str] = []
    errors: dict[str, str] = {}
    before = as_typed(check.draft)
    for name, text in inputs.items():
        if patient_numbers.holds_number(text):
            errors[name] = patient_numbers.NOT_KEPT
        if name not in FACTS or name in errors:
            continue
        if not text or dont_know(text) or text == UNKNOWN:
            if sent_off or text:
                unknown.append(name)
        elif text != before.get(name):
            try:
                fact, value = _read(name, text, turn)
                given[fact] = value
            except Refused as refused:
                errors[name] = str(refused)
    if FLAGS_INPUT in inputs:
        _take_flags(check.draft, inputs[FLAGS_INPUT], given, unknown, errors)
    if errors:
        raise FormErrors(errors)
    person = inputs.get(PERSON, check.draft.person)
    return _stated(turn, check, given, unknown, person if person in PERSON_WORDS else "", keep=sent_off)


def _read(name: str, text: str, turn: Turn) -> tuple[str, Any]:
    """Choices come as values; dates as a picker gives them, or as somebody types them."""
    fact = FACTS[name]
    if any(answer.value == text for answer in fact.answers):
        return name, text == "true" if text in ("true", "false") else text
    return read_answer(name, text, turn.request.now)


def _take_flags(
    draft: Draft, value: str, given: dict[str, Any], unknown: list[str], errors: dict[str, str]
) -> None:
    ticked = {one for one in value.split(",") if one}
    applies = ticked - {NONE, UNKNOWN}
    if not ticked or (NONE in ticked and (applies or UNKNOWN in ticked)):
        errors[FLAGS_INPUT] = "tick those that apply, or none of these, or that it is not known yet"
        return
    offered = [name for name in draft.shown if is_flag(name)]
    for name in offered:
        if UNKNOWN in ticked and name not in applies:
            unknown.append(name)
        else:
            given[name] = flag_value(name, name in applies)


def _stated(
    turn: Turn, check: Check, given: dict[str, Any], unknown: list[str], person: str, *, keep: bool
) -> Check:
    check = not_known(check, tuple(unknown))
    draft = check.draft
    if person and person != draft.person:
        if any(draft.facts.get(n) is True or given.get(n) is True for n in NOT_FOR_MALE_OR_YOUNG_CHILD):
            raise FormErrors({PERSON: "a foetus or a breast-fed infant was said to be exposed: which is it?"})
        check = check.with_(sources={**draft.sources, PERSON: turn.source()})
    if person != draft.person:
        check = check.with_(person=person)
    try:
        return state(check, given, source=turn.source(), keep=keep)
    except Contradicted as refused:
        raise FormErrors(refused.errors) from None


def _record(turn: Turn, check: Check, what: Submitted) -> list[Reply]:
    errors: dict[str, str] = {}
    draft, taken = check.draft, check
    for field in fields_for(draft):
        if field.name not in what.inputs:
            continue
        try:
            taken = record_details.put(turn, taken, field, what.inputs[field.name].strip())
        except Refused as refused:
            errors[field.name] = str(refused)
    if errors:
        shown = {name: "" if name in errors else value for name, value in what.inputs.items()}
        return [Open(record_form(draft, typed=shown, errors=errors))]
    kept = keep_check(turn, taken)
    return [Done(), *kept] if turn.face.dialogs else kept
