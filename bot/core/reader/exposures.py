"""Accidental, unintended, as intended or a near miss: offered with its reason, always to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator

import bot.core.reader.guards as guards
from bot.core.reader.examinations import NamedExam
from bot.core.reader.findings import Finding
from bot.core.reader.lexicon import NO_RADIATION
from bot.core.reader.matching import said
from bot.core.reader.tags import Hit, Tagged

# What is beside the question has its answers too, so none of this is to be answered with yes or no: “Was no
# exposure intended?” would turn the yes to “Was any exposure intended?” into its opposite.
_NOBODY = "it reads as if nobody was exposed: which was it?"
_NONE_MEANT = "it reads as if no exposure of this person was intended at all: which was it?"
_OWN = "wrong patient: was this person due any exposure of their own?"
_ANOTHER = "it reads as if another exposure of this person was intended: which was it?"
_AS_MEANT = "it reads as if the exposure itself was as intended: which was it?"
_HINTS = (
        (("near_miss",), _NOBODY, "(near | caught ~6 before ~2 an_exposure | before ~1"
                                  " exposure_noun|beam | in_time | nearly|hedge"
                                  " (got|made|treated|injected) | no_exposure)"),
        (("unintended", "accidental"), _OWN, "(swap_word | due_something)"),
        (("accidental",), _NONE_MEANT, "(not_due | accident ~1 (exposed|exam|exposure_noun) | accident)"),
        (
            ("accidental", "unintended"), _OWN,
            "(wrong ~2 patient|person|child|baby|relative | (meant|booked|instead|for|of|to|on)"
            " (for|to|be)? a? (someone in|from|of?)? (other_person|relative | other ~1"
            " patient|person|child|baby|exam)"
            " | relative possessive? exam|scan|planning | other ~1 patient|person possessive?"
            " exam|scan | wrong n ~1 (made|got|had|booked) | misidentified)",
        ),
        (
            ("unintended",), _ANOTHER,
            "(person|child protocol | wrong | repeat | once | double | overexposed | mishap |"
            " instead | timing | setup_error | but ~1 meant | extra | again | versus | x n)",
        ),
)  # fmt: skip


def exposures(t: Tagged, named: list[NamedExam]) -> Iterator[Finding]:
    """At most one hint: the first of the list, from the most telling."""
    meant_without = [m for m in named if m.exam.category == NO_RADIATION and (m.meant or not m.made)]
    exposed = [m for m in named if m.exam.category != NO_RADIATION and m.exam.modality and not m.aside]
    for values, doubt, words in _HINTS:
        hit = next((one for one in t.find(words) if not _denied(t, one, values)), None)
        if hit is None:
            continue
        if values == ("unintended",) and meant_without and exposed:
            break
        if values == ("unintended",) and (right := t.first("as_meant")):
            yield said(t, "exposure", "as_intended", right, _AS_MEANT)
        for value in values:
            yield said(t, "exposure", value, hit, doubt)
        return
    if meant_without and exposed:
        doubt = "an examination without radiation was meant, so perhaps no exposure at all: which was it?"
        yield said(t, "exposure", "accidental", meant_without[0].hit, doubt)
        return
    right = t.first("as_meant")
    if right:
        yield said(t, "exposure", "as_intended", right, _AS_MEANT)


def _denied(t: Tagged, hit: Hit, values: tuple[str, ...]) -> bool:
    return values not in (("accidental",), ("near_miss",)) and guards.denied(t, hit.i, hit.j, 3) is True
