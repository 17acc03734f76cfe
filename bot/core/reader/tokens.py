"""A message cut into tokens: a phrase of the lexicon ("set-up error"), a number, a quantity, a day, a mark or
any other word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.days.numbers import whole
from bot.core.reader.lexicon import MARKS, ROOT, Node, known
from bot.core.reader.patterns import one

_TOKEN = re.compile(
    r"(?P<end>\n)|(?P<query>(?<![^\s(,;:-])\?(?=[^\W\d]))|(?P<word>[a-z]+n't\b|'(?:s|ve|re|ll|d|m)\b|[^\W\d_]+)|(?P<nth>\d{1,3}(?=(?:st|nd|rd|th)\b)\w+)"
    r"|(?P<n>\d{1,3}(?:,\d{3})+(?!\d)|(?<!\d)\.\d+|\d+(?:\.\d+)?)"
    r"|(?P<glue>(?<=[^\W\d_])\.(?=[^\W\d_])|(?<=[^\W_])[-/](?=[^\W\d_])|(?<=[^\W\d_])[-/](?=[^\W_]))"
    r"|(?P<dot>\.(?![.\s]|\Z))|(?P<sign>[-=]+>|\.{2,}|[^\s\w]|_)"
)
# The prefixes that a hyphen may part from their word: "re-scanned", "over-exposed".
_PREFIXES = frozenset("re un mis over under pre post non mid dis".split())
_TENS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())
_NUMBER_AFTER = frozenset("x m f age aged of".split())
_LETTERS = re.compile(r"[^\W\d_]+\Z")
_WORD, _NUMBER, _GLUE = one("word"), one("n"), one("glue")
_SPELT_OUT = (_WORD, _NUMBER, one("label"))
_child = lru_cache(maxsize=4096)(ROOT.child)

_Kind = TypeVar("_Kind")
Piece = tuple[str, int, int, Any]


class Token(NamedTuple):
    """`tags` are what the lexicon says of the words, or what kind of number, quantity or mark it is. `start`
    and `end` are positions in the text. `value` is a number, a quantity, or what the lexicon says of each
    tag. `guess` is what a misspelt word was taken for: nothing that rests on it is certain."""

    tags: frozenset[str]
    start: int
    end: int
    word: str
    value: Any = None
    guess: str = ""

    def given(self, *kinds: type[_Kind]) -> _Kind | None:
        """The first value of such a kind that the lexicon gives the words."""
        values = self.value.values() if isinstance(self.value, dict) else ()
        return next((one for one in values if isinstance(one, kinds)), None)

    def of(self, tag: str) -> Any:
        """What the lexicon says of the words as this tag."""
        return self.value.get(tag) if isinstance(self.value, dict) else None


def tokens(text: str, low: str, pieces: Iterable[Piece]) -> list[Token]:
    """`pieces` have been cut out of the text already: (tag, start, end, value)."""
    cut = list(_words(low, sorted(pieces, key=lambda piece: piece[1])))
    return list(_phrases(_joined(cut), text))


def _words(low: str, pieces: list[Piece]) -> Iterator[Token]:
    at = 0
    for tag, start, end, value in pieces:
        if start < at:
            continue
        yield from _cut(low, at, start)
        yield Token(one(tag), start, end, low[start:end], value)
        at = end
    yield from _cut(low, at, len(low))


def _cut(low: str, start: int, end: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(low, start, end):
        kind, word = str(match.lastgroup), match[0]
        token = Token(one(MARKS.get(word, "sign") if kind == "sign" else kind), *match.span(), word)
        if kind == "word" and word[0] == "'":
            token = token._replace(start=token.start + 1)
        if kind == "n":
            before = _LETTERS.search(low, max(0, token.start - 8), token.start)
            # "x2", "F34" and "age14" hold a number, "L4" and "DR2" none.
            label = before is not None and before[0] not in _NUMBER_AFTER
            value = None if label or "," in word else Decimal(word)
            token = token._replace(tags=one("label") if label else _NUMBER, value=value)
        elif kind == "nth":
            token = token._replace(value=int(word[:-2]))
        yield token._replace(word=token.word.replace("'", "")) if kind == "word" else token


def _joined(words: list[Token]) -> list[Token]:
    """ "re-scanned" is one word, "sixty two" one number, and a misspelt word of the field is that word."""
    joined: list[Token] = []
    for token in words:
        before = joined[-2] if len(joined) > 1 and joined[-1].tags is _GLUE else None
        if token.tags is not _WORD:
            joined.append(token)
        elif before is not None and before.tags is _WORD and before.word in _PREFIXES:
            joined[-2:] = [_spelt(Token(_WORD, before.start, token.end, before.word + token.word))]
        elif (number := whole(token.word)) is None:
            joined.append(_spelt(token))
        else:
            tens = before or (joined[-1] if joined else None)
            if tens and tens.tags is _NUMBER and tens.word in _TENS and number < 10:
                del joined[-2 if before else -1 :]
                token = token._replace(start=tens.start, word=f"{tens.word} {token.word}")
                number += tens.value
            joined.append(token._replace(tags=_NUMBER, value=Decimal(number)))
    return joined


def _phrases(flat: list[Token], text: str) -> Iterator[Token]:
    """The words joined to phrases of the lexicon, the longest first."""
    i = 0
    while i < len(flat):
        token, found, j = flat[i], *_longest(flat, i)
        if found is not None:
            guess = next((one.guess for one in flat[i:j] if one.guess), "")
            said = " ".join(one.word for one in flat[i:j] if one.tags is not _GLUE)
            token = Token(found.tags, token.start, flat[j - 1].end, said, found.found, guess)
        if token.word == "#" and (name := _fractions(flat, i)):
            token = token._replace(tags=ROOT.next[name].tags, value=ROOT.next[name].found)
        if token.word == "s" and i and flat[i - 1].tags is _NUMBER and text[token.start - 1] != "'":
            token = token._replace(tags=one("amount"), value=None)  # so many seconds
        if token.word in ("m", "f") and (text[token.start].isupper() or _glued(flat, i)):
            token = token._replace(tags=one("sex"), value=None)
        yield token
        i = j


def _longest(flat: list[Token], i: int) -> tuple[Node | None, int]:
    """The longest phrase from word `i` on, and where it ends."""
    best: tuple[Node | None, int] = (None, i + 1)
    node = _child(flat[i].word) if flat[i].tags is _WORD or flat[i].tags is _NUMBER else None
    j = i
    while node is not None:
        j += 1
        if node.tags:
            best = (node, j)
        while j < len(flat) and flat[j].tags is _GLUE:
            j += 1
        node = node.child(flat[j].word) if j < len(flat) and flat[j].tags in _SPELT_OUT else None
    return best


def _fractions(flat: list[Token], i: int) -> str:
    """ "33#" are fractions, "#3" is one; of a "#" without a number nothing more is known."""
    before, after = flat[i - 1] if i else None, flat[i + 1] if i + 1 < len(flat) else None
    if after is not None and after.tags is _NUMBER and after.start == flat[i].end:
        return "fraction"
    if before is None or before.tags is not _NUMBER:
        return "fraction" if after is not None and after.tags is _NUMBER else ""
    return "fractions" if (before.value or 0) > 1 else "fraction"


def _glued(flat: list[Token], i: int) -> bool:
    """Is it the letter of "81f" or "77m"? A small number is one of months or metres."""
    number = flat[i - 1] if i else None
    if number is None or number.tags is not _NUMBER:
        return False
    if number.end != flat[i].start:  # "age 61 m", where "age 14 m" may be one of months
        return (number.value or 0) > 36 and any(t.word in ("age", "aged") for t in flat[max(0, i - 4) : i])
    female = flat[i].word == "f"  # no unit of length or time
    return (number.value or 0) > 15 and (female or i + 1 == len(flat) or "word" not in flat[i + 1].tags)


def _spelt(token: Token) -> Token:
    if len(token.word) < 6 or _child(token.word) is not None or token.word in known():
        return token
    meant = spelling(token.word)
    return token._replace(word=meant, guess=meant) if meant else token


@lru_cache(maxsize=1)
def _long_words() -> list[str]:
    return sorted(word for word in known() if len(word) > 5 and word.isalpha())


@lru_cache(maxsize=4096)
def spelling(word: str) -> str:
    """The word of the field that a misspelt one is close to, or none."""
    hit = process.extractOne(word, _long_words(), scorer=OSA.normalized_similarity, score_cutoff=0.8)
    return hit[0] if hit and hit[0][0] == word[0] else ""
