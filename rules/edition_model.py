"""What a dated edition of the guidance is made of. The editions that there are: `rules.editions`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rules.cells import Row
from rules.conditions import Condition, Every
from rules.settle import Rows
from rules.spans import Span

# Said wherever a wording is known to be newer than the edition.
LIVE_TABLE = "compare with the authority's live table before acting on this"


@dataclass(frozen=True)
class Criterion:
    """One row of the table of notification codes.

    `category` is the exposure category that the guidance prints beside the code; `nations` those that the row
    is limited to, all where empty; `words` our own wording of the criterion; `where` the heading and row
    where it stands; `figure` the number that it asks for, which a look-up begins with, and `child_figure` the
    same for a child where that is another. `applies` says to which incidents the row speaks at all, `when`
    what makes it met. A row that only labels (`notifies` false) never decides.
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
    figure: str = ""
    child_figure: str = ""

    def figure_for(self, *, child: bool) -> str:
        return (child and self.child_figure) or self.figure

    @property
    def condition(self) -> Every:
        return self.applies & self.when


@dataclass(frozen=True, eq=False)
class Edition:
    """One dated version of the guidance: its rows in the order of the table."""

    published: date
    title: str
    criteria: tuple[Criterion, ...]
    child_ages: Mapping[str, int]
    bands: Mapping[str, Span]  # of intended dose, by the code of the row that holds for them
    old_codes: Mapping[str, tuple[str, ...]]
    not_as_intended: tuple[Condition, ...]  # of each, none holds where the exposure was given as intended

    @cached_property
    def rows(self) -> Rows:
        """The rows that decide, ready to be settled."""
        rows = [Row(c.code, c.condition) for c in self.criteria if c.notifies]
        return Rows(rows, self.child_ages, self.not_as_intended)

    @cached_property
    def by_code(self) -> dict[str, Criterion]:
        return {criterion.code: criterion for criterion in self.criteria}
