"""Which words of a message are its author's own: what is quoted was said by somebody else, or some time ago,
and what is struck out is said no more."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from bot.core.messages import Aside

if TYPE_CHECKING:
    from bot.teams.activity import Activity

_ELEMENT = re.compile(
    r"<(?P<end>/?)(?P<name>blockquote|s|strike|del|span)(?P<look>\s[^<>]*)?>", re.IGNORECASE
)
_QUOTE = "blockquote"
_STRUCK = re.compile(r"line-through", re.IGNORECASE)
_MARK = re.compile(r"<at\s[^<>]*>", re.IGNORECASE)
_ANY = re.compile(r"<[^<>]*>")
# What a client adds by itself: the text again, and cards, such as of the page that a link leads to.
_NO_FILE = re.compile(r"text/html$|application/vnd\.microsoft\.(?:teams\.)?card\.")
_FORWARDED = frozenset({"forwardedMessageReference", "messageReference"})
_CALLED = re.compile(r"<span\s[^<>]*schema\.skype\.com/Mention[^<>]*>([^<>]*)</span>", re.IGNORECASE)


def marked_up(activity: Activity) -> tuple[str, bool]:
    """What was written with the marks of how it looks, and is it HTML throughout? That comes beside the text,
    in which it is all run together."""
    text = activity.text
    for one in activity.attachments:
        content = _CALLED.sub(r"<at>\1</at>", one.content) if one.kind == "text/html" else ""
        if content and (_letters(content) == _letters(text) or _ELEMENT.search(content)):
            return _MARK.sub("<at>", content), True
    return text, False


def own(text: str, activity: Activity) -> tuple[str, tuple[Aside, ...]]:
    """The text without what is quoted and what is struck out; which of them there was, and files. That the
    bot's own words are quoted is nothing that anybody said."""
    kept, left = "", list[Aside]()
    kinds = {one.kind for one in activity.attachments}
    if any(one.by != activity.bot_id or not one.by for one in activity.quotes):
        left.append("quoted")
    begun, inside, depth = 0, "", 0
    for mark in _ELEMENT.finditer(text):
        name, look = mark["name"].lower(), mark["look"] or ""
        if look.endswith("/"):
            continue
        if inside == name:
            depth += -1 if mark["end"] else 1
            if not depth:
                left += _left(text[begun : mark.start()], name, activity)
                begun, inside = mark.end(), ""
        elif not inside and not mark["end"] and (name != "span" or _STRUCK.search(look)):
            kept += text[begun : mark.start()] + ("\n" if name == _QUOTE else "")
            begun, inside, depth = mark.end(), name, 1
    if inside:  # what is not closed goes to the end
        left += _left(text[begun:], inside, activity)
    if kinds & _FORWARDED:
        left.append("forwarded")
    if any(kind not in _FORWARDED and not _NO_FILE.match(kind) for kind in kinds):
        left.append("attached")
    return kept + ("" if inside else text[begun:]), tuple(dict.fromkeys(left))


def _left(inner: str, name: str, activity: Activity) -> list[Aside]:
    bots = bool(activity.bot_id) and f'"{activity.bot_id}"' in inner
    if not _letters(inner) or (name == _QUOTE and bots):
        return []
    return ["quoted" if name == _QUOTE else "struck out"]


def _letters(marked: str) -> str:
    return "".join(filter(str.isalnum, html.unescape(_ANY.sub("", marked))))
