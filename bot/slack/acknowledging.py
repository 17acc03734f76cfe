"""What of core's replies goes back in the acknowledgement of a request, where that can hold them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from typing import TypeGuard

from slack_bolt.response import BoltResponse

from bot.core.cards import Card, Form, Severity, Text, Weight
from bot.core.messages import Done, Open, Replace, Reply, Show
from bot.slack.blocks import messages
from bot.slack.parse import ReplyContext
from bot.slack.text import Element
from bot.slack.views import CARD, card_modal, modal


@dataclass
class Acknowledgement:
    """What goes back at once, and the replies that are left to be sent after it."""

    body: Element | None = None
    left: list[Reply] = field(default_factory=list)


def of_command(replies: Sequence[Reply]) -> Acknowledgement:
    """The first private answer is the acknowledgement itself; a long one's further parts follow."""
    left = list(replies)
    for number, reply in enumerate(left):
        if _is_for_one_alone(reply):
            body = _in_one_part(reply.card)
            if body is None:
                break
            del left[number]
            return Acknowledgement(body, left)
    return Acknowledgement(None, left)


def of_look_up(replies: Sequence[Reply]) -> BoltResponse | None:
    """The same where it is the one reply, and fits: as the text that bolt would make of it, since a look-up
    is shown to many."""
    if len(replies) == 1 and _is_for_one_alone(reply := replies[0]):
        text = _shown_to_many(reply.card, reply.card.tenant)
        return BoltResponse(status=200, body=text) if text else None
    return None


def _is_for_one_alone(reply: Reply) -> TypeGuard[Show]:
    return isinstance(reply, Show) and reply.private and reply.place is None and not reply.case


def _in_one_part(card: Card) -> Element | None:
    parts = messages(card)
    return {"response_type": "ephemeral", **parts[0]} if len(parts) == 1 else None


@lru_cache(maxsize=128)  # no record's: nothing of any incident is held by it
def _shown_to_many(card: Card, _tenant: str) -> str:
    body = _in_one_part(card)
    return json.dumps(body) if body else ""


def of_submission(replies: Sequence[Reply], context: ReplyContext) -> Acknowledgement:
    """The form's next step, its errors, or the card that takes its place."""
    left = in_one_dialog(replies, context)
    for number, reply in enumerate(left):
        if isinstance(reply, Open):
            del left[number]
            return Acknowledgement(_next_step(reply.form, context), left)
    for number, reply in enumerate(left):
        if is_for_dialog(reply, context):
            del left[number]
            left = [other for other in left if not isinstance(other, Done)]
            return Acknowledgement(_update(card_modal(reply.card, context.origin)), left)
        if isinstance(reply, Replace):
            del left[number]
            return Acknowledgement(_update(card_modal(reply.card, context.origin)), left)
    return Acknowledgement({"response_action": "clear"}, [r for r in left if not isinstance(r, Done)])


def is_for_dialog(reply: Reply, context: ReplyContext) -> TypeGuard[Show]:
    """Where a dialog is open, does this take its place?"""
    if not isinstance(reply, Show) or reply.place is not None or reply.case:
        return False
    return reply.private or context.personal


def in_one_dialog(replies: Sequence[Reply], context: ReplyContext) -> list[Reply]:
    """One card can take a dialog's place: the first, with what the others say below it."""
    cards = [reply for reply in replies if is_for_dialog(reply, context)]
    if len(cards) < 2:
        return list(replies)
    first, *more = cards
    both = replace(first, card=reduce(Card.followed_by, (other.card for other in more), first.card))
    rest = [reply for reply in replies if not any(reply is other for other in more)]
    return [both if reply is first else reply for reply in rest]


def of_no_form(callback_id: object, context: ReplyContext) -> Element:
    """What was sent off holds no form of core's: a card is closed, and of anything else that is told."""
    if callback_id == CARD:
        return {"response_action": "clear"}
    return _update(
        card_modal(Card("That form is no longer in use", severity=Severity.WAITING), context.origin)
    )


def _next_step(form: Form, context: ReplyContext) -> Element:
    wrong = {part.name: part.error for part in form.inputs if part.error}
    same = form.name == context.origin.form and [part.name for part in form.inputs] == list(context.shown)
    beside = not any(isinstance(part, Text) and part.weight is Weight.WARNING for part in form.blocks)
    if wrong and same and beside:
        return {
            "response_action": "errors",
            "errors": {context.shown[name].block_id: error for name, error in wrong.items()},
        }
    return _update(modal(form, context.origin, context.shown))


def _update(view: Element) -> Element:
    return {"response_action": "update", "view": view}
