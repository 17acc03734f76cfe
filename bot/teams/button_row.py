"""The buttons below a card, six in a row.

Each is an Execute: its press comes back as an invoke and is answered with the card's successor.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.cards import Button, Card, Form
from bot.teams.inputs import Element
from bot.teams.markup import plain, shorten, text_block

MAX_BUTTONS = 6
MAX_TITLE = 80
OURS = "irmer"  # the key of our own part of a button's data; inputs stand beside it
_STYLES = {"primary": "positive", "danger": "destructive"}


def buttons(shown: Card | Form) -> list[Element]:
    # What is left empty does not come back, so that a press says what was there to be filled in.
    inputs = {"shown": ",".join(part.name for part in shown.inputs)} if shown.inputs else {}
    whose = {"tenant": shown.tenant} if shown.tenant else {}
    if isinstance(shown, Card):
        return [_button(button, {**whose, **inputs}) for button in shown.buttons]
    payload = {"form": shown.name, "key": shown.key, **whose, **inputs}
    submit = _execute("submit", shown.submit, payload, "primary")
    # "Back" must work while a required input is empty.
    return [
        submit,
        *(
            _button(one, {**whose, **inputs}) if one.sends else _button(one, whose, associatedInputs="none")
            for one in shown.buttons
        ),
    ]


def _button(button: Button, beside: Mapping[str, str], **more: str) -> Element:
    payload = {"do": button.action, "of": button.value, **beside}
    if not button.ask:
        return _execute(button.action, button.label, payload, button.style) | more
    sure = _execute(button.action, f"Yes: {button.label}", payload, button.style) | more
    return {
        "type": "Action.ShowCard",
        "title": shorten(button.label, MAX_TITLE),
        "card": {
            "type": "AdaptiveCard",
            "body": [text_block(plain(button.ask))],
            "actions": [sure],
        },
    }


def _execute(verb: str, title: str, payload: Mapping[str, str], style: str) -> Element:
    look = {"style": _STYLES[style]} if style in _STYLES else {}
    title = shorten(title, MAX_TITLE)
    return {"type": "Action.Execute", "verb": verb, "title": title, "data": {OURS: dict(payload)}} | look


def in_rows(buttons: list[Element]) -> list[Element]:
    """Six at most: the rest stand behind "More", six to a row."""
    if len(buttons) <= MAX_BUTTONS:
        return buttons
    rest = buttons[MAX_BUTTONS - 1 :]
    rows = [
        {"type": "ActionSet", "actions": rest[start : start + MAX_BUTTONS]}
        for start in range(0, len(rest), MAX_BUTTONS)
    ]
    more = {"type": "Action.ShowCard", "title": "More …", "card": {"type": "AdaptiveCard", "body": rows}}
    return [*buttons[: MAX_BUTTONS - 1], more]
