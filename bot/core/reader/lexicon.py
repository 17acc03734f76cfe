"""The lexicon: which phrases have which tag. They stand in `words/`, as people of the field write them.

A paragraph of these files is a tag (or some, with `+` between), perhaps with a value, a colon, and phrases
with commas between them. `a/b` is either word, `<a b|c>` either phrase, what is in brackets may be missing,
`*` is any ending, and a hyphen or slash of a message is a blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from bot.core.days.grammar import MONTH
from bot.core.days.numbers import NUMBER
from bot.core.identifying import LEFT_OUT
from storage.identifiers import MASK

SURE, LEANING, HINT = 3, 2, 1
NO_RADIATION = "no_radiation"
_WEIGHTS = {"sure": SURE, "leaning": LEANING, "hint": HINT}


class Exam(NamedTuple):
    """What the name of an examination or treatment says. SURE settles the category by itself, LEANING only
    where nothing surer speaks, and HINT is never more than a question."""

    category: str
    modality: str
    weight: int


_HERE = Path(__file__).parent
_DIGIT, _SLOT, _WORD = map(re.compile, (r"\d", r"<[^>]+>|\S+", r"[^\W\d]+\*?|\d+"))


def paragraphs(path: Path) -> Iterator[tuple[str, str]]:
    """What stands before and after the first colon of each paragraph; what begins with # is a comment."""
    text = path.read_text(encoding="utf-8")
    for paragraph in re.findall(r"^(?!#)\S.*(?:\n[ \t]+\S.*)*", text, re.M):
        head, _, body = paragraph.partition(":")
        yield head, body


MARKS = {mark: tag for tag, body in paragraphs(_HERE / "marks.txt") for mark in body.split()}
# Sets of tags, of facts or of words by their names: `sets.txt`.
GROUPS = {name: body.split() for name, body in paragraphs(_HERE / "sets.txt")}


def table() -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Every tag with its value and the words of one phrase, as the files have them."""
    for path in sorted((_HERE / "words").glob("*.txt")):
        for head, body in paragraphs(path):
            tags, *rest = head.split()
            value = _value(rest)
            for phrase in re.sub(r"(?<=[/|])\s+", "", body).split(","):
                for words in _spread(phrase):
                    yield from ((tag, value, words) for tag in tags.split("+"))


def _spread(phrase: str) -> Iterator[tuple[str, ...]]:
    """Every way of saying `<x ray|film> (of) the/his hand`. Letters and digits part, as in a message."""
    slots = [
        [" ".join(words) for phrase in slot[1:-1].split("|") for words in _spread(phrase)]
        if slot[0] == "<"
        else [*slot.replace("(", "").replace(")", "").split("/"), *([""] if slot[0] == "(" else [])]
        for slot in _SLOT.findall(phrase)
    ]
    for words in product(*slots):
        said = " ".join(words)
        yield tuple(_WORD.findall(said) if _DIGIT.search(said) else said.split())


def _value(rest: list[str]) -> Any:
    if len(rest) == 3:
        return Exam(rest[0], rest[1].strip("-"), _WEIGHTS[rest[2]])
    if len(rest) == 2:
        return tuple(word.strip("-") for word in rest)
    return (int(rest[0]) if rest[0].isdecimal() else rest[0]) if rest else None


class Node:
    """What may follow the words that led here: whole words, and beginnings of words. `found` has the value of
    each tag that the words have so far."""

    __slots__ = ("found", "next", "stems", "tags")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.stems: dict[str, Node] = {}
        self.found: dict[str, Any] = {}
        self.tags: frozenset[str] = frozenset()

    def child(self, word: str) -> Node | None:
        stems = (word[:n] for n in range(len(word), 1, -1) if word[:n] in self.stems)
        return self.next.get(word) or next((self.stems[stem] for stem in stems), None)

    def branch(self, word: str) -> Node:
        branches, key = (self.stems, word[:-1]) if word[-1] == "*" else (self.next, word)
        return branches.get(key) or branches.setdefault(key, Node())


def _planted() -> Node:
    root = Node()
    for tag, value, words in table():
        node = root
        for word in words:
            node = node.branch(word)
        node.found[tag] = node.found.get(tag) or value
    _finish(root)
    return root


def _finish(node: Node) -> None:
    """A word that is also one of a stem's endings has the tags of both."""
    for word, branch in node.next.items():
        for n in range(2, len(word) + 1) if node.stems else ():
            if stem := node.stems.get(word[:n]):
                branch.found = {**stem.found, **branch.found}
    for branch in (*node.next.values(), *node.stems.values()):
        _finish(branch)
    node.tags = frozenset(node.found)


ROOT = _planted()


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for branch in (*node.next.values(), *node.stems.values()):
        yield from _nodes(branch)


def all_tags() -> set[frozenset[str]]:
    """Every set of tags that words may have."""
    return {node.tags for node in _nodes(ROOT) if node.tags}


def alone(tag: str) -> frozenset[str]:
    """The single words that have a tag."""
    return frozenset(word for word, node in ROOT.next.items() if tag in node.tags)


@cache
def known() -> frozenset[str]:
    """Every word of the lexicon."""
    return frozenset(word for node in _nodes(ROOT) for words in (node.next, node.stems) for word in words)


@cache
def parts() -> re.Pattern[str]:
    """The parts of the body, in a text in lower case."""
    words = sorted((" ".join(words) for tag, _, words in table() if tag == "part"), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(words)})\b".replace(" ", "[ -]"))


_WRITTEN = {"NUMBER": NUMBER, "MONTH": MONTH, "MASK": re.escape(MASK), "LEFT_OUT": re.escape(LEFT_OUT)}
_EXPRESSIONS = dict(paragraphs(_HERE / "expressions.txt"))


def expression(name: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """The regular expression over the text itself that has this name in `expressions.txt`."""
    return re.compile(_source(name), flags)


def _source(name: str) -> str:
    """Its lines are alternatives; `«name»` is another expression."""
    if name in _WRITTEN:
        return _WRITTEN[name]
    lines = (line.strip() for line in _EXPRESSIONS[name].splitlines() if line.strip())
    return "|".join(re.sub(r"«(\w+)»", lambda part: f"(?:{_source(part[1])})", line) for line in lines)
