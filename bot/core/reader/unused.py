"""What was said and gave no fact: named, so that nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Tagged

# Numbers, units, and words of the field.
_TELLING = tagset(
    "n Sv Gy Bq pct times product exam planning planned cbct picture kv fluoro therapy i131 agent"
    " treatment hint dose"
    " organ_dose activity effect foetal uterus preg gestation feeding kit linac fail fraction"
    " fractions target organ"
    " miss missed margin level setup setup_error tracer vial sirt licence licensed unlicensed"
    " exposure_noun exposed"
    " overexposed wrong repeat procedure significant seed"
)
_SMALL = tagset(
    "a be adv only of in for to by from with and or but because while then when before after who so"
    " possessive glue"
    " comma semi colon open close dash dots it"
)
_AT_MOST = 20


def unused(page: Page, found: Iterable[Finding]) -> list[str]:
    """Phrases that hold a number, a unit or a word of the field, of which no finding took a word."""
    t = page.tagged
    taken = [(t.at(finding.start), t.after(finding.end)) for finding in found if finding.fact != "exposure"]
    used = {i for start, end in taken for i in range(start, end)}
    phrases = (page.words(t.tokens[i].start, t.tokens[j - 1].end) for i, j in _left_over(t, used))
    return list(dict.fromkeys(phrases))[:_AT_MOST]


def _left_over(t: Tagged, used: set[int]) -> Iterator[tuple[int, int]]:
    """The runs of a clause that nothing was taken from."""
    i = 0
    while i < len(t.tokens):
        end = t.clause(i)[1]
        j = i
        while j < end and j not in used:
            j += 1
        first, last = i, j
        while first < last and t.tokens[first].tags & _SMALL:
            first += 1
        while first < last and t.tokens[last - 1].tags & _SMALL:
            last -= 1
        if any(token.tags & _TELLING for token in t.tokens[first:last]):
            yield first, last
        i = j + 1
