"""What takes certainty from a reading, in one place: a hedge, a question, a retraction, a denial, another
person, a number that was masked beside it, a word that may have been misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bot.core.reader.lexicon import paragraphs
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Hit, Tagged
from rules.quantities import Found

MEANT = "did you mean"

_NOES = tagset("not nobody")


def first_of(doubts: Iterable[tuple[str, object]]) -> str:
    """The first that holds, of doubts in their order."""
    return next((doubt for doubt, holds in doubts if holds), "")


class Guard(NamedTuple):
    """A row of `guards.txt`."""

    doubt: str
    place: str
    words: str


def _rows() -> Iterator[tuple[str, Guard]]:
    for head, body in paragraphs(Path(__file__).with_name("guards.txt")):
        doubt, place, *facts = head.split()
        yield from ((fact, Guard(doubt, place, body.strip())) for fact in tagset(" ".join(facts)))


_ROWS: dict[str, list[Guard]] = {}
for _fact, _row in _rows():
    _ROWS.setdefault(_fact, []).append(_row)


def held(t: Tagged, fact: str, i: int, j: int) -> str:
    """The first doubt of the table that holds against words of a fact."""
    return next((row.doubt for row in _ROWS.get(fact, ()) if _stands(t, row, i, j)), "")


def _stands(t: Tagged, row: Guard, i: int, j: int) -> Hit | None:
    if row.place in ("before", "after"):
        return t.before(row.words, i, 6) if row.place == "before" else t.starts(row.words, j)
    begin, end = t.clause(i) if row.place in ("clause", "near") else t.sentence(i)
    if row.place == "around" and (hit := t.first(row.words, begin, i)):
        return hit
    begin, end = {
        "near": (max(begin, i - 6), min(end, j + 4)), "soon": (j, min(j + 14, len(t.tokens))),
        "rest": (j, max(end, j)), "around": (j, max(end, j)), "text": (0, len(t.tokens)),
    }.get(row.place, (begin, end))  # fmt: skip
    return t.first(row.words, begin, end)


def judge(t: Tagged, fact: str, i: int, j: int) -> str:
    """Every doubt that words of a fact are held against, wherever they were understood."""
    return next(filter(None, _doubts(t, fact, i, j)), "")


def _doubts(t: Tagged, fact: str, i: int, j: int) -> Iterator[str]:
    yield doubt(t, i, j)
    yield held(t, fact, i, j)
    quantities = (token.value for token in t.tokens[i:j] if isinstance(token.value, Found))
    if fact.endswith("_ratio") and any(one.about for one in quantities):
        yield "?exact"
    if fact in tagset("doses age_years"):
        yield masked(t, i)
    if fact in tagset("age_years unintended_foetal_exposure") and another(t, i, j):
        yield "?elses"
    if fact in tagset("activities") and len({t.tokens[hit.j - 1].word for hit in t.find("cycle n")}) > 1:
        yield "?which_cycle"
    if fact == "age_years":
        yield from _of_an_age(t, i, j)


def _of_an_age(t: Tagged, i: int, j: int) -> Iterator[str]:
    """Why a number may not be the age of anybody, or of another than the patient."""
    k = next((k for k in range(i, j) if t.tokens[k].tags & tagset("n part_of_year")), i)
    letter = t.text[t.tokens[k + 1].start : t.tokens[k + 1].end] if k + 1 < len(t.tokens) else ""
    if letter == "f" and t.has("missed", "treatment", "Gy", "fractions", "course"):
        yield "?age_or_fractions"
    if t.has("feeding") and t.has_in(i, j, "baby", "months", "weeks", "days"):
        yield "?elses"


def doubt(t: Tagged, i: int, j: int) -> str:
    """Why what tokens `i` to `j` say is not certain; empty where nothing casts doubt on it."""
    if guess := next((token.guess for token in t.tokens[i:j] if token.guess), ""):
        return f"{MEANT} “{guess}”?"
    if why := held(t, "any", i, j):
        return why
    begin, end = t.clause(i)
    told_again = sum(1 for _ in t.find("reported", *t.sentence(i))) > 1
    if told_again or t.has_in(begin, min(j + 4, max(end, j)), "hedge", "may"):
        return "?unsure"
    return "?question" if t.asks(i) else ""


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
    if t.first("not ~3 ruled_out", begin, i) or t.starts("not|nobody ~3 notice | not only", noes[-1]):
        return None
    return True


def with_its_no(t: Tagged, i: int, reach: int) -> int:
    """Where what is denied begins in the text, the "not" before it included."""
    begin = max(t.clause(i)[0], i - reach)
    return t.tokens[max((k for k in range(begin, i) if t.tokens[k].tags & _NOES), default=i)].start


def another(t: Tagged, i: int, j: int) -> bool:
    """Is what stands there said of the person who was meant, or of one who stands by?"""
    begin, _ = t.sentence(i)
    whole = j + t.has_in(j, j + 1, "person", "patient")
    owned = t.has_in(whole, whole + 1, "possessive")
    if (owned and t.starts("exam|scan|planning|film|treatment", whole + 1)) or t.before("@meant", i, 8):
        return True
    if t.starts("meant|booked|attending|staff", j) or t.before("attending|staff comma|open?", i):
        return True
    begin = 0 if t.first("^ he|she", begin, j) or t.has_in(i, j, "he", "she") else begin
    return t.first("relative|carer|public|other_person", begin, j) is not None


def masked(t: Tagged, i: int) -> str:
    """Does a number stand beside one that was masked? Then it may be the rest of it."""
    begin, end = t.clause(i)
    return "?masked" if t.before("@masked_before", begin) or t.starts("@masked_after", end) else ""
