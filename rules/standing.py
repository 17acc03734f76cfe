"""How an incident stands: its outcome, the codes met and possible, and the frames that it can be in."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from rules.compiled import Judged, compiled
from rules.complementary import complementary
from rules.conditions import RATIOS, RatioWithin
from rules.facts import THERAPY
from rules.incident import Facts
from rules.spans import Span


class Standing(NamedTuple):
    """What the rest of a verdict follows from. `codes` are those met, in the order of the table.

    `judged` is there where exact values alone settled it.
    """

    facts: Facts
    outcome: str
    codes: tuple[str, ...]
    possible: tuple[str, ...]
    complementary: tuple[str, ...]
    exposures: frozenset[str]
    categories: frozenset[str]
    nations: frozenset[str]
    judged: Judged | None
    met: frozenset[str]
    in_play: frozenset[str]  # met or possible

    def can_be(self, name: str, value: str) -> bool:
        """Is it known to be one of the values that include this one? Nothing known is not enough."""
        return value in self.facts.known.get(name, ())

    def exactly(self, name: str, *values: str) -> bool:
        """Is it known to be one of these values?"""
        have = self.facts.known.get(name)
        return isinstance(have, Span) and have.exact and have.low.value in decimals(values)

    def quotient(self, part: str, whole: str, *factors: str) -> bool:
        """Is one known to be exactly so many times the other?"""
        n, d = self.facts.known.get(part), self.facts.known.get(whole)
        if isinstance(n, Span) and isinstance(d, Span) and n.exact and d.exact:
            return any(n.low.value == Decimal(f) * d.low.value for f in factors)
        return self.exactly(RATIOS[part, whole], *factors)

    def quotient_within(self, part: str, whole: str, wanted: Span) -> bool | None:
        return RatioWithin(part, whole, wanted).value(self.facts.known)

    @property
    def causes(self) -> frozenset[str]:
        named = self.facts.stated.get("cause", ())
        return frozenset([named] if isinstance(named, str) else map(str, named))  # type: ignore[call-overload]

    @property
    def in_bands(self) -> bool:
        """Do the bands of intended dose hold for it?"""
        return "unintended" in self.exposures and not self.categories <= THERAPY

    def says(self, name: str) -> bool:
        return name in self.facts.known


@cache
def decimals(values: tuple[str, ...]) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


def stand(facts: Facts) -> Standing:
    """How an incident under IR(ME)R stands, by exact values alone where they are enough."""
    judged = compiled(facts.edition).judge(facts.known)
    if judged is not None:
        codes = judged.codes
        letters = complementary(facts, codes)
        frame = judged.plan.values
        outcome = "notify" if codes else "do_not_notify"
        met = frozenset(codes)
        return Standing(facts, outcome, codes, (), letters, frame[0], frame[1], frame[2], judged, met, met)
    scenarios, rows = facts.scenarios, facts.edition.rows.rows
    codes = tuple(row.code for row in rows if all(scenario.met(row.code) for scenario in scenarios))
    possible = tuple(
        row.code
        for row in rows
        if row.code not in codes and any(scenario.meetable(row.code) for scenario in scenarios)
    )
    return Standing(
        facts,
        outcome_of(facts),
        codes,
        possible,
        complementary(facts, codes),
        frozenset(scenario.frame.exposure for scenario in scenarios),
        frozenset(scenario.frame.category for scenario in scenarios),
        frozenset(scenario.frame.nation for scenario in scenarios),
        None,
        frozenset(codes),
        frozenset((*codes, *possible)),
    )


def outcome_of(facts: Facts) -> str:
    """`notify`, `do_not_notify` or `undecided`: settled when every completion agrees."""
    if all(scenario.certain for scenario in facts.scenarios):
        return "notify"
    return "do_not_notify" if all(scenario.excluded for scenario in facts.scenarios) else "undecided"
