"""What stands on a message or a view, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.slack_state import Message, View, elements_of


def blocks_of(surface: Message | View) -> list[dict[str, Any]]:
    return surface.blocks if isinstance(surface, Message) else surface.content["blocks"]


def buttons(surface: Message | View) -> list[str]:
    return [e["text"]["text"] for _, e in elements_of(blocks_of(surface)) if e["type"] == "button"]


def labels(surface: Message | View) -> list[str]:
    return [block["label"]["text"] for block in blocks_of(surface) if block["type"] == "input"]


def button_of(blocks: list[dict[str, Any]], label: str) -> tuple[dict[str, Any], dict[str, Any]]:
    found = {e["text"]["text"]: (b, e) for b, e in elements_of(blocks) if e["type"] == "button"}
    assert label in found, f"no button {label!r}, only {list(found)}"
    return found[label]


def input_of(blocks: list[dict[str, Any]], label: str) -> tuple[dict[str, Any], dict[str, Any]]:
    found = [b for b in blocks if b["type"] == "input" and b["label"]["text"].startswith(label)]
    assert found, f"no input {label!r}, only {[b['label']['text'] for b in blocks if b['type'] == 'input']}"
    return found[0], found[0]["element"]


def words(surface: Message | View | None) -> str:
    """Everything that stands on a message or a view, for reading."""
    assert surface is not None
    lines: list[str] = []
    if isinstance(surface, View) and "title" in surface.content:
        lines.append(surface.content["title"]["text"])
    if isinstance(surface, Message) and not surface.blocks:
        lines.append(surface.text)
    for block in blocks_of(surface):
        lines.append("".join(_texts(block)))
    return "\n".join(lines)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if node.get("type") == "rich_text_section":
            yield from (part for run in node["elements"] for part in _texts(run))
            yield "\n"
            return
        if node.get("type") == "user":
            yield f"<@{node['user_id']}>"
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value + ("" if node.get("type") == "text" else "\n")
            elif isinstance(value, (dict, list)) and key != "style":
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
