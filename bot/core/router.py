"""Which words, press or form is whose: each finds its part of the conversation here."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.core.actions import lists, pressed, settings_dialogue, typed
from bot.core.actions.carry_out import answered
from bot.core.actions.table import BY_NAME, BY_WORD
from bot.core.actions.typed import subject_here
from bot.core.cards import Card, Severity, Text
from bot.core.check import beginning, buttons, conversation, form_submission
from bot.core.draft import OldDraft
from bot.core.help import Row, Word, close_to, help_card, start_card, unknown_card
from bot.core.messages import (
    Capabilities,
    Changed,
    Command,
    Edited,
    Leave,
    Pressed,
    Replace,
    Reply,
    Said,
    Submitted,
)
from bot.core.threshold import threshold_card
from bot.core.turn import Turn
from bot.core.words.draft_words import old_draft_words
from bot.core.words.references import named
from storage.errors import StoreError

# Fewer words than this are a mistyped command rather than a story.
MIN_WORDS = 3
_PAGE = re.compile(r"\d{1,4}")


def guarded(turn: Turn, work: Callable[[], list[Reply]]) -> list[Reply]:
    """The replies; or, in one line, what the store or an old draft would not have."""
    try:
        return work()
    except StoreError as error:
        return [turn.refuse(_sentence(str(error)))]
    except OldDraft as old:
        return [turn.refuse(f"{old_draft_words(old)}: {turn.command('check new')} begins another.")]


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]


# Words


def split(text: str, face: Capabilities) -> tuple[str, str]:
    """The command and what follows, the bot's own name taken off: "/irmer check x" is ("check", "x")."""
    rest = text.replace("\u00a0", " ").strip()
    for prefix in (face.command, "/irmer", "irmer"):
        if prefix and [*rest.lower().split()[:1]] == [prefix.lower()]:
            rest = rest[len(prefix) :].lstrip()
            break
    first, *after = rest.split(None, 1)[:2] or [""]
    word = first.lower().rstrip(":")
    row = row_of(word)
    name = row.verb.partition(" ")[0] if row else word
    return name, after[0] if after else ""


def row_of(word: str) -> Row | None:
    return _WORDS.get(word) or BY_WORD.get(word)


def names() -> tuple[str, ...]:
    """The words of the commands that are listed first."""
    return tuple(row.verb for row in LISTED)


def knows(word: str) -> bool:
    """Is there such a command?"""
    return row_of(word) is not None


def meant_by(word: str) -> str:
    """The command that was probably meant; nothing where none is near."""
    near = close_to(word, (one for one in (*_WORDS, *BY_WORD) if one.isalpha()))
    return split(near, Capabilities(False, False, False, command=""))[0]


def command(turn: Turn, text: str) -> list[Reply]:
    first, rest = split(text, turn.face)
    if not first:
        return [turn.show_openly(start_card(LISTED, turn.face))]
    act = BY_WORD.get(first)
    if act and not _told_instead(turn, text, typed.without_particle(act, rest)):
        return typed.run(turn, act, rest)
    word = None if act or _no_list(first, rest) else _WORDS.get(first)
    if word:
        return word.run(turn, rest)
    return _told(turn, text) or [turn.show_openly(unknown_card(LISTED, text, meant_by(first), turn.face))]


def _told_instead(turn: Turn, text: str, rest: str) -> bool:
    """Is it no word about a case, but an incident that begins with one? "Note: the wrong patient was …"."""
    if _names_subject(rest) or len(text.split()) < 2 * MIN_WORDS or subject_here(turn):
        return False
    return _is_incident(turn, text)


def _is_incident(turn: Turn, text: str) -> bool:
    from bot.core.reader import read  # 370 ms, which nobody waits for who types a command

    return read(text, turn.request.now, turn.nation or None).is_incident


def _names_subject(rest: str) -> bool:
    """Does it name a case or a record, rightly or not?"""
    found = named(rest)
    return bool(found.subject or found.wrong)


def _told(turn: Turn, text: str) -> list[Reply]:
    """No command, but perhaps an incident in somebody's own words."""
    if len(text.split()) < MIN_WORDS or not _is_incident(turn, text):
        return []
    return _check(turn, text)


def said(turn: Turn, what: Said) -> list[Reply]:
    """An answer to the question that stands, or a command; in the middle of a check it is both."""
    draft = turn.drafts.standing()
    first, rest = split(what.text, turn.face)
    slash = what.text.strip().lower().startswith("/irmer")
    if draft is None or not draft.typed:
        if not first and not what.mentioned:
            return []
        if what.mentioned or turn.request.place.personal or _overheard_command(turn, first, rest):
            return command(turn, what.text)
        return []
    if draft.paused and first in conversation.QUIT:
        return _quit(turn, rest)
    overheard = not (what.mentioned or turn.request.place.personal)
    if overheard and (draft.paused or draft.stage != "asking"):
        return []
    if not overheard and (slash or (_interrupts(first, rest) and draft.stage != "details")):
        shown = guarded(turn, lambda: command(turn, what.text))
        if first == "check":
            return shown
        return [*shown, *guarded(turn, lambda: conversation.reask(turn, draft))]
    return conversation.said(turn, draft, what.text, overheard=overheard)


def edited(turn: Turn, what: Edited) -> list[Reply]:
    """What was taken from a message stands: whoever changes it later is told so, and how to say it."""
    title = "A message that is deleted is not taken back" if what.deleted else "An edit is not taken"
    draft = turn.drafts.standing()
    wanted = "Say it anew."
    if draft is not None and draft.typed:
        wanted = "To change an answer say edit and what it is about, such as: edit total dose."
    card = Card(
        f"{title}: what you wrote first stands as it was read", (Text(wanted),), severity=Severity.WAITING
    )
    return [turn.show(card, private=True if turn.face.private_answers else None)]


def _overheard_command(turn: Turn, first: str, rest: str) -> bool:
    """In a talk among people a word about cases is meant for the bot only where it says which case; a note
    also in a case's own thread. "Done, thanks" notifies nobody."""
    act = BY_WORD.get(first)
    if act is None:
        return first in _WORDS and not (rest and first in LISTS)
    if named(typed.without_particle(act, rest)).subject:
        return True
    return act.name == "note" and bool(subject_here(turn))


def _no_list(first: str, rest: str) -> bool:
    """`due to a fault` is no list, but `due 2` is its second page."""
    return first == "due" and bool(rest) and not _PAGE.fullmatch(rest)


def _interrupts(first: str, rest: str) -> bool:
    """Is it a command, and no answer to any question?"""
    act = BY_WORD.get(first)
    if act:  # "record only" and "correct" are answers
        return _names_subject(typed.without_particle(act, rest))
    if _no_list(first, rest):
        return False
    return first in _WORDS and first != "quit"


def _check(turn: Turn, rest: str) -> list[Reply]:
    """A command gets the form where there can be one; what is said in a conversation is answered in it."""
    if turn.face.buttons and (isinstance(turn.request.what, Command) or turn.face.forms_in_messages):
        return form_submission.open_check(turn, rest)
    return beginning.start(turn, rest)


def _threshold(turn: Turn, rest: str) -> list[Reply]:
    return [turn.show_openly(threshold_card(rest, turn.face.command))]


def _cases(turn: Turn, rest: str) -> list[Reply]:
    return answered(turn, "", lambda: _listed(turn, lists.cases_card(turn, rest)))


def _listed(turn: Turn, card: Card) -> list[Reply]:
    """Another page takes the place of the one that its button stands on."""
    what = turn.request.what
    turned = isinstance(what, Pressed) and what.value[-1:].isdigit()
    return [Replace(card) if turned else turn.show(card)]


def _due(turn: Turn, rest: str) -> list[Reply]:
    at = int(rest) if _PAGE.fullmatch(rest) else 1
    return answered(turn, "", lambda: _listed(turn, lists.due_card(turn, at)))


def _settings(turn: Turn, rest: str) -> list[Reply]:
    return answered(turn, "", lambda: settings_dialogue.command(turn, rest))


def _help(turn: Turn, _rest: str) -> list[Reply]:
    return [turn.show_openly(help_card(LISTED, turn.face))]


def _quit(turn: Turn, _rest: str) -> list[Reply]:
    return turn.say("Goodbye. Nothing is left open here.") if turn.face.buttons else [Leave()]


WORDS: tuple[Word, ...] = (
    Word(
        "check", "[what happened]",
        "is it notifiable? What you write is read first, then a few questions, a verdict, a record", _check,
    ),
    Word(
        "threshold", "<words>", "the criteria: by code (4.2b), word (foetal) or intended dose (1.5 mSv)",
        _threshold, ("thresholds",), "Thresholds",
    ),
    Word(
        "cases", f"[{' | '.join(lists.WHICH[1:])}]", "the open cases, or others", _cases, button="Open cases",
    ),
    Word("due", "", "what falls due, soonest first", _due, button="What is due"),
    Word(
        "settings", "<name> <value>", "nation, channels, reminders, who may do what", _settings, ("setting",),
        "Settings",
    ),
    Word(
        "help", "", "every command, those of a case as well", _help, ("?", "commands", "hello", "hi"),
        "All commands",
    ),
    Word("quit", "", "ends the chat", _quit, ("exit", "bye")),
)  # fmt: skip
_WORDS = {name: word for word in WORDS for name in (word.verb, *word.also)}
LISTS = ("cases", "due", "settings")
# What somebody sees first of all; the other acts are listed in their own part of help.
LISTED: tuple[Row, ...] = (
    *WORDS[:2], BY_NAME["show"], *WORDS[2:5], BY_NAME["correct"], WORDS[5],
)  # fmt: skip


# Buttons and forms


def press(turn: Turn, what: Pressed) -> list[Reply]:
    if what.action == lists.LOOK and what.value.partition(" ")[0] in _WORDS:
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
