"""What words mean as a command: whose they are, what is done with them, and what each may be taken for."""

from __future__ import annotations

import re

from bot.core.actions import handover, incident_list, linking, lists, theme_list, trends_card, typed
from bot.core.actions.pages import split_page
from bot.core.actions.table import BY_NAME, BY_WORD
from bot.core.cards import Severity, Text
from bot.core.check import beginning
from bot.core.help import Row, close_to, start_card, unknown_card
from bot.core.messages import Capabilities, Reply, Said
from bot.core.reminders.placing import subject_here
from bot.core.settings.definitions import SETTINGS
from bot.core.turn import Turn
from bot.core.word_table import IS, LISTED, WORD_OF, check
from bot.core.words.references import named

# What is due is listed by its days, whatever of it is asked for.
_ALL_THE_SAME = re.compile(r"(?:(?:today|now|please|next|all|this week|tomorrow|list)\W*)*", re.I)
# Fewer words than this are a mistyped command rather than a story.
MIN_WORDS = 3
_LONGEST_QUESTION = 6  # words; more tell a story


def split(text: str, face: Capabilities) -> tuple[str, str]:
    """The command and what follows, the bot's own name taken off: "/irmer check x" is ("check", "x")."""
    words = text.replace("\u00a0", " ").split(None, 1)
    if words and words[0].lower() in ("/irmer", "irmer", face.command.lower()):
        words = words[1].split(None, 1) if len(words) > 1 else []
    first, rest = words[0] if words else "", words[1].rstrip() if len(words) > 1 else ""
    word = first.lower().rstrip(":")
    alone = word.strip("`'\".!?")
    # A list is no step that a question takes back; `what is …` is no word that stands alone.
    if not rest and alone in WORD_OF and not WORD_OF[alone].usage[:1].isalpha():
        word = alone
    row = row_of(word)
    return row.verb.partition(" ")[0] if row else word, rest


def row_of(word: str) -> Row | None:
    return WORD_OF.get(word) or BY_WORD.get(word)


def names() -> tuple[str, ...]:
    """The words of the commands that are listed first."""
    return tuple(row.verb for row in LISTED)


def knows(word: str) -> bool:
    """Is there such a command?"""
    return row_of(word) is not None


def meant_by(word: str) -> str:
    """The command that was probably meant; nothing where none is near."""
    near = close_to(word, (one for one in (*WORD_OF, *BY_WORD) if one.isalpha()))
    return split(near, Capabilities(False, False, False, command=""))[0]


def command(turn: Turn, text: str) -> list[Reply]:
    first, rest = split(text, turn.face)
    if not first:
        return [turn.show_openly(start_card(LISTED, turn.face))]
    act = BY_WORD.get(first)
    if act and not _is_incident_instead(turn, text, typed.without_particle(act, rest)):
        return typed.run(turn, act, rest)
    word = None if act or _no_list(first, rest) else WORD_OF.get(first)
    if word:
        return word.run(turn, rest)
    if alone := _subject_alone(text):
        return typed.run(turn, BY_NAME["show"], alone)
    return _as_incident(turn, text) or _to_unfinished(turn, text) or [_unknown(turn, text, meant_by(first))]


def _unknown(turn: Turn, text: str, meant: str) -> Reply:
    """In a case's thread, where others talk, one line for its author; elsewhere with the list of commands."""
    card = unknown_card(LISTED, text, meant, turn.face)
    if not turn.request.place.personal and subject_here(turn):
        line = next(one.text for one in card.blocks if isinstance(one, Text))
        return turn.refuse(
            f"{line} {turn.command('help')} lists the commands.", Severity.WAITING, private=True
        )
    return turn.show_openly(card)


def _is_incident_instead(turn: Turn, text: str, rest: str) -> bool:
    """Is it no word about a case, but an incident that begins with one? "Note: the wrong patient was …"."""
    if names_subject(rest) or len(text.split()) < 2 * MIN_WORDS or subject_here(turn):
        return False
    return is_incident(turn, text)


def is_incident(turn: Turn, text: str) -> bool:
    from bot.core.reader import read  # 370 ms, which nobody waits for who types a command

    return read(text, turn.request.written, turn.nation or None).is_incident


def names_subject(rest: str) -> bool:
    """Does it name a case or a record, rightly or not?"""
    found = named(rest)
    return bool(found.subject or found.wrong)


def _subject_alone(text: str) -> str:
    """The case or record that is all that the words name: to be shown."""
    found = named(text)
    return "" if found.rest else found.subject


def _as_incident(turn: Turn, text: str) -> list[Reply]:
    """No command, but perhaps an incident in somebody's own words."""
    if len(text.split()) < MIN_WORDS or not is_incident(turn, text):
        return []
    return check(turn, text)


def changes_nothing(text: str, face: Capabilities) -> bool:
    """May it be answered again, since nothing is written by it?"""
    first, rest = split(text, face)
    act, word = BY_WORD.get(first), WORD_OF.get(first)
    if act:
        return act.looks and (not rest or is_just_a_command(first, rest))
    return not first or (word is not None and word.looks and not _no_list(first, rest))


def is_from_memory(text: str, face: Capabilities) -> bool:
    """Is it answered without the store, in a fraction of a millisecond?"""
    first, rest = split(text, face)
    word = WORD_OF.get(first)
    return not first or (word is not None and word.from_memory and not _no_list(first, rest))


def _to_unfinished(turn: Turn, text: str) -> list[Reply]:
    """What may be meant for a check that was set aside: that is asked, and answers nothing of it."""
    if not isinstance(turn.request.what, Said):
        return []
    return beginning.to_unfinished(turn, text, told=len(text.split()) >= MIN_WORDS)


def asks_a_meaning(first: str, rest: str) -> bool:
    """`what is CSAUE`: no answer to any question, and no account."""
    if first != "what" or len(rest.split()) > _LONGEST_QUESTION:
        return False
    from rules.glossary import meaning  # 1 ms, as above

    return bool(meaning(rest))


def is_just_a_command(first: str, rest: str) -> bool:
    """Is it a command through and through, which nobody would write for anything else?"""
    act = BY_WORD.get(first)
    if act:
        return bool(named(typed.without_particle(act, rest)).subject)
    match first:
        case "check":
            return not rest or rest.lower() in beginning.AFRESH
        case "threshold":
            return len(rest.split()) <= MIN_WORDS
        case "cases":
            return lists.is_list(rest)
        case "due":
            return not _no_list(first, rest)
        case handover.WORD:
            return bool(rest) and handover.is_meant(rest)
        case incident_list.WORD:
            return len(split_page(rest)[0].split()) <= MIN_WORDS
        case trends_card.WORD:
            return len(rest.split()) <= 2 * MIN_WORDS
        case theme_list.WORD:
            return theme_list.is_theme_list(rest)
        case linking.WORD:
            return not rest or linking.is_code(rest)
        case "settings":
            return not rest or rest.split()[0].lower() in SETTINGS
        case _:
            return first == "help" and not rest


def _no_list(first: str, rest: str) -> bool:
    """`due to a fault` is no list, but `due page 2` is a page of it; `what happened` asks for no meaning."""
    if first == "add":  # "add 2 mSv to it" is about something else
        return not re.match(r"(?:this\s+)?to\s+(?:the\s+|a\s+)?case\b", rest, re.I)
    if first == handover.WORD:
        return not handover.is_meant(rest)
    if first == "what":
        return not IS.match(rest) or len(rest.split()) > _LONGEST_QUESTION
    return first == "due" and not _ALL_THE_SAME.fullmatch(split_page(rest)[0])
