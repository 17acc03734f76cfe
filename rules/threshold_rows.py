"""One row of what a look-up shows."""

from __future__ import annotations

from typing import NamedTuple

from rules.edition_model import Criterion


class Entry(NamedTuple):
    """A criterion, or what goes with one: then `code` is empty. `where` says where in the guidance; `figure`
    is the number that is read first, `intended` the band of intended doses that a row is for, and `typical`
    the published typical doses that lie in it."""

    code: str
    title: str
    sentence: str
    where: str
    figure: str = ""
    intended: str = ""
    typical: str = ""


def row_of(criterion: Criterion, *, child: bool = False) -> Entry:
    band = criterion.category.removeprefix("Intended dose ")
    return Entry(
        criterion.code,
        criterion.category,
        criterion.words,
        criterion.where,
        criterion.figure_for(child=child),
        "" if band == criterion.category else band.removeprefix("between ").replace(" and ", " to "),
    )
