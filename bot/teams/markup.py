"""Plain text in the places where Teams reads markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_EMPHASIS = re.compile(r"([\\*_\[\]`~])")
_LIST_OR_HEADING = re.compile(r"^(\s*)(?:([-+#>])|(\d+)([.)]))(?=\s)")
_TAG = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)


def plain(text: str) -> str:
    """One line of text so that it is shown as it stands: no emphasis, no list, no link, no mention,
    and nothing in angle brackets taken for a tag and left out."""
    text = _EMPHASIS.sub(r"\\\1", " ".join(text.split("\n")))
    text = _LIST_OR_HEADING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", text)
    return _TAG.sub("<\u2060", text)  # a word joiner: it is read as text, and breaks no line


def lines(text: str) -> list[str]:
    """The lines of a paragraph that hold anything, each as `plain`."""
    return [plain(line) for line in text.splitlines() if line.strip()]


def lines_of(items: Iterable[str]) -> str:
    """Lines of one paragraph. Carriage returns: every client breaks the line there."""
    return "\r".join(map(plain, items))


def bullets(items: tuple[str, ...]) -> str:
    """A list in markup."""
    return "\r".join(f"- {plain(item)}" for item in items)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip("\\ ") + "…"


def text_block(text: str, **look: Any) -> dict[str, Any]:
    """Of markup; it wraps, and is never empty, which Teams would not draw."""
    return {"type": "TextBlock", "text": text.strip() or "–", "wrap": True, **look}
