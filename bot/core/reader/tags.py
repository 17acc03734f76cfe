"""A message as a row of tags, and where patterns are found in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from bot.core.reader.patterns import CLAUSE, FILLING, SENTENCE, any_of, chars, code, one, pattern
from bot.core.reader.tokens import Piece, Token, tokens


class Hit:
    """Where a pattern was found: tokens `i` to `j`, characters `start` to `end`."""

    __slots__ = ("_match", "_tokens", "end", "i", "j", "start")

    def __init__(self, tokens: list[Token], i: int, j: int, match: re.Match[str] | None = None) -> None:
        self._tokens, self._match, self.i, self.j = tokens, match, i, j
        self.start, self.end = tokens[i].start, tokens[j - 1].end

    @property
    def _named(self) -> dict[str, Token]:
        """A name may stand in several alternatives of a pattern: then each has its number."""
        at = {group: self._match.start(group) for group in self._match.re.groupindex} if self._match else {}
        return {group.partition("__")[0]: self._tokens[i] for group, i in at.items() if i >= 0}

    def get(self, name: str) -> Token | None:
        """The token that a pattern's `name:tag` matched, if that part of it did."""
        return self._named.get(name)

    @property
    def name(self) -> str:
        """The name of the part that was matched, of a pattern whose alternatives have one each."""
        return next(iter(self._named), "")

    def __getitem__(self, name: str) -> Token:
        """The same, of a part that every match has."""
        return self._named[name]


class Tagged:
    """A message as a row of tags: `row` has one character for the tags of each token.

    What is looked for in it is a pattern over tags, or `@` and the name of one in `patterns.txt`.
    """

    def __init__(self, text: str, low: str, pieces: list[Piece]) -> None:
        self.text, self.low = text, low
        self.tokens = tokens(text, low, pieces)
        self._starts = [token.start for token in self.tokens]
        self._ends = [token.end for token in self.tokens]
        self.row = "".join([code(token.tags) for token in self.tokens])
        self._present = frozenset(self.row)

    def find(self, words: str, start: int = 0, end: int | None = None) -> Iterator[Hit]:
        found = pattern(words)
        if not found.may_match(self._present):
            return
        for match in found.anywhere.finditer(self.row, start, len(self.row) if end is None else end):
            i, j = match.span()
            while j > i and self.row[j - 1] in FILLING:
                j -= 1
            if j > i:
                yield Hit(self.tokens, i, j, match)

    def first(self, words: str, start: int = 0, end: int | None = None) -> Hit | None:
        return next(self.find(words, start, end), None)

    def before(self, words: str, i: int, reach: int = 12) -> Hit | None:
        """What the pattern finds directly before token `i`, fillers aside."""
        found = pattern(words)
        if not found.may_match(self._present):
            return None
        match = found.at_the_end.search(self.row, max(0, i - reach), i)
        return Hit(self.tokens, *match.span(), match) if match and match.end() > match.start() else None

    def starts(self, words: str, j: int) -> Hit | None:
        """What the pattern finds from token `j` on, fillers aside."""
        found = pattern(words)
        if not found.may_match(self._present):
            return None
        while j < len(self.row) and self.row[j] in FILLING:
            j += 1
        match = found.anywhere.match(self.row, j)
        return Hit(self.tokens, *match.span(), match) if match and match.end() > match.start() else None

    def put(self, i: int, tag: str, value: Any) -> None:
        """Token `i` is something else than it looked."""
        self.tokens[i] = self.tokens[i]._replace(tags=one(tag), value=value)
        self.row = f"{self.row[:i]}{code(one(tag))}{self.row[i + 1 :]}"
        self._present |= {self.row[i]}

    def span(self, i: int, j: int) -> Hit:
        return Hit(self.tokens, i, j)

    @cached_property
    def words_said(self) -> frozenset[str]:
        return frozenset(token.word for token in self.tokens)

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        """Where sentences and clauses end."""
        stops = [i for i, mark in enumerate(self.row) if mark in SENTENCE]
        return stops, [i for i, mark in enumerate(self.row) if mark in CLAUSE]

    def clause(self, i: int) -> tuple[int, int]:
        """The tokens between two pauses around token `i`, end exclusive."""
        return _around(self._bounds[1], i, len(self.row))

    def sentence(self, i: int) -> tuple[int, int]:
        return _around(self._bounds[0], i, len(self.row))

    def asks(self, i: int) -> bool:
        """Does the sentence end in a question mark?"""
        end = self.sentence(i)[1]
        return end < len(self.tokens) and "quest" in self.tokens[end].tags

    def has(self, *tags: str) -> bool:
        return not any(tags) or any_of(*tags).search(self.row) is not None

    def has_in(self, i: int, j: int, *tags: str) -> bool:
        return any_of(*tags).search(self.row, i, j) is not None

    def only(self, i: int, j: int, tag: str) -> bool:
        """Has every token from `i` to `j` one of a group's tags?"""
        return chars(tag).issuperset(self.row[i:j])

    def at(self, position: int) -> int:
        """The token that stands at a character of the text, or the next one."""
        return bisect_right(self._ends, position)

    def after(self, position: int) -> int:
        """The token after the one that ends at a character of the text."""
        return bisect_left(self._starts, position)

    def between(self, start: int, end: int) -> range:
        """The tokens from one character to another."""
        return range(self.at(start), self.after(end))

    def words(self, i: int, j: int) -> str:
        return self.low[self.tokens[i].start : self.tokens[j - 1].end] if i < j else ""


def _around(bounds: list[int], i: int, length: int) -> tuple[int, int]:
    at = bisect_left(bounds, i)
    return (bounds[at - 1] + 1 if at else 0), (bounds[at] if at < len(bounds) else length)
