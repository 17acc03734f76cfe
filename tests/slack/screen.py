"""What stands on a message or a dialog of Slack, read back as the card or the form that a person sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.cards import Block, Bullets, Button, Card, Form, Input, InputKind, Option, Pairs, Text, Weight
from bot.slack.views import FORM, LOADING, Origin
from tests.fakes.slack_seen import blocks_of
from tests.fakes.slack_state import Message, View, initial

NOTHING = "-"
_MARK = re.compile("^[✔⏳❗⚠] ")
_KINDS = {
    "static_select": InputKind.CHOICE,
    "radio_buttons": InputKind.CHOICE,
    "checkboxes": InputKind.CHOICES,
    "multi_static_select": InputKind.CHOICES,
    "datepicker": InputKind.DATE,
    "users_select": InputKind.USER,
    "multi_users_select": InputKind.USERS,
    "conversations_select": InputKind.CHANNEL,
}


def seen(surface: Message | View) -> Card | Form | None:
    """None where there is nothing to read yet."""
    title, blocks, buttons = _read(surface)
    if isinstance(surface, View) and surface.content["callback_id"] == LOADING:
        return None
    if isinstance(surface, View) and surface.content["callback_id"] == FORM:
        origin = Origin.loaded(surface.content["private_metadata"])
        title = f"{surface.content['title']['text']} {title}".strip()
        return Form(origin.form, origin.key, title, blocks, buttons=buttons)
    sent = [button for button in buttons if button.action.startswith("slack.submit:")]
    if sent:  # a form that stands in a message
        others = tuple(button for button in buttons if button is not sent[0])
        return Form(sent[0].action.partition(":")[2], sent[0].value, title, blocks, buttons=others)
    return Card(title, blocks, buttons)


def _read(surface: Message | View) -> tuple[str, tuple[Block, ...], tuple[Button, ...]]:
    title, found = "", list[Block]()
    buttons: list[Button] = []
    for number, block in enumerate(blocks_of(surface)):
        kind = block["type"]
        if kind == "actions":
            buttons += [_button(one) for one in block["elements"] if one["type"] == "button"]
        elif kind == "input":
            found += _input(block, surface)
        elif kind == "header":
            title = _MARK.sub("", block["text"]["text"])
        elif kind == "rich_text" and number == 0 and not title and _is_bold(block):
            title = _MARK.sub("", _text(block))
        else:
            found += _words(block)
    return title, tuple(found), tuple(buttons)


def _button(element: Mapping[str, Any]) -> Button:
    return Button(
        element["text"]["text"], element["action_id"].partition(":")[2], element.get("value", ""),
        element.get("style", "default"), element.get("confirm", {}).get("text", {}).get("text", ""),
    )  # fmt: skip


def _input(block: Mapping[str, Any], surface: Message | View) -> Iterator[Input]:
    element = block["element"]
    name = element["action_id"]
    if name.endswith(".time") or re.search(r"\.(word|line|part)\d+$", name):
        return
    kind = InputKind.LINES if element.get("multiline") else InputKind.TEXT
    options = tuple(
        Option("" if one["value"] == NOTHING else one["value"], one["text"]["text"])
        for one in element.get("options", ())
    )
    state = surface.typed.get((block["block_id"], name)) or initial(element)
    yield Input(
        name, block["label"]["text"], _KINDS.get(element["type"], kind), options, value_of(state),
        required=not block.get("optional"), live=bool(block.get("dispatch_action")),
    )  # fmt: skip


def value_of(state: Mapping[str, Any]) -> str:
    """What stands in an input, as core knows it."""
    value = next(value for key, value in state.items() if key != "type")
    if isinstance(value, list):
        return ",".join(one["value"] if isinstance(one, dict) else one for one in value)
    if isinstance(value, dict):
        return "" if value["value"] == NOTHING else str(value["value"])
    return str(value or "")


def _words(block: Mapping[str, Any]) -> Iterator[Block]:
    kind = block["type"]
    if kind == "context":
        yield Text("".join(one["text"] for one in block["elements"]), Weight.SUBTLE)
    elif kind == "alert":
        yield Text(block["text"]["text"], Weight.WARNING)
    elif kind == "rich_text":
        for part in block["elements"]:
            if part["type"] == "rich_text_list":
                yield Bullets(tuple(_text(one) for one in part["elements"]))
            elif part["type"] == "rich_text_quote":
                yield Text(_MARK.sub("", _text(part)), Weight.WARNING)
            else:
                yield from _section(part)
    elif kind == "table":
        yield Bullets(tuple(" · ".join(cell["text"] for cell in row) for row in block["rows"]))


def _section(part: Mapping[str, Any]) -> Iterator[Block]:
    """A paragraph, or lines of a bold label and its value."""
    pairs: list[tuple[str, str]] = []
    for run in part["elements"]:
        words = run.get("text") or run.get("url") or run.get("user_id", "")
        if run.get("style", {}).get("bold") and words.endswith(": "):
            pairs.append((words.strip().removesuffix(":"), ""))
        elif pairs:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] + words)
    yield (
        Pairs(tuple(pairs))
        if pairs
        else Text(_text(part), Weight.STRONG if _is_bold(part) else Weight.NORMAL)
    )


def _text(node: Mapping[str, Any]) -> str:
    if "elements" in node:
        return "".join(map(_text, node["elements"]))
    return str(node.get("text") or node.get("url") or node.get("user_id", ""))


def _is_bold(node: Mapping[str, Any]) -> bool:
    if "elements" in node:
        return bool(node["elements"]) and all(map(_is_bold, node["elements"]))
    return bool(node.get("style", {}).get("bold"))
