"""Themes: incidents of which somebody said that they have one cause, or that they have not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.model import Person

Told = Literal["yes", "no", "not_known"]
# `apart`: it is not one cause; `unclear`: nobody knows yet whether it is.
ThemeState = Literal["one_cause", "unclear", "apart", "closed"]
THEME_STATES: tuple[ThemeState, ...] = ("one_cause", "unclear", "apart", "closed")
# Those that somebody has still to do something about.
LIVING: tuple[ThemeState, ...] = ("one_cause", "unclear")


@dataclass(frozen=True, slots=True)
class Shared:
    """What incidents have in common: a cause and a category, and the `value` of one field of the register."""

    cause: str
    category: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class ThemeAnswer:
    """What somebody says of incidents that are alike, by their records' `numbers`: those that the theme has
    are in it already. `ref` is the theme's, empty to open one, `expected` its version as it was seen.

    `people`: how many were exposed in all, None where nobody knows; `why` in words, "" where nothing more was
    said; `case`: what is decided already, where it is no case of the same transaction."""

    numbers: tuple[str, ...]
    shared: Shared
    one_cause: Told
    different_people: Told
    people: int | None
    why: str = ""
    ref: str = ""
    expected: int | None = None
    case: str = ""


@dataclass(frozen=True, slots=True)
class ThemeStep:
    """An answer, or the closing of a theme. `case`: the one that was opened or decided anew with it."""

    version: int
    kind: Literal["answer", "close"]
    state: ThemeState
    one_cause: Told | None
    different_people: Told | None
    people: int | None
    case: str
    why: str
    at: datetime
    by: Person


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as its latest step left it. `ref` is like T26-0001."""

    tenant: str
    ref: str
    shared: Shared
    opened_at: datetime
    opened_by: Person
    numbers: tuple[str, ...]
    """Of its incidents, in the order in which they came to it."""
    steps: tuple[ThemeStep, ...]

    @property
    def state(self) -> ThemeState:
        return self.steps[-1].state

    @property
    def version(self) -> int:
        return self.steps[-1].version

    @property
    def answer(self) -> ThemeStep:
        """What was answered last."""
        return next(step for step in reversed(self.steps) if step.kind == "answer")

    @property
    def cases(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(step.case for step in self.steps if step.case))
