"""Modals and the Home tab."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from bot.core.cards import Card, Form
from bot.incoming import Incoming
from bot.slack.blocks import SYMBOLS, blocks, form_blocks
from bot.slack.inputs import ShownInput
from bot.slack.text import Element, cut, plain

TITLE = 24
ANY = "IR(ME)R"  # the title of a dialog whose own would be cut
FORM, CARD, LOADING = "form", "card", "loading"  # callback ids


class Origin(Incoming):
    """Where a dialog was opened from, and which form it holds: what its view carries along.

    It comes back in a signed request and nobody but us can write it.
    """

    form: str = ""
    key: str = ""
    tenant: str = ""
    channel: str = ""
    thread: str = ""

    @classmethod
    def loaded(cls, text: str) -> Origin:
        """Of a view's private_metadata; nothing known where it is not ours."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return cls()


NOWHERE = Origin()


def modal(form: Form, origin: Origin = NOWHERE, shown: Mapping[str, ShownInput] | None = None) -> Element:
    """A form as a dialog; `shown` is how its inputs stand in the person's client."""
    kept = Origin(
        form=form.name, key=form.key, tenant=form.tenant, channel=origin.channel, thread=origin.thread
    )
    body = form_blocks(form, shown or {})
    return {
        **_frame(FORM, form.title, kept),
        "blocks": body or _empty(),
        "submit": plain(form.submit, TITLE),
        "notify_on_close": True,  # what was typed into it is then there again
    }


def card_modal(card: Card, origin: Origin) -> Element:
    """A card in the place of the form that led to it. With inputs of its own it needs a button to send."""
    view = {
        **_frame(CARD, _short(SYMBOLS[card.severity] + card.title), origin),
        "blocks": blocks(card, "modal"),
    }
    if card.inputs:
        view["submit"] = plain("Done", TITLE)
    return view


def loading(origin: Origin) -> Element:
    """What opens at once, while the trigger lives, to be filled as soon as the answer is there."""
    wait = "One moment … If nothing comes within ten seconds, close this and try again: nothing is lost."
    body = [{"type": "context", "elements": [plain(wait, 200)]}]
    return {**_frame(LOADING, ANY, origin), "blocks": body}


def home(card: Card) -> Element:
    return {"type": "home", "callback_id": "home", "blocks": blocks(card, "home")}


def _short(title: str) -> str:
    """For a frame: the whole title stands below it."""
    return title if len(title) <= TITLE else ANY


def _frame(callback_id: str, title: str, origin: Origin) -> Element:
    return {
        "type": "modal", "callback_id": callback_id, "title": plain(title, TITLE),
        "close": plain("Close", TITLE), "private_metadata": cut(origin.model_dump_json(), 3_000),
    }  # fmt: skip


def _empty() -> list[Element]:
    return [{"type": "context", "elements": [plain("Nothing to fill in.", 200)]}]
