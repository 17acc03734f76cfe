"""The guidance as dated editions. The one in force on the day of discovery judges an incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING

from rules.cells import Row
from rules.conditions import Condition, Every
from rules.settle import Rows
from rules.spans import Span

if TYPE_CHECKING:
    from rules.compiled import Compiled

# Said wherever a wording is known to be newer than the edition.
LIVE_TABLE = "compare with the authority's live table before acting on this"


@dataclass(frozen=True)
class Criterion:
    """One row of the table of notification codes.

    `category` is the exposure category that the guidance prints beside the code; `nations` those that the row
    is limited to, all where empty; `words` our own wording of the criterion; `where` the heading and row
    where it stands. `applies` says to which incidents the row speaks at all, `when` what makes it met. A row
    that only labels (`notifies` false) never decides.
    """

    code: str
    category: str
    words: str
    where: str
    applies: Condition
    when: Condition
    nations: tuple[str, ...] = ()
    notifies: bool = True
    newer: str = ""  # what is known of a later wording, unseen in full

    @property
    def condition(self) -> Every:
        return self.applies & self.when


@dataclass(frozen=True)
class Edition:
    """One dated version of the guidance: its rows in the order of the table."""

    published: date
    title: str
    criteria: tuple[Criterion, ...]
    child_ages: Mapping[str, int]
    bands: Mapping[str, Span]  # of intended dose, by the code of the row that holds for them
    old_codes: Mapping[str, tuple[str, ...]]

    @cached_property
    def rows(self) -> Rows:
        """The rows that decide, ready to be settled."""
        return Rows([Row(c.code, c.condition) for c in self.criteria if c.notifies], self.child_ages)

    @cached_property
    def compiled(self) -> Compiled:
        """The same rows, compiled for incidents of which everything that matters is known."""
        from rules.compiled import Compiled

        return Compiled(self)

    @cached_property
    def by_code(self) -> dict[str, Criterion]:
        return {criterion.code: criterion for criterion in self.criteria}


class NoEdition(ValueError):
    """There is no edition for that day in the code: a refusal, not a guess."""


@cache
def editions() -> tuple[Edition, ...]:
    """All editions, the oldest first."""
    from rules.april_2023 import EDITION

    return (EDITION,)


def edition_for(day: date | None) -> Edition:
    """The edition in force on the day of discovery; the latest where the day is not known."""
    for edition in reversed(editions()):
        if day is None or edition.published <= day:
            return edition
    first = editions()[0].published
    raise NoEdition(f"the oldest edition of the guidance here is of {first.day} {first:%B %Y}")
