"""A button's press (an Execute): what it asks of the conversation, and how it is answered.

Teams shows the answer in the place of the card, or as a line beside it. That holds for the one who pressed
and until they leave the chat, so the message itself is changed as well, by whoever sends the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import StringConstraints

from bot.core.cards import Card, Form
from bot.core.messages import Done, Home, Open, Pressed, Replace, Reply, Show, Submitted
from bot.core.refused import LONGEST_TEXT
from bot.incoming import Incoming, Malformed, Text, at
from bot.teams import render
from bot.teams.activity import Activity
from bot.teams.button_row import OURS
from bot.teams.inputs import Element, values

LINE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
ELSEWHERE = "I have answered in our own chat."
MAX_LINE = 300
_Value = Annotated[Text, StringConstraints(max_length=LONGEST_TEXT)]


class _OfButton(Incoming):
    """Our own part of a button's data: a form with its key, or an action with its value; and the inputs that
    stood beside it, and the tenant's mark."""

    form: _Value = at(OURS, "form", default="")
    key: _Value = at(OURS, "key", default="")
    action: _Value = at(OURS, "do", default="")
    value: _Value = at(OURS, "of", default="")
    shown: _Value = at(OURS, "shown", default="")
    tenant: _Value = at(OURS, "tenant", default="")


class _Executed(Incoming):
    data: dict[str, Any] = at("action", "data")


def wanted(activity: Activity) -> Pressed | Submitted:
    """Raises Malformed: a card's data is a person's input like any other."""
    return of_data(_Executed.read(activity.value).data, activity.reply_to)


def of_data(data: Mapping[str, Any], message: str) -> Pressed | Submitted:
    """Raises Malformed."""
    button = _OfButton.read(data)
    left_empty = dict.fromkeys(filter(None, button.shown.split(",")), "")
    inputs = left_empty | values({name: value for name, value in data.items() if name != OURS})
    if button.form:
        return Submitted(button.form, button.key, inputs, button.tenant)
    if button.action:
        return Pressed(button.action, button.value, inputs, message, button.tenant)
    raise Malformed("that button is on none of this bot's cards")


@dataclass(frozen=True)
class Split:
    """What takes the card's place, if anything does, and what is still to be sent."""

    instead: Card | Form | None
    rest: tuple[Reply, ...]


def split(replies: list[Reply], *, of_form: bool, shared: bool) -> Split:
    """What takes the place of the card that was pressed.

    A form gives way to the next one, to itself with what is wrong, or to what is said of it. Any other card
    gives way where that is said (`Replace`), and to a form where nobody else reads along.
    """
    rest = [reply for reply in replies if not isinstance(reply, Done)]
    of_form = of_form or len(rest) < len(replies)
    for number, reply in enumerate(rest):
        if isinstance(reply, Replace):
            taken: Card | Form = reply.card
        elif isinstance(reply, Open) and (of_form or not shared):
            taken = reply.form
        elif isinstance(reply, Show) and of_form and reply.place is None and not (reply.private and shared):
            taken = reply.card
        else:
            continue
        return Split(taken, (*rest[:number], *rest[number + 1 :]))
    return Split(Card("Done") if of_form and not rest else None, tuple(rest))


def card_answer(drawn: Element) -> dict[str, Any]:
    return {"statusCode": 200, "type": render.CARD, "value": drawn}


def line_answer(text: str) -> dict[str, Any]:
    return {"statusCode": 200, "type": LINE, "value": text}


def error_answer(text: str) -> dict[str, Any]:
    return {"statusCode": 400, "type": ERROR, "value": {"code": "BadRequest", "message": text}}


def line_for(rest: tuple[Reply, ...], *, shared: bool, thread: bool) -> tuple[str, tuple[Reply, ...]]:
    """The one line beside a card that stays, and what is left to send: a line for one person alone needs no
    message of its own. A form stays with the others only in a thread."""
    for number, reply in enumerate(rest):
        if isinstance(reply, Show) and reply.private and not (reply.card.blocks or reply.card.buttons):
            return reply.card.title[:MAX_LINE], (*rest[:number], *rest[number + 1 :])
    if shared and any(
        (isinstance(reply, Show) and reply.private) or (isinstance(reply, Open) and not thread)
        for reply in rest
    ):
        return ELSEWHERE, rest
    shown = [reply for reply in rest if isinstance(reply, Show | Home | Open)]
    if not shown:
        return "Done.", rest
    first = shown[0]
    return render.summary(first.form if isinstance(first, Open) else first.card)[:MAX_LINE], rest
