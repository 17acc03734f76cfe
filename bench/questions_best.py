"""The best order of questions there is, found by dynamic programming, to hold the planner against.

What is known of an incident is told apart by cells: on which side of each limit a number lies, and, once both
of two numbers are known that are held against each other, on which side of each factor their quotient lies.
Over these the search is exact: it looks ahead over every question and every answer, and weighs the answers by
a large sample of incidents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product

from bench.questions_world import Truth
from rules.cells import Group, cut
from rules.conditions import known
from rules.facts import FACTS, FLAGS, Known
from rules.settle import Rows
from rules.spans import ANYTHING, Span

State = tuple[int | None, ...]  # of a group: the cell of each fact and quotient, None while unknown
Moves = list[tuple[str, list[tuple[float, State]]]]
CLOSED: State = ()
FLAGS_TOGETHER = "flags"


class Part:
    """One group of rows: its cells, and how often a sample lies in each."""

    def __init__(self, group: Group, base: dict[str, Known], truths: Iterable[Truth]) -> None:
        self.group, self.base = group, base
        self.names = group.facts
        self.dimensions = group.dimensions
        self.cells: list[list[Known]] = [
            cut(known(base, name) if name in FACTS else ANYTHING, group.cuts.get(name, ()))
            for name in self.dimensions
        ]
        self.sample = Counter(self.place(truth) for truth in truths)
        self.start = self.closed((None,) * len(self.dimensions))
        self.certain = cache(self._certain)
        self.moves = cache(self._moves)

    def place(self, truth: Truth) -> tuple[int, ...]:
        """The cells in which an incident lies."""
        quotients = {ratio: (truth.facts[n], truth.facts[d]) for n, d, ratio in self.group.ratios}
        have = [quotients.get(name) or truth.facts[name] for name in self.dimensions]
        return tuple(_index(one, cells) for one, cells in zip(have, self.cells, strict=True))

    def _certain(self, state: State) -> bool:
        return all(cell.codes for cell in self.group.cells(self._world(state)))

    def closed(self, state: State) -> State:
        """The state, or CLOSED where no code can be met any more."""
        return state if any(cell.codes for cell in self.group.cells(self._world(state))) else CLOSED

    def _world(self, state: State) -> dict[str, Known]:
        world = dict(self.base)
        for name, cells, index in zip(self.dimensions, self.cells, state, strict=True):
            if index is not None:
                world[name] = cells[index]
        return world

    def told(self, state: State, name: str, cells: tuple[int, ...]) -> State:
        """The state once a fact is known of an incident that lies in these cells."""
        new = list(state)
        new[self.names.index(name)] = cells[self.names.index(name)]
        for part, whole, ratio in self.group.ratios:
            if None not in (new[self.names.index(part)], new[self.names.index(whole)]):
                place = self.dimensions.index(ratio)
                new[place] = cells[place]
        return self.closed(tuple(new))

    def _moves(self, state: State) -> Moves:
        """Every question that makes sense, with the states that its answers lead to and their shares."""
        here = {
            c: n for c, n in self.sample.items() if all(i in (None, j) for i, j in zip(state, c, strict=True))
        }
        total = sum(here.values())
        found = []
        for place, name in enumerate(self.names):
            if state[place] is None and self._makes_sense(name, state):
                shares: dict[State, float] = defaultdict(float)
                for cells, count in here.items():
                    shares[self.told(state, name, cells)] += count / total
                found.append((name, [(share, new) for new, share in shares.items()]))
        return found

    def _makes_sense(self, name: str, state: State) -> bool:
        for fact, values in FACTS[name].given:
            place = self.names.index(fact)
            index = state[place]
            if index is None or not self.cells[place][index] <= frozenset(values):  # type: ignore[operator]
                return False
        return True


def _index(have: Known | tuple[Known, Known], cells: list[Known]) -> int:
    if isinstance(have, frozenset):
        return cells.index(have)
    if isinstance(have, Span):
        return next(i for i, cell in enumerate(cells) if isinstance(cell, Span) and have & cell == have)
    part, whole = (Fraction(one.low.value) for one in have if isinstance(one, Span))
    bounds = [cell.low for cell in cells if isinstance(cell, Span)]
    reached = [i for i, b in enumerate(bounds) if (part, -b.side) >= (Fraction(b.value) * whole, 0)]
    return reached[-1] if reached else 0


class Parts:
    """Those of one sample: many frames share a group, and both tables do."""

    def __init__(self, truths: list[Truth]) -> None:
        self._truths = truths
        self._found: dict[tuple[Group, tuple[Known | None, ...]], Part] = {}

    def of(self, group: Group, base: dict[str, Known]) -> Part:
        key = (group, tuple(map(base.get, group.dimensions)))
        if key not in self._found:
            self._found[key] = Part(group, base, self._truths)
        return self._found[key]


class Best:
    """The best order for the groups of one frame; with `together`, the flags are one question."""

    def __init__(
        self, groups: tuple[Group, ...], base: dict[str, Known], known_parts: Parts, together: bool
    ) -> None:
        self.parts = tuple(known_parts.of(group, base) for group in groups)
        self.together = together
        self.start = tuple(part.start for part in self.parts)
        self.plan = cache(self._plan)

    def _plan(self, states: tuple[State, ...]) -> tuple[float, str]:
        """How many questions it takes on average from here, and the first of them."""
        if self.settled(states):
            return 0.0, ""
        return min(
            (1 + sum(p * self.plan(new)[0] for p, new in leads), name) for name, leads in self._moves(states)
        )

    def settled(self, states: tuple[State, ...]) -> bool:
        open_parts = [
            (part, state) for part, state in zip(self.parts, states, strict=True) if state != CLOSED
        ]
        return not open_parts or any(part.certain(state) for part, state in open_parts)

    def _moves(
        self, states: tuple[State, ...]
    ) -> Iterator[tuple[str, list[tuple[float, tuple[State, ...]]]]]:
        flags: list[list[tuple[float, int, State]]] = []
        for place, (part, state) in enumerate(zip(self.parts, states, strict=True)):
            if state == CLOSED:
                continue
            for name, leads in part.moves(state):
                if self.together and name in FLAGS:
                    flags.append([(share, place, new) for share, new in leads])
                else:
                    yield name, [(p, (*states[:place], new, *states[place + 1 :])) for p, new in leads]
        if flags:
            yield FLAGS_TOGETHER, [_joined(states, answers) for answers in product(*flags)]

    def questions(self, truth: Truth) -> int:
        """How many it takes for one incident."""
        cells = [part.place(truth) for part in self.parts]
        states, asked = self.start, 0
        while not self.settled(states):
            first = self.plan(states)[1]
            names = FLAGS if first == FLAGS_TOGETHER else (first,)
            new = list(states)
            for place, part in enumerate(self.parts):
                for name in names:
                    if new[place] != CLOSED and name in part.names:
                        new[place] = part.told(new[place], name, cells[place])
            states, asked = tuple(new), asked + 1
        return asked


def _joined(
    states: tuple[State, ...], answers: Iterable[tuple[float, int, State]]
) -> tuple[float, tuple[State, ...]]:
    share, new = 1.0, list(states)
    for one, place, state in answers:
        share, new[place] = share * one, state
    return share, tuple(new)


def base_of(rows: Rows, truth: Truth) -> dict[str, Known]:
    """What the frame alone tells."""
    narrowed = rows.narrow({}, truth.frame)
    assert narrowed is not None
    return narrowed
