"""Which words of a request may be kept, and what in them seems to tell who somebody is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.core.actions import handover, linking
from bot.core.actions.act import Act, Instruction
from bot.core.actions.table import BY_WORD
from bot.core.actions.typed import without_particle
from bot.core.cards import Form, InputKind
from bot.core.check.conversation import QUIT
from bot.core.commands import changes_nothing, is_just_a_command, split
from bot.core.identifying import Seeming, find, without
from bot.core.messages import Changed, Command, Pressed, Said, Submitted, What
from bot.core.reminders.placing import subject_here
from bot.core.settings.definitions import SETTINGS
from bot.core.turn import Turn
from bot.core.word_table import WORD_OF
from bot.core.words.references import named
from rules.facts import FACTS
from storage import identifiers

# By the input's name, and by "" in what was said or typed.
Found = Mapping[str, tuple[Seeming, ...]]
_MENTION = re.compile(r"<[@#!][^<>\n]{1,200}>")
# What a hospital says of itself, and whom it names as its contact.
OURS_TO_SAY = frozenset(key for key, words in SETTINGS.items() if words.ours)
# Typed after these is a person, and no text.
_PERSONS = frozenset({"assign", "take"})


def seen(text: str) -> tuple[Seeming, ...]:
    """What seems to be in a text, but for patients' numbers and whom a platform names."""
    return find(_blanked(text))


def _blanked(text: str) -> str:
    text = _MENTION.sub(lambda found: "·" * len(found[0]), text)
    for number in reversed(identifiers.find(text)):
        text = text[: number.start] + "·" * (number.end - number.start) + text[number.end :]
    return text


def found_in(inputs: Mapping[str, str]) -> dict[str, tuple[Seeming, ...]]:
    return {name: there for name, text in inputs.items() if (there := seen(text))}


def is_text(name: str, form: Form | None) -> bool:
    """Is it words of one's own, and no choice, day, fact or person?"""
    if name in FACTS or name == "user" or name in OURS_TO_SAY:
        return False
    kinds = {one.name: one.kind for one in form.inputs} if form else {}
    return kinds.get(name, InputKind.TEXT) in (InputKind.TEXT, InputKind.LINES)


def phrases(what: What, found: Found) -> dict[str, list[tuple[str, str]]]:
    """By input: each phrase with what it seems to be."""
    texts = _texts(what)
    return {
        name: [(_blanked(texts[name])[one.start : one.end], one.what) for one in there]
        for name, there in found.items()
    }


def _texts(what: What) -> Mapping[str, str]:
    if isinstance(what, Command | Said):
        return {"": what.text}
    return what.inputs if isinstance(what, Pressed | Submitted | Changed) else {}


def cut(what: What, found: Found) -> What:
    """The same with the phrases taken out."""
    if isinstance(what, Command | Said):
        return replace(what, text=without(what.text, found[""]))
    if isinstance(what, Pressed | Submitted):
        cut = {name: without(text, found.get(name, ())) for name, text in what.inputs.items()}
        return replace(what, inputs=cut)
    return what


def act_of(turn: Turn, text: str) -> Act | None:
    first, rest = split(text, turn.face)
    act = BY_WORD.get(first)
    return act if act and (named(without_particle(act, rest)).subject or subject_here(turn)) else None


def keeps_nothing(turn: Turn, what: Command | Said, act: Act | None) -> bool:
    """Is nothing kept of it whatever it says: a look, a person that is named as one, or words that nobody
    said to the bot?"""
    if act:
        number = turn.holds_number(what.text)  # which is refused
        return act.looks or act.name in _PERSONS or (number and act.name != "redecide")
    first, rest = split(what.text, turn.face)
    if first == "settings" and rest.partition(" ")[0].lower() in OURS_TO_SAY:
        return True
    if first in (handover.WORD, linking.WORD) and is_just_a_command(first, rest):
        return True
    standing = turn.drafts.standing() if isinstance(what, Said) else None
    if changes_nothing(what.text, turn.face):
        return standing is None or is_just_a_command(first, rest)
    to_us = isinstance(what, Command) or what.mentioned or turn.request.place.personal
    return not to_us and standing is None


_TO_A_QUESTION = re.compile(r"\W*(?:\d|[^\W\d]+(?:[’', ]+[^\W\d]+){0,2})\W*")


def answers_at_most(turn: Turn, what: Command | Said) -> bool:
    """So few words, and no command, that they are meant for the question that stands or for nothing."""
    first, _ = split(what.text, turn.face)
    if first in BY_WORD or first in WORD_OF or first in QUIT:
        return False
    return _TO_A_QUESTION.fullmatch(what.text) is not None and not seen(what.text)


def subject_of(turn: Turn) -> str:
    what = turn.request.what
    if isinstance(what, Submitted):
        return Instruction.with_key("", what.key).subject
    if isinstance(what, Command | Said) and (act := act_of(turn, what.text)):
        return named(without_particle(act, split(what.text, turn.face)[1])).subject or subject_here(turn)
    return ""


def words_beside(turn: Turn) -> str:
    """What was written beside a step, in one line."""
    what = turn.request.what
    if isinstance(what, Command | Said):
        act = act_of(turn, what.text)
        rest = split(what.text, turn.face)[1]
        return named(without_particle(act, rest)).rest if act else rest
    return ". ".join(
        text.strip() for name, text in _texts(what).items() if text.strip() and is_text(name, None)
    )
