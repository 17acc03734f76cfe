"""What a button does. A button outlives its card's sense, so each says which check or record it was about."""

from __future__ import annotations

from collections.abc import Callable

from bot.core import check, records, submit
from bot.core.answers import Refused
from bot.core.cards import Card, Severity, Text, Weight
from bot.core.drafts import Draft
from bot.core.forms import record_form
from bot.core.help import LOOK, LOOKS
from bot.core.interview import next_of, question
from bot.core.messages import Open, Pressed, Replace, Reply
from bot.core.turn import Turn
from rules.facts import FACTS


def pressed(turn: Turn, what: Pressed) -> list[Reply]:
    if what.action.startswith("case."):
        from bot.core.cases import buttons

        return buttons.pressed(turn, what)
    if what.action == LOOK and what.value in LOOKS:
        from bot.core.bot import command

        return command(turn, what.value)
    if what.action == "check.start":
        return submit.open_check(turn, "")
    if what.action == "check.afresh":
        return submit.open_afresh(turn)
    if what.action == "record.correct":
        return records.correct(turn, what.value)
    handler = _ON_DRAFT.get(what.action)
    if handler is None:
        return turn.say("That button is no longer in use.", severity=Severity.WAITING)
    draft = submit.mine(turn, what.value.partition(":")[0])
    if draft is None:
        return submit.over(turn)
    return handler(turn, draft.with_(paused=False), what)


def _answer(turn: Turn, draft: Draft, what: Pressed) -> list[Reply]:
    """An answer to the question on the card: also to an earlier one, which then is changed."""
    _, names, text = (*what.value.split(":", 2), "", "")[:3]
    text = text or what.inputs.get("answer", "")
    asked = question(tuple(name for name in names.split("+") if name in FACTS), draft) if names else None
    if asked is None or not asked.names:
        return submit.over(turn)
    standing = next_of(draft, turn.today)
    if standing is None or standing.names != asked.names:
        draft = draft.asked_aside(asked.names)
    try:
        if not text:
            raise Refused("choose an answer, or don't know")
        after = check.take(turn, draft, asked, text.replace(",", ", "))
    except Refused as refused:
        return check.go_on(turn, draft, problem=str(refused))
    said = next((option.label for option in asked.options if option.value == text), text)
    return [Replace(Card(asked.ask, (Text(said if text != "?" else "Not known", Weight.STRONG),))), *after]


def _why(turn: Turn, draft: Draft, _what: Pressed) -> list[Reply]:
    return check.why(turn, draft)


def _back(turn: Turn, draft: Draft, _what: Pressed) -> list[Reply]:
    return check.go_back(turn, draft)


def _keep(turn: Turn, draft: Draft, _what: Pressed) -> list[Reply]:
    turn.save(draft)
    return [Open(record_form(draft))]


def _edit(turn: Turn, draft: Draft, _what: Pressed) -> list[Reply]:
    return submit.edit_form(turn, draft)


def _discard(turn: Turn, _draft: Draft, _what: Pressed) -> list[Reply]:
    turn.drafts.drop()
    return [Replace(Card("Discarded: nothing of it was kept."))]


def _resume(turn: Turn, draft: Draft, _what: Pressed) -> list[Reply]:
    return check.go_on(turn, draft) if draft.typed else submit.show_form(turn, turn.save(draft))


_ON_DRAFT: dict[str, Callable[[Turn, Draft, Pressed], list[Reply]]] = {
    "check.answer": _answer,
    "check.why": _why,
    "check.back": _back,
    "check.keep": _keep,
    "check.edit": _edit,
    "check.discard": _discard,
    "check.resume": _resume,
}
