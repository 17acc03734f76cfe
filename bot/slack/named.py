"""Slack's ids of people and channels in an answer about settings, drawn by Slack as those they stand for.

Only ids that the settings hold: Slack refuses a whole message for one that it does not know. Only in what one
person sees: elsewhere it would call everybody who is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack.text import CHANNEL, PERSON, Element


def ids_in(settings: Mapping[str, Any]) -> frozenset[str]:
    """The ids of people and channels that a tenant's settings hold."""
    return frozenset(text for text in _texts(settings) if PERSON.fullmatch(text) or CHANNEL.fullmatch(text))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def named(body: Element, ids: frozenset[str]) -> Element:
    """The message with names for these ids; as it is where it holds none."""
    if not ids:
        return body
    split = re.compile(rf"\b({'|'.join(map(re.escape, sorted(ids)))})\b")
    return {**body, "blocks": [_block(block, split) for block in body.get("blocks", ())]}


def _block(block: Element, split: re.Pattern[str]) -> Element:
    if block["type"] == "header" and split.search(block["text"]["text"]):  # it can hold no name
        text = {"type": "text", "text": block["text"]["text"], "style": {"bold": True}}
        section = {"type": "rich_text_section", "elements": [*_runs(text, split)]}
        return {"type": "rich_text", "elements": [section]}
    if block["type"] != "rich_text":
        return block
    return {
        **block,
        "elements": [
            {**section, "elements": [run for each in section["elements"] for run in _runs(each, split)]}
            for section in block["elements"]
        ],
    }


def _runs(element: Element, split: re.Pattern[str]) -> Iterator[Element]:
    if element["type"] != "text":
        yield element
        return
    for number, piece in enumerate(split.split(element["text"])):
        if number % 2:
            kind = "user" if PERSON.fullmatch(piece) else "channel"
            yield {"type": kind, f"{kind}_id": piece}
        elif piece:
            yield {**element, "text": piece}
