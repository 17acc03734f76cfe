"""Accidental, unintended, as intended or a near miss: what the rules suggest, beside what was meant."""

from __future__ import annotations

from bot.core.reader.examinations import NamedExam
from bot.core.reader.findings import Findings
from bot.core.reader.lexicon import NO_RADIATION
from bot.core.reader.matching import said
from bot.core.reader.tags import Tagged

_AS_MEANT = "it reads as if the exposure itself was as intended: which was it?"
_NO_RADIATION = "an examination without radiation was meant, so perhaps no exposure at all: which was it?"


def exposures(t: Tagged, named: list[NamedExam], found: Findings) -> None:
    """Always to be confirmed."""
    if {f.value for f in found.named("exposure")} - {"unintended"}:
        return
    meant_without = [m for m in named if m.exam.category == NO_RADIATION and (m.meant or not m.made)]
    if meant_without and any(
        m.exam.category != NO_RADIATION and m.exam.modality and not m.aside for m in named
    ):
        found.drop("exposure")
        found.add(said(t, "exposure", "accidental", meant_without[0].hit, _NO_RADIATION))
    elif right := t.first("as_meant"):
        found.all.insert(0, said(t, "exposure", "as_intended", right, _AS_MEANT))
