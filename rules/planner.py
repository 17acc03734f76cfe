"""Which question next? The one that brings the verdict soonest, on average over rough priors.

Category, exposure and nation come first where they matter: they decide which criteria there are at all. What
is left are groups of rows that share no fact. A group is worked through by the order of questions that is
shortest on average, found by looking ahead over its cells; among groups the one goes first that promises most
notifications per question, since the first criterion met ends the questions, while ruling everything out
takes all of them anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rules.cells import Cell, Group
from rules.conditions import known
from rules.facts import FACTS, FLAGS
from rules.incident import Facts
from rules.priors import share
from rules.settle import FRAME, Scenario
from rules.spans import Span

# Asked for by another name: an age, where the rows only want to know whether it is a child's.
ASKED_AS = {"age_group": "age_years"}
JUDGEMENTS = ("individuals_exposed", "clinically_significant")


class Prospect(NamedTuple):
    """What a group's best order of questions promises: its first question, how many, how likely to notify."""

    first: str
    questions: float
    notify: float


def next_question(
    facts: Facts, skip: frozenset[str] = frozenset(), *, together: bool = True
) -> tuple[str, ...]:
    """The facts to ask for next; none once the outcome is settled, or nothing is left to ask.

    `skip` holds those that nobody knows. With `together` the open yes/no flags come as one question.
    """
    open_scenarios = _open_scenarios(facts)
    if not open_scenarios:
        return ()
    for name in (*_frame_questions(open_scenarios), *_first(facts, open_scenarios)):
        if name not in skip:
            return (name,)
    prospects = _prospects(open_scenarios, skip)
    if not prospects:
        return ()
    if together:
        flags = _flags(open_scenarios, skip)
        if len(flags) > 1:
            joint = _joint(prospects, flags)
            others = [p for p in prospects if p.first not in flags]
            if all(_merit(joint) >= _merit(p) for p in others):
                return flags
            return (max(others, key=_merit).first,)
    return (_ranked(prospects)[0].first,)


def missing(facts: Facts) -> tuple[str, ...]:
    """The facts that could still change the outcome, the best next question first."""
    open_scenarios = _open_scenarios(facts)
    if not open_scenarios:
        return ()
    found = dict.fromkeys([*_frame_questions(open_scenarios), *_first(facts, open_scenarios)])
    found.update(dict.fromkeys(p.first for p in _ranked(_prospects(open_scenarios, frozenset()))))
    found.update(
        dict.fromkeys(
            n for scenario in open_scenarios for g in scenario.open_groups for n in _relevant(scenario, g)
        )
    )
    ages = facts.edition.child_ages
    if "age_years" in found and len({ages[scenario.frame.nation] for scenario in open_scenarios}) > 1:
        found.setdefault("nation")  # at an age between the two it decides who is a child
    return tuple(found)


def _open_scenarios(facts: Facts) -> tuple[Scenario, ...]:
    """The frames in which the outcome is not settled, or all of them where they settle differently."""
    if facts.outside_irmer:
        return ()
    scenarios = facts.scenarios
    if all(c.certain for c in scenarios) or all(c.excluded for c in scenarios):
        return ()
    return scenarios


def _frame_questions(scenarios: tuple[Scenario, ...]) -> Iterable[str]:
    """The framing facts on which the outcome hangs: another value would leave other things to find out."""
    by_age = len({scenario.world.get("age_group") for scenario in scenarios}) > 1
    for place, name in sorted(
        enumerate(FRAME), key=lambda item: ("category", "exposure", "nation").index(item[1])
    ):
        if len({scenario.frame[place] for scenario in scenarios}) < 2:
            continue
        standing: dict[tuple[str, ...], set[object]] = {}
        for scenario in scenarios:
            others = scenario.frame[:place] + scenario.frame[place + 1 :]
            standing.setdefault(others, set()).add(_standing(scenario, by_age))
        if any(len(kinds) > 1 for kinds in standing.values()) or (
            len(standing) > 1 and len(scenarios) == len(standing)
        ):
            yield name


def _first(facts: Facts, scenarios: tuple[Scenario, ...]) -> tuple[str, ...]:
    """An observable effect outside interventional work first asks about clinical significance (R21)."""
    seen = "observable" in facts.known.get("deterministic_effect", ())
    outside = all(scenario.frame.category != "interventional" for scenario in scenarios)
    return (
        ("clinically_significant",)
        if seen and outside and _unsettled(scenarios[0], "clinically_significant")
        else ()
    )


def _standing(scenario: Scenario, by_age: bool) -> object:
    """How far a frame is settled, and by what the rest would be; `by_age` where frames differ in who is
    a child.
    """
    if scenario.certain or scenario.excluded:
        return scenario.certain
    return tuple(
        (
            id(group),
            *(scenario.world.get(n) for n in group.facts if not by_age or _counts(n, scenario, group)),
        )
        for group in scenario.open_groups
    )


def _counts(name: str, scenario: Scenario, group: Group) -> bool:
    """Would the age group matter, if it were not known? Any other fact is taken to."""
    if name != "age_group":
        return True
    anybody = {**scenario.world, name: FACTS[name].domain}
    return ASKED_AS[name] in _relevant(scenario._replace(world=anybody), group)


def _prospects(scenarios: tuple[Scenario, ...], skip: frozenset[str]) -> list[Prospect]:
    found: dict[int, Prospect] = {}
    for scenario in scenarios:
        for group in () if scenario.excluded else scenario.open_groups:
            if id(group) not in found:
                prospect = plan(group, scenario, skip)
                if prospect:
                    found[id(group)] = prospect
    return list(found.values())


def _ranked(prospects: Sequence[Prospect]) -> list[Prospect]:
    """The best first; judgements, which somebody has to think about, after all else."""
    return sorted(prospects, key=lambda prospect: (prospect.first in JUDGEMENTS, -_merit(prospect)))


def _merit(prospect: Prospect) -> float:
    return prospect.notify / prospect.questions


def _flags(scenarios: tuple[Scenario, ...], skip: frozenset[str]) -> tuple[str, ...]:
    """The yes/no flags that are still open and matter, in the order of the form."""
    open_facts = {
        name
        for scenario in scenarios
        for group in scenario.open_groups
        for name in group.facts
        if name in FLAGS and name not in skip and _unsettled(scenario, name)
    }
    return tuple(name for name in FLAGS if name in open_facts)


def _joint(prospects: Sequence[Prospect], flags: tuple[str, ...]) -> Prospect:
    """All flags in one message: one question instead of several."""
    none = 1.0
    for prospect in prospects:
        if prospect.first in flags:
            none *= 1 - prospect.notify
    return Prospect(flags[0], 1, 1 - none)


def _unsettled(scenario: Scenario, name: str) -> bool:
    have = known(scenario.world, name)
    return not have.exact if isinstance(have, Span) else len(have) > 1


def _relevant(scenario: Scenario, group: Group) -> list[str]:
    """The group's facts whose value can still make a difference."""
    cells = group.cells(scenario.world)
    found = []
    for name in group.facts:
        if not _unsettled(scenario, name):
            continue
        asked = ASKED_AS.get(name, name)
        by_value: dict[object, set[bool]] = {}
        by_others: dict[object, set[bool]] = {}
        besides = [other for other in group.facts if other != name]
        besides += [ratio for part, whole, ratio in group.ratios if name not in (part, whole)]
        for cell in cells:
            by_value.setdefault(cell.world[name], set()).add(bool(cell.codes))
            others = tuple(cell.world[other] for other in besides)
            by_others.setdefault(others, set()).add(bool(cell.codes))
        differs = len({frozenset(v) for v in by_value.values()}) > 1
        if differs or any(len(v) > 1 for v in by_others.values()):
            found.append(asked)
    return found


# ------------------------------------------------------------------------------------ within a group
def plan(group: Group, scenario: Scenario, skip: frozenset[str]) -> Prospect | None:
    """The best order of questions for one group; None where nothing can be asked any more."""
    cells = group.cells(scenario.world)
    weighted = tuple((cell, weight) for cell in cells if (weight := share(group, cell)) > 0)
    open_names = tuple(n for n in group.facts if _unsettled(scenario, n) and ASKED_AS.get(n, n) not in skip)
    names = tuple(n for n in open_names if n not in skip)
    if not names:
        return None
    total = sum(weight for _, weight in weighted)
    if not total:
        return None
    notify = sum(weight for cell, weight in weighted if cell.codes) / total
    state = _State(weighted, names, frozenset(n for n in group.facts if not _unsettled(scenario, n)))
    first, questions = _shortest(state, group)
    return Prospect(ASKED_AS.get(first, first), questions, max(notify, 1e-6)) if first else None


class _State(NamedTuple):
    cells: tuple[tuple[Cell, float], ...]
    names: tuple[str, ...]  # that can still be asked
    told: frozenset[str]  # that are known


def _shortest(state: _State, group: Group) -> tuple[str, float]:
    """The first question of the shortest order, and how many it takes on average; ("", 0) once settled."""
    if len({bool(cell.codes) for cell, _ in state.cells}) < 2:
        return "", 0.0
    best, least = "", STUCK
    total = sum(weight for _, weight in state.cells)
    for name in state.names:
        if not _askable(name, state):
            continue
        left = tuple(n for n in state.names if n != name)
        told = state.told | {name}
        cost = 1.0
        for part in _answers(state, name, told, group):
            share = sum(weight for _, weight in part) / total
            cost += share * _shortest(_State(part, left, told), group)[1]
            if cost >= least:
                break
        if cost < least:
            best, least = name, cost
    return best, least


STUCK = 10.0  # what it costs to go and find out, where no question can settle the group


def _askable(name: str, state: _State) -> bool:
    """Does the question make sense: does what it presupposes hold in every cell?"""
    return all(
        all(cell.world.get(fact, frozenset()) <= frozenset(values) for cell, _ in state.cells)  # type: ignore[operator]
        for fact, values in FACTS[name].given
        if state.cells and fact in state.cells[0][0].world
    )


def _answers(
    state: _State, name: str, told: frozenset[str], group: Group
) -> list[tuple[tuple[Cell, float], ...]]:
    """The cells by the answer to a question; a quotient is known once both of its parts are."""
    quotients = [ratio for part, whole, ratio in group.ratios if part in told and whole in told]
    parts: dict[object, list[tuple[Cell, float]]] = {}
    for cell, weight in state.cells:
        key = (cell.world[name], *(cell.world[ratio] for ratio in quotients))
        parts.setdefault(key, []).append((cell, weight))
    return [tuple(part) for part in parts.values()]
