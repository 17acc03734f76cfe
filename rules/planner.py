"""Which question next? The one that brings the verdict soonest, on average over rough priors.

Category, exposure and nation come first where they matter: they decide which criteria there are at all. What
is left are groups of rows that share no fact. A group is worked through by the order of questions that is
shortest on average, found by looking ahead over its cells; among groups the one goes first that promises most
notifications per question, since the first criterion met ends the questions, while ruling everything out
takes all of them anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rules.cells import Group
from rules.facts import FACTS, FLAGS, IN_DOUBT
from rules.incident import Facts
from rules.last_questions import telling_frames_apart
from rules.ordering import ASKED_AS, Prospect, Values, plan, unsettled, values_of, world_of
from rules.settle import FRAME, Scenario

_AS_A_FORM = tuple(FACTS)
JUDGEMENTS = ("individuals_exposed", "clinically_significant")


def next_question(
    facts: Facts, skip: frozenset[str] = frozenset(), *, together: bool = True
) -> tuple[str, ...]:
    """The facts to ask for next; none once the outcome is settled, or nothing is left to ask.

    `skip` holds those that nobody knows. With `together`, as people are asked, the open yes/no flags come as
    one question, and what whoever is there can know comes before what a physicist works out; where nobody
    knows the kind of exposure, one kind is asked about after the other. Without it every
    question is single, and the order the shortest.
    """
    open_scenarios = _open_scenarios(facts)
    if not open_scenarios:
        return ()
    for name in (*_frame_questions(open_scenarios), *_first(facts, open_scenarios)):
        if name not in skip:
            return (name,)
    prospects = _that_can_settle(open_scenarios, skip, at_hand=together)
    if not prospects:
        return telling_frames_apart(facts, skip)
    if together:
        if len(doubts := in_doubt(facts, skip)) > 1:
            return doubts
        flags = _flags(open_scenarios, prospects, skip)
        if (
            "category" in skip and facts.only("category") is None
        ):  # one kind after the other, as a form has them: merit would jump between them
            return flags or (min((p.first for p in prospects), key=_AS_A_FORM.index),)
        if len(flags) > 1:
            joint = _joint(prospects, flags)
            others = [p for p in prospects if p.first not in flags]
            if all(joint >= _merit(p) for p in others):
                return flags
            return (max(others, key=_merit).first,)
    return (_ranked(prospects)[0].first,)


def missing(facts: Facts) -> tuple[str, ...]:
    """The facts that could still change the outcome, the best next question first."""
    open_scenarios = _open_scenarios(facts)
    if not open_scenarios:
        return ()
    found = dict.fromkeys([*_frame_questions(open_scenarios), *_first(facts, open_scenarios)])
    prospects = _prospects(open_scenarios).values()
    found.update(dict.fromkeys(p.first for p in _ranked([p for p in prospects if p])))
    for scenario in open_scenarios:
        for group in scenario.open_groups:
            found.update(dict.fromkeys(_relevant(group, values_of(group, scenario))))
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
    stands: list[object] = []
    for place, name in sorted(
        enumerate(FRAME), key=lambda item: ("category", "exposure", "nation").index(item[1])
    ):
        if len({scenario.frame[place] for scenario in scenarios}) < 2:
            continue
        stands = stands or [_standing(scenario, by_age) for scenario in scenarios]
        standing: dict[tuple[str, ...], set[object]] = {}
        for scenario, stand in zip(scenarios, stands, strict=True):
            others = scenario.frame[:place] + scenario.frame[place + 1 :]
            standing.setdefault(others, set()).add(stand)
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
        if seen and outside and unsettled(scenarios[0].world, "clinically_significant")
        else ()
    )


def _standing(scenario: Scenario, by_age: bool) -> object:
    """How far a frame is settled, and by what the rest would be; `by_age` where frames differ in who is
    a child.
    """
    if scenario.certain or scenario.excluded:
        return scenario.certain
    return tuple(
        [
            (
                id(group),
                *[scenario.world.get(n) for n in group.facts if not by_age or _counts(n, scenario, group)],
            )
            for group in scenario.open_groups
        ]
    )


def _counts(name: str, scenario: Scenario, group: Group) -> bool:
    """Would the age group matter, if it were not known? Any other fact is taken to."""
    if name != "age_group":
        return True
    anybody = {**scenario.world, name: FACTS[name].domain}
    return ASKED_AS[name] in _relevant(group, tuple(map(anybody.get, group.dimensions)))


def _prospects(
    scenarios: tuple[Scenario, ...], skip: frozenset[str] = frozenset(), *, at_hand: bool = False
) -> dict[int, Prospect | None]:
    """What each open group promises, by its id; None where nothing that can be asked settles it."""
    found: dict[int, Prospect | None] = {}
    for scenario in scenarios:
        for group in () if scenario.excluded else scenario.open_groups:
            if id(group) not in found:
                found[id(group)] = plan(group, scenario, skip, at_hand=at_hand)
    return found


def _that_can_settle(
    scenarios: tuple[Scenario, ...], skip: frozenset[str], *, at_hand: bool
) -> list[Prospect]:
    """Those whose answers can still settle the outcome. Where one group cannot be ruled out any more, only a
    code that is met settles it; but while the kind of exposure is open, an answer may rule that group out.
    """
    found = _prospects(scenarios, skip, at_hand=at_hand)
    hopeful = [prospect for prospect in found.values() if prospect]
    one_kind = len({(s.frame.exposure, s.frame.category) for s in scenarios}) == 1
    if one_kind and not all(prospect and False in prospect.settles for prospect in found.values()):
        return [prospect for prospect in hopeful if True in prospect.settles]
    return hopeful


def _ranked(prospects: Sequence[Prospect]) -> list[Prospect]:
    """The best first; judgements, which somebody has to think about, after all else."""
    return sorted(prospects, key=lambda prospect: (prospect.first in JUDGEMENTS, -_merit(prospect)))


def _merit(prospect: Prospect) -> float:
    return prospect.notify / prospect.questions


def _flags(
    scenarios: tuple[Scenario, ...], prospects: Sequence[Prospect], skip: frozenset[str]
) -> tuple[str, ...]:
    """The yes/no flags that are still open and matter, in the order of the form."""
    hopeful = {id(prospect.group) for prospect in prospects}
    open_facts = {
        name
        for scenario in scenarios
        for group in scenario.open_groups
        if id(group) in hopeful
        for name in group.facts
        if name in FLAGS and name not in skip and unsettled(scenario.world, name)
    }
    return tuple(name for name in FLAGS if name in open_facts)


def _joint(prospects: Sequence[Prospect], flags: tuple[str, ...]) -> float:
    """The merit of all flags in one message: one question instead of several."""
    none = 1.0
    for prospect in prospects:
        if prospect.first in flags:
            none *= 1 - prospect.notify
    return 1 - none


def in_doubt(facts: Facts, skip: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What can be in doubt of an exposure that was given as intended and is not known yet, asked in one: also
    an effect that no row speaks of there, since a caution hangs on it."""
    if facts.only("exposure") != "as_intended":
        return ()
    categories = {scenario.frame.category for scenario in facts.scenarios}
    return tuple(
        name
        for name in IN_DOUBT
        if name not in facts.known and name not in skip
        if not FACTS[name].categories or FACTS[name].categories & categories
    )


@lru_cache(maxsize=4096)  # many frames leave a group the same, and an answer changes one
def _relevant(group: Group, values: Values) -> tuple[str, ...]:
    """The group's facts whose value can still make a difference."""
    world = world_of(group, values)
    cells = group.cells(world)
    found = []
    for name in group.facts:
        if not unsettled(world, name):
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
    return tuple(found)
