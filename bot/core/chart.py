"""A chart as data: what is drawn, and the words that say the same where nothing can be drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """A line across the whole chart, and what is said at its end; `kind` is how it is drawn."""

    value: float
    label: str
    kind: str = "mean"  # mean, limit, target


@dataclass(frozen=True)
class Chart:
    """Points joined by a line, or `bars` one below the other. `unusual` are the points that are marked.
    `title` says the finding, `alternative` tells all of it in words from the same numbers; `stem` is what its
    file is called."""

    title: str
    subtitle: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    alternative: str
    stem: str
    bars: bool = False
    levels: tuple[Level, ...] = ()
    unusual: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
