"""What is told beside the facts: what was said and gave none, so that nothing is dropped without a word,
and of which sex the patient is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core.reader.findings import Finding
from bot.core.reader.guards import another
from bot.core.reader.page import Page
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Tagged
from bot.core.reader.tokens import Token

_NUMBERS, _SMALL = tagset("numbers"), tagset("telling_nothing")
# Words that may decide something by themselves, and words of the field: where a fact was taken from their
# clause, these say of what it was.
_DECIDING, _NAMING = tagset("deciding"), tagset("naming")
_PLACE = tagset("place")
_AT_MOST = 20


def unused(page: Page, found: Iterable[Finding]) -> list[str]:
    """Phrases that hold a number, a unit or a word of the field, of which no finding took a word."""
    t = page.tagged
    taken = [(t.at(one.start), t.after(one.end), one.fact == "exposure") for one in found]
    # That an exposure was none that was intended takes no number: "an extra CBCT x 20".
    used = {
        i
        for start, end, hint in taken
        for i in range(start, end)
        if not (hint and t.tokens[i].tags & _NUMBERS)
    }
    phrases = (page.words(t.tokens[i].start, t.tokens[j - 1].end) for i, j in _left_over(t, used))
    return list(dict.fromkeys(phrases))[:_AT_MOST]


def _left_over(t: Tagged, used: set[int]) -> Iterator[tuple[int, int]]:
    """The runs of a clause that nothing was taken from."""
    i = 0
    while i < len(t.tokens):
        begin, end = t.clause(i)
        j = i
        while j < end and j not in used:
            j += 1
        first, last = i, j
        while first < last and t.tokens[first].tags & _SMALL:
            first += 1
        while first < last and t.tokens[last - 1].tags & _SMALL:
            last -= 1
        if _tells(t, first, last, alone=used.isdisjoint(range(begin, end))):
            yield first, last
        i = j + 1


def _tells(t: Tagged, first: int, last: int, *, alone: bool) -> bool:
    """The number of a bed or a ward tells nothing."""
    telling = _DECIDING | _NAMING if alone else _DECIDING
    return any(
        token.tags & telling or (token.tags & _NUMBERS and not (k and t.tokens[k - 1].tags & _PLACE))
        for k, token in enumerate(t.tokens[first:last], first)
    )


def sex(t: Tagged) -> str:
    """`male` or `female` where the person's own age or description says so, and nothing of the other sex.

    A pronoun is not enough: "he" may be the radiographer.
    """
    if any(another(t, hit.i, hit.j) for hit in t.find("@own")) or t.first(
        "relative|carer|public|other_person"
    ):
        return ""
    own = {_sex(token) for hit in t.find("@own") for token in t.tokens[hit.i : hit.j]} - {""}
    named = {_sex(token) for token in t.tokens} - {""}
    if own == {"female"}:
        return "female" if named == own else ""
    womanly = (
        t.has("she", "preg", "feeding", "preg_check", "patients")
        or "her" in t.words_said
        or "mum" in t.words_said
    )
    return "male" if own == named == {"male"} and not womanly else ""


def _sex(token: Token) -> str:
    if "sex" in token.tags:
        return {"m": "male", "f": "female"}[token.word]
    person = token.of("person")
    return person[0] if person else ""
