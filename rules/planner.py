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
from rules.settle import FRAME, Case
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
    open_cases = _open_cases(facts)
    if not open_cases:
        return ()
    for name in (*_frame_questions(open_cases), *_first(facts, open_cases)):
        if name not in skip:
            return (name,)
    prospects = _prospects(open_cases, skip)
    if not prospects:
        return ()
    if together:
        flags = _flags(open_cases, skip)
        if len(flags) > 1:
            joint = _joint(prospects, flags)
            others = [p for p in prospects if p.first not in flags]
            if all(_merit(joint) >= _merit(p) for p in others):
                return flags
            return (max(others, key=_merit).first,)
    return (_ranked(prospects)[0].first,)


def missing(facts: Facts) -> tuple[str, ...]:
    """The facts that could still change the outcome, the best next question first."""
    open_cases = _open_cases(facts)
    if not open_cases:
        return ()
    found = dict.fromkeys([*_frame_questions(open_cases), *_first(facts, open_cases)])
    found.update(dict.fromkeys(p.first for p in _ranked(_prospects(open_cases, frozenset()))))
    found.update(
        dict.fromkeys(n for case in open_cases for g in case.open_groups for n in _relevant(case, g))
    )
    ages = facts.edition.child_ages
    if "age_years" in found and len({ages[case.frame.nation] for case in open_cases}) > 1:
        found.setdefault("nation")  # at an age between the two it decides who is a child
    return tuple(found)


def _open_cases(facts: Facts) -> tuple[Case, ...]:
    """The frames in which the outcome is not settled, or all of them where they settle differently."""
    if facts.outside_irmer:
        return ()
    cases = facts.cases
    if all(c.certain for c in cases) or all(c.excluded for c in cases):
        return ()
    return cases


def _frame_questions(cases: tuple[Case, ...]) -> Iterable[str]:
    """The framing facts on which the outcome hangs: another value would leave other things to find out."""
    by_age = len({case.world.get("age_group") for case in cases}) > 1
    for place, name in sorted(
        enumerate(FRAME), key=lambda item: ("category", "exposure", "nation").index(item[1])
    ):
        if len({case.frame[place] for case in cases}) < 2:
            continue
        standing: dict[tuple[str, ...], set[object]] = {}
        for case in cases:
            others = case.frame[:place] + case.frame[place + 1 :]
            standing.setdefault(others, set()).add(_standing(case, by_age))
        if any(len(kinds) > 1 for kinds in standing.values()) or (
            len(standing) > 1 and len(cases) == len(standing)
        ):
            yield name


def _first(facts: Facts, cases: tuple[Case, ...]) -> tuple[str, ...]:
    """An observable effect outside interventional work first asks about clinical significance (R21)."""
    seen = "observable" in facts.known.get("deterministic_effect", ())
    outside = all(case.frame.category != "interventional" for case in cases)
    return (
        ("clinically_significant",)
        if seen and outside and _unsettled(cases[0], "clinically_significant")
        else ()
    )


def _standing(case: Case, by_age: bool) -> object:
    """How far a frame is settled, and by what the rest would be; `by_age` where frames differ in who is
    a child.
    """
    if case.certain or case.excluded:
        return case.certain
    return tuple(
        (id(group), *(case.world.get(n) for n in group.facts if not by_age or _counts(n, case, group)))
        for group in case.open_groups
    )


def _counts(name: str, case: Case, group: Group) -> bool:
    """Would the age group matter, if it were not known? Any other fact is taken to."""
    if name != "age_group":
        return True
    anybody = {**case.world, name: FACTS[name].domain}
    return ASKED_AS[name] in _relevant(case._replace(world=anybody), group)


def _prospects(cases: tuple[Case, ...], skip: frozenset[str]) -> list[Prospect]:
    found: dict[int, Prospect] = {}
    for case in cases:
        for group in () if case.excluded else case.open_groups:
            if id(group) not in found:
                prospect = plan(group, case, skip)
                if prospect:
                    found[id(group)] = prospect
    return list(found.values())


def _ranked(prospects: Sequence[Prospect]) -> list[Prospect]:
    """The best first; judgements, which somebody has to think about, after all else."""
    return sorted(prospects, key=lambda prospect: (prospect.first in JUDGEMENTS, -_merit(prospect)))


def _merit(prospect: Prospect) -> float:
    return prospect.notify / prospect.questions


def _flags(cases: tuple[Case, ...], skip: frozenset[str]) -> tuple[str, ...]:
    """The yes/no flags that are still open and matter, in the order of the form."""
    open_facts = {
        name
        for case in cases
        for group in case.open_groups
        for name in group.facts
        if name in FLAGS and name not in skip and _unsettled(case, name)
    }
    return tuple(name for name in FLAGS if name in open_facts)


def _joint(prospects: Sequence[Prospect], flags: tuple[str, ...]) -> Prospect:
    """All flags in one message: one question instead of several."""
    none = 1.0
    for prospect in prospects:
        if prospect.first in flags:
            none *= 1 - prospect.notify
    return Prospect(flags[0], 1, 1 - none)


def _unsettled(case: Case, name: str) -> bool:
    have = known(case.world, name)
    return not have.exact if isinstance(have, Span) else len(have) > 1


def _relevant(case: Case, group: Group) -> list[str]:
    """The group's facts whose value can still make a difference."""
    cells = group.cells(case.world)
    found = []
    for name in group.facts:
        if not _unsettled(case, name):
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
def plan(group: Group, case: Case, skip: frozenset[str]) -> Prospect | None:
    """The best order of questions for one group; None where nothing can be asked any more."""
    cells = group.cells(case.world)
    weighted = tuple((cell, weight) for cell in cells if (weight := share(group, cell)) > 0)
    open_names = tuple(n for n in group.facts if _unsettled(case, n) and ASKED_AS.get(n, n) not in skip)
    names = tuple(n for n in open_names if n not in skip)
    if not names:
        return None
    total = sum(weight for _, weight in weighted)
    if not total:
        return None
    notify = sum(weight for cell, weight in weighted if cell.codes) / total
    state = _State(weighted, names, frozenset(n for n in group.facts if not _unsettled(case, n)))
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
