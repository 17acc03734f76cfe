"""The words that are about no one case: a row each, and what each does."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.core.actions import (
    adding,
    handover,
    incident_list,
    linking,
    lists,
    settings_dialogue,
    theme_list,
    trends_card,
)
from bot.core.actions.carry_out import answered
from bot.core.actions.digest import digest_card
from bot.core.actions.table import BY_NAME
from bot.core.cards import Card
from bot.core.check import beginning
from bot.core.help import Row, Word, help_card
from bot.core.messages import Command, Leave, Picture, Pressed, Replace, Reply, mark_of
from bot.core.settings import permissions
from bot.core.threshold_card import threshold_card
from bot.core.turn import Turn

Run = Callable[[Turn, str], list[Reply]]
IS = re.compile(r"(?:is|are|does)\s+(?:(?:the|an?)\s+)?", re.I)


def check(turn: Turn, rest: str) -> list[Reply]:
    """A command gets the form where there can be one; what is said in a conversation is answered in it."""
    if turn.face.buttons and (isinstance(turn.request.what, Command) or turn.face.forms_in_messages):
        return beginning.start(turn, rest, typed=False)
    return beginning.start(turn, rest)


def _threshold(turn: Turn, rest: str) -> list[Reply]:
    return [turn.show_openly(threshold_card(rest, turn.face.command, mark_of(turn.tenant)))]


def _what(turn: Turn, rest: str) -> list[Reply]:
    from rules.glossary import meaning  # 1 ms, for the few who ask

    said = meaning(rest)
    return turn.say(said) if said else _threshold(turn, IS.sub("", rest))


def _answering(run: Run) -> Run:
    """What cannot be done is said in a line."""
    return lambda turn, rest: answered(turn, "", lambda: run(turn, rest))


def _listing(card_of: Callable[[Turn, str], Card]) -> Run:
    """Another page takes the place of the one that its button stands on."""

    def run(turn: Turn, rest: str) -> list[Reply]:
        card, what = card_of(turn, rest), turn.request.what
        turned = isinstance(what, Pressed) and what.value[-1:].isdigit()
        return [Replace(card) if turned else turn.show(card)]

    return _answering(run)


@_answering
def _trends(turn: Turn, rest: str) -> list[Reply]:
    card, chart = trends_card.trends_of(turn, rest)
    return [turn.show(card, private=None), *([Picture(chart)] if chart else [])]


@_answering
def _digest(turn: Turn, _rest: str) -> list[Reply]:
    permissions.require_reading_everything(turn, "digests")
    return [turn.show(digest_card(turn.store, turn.tenant, turn.today, turn.face))]


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
        "cases", f"[{' | '.join(lists.WHICH[1:])}]", "the open cases, or others", _listing(lists.cases_card),
        button="Open cases", looks=True,
    ),
    Word(
        incident_list.WORD, "[words]", "every incident, or some: by verdict, kind, cause, site, period",
        _listing(incident_list.incidents_card), ("records", "register"), looks=True,
    ),
    Word(
        theme_list.WORD, f"[{' | '.join(theme_list.LISTS)}]",
        "incidents that are one cause, or were said not to be", _listing(theme_list.themes_card), looks=True,
    ),
    Word(
        trends_card.WORD, "[words] [by cause | kind | site …]",
        "incidents over time: what is more than chance, of what they are, days to notify and to report",
        _trends, looks=True,
    ),
    Word(
        "due", "", "what falls due, soonest first", _listing(lists.due_card), button="What is due",
        looks=True,
    ),
    Word(
        "settings", "<name> <value>", "nation, channels, reminders, who may do what",
        _answering(settings_dialogue.command), ("setting",),
        "Settings",
    ),
    Word(
        "help", "", "every command, those of a case as well", _help, ("?", "commands", "hello", "hi"),
        "All commands", looks=True, from_memory=True,
    ),
    Word(
        "add", "to case <text>", "keeps words, such as a message's, as a note of a case you pick",
        _answering(adding.begin),
    ),
    Word("digest", "", "what is open, overdue, unconfirmed, without learning", _digest, looks=True),
    Word(
        "hand over", "to <person>", "asks somebody to take all of your open cases; theirs once they accept",
        _answering(handover.run), (handover.WORD, "handover"),
    ),
    Word(
        linking.WORD, "[code]", "makes another workspace, team or chat this organisation's, by a code",
        _answering(linking.run),
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
