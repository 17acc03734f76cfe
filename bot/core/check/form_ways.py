"""What can be done at a form that stands in a message, beside filling it in: its buttons, and the same in
words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.cards import Bullets, Card
from bot.core.check import verdict_stage
from bot.core.check.agreement import RIGHT
from bot.core.check.answers import after_first, all_i_know, dont_know, fact_named, with_value, yes_or_no
from bot.core.check.check import Check
from bot.core.check.form import ENOUGH_INPUT, FormKey, in_group, to_show
from bot.core.check.form_steps import edit_form, show_fields, show_form
from bot.core.check.form_submission import sent_off, unsent
from bot.core.check.interview import BACK
from bot.core.draft import Draft
from bot.core.messages import Replace, Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.fact_words import title
from bot.core.words.phrases import plain_words
from rules.facts import FACTS

FIRST = "This is the first question: there is nothing to go back to."


def back(turn: Turn, check: Check, key: FormKey, inputs: Mapping[str, str]) -> list[Reply]:
    """The form that was sent off last, with what was answered, and with what was typed into the one of `key`
    meanwhile."""
    if not check.draft.path:
        return show_form(turn, check, notes=(FIRST,))
    *path, last = check.draft.path
    return unsent(turn, check.with_(path=tuple(path), enough=False), key, inputs, last)


def why(turn: Turn, names: tuple[str, ...]) -> list[Reply]:
    reasons = tuple(f"{title(name)}: {FACTS[name].why}" for name in names if FACTS[name].why)
    return [turn.show(Card("Why this is asked", (Bullets(reasons),)))]


def sent(turn: Turn, check: Check, key: FormKey, inputs: Mapping[str, str], *, enough: bool) -> list[Reply]:
    """What is filled in is taken, what is left empty is not known."""
    more = {ENOUGH_INPUT: ENOUGH_INPUT} if enough else {}
    return sent_off(turn, check, key, {**inputs, **more})


# In words


def is_way(draft: Draft, text: str) -> bool:
    """Do the words say what to do at the form or the card that stands?"""
    plain = plain_words(text)
    if plain in BACK or plain in ("edit", "change") or plain.startswith(("edit ", "change ")):
        return draft.stage in ("asking", "agreeing", "verdict")
    if draft.stage == "asking":
        return plain in ("why", "don't know") or dont_know(text) or all_i_know(text)
    return draft.stage == "verdict" and (plain in verdict_stage.REASONS or plain in verdict_stage.ASK_ON)


_KEPT = verdict_stage.KEEP | verdict_stage.RECORD_ONLY | verdict_stage.DISCARD
_OWN = {"agreeing": RIGHT, "verdict": _KEPT, "discarding": frozenset[str]()}


def may_answer(text: str) -> bool:
    """Could they be an answer to a card? It is asked of every command, and asks no store."""
    return yes_or_no(text) is not None or any(plain_words(text) in own for own in _OWN.values())


def is_answer(draft: Draft, text: str) -> bool:
    """Do they answer the card that a check led by forms has come to?"""
    own = _OWN.get(draft.stage)
    return own is not None and (yes_or_no(text) is not None or plain_words(text) in own)


def told(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    """What the button of the same name does, shown in a card of its own: nothing was pressed."""
    replies = _told(turn, Check(draft.with_(paused=False), turn.today), text)
    return [turn.show(one.card) if isinstance(one, Replace) else one for one in replies]


def _told(turn: Turn, check: Check, text: str) -> list[Reply]:
    draft, plain = check.draft, plain_words(text)
    if plain in BACK:
        return back(turn, check, FormKey(draft.id, draft.mark), {})
    if plain.startswith(("edit", "change")):
        return _edited(turn, check, after_first(text))
    if draft.stage == "verdict":
        if plain in verdict_stage.REASONS:
            return [turn.show(verdict_stage.reasons(turn, check))]
        return show_form(turn, check.with_(enough=False, stage="asking"))
    if plain == "why":
        return why(turn, to_show(check, live=turn.face.live_inputs))
    if all_i_know(plain):
        return show_form(turn, check.with_(enough=True), notes=(verdict_stage.ENOUGH,))
    # What was read stands in the form to be looked at: words that are not about it confirm nothing of it.
    empty = tuple(n for n in to_show(check, live=turn.face.live_inputs) if n not in draft.facts)
    ticks = frozenset(name for name in empty if in_group(name, draft))
    return sent_off(turn, check, FormKey(draft.id, draft.mark, empty, ticks), {})


def _edited(turn: Turn, check: Check, which: str) -> list[Reply]:
    if not which:
        return edit_form(turn, check)
    for what, value in with_value(which):
        try:
            name = fact_named(what, FACTS)
        except Refused:
            continue
        shown = "age_years" if name == "age_group" else name
        return show_fields(turn, check, [shown], typed={shown: value} if value else None)
    return edit_form(turn, check)
