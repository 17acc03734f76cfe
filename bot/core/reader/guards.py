"""What takes certainty from a reading, in one place: the rows of `guards.txt`, and what no pattern says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.core.reader.lexicon import paragraphs
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Hit, Tagged

MEANT = "did you mean"

_NOES = tagset("not nobody")


def first_of(doubts: Iterable[tuple[str, object]]) -> str:
    """The first that holds, of doubts in their order."""
    return next((doubt for doubt, holds in doubts if holds), "")


# Of each fact its rows of `guards.txt`: doubt, place and words.
_ROWS: dict[str, list[tuple[str, str, str]]] = {}
for _head, _body in paragraphs(Path(__file__).with_name("guards.txt")):
    _doubt, _place, *_facts = _head.split()
    for _fact in tagset(" ".join(_facts)):
        _ROWS.setdefault(_fact, []).append((_doubt, _place, _body.strip()))


def held(t: Tagged, fact: str, i: int, j: int) -> str:
    """The first doubt of the table that holds against words of a fact."""
    return first_of((doubt, _stands(t, place, words, i, j)) for doubt, place, words in _ROWS.get(fact, ()))


def _stands(t: Tagged, place: str, words: str, i: int, j: int) -> Hit | None:
    (clause, pause), (begin, end) = t.clause(i), t.sentence(i)
    if place in ("before", "ahead"):
        return t.before(words, i if place == "before" else clause, 6)
    if place in ("after", "behind"):
        return t.starts(words, j if place == "after" else pause)
    if place == "around" and (hit := t.first(words, begin, i)):
        return hit
    if place == "earlier" and (t.first("^ he|she", begin, j) or t.has_in(i, j, "he", "she")):
        begin = 0
    last = len(t.tokens)
    places = {
        "clause": (clause, pause), "sentence": (begin, end), "text": (0, last), "within": (i, j),
        "near": (max(clause, i - 6), min(pause, j + 4)), "hedged": (clause, min(j + 4, max(pause, j))),
        "earlier": (begin, j), "soon": (j, min(j + 14, last)), "rest": (j, end), "around": (j, end),
    }  # fmt: skip
    return t.first(words, *places[place])


def judge(t: Tagged, fact: str, i: int, j: int) -> str:
    """Every doubt that words of a fact are held against, wherever they were understood."""
    treated = fact == "age_years" and t.has("missed", "treatment", "Gy", "fractions", "course")
    cycles = t.find("cycle n") if fact in tagset("activities") else ()
    doubts = (
        ("?exact", fact.endswith("_ratio") and any(getattr(one.value, "about", 0) for one in t.tokens[i:j])),
        ("?which_cycle", len({t.tokens[hit.j - 1].word for hit in cycles}) > 1),
        ("?age_or_fractions", treated and t.text[t.tokens[j - 1].end - 1] == "f"),
    )
    return doubt(t, i, j) or held(t, fact, i, j) or first_of(doubts)


def doubt(t: Tagged, i: int, j: int) -> str:
    """Why what tokens `i` to `j` say is not certain; empty where nothing casts doubt on it."""
    if guess := next((token.guess for token in t.tokens[i:j] if token.guess), ""):
        return f"{MEANT} “{guess}”?"
    told_again = sum(1 for _ in t.find("reported", *t.sentence(i))) > 1
    return held(t, "any", i, j) or first_of((("?unsure", told_again), ("?question", t.asks(i))))


def denied(t: Tagged, i: int, j: int, reach: int = 8) -> bool | None:
    """Is what stands there said not to be so? None where a "not" is near that denies something else."""
    if t.starts("@denied_after", j):
        return True
    begin = max(t.clause(i)[0], i - reach)
    # "NHS no 999 123 4567" denies nothing.
    near = (k for k in range(begin, i) if t.tokens[k].tags & _NOES)
    noes = [k for k in near if not t.has_in(k + 1, k + 2, "mask", "label")]
    if not noes:
        return t.has_in(begin, i, "ruled_out")
    return None if t.first("not ~3 ruled_out", begin, i) or t.starts("@not_denied", noes[-1]) else True


def with_its_no(t: Tagged, i: int, reach: int) -> int:
    """Where what is denied begins in the text, the "not" before it included."""
    begin = max(t.clause(i)[0], i - reach)
    return t.tokens[max((k for k in range(begin, i) if t.tokens[k].tags & _NOES), default=i)].start
