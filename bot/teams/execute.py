"""A button's press (an Execute): what it asks of the conversation, and how it is answered.

Teams shows the answer in the place of the card, or as a line beside it. That holds for the one who pressed
and until they leave the chat, so the message itself is changed as well, by whoever sends the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.cards import Card, Form
from bot.core.messages import Done, Home, Open, Pressed, Replace, Reply, Show, Submitted
from bot.teams import render
from bot.teams.activity import Activity, Malformed
from bot.teams.inputs import MAX_VALUE, Element, values

LINE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
ELSEWHERE = "I have answered in our own chat."


def wanted(activity: Activity) -> Pressed | Submitted:
    """Raises Malformed: a card's data is a person's input like any other."""
    action = activity.value.get("action") if isinstance(activity.value, dict) else None
    data = action.get("data") if isinstance(action, dict) else None
    if not isinstance(data, dict):
        raise Malformed("the press brings no data")
    return of_data(data, activity.reply_to)


def of_data(data: Mapping[str, Any], message: str) -> Pressed | Submitted:
    """Raises Malformed."""
    ours = data.get(render.OURS)
    if not isinstance(ours, dict) or not all(
        isinstance(v, str) and len(v) <= MAX_VALUE for v in ours.values()
    ):
        raise Malformed("the press is not of a card of this bot")
    inputs = values({name: value for name, value in data.items() if name != render.OURS})
    if ours.get("form"):
        return Submitted(ours["form"], ours.get("key", ""), inputs)
    if ours.get("do"):
        return Pressed(ours["do"], ours.get("of", ""), inputs, message)
    raise Malformed("the press names nothing to do")


@dataclass(frozen=True)
class Split:
    """What takes the card's place, if anything does, and what is still to be sent."""

    instead: Card | Form | None
    rest: tuple[Reply, ...]


def split(replies: list[Reply], *, here: bool) -> Split:
    """`here`: a form, and what was asked for by a form, may be shown where the press was."""
    instead = next((reply.card for reply in replies if isinstance(reply, Replace)), None)
    if instead is not None:
        return Split(instead, tuple(reply for reply in replies if not isinstance(reply, Replace)))
    rest = [reply for reply in replies if not isinstance(reply, Done)]
    if not here:
        return Split(None, tuple(rest))
    for number, reply in enumerate(rest):
        if isinstance(reply, Open):
            return Split(reply.form, (*rest[:number], *rest[number + 1 :]))
    if len(rest) < len(replies):  # a form that has served gives way to what is said next
        for number, reply in enumerate(rest):
            if isinstance(reply, Show) and reply.place is None and not reply.case:
                return Split(reply.card, (*rest[:number], *rest[number + 1 :]))
        return Split(Card("Done"), tuple(rest))
    return Split(None, tuple(rest))


def card_answer(drawn: Element) -> dict[str, Any]:
    return {"statusCode": 200, "type": render.CARD, "value": drawn}


def line_answer(text: str) -> dict[str, Any]:
    return {"statusCode": 200, "type": LINE, "value": text}


def error_answer(text: str) -> dict[str, Any]:
    return {"statusCode": 400, "type": ERROR, "value": {"code": "BadRequest", "message": text}}


def line_for(rest: tuple[Reply, ...], *, here: bool) -> str:
    """The one line beside a card that stays: what was done, or where it is shown."""
    shown = [reply for reply in rest if isinstance(reply, Show | Open | Home)]
    if (
        any(isinstance(reply, Open) or (isinstance(reply, Show) and reply.private) for reply in shown)
        and not here
    ):
        return ELSEWHERE
    cards = [reply.card for reply in shown if isinstance(reply, Show | Home)]
    return render.summary(cards[0])[:200] if cards else "Done."
