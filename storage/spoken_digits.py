"""Digits that are read out in words, as on the telephone: "nine four three", "treble nine"."""

from __future__ import annotations

import re

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPELT = {word: str(digit) for digit, word in enumerate(_WORDS)} | {"oh": "0", "nought": "0"}
_TIMES = {"double": 2, "treble": 3, "triple": 3}
_DIGIT_WORD = rf"(?:(?:(?:{'|'.join(_TIMES)})[\W_]{{1,3}})?(?:{'|'.join(_SPELT)}))"
_DIGITS_SAID = rf"(?:{_DIGIT_WORD}|(?:(?:{'|'.join(_TIMES)})[\W_]{{1,3}})?\d{{1,4}})"
# "Nine four three, four seven six ..." or "treble nine, double zero ...": as it is read out on the telephone.
_READ_OUT = re.compile(
    rf"(?<![^\W_])(?:{_DIGIT_WORD}|(?:{'|'.join(_TIMES)})\s\d)(?:[\W_]{{1,3}}{_DIGITS_SAID}){{3,}}(?![^\W_])",
    re.I,
)
_ONE_WORD = re.compile(
    rf"(?<![^\W_])(?:(?P<times>{'|'.join(_TIMES)})[\W_]{{1,3}})?(?P<digit>{'|'.join(_SPELT)}|\d(?!\d))"
    r"(?![^\W_])",
    re.I,
)
# Two of it beside each other, in small letters: is there a run at all?
_SAID_TOGETHER = re.compile(
    rf"(?:{'|'.join((*_SPELT, *_TIMES))})[\W_]{{1,3}}(?:{'|'.join((*_SPELT, *_TIMES))}|\d)"
)
_PAUSES = str.maketrans(",;", "  ")


def words_for_digits(text: str) -> int:
    """As many as there are at most: the "one" in "none" is counted too."""
    low = text.lower()
    return sum(map(low.count, _SPELT)) + 2 * sum(map(low.count, _TIMES))


def read_out_in(text: str) -> bool:
    """May digits be read out in it? Cheap."""
    low = text.lower()
    return bool(_SAID_TOGETHER.search(low)) if text.isascii() else words_for_digits(text) > 0


def in_figures(text: str) -> str:
    """With figures in the place of what is read out, place by place."""
    return _READ_OUT.sub(lambda run: _ONE_WORD.sub(_as_digit, run[0]).translate(_PAUSES), text)


def _as_digit(match: re.Match[str]) -> str:
    digit = _SPELT.get(match["digit"].lower(), match["digit"])
    return (digit * _TIMES.get((match["times"] or "").lower(), 1)).ljust(len(match[0]))


def spelt(text: str) -> list[tuple[int, int]]:
    """Where seven digits or more are read out in words, be they whatever number."""
    runs = _READ_OUT.finditer(text) if words_for_digits(text) >= 4 and read_out_in(text) else ()
    return [run.span() for run in runs if sum(map(str.isdigit, _ONE_WORD.sub(_as_digit, run[0]))) >= 7]
