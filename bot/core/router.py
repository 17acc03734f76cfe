"""Which words, press or form is whose: each finds its part of the conversation here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.core.actions import handover, overheard, pages, pressed, typed
from bot.core.actions.act import Act
from bot.core.actions.table import BY_WORD
from bot.core.cards import Card, Severity, Text
from bot.core.check import among_people, buttons, conversation, form_submission, form_ways
from bot.core.commands import (
    asks_a_meaning,
    command,
    is_incident,
    is_just_a_command,
    names_subject,
    split,
)
from bot.core.draft import Draft, OldDraft
from bot.core.messages import Changed, Command, Edited, Pressed, Reply, Said, Submitted
from bot.core.shown import bare_number
from bot.core.turn import Turn
from bot.core.word_table import WORD_OF
from bot.core.words.draft_words import old_draft_words
from bot.core.words.phrases import capitalised
from storage.errors import StoreError


def guarded(turn: Turn, work: Callable[[], list[Reply]]) -> list[Reply]:
    """The replies; or, in one line, what the store or an old draft would not have."""
    try:
        return work()
    except StoreError as error:
        return [turn.refuse(capitalised(str(error)))]
    except OldDraft as old:
        return [turn.refuse(f"{old_draft_words(old)}: {turn.command('check new')} begins another.")]


# Words


def words(turn: Turn, what: Command | Said, listed: Mapping[int, str]) -> list[Reply]:
    """`listed` is the list that the person was shown last, if it still stands before them."""
    number = bare_number(what.text) if _to_us(turn, what) else None
    if number is not None and listed:
        if number not in listed:
            return [turn.refuse(f"The list goes from {min(listed)} to {max(listed)}.", Severity.WAITING)]
        what = replace(what, text=listed[number])
    elif number is not None and not (isinstance(what, Said) and _question(turn)):
        return [turn.refuse(_of_what(turn, number), Severity.WAITING)]
    if isinstance(what, Command) and _card(turn, what.text):  # "record only" is an answer there
        what = Said(what.text, mentioned=True)
    return command(turn, what.text) if isinstance(what, Command) else said(turn, what)


def _to_us(turn: Turn, what: Command | Said) -> bool:
    return isinstance(what, Command) or what.mentioned or turn.request.place.personal


def _question(turn: Turn) -> Draft | None:
    """The check whose question stands here, and can be answered in words."""
    draft = turn.drafts.standing()
    return draft if draft is not None and draft.typed else None


def _at_form(turn: Turn) -> Draft | None:
    """A check that is led by forms in messages, where words can be about the one that stands."""
    place = turn.request.place
    if not turn.face.forms_in_messages or not (place.personal or place.thread):
        return None
    draft = turn.drafts.standing()
    return draft if draft is not None and not draft.typed else None


def _card(turn: Turn, text: str) -> Draft | None:
    """Such a check, where it has come to a card that yes or no answers."""
    draft = _at_form(turn) if form_ways.may_answer(text) else None
    return draft.with_(typed=True) if draft and form_ways.is_answer(draft, text) else None


def _of_what(turn: Turn, number: int) -> str:
    """A number alone, where neither a question nor a list stands."""
    case = turn.command(f"case C{turn.today.year % 100}-{number:04}")
    shown = f"{turn.command('cases')} and {turn.command('due')} show lists to pick from"
    return f"{number} of what? There is no question and no list here: {shown}, {case} a case."


def said(turn: Turn, what: Said) -> list[Reply]:
    """An answer to the question that stands, or a command; in the middle of a check it is both."""
    draft = _question(turn) or _card(turn, what.text)
    first, rest = split(what.text, turn.face)
    addressed = _to_us(turn, what)
    form = _at_form(turn) if draft is None and addressed else None
    if form and form_ways.is_way(form, what.text):
        return form_ways.told(turn, form, what.text)
    act = BY_WORD.get(first)
    if draft is None:
        heard = what.mentioned or (first and (addressed or _overheard_command(turn, what, first, rest)))
        if heard:
            return command(turn, what.text)
        return overheard.asked_back(turn, act, what.text) if act else []
    if not addressed:
        if act and _is_of_its_case(turn, act, what.text, rest):
            return command(turn, what.text)
        heard_of = among_people.overheard(turn, draft, what.text)
        return heard_of or (overheard.asked_back(turn, act, what.text) if act else [])
    if not _interrupts(turn, what.text, draft, first, rest):
        return conversation.said(turn, draft, what.text)
    shown = guarded(turn, lambda: command(turn, what.text))
    return [*shown, *guarded(turn, lambda: _asked_again(turn, draft))]


def _interrupts(turn: Turn, text: str, draft: Draft, first: str, rest: str) -> bool:
    """Is it a command, and no answer? Where words of one's own are asked for it has to be one through and
    through, and only then."""
    if text.strip().lower().startswith("/irmer"):
        return True
    if text.strip() == "?" or first == "quit":  # it is not known; set it aside
        return False
    if asks_a_meaning(first, rest):
        return True
    if draft.stage == "why":
        return is_just_a_command(first, rest)
    act = BY_WORD.get(first)
    if act:  # "record only" and "correct" are answers
        return names_subject(typed.without_particle(act, rest)) or _is_of_its_case(turn, act, text, rest)
    return first in ("check", "threshold", "settings") or is_just_a_command(first, rest)


def _asked_again(turn: Turn, draft: Draft) -> list[Reply]:
    """The question that stood, unless the command led elsewhere."""
    after = _question(turn)
    return conversation.reask(turn, after) if after and after.id == draft.id else []


def _is_of_its_case(turn: Turn, act: Act, text: str, rest: str) -> bool:
    """In a case's thread, where a check is under way as well: is it told to the case?"""
    whole = text.strip().lower().startswith(act.verb.partition(" ")[0])
    return whole and overheard.is_meant(turn, act, text, rest)


def _overheard_command(turn: Turn, what: Said, first: str, rest: str) -> bool:
    """In a talk among people words are meant for the bot only where they are a command through and through,
    and one about cases only where it says which, or in a case's own thread. "Done, thanks" notifies nobody,
    and "Hi" asks nothing."""
    if not what.text.strip().lower().startswith(first):  # another word for it: it may mean anything
        return False
    if first == handover.WORD:  # among people "hand over to Ben" is said to one another
        return False
    act = BY_WORD.get(first)
    if act and overheard.is_meant(turn, act, what.text, rest):
        return True
    return is_just_a_command(first, rest) or (first == "check" and is_incident(turn, rest))


def edited(turn: Turn, what: Edited) -> list[Reply]:
    """What was taken from a message stands: whoever changes it later is told so, and how to say it."""
    title = "A deleted message takes nothing back" if what.deleted else "An edited message changes nothing"
    draft = turn.drafts.standing()
    wanted = "Say it again."
    if draft is not None and draft.typed:
        how = turn.command("edit total dose")
        wanted = f"To change an answer say edit and what it is about, such as: {how}."
    card = Card(f"{title}: what you wrote first stands", (Text(wanted),), severity=Severity.WAITING)
    return [turn.show(card, private=True if turn.face.private_answers else None)]


# Buttons and forms


def _looks(word: str) -> bool:
    act = BY_WORD.get(word)
    return word in WORD_OF or (act is not None and act.looks)


def press(turn: Turn, what: Pressed) -> list[Reply]:
    if what.action == pages.LOOK and _looks(what.value.partition(" ")[0]):
        return command(turn, what.value)
    if what.action == "case.due":  # on reminders of release 0.1
        return command(turn, "due")
    if what.action.startswith("check."):
        return buttons.pressed(turn, what)
    return pressed.pressed(turn, what)


def submit(turn: Turn, what: Submitted) -> list[Reply]:
    if what.form.startswith("case."):
        return pressed.submitted(turn, what)
    return form_submission.submitted(turn, what)


def change(turn: Turn, what: Changed) -> list[Reply]:
    return form_submission.changed(turn, what)
