"""What is done where nothing leads to an organisation: what the guidance says is shown, and a verdict given.
Nothing of it is kept, and nothing is looked up."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.actions import linking, pages
from bot.core.cards import Button, Card, Severity, Text
from bot.core.commands import is_from_memory, row_of, split
from bot.core.gate_cards import ACTIONS as GATE
from bot.core.messages import (
    Changed,
    Command,
    Edited,
    Home,
    HomeOpened,
    Pressed,
    Reply,
    Request,
    Said,
    Submitted,
)
from bot.core.turn import Turn
from bot.core.words.link_words import NOWHERE, UNSURE, how_to_link
from storage.organisation_model import Outside

ALLOWED = frozenset({"check", "threshold", "what", "help", "quit", linking.WORD})
_KEEPS = frozenset({"check.keep", "check.record_only"})
Answer = Callable[[Turn], list[Reply]]


def answered(turn: Turn, answer: Answer) -> list[Reply]:
    what = turn.request.what
    if isinstance(what, HomeOpened):
        return [Home(_home(turn))]
    if not _allowed(turn):
        return [_refusal(turn)]
    _note(turn)
    return answer(turn)


def _allowed(turn: Turn) -> bool:
    match turn.request.what:
        case Command(text):
            return _is_word(turn, text)
        case Said(text):
            return turn.drafts.standing() is not None or _is_word(turn, text)
        case Pressed(action, value):
            if action == pages.LOOK:
                return is_from_memory(value, turn.face)
            return action in (*GATE, linking.PRIVATE) or (
                action.startswith("check.") and action not in _KEEPS
            )
        case Submitted(form) | Changed(form):
            return not form.startswith("case.")
        case Edited():
            return True
        case _:
            return False


def _is_word(turn: Turn, text: str) -> bool:
    """A command of the few, or words that are none: an incident, say."""
    first = split(text, turn.face)[0]
    return first in ALLOWED or row_of(first) is None


def _note(turn: Turn) -> None:
    """Once for each request of a check, so that whoever looks after the bot sees where people ask."""
    what, request = turn.request.what, turn.request
    if not isinstance(what, Command | Said) or is_from_memory(what.text, turn.face):
        return
    turn.store.note_unlinked(place_of(request, turn.face.name), now=request.now)


def place_of(request: Request, platform: str) -> Outside:
    """By what the operator could bind it: its team, else its workspace, else the conversation itself."""
    whence = request.whence
    kinds = ("team", "workspace", "conversation")
    found = {one.kind: one for one in whence.outsides(kinds)} if whence else {}
    here = Outside(platform, "conversation", request.place.conversation)
    return next((found[kind] for kind in kinds if kind in found), here)


def _refusal(turn: Turn) -> Reply:
    whence = turn.request.whence
    if whence and whence.unsure:
        return turn.refuse(UNSURE, Severity.WAITING, private=True)
    line = f"{NOWHERE}. {how_to_link(turn)}"
    return turn.refuse(line, Severity.WAITING, private=True)


def _home(turn: Turn) -> Card:
    blocks = (Text(how_to_link(turn)),)
    return Card(NOWHERE, blocks, severity=Severity.WAITING).with_buttons(
        Button("Check an incident", "check.start", style="primary")
    )
