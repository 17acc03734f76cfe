"""When is an outcome settled? Exactly when every way of filling in what is unknown gives it.

Three facts frame an incident: exposure, category and nation. Put into the rows of an edition, they leave a
few small groups of rows that share no fact: doses, foetus, breast-fed infant, and so on. Within a group the
thresholds cut what is known of each fact into cells, and over a combination of cells every row is true or
false; so the cells say which sets of codes can still be met together. As groups share nothing, an incident is
certain to be notifiable when one group meets a code in each of its cells, and certain not to be when no group
does in any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import NamedTuple

from rules.conditions import RATIOS, Atom, Condition, RatioWithin, Within, World, known, quotient_inside
from rules.facts import FACTS, YES, Known
from rules.spans import ANYTHING, INFINITY, ZERO, Bound, Span, exactly

FRAME = ("exposure", "category", "nation")
# Facts of which one bounds another, so that they are looked at together.
TIES = (
    ("total_dose", "intended_dose"),
    ("unintended_foetal_exposure", "foetal_dose"),
    ("breastfed_infant_exposed", "infant_dose"),
    ("geographical_miss", "miss_margin_ratio"),
)
# A dose to somebody means that somebody was exposed.
DOSE_OF = {"unintended_foetal_exposure": "foetal_dose", "breastfed_infant_exposed": "infant_dose"}
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
HARMLESS = frozenset({"false", "none"})


def harmless(have: Known) -> bool:
    """Can it be false, none or 0, which contradict nothing?"""
    return (ZERO in have) if isinstance(have, Span) else bool(have & HARMLESS)


class Row(NamedTuple):
    """A code, and when it is met."""

    code: str
    when: Condition


class Cell(NamedTuple):
    """One combination of cells of a group's facts, and the codes that are met all over it."""

    world: dict[str, Known]
    codes: frozenset[str]


def cut(have: Known, cuts: Sequence[Bound]) -> list[Known]:
    """A fact's cells: the options one by one, or the spans between the cuts; each cut begins a span."""
    if isinstance(have, frozenset):
        return [frozenset({option}) for option in sorted(have)]
    cells: list[Known] = []
    low = have.low
    for bound in cuts:
        if low < bound <= have.high:
            cells.append(Span(low, Bound(bound.value, bound.side - 1)))
            low = bound
    cells.append(Span(low, have.high))
    return cells


def cuts_of(atoms: Sequence[Atom]) -> dict[str, list[Bound]]:
    """Where the conditions cut each number and each quotient."""
    cuts: dict[str, set[Bound]] = {}
    for atom in atoms:
        if isinstance(atom, Within | RatioWithin):
            name = atom.fact if isinstance(atom, Within) else atom.name
            low, high = atom.span
            begin = low if high.value == INFINITY else Bound(high.value, high.side + 1)
            cuts.setdefault(name, set()).add(begin)
    return {name: sorted(bounds) for name, bounds in cuts.items()}


def agrees(world: World, part: str, whole: str, ratio: str) -> bool:
    """Are there a part and a whole whose quotient is the ratio?"""
    n, d, r = known(world, part), known(world, whole), known(world, ratio)
    assert isinstance(n, Span)
    assert isinstance(d, Span)
    assert isinstance(r, Span)
    if r.is_zero:
        return ZERO in n
    low, high = r
    if low.value == 0:
        enough = low.side == 0 or n.high > Bound(ZERO)
    else:
        enough = quotient_inside(n, d, Span(low, ANYTHING.high)) is not False
    return enough and (high.value == INFINITY or quotient_inside(n, d, Span(ANYTHING.low, high)) is not False)


def possible(world: World) -> bool:
    """Do the facts of this world agree with one another, apart from frame and age?"""
    for (part, whole), ratio in RATIOS.items():
        if ratio in world and not agrees(world, part, whole, ratio):
            return False
    for flag, dose in DOSE_OF.items():
        have = known(world, dose)
        assert isinstance(have, Span)
        if YES not in known(world, flag) and ZERO not in have:
            return False
    margin = known(world, "miss_margin_ratio")
    return "partial" in known(world, "geographical_miss") or ZERO in margin


@dataclass(eq=False)
class Group:
    """Rows that share facts with one another and with no other row, for one frame."""

    rows: tuple[Row, ...]
    _solved: dict[tuple[Known | None, ...], tuple[Cell, ...]] = field(default_factory=dict)

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        return tuple(dict.fromkeys(atom for row in self.rows for atom in row.when.atoms()))

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(row.code for row in self.rows)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Its facts, in the order of the form."""
        mine = {fact for atom in self.atoms for fact in atom.facts}
        for tie in TIES:
            if mine & set(tie):
                mine |= set(tie)
        return tuple(name for name in FACTS if name in mine)

    @cached_property
    def ratios(self) -> tuple[tuple[str, str, str], ...]:
        mine = set(self.facts)
        return tuple((n, d, name) for (n, d), name in RATIOS.items() if n in mine and d in mine)

    @cached_property
    def cuts(self) -> dict[str, list[Bound]]:
        return cuts_of(self.atoms)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        return (*self.facts, *(name for _, _, name in self.ratios))

    def cells(self, world: World) -> tuple[Cell, ...]:
        """Every combination of cells that can be; empty where the facts contradict each other."""
        key = tuple(world.get(name) for name in self.dimensions)
        solved = self._solved.get(key)
        if solved is None:
            if len(self._solved) > 5000:
                self._solved.clear()
            solved = self._solved[key] = tuple(self._enumerate(world))
        return solved

    def _enumerate(self, world: World) -> Iterator[Cell]:
        sides = [cut(known(world, name), self.cuts.get(name, ())) for name in self.dimensions]
        for values in product(*sides):
            cell = dict(zip(self.dimensions, values, strict=True))
            if possible(cell):
                met = frozenset(row.code for row in self.rows if row.when.value(cell))
                yield Cell(cell, met)


class Frame(NamedTuple):
    exposure: str
    category: str
    nation: str


class Case(NamedTuple):
    """An incident in one frame: the world there, the codes that hold in it whatever else, the groups."""

    frame: Frame
    world: dict[str, Known]
    always: frozenset[str]
    groups: tuple[Group, ...]

    @property
    def certain(self) -> bool:
        """Is some code met in every completion?"""
        return bool(self.always) or any(all(c.codes for c in g.cells(self.world)) for g in self.groups)

    @property
    def excluded(self) -> bool:
        """Is no code met in any completion?"""
        return not self.always and not any(c.codes for g in self.groups for c in g.cells(self.world))

    @property
    def open_groups(self) -> tuple[Group, ...]:
        """The groups on which the outcome hangs."""
        return (
            () if self.certain else tuple(g for g in self.groups if any(c.codes for c in g.cells(self.world)))
        )

    def met(self, code: str) -> bool:
        return code in self.always or any(
            all(code in c.codes for c in g.cells(self.world)) for g in self._having(code)
        )

    def meetable(self, code: str) -> bool:
        return code in self.always or any(
            code in c.codes for g in self._having(code) for c in g.cells(self.world)
        )

    def _having(self, code: str) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if code in group.codes)


class Rows:
    """The rows of an edition that decide, ready to be settled. `child_ages`: a child is younger, by
    nation."""

    def __init__(self, rows: Sequence[Row], child_ages: Mapping[str, int]) -> None:
        self.rows = tuple(rows)
        self.child_ages = child_ages
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
            self._plans[frame] = (frozenset(always), tuple(self._intern(rows) for rows in _by_facts(left)))
        return self._plans[frame]

    def _intern(self, rows: tuple[Row, ...]) -> Group:
        return self._groups.setdefault(rows, Group(rows))

    def cases(self, world: World) -> tuple[Case, ...]:
        """The incident in every frame that contradicts nothing that is known of it; none where all do."""
        if not possible(world):
            return ()
        found = []
        for frame in product(*(sorted(known(world, name)) for name in FRAME)):
            narrowed = self.narrow(world, Frame(*map(str, frame)))
            if narrowed is None:
                continue
            always, groups = self.plan(Frame(*map(str, frame)))
            if all(group.cells(narrowed) for group in groups):
                found.append(Case(Frame(*map(str, frame)), narrowed, always, groups))
        return tuple(found)

    def narrow(self, world: World, frame: Frame) -> dict[str, Known] | None:
        """What is known in one frame; None where something known contradicts it."""
        here = dict(world)
        for name in FRAME:
            here.pop(name, None)
        for name, have in world.items():
            fact = FACTS.get(name)
            if fact and fact.categories and frame.category not in fact.categories and not harmless(have):
                return None
        if frame.exposure == "near_miss":
            return here if _narrowed(here, NEAR_MISS) and possible(here) else None
        if frame.exposure == "accidental":
            if not all(harmless(known(world, name)) for name in ("intended_dose", "dose_ratio")):
                return None
            here.pop("intended_dose", None)
            here.pop("dose_ratio", None)
        elif not _narrowed(here, {"intended_dose": Span(Bound(ZERO, 1), ANYTHING.high)}):
            return None
        elif not agrees(here, "total_dose", "intended_dose", "dose_ratio"):
            return None
        return here if self._narrow_age(here, frame.nation) else None

    def _narrow_age(self, here: dict[str, Known], nation: str) -> bool:
        age, group = here.pop("age_years", None), known(here, "age_group")
        if isinstance(age, Span):
            limit = self.child_ages[nation]
            by_age = {"child"} if age.low.value < limit else set()
            if age.high.value >= limit:
                by_age.add("adult")
            group = frozenset(by_age) & frozenset(map(str, group))
        if not group:
            return False
        here["age_group"] = group
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


def _by_facts(rows: Sequence[Row]) -> list[tuple[Row, ...]]:
    """Rows in groups that share no fact."""
    groups: list[tuple[set[str], list[Row]]] = []
    for row in rows:
        facts, mine = set(Group((row,)).facts), [row]
        for other in [g for g in groups if g[0] & facts]:
            groups.remove(other)
            facts |= other[0]
            mine = [*other[1], *mine]
        groups.append((facts, mine))
    return [tuple(rows) for _, rows in groups]
