"""The words that are about no one case, a row each; and what is done with words that begin a command."""

from __future__ import annotations

import re

from bot.core.actions import (
    adding,
    handover,
    incident_list,
    linking,
    lists,
    settings_dialogue,
    theme_list,
    trends_card,
    typed,
)
from bot.core.actions.carry_out import answered
from bot.core.actions.digest import digest_card
from bot.core.actions.table import BY_NAME, BY_WORD
from bot.core.cards import Card, Severity, Text
from bot.core.check import beginning
from bot.core.help import Row, Word, close_to, help_card, start_card, unknown_card
from bot.core.messages import Capabilities, Command, Leave, Picture, Pressed, Replace, Reply, Said
from bot.core.reminders.placing import subject_here
from bot.core.settings import permissions
from bot.core.settings.definitions import SETTINGS
from bot.core.threshold import threshold_card
from bot.core.turn import Turn
from bot.core.words.references import named

# Fewer words than this are a mistyped command rather than a story.
MIN_WORDS = 3
_PAGE = re.compile(r"\d{1,4}")
_IS = re.compile(r"(?:is|are|does)\s+(?:(?:the|an?)\s+)?", re.I)
_LONGEST_QUESTION = 6  # words; more tell a story


def split(text: str, face: Capabilities) -> tuple[str, str]:
    """The command and what follows, the bot's own name taken off: "/irmer check x" is ("check", "x")."""
    words = text.replace("\u00a0", " ").split(None, 1)
    if words and words[0].lower() in ("/irmer", "irmer", face.command.lower()):
        words = words[1].split(None, 1) if len(words) > 1 else []
    first, rest = words[0] if words else "", words[1].rstrip() if len(words) > 1 else ""
    word = first.lower().rstrip(":")
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

    return read(text, turn.request.now, turn.nation or None).is_incident


def names_subject(rest: str) -> bool:
    """Does it name a case or a record, rightly or not?"""
    found = named(rest)
    return bool(found.subject or found.wrong)


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
    return beginning.to_unfinished(turn, text if len(text.split()) >= MIN_WORDS else "")


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
            return len(rest.split()) <= MIN_WORDS
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
    """`due to a fault` is no list, but `due 2` is its second page; `what happened` asks for no meaning."""
    if first == "add":  # "add 2 mSv to it" is about something else
        return not re.match(r"(?:this\s+)?to\s+(?:the\s+|a\s+)?case\b", rest, re.I)
    if first == handover.WORD:
        return not handover.is_meant(rest)
    if first == "what":
        return not _IS.match(rest) or len(rest.split()) > _LONGEST_QUESTION
    return first == "due" and bool(rest) and not _PAGE.fullmatch(rest)


def check(turn: Turn, rest: str) -> list[Reply]:
    """A command gets the form where there can be one; what is said in a conversation is answered in it."""
    if turn.face.buttons and (isinstance(turn.request.what, Command) or turn.face.forms_in_messages):
        return beginning.start(turn, rest, typed=False)
    return beginning.start(turn, rest)


def _threshold(turn: Turn, rest: str) -> list[Reply]:
    return [turn.show_openly(threshold_card(rest, turn.face.command))]


def _what(turn: Turn, rest: str) -> list[Reply]:
    from rules.glossary import meaning  # 1 ms, for the few who ask

    said = meaning(rest)
    return turn.say(said) if said else _threshold(turn, _IS.sub("", rest))


def _cases(turn: Turn, rest: str) -> list[Reply]:
    return answered(turn, "", lambda: _listed(turn, lists.cases_card(turn, rest)))


def _listed(turn: Turn, card: Card) -> list[Reply]:
    """Another page takes the place of the one that its button stands on."""
    what = turn.request.what
    turned = isinstance(what, Pressed) and what.value[-1:].isdigit()
    return [Replace(card) if turned else turn.show(card)]


def _incidents(turn: Turn, rest: str) -> list[Reply]:
    return answered(turn, "", lambda: _listed(turn, incident_list.incidents_card(turn, rest)))


def _themes(turn: Turn, rest: str) -> list[Reply]:
    return answered(turn, "", lambda: _listed(turn, theme_list.themes_card(turn, rest)))


def _trends(turn: Turn, rest: str) -> list[Reply]:
    def work() -> list[Reply]:
        card, chart = trends_card.trends_of(turn, rest)
        return [turn.show(card, private=None), *([Picture(chart)] if chart else [])]

    return answered(turn, "", work)


def _due(turn: Turn, rest: str) -> list[Reply]:
    at = int(rest) if _PAGE.fullmatch(rest) else 1
    return answered(turn, "", lambda: _listed(turn, lists.due_card(turn, at)))


def _settings(turn: Turn, rest: str) -> list[Reply]:
    return answered(turn, "", lambda: settings_dialogue.command(turn, rest))


def _add(turn: Turn, rest: str) -> list[Reply]:
    return answered(turn, "", lambda: adding.begin(turn, rest))


def _hand_over(turn: Turn, rest: str) -> list[Reply]:
    return answered(turn, "", lambda: handover.run(turn, rest))


def _link(turn: Turn, rest: str) -> list[Reply]:
    return answered(turn, "", lambda: linking.run(turn, rest))


def _digest(turn: Turn, _rest: str) -> list[Reply]:
    def work() -> list[Reply]:
        permissions.require_reading_everything(turn, "digests")
        return [turn.show(digest_card(turn.store, turn.tenant, turn.today))]

    return answered(turn, "", work)


def _help(turn: Turn, _rest: str) -> list[Reply]:
    return [turn.show_openly(help_card(LISTED, turn.face, BESIDE))]


def _quit(turn: Turn, _rest: str) -> list[Reply]:
    return turn.say("Goodbye. Nothing is left open here.") if turn.face.buttons else [Leave()]


WORDS: tuple[Word, ...] = (
    Word(
        "check", "[what happened]",
        "is it notifiable? What you write is read first, then a few questions, a verdict, a record", check,
    ),
    Word(
        "threshold", "<words>",
        "the criteria: by code (4.2b), word (foetal), dose (1.5 mSv) or examination (CT head)",
        _threshold, ("thresholds",), "Thresholds", looks=True, from_memory=True,
    ),
    Word(
        "what", "is <abbreviation>", "an abbreviation in full, such as CSAUE", _what, looks=True,
        from_memory=True,
    ),
    Word(
        "cases", f"[{' | '.join(lists.WHICH[1:])}]", "the open cases, or others", _cases,
        button="Open cases", looks=True,
    ),
    Word(
        incident_list.WORD, "[words]", "every incident, or some: by verdict, kind, cause, site, period",
        _incidents, ("records", "register"), looks=True,
    ),
    Word(
        theme_list.WORD, f"[{' | '.join(theme_list.LISTS)}]",
        "incidents that are one cause, or were said not to be", _themes, looks=True,
    ),
    Word(
        trends_card.WORD, "[words] [by cause | kind | site …]",
        "incidents over time: what is more than chance, of what they are, days to notify and to report",
        _trends, looks=True,
    ),
    Word("due", "", "what falls due, soonest first", _due, button="What is due", looks=True),
    Word(
        "settings", "<name> <value>", "nation, channels, reminders, who may do what", _settings, ("setting",),
        "Settings",
    ),
    Word(
        "help", "", "every command, those of a case as well", _help, ("?", "commands", "hello", "hi"),
        "All commands", looks=True, from_memory=True,
    ),
    Word("add", "to case <text>", "keeps words, such as a message's, as a note of a case you pick", _add),
    Word("digest", "", "what is open, overdue, unconfirmed, without learning", _digest, looks=True),
    Word(
        "hand over", "to <person>", "asks somebody to take all of your open cases; theirs once they accept",
        _hand_over, (handover.WORD, "handover"),
    ),
    Word(
        linking.WORD, "[code]", "makes another workspace, team or chat this organisation's, by a code", _link
    ),
    Word("quit", "", "ends the chat", _quit, ("exit", "bye")),
)  # fmt: skip
WORD_OF = {name: word for word in WORDS for name in (word.verb, *word.also)}
LISTS = ("cases", incident_list.WORD, "due", "settings")
# What somebody sees first of all; the other acts are listed in their own part of help.
LISTED: tuple[Row, ...] = (
    WORD_OF["check"], WORD_OF["threshold"], BY_NAME["show"], *(WORD_OF[name] for name in LISTS),
    BY_NAME["correct"], WORD_OF["add"], WORD_OF["digest"], WORD_OF["what"], WORD_OF["help"],
)  # fmt: skip
# Listed beside the acts, since the list of a platform has no room for more. "Hand over" may as well be the
# beginning of a story.
BESIDE: tuple[Row, ...] = (
    WORD_OF[theme_list.WORD],
    WORD_OF[trends_card.WORD],
    WORD_OF[handover.WORD],
    WORD_OF[linking.WORD],
)
