"""When is an outcome settled? Exactly when every way of filling in what is unknown gives it.

Three facts frame an incident: exposure, category and nation. Put into the rows of an edition, they leave a
few small groups of rows that share no fact: doses, foetus, breast-fed infant, and so on. Within a group the
thresholds cut what is known of each fact into cells, and over a combination of cells every row is true or
false; so the cells say which sets of codes can still be met together. As groups share nothing, an incident is
certain to be notifiable when one group meets a code in each of its cells, and certain not to be when no group
does in any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

from rules.cells import DOSE_OF, Group, Row, Solved, agrees, by_facts, possible
from rules.conditions import Condition, World, known
from rules.facts import FACTS, YES, Known
from rules.spans import ANYTHING, ZERO, Bound, Span, exactly

FRAME = ("exposure", "category", "nation")
# What a near miss rules out, and the values that it leaves.
NEAR_MISS: dict[str, Known] = {
    "total_dose": exactly(0),
    "foetal_dose": exactly(0),
    "infant_dose": exactly(0),
    "delivered_activity": exactly(0),
    "deterministic_effect": frozenset({"none"}),
    "geographical_miss": frozenset({"none"}),
    "individuals_exposed": exactly(1),
    "unintended_foetal_exposure": frozenset({"false"}),
    "breastfed_infant_exposed": frozenset({"false"}),
    "wrong_radiopharmaceutical": frozenset({"false"}),
    "clinically_significant": frozenset({"false"}),
}
# What there must have been where there is some of it.
EVIDENCE = {
    **{dose: (flag, YES) for flag, dose in DOSE_OF.items()},
    "miss_margin_ratio": ("geographical_miss", "partial"),
}
HARMLESS = frozenset({"false", "none"})


def harmless(have: Known) -> bool:
    """Can it be false, none or 0, which contradict nothing?"""
    return (ZERO in have) if isinstance(have, Span) else bool(have & HARMLESS)


class Frame(NamedTuple):
    exposure: str
    category: str
    nation: str


@dataclass(eq=False)
class Scenario:
    """An incident in one frame: the world there, the codes that hold in it whatever else, the groups."""

    frame: Frame
    world: dict[str, Known]
    always: frozenset[str]
    groups: tuple[Group, ...]

    @cached_property
    def solved(self) -> tuple[Solved, ...]:
        """Each group's cells."""
        return tuple([group.solve(self.world) for group in self.groups])

    @cached_property
    def certain(self) -> bool:
        """Is some code met in every completion?"""
        return bool(self.always) or any(solved.certain for solved in self.solved)

    @cached_property
    def excluded(self) -> bool:
        """Is no code met in any completion?"""
        return not self.always and not any(solved.possible for solved in self.solved)

    @cached_property
    def open_groups(self) -> tuple[Group, ...]:
        """The groups on which the outcome hangs."""
        both = zip(self.groups, self.solved, strict=True)
        return () if self.certain else tuple([group for group, solved in both if solved.possible])

    def met(self, code: str) -> bool:
        return code in self.always or any(code in solved.met for solved in self.solved)

    def meetable(self, code: str) -> bool:
        return code in self.always or any(code in solved.meetable for solved in self.solved)


class Rows:
    """The rows of an edition that decide, ready to be settled. `child_ages`: a child is younger, by nation.
    `not_as_intended`: conditions of which none can hold where an exposure was given as intended."""

    def __init__(
        self, rows: Sequence[Row], child_ages: Mapping[str, int], not_as_intended: Sequence[Condition] = ()
    ) -> None:
        self.rows = tuple(rows)
        self.child_ages = child_ages
        self.not_as_intended = tuple(Group((Row("", condition),)) for condition in not_as_intended)
        self._plans: dict[Frame, tuple[frozenset[str], tuple[Group, ...]]] = {}
        self._groups: dict[tuple[Row, ...], Group] = {}

    def plan(self, frame: Frame) -> tuple[frozenset[str], tuple[Group, ...]]:
        """The codes that a frame meets by itself, and the groups that it leaves."""
        if frame not in self._plans:
            always, left = set(), []
            world = {name: frozenset({value}) for name, value in zip(FRAME, frame, strict=True)}
            for code, when in self.rows:
                rest = when.without(world)
                if rest is True:
                    always.add(code)
                elif isinstance(rest, Condition):
                    left.append(Row(code, rest))
            self._plans[frame] = (frozenset(always), tuple(self._intern(rows) for rows in by_facts(left)))
        return self._plans[frame]

    def _intern(self, rows: tuple[Row, ...]) -> Group:
        return self._groups.setdefault(rows, Group(rows))

    def scenarios(self, world: World) -> tuple[Scenario, ...]:
        """The incident in every frame that contradicts nothing that is known of it; none where all do."""
        if not possible(world):
            return ()
        exposures, categories, nations = (sorted(map(str, known(world, name))) for name in FRAME)
        belonging = [category for category in categories if _belongs(world, category)]
        found = []
        for exposure in exposures if belonging else ():
            exposed = self._by_exposure(world, exposure)
            by_nation = [] if exposed is None else [(n, self._by_age(exposed, n)) for n in nations]
            for category, (nation, narrowed) in product(belonging, by_nation):
                if narrowed is None:
                    continue
                frame = Frame(exposure, category, nation)
                always, groups = self.plan(frame)
                scenario = Scenario(frame, narrowed, always, groups)
                if all(solved.cells for solved in scenario.solved):
                    found.append(scenario)
        return tuple(found)

    def narrow(self, world: World, frame: Frame) -> dict[str, Known] | None:
        """What is known in one frame; None where something known contradicts it."""
        exposed = self._by_exposure(world, frame.exposure) if _belongs(world, frame.category) else None
        return None if exposed is None else self._by_age(exposed, frame.nation)

    def _by_exposure(self, world: World, exposure: str) -> dict[str, Known] | None:
        here = dict(world)
        for name in FRAME:
            here.pop(name, None)
        for name, (of, option) in EVIDENCE.items():
            if name in here and ZERO not in here[name]:
                here[of] = frozenset({option})
        if exposure == "near_miss":
            if not _narrowed(here, NEAR_MISS) or not possible(here):
                return None
        elif exposure == "accidental":
            if not all(harmless(known(world, name)) for name in ("intended_dose", "dose_ratio")):
                return None
            here.pop("intended_dose", None)
            here.pop("dose_ratio", None)
        elif exposure == "as_intended":
            if any(group.certain(here) for group in self.not_as_intended):
                return None
        elif not _narrowed(here, {"intended_dose": Span(Bound(ZERO, 1), ANYTHING.high)}):
            return None
        elif not agrees(here, "total_dose", "intended_dose", "dose_ratio"):
            return None
        return here

    def _by_age(self, exposed: Mapping[str, Known], nation: str) -> dict[str, Known] | None:
        here = dict(exposed)
        age, group = here.pop("age_years", None), known(here, "age_group")
        if isinstance(age, Span):
            limit = self.child_ages[nation]
            by_age = {"child"} if age.low.value < limit else set()
            if age.high.value >= limit:
                by_age.add("adult")
            group = frozenset(by_age) & frozenset(map(str, group))
        if not group:
            return None
        here["age_group"] = group
        return here


def _belongs(world: World, category: str) -> bool:
    """Does nothing known belong to another category?"""
    for name, have in world.items():
        fact = FACTS.get(name)
        if fact and fact.categories and category not in fact.categories and not harmless(have):
            return False
    return True


def _narrowed(here: dict[str, Known], limits: Mapping[str, Known]) -> bool:
    """Keep within the limits; False where one leaves nothing."""
    for name, limit in limits.items():
        have = known(here, name)
        both: Known
        if isinstance(have, Span) and isinstance(limit, Span):
            both = have & limit
        else:
            assert isinstance(have, frozenset)
            assert isinstance(limit, frozenset)
            both = have & limit
        if not both:
            return False
        here[name] = both
    return True
