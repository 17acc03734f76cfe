"""Which words are names, and which are none though they are written like one: lists in `words/`, read when a
text is first looked at."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "'": None, "’": None})


@cache
def words(name: str) -> frozenset[str]:
    """One of the lists: `surnames`, `forenames`, `ordinary`, `field`."""
    text = (Path(__file__).parent / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _beside() -> dict[str, frozenset[str]]:
    text = (Path(__file__).parent / "words" / "beside.txt").read_text(encoding="utf-8")
    paragraphs = re.findall(r"^(\w+):(.*(?:\n[ ]+.*)*)", text, re.M)
    return {name: frozenset(found.split()) for name, found in paragraphs}


def beside(name: str) -> frozenset[str]:
    """The words of one paragraph of `words/beside.txt`, which say what stands beside them."""
    return _beside()[name]


@lru_cache(4096)
def fold(word: str) -> str:
    """Small letters from a to z, and hyphens: how the lists have it."""
    low = word.lower().translate(_LETTERS)
    if low.isascii():
        return low
    return "".join(mark for mark in unicodedata.normalize("NFKD", low) if not unicodedata.combining(mark))


STOP = beside("stop")
