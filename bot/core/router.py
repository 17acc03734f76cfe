"""Which words, press or form is whose: each finds its part of the conversation here."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.core.actions import pressed, record_card, typed
from bot.core.actions.replies import subject_here
from bot.core.check import buttons, conversation, form_submission, of_record
from bot.core.help import (
    CASE_LISTS,
    CASE_WORDS,
    LOOK,
    LOOKS,
    SYNONYMS,
    help_card,
    start_card,
    unknown_card,
)
from bot.core.messages import Capabilities, Changed, Command, Leave, Pressed, Reply, Said, Submitted
from bot.core.threshold import threshold_card
from bot.core.turn import Turn
from bot.core.words.references import REF
from rules.incident import InvalidFacts
from storage.errors import NotFound, StoreError

Handler = Callable[[Turn, str], list[Reply]]
# Fewer words than this are a mistyped command rather than a story.
MIN_WORDS = 3
RECORD_NUMBER = re.compile(r"\d{4}-\d{4,}")
SUBJECT = re.compile(r"(C\d{2}|\d{4})-\d{4,}", re.IGNORECASE)


def guarded(turn: Turn, work: Callable[[], list[Reply]]) -> list[Reply]:
    """The replies; or, in one line, what the store or an old draft would not have."""
    try:
        return work()
    except StoreError as error:
        return [turn.refuse(_sentence(str(error)))]
    except InvalidFacts:
        wanted = f"{turn.command('check new')} begins another"
        return [turn.refuse(f"The unfinished check no longer fits the rules: {wanted}.")]


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]


# Words


def split(text: str, face: Capabilities) -> tuple[str, str]:
    """The command and what follows, the bot's own name taken off: "/irmer check x" is ("check", "x")."""
    words = text.replace("\u00a0", " ").split()
    for prefix in (face.command.lower().split(), ["/irmer"], ["irmer"]):
        if prefix and [word.lower() for word in words[: len(prefix)]] == prefix:
            words = words[len(prefix) :]
            break
    if not words:
        return "", ""
    first = words[0].lower().rstrip(":")
    return SYNONYMS.get(first, first), " ".join(words[1:])


def knows(word: str) -> bool:
    """Is there such a command?"""
    return SYNONYMS.get(word, word) in _COMMANDS


def command(turn: Turn, text: str) -> list[Reply]:
    first, rest = split(text, turn.face)
    handler = None if first == "due" and rest else _COMMANDS.get(first)
    if handler and (first not in CASE_WORDS or first in CASE_LISTS or not _told_instead(turn, text, rest)):
        return handler(turn, rest)
    if not first:
        return [turn.show_openly(start_card(turn.face))]
    return _told(turn, text) or [turn.show_openly(unknown_card(text, turn.face))]


def _told_instead(turn: Turn, text: str, rest: str) -> bool:
    """Is it no word about a case, but an incident that begins with one? "Note: the wrong patient was …"."""
    if _names_subject(rest) or len(text.split()) < 2 * MIN_WORDS or subject_here(turn):
        return False
    from bot.core.reader import read

    return read(text, turn.request.now, turn.nation or None).is_incident


def _names_subject(rest: str) -> bool:
    return any(SUBJECT.fullmatch(word.rstrip(":,")) for word in rest.split()[:2])


def _told(turn: Turn, text: str) -> list[Reply]:
    """No command, but perhaps an incident in somebody's own words."""
    from bot.core.reader import read

    if len(text.split()) < MIN_WORDS or not read(text, turn.request.now, turn.nation or None).is_incident:
        return []
    return _check(turn, text)


def said(turn: Turn, what: Said) -> list[Reply]:
    """An answer to the question that stands, or a command; in the middle of a check it is both."""
    draft = turn.drafts.load()
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


def _overheard_command(turn: Turn, first: str, rest: str) -> bool:
    """In a talk among people a word about cases is meant for the bot only where it says which case; a note
    also in a case's own thread. "Done, thanks" notifies nobody."""
    if first not in CASE_WORDS:
        return first in _COMMANDS
    if first in CASE_LISTS:
        return not rest
    return _names_subject(rest) or (first == "note" and bool(subject_here(turn)))


def _interrupts(first: str, rest: str) -> bool:
    """Is it a command, and no answer to any question?"""
    if first in ("case", "correct") or (first in CASE_WORDS and first not in CASE_LISTS):
        return _names_subject(rest)  # "record only" and "correct" are answers
    if first == "due" and rest:  # "due to a fault" is no list
        return False
    return first in _COMMANDS and first not in ("quit", "exit")


def _check(turn: Turn, rest: str) -> list[Reply]:
    """A command gets the form where there can be one; what is said in a conversation is answered in it."""
    if turn.face.buttons and (isinstance(turn.request.what, Command) or turn.face.forms_in_messages):
        return form_submission.open_check(turn, rest)
    return conversation.start(turn, rest)


def _threshold(turn: Turn, rest: str) -> list[Reply]:
    return [turn.show_openly(threshold_card(rest, turn.face.command))]


def _help(turn: Turn, _rest: str) -> list[Reply]:
    return [turn.show_openly(help_card(turn.face))]


def _case(turn: Turn, rest: str) -> list[Reply]:
    number = rest.strip().upper()
    if RECORD_NUMBER.fullmatch(number):
        return record_card.show(turn, number)
    if REF.fullmatch(number) or (not number and REF.fullmatch(number := subject_here(turn))):
        return typed.show(turn, number)
    raise typed.missing_case(turn)


def _of_cases(name: str) -> Handler:
    """A command about cases: what it takes is imported once it is wanted."""

    def handler(turn: Turn, rest: str) -> list[Reply]:

        return typed.run(turn, name, rest)

    return handler


def _correct(turn: Turn, rest: str) -> list[Reply]:
    if not RECORD_NUMBER.fullmatch(rest.strip()):
        raise NotFound(f"name the record by its number, such as {turn.command('correct 2026-0001')}")
    return of_record.correct(turn, rest.strip())


def _quit(turn: Turn, _rest: str) -> list[Reply]:
    return turn.say("Goodbye. Nothing is left open here.") if turn.face.buttons else [Leave()]


_COMMANDS: dict[str, Handler] = {
    "check": _check,
    "threshold": _threshold,
    "help": _help,
    "case": _case,
    "correct": _correct,
    "quit": _quit,
    "exit": _quit,
    "bye": _quit,
    **{name: _of_cases(name) for name in CASE_WORDS},
}


# Buttons and forms


def press(turn: Turn, what: Pressed) -> list[Reply]:
    if what.action.startswith("case."):
        return pressed.pressed(turn, what)
    if what.action == LOOK and what.value in LOOKS:
        return command(turn, what.value)
    if what.action == "record.correct":
        return of_record.correct(turn, what.value)
    return buttons.pressed(turn, what)


def submit(turn: Turn, what: Submitted) -> list[Reply]:
    if what.form.startswith("case."):
        return pressed.submitted(turn, what)
    return form_submission.submitted(turn, what)


def change(turn: Turn, what: Changed) -> list[Reply]:
    return form_submission.changed(turn, what)
