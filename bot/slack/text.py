"""Plain text within Slack's limits, and the little markup that Slack understands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.core.messages import Aside
from bot.core.refused import LONGEST_TEXT
from bot.core.words.looks import without_looks, without_struck

Element = dict[str, Any]

PERSON = re.compile(r"[UW][A-Z0-9]{2,}")  # an id of Slack's, whole
CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
_LINK = re.compile(r"https://[^\s<>\"'“”()]+[^\s<>\"'“”().,;:!?]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BACK = {"amp": "&", "lt": "<", "gt": ">"}


def words_in(blocks: object) -> str:
    """What blocks say, a line each."""
    lines = ["".join(_texts(block)).strip() for block in (blocks if isinstance(blocks, list) else [])]
    return "\n".join(filter(None, lines))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from _texts(part)
            if isinstance(part, dict) and part.get("type") in ("rich_text_section", "mrkdwn", "plain_text"):
                yield "\n"
    elif isinstance(node, dict):
        if isinstance(text := node.get("text"), str):
            yield text
        for key in ("text", "message", "blocks", "fields", "elements", "rows"):
            yield from _texts(node.get(key))


def escape(text: str) -> str:
    """For `text` beside blocks, the one place where we send markup."""
    return re.sub("[&<>]", lambda match: _ENTITIES[match[0]], text)


def unescape(text: str) -> str:
    """What a person typed, of what Slack hands on: entities back, <https://a|b> and <mailto:…|…> as their
    label."""
    if len(text) > LONGEST_TEXT:  # it is refused as it is
        return text
    if "<" not in text and "&" not in text:
        return text
    text = re.sub(r"<(?:https?|mailto|tel):[^|<>]+\|([^<>]+)>", r"\1", text)
    text = re.sub(r"<((?:https?|mailto|tel):[^|<>]+)>", r"\1", text)
    return re.sub("&(amp|lt|gt);", lambda match: _BACK[match[1]], text)


# A line that is quoted, or all that follows.
_QUOTED = re.compile(r"^&gt;(?:&gt;&gt;[\s\S]*|.*)", re.MULTILINE)


def heard(text: str) -> tuple[str, tuple[Aside, ...]]:
    """The author's own words: without the marks of how they look, what is quoted and what is struck out; and
    which of these there was."""
    if len(text) > LONGEST_TEXT:  # it is refused as it is
        return unescape(text), ()
    own, quoted = _QUOTED.subn("", text)
    if quoted and not re.search(r"\w", own):  # ">25 mSv" alone is an answer
        own, quoted = text, 0
    own, struck = without_struck(own)
    aside: tuple[Aside, ...] = (*(("quoted",) if quoted else ()), *(("struck out",) if struck else ()))
    return without_looks(unescape(own)), aside


def cut(text: str, longest: int) -> str:
    """The text, or its beginning up to a word, with an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    space = head.rfind(" ")
    return (head[:space] if space > longest // 2 else head).rstrip() + "…"


def plain(text: str, longest: int) -> Element:
    """A plain_text object: Slack reads no markup in it. It may not be empty."""
    return {"type": "plain_text", "text": cut(text, longest) or "–"}


def pieces(text: str, longest: int) -> Iterator[str]:
    """The text in parts of at most `longest` characters, divided at a line, else at a word, else anywhere."""
    while len(text) > longest:
        head = text[:longest]
        at = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0)
        if at < longest // 2:
            at = longest
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    if text:
        yield text


def runs(text: str, *, bold: bool = False) -> list[Element]:
    """Rich text: what was written, letter by letter, with links that can be followed."""
    style: Element = {"style": {"bold": True}} if bold else {}
    found: list[Element] = []
    at = 0
    for match in _LINK.finditer(text):
        if match.start() > at:
            found.append({"type": "text", "text": text[at : match.start()], **style})
        found.append({"type": "link", "url": match[0], **style})
        at = match.end()
    if at < len(text):
        found.append({"type": "text", "text": text[at:], **style})
    return found
