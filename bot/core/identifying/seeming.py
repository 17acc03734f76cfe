"""A text is looked through for all of it at once, place by place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.identifying.marks import NAME, marks
from bot.core.identifying.naming import names
from storage.identifiers import MASK

# What stands where something was taken out of a text.
LEFT_OUT = "[removed]"
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_ORDINARY = str.maketrans(f"０１２３４５６７８９‐‑‒–—―’‘{_BLANKS}", "0123456789------''" + " " * len(_BLANKS))


@dataclass(frozen=True, repr=False)
class Seeming:
    """What it seems to be, in words, and where it stands, the end exclusive. It does not tell the text."""

    what: str
    start: int
    end: int

    def __repr__(self) -> str:
        return f"<{self.what}>"


def find(text: str) -> tuple[Seeming, ...]:
    """What seems to tell who somebody is, in the order of the text; what overlaps is one."""
    flat, places = _flat(text)
    found = [(start, end, what) for what, start, end in marks(flat)]
    found += [(start, end, NAME) for start, end in names(flat.replace(MASK, "·" * len(MASK)))]
    joined: list[tuple[int, int, str]] = []
    for start, end, what in sorted(found):
        if joined and start < joined[-1][1]:
            before = joined.pop()
            start, end, what = before[0], max(before[1], end), before[2]
        joined.append((start, end, what))
    return tuple(Seeming(what, places[start], places[end - 1] + 1) for start, end, what in joined)


def _flat(text: str) -> tuple[str, Sequence[int]]:
    """The text with ordinary digits, dashes and blanks and nothing that is not seen, and where each of it
    stood."""
    if text.isascii():
        return text, range(len(text))
    flat = text.translate(_ORDINARY)
    if flat.isascii():
        return flat, range(len(text))
    places = [at for at, mark in enumerate(flat) if unicodedata.category(mark) != "Cf"]
    return "".join([flat[at] for at in places]), places


def without(text: str, found: Iterable[Seeming]) -> str:
    """The text with each of them taken out, and a mark in its place."""
    pieces, at = [], 0
    for one in found:
        pieces += [text[at : one.start], LEFT_OUT]
        at = one.end
    return "".join([*pieces, text[at:]])
