"""A message made ready to be read: one form of each character, what has been cut out of it, and its tags."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Any

from bot.core.days.grammar import small
from bot.core.days.numbers import whole
from bot.core.reader.lexicon import expression
from bot.core.reader.tags import Tagged
from rules.quantity_tokens import plain

_REMOVED, _REPEATED, _LABELS, _CLOCK = map(expression, ("removed", "repeated", "labels", "clock"))
_WEEKS, _OF_A_BABY, _BABY_OF = map(expression, ("weeks", "of_a_baby", "baby_of"))
_ABBREVIATED, _DICTATED = expression("abbreviated", re.I), expression("dictated", re.I)
_MARKS = {"&": "-", "n": "-", "full": ".", "comma": ",", "question": "?", "new": "\n"}
# Nobody writes more than this about one incident; what stands between is masked, but not read.
READ_AT_MOST, READ_OF_THE_END = 3_000, 1_000

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "\t": " ", "\r": "\n", "\0": " "})


class Page:
    """`text` keeps its capitals, `low` does not; both have the same length, so positions serve for both.

    `rest` is `low` with what has been cut out of it blanked, so that no number is understood twice.
    """

    def __init__(self, masked: str) -> None:
        self.cut_short = len(masked) > READ_AT_MOST + READ_OF_THE_END
        self._pieces: list[tuple[str, int, int, Any]] = []
        self._masked = masked
        self.text, self._shifts = _read_of(masked, self.cut_short)
        self.low = small(self.text)
        self.rest = self.low
        for match in _REMOVED.finditer(self.low):
            self.cut("mask", *match.span())
        for match in _LABELS.finditer(self.rest):
            self.cut("label", *match.span())

    def cut(self, tag: str, start: int, end: int, value: Any = None) -> None:
        """What stands there is one token with this tag, and is not read as anything else."""
        self._pieces.append((tag, start, end, value))
        self.rest = f"{self.rest[:start]}{' ' * (end - start)}{self.rest[end:]}"

    def cut_weeks(self) -> None:
        """ "4/12 old" is four months, "5/40" five weeks of a pregnancy, and neither is a day."""
        for match in _WEEKS.finditer(self.rest):
            number, unit, before = int(match["n"]), match["unit"], self.rest[: match.start()][-16:]
            if unit == "40":
                self.cut("gestation", *match.span(), number)
            elif _OF_A_BABY.match(self.rest, match.end()) or _BABY_OF.search(before):
                self.cut("part_of_year", *match.span(), number // 12 if unit == "12" else 0)

    @cached_property
    def tagged(self) -> Tagged:
        """The tags, once everything has been cut out that is no word."""
        clocks = (("clock", *match.span(), None) for match in _CLOCK.finditer(self.rest))
        return Tagged(self.text, self.low, [*self._pieces, *clocks])

    def words(self, start: int, end: int) -> str:
        """As they were written."""
        return " ".join(self._masked[self._place(start) : self._place(end - 1) + 1].split())

    def _place(self, position: int) -> int:
        at = bisect_right(self._shifts, (position, len(self._masked))) - 1
        return position + self._shifts[at][1] if at >= 0 else position


def _read_of(masked: str, cut_short: bool) -> tuple[str, list[tuple[int, int]]]:
    """The text to read, and from which of its positions on the masked text is how far ahead of it."""
    whole, shifts, skipped, begun = masked, [(0, 0)], 0, len(masked)
    if cut_short:
        # No word or number is cut in two.
        begun = masked[:READ_AT_MOST].rfind(" ") + 1
        ended = masked.find(" ", len(masked) - READ_OF_THE_END) + 1 or len(masked)
        whole, skipped = f"{masked[:begun]}\n{masked[ended:]}", ended - begun - 1
    flat = plain(whole.translate(_QUOTES))
    flat = _ABBREVIATED.sub(lambda match: f"{match[0][:-1]} ", flat)
    flat = _DICTATED.sub(lambda match: _as_typed(match).ljust(len(match[0])), flat)
    pieces, at, length = [], 0, 0
    for match in _REPEATED.finditer(flat):
        kept = "\n" if "\n" in match[0] else match[1] * 3 if match[1] else ""
        pieces += [flat[at : match.start()], kept]
        length += match.start() - at + len(kept)
        at = match.end()
        shifts.append((length, at - length + (skipped if at > begun else 0)))
    pieces.append(flat[at:])
    return "".join(pieces), shifts


def _as_typed(said: re.Match[str]) -> str:
    """ "sixteen point two" and "full stop", as a machine writes down what it hears."""
    if not said["number"]:
        return _MARKS[said[0].split()[0].lower()]
    return f"{whole(said['number']) or 0}.{''.join(str(whole(word) or 0) for word in said['tenths'].split())}"
