"""Words become tags, and rules are patterns over tags.

A message is cut into tokens: a phrase of the lexicon ("set-up error"), a number, a quantity, a day, a mark or
any other word. Each has one tag, and a row of tags is a string with one character for each. So what the field
says in a hundred ways is one pattern: `count:n extra? image ~4 one fraction`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from bot.core.days.numbers import whole
from bot.core.reader.lexicon import GROUPS, MARKS, table

_TOKEN = re.compile(
    r"[a-z]+n't\b|'(?:s|ve|re|ll|d|m)\b|[^\W\d_]+|\d{1,3}(?:st|nd|rd|th)\b|\d{1,3}(?:,\d{3})+(?!\d)|(?<!\d)\.\d+"
    r"|\d+(?:\.\d+)?|[-=]+>|\.{2,}|[^\s\w]|_"
)
# The prefixes that a hyphen may part from their word: "re-scanned", "over-exposed".
_PREFIXES = frozenset("re un mis over under pre post non mid dis".split())


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

    def of(self, tag: str) -> Any:
        """What the lexicon says of the words as this tag."""
        return self.value.get(tag) if isinstance(self.value, dict) else None


class _Node:
    __slots__ = ("found", "next", "stems", "tags")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        self.found: dict[str, Any] = {}
        self.tags: frozenset[str] = frozenset()

    def child(self, word: str) -> _Node | None:
        exact = self.next.get(word)
        if exact is not None or not self.stems:
            return exact
        return next((self.stems[word[:n]] for n in range(len(word), 1, -1) if word[:n] in self.stems), None)


def _planted() -> tuple[_Node, frozenset[str]]:
    root, known = _Node(), set()
    for tag, value, words in table():
        node = root
        for word in words:
            branch = node.stems if word.endswith("*") else node.next
            node = branch.setdefault(word.rstrip("*"), _Node())
            known.add(word.rstrip("*"))
        if words:
            node.found[tag] = node.found.get(tag) or value
    _merge(root)
    return root, frozenset(known)


def _merge(node: _Node) -> None:
    """A word that is also one of a stem's endings has the tags of both."""
    for word, branch in node.next.items():
        for n in range(2, len(word) + 1):
            if word[:n] in node.stems:
                branch.found = {**node.stems[word[:n]].found, **branch.found}
        _merge(branch)
    for branch in node.stems.values():
        _merge(branch)


_ROOT, KNOWN = _planted()
_child = lru_cache(maxsize=4096)(_ROOT.child)
_CODES: dict[frozenset[str], str] = {}


@lru_cache(maxsize=1024)
def _one(tag: str) -> frozenset[str]:
    return frozenset((tag,))


def tagset(names: str) -> frozenset[str]:
    """Tags, and the tags of groups, by their names with blanks between."""
    return frozenset(tag for name in names.split() for tag in GROUPS.get(name, name).split())


def _code(tags: frozenset[str]) -> str:
    """The character that stands for a set of tags."""
    return _CODES.setdefault(tags, chr(0xE000 + len(_CODES)))


class Hit:
    """Where a pattern was found: tokens `i` to `j`, characters `start` to `end`."""

    __slots__ = ("_match", "_tokens", "end", "i", "j", "start")

    def __init__(self, tokens: list[Token], i: int, j: int, match: re.Match[str] | None = None) -> None:
        self._tokens, self._match, self.i, self.j = tokens, match, i, j
        self.start, self.end = tokens[i].start, tokens[j - 1].end

    def get(self, name: str) -> Token | None:
        """The token that a pattern's `name:tag` matched, if that part of it did."""
        places = (at for group, at in self._groups if group == name)
        return next((self._tokens[at] for at in places if at >= 0), None)

    def __getitem__(self, name: str) -> Token:
        """The same, of a part that every match has."""
        token = self.get(name)
        assert token, name
        return token

    @property
    def _groups(self) -> Iterator[tuple[str, int]]:
        """A name may stand in several alternatives of a pattern: then each has its number."""
        if self._match is not None:
            for group in self._match.re.groupindex:
                yield group.partition("__")[0], self._match.start(group)

    @property
    def tokens(self) -> list[Token]:
        return self._tokens[self.i : self.j]


class Tagged:
    """A message as a row of tags. `pieces` have been cut out of it already: (tag, start, end, value)."""

    def __init__(self, text: str, low: str, pieces: list[tuple[str, int, int, Any]]) -> None:
        self.text, self.low = text, low
        self.tokens = list(_phrases(_words(low, sorted(pieces, key=lambda piece: piece[1])), text))
        self._starts = [token.start for token in self.tokens]
        self._ends = [token.end for token in self.tokens]
        self.row = "".join([_code(token.tags) for token in self.tokens])

    def find(self, pattern: re.Pattern[str], start: int = 0, end: int | None = None) -> Iterator[Hit]:
        for match in pattern.finditer(self.row, start, len(self.row) if end is None else end):
            i, j = match.span()
            while j > i and self.row[j - 1] in _FILLING:
                j -= 1
            if j > i:
                yield Hit(self.tokens, i, j, match)

    def put(self, i: int, tag: str, value: Any) -> None:
        """Token `i` is something else than it looked."""
        self.tokens[i] = self.tokens[i]._replace(tags=_one(tag), value=value)
        self.row = f"{self.row[:i]}{_code(_one(tag))}{self.row[i + 1 :]}"

    def span(self, i: int, j: int) -> Hit:
        return Hit(self.tokens, i, j)

    def first(self, pattern: re.Pattern[str], start: int = 0, end: int | None = None) -> Hit | None:
        return next(self.find(pattern, start, end), None)

    def before(self, pattern: re.Pattern[str], i: int, reach: int = 12) -> Hit | None:
        """What the pattern finds directly before token `i`, fillers aside."""
        match = _anchored(pattern).search(self.row, max(0, i - reach), i)
        return Hit(self.tokens, *match.span(), match) if match and match.end() > match.start() else None

    @cached_property
    def words_said(self) -> frozenset[str]:
        return frozenset(token.word for token in self.tokens)

    def starts(self, pattern: re.Pattern[str], j: int) -> Hit | None:
        """What the pattern finds from token `j` on, fillers aside."""
        while j < len(self.row) and self.row[j] in _FILLING:
            j += 1
        match = pattern.match(self.row, j)
        return Hit(self.tokens, *match.span(), match) if match and match.end() > match.start() else None

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        """Where sentences and clauses end."""
        stops = [i for i, mark in enumerate(self.row) if mark in _SENTENCE]
        return stops, [i for i, mark in enumerate(self.row) if mark in _CLAUSE]

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
        return _any_of(tags).search(self.row) is not None

    def has_in(self, i: int, j: int, *tags: str) -> bool:
        return _any_of(tags).search(self.row, i, j) is not None

    def at(self, position: int) -> int:
        """The token that stands at a character of the text, or the next one."""
        return bisect_right(self._ends, position)

    def after(self, position: int) -> int:
        """The token after the one that ends at a character of the text."""
        return bisect_left(self._starts, position)

    def words(self, i: int, j: int) -> str:
        return self.low[self.tokens[i].start : self.tokens[j - 1].end] if i < j else ""


def _around(bounds: list[int], i: int, length: int) -> tuple[int, int]:
    at = bisect_left(bounds, i)
    return (bounds[at - 1] + 1 if at else 0), (bounds[at] if at < len(bounds) else length)


def _words(low: str, pieces: list[tuple[str, int, int, Any]]) -> Iterator[Token]:
    at = 0
    for tag, start, end, value in pieces:
        if start < at:
            continue
        yield from _cut(low, at, start)
        yield Token(_one(tag), start, end, low[start:end], value)
        at = end
    yield from _cut(low, at, len(low))


def _cut(low: str, start: int, end: int) -> Iterator[Token]:
    line = start
    for match in _TOKEN.finditer(low, start, end):
        begin, word = match.start(), match[0]
        if "\n" in low[line:begin]:
            yield Token(_one("end"), line, begin, "\n")
        line = match.end()
        if word[0] == "'" and len(word) > 1:
            yield Token(WORD, begin + 1, match.end(), word[1:])
        elif word[0].isalpha():
            yield Token(WORD, *match.span(), word.replace("'", ""))
        elif word[0].isdigit() or (word[0] == "." and word[-1].isdigit()):
            yield _numeral(low, *match.span(), word)
        else:
            yield Token(_one(_mark(low, begin, word)), *match.span(), word)
    if "\n" in low[line:end]:
        yield Token(_one("end"), line, end, "\n")


def _numeral(low: str, start: int, end: int, word: str) -> Token:
    if word[-1].isalpha():
        return Token(_one("nth"), start, end, word, int(word[:-2]))
    before = re.search(r"[^\W\d_]+\Z", low[max(0, start - 8) : start])
    if before and before[0] not in _NUMBER_AFTER:
        return Token(_one("label"), start, end, word)
    return Token(NUMBER, start, end, word, None if "," in word else Decimal(word))


# "x2", "F34" and "age14" hold a number, "L4" and "DR2" none.
_NUMBER_AFTER = frozenset("x m f age aged of".split())


def _mark(low: str, begin: int, word: str) -> str:
    before, after = low[begin - 1 : begin], low[begin + 1 : begin + 2]
    if word == "." and after and not after.isspace():
        return "glue" if before.isalpha() and after.isalpha() else "dot"
    if word in "-/" and before.isalnum() and after.isalnum() and (before.isalpha() or after.isalpha()):
        return "glue"
    return MARKS.get(word, "sign")


def _phrases(words: Iterator[Token], text: str) -> Iterator[Token]:
    """The words joined to phrases of the lexicon, the longest first."""
    flat = _joined(list(words))
    i = 0
    while i < len(flat):
        token, j = flat[i], i
        node: _Node | None = None
        best: tuple[_Node | None, int] = (None, i + 1)
        if token.tags is WORD or token.tags is NUMBER:
            node = _child(token.word)
        while node is not None:
            j += 1
            if node.found:
                best = (node, j)
            while j < len(flat) and flat[j].tags is GLUE:
                j += 1
            follows = j < len(flat) and flat[j].tags in _SPELT_OUT
            node = node.child(flat[j].word) if follows else None
        found, j = best
        if found is not None:
            guess = next((one.guess for one in flat[i:j] if one.guess), "")
            said = " ".join(one.word for one in flat[i:j] if one.tags is not GLUE)
            token = Token(found.tags, token.start, flat[j - 1].end, said, found.found, guess)
        if token.word == "#" and _several(flat, i):
            token = token._replace(tags=_one("fractions"))
        if token.word in ("m", "f") and (text[token.start].isupper() or _glued(flat, i)):
            token = token._replace(tags=_one("sex"), value=None)
        yield token
        i = j


def _several(flat: list[Token], i: int) -> bool:
    """ "33#" are fractions, "#3" is one."""
    before, after = flat[i - 1] if i else None, flat[i + 1] if i + 1 < len(flat) else None
    numbered = after is not None and after.tags is NUMBER and after.start == flat[i].end
    return not numbered and before is not None and before.tags is NUMBER and (before.value or 0) > 1


def _glued(flat: list[Token], i: int) -> bool:
    """Is it the letter of "81f" or "77m"? A small number is one of months or metres."""
    number = flat[i - 1] if i else None
    after = flat[i + 1] if i + 1 < len(flat) else None
    ends = after is None or "word" not in after.tags
    return (
        number is not None
        and number.tags is NUMBER
        and number.end == flat[i].start
        and (number.value or 0) > 15
        and ends
    )


def _joined(words: list[Token]) -> list[Token]:
    """ "re-scanned" is one word, "sixty two" one number, and a misspelt word of the field is that word."""
    joined: list[Token] = []
    for token in words:
        before = joined[-2] if len(joined) > 1 and joined[-1].tags is GLUE else None
        if token.tags is not WORD:
            joined.append(token)
        elif before is not None and before.tags is WORD and before.word in _PREFIXES:
            joined[-2:] = [_spelt(Token(WORD, before.start, token.end, before.word + token.word))]
        elif (number := whole(token.word)) is None:
            joined.append(_spelt(token))
        else:
            tens = before or (joined[-1] if joined else None)
            if tens and tens.tags is NUMBER and tens.word in _TENS and number < 10:
                del joined[-2 if before else -1 :]
                token = token._replace(start=tens.start, word=f"{tens.word} {token.word}")
                number += tens.value
            joined.append(token._replace(tags=NUMBER, value=Decimal(number)))
    return joined


_TENS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())
WORD, NUMBER, GLUE = _one("word"), _one("n"), _one("glue")
_SPELT_OUT = (WORD, NUMBER, _one("label"))


def _spelt(token: Token) -> Token:
    if len(token.word) < 6 or token.word in KNOWN or _child(token.word) is not None:
        return token
    meant = spelling(token.word)
    return token._replace(word=meant, guess=meant) if meant else token


@lru_cache(maxsize=4096)
def spelling(word: str) -> str:
    """The word of the field that a misspelt one is close to, or none."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    hit = process.extractOne(word, _LONG, scorer=OSA.normalized_similarity, score_cutoff=0.8)
    return hit[0] if hit and hit[0][0] == word[0] else ""


_LONG = sorted(word for word in KNOWN if len(word) > 5 and word.isalpha())

_ATOM = re.compile(
    r"\s*(?:(?P<gap>~~?)(?P<most>\d+)|(?P<look><!|<|!)?(?:(?P<name>\w+):)?(?P<tags>[A-Za-z]\w*(?:\|[A-Za-z]\w*)*)"
    r"(?P<many>[?*+]?)|(?P<sign>[()|^$]|(?<=\))[?*+]))"
)


def _class(names: str) -> str:
    tags = {tag for name in names.split("|") for tag in GROUPS.get(name, name).split()}
    for tag in tags:
        _code(_one(tag))
    return f"[{''.join(char for known, char in _CODES.items() if known & tags)}]"


def _all_codes(node: _Node) -> None:
    """Every set of tags that the lexicon gives has its character before the first pattern is made."""
    if node.found:
        node.tags = frozenset(node.found)
        _code(node.tags)
    for branch in (*node.next.values(), *node.stems.values()):
        _all_codes(branch)


_all_codes(_ROOT)


@lru_cache(maxsize=512)
def _any_of(tags: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_class("|".join(tags)))


_FILLING = _class("filling")[1:-1]
_FILL = f"[{_FILLING}]{{0,3}}"
_SENTENCE, _CLAUSE = _class("stop")[1:-1], _class("stop|pause")[1:-1]


@lru_cache(maxsize=1024)
def _anchored(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern.pattern}){_FILL}\\Z")


@lru_cache(maxsize=1024)
def pattern(source: str) -> re.Pattern[str]:
    """A pattern over tags. `a b` is b after a, with nothing between but small words; `a|b` either; `a?`
    perhaps; `a*` any number; `name:a` can be asked for by name; `~4` at most four tokens of the clause, `~~4`
    of the sentence; `!a` not followed by a, `<a` and `<!a` preceded by it or not; `^` and `$` the ends of a
    sentence; brackets with `|` are alternatives."""
    made, at, named = [], 0, 0
    while at < len(source.rstrip()):
        atom = _ATOM.match(source, at)
        if atom is None:
            raise ValueError(f"no pattern at {source[at:]!r}")
        at = atom.end()
        if atom["gap"]:
            made.append(f"[^{_SENTENCE if len(atom['gap']) > 1 else _CLAUSE}]{{0,{atom['most']}}}?")
        elif atom["sign"]:
            stop = f"[{_SENTENCE}]"
            edges = {"^": f"(?:(?<={stop})|^)", "$": f"(?={stop}|$)", "(": "(?:"}
            made.append(edges.get(atom["sign"], atom["sign"]))
        elif atom["look"]:
            look = {"!": f"(?!{_FILL}", "<": "(?<=", "<!": "(?<!"}[atom["look"]]
            made.append(f"{look}{_class(atom['tags'])})")
        else:
            named += 1
            name = f"?P<{atom['name']}__{named}>" if atom["name"] else "?:"
            made.append(f"(?:({name}{_class(atom['tags'])}){_FILL}){atom['many']}")
    return re.compile("".join(made))
