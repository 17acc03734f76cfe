"""What a button does. A button outlives its card's sense, so each says which check or record it was about."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.cards import Card, Severity, Text, Weight
from bot.core.check import conversation, form_submission
from bot.core.check.check import Check
from bot.core.check.form import record_form
from bot.core.check.going_on import go_on
from bot.core.check.interview import question, standing
from bot.core.messages import Open, Pressed, Replace, Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from rules.facts import FACTS


def pressed(turn: Turn, what: Pressed) -> list[Reply]:
    if what.action == "check.start":
        return form_submission.open_check(turn, "")
    if what.action == "check.afresh":
        return form_submission.open_afresh(turn)
    handler = _ON_DRAFT.get(what.action)
    if handler is None:
        return turn.say("That button is no longer in use.", severity=Severity.WAITING)
    draft = form_submission.mine(turn, what.value.partition(":")[0])
    if draft is None:
        return form_submission.over(turn)
    return handler(turn, Check(draft.with_(paused=False), turn.today), what)


def _answer(turn: Turn, check: Check, what: Pressed) -> list[Reply]:
    """An answer to the question on the card: also to an earlier one, which then is changed."""
    _, names, text = (*what.value.split(":", 2), "", "")[:3]
    text = text or what.inputs.get("answer", "")
    asks = tuple(name for name in names.split("+") if name in FACTS)
    if not asks:
        return form_submission.over(turn)
    asked = question(asks, check.draft)
    last = standing(check)
    if last is None or last.names != asked.names:
        check = check.asked_aside(asked.names)
    try:
        if not text:
            raise Refused("choose an answer, or don't know")
        after = conversation.take(turn, check, asked, text.replace(",", ", "))
    except Refused as refused:
        return go_on(turn, check, problem=str(refused))
    said = next((option.label for option in asked.options if option.value == text), text)
    return [Replace(Card(asked.ask, (Text(said if text != "?" else "Not known", Weight.STRONG),))), *after]


def _why(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    return conversation.why(turn, check)


def _back(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    return conversation.go_back(turn, check)


def _keep(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    return [Open(record_form(check.kept(turn).draft))]


def _edit(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    return form_submission.edit_form(turn, check)


def _discard(turn: Turn, _check: Check, _what: Pressed) -> list[Reply]:
    turn.drafts.drop()
    return [Replace(Card("Discarded: nothing of it was kept."))]


def _resume(turn: Turn, check: Check, _what: Pressed) -> list[Reply]:
    return go_on(turn, check) if check.draft.typed else form_submission.show_form(turn, check)


_ON_DRAFT: dict[str, Callable[[Turn, Check, Pressed], list[Reply]]] = {
    "check.answer": _answer,
    "check.why": _why,
    "check.back": _back,
    "check.keep": _keep,
    "check.edit": _edit,
    "check.discard": _discard,
    "check.resume": _resume,
}
