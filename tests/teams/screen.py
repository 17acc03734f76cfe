"""What stands on an Adaptive Card, read back as the card or the form that a person sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.cards import (
    Block,
    Bullets,
    Button,
    Card,
    Folded,
    Form,
    Input,
    InputKind,
    Option,
    Pairs,
    Text,
    Weight,
)
from tests.fakes.card_limits import walk

TIME = "~time"
_ESCAPED = re.compile(r"\\([\\*_\[\]`~\-+#>.)])")
_MARK = re.compile("^[✓◷⚠] ")
_ONE_LINE = {"Input.Date": InputKind.DATE, "Input.Text": InputKind.TEXT}


def seen(card: Mapping[str, Any]) -> Card | Form:
    """What is folded stands in `Folded`, below the title of the button that shows it."""
    head, *body = card["body"]
    title = _MARK.sub("", _plain(head["items"][0]["text"]))
    blocks = tuple(block for node in body for block in _block(node))
    executes = [node for _, node in walk(card) if node.get("type") == "Action.Execute"]
    buttons = tuple(
        Button(one["title"], one["data"]["irmer"]["do"], one["data"]["irmer"]["of"])
        for one in executes
        if "do" in one["data"]["irmer"]
    )
    for one in executes:
        ours = one["data"]["irmer"]
        if "form" in ours:
            return Form(ours["form"], ours["key"], title, blocks, one["title"], buttons)
    return Card(title, blocks, buttons)


def _block(node: Mapping[str, Any]) -> Iterator[Block]:
    kind = node["type"]
    if kind == "TextBlock":
        yield from _words(node)
    elif kind == "FactSet":
        yield Pairs(tuple((_plain(one["title"]), _plain(one["value"])) for one in node["facts"]))
    elif kind == "Table":
        rows = ([cell["items"][0]["text"] for cell in row["cells"]] for row in node["rows"])
        yield Bullets(tuple(" · ".join(map(_plain, row)) for row in rows))
    elif kind == "Container":
        row, hidden = node["items"]
        assert row["actions"][0]["targetElements"] == [hidden["id"]]
        blocks = tuple(block for one in hidden["items"] for block in _block(one))
        assert hidden["isVisible"] is False
        yield Folded(row["actions"][0]["title"], blocks)
    elif kind.startswith("Input.") and not node["id"].endswith(TIME):
        yield _input(node)


def _words(node: Mapping[str, Any]) -> Iterator[Block]:
    lines = node["text"].split("\r")
    if all(line.startswith("- ") for line in lines):
        yield Bullets(tuple(_plain(line[2:]) for line in lines))
        return
    weight = Weight.WARNING if node["text"].startswith("⚠ ") else Weight.NORMAL
    yield Text(_MARK.sub("", _plain(node["text"])), weight)


def _input(node: Mapping[str, Any]) -> Input:
    choices = InputKind.CHOICES if node.get("isMultiSelect") else InputKind.CHOICE
    kind = _ONE_LINE.get(node["type"], choices)
    options = tuple(Option(one["value"], one["title"]) for one in node.get("choices", ()))
    return Input(
        node["id"], node["label"], InputKind.LINES if node.get("isMultiline") else kind, options,
        str(node.get("value", "")), required=bool(node.get("isRequired")),
    )  # fmt: skip


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).replace("\u2060", "")
