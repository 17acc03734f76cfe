"""A card within the size that Teams takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.teams.inputs import Element
from bot.teams.markup import plain, shorten, text_block

MAX_BYTES = 24 * 1024  # Teams takes 25 KB; the rest is for its own additions
SHORTENED = "Shortened to fit into one message. The whole text is in the record."


def size(drawn: Mapping[str, Any]) -> int:
    """Bytes as JSON."""
    return len(json.dumps(drawn, ensure_ascii=False, separators=(",", ":")).encode())


def fit(drawn: Element) -> Element:
    """The card within the size that Teams takes: the longest texts are cut first, and the card says so."""
    if size(drawn) <= MAX_BYTES:
        return drawn
    body = [*drawn["body"], text_block(plain(SHORTENED), isSubtle=True)]
    drawn = drawn | {"body": body}
    for limit in (4000, 2000, 1000, 500, 250, 120):
        drawn = _cut(drawn, limit)
        if size(drawn) <= MAX_BYTES:
            return drawn
    return drawn | {"body": _without_last(drawn["body"], size(drawn) - MAX_BYTES)}


def _without_last(body: list[Element], over: int) -> list[Element]:
    """Many short lines: the last go; inputs, the first lines and the word that it was shortened stay."""
    kept = []
    for index in reversed(range(len(body))):
        if over > 0 and 3 < index < len(body) - 1 and not body[index]["type"].startswith("Input."):
            over -= size(body[index]) + 1  # its comma
        else:
            kept.append(body[index])
    return kept[::-1]


def _cut(node: Any, limit: int) -> Any:
    if isinstance(node, list):
        return [_cut(item, limit) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: shorten(value, limit)
        if (node.get("type"), key) == ("TextBlock", "text")
        else [fact | {"value": shorten(fact["value"], limit)} for fact in value]
        if key == "facts"
        else _cut(value, limit)
        for key, value in node.items()
    }
