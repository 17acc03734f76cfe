"""Which words are names, and which are none though they are written like one: lists in `words/`, read when a
text is first looked at."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "'": None, "’": None})


@cache
def words(name: str) -> frozenset[str]:
    """One of the lists: `surnames`, `forenames`, `ordinary`, `field`."""
    text = (Path(__file__).parent / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@lru_cache(4096)
def fold(word: str) -> str:
    """Small letters from a to z, and hyphens: how the lists have it."""
    low = word.lower().translate(_LETTERS)
    if low.isascii():
        return low
    return "".join(mark for mark in unicodedata.normalize("NFKD", low) if not unicodedata.combining(mark))


# Too short, or too often something else, for what they stand beside to be asked about.
STOP = frozenset(
    """a about above after again against all also although am an and any are as at back be because been before
    being below between both but by can could did do does doing done down due during each either else even
    ever every few for from further get gets getting give given gave go goes going got had has have having he
    her here hers herself him himself his how i if in into is it its itself just left less like made make
    many me might mine more most much must my myself near neither never next no nobody none nor not nothing
    now of off on once one only onto or other our ours out over own per please put rather right said same
    says see seen she should since so some still such than that the their theirs them then there these they
    this those though through till to told too two under until up upon us very was we well went were what
    when where whether which while who whole whom whose why will with within without would yes yet you your
    ct mr mri pet us cxr axr ok re dr mrs ms""".split()
)
