"""What a button does. A button outlives its card's sense, so each says which check or record it was about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.cards import Card, Severity, Text, Weight
from bot.core.check import (
    agreement,
    beginning,
    conversation,
    correcting,
    form_steps,
    form_submission,
    form_ways,
    verdict_stage,
)
from bot.core.check.check import Check
from bot.core.check.disputed import against_another
from bot.core.check.form import BACK_WAY, ENOUGH_WAY, NONE, UNKNOWN_WAY, WHY_WAY, FormKey, verdict_form
from bot.core.check.going_on import go_on
from bot.core.check.holdings import taken_up_by
from bot.core.check.interview import answer, question, standing
from bot.core.messages import Open, Pressed, Replace, Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.phrases import sentence
from rules.facts import FACTS


def pressed(turn: Turn, what: Pressed) -> list[Reply]:
    if what.action in ("check.start", "check.afresh"):  # the second on cards of release 0.1
        return beginning.start(turn, "", typed=False)
    handler = _ON_DRAFT.get(what.action)
    if handler is None:
        return turn.say("That button is no longer in use.", severity=Severity.WAITING)
    draft = form_submission.mine(turn, what.value)
    if draft is None:
        return form_submission.over(turn, what.value)
    led = form_submission.led(turn, draft) if what.action == "check.edit" else draft.with_(paused=False)
    replies = handler(turn, Check(led, turn.today), what)
    return replies if what.action in _SHOWS_ALL else taken_up_by(turn, draft, replies)


def _choose(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    return beginning.chosen(turn, check.draft, what.value.partition(":")[2])


def _answer(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    """An answer to the question on the card: also to an earlier one, which then is changed."""
    _, names, text = (*what.value.split(":", 2), "", "")[:3]
    text = text or _ticked(what.inputs.get("answer", ""), several="+" in names)
    asks = tuple(name for name in names.split("+") if name in FACTS)
    if not asks:
        return form_submission.over(turn)
    asked = question(asks, check.draft)
    last = standing(check)
    older, against = last is None or last.names != asked.names, None
    if older:
        check = check.asked_aside(asked.names)
    try:
        if not text:
            raise Refused("choose an answer, or don't know")
        if older and not turn.holds_number(text):
            new = answer(check, asked, text, source=turn.source())
            against = against_another(turn, check, new, asked.names)
        if against:
            doubts = {**check.draft.doubts, against.new: against.line}
            return go_on(turn, check.with_(doubts=doubts).asked_aside((against.new,)))
        after = conversation.take(turn, check, asked, text)
    except Refused as refused:
        return go_on(turn, check, problem=str(refused))
    said = next((option.label for option in asked.options if option.value == text), text)
    return [Replace(Card(asked.ask, (Text(said if text != "?" else "Not known", Weight.STRONG),))), *after]


def _ticked(text: str, *, several: bool) -> str:
    """What was ticked in a list, as one types it: what is left empty is not known unless it says so."""
    if not (several and text):
        return text
    none_else = NONE in text.split(",")
    ticked = [one for one in text.split(",") if one != NONE]
    return ", ".join([*ticked, "none of the others" if none_else else "?"]) if ticked else NONE


def _why(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    return conversation.why(turn, check)


def _enough(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    return conversation.enough(turn, check)


def _ask_on(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    return _shown(turn, check.with_(enough=False, stage="asking"))


def _reasons(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    """In the dialog that the verdict stands in, or as a message below its card."""
    if turn.face.dialogs and not check.draft.typed and check.draft.stage == "verdict":
        return [Open(verdict_form(check.draft, verdict_stage.verdict(turn, check, unfolded=True)))]
    return [turn.show(verdict_stage.reasons(turn, check))]


def _back(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    return conversation.go_back(turn, check)


def _shown(turn: Turn, check: Check, problem: str = "") -> list[Reply]:
    """What stands now, in the way that this check is led."""
    if check.draft.typed:
        return go_on(turn, check, problem=problem)
    return form_steps.show_form(turn, check, warnings=(sentence(problem),) if problem else ())


def _late(check: Check, what: Pressed) -> str:
    """Why a card that is older than the check does nothing."""
    _, _, mark = what.value.partition(":")
    if not mark:
        return "that card is of an earlier version: this is how it is now"
    return "" if mark == str(check.draft.mark) else "more was said since: this is how it stands now"


def _keep(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    if late := _late(check, what):
        return _shown(turn, check, late)
    kept = form_submission.keep(turn, correcting.kept(check))
    if any(isinstance(reply, Open) for reply in kept) or (turn.face.dialogs and not check.draft.typed):
        return kept
    stands = replace(verdict_stage.verdict(turn, check), buttons=())
    return [Replace(stands), *kept]


def _record_only(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    return _keep(turn, check.with_(opens=False), what)


def _agree(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    late = _late(check, what)
    return _shown(turn, check, late) if late else _shown(turn, agreement.agreed(turn, check))


def _change(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    """One fact again, by its own question."""
    name = what.value.partition(":")[2]
    if name not in FACTS:
        return form_submission.over(turn)
    if check.draft.typed:
        return go_on(turn, check.asked_aside((name,)))
    return form_steps.show_fields(turn, check, ["age_years" if name == "age_group" else name])


def _form_unknown(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    return form_ways.sent(turn, check, FormKey.read(what.value), what.inputs, enough=False)


def _form_enough(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    return form_ways.sent(turn, check, FormKey.read(what.value), what.inputs, enough=True)


def _form_why(turn: Turn, _check: Check, what: Pressed) -> list[Reply]:
    return form_ways.why(turn, FormKey.read(what.value).names)


def _form_back(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    return form_ways.back(turn, check, FormKey.read(what.value), what.inputs)


def _edit(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    names = form_steps.to_change(check)
    return form_submission.unsent(turn, check, FormKey.read(what.value), what.inputs, names)


def _discard(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    if late := _late(check, what):
        return _shown(turn, check, late)
    after = verdict_stage.discarded(check)
    if after is None:
        conversation.discard(turn, check)
        return [Replace(Card(verdict_stage.DISCARDED))]
    return [Replace(verdict_stage.discarding(turn, after.kept(turn)))]


def _resume(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    back = check.with_(stage="asking") if check.draft.stage == "discarding" else check
    return _shown(turn, back) if back is not check else beginning.take_up(turn, check.draft)


# They show by themselves what the check holds.
_SHOWS_ALL = frozenset({"check.resume", "check.choose", "check.edit", "check.reasons"})
_ON_DRAFT: dict[str, Callable[[Turn, Check, Pressed], list[Reply]]] = {
    "check.answer": _answer,
    "check.why": _why,
    "check.enough": _enough,
    "check.ask_on": _ask_on,
    "check.reasons": _reasons,
    "check.back": _back,
    "check.choose": _choose,
    agreement.AGREE: _agree,
    agreement.CHANGE: _change,
    "check.keep": _keep,
    "check.record_only": _record_only,
    "check.edit": _edit,
    UNKNOWN_WAY: _form_unknown,
    ENOUGH_WAY: _form_enough,
    WHY_WAY: _form_why,
    BACK_WAY: _form_back,
    "check.discard": _discard,
    "check.resume": _resume,
}
