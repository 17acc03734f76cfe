"""Complementary codes: M, E, V and C, each with the code of the most relevant exposure category."""

from __future__ import annotations

from rules.facts import IMAGING, YES
from rules.incident import Facts
from rules.spans import Span

LETTERS = ("M", "E", "V", "C")
# The letters that label, and the fact that claims each.
CLAIMED_BY = {"E": "equipment_fault", "V": "voluntary"}
CLAIMED = frozenset({YES})


def complementary(facts: Facts, met: tuple[str, ...]) -> tuple[str, ...]:
    """M, E, V and C with the first base code met, or the most relevant one; alone where that is not known."""
    known = facts.known
    if not ("equipment_fault" in known or "voluntary" in known or (met and met[-1] in LETTERS)):
        return ()
    letters = [x for x in LETTERS if x in met or known.get(CLAIMED_BY.get(x, "")) == CLAIMED]
    if not letters:
        return ()
    base = met[0] if met[0:1] and met[0] not in LETTERS else _base(facts)
    return tuple(letter + base for letter in letters)


def base_needs(facts: Facts) -> tuple[str, ...]:
    """Where letters stand alone: the facts that would tell the code they belong to, the first one first."""
    for name in ("exposure", "category"):
        if facts.only(name) is None:
            return (name,)
    category = facts.only("category")
    if category == "radiotherapy_treatment":
        miss_known = facts.only("geographical_miss") is not None
        return ("target_dose_ratio",) if miss_known else ("geographical_miss", "target_dose_ratio")
    return ("nm_therapy",) if category == "nuclear_medicine_therapy" else ("intended_dose",)


def _base(facts: Facts) -> str:
    """The code for the most relevant exposure category where none is met; empty where that is not known."""
    exposure, category = facts.only("exposure"), facts.only("category")
    if exposure == "accidental":
        return "1"
    if exposure is None or category is None:
        return ""
    if category in IMAGING:
        return _band(facts)
    if category == "nuclear_medicine_therapy":
        return {"sirt": "10.1", "other": "10.2"}.get(facts.only("nm_therapy") or "", "")
    return "3" if category == "interventional" else _treatment(facts)


def _band(facts: Facts) -> str:
    """The row of 2.1 to 2.4 in whose band the intended dose lies."""
    bands = set()
    for scenario in facts.scenarios:
        intended = scenario.world.get("intended_dose")
        if isinstance(intended, Span):
            bands |= {band for band, limits in facts.edition.bands.items() if intended & limits}
    return bands.pop() if len(bands) == 1 else ""


def _treatment(facts: Facts) -> str:
    miss, target = facts.only("geographical_miss"), facts.known.get("target_dose_ratio")
    if miss == "partial":
        return "9.2"
    if not isinstance(target, Span) or miss is None:
        return ""
    return "8.1" if target.low.value >= 1 else "8.2" if target.high.value < 1 else ""
