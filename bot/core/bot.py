"""The conversation's one entry: a request in, replies out. It computes and stores; it never waits on a
network."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.core.cards import Card, Severity
from bot.core.help import CASE_LISTS, CASE_WORDS, SYNONYMS, help_card, start_card, unknown_card
from bot.core.messages import (
    Capabilities,
    Changed,
    Command,
    Home,
    HomeOpened,
    Leave,
    Open,
    Pressed,
    Reply,
    Request,
    Said,
    Show,
    Submitted,
)
from bot.core.threshold import threshold_card
from bot.core.turn import Defaults, Turn
from rules.incident import InvalidFacts
from storage.errors import NotFound, StoreError
from storage.store import Store

Handler = Callable[[Turn, str], list[Reply]]
# Characters: more than any chat platform carries in a message. What is longer is no answer to anything.
LONGEST = 100_000
# Fewer words than this are a mistyped command rather than a story.
MIN_WORDS = 3
RECORD_NUMBER = re.compile(r"\d{4}-\d{4,}")
SUBJECT = re.compile(r"(C\d{2}|\d{4})-\d{4,}", re.IGNORECASE)


class Bot:
    """Answers people, on any face.

    `nation` is taken where a tenant's settings name none; `where` is what a person is told of where records
    go.
    """

    def __init__(self, store: Store, *, nation: str = "", where: str = "") -> None:
        self._store = store
        self._defaults = Defaults(nation, where)

    def handle(self, request: Request, face: Capabilities) -> list[Reply]:
        """Never raises for what a person did or for a store that is full or locked: they are told in one
        line."""
        turn = Turn(self._store, request, face, self._defaults)
        return _guarded(turn, lambda: _with_word_of_numbers(turn, _guarded(turn, lambda: _answer(turn))))

    def unfinished(self, request: Request, face: Capabilities) -> bool:
        """Is there a check that this person, or this thread, has begun and not ended?"""
        return Turn(self._store, request, face, self._defaults).drafts.load() is not None


def _guarded(turn: Turn, work: Callable[[], list[Reply]]) -> list[Reply]:
    try:
        return work()
    except StoreError as error:
        return [turn.show(Card(_sentence(str(error)), severity=Severity.ALARM))]
    except InvalidFacts:
        wanted = f"{turn.command('check new')} begins another"
        return turn.say(f"The unfinished check no longer fits the rules: {wanted}.", severity=Severity.ALARM)


def _with_word_of_numbers(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """Whoever writes a patient's number is told so, and nobody else, unless the replies say it already."""
    from bot.core import patient_numbers
    from bot.core.check.free_text import REMOVED, alone

    what = turn.request.what
    if not isinstance(what, Command | Said) or not patient_numbers.holds_number(what.text):
        return replies
    if not replies and turn.drafts.load() is None:
        return replies
    own = str(
        [reply for reply in replies if isinstance(reply, Open) or (isinstance(reply, Show) and reply.private)]
    )
    said = REMOVED in own or patient_numbers.NOT_KEPT[1:] in own
    return replies if said else [*alone(turn, (REMOVED,)), *replies]


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]


def _answer(turn: Turn) -> list[Reply]:
    what = turn.request.what
    if isinstance(what, Command | Said) and len(what.text) > LONGEST:
        wanted = f"write it in at most {LONGEST:,} characters"
        return turn.say(
            f"That is too long, and nothing of it was taken: {wanted}.", severity=Severity.WAITING
        )
    if isinstance(what, Command):
        return command(turn, what.text)
    if isinstance(what, Said):
        return _said(turn, what)
    if isinstance(what, HomeOpened):
        from bot.core.home import home_card

        return [Home(home_card(turn))]
    if isinstance(what, Pressed):
        from bot.core.check.buttons import pressed

        return pressed(turn, what)
    assert isinstance(what, Submitted | Changed)
    from bot.core.check.form_submission import changed, submitted

    return submitted(turn, what) if isinstance(what, Submitted) else changed(turn, what)


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
    from bot.core.actions.replies import subject_here

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


def _said(turn: Turn, what: Said) -> list[Reply]:
    """An answer to the question that stands, or a command; in the middle of a check it is both."""
    from bot.core.check import conversation

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
        shown = _guarded(turn, lambda: command(turn, what.text))
        if first == "check":
            return shown
        return [*shown, *_guarded(turn, lambda: conversation.reask(turn, draft))]
    return conversation.said(turn, draft, what.text, overheard=overheard)


def _overheard_command(turn: Turn, first: str, rest: str) -> bool:
    """In a talk among people a word about cases is meant for the bot only where it says which case; a note
    also in a case's own thread. "Done, thanks" notifies nobody."""
    if first not in CASE_WORDS:
        return first in _COMMANDS
    from bot.core.actions.replies import subject_here

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
        from bot.core.check.form_submission import open_check

        return open_check(turn, rest)
    from bot.core.check import conversation

    return conversation.start(turn, rest)


def _threshold(turn: Turn, rest: str) -> list[Reply]:
    return [turn.show_openly(threshold_card(rest, turn.face.command))]


def _help(turn: Turn, _rest: str) -> list[Reply]:
    return [turn.show_openly(help_card(turn.face))]


def _case(turn: Turn, rest: str) -> list[Reply]:
    from bot.core.actions import record_card

    number = rest.strip().upper()
    if RECORD_NUMBER.fullmatch(number):
        return record_card.show(turn, number)
    from bot.core.actions import typed
    from bot.core.actions.replies import subject_here
    from bot.core.words.case_words import REF

    if REF.fullmatch(number) or (not number and REF.fullmatch(number := subject_here(turn))):
        return typed.show(turn, number)
    raise typed.missing_case(turn)


def _of_cases(name: str) -> Handler:
    """A command about cases: what it takes is imported once it is wanted."""

    def handler(turn: Turn, rest: str) -> list[Reply]:
        from bot.core.actions import typed

        return typed.run(turn, name, rest)

    return handler


def _correct(turn: Turn, rest: str) -> list[Reply]:
    from bot.core.actions import record_card

    if not RECORD_NUMBER.fullmatch(rest.strip()):
        raise NotFound(f"name the record by its number, such as {turn.command('correct 2026-0001')}")
    return record_card.correct(turn, rest.strip())


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
