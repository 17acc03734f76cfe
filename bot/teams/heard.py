"""What was said to the bot, out of a text as Teams sends it: with marks for mentions, and at times HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from bot.core.messages import Aside
from bot.core.refused import LONGEST_TEXT
from bot.core.words.looks import without_looks, without_struck
from bot.teams.activity import Activity, Called
from bot.teams.own_words import marked_up, own

_MENTION = re.compile(r"<at(?:\s[^<>]*)?>([^<>]*)</at>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# Each stands on lines of its own, and what is not taken off is read: of "<td>50 mSv" as more than 50 mSv.
_OWN_LINE = re.compile(
    r"(?:</?(?:p|div|li|ul|ol|tr|table|thead|tbody|tfoot|caption|colgroup|blockquote|pre|h[1-6]|hr)"
    r"(?:\s[^<>]*)?/?>\s*)+",
    re.IGNORECASE,
)
_CELL = re.compile(r"</?(?:td|th|col)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_POWER = re.compile(r"(?<=\w)<sup(?:\s[^<>]*)?>\s*([-−+]?\d+)\s*</sup>", re.IGNORECASE)
_ICON = re.compile(r"<(?:emoji|img)\s[^<>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\balt=(["'])(.*?)\1""", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:span|b|i|u|s|strong|em|del|strike|sub|sup|code|a|font|small|mark|emoji|img|attachment|quoted)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)
_UNSEEN = re.compile("[\u200b-\u200f\u2060\u2066-\u2069\u202a-\u202e\ufeff]")  # no width, or only a direction


def mentions_bot(activity: Activity) -> bool:
    """By an entity that names it, or by a mark of its name alone."""
    return activity.mentions_bot or any(_is_own(mark, activity) for mark in _MENTION.finditer(activity.text))


def words(activity: Activity, names: Mapping[str, str] | None = None) -> tuple[str, tuple[Aside, ...]]:
    """The author's own, the bot's mention taken off wherever it stands, in plain spaces and lines; and what
    else there was.

    `names` are what stands for the others who are mentioned, by the id of the mention; else their names stay.
    """
    if len(activity.text) > LONGEST_TEXT:  # it is refused as it is
        return activity.text, ()
    written, marked = marked_up(activity)
    text, aside = own(written, activity)
    for one in activity.called:
        if names and one.id in names:
            text = _with_name(text, one, names[one.id])
    text = _MENTION.sub(lambda match: " " if _is_own(match, activity) else match[1], text)
    text = _OWN_LINE.sub("\n", _BREAK.sub("\n", text))
    text = _POWER.sub(r"^\1", _CELL.sub(" ", text))
    text = (_ANY_TAG if marked else _TAG).sub("", _ICON.sub(_in_words, text))
    text = _UNSEEN.sub("", html.unescape(text))
    if len(text) > LONGEST_TEXT:
        return text, aside
    text, struck = without_struck(text)
    text = without_looks(text)
    lines = "\n".join(" ".join(line.split()) for line in text.strip().splitlines()).strip()
    return lines, tuple(dict.fromkeys((*aside, "struck out"))) if struck else aside


def _with_name(text: str, called: Called, instead: str) -> str:
    """The mention's mark, or what stands in its place: some clients send the entity without its text, and the
    name in the text with an attribute, after an @, or bare."""
    if called.text and called.text in text:
        return text.replace(called.text, instead, 1)
    name = re.escape(html.escape(called.name, quote=False)) if called.name else ""
    if not name:
        return text
    for found in (rf"<at(?:\s[^<>]*)?>\s*{name}\s*</at>", rf"@{name}(?!\w)", rf"(?<!\w){name}(?!\w)"):
        text, count = re.subn(found, lambda _: instead, text, count=1, flags=re.IGNORECASE)
        if count:
            break
    return text


def _in_words(icon: re.Match[str]) -> str:
    says = _ALT.search(icon[0])
    return says[2] if says else ""


def _is_own(match: re.Match[str], activity: Activity) -> bool:
    name = " ".join(html.unescape(match[1]).split()).casefold()
    return match[0] in activity.own_marks or name in {activity.bot_name.casefold(), "irmer"}
