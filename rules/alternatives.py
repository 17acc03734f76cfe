"""What would change the answer: the nearest values of single facts from which it would be another."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules.clauses import PLACED, unit
from rules.conditions import RATIOS, RatioWithin, Within, World
from rules.explain import listed
from rules.facts import FACTS, Kind, Known
from rules.incident import Facts
from rules.settle import Scenario
from rules.spans import ANYTHING, DOWN, EXACT, INFINITY, UP, Bound, Span, exactly, plain

HAIR = Decimal("1e-12")  # so little is just above, or just below


def would_change(facts: Facts, outcome: str) -> tuple[str, ...]:
    """One line for each value from which the outcome would be another, with the code it would then have."""
    if outcome not in ("notify", "do_not_notify") or {c.frame.exposure for c in facts.scenarios} == {
        "near_miss"
    }:
        return ()
    found = [line for name in _tunable(facts) for line in _thresholds(facts, name, outcome)]
    if outcome == "do_not_notify" and facts.only("exposure") == "unintended":
        found += _if_accidental(facts)
    return tuple(found)


def _tunable(facts: Facts) -> list[str]:
    """Known numbers, one by one, that the rows of this incident compare."""
    compared = {name for scenario in facts.scenarios for group in scenario.groups for name in group.facts}
    return [n for n, have in facts.known.items() if n in compared and isinstance(have, Span) and have.exact]


def _thresholds(facts: Facts, name: str, outcome: str) -> Iterator[str]:
    now = facts.known[name]
    assert isinstance(now, Span)
    above = [b for b in _candidates(facts, name) if b > now.high]
    below = [b for b in reversed(_candidates(facts, name)) if b <= now.low]
    for bounds, upwards in ((above, True), (below, False)):
        for bound in bounds:
            at = bound if upwards else Bound(bound.value, bound.side - 1)
            if FACTS[name].kind is Kind.COUNT:
                reach = Span(at, ANYTHING.high) if upwards else Span(ANYTHING.low, at)
                at = reach.whole().low if upwards else reach.whole().high
            domain = FACTS[name].domain
            value = exactly(EXACT.add(at.value, at.side * HAIR))
            if at.value < 0 or not value & domain:  # type: ignore[operator]
                continue
            scenarios = _supposed(facts, {name: value})
            then = _outcome(scenarios) if scenarios else outcome
            if then != outcome and (outcome, then) != ("notify", "undecided"):
                yield _change(name, at, upwards, then, _codes(facts, scenarios))
                break


def _candidates(facts: Facts, name: str) -> list[Bound]:
    """Where this number meets a limit, or a multiple of another known number; each begins what lies above."""
    bounds: set[Bound] = set()
    for atom in (a for scenario in facts.scenarios for group in scenario.groups for a in group.atoms):
        if not isinstance(atom, Within | RatioWithin):
            continue
        low, high = atom.span
        begin = low if high.value == INFINITY else Bound(high.value, high.side + 1)
        if isinstance(atom, Within) and atom.fact == name:
            bounds.add(begin)
        elif isinstance(atom, Within):
            for value in _through_ratio(facts, name, atom.fact, begin.value):
                bounds |= {Bound(value), Bound(value, 1)}
        elif name in atom.facts:
            other = facts.known.get(atom.of if atom.fact == name else atom.fact)
            for value in _multiples(atom.limit, other, atom.fact == name):
                bounds |= {Bound(value), Bound(value, 1)}
    return sorted(bounds)


def _multiples(factor: Decimal, other: Known | None, of_other: bool) -> Iterator[Decimal]:
    """Where a number meets a multiple of another, or has it as a multiple, at the ends of what is known.

    A limit with more digits than can be said is given by its two short neighbours (`_short`).
    """
    for bound in other if isinstance(other, Span) else ():
        if bound.value != INFINITY:
            yield from _short(
                EXACT.multiply(bound.value, factor) if of_other else EXACT.divide(bound.value, factor)
            )


def _through_ratio(facts: Facts, name: str, other: str, limit: Decimal) -> Iterator[Decimal]:
    """Where another number meets its limit, if only the ratio of the two is known."""
    for (part, whole), ratio in RATIOS.items():
        have = facts.known.get(ratio)
        if {name, other} != {part, whole} or not isinstance(have, Span):
            continue
        for bound in have:
            if name == part and bound.value != INFINITY:
                yield from _short(EXACT.multiply(limit, bound.value))
            elif name == whole and 0 < bound.value < INFINITY:
                yield from _short(EXACT.divide(limit, bound.value))


def _short(limit: Decimal) -> tuple[Decimal, Decimal]:
    return UP.plus(limit), DOWN.plus(limit)


def _supposed(facts: Facts, changes: World, without: tuple[str, ...] = ()) -> tuple[Scenario, ...]:
    """The incident if some facts were otherwise; nothing where that contradicts the rest."""
    world = {name: have for name, have in {**facts.known, **changes}.items() if name not in without}
    return facts.edition.rows.scenarios(world)


def _outcome(scenarios: tuple[Scenario, ...]) -> str:
    if all(scenario.certain for scenario in scenarios):
        return "notify"
    return "do_not_notify" if all(scenario.excluded for scenario in scenarios) else "undecided"


def _codes(facts: Facts, scenarios: tuple[Scenario, ...]) -> list[str]:
    return [
        row.code for row in facts.edition.rows.rows if all(scenario.met(row.code) for scenario in scenarios)
    ]


def _change(name: str, at: Bound, upwards: bool, outcome: str, codes: list[str]) -> str:
    then = {
        "notify": f"it would be {listed(codes) or 'notifiable'}",
        "undecided": "it could no longer be ruled out",
        "do_not_notify": "no criterion would be met",
    }[outcome]
    if name == "individuals_exposed":
        return f"With {'more than one person' if upwards else 'one person alone'} exposed {then}"
    number = f"{plain(at.value)} {unit(name)}".rstrip()
    sides = {0: "From", 1: "Above"} if upwards else {0: "Up to", -1: "Below"}
    return f"{sides[at.side]} {number} {PLACED[name]} {then}"


def _if_accidental(facts: Facts) -> list[str]:
    scenarios = _supposed(facts, {"exposure": frozenset({"accidental"})}, ("intended_dose", "dose_ratio"))
    if not scenarios or _outcome(scenarios) != "notify":
        return []
    codes = _codes(facts, scenarios)
    return [f"If no exposure of this person had been intended at all, it would be {listed(codes)}"]
