"""Slack's ids of channels in an answer about settings, drawn by Slack as the names that they have now.

Only ids that the settings hold: Slack refuses a whole message for one that it does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.slack.text import CHANNEL, Element

_SOME = re.compile(rf"\b{CHANNEL.pattern}\b")


def named(shown: Element, settings: Callable[[], Mapping[str, Any]]) -> Element:
    """A message or a view with names for the channels that the settings hold. Blocks: it asks the store where
    there is any id at all."""
    blocks = shown.get("blocks", ())
    if not _SOME.search(json.dumps(blocks)):
        return shown
    ids = {text for text in _texts(settings()) if CHANNEL.fullmatch(text)}
    if not ids:
        return shown
    split = re.compile(rf"\b({'|'.join(map(re.escape, sorted(ids)))})\b")
    more = {"text": split.sub(r"<#\1>", shown["text"])} if "text" in shown else {}
    return {**shown, **more, "blocks": [_block(block, split) for block in blocks]}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


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
            yield {"type": "channel", "channel_id": piece}
        elif piece:
            yield {**element, "text": piece}
