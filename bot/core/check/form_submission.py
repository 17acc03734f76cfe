"""What a form brings back: taken in whole or not at all, with what is wrong beside the input that it is
about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.core import patient_numbers
from bot.core.cards import Card, Severity
from bot.core.check import agreement, beginning, choice, correcting
from bot.core.check.answers import not_known_yet, read_answer
from bot.core.check.check import PERSON_WORDS, Check
from bot.core.check.form import (
    BASICS,
    CHECK,
    ENOUGH_INPUT,
    FLAGS_INPUT,
    NONE,
    VERDICT,
    FormKey,
    after_change,
    as_typed,
    filled_in,
    without_none,
)
from bot.core.check.form_since import changed_since, said_since
from bot.core.check.form_steps import show_fields, show_form
from bot.core.check.holdings import taken_up_by
from bot.core.check.interview import UNKNOWN, refuse_half_said, turned_over
from bot.core.check.keeping import keep_check
from bot.core.check.stating import PERSON, Contradicted, flag_value, grown, not_known, state
from bot.core.draft import Draft
from bot.core.kept_drafts import once_of
from bot.core.messages import Changed, Done, Open, Reply, Submitted
from bot.core.refused import Problem, Refused
from bot.core.turn import Turn
from rules.facts import DEFAULTS, FACTS, NOT_FOR_MALE_OR_YOUNG_CHILD
from storage.errors import Conflict

NOTHING_CHANGED = "Nothing was changed."
OF_OLD = "This form was of an earlier version. Nothing of it is taken yet: look at what it said, and send it."
NOTHING_YET = "Nothing of it is taken yet: look, and send it."
LATE = f"Something else was said since this form was opened. {NOTHING_YET}"
TICK_AGAIN = "There is more under “Which of these apply?” now: tick there again."


class FormErrors(Problem):
    """What is wrong, by input; `about` are facts that may be wrong in the place of one of these."""

    def __init__(self, errors: Mapping[str, str], about: tuple[str, ...] = ()) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors, self.about = dict(errors), about


def mine(turn: Turn, key: str) -> Draft | None:
    """The draft that a form or a button speaks of, where it is still this place's."""
    return turn.drafts.of(key.partition(":")[0])


def led(turn: Turn, draft: Draft) -> Draft:
    """The check that a form is of, which stands from now on; but not where the question of another one stands
    in the conversation, since nobody there sees what one of them has opened."""
    other = turn.drafts.standing()
    stands = other is not None and other.id != draft.id and other.typed
    return draft if turn.face.dialogs and draft.typed and stands else draft.with_(paused=False)


def over(turn: Turn, key: str = "") -> list[Reply]:
    """Where it was kept meanwhile, by a colleague or a moment ago, that is said."""
    close: list[Reply] = [Done()] if turn.face.dialogs else []
    kept = turn.store.came_of(turn.tenant, once_of(key.partition(":")[0])) if key else ""
    said = f"Kept already, as {kept}." if kept else "This check is over."
    return [*close, turn.show(Card(f"{said} {NOTHING_CHANGED}", severity=Severity.WAITING))]


def changed(turn: Turn, what: Changed) -> list[Reply]:
    """Another answer may make another form: what can be taken is, what cannot waits until it is sent off.
    What somebody else said meanwhile is shown, and the form stays as old as it was, so that sending it off
    does not take it back."""
    draft, key = mine(turn, what.key), FormKey.read(what.key)
    if draft is None or what.form != CHECK:
        return over(turn, what.key)
    check = Check(led(turn, draft), turn.today)
    live = {what.input: what.inputs.get(what.input, "")}
    late = changed_since(turn, check, key, what.inputs, by_others=True)
    try:
        check = _taken(turn, check, live, key, sent_off=False)
        errors: Mapping[str, str] = {}
    except FormErrors as wrong:
        errors = wrong.errors
    typed = patient_numbers.without_numbers(what.inputs)  # what was emptied stays empty
    names = after_change(check, key.names, typed)
    since, mark = (*said_since(check, late, key),), key.mark if late else None
    return _again(turn, check, key, names, typed, errors=errors, warnings=since, mark=mark)


def submitted(turn: Turn, what: Submitted) -> list[Reply]:
    """Two people who send theirs off at the same moment: the second sees what the first one said."""
    draft = mine(turn, what.key)
    try:
        replies = _submitted(turn, what)
    except Conflict:
        turn.drafts.look_again()
        replies = _submitted(turn, what)
    return taken_up_by(turn, draft, replies) if draft and what.form != choice.FORM else replies


def _submitted(turn: Turn, what: Submitted) -> list[Reply]:
    draft, key = mine(turn, what.key), FormKey.read(what.key)
    if draft is None:
        return over(turn, what.key)
    check = Check(led(turn, draft), turn.today)
    if what.form == choice.FORM:
        return beginning.chosen(turn, draft, what.inputs.get(choice.NEXT, ""))
    if what.form == CHECK:
        return sent_off(turn, check, key, what.inputs)
    if key.mark != draft.mark:  # what stood there is no longer so
        return show_form(turn, check, notes=(*said_since(check, draft.changes, key), LATE))
    if what.form == agreement.FORM:
        return show_form(turn, agreement.agreed(turn, check))
    if what.form == VERDICT:
        return keep(turn, correcting.kept(check))
    return _why(turn, check, what) if what.form == correcting.FORM else over(turn)


def sent_off(turn: Turn, check: Check, key: FormKey, inputs: Mapping[str, str]) -> list[Reply]:
    typed = patient_numbers.without_numbers(inputs)
    if not key.names:  # it does not say what it asked for, so what it left empty says nothing
        given = [name for name in FACTS if name in BASICS or inputs.get(name, "").strip()]
        return _again(turn, check, key, given, typed, warnings=(OF_OLD,))
    if late := changed_since(turn, check, key, inputs):
        names = [name for name in FACTS if name in key.names or name in late]
        # Left empty by whoever did not know of it: sent off as it is, that takes nothing back.
        typed = {name: text for name, text in typed.items() if text or name not in _inputs_of(late)}
        return _again(turn, check, key, names, typed, warnings=(*said_since(check, late, key), LATE))
    try:
        taken = _taken(turn, check, inputs, key, sent_off=True)
    except FormErrors as wrong:  # what does not go with an answer is asked beside it, to be put right there
        names = [name for name in FACTS if name in {*key.names, *wrong.errors, *wrong.about}]
        return _again(turn, check, key, names, typed, errors=wrong.errors)
    if over := turned_over(check, taken, [name for name in key.names if name in inputs]):
        asked = check.with_(doubts={**check.draft.doubts, **over})
        return _again(turn, asked, key, key.names, typed, errors=over, warnings=(NOTHING_YET,))
    enough = ENOUGH_INPUT in inputs.get(ENOUGH_INPUT, "")
    return show_form(turn, taken.with_(path=(*taken.draft.path, key.names), enough=enough))


def _inputs_of(names: Iterable[str]) -> set[str]:
    return {"age_years" if name == "age_group" else name for name in names}


def unsent(
    turn: Turn, check: Check, key: FormKey, inputs: Mapping[str, str], names: Iterable[str]
) -> list[Reply]:
    """The form that asks for these, with what was typed into the one of `key` and not sent off."""
    typed = {name: text for name, text in patient_numbers.without_numbers(inputs).items() if text.strip()}
    filled = filled_in(key.names, typed) | (key.ticks if FLAGS_INPUT in typed else set())
    late = [name for name in changed_since(turn, check, key, typed) if name in filled]
    asked = [name for name in FACTS if name in {*names, *filled}]
    return _again(turn, check, key, asked, typed, warnings=(*said_since(check, tuple(late), key),))


def _again(
    turn: Turn,
    check: Check,
    key: FormKey,
    names: Sequence[str],
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    warnings: tuple[str, ...] = (),
    mark: int | None = None,
) -> list[Reply]:
    """The form with what was typed into the one of `key`, as far as it still says what it said there."""
    kept = without_none(typed, key, names, check.draft)
    said = (*warnings, *((TICK_AGAIN,) if kept != typed else ()))
    return show_fields(turn, check, names, typed=kept, errors=errors, warnings=said, mark=mark)


# What stands in a form


def _taken(turn: Turn, check: Check, inputs: Mapping[str, str], key: FormKey, *, sent_off: bool) -> Check:
    """The check with these inputs. Once sent off, what was shown and left empty is not known, be it that it
    came back empty or not at all, and a contradiction is an error; before, what contradicts a new answer
    gives way. Raises FormErrors."""
    given: dict[str, Any] = {}
    unknown: list[str] = []
    errors = {name: patient_numbers.NOT_KEPT for name, text in inputs.items() if turn.holds_number(text)}
    before = as_typed(check.draft)
    shown = key.names if sent_off else tuple(inputs)
    for name in shown:
        text = inputs.get(name, "").strip()
        if name not in FACTS or name in key.ticks or name in errors:
            continue
        if not text or not_known_yet(text) or text == UNKNOWN:
            granted = name in DEFAULTS and name not in {*check.draft.facts, *check.draft.doubts}
            if (sent_off or text) and not granted:
                unknown.append(name)
        elif text == before.get(name):
            given |= _confirmed(check.draft, name) if sent_off else {}
        else:
            try:
                fact, value = _read(name, text, turn)
                given[fact] = value
            except Refused as refused:
                errors[name] = str(refused)
    if key.ticks and (sent_off or FLAGS_INPUT in inputs):
        _take_flags(key, inputs.get(FLAGS_INPUT, ""), given, unknown)
    if errors:
        raise FormErrors(errors)
    person = inputs.get(PERSON, "" if sent_off and "age_years" in key.names else check.draft.person)
    return _stated(turn, check, given, unknown, person if person in PERSON_WORDS else "", keep=sent_off)


def _confirmed(draft: Draft, name: str) -> dict[str, Any]:
    """What was filled in and is sent off as it was: an answer, where it was only read before."""
    known = "age_group" if name == "age_years" and "age_group" in draft.facts else name
    source = draft.sources.get(known)
    answered = known not in draft.facts or (source is not None and source.vouched)
    return {} if answered else {known: draft.facts[known]}


def _read(name: str, text: str, turn: Turn) -> tuple[str, Any]:
    """Choices come as values; dates as a picker gives them, or as somebody types them."""
    fact = FACTS[name]
    if any(answer.value == text for answer in fact.answers):
        return name, text == "true" if text in ("true", "false") else text
    refuse_half_said(name, text)
    return read_answer(name, text, turn.request.written)


def _take_flags(key: FormKey, value: str, given: dict[str, Any], unknown: list[str]) -> None:
    """Those that are ticked apply; the others do not where that was ticked, and else are not known."""
    ticked = set(value.split(","))
    for name in key.names:
        if name in key.ticks and (name in ticked or NONE in ticked):
            given[name] = flag_value(name, name in ticked)
        elif name in key.ticks:
            unknown.append(name)


def _stated(
    turn: Turn, check: Check, given: dict[str, Any], unknown: list[str], person: str, *, keep: bool
) -> Check:
    check = not_known(check, tuple(unknown))
    draft = check.draft
    source = draft.sources.get(PERSON)
    if keep and person == "young_child" and grown({**draft.facts, **given}):
        raise FormErrors({PERSON: "the age says otherwise: which is it?"})
    if person and (person != draft.person or (keep and source is not None and not source.vouched)):
        if any(draft.facts.get(n) is True or given.get(n) is True for n in NOT_FOR_MALE_OR_YOUNG_CHILD):
            raise FormErrors({PERSON: "a foetus or a breast-fed infant was said to be exposed: which is it?"})
        check = check.with_(sources={**draft.sources, PERSON: turn.source()})
    if person != draft.person:
        check = check.with_(person=person)
    try:
        return state(check, given, source=turn.source(), keep=keep)
    except Contradicted as refused:
        raise FormErrors(refused.errors, about=("exposure",)) from None  # which most of them hang on


def keep(turn: Turn, check: Check) -> list[Reply]:
    """At once, unless it has to be agreed to or said why first."""
    draft = check.draft
    if draft.stage == "asking":
        return show_form(turn, check)
    if draft.stage == "why":
        return [Open(correcting.form(draft, str(FormKey(draft.id, draft.mark))))]
    kept = keep_check(turn, check)
    sent_off = turn.face.dialogs and isinstance(turn.request.what, Submitted)
    return [Done(), *kept] if sent_off else kept


def _why(turn: Turn, check: Check, what: Submitted) -> list[Reply]:
    text = what.inputs.get(correcting.WHY, "")
    try:
        return keep(turn, correcting.said(turn, check, text))
    except Refused as refused:
        again = "" if turn.holds_number(text) else text
        return [Open(correcting.form(check.draft, what.key, typed=again, error=str(refused)))]
