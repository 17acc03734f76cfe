"""Rows in groups that share no fact, and the cells into which a group's thresholds cut what is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import NamedTuple

from rules.conditions import RATIOS, Atom, Condition, RatioWithin, Within, World, known, quotient_inside
from rules.facts import FACTS, YES, Known
from rules.spans import ANYTHING, INFINITY, ZERO, Bound, Span

# Facts of which one bounds another, so that they are looked at together.
TIES = (
    ("total_dose", "intended_dose"),
    ("unintended_foetal_exposure", "foetal_dose"),
    ("breastfed_infant_exposed", "infant_dose"),
    ("geographical_miss", "miss_margin_ratio"),
)
# A dose to somebody means that somebody was exposed.
DOSE_OF = {"unintended_foetal_exposure": "foetal_dose", "breastfed_infant_exposed": "infant_dose"}


class Row(NamedTuple):
    """A code, and when it is met."""

    code: str
    when: Condition


class Cell(NamedTuple):
    """One combination of cells of a group's facts, and the codes that are met all over it."""

    world: dict[str, Known]
    codes: frozenset[str]


class Solved(NamedTuple):
    """Every combination of cells that can be; whether a code is met in all of them, or in any; which are."""

    cells: tuple[Cell, ...]
    certain: bool
    possible: bool
    met: frozenset[str]
    meetable: frozenset[str]


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
    if ZERO in n and ZERO in d:
        return True  # nothing is any multiple of nothing
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
    _solved: dict[tuple[Known | None, ...], Solved] = field(default_factory=dict)

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

    def solve(self, world: World) -> Solved:
        """The combinations of cells; none where the facts contradict each other."""
        key = tuple(map(world.get, self.dimensions))
        solved = self._solved.get(key)
        if solved is None:
            if len(self._solved) > 5000:
                self._solved.clear()
            cells = tuple(self._enumerate(world))
            codes = [cell.codes for cell in cells]
            met, meetable = self.codes.intersection(*codes), frozenset[str]().union(*codes)
            solved = self._solved[key] = Solved(cells, all(codes), any(codes), met, meetable)
        return solved

    def cells(self, world: World) -> tuple[Cell, ...]:
        """Every combination of cells that can be; empty where the facts contradict each other."""
        return self.solve(world).cells

    def certain(self, world: World) -> bool:
        """Is some row met, whatever is filled in?"""
        return self.solve(world).certain

    def possible(self, world: World) -> bool:
        """Is some row met by some way of filling in?"""
        return self.solve(world).possible

    def _enumerate(self, world: World) -> Iterator[Cell]:
        sides = [cut(known(world, name), self.cuts.get(name, ())) for name in self.dimensions]
        for values in product(*sides):
            cell = dict(zip(self.dimensions, values, strict=True))
            if possible(cell):
                met = frozenset(row.code for row in self.rows if row.when.value(cell))
                yield Cell(cell, met)


def by_facts(rows: Sequence[Row]) -> list[tuple[Row, ...]]:
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
