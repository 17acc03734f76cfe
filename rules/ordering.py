"""In which order to ask for the facts of one group of rows: the shortest on average over rough priors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from rules.cells import Cell, Group
from rules.conditions import known
from rules.facts import FACTS, Known
from rules.priors import share
from rules.settle import Scenario
from rules.spans import Span

# Asked for by another name: an age, where the rows only want to know whether it is a child's.
ASKED_AS = {"age_group": "age_years"}
# What it costs to go and find out, where no question can settle the group any more.
STUCK = 10.0
Weighted = tuple[tuple[Cell, float], ...]


class Prospect(NamedTuple):
    """What a group's best order of questions promises: its first question, how many, how likely to notify.

    `settles` holds True where the answers can still meet a code of the group, False where they can rule all
    of it out.
    """

    group: Group
    first: str
    questions: float
    notify: float
    settles: frozenset[bool]


class _State(NamedTuple):
    cells: Weighted
    names: tuple[str, ...]  # that can still be asked
    told: frozenset[str]  # that are known
    skipped: bool  # is there something that nobody knows?
    at_hand: bool


Values = tuple[Known | None, ...]
Found = dict[tuple[tuple[str, ...], tuple[int, ...]], tuple[str, float]]


def unsettled(world: Mapping[str, Known], name: str) -> bool:
    """Is more than one value of it left?"""
    have = known(world, name)
    return not have.exact if isinstance(have, Span) else len(have) > 1


def values_of(group: Group, scenario: Scenario) -> Values:
    """All that a group's questions hang on, in the order of its dimensions; None where nothing is known."""
    return tuple(map(scenario.world.get, group.dimensions))


def plan(
    group: Group, scenario: Scenario, skip: frozenset[str] = frozenset(), *, at_hand: bool = False
) -> Prospect | None:
    """The best order of questions for one group; None where no answer could settle it any more.

    `at_hand`: what whoever is there can know comes before what a physicist works out.
    """
    mine = skip & {*group.dimensions, *(ASKED_AS[name] for name in group.facts if name in ASKED_AS)}
    return _planned(group, values_of(group, scenario), mine, bool(skip), at_hand)


@lru_cache(maxsize=4096)  # an answer changes one group: the others are as they were
def _planned(
    group: Group, values: Values, skip: frozenset[str], skipped: bool, at_hand: bool
) -> Prospect | None:
    world = world_of(group, values)
    cells = group.cells(world)
    weighted = tuple((cell, weight) for cell in cells if (weight := share(group, cell)) > 0)
    open_names = [name for name in group.facts if unsettled(world, name)]
    names = [name for name in open_names if not {name, ASKED_AS.get(name, name)} & skip]
    # A ratio is what is left to ask for once one of its numbers is not known.
    names += [
        ratio
        for part, whole, ratio in group.ratios
        if ratio in FACTS and ratio not in skip and unsettled(world, ratio)
        if {part, whole} & skip & {*open_names}
    ]
    total = sum(weight for _, weight in weighted)
    if not names or not total:
        return None
    told = frozenset(group.facts) - frozenset(open_names)
    state = _State(weighted, tuple(names), told, skipped, at_hand)
    first, questions = _shortest(state, group, {})
    if not first:
        return None
    notify = sum(weight for cell, weight in weighted if cell.codes) / total
    return Prospect(group, ASKED_AS.get(first, first), questions, max(notify, 1e-6), _settles(state, group))


def world_of(group: Group, values: Values) -> dict[str, Known]:
    pairs = zip(group.dimensions, values, strict=True)
    return {name: have for name, have in pairs if have is not None}


def _shortest(state: _State, group: Group, found: Found) -> tuple[str, float]:
    """The first question of the shortest order, and how many it takes on average; ("", 0) once settled.
    `found`: what came of the same cells and names before, since many orders lead to them."""
    if len({bool(cell.codes) for cell, _ in state.cells}) < 2:
        return "", 0.0
    key = (state.names, tuple([id(cell) for cell, _ in state.cells]))
    if key not in found:
        found[key] = _least(state, group, found)
    return found[key]


def _least(state: _State, group: Group, found: Found) -> tuple[str, float]:
    if state.skipped and not _settles(state, group):
        return "", STUCK
    best, least = "", float("inf")
    total = sum(weight for _, weight in state.cells)
    for name in _to_choose_from(state):
        left = tuple(n for n in state.names if n != name)
        told = state.told | {name}
        cost = 1.0
        for part in _answers(state, name, told, group):
            share = sum(weight for _, weight in part) / total
            cost += share * _shortest(state._replace(cells=part, names=left, told=told), group, found)[1]
            if cost >= least:
                break
        if cost < least:
            best, least = name, cost
    return (best, least) if best else ("", STUCK)


def _to_choose_from(state: _State) -> list[str]:
    """What can be asked; what whoever is there can know alone, while that matters and comes first."""
    askable = [name for name in state.names if _askable(name, state)]
    at_hand = [name for name in askable if not FACTS[name].worked_out]
    if not state.at_hand or len(at_hand) in (0, len(askable)):
        return askable
    return [name for name in at_hand if _matters(name, state)] or askable


def _matters(name: str, state: _State) -> bool:
    """Do two of its values differ in what they leave?"""
    by_rest: dict[object, set[bool]] = {}
    for cell, _ in state.cells:
        rest = tuple(value for other, value in cell.world.items() if other != name)
        by_rest.setdefault(rest, set()).add(bool(cell.codes))
    return any(len(outcomes) > 1 for outcomes in by_rest.values())


def _settles(state: _State, group: Group) -> frozenset[bool]:
    """Can the answers to all that can be asked meet a code, can they rule all of it out?"""
    names = [name for name in state.names if _can_be_asked(name, state)]
    told = state.told | {*names}
    names += [ratio for part, whole, ratio in group.ratios if part in told and whole in told]
    seen: dict[object, set[bool]] = {}
    for cell, _ in state.cells:
        seen.setdefault(tuple(cell.world[name] for name in names), set()).add(bool(cell.codes))
    return frozenset(next(iter(outcomes)) for outcomes in seen.values() if len(outcomes) == 1)


def _can_be_asked(name: str, state: _State) -> bool:
    """Does what it presupposes hold, or can that be asked for?"""
    return all(fact in state.names for fact, _ in FACTS[name].given) or _askable(name, state)


def _askable(name: str, state: _State) -> bool:
    """Does the question make sense: does what it presupposes hold in every cell?"""
    return all(
        all(cell.world.get(fact, frozenset()) <= frozenset(values) for cell, _ in state.cells)  # type: ignore[operator]
        for fact, values in FACTS[name].given
        if state.cells and fact in state.cells[0][0].world
    )


def _answers(state: _State, name: str, told: frozenset[str], group: Group) -> list[Weighted]:
    """The cells by the answer to a question; a quotient is known once both of its parts are."""
    quotients = [ratio for part, whole, ratio in group.ratios if part in told and whole in told]
    parts: dict[object, list[tuple[Cell, float]]] = {}
    for cell, weight in state.cells:
        key = (cell.world[name], *(cell.world[ratio] for ratio in quotients))
        parts.setdefault(key, []).append((cell, weight))
    return [tuple(part) for part in parts.values()]
