"""Rough shares of incidents, by which the planner weighs answers: those that the facts themselves carry."""

from __future__ import annotations

from functools import lru_cache
from math import log

from rules.cells import Cell, Group
from rules.facts import FACTS, Kind, Known
from rules.spans import INFINITY, Span


def share(group: Group, cell: Cell) -> float:
    """A rough share of incidents that lie in a cell."""
    weight = 1.0
    for name in group.facts:
        weight *= prior(name, cell.world[name])
    for part, whole, ratio in group.ratios:
        weight *= _quotient_share(part, whole, cell.world[part], cell.world[whole], cell.world[ratio])
    return weight


@lru_cache(maxsize=4096)
def prior(name: str, have: Known) -> float:
    """A rough share of incidents in which the fact is like this."""
    fact = FACTS[name]
    if isinstance(have, frozenset):
        return sum(answer.prior for answer in fact.answers if answer.value in have)
    low, high = _logs(name, have)
    whole = log(fact.usual[1]) - log(fact.usual[0])
    if fact.kind is Kind.COUNT and name == "individuals_exposed":
        return 0.9 if have.high.value == 1 else 0.1
    return max((high - low) / whole, 1e-3)


def _logs(name: str, span: Span) -> tuple[float, float]:
    """A span's ends on the logarithmic scale, kept within what is usual."""
    least, most = FACTS[name].usual

    def place(value: float) -> float:
        return log(min(max(value, least), most))

    return place(float(span.low.value)), place(float(span.high.value))


@lru_cache(maxsize=16384)
def _quotient_share(part: str, whole: str, n: Known, d: Known, r: Known) -> float:
    """Of the pairs in two spans, the share whose quotient lies in a third."""
    assert isinstance(n, Span)
    assert isinstance(d, Span)
    assert isinstance(r, Span)
    n_low, n_high = _logs(part, n)
    d_low, d_high = _logs(whole, d)

    def below(limit: float) -> float:
        """The share of pairs whose logarithms differ by less than this."""
        width, height = n_high - n_low, d_high - d_low
        if width * height == 0:
            if width == 0 == height:
                return float(n_low - d_low < limit)
            if width == 0:
                return min(max((d_high - (n_low - limit)) / height, 0), 1)
            return min(max((limit + d_low - n_low) / width, 0), 1)

        def area(x: float) -> float:
            return max(x, 0.0) ** 2 / 2

        reach = limit - (n_low - d_high)
        return (area(reach) - area(reach - width) - area(reach - height) + area(reach - width - height)) / (
            width * height
        )

    low = below(log(float(r.low.value))) if r.low.value > 0 else 0.0
    high = below(log(float(r.high.value))) if r.high.value not in (INFINITY, 0) else 1.0
    return max(high - low, 1e-4)
