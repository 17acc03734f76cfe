"""Statistical process control as NHS England's Making Data Count does it: an XmR chart's limits, and which
of its four rules tell of more than chance.

The mean moving range is of all the points, as in the NHS's own spreadsheets; the package NHSRplotthedots
leaves large ones out. With two years of points or more the limits come of all of them, else of the first
twelve: limits from twelve points find something in half of all charts that hold nothing but chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Literal

FIRST, WHOLE = 12, 24  # points that limits come of, at first and once there are so many
SPREAD = 2.66  # mean moving ranges between the mean and a limit
ON_ONE_SIDE, IN_A_ROW = 7, 6
Rule = Literal["beyond", "one side", "trend", "near a limit"]


@dataclass(frozen=True)
class Limits:
    """`low` is never below nought, as no count is; `of` how many points they come of, `trial` where those are
    too few to rely on."""

    mean: float
    spread: float
    of: int

    @property
    def low(self) -> float:
        return max(0.0, self.mean - self.spread)

    @property
    def high(self) -> float:
        return self.mean + self.spread

    @property
    def trial(self) -> bool:
        return self.of < FIRST


@dataclass(frozen=True)
class Special:
    """A special cause: the points from `first` to `last`; `above` the mean, or rising."""

    rule: Rule
    first: int
    last: int
    above: bool


def limits_of(values: Sequence[float]) -> Limits:
    """Of two values at least."""
    base = values if len(values) >= WHOLE else values[:FIRST]
    moving = fmean(abs(after - before) for before, after in pairwise(base))
    return Limits(fmean(base), SPREAD * moving, len(base))


def special_causes(values: Sequence[float], limits: Limits) -> tuple[Special, ...]:
    """By the points at which they begin. Where nothing varies nothing is special."""
    if not limits.spread:
        return ()
    found = (
        *_beyond(values, limits), *_on_one_side(values, limits), *_trends(values), *_near(values, limits),
    )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.first, one.last)))


def _beyond(values: Sequence[float], limits: Limits) -> Iterator[Special]:
    """Below nought nothing can be, but nought itself may be below a limit."""
    for at, value in enumerate(values):
        if value > limits.high or value < limits.mean - limits.spread:
            yield Special("beyond", at, at, value > limits.mean)


def _on_one_side(values: Sequence[float], limits: Limits) -> Iterator[Special]:
    """What lies on the mean is on neither side."""
    yield from _runs([_sign(value - limits.mean) for value in values], ON_ONE_SIDE, "one side", 0)


def _trends(values: Sequence[float]) -> Iterator[Special]:
    """Six points, five steps: an equal one ends it."""
    yield from _runs([_sign(after - before) for before, after in pairwise(values)], IN_A_ROW - 1, "trend", 1)


def _runs(signs: Sequence[int], least: int, rule: Rule, more: int) -> Iterator[Special]:
    begin = 0
    for at in range(1, len(signs) + 1):
        if at == len(signs) or signs[at] != signs[begin]:
            if signs[begin] and at - begin >= least:
                yield Special(rule, begin, at - 1 + more, signs[begin] > 0)
            begin = at


def _near(values: Sequence[float], limits: Limits) -> Iterator[Special]:
    """Two of three in the outer third, all three on that side; such that follow one another are one."""
    for side in (1, -1):
        away = [side * (value - limits.mean) for value in values]
        outer = 2 / 3 * limits.spread
        hits = [
            at for at in range(len(values) - 2)
            if min(away[at : at + 3]) > 0
            and sum(outer < one <= limits.spread for one in away[at : at + 3]) >= 2
        ]  # fmt: skip
        while hits:
            begin = end = hits.pop(0)
            while hits and hits[0] == end + 1:
                end = hits.pop(0)
            yield Special("near a limit", begin, end + 2, side > 0)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
