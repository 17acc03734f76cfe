"""Whole numbers as people write them: `3`, `three`, `forty-two`."""

from __future__ import annotations

import re

from rules.quantity_tokens import WORDS

_ONES = {word: number for word, number in WORDS.items() if 0 < number < 10}
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_WORDS = {word: number for word, number in {**WORDS, **_TENS}.items() if number}
_SPELT = "|".join(
    [rf"(?:{'|'.join(_TENS)})[ -](?:{'|'.join(_ONES)})", *sorted(_WORDS, key=len, reverse=True)],
)
# One to three digits that are no part of a longer number, or number words; never a decimal, a date or a
# share.
NUMBER = rf"(?:(?<![\d.,/:-])\d{{1,3}}(?![.,]\d)(?!\d)|(?<![\w-])(?:{_SPELT})(?!\w))"


def whole(text: str) -> int | None:
    """The number that `text` says, or None."""
    text = text.strip().lower()
    if text.isascii() and text.isdecimal():
        return int(text)
    parts = re.split(r"[ -]", text)
    return sum(_WORDS[part] for part in parts) if all(part in _WORDS for part in parts) else None
