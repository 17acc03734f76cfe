"""Somebody who is in several organisations says which one their chat with the bot is about. It is asked once,
remembered for the chat, and named on every card there."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from threading import Lock

from bot.core.cards import Block, Button, Card, Severity, Text, Weight
from bot.core.commands import is_from_memory, split
from bot.core.messages import (
    Command,
    Home,
    HomeOpened,
    Open,
    Pressed,
    Replace,
    Reply,
    Request,
    Said,
    Show,
    What,
)
from bot.core.turn import Turn

CHOOSE, WORD = "organisation.choose", "organisation"
HELD = timedelta(minutes=15)
MOST = 1_000
_Place = tuple[str, str, str]


class Choosing:
    """Of one process: what was asked before it was known whom it is about waits here, and is never stored."""

    def __init__(self) -> None:
        self._held: OrderedDict[_Place, Request] = OrderedDict()
        self._lock = Lock()

    def settled(self, turn: Turn) -> tuple[Turn | None, list[Reply]]:
        """The turn in the name of the organisation that it is about, and what is said of that before; no turn
        where that is asked first."""
        what = turn.request.what
        if isinstance(what, Pressed) and what.action == CHOOSE:
            return self._chosen(turn, what)
        if _asks_which(turn, what):
            return None, [turn.show(_question(turn), private=True)]
        if not turn.unlinked or (isinstance(what, Command | Said) and is_from_memory(what.text, turn.face)):
            return turn, []
        if isinstance(what, HomeOpened):
            return None, [Home(_question(turn))]
        self._hold(turn)
        return None, [turn.show(_question(turn), private=True)]

    def _chosen(self, turn: Turn, what: Pressed) -> tuple[Turn | None, list[Reply]]:
        request = turn.request
        name = next((one.name for one in request.several if one.id == what.value), "")
        if not name:
            return None, [Replace(_question(turn))]
        turn.store.choose_organisation(
            turn.face.name, request.place.conversation, what.value, now=request.now
        )
        said = Replace(Card(f"This chat is about {name} from now on", _HOW))
        with self._lock:
            held = self._held.pop(_place(turn), None)
        if held is None or request.now - held.now > HELD:
            return None, [said]
        return replace(
            turn, request=replace(held, tenant=what.value, now=request.now, told_at=held.written)
        ), [said]

    def _hold(self, turn: Turn) -> None:
        with self._lock:
            self._held[_place(turn)] = turn.request
            while len(self._held) > MOST:
                self._held.popitem(last=False)


_HOW = (Text("Type organisation to change that.", Weight.SUBTLE),)


def _place(turn: Turn) -> _Place:
    request = turn.request
    return (turn.face.name, request.place.conversation, request.user.id)


def _asks_which(turn: Turn, what: What) -> bool:
    return isinstance(what, Command | Said) and split(what.text, turn.face) == (WORD, "")


def _question(turn: Turn) -> Card:
    several = turn.request.several
    buttons = (Button(one.called, CHOOSE, one.id) for one in several)
    now = next((one.name for one in several if one.id == turn.tenant), "")
    said = f"It is about {now} now." if now else "Once you have chosen, what you asked goes on."
    return Card(
        "Which organisation is this chat about?",
        (Text(f"You are in {len(several)} that use this bot. {said}"),),
        severity=Severity.WAITING,
    ).with_buttons(*buttons)


def named(reply: Reply, request: Request) -> Reply:
    """What is shown to somebody who is in several says whose it is."""
    if not request.several:
        return reply
    name = next((one.name for one in request.several if one.id == request.tenant), "")
    if not name:
        return reply
    line: Block = Text(f"{name} · type organisation to change", Weight.SUBTLE)
    if isinstance(reply, Open):
        return replace(reply, form=replace(reply.form, blocks=(line, *reply.form.blocks)))
    if isinstance(reply, Show | Replace | Home):
        return replace(reply, card=reply.card.headed(line))
    return reply
