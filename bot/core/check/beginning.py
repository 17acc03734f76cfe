"""How a check begins: a new one, or an unfinished one that is taken up again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core import patient_numbers
from bot.core.cards import Card, Form
from bot.core.check import choice
from bot.core.check.check import Check
from bot.core.check.form_steps import show_form
from bot.core.check.free_text import REMOVED, added_to_account, alone, in_quotes, read_text
from bot.core.check.going_on import go_on
from bot.core.check.holdings import holdings_card
from bot.core.check.later_words import corrected_by
from bot.core.check.stating import state
from bot.core.draft import Draft, new
from bot.core.messages import Open, Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.draft_words import old_draft_words

NOTHING_NEW = "Nothing new could be read from these words; they stand in the account."
MOST_OF_AN_ANSWER = 1  # words: what is longer said something else as well
AFRESH = frozenset({"new", "afresh", "start again", "start afresh", "restart"})


def start(turn: Turn, text: str, *, typed: bool = True, problem: str = "") -> list[Reply]:
    """`check`, `check new` or `check <what happened>`; without `typed` it goes on as a form. While another
    check is unfinished it is asked which of them is meant, and neither is lost."""
    notes = tuple(f"{old_draft_words(old)}." for old in turn.drafts.old())
    turn.drafts.drop_old()
    if text.lower() in AFRESH:
        return begin(turn, blank(turn, typed=typed), "", notes)
    left = choice.unfinished(turn)
    if not left:
        return begin(turn, blank(turn, typed=typed), text, notes)
    said = patient_numbers.masked(text)
    same = (one for one in left if text and (said == one.waiting or _begins_with(one, said)))
    if begun := next(same, None):  # the very same words again are no other incident
        return take_up(turn, begun.with_(typed=typed))
    removed = alone(turn, (REMOVED,)) if turn.holds_number(text) else []
    waiting = new(turn.request, typed=typed, stage="choosing", waiting=said)
    return [*removed, *choose(turn, waiting, problem)]


def _begins_with(draft: Draft, said: str) -> bool:
    """Are they the words that it was begun with, whatever was said later?"""
    return f"{draft.details.get('account', '')}\n".startswith(f"{said}\n")


def to_unfinished(turn: Turn, text: str, *, told: bool) -> list[Reply]:
    """Words that are no command, where a check was set aside; nothing where there is none. `told`: they may
    begin another."""
    if not choice.unfinished(turn):
        return []
    if told:
        return start(turn, text)
    return start(turn, "", problem=f"nothing of {in_quotes(turn, text)} was taken")


def begin(turn: Turn, check: Check, text: str, notes: tuple[str, ...] = ()) -> list[Reply]:
    """A new check, with what the settings know already."""
    typed = check.draft.typed
    for empty in turn.drafts.all():
        if not empty.holds and empty.typed and empty.id != check.draft.id:
            turn.drafts.drop(empty)
    if not text:
        ways = [turn.command(f"edit {what}") for what in ("exposed person", "equipment in clinical use")]
        granted = (
            "A patient's exposure on equipment in clinical use is taken for granted; for anything else type "
            f"{ways[0]}, or {ways[1]}."
        )
        return go_on(turn, check, (*notes, granted)) if typed else show_form(turn, check, notes)
    read = read_text(turn, check, text)
    notes = (*notes, *read.notes)
    if typed:
        return [*alone(turn, read.warnings), *go_on(turn, read.check, notes)]
    if turn.face.dialogs:  # it is seen by its author alone, and hides what else they are told
        return show_form(turn, read.check, notes, warnings=read.warnings)
    return [*alone(turn, read.warnings), *show_form(turn, read.check, notes)]


def blank(turn: Turn, *, typed: bool) -> Check:
    """Nothing said yet: what the settings know."""
    return _with_settings(turn, new(turn.request, typed=typed))


def _with_settings(turn: Turn, draft: Draft) -> Check:
    check = Check(draft, turn.today)
    return state(check, {"nation": turn.nation}, source=turn.source("settings")) if turn.nation else check


# The choice among unfinished checks


def choose(turn: Turn, chooser: Draft, problem: str = "", seen: str = "") -> list[Reply]:
    """What stands to be chosen from."""
    offered = choice.options(turn, chooser, seen)
    chooser = turn.save(chooser.with_(listed=tuple(option.value for option in offered)))
    shown = choice.choice(turn, chooser, offered, problem)
    return [Open(shown)] if isinstance(shown, Form) else [turn.show(shown)]


def choice_said(turn: Turn, chooser: Draft, text: str) -> list[Reply]:
    """What is typed while the choice stands."""
    try:
        return chosen(turn, chooser, choice.picked(turn, chooser, text))
    except Refused as refused:
        return choose(turn, chooser, with_not_taken(str(refused), text))


def with_not_taken(problem: str, text: str) -> str:
    """Why words are no answer, and whether they said more."""
    more = ". Nothing of what you wrote was taken" if len(text.split()) > MOST_OF_AN_ANSWER else ""
    return f"{problem}{more}"


def chosen(turn: Turn, chooser: Draft, value: str) -> list[Reply]:
    """One of the options; what is over by now is asked again."""
    what, _, which = value.partition(":")
    other = turn.drafts.of(which) if which else None
    act = _CHOSEN.get(what)
    if act is None or (other is None) != (what == choice.NEW):
        return choose(turn, chooser, "choose one of these")
    return act(turn, chooser, other or chooser)


def _go(turn: Turn, chooser: Draft, other: Draft) -> list[Reply]:
    if chooser.waiting:
        turn.save(chooser.with_(paused=True))
    else:
        turn.drafts.drop(chooser)
    return take_up(turn, other.with_(typed=chooser.typed))


def _new(turn: Turn, chooser: Draft, _other: Draft) -> list[Reply]:
    fresh = chooser.with_(stage="asking", waiting="", listed=())
    return begin(turn.as_of(chooser.started), _with_settings(turn, fresh), chooser.waiting)


def _add(turn: Turn, chooser: Draft, other: Draft) -> list[Reply]:
    """The new words are of the old check after all."""
    check, turn = (
        Check(other.with_(typed=chooser.typed, paused=False), turn.today),
        turn.as_of(chooser.started),
    )
    added = corrected_by(turn, check, chooser.waiting)
    turn.drafts.drop(chooser)
    if added:
        check, notes = added.check, added.notes
    else:
        check, notes = added_to_account(turn, check, chooser.waiting), (NOTHING_NEW,)
    return go_on(turn, check, notes) if chooser.typed else show_form(turn, check, notes)


def _look(turn: Turn, chooser: Draft, other: Draft) -> list[Reply]:
    card = holdings_card(Check(other, turn.today))
    after = choose(turn, chooser, seen=other.id)
    if not chooser.typed:  # one form at a time: what it holds stands above the choice
        return [_headed(reply, card) for reply in after]
    return [turn.show(card), *after]


def _headed(reply: Reply, card: Card) -> Reply:
    if not isinstance(reply, Open):
        return reply
    return Open(replace(reply.form, blocks=(*card.blocks, *reply.form.blocks)))


def _drop(turn: Turn, chooser: Draft, other: Draft) -> list[Reply]:
    turn.drafts.discard(other)
    if choice.unfinished(turn) and any(d.id != chooser.id for d in choice.unfinished(turn)):
        return choose(turn, chooser, "that one is discarded")
    return _new(turn, chooser, chooser)


_CHOSEN: dict[str, Callable[[Turn, Draft, Draft], list[Reply]]] = {
    choice.GO: _go,
    choice.NEW: _new,
    choice.LOOK: _look,
    choice.ADD: _add,
    choice.DROP: _drop,
}


def take_up(turn: Turn, draft: Draft) -> list[Reply]:
    """An unfinished check goes on: everything it holds is shown, before a verdict is."""
    if draft.stage == "choosing":
        fresh = draft.with_(stage="asking", waiting="", listed=(), paused=False)
        return begin(turn.as_of(draft.started), _with_settings(turn, fresh), draft.waiting)
    check = Check(draft.with_(paused=False), turn.today)
    card = holdings_card(check)
    return [turn.show(card), *go_on(turn, check)] if draft.typed else show_form(turn, check, held=card)
