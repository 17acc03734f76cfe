"""The reasons of a verdict: for each code in play, whether it is met, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from rules.conditions import World
from rules.edition_model import LIVE_TABLE, Criterion, Edition
from rules.explain import sentence
from rules.settle import Scenario


class Reason(NamedTuple):
    """Why one code is met, ruled out or unknown (still open), and where in the guidance it stands."""

    code: str
    status: str
    sentence: str
    where: str


def reason(criterion: Criterion, status: str, scenarios: tuple[Scenario, ...]) -> Reason:
    text = sentence(criterion, status, scenarios)
    if criterion.newer:
        text += f" (a later wording is known to cover {criterion.newer}: {LIVE_TABLE})"
    return Reason(criterion.code, status, text, criterion.where)


def addressed(criterion: Criterion, categories: Collection[str]) -> bool:
    """Does the row speak to these kinds of exposure, accidental or not?"""
    frames = ({"category": frozenset({category})} for category in categories)
    return any(criterion.applies.value(frame) is not False for frame in frames)


def reasons(
    edition: Edition,
    known: World,
    scenarios: tuple[Scenario, ...],
    met: Collection[str],
    possible: Collection[str],
) -> tuple[Reason, ...]:
    """One for each row that speaks to the incident; a label has one only where it was claimed."""
    found = []
    categories = {scenario.frame.category for scenario in scenarios}
    for criterion in edition.criteria:
        code = criterion.code
        if not criterion.notifies:
            if criterion.when.value(known) is True:
                found.append(reason(criterion, "met", scenarios))
        elif addressed(criterion, categories):
            status = "met" if code in met else "unknown" if code in possible else "ruled_out"
            found.append(reason(criterion, status, scenarios))
    return tuple(found)
