"""A file's rows, by the names of its columns: without a guess, so that what is not sure is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.importing.csv_rows import SEARCHED, csv_rows
from bot.importing.mapping import Mapping, header_name
from bot.importing.repeated import are_names_of_columns, name_of, names_of
from bot.importing.source_bytes import SourceBytes
from bot.importing.workbooks import FigureCell, is_workbook, workbook_rows
from bot.usage import Usage

# A sum below the others: "Total", "Grand total: 45", "Total incidents 2025".
_SUM = re.compile(
    r"(?:(?:grand|sub|overall)[ -]?)?(?:totals?|sums?)[\W\d]*"
    r"(?:(?:number\s)?(?:of\s)?(?:incidents|rows|records|cases|reports))?[\W\d]*",
    re.I,
)


class SourceRow(NamedTuple):
    """`number`: as a person sees it, from the file's first line or row as 1. `wrong` is why none of its cells
    may be read, where something is."""

    number: int
    cells: dict[str, str]
    wrong: str


@dataclass
class SourceTable:
    """The rows of a file, one after the other and once, `most` of them: `columns` are known from the start,
    `count`, `empty`, `sums` (the numbers of those that are a sum of others) and `figures` (how many have a
    number of a workbook for their reference) as far as was read."""

    columns: tuple[str, ...]
    most: int
    _header: tuple[str, ...]
    _mapping: Mapping
    _rows: Iterator[tuple[int, list[str]]]
    count: int = 0
    empty: int = 0
    sums: list[int] = field(default_factory=list)
    figures: int = 0

    def __iter__(self) -> Iterator[SourceRow]:
        """Raises Usage."""
        places = [(column, self._header.index(column)) for column in self._mapping.columns]
        ref = self._header.index(self._mapping.ref)
        width = max(at for at, name in enumerate(self._header, 1) if name)
        for number, row in self._rows:
            line = {column: _cell(row[at]) if at < len(row) else "" for column, at in places}
            wrong = "" if len(row) == width else self._of_another_width(row, width)
            if not wrong and not any(line.values()):
                self.empty += 1
            elif is_sum(line[self._mapping.ref], row) and (wrong or not self._has_a_day(line)):
                self.sums.append(number)
            else:
                self.count += 1
                self.figures += ref < len(row) and type(row[ref]) is FigureCell
                yield SourceRow(number, line, wrong)

    def _has_a_day(self, line: dict[str, str]) -> bool:
        return any(line[column] for column in self._mapping.days)

    def _of_another_width(self, row: list[str], width: int) -> str:
        """A separator more or less than was meant moves each cell after it into another column."""
        if any(map(_cell, row[width:])):
            more = "more cells than there are columns with a name"
            return f"{more}: a text or number that holds the separator wants quotation marks around it"
        if len(row) >= width or self._mapping.short_rows or not any(map(_cell, row)):
            return ""
        short = "fewer cells than there are columns with a name"
        return f"{short}: short_rows = true in the mapping says that those at its end were empty"


def is_sum(ref: str, row: Sequence[str] = ()) -> bool:
    """By its reference, or where it has none by the first of its cells that holds anything."""
    return bool(_SUM.fullmatch(ref or next(filter(None, map(_cell, row)), "")))


def read_table(source: SourceBytes, mapping: Mapping) -> SourceTable:
    """Raises Usage."""
    if is_workbook(source):
        rows, most = workbook_rows(source, mapping.sheet)
    else:
        rows, most = csv_rows(source, mapping), source.lines
    header = _header_of(source.name, mapping, rows)
    return SourceTable(tuple(filter(None, header)), most, tuple(header), mapping, rows)


def _cell(text: str) -> str:
    return text.replace("\u00a0", " ").strip()


def _header_of(name: str, mapping: Mapping, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """The row that holds every name that the mapping wants. Raises Usage."""
    seen: list[list[str]] = []
    for _, row in rows:
        cells = list(map(header_name, row))
        if set(mapping.columns) <= set(cells):
            _once(name, cells, mapping.columns)
            return cells
        if len(seen) >= SEARCHED:
            break
        seen.append(cells)
    raise Usage(_missing(name, mapping, seen))


def _once(name: str, header: Sequence[str], wanted: Sequence[str]) -> None:
    if twice := [column for column in wanted if header.count(column) > 1]:
        raise Usage(f"{name} has two columns called {name_of(twice[0])}: give one of them another name")


def _missing(name: str, mapping: Mapping, seen: list[list[str]]) -> str:
    """With the names that there are, where it is sure that they are that, and nobody's."""
    wanted = set(mapping.columns)
    best = max(seen, key=lambda row: len(wanted.intersection(row)), default=[])
    lacking = next(column for column in mapping.columns if column not in best)
    there = [cell for cell in best if cell]
    if not there:
        return f"{name} has no columns"
    known = wanted.intersection(there) or are_names_of_columns(there)
    has = names_of(there, 20) if known else f"{len(there)} cells in its first row, and no names of columns"
    return f"{name} has no column called {name_of(lacking)}: it has {has}"
