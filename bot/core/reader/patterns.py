"""Patterns over tags: what the field says in many ways is one row, `count:n extra? image ~4 one fraction`.

A row of tags is a string with one character for each set of tags, so a pattern is a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path

from bot.core.reader.lexicon import GROUPS, all_tags, paragraphs

_CODES: dict[frozenset[str], str] = {}
_WITH: dict[str, list[str]] = {}

_ATOM = re.compile(
    r"\s*(?:(?P<gap>~~?)(?P<most>\d+)|(?P<look><!|<|!)?(?:(?P<name>\w+):)?(?P<tags>[A-Za-z]\w*(?:\|[A-Za-z]\w*)*)"
    r"(?P<many>[?*+]?)|(?P<sign>[()|^$]|(?<=\))[?*+]))\s*"
)


@lru_cache(maxsize=1024)
def one(tag: str) -> frozenset[str]:
    """A set of this tag alone."""
    return frozenset((tag,))


@lru_cache(maxsize=1024)
def tagset(names: str) -> frozenset[str]:
    """Tags, facts or words, and those of the sets of `sets.txt`, by their names with blanks between."""
    return frozenset(one for name in names.split() for one in _members(name))


def _members(name: str) -> Iterator[str]:
    for one in GROUPS.get(name, (name,)):
        yield from (one,) if one == name else _members(one)


def code(tags: frozenset[str]) -> str:
    """The character that stands for a set of tags."""
    known = _CODES.get(tags)
    if known is None:
        known = _CODES[tags] = chr(0xE000 + len(_CODES))
        for tag in tags:
            _WITH.setdefault(tag, []).append(known)
    return known


for _tags in all_tags():
    code(_tags)


@lru_cache(maxsize=1024)
def chars(names: str) -> frozenset[str]:
    """The characters of every set that has one of the tags, or of the groups' tags, with `|` between."""
    tags = tagset(names.replace("|", " "))
    for tag in tags:
        code(one(tag))
    return frozenset(char for tag in tags for char in _WITH[tag])


def _class(names: str) -> str:
    return f"[{''.join(sorted(chars(names)))}]"


@lru_cache(maxsize=512)
def any_of(*tags: str) -> re.Pattern[str]:
    return re.compile(_class("|".join(tags)))


FILLING = chars("filling")
SENTENCE, CLAUSE = chars("stop"), chars("stop|pause")
_FILL = f"{_class('filling')}{{0,3}}"
_NO_STOP, _NO_PAUSE = f"[^{''.join(sorted(SENTENCE))}]", f"[^{''.join(sorted(CLAUSE))}]"
_EDGES = {"^": f"(?:(?<={_class('stop')})|^)", "$": f"(?={_class('stop')}|$)", "(": "(?:"}
_LOOKS = {"!": f"(?!{_FILL}", "<": "(?<=", "<!": "(?<!"}


class Pattern:
    """`a b` is b after a, with nothing between but small words; `a|b` either; `a?` perhaps; `a*` any number;
    `name:a` can be asked for by name; `~4` at most four tokens of the clause, `~~4` of the sentence; `!a` not
    followed by a, `<a` and `<!a` preceded by it or not; `^` and `$` the ends of a sentence; brackets with `|`
    are alternatives.

    Compiled where a text has the tags that it needs: all of them together take 150 ms.
    """

    def __init__(self, source: str) -> None:
        self._atoms = list(_atoms(source))

    @cached_property
    def anywhere(self) -> re.Pattern[str]:
        return re.compile("".join(self._made()))

    @cached_property
    def at_the_end(self) -> re.Pattern[str]:
        return re.compile(f"(?:{''.join(self._made())}){_FILL}\\Z")

    def may_match(self, present: frozenset[str]) -> bool:
        """Have the characters of a row all that one of the alternatives needs?"""
        return any(not any(map(present.isdisjoint, needs)) for needs in self._needs)

    @cached_property
    def _needs(self) -> list[list[frozenset[str]]]:
        """For each alternative what it cannot do without; what stands in brackets aside."""
        alternatives: list[list[frozenset[str]]] = [[]]
        depth = 0
        for atom in self._atoms:
            depth += {"(": 1, ")": -1}.get(atom["sign"], 0)
            if depth == 0 and atom["sign"] == "|":
                alternatives.append([])
            elif depth == 0 and atom["tags"] and not atom["look"] and atom["many"] in ("", "+"):
                alternatives[-1].append(chars(atom["tags"]))
        return alternatives

    def _made(self) -> Iterator[str]:
        for number, atom in enumerate(self._atoms):
            if atom["gap"]:
                yield f"{_NO_STOP if len(atom['gap']) > 1 else _NO_PAUSE}{{0,{atom['most']}}}?"
            elif atom["sign"]:
                yield _EDGES.get(atom["sign"], atom["sign"])
            elif atom["look"]:
                yield f"{_LOOKS[atom['look']]}{_class(atom['tags'])})"
            else:
                name = f"?P<{atom['name']}__{number}>" if atom["name"] else "?:"
                yield f"(?:({name}{_class(atom['tags'])}){_FILL}){atom['many']}"


def _atoms(source: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(source):
        atom = _ATOM.match(source, at)
        if atom is None:
            raise ValueError(f"no pattern at {source[at:]!r}")
        yield atom
        at = atom.end()


_NAMED = {f"@{name}": words for name, words in paragraphs(Path(__file__).with_name("patterns.txt"))}


@lru_cache(maxsize=1024)
def pattern(source: str) -> Pattern:
    """See Pattern; `@name` is one of `patterns.txt`."""
    return Pattern(_spelt_out(_NAMED.get(source, source)))


def _spelt_out(source: str) -> str:
    return re.sub(r"@\w+", lambda name: f"({_spelt_out(_NAMED[name[0]])})", source)
