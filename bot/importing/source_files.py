"""Files into rows of text, without a guess: what a file is is told by its bytes, and what is not sure is
refused."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import Any, NamedTuple

from bot.importing.mapping import Mapping
from bot.importing.source_bytes import SourceBytes
from bot.usage import Usage

UNPACKED = 512 * 1024 * 1024
CELL = 1 << 20
SEARCHED = 50  # rows in which the names of the columns are looked for
_OLD = b"\xd0\xcf\x11\xe0"
# What a text may begin with that says how it is written.
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


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
    `count`, `empty` and `sums` (the numbers of those that are a sum of others) as far as was read."""

    columns: tuple[str, ...]
    most: int
    _header: tuple[str, ...]
    _mapping: Mapping
    _rows: Iterator[tuple[int, list[str]]]
    count: int = 0
    empty: int = 0
    sums: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[SourceRow]:
        """Raises Usage."""
        places = [(column, self._header.index(column)) for column in self._mapping.columns]
        width = max(at for at, name in enumerate(self._header, 1) if name)
        for number, row in self._rows:
            line = {column: _cell(row[at]) if at < len(row) else "" for column, at in places}
            wrong = "" if len(row) == width else self._of_another_width(row, width)
            if not wrong and not any(line.values()):
                self.empty += 1
            elif _is_sum(line[self._mapping.ref], row):
                self.sums.append(number)
            else:
                self.count += 1
                yield SourceRow(number, line, wrong)

    def _of_another_width(self, row: list[str], width: int) -> str:
        """A separator more or less than was meant moves each cell after it into another column."""
        if any(map(_cell, row[width:])):
            more = "more cells than there are columns"
            return f"{more}: a text or number that holds the separator wants quotation marks around it"
        if len(row) >= width or self._mapping.short_rows or not any(map(_cell, row)):
            return ""
        short = "fewer cells than there are columns"
        return f"{short}: short_rows = true in the mapping says that those at its end were empty"


def _is_sum(ref: str, row: Sequence[str]) -> bool:
    """By its reference, or where it has none by the first of its cells that holds anything."""
    return bool(_SUM.fullmatch(ref or next(filter(None, map(_cell, row)), "")))


def read_table(source: SourceBytes, mapping: Mapping) -> SourceTable:
    """Raises Usage."""
    if _is_workbook(source):
        rows, most = _workbook(source, mapping)
    else:
        rows, most = _text(source, mapping), source.lines
    header = _header_of(source.name, mapping, rows)
    return SourceTable(tuple(filter(None, header)), most, tuple(header), mapping, rows)


def _cell(text: str) -> str:
    return text.replace("\u00a0", " ").strip()


def _is_workbook(source: SourceBytes) -> bool:
    return source.start.startswith(b"PK") or source.start == _OLD


def _text(source: SourceBytes, mapping: Mapping) -> Iterator[tuple[int, list[str]]]:
    name, encoding = source.name, _encoding(source, mapping.encoding)
    csv.field_size_limit(CELL)
    lines = io.TextIOWrapper(source.opened(), encoding, newline="")
    mark = _delimiter(name, _beginning(source, encoding), mapping)
    reader = csv.reader(lines, delimiter=mark, strict=True)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Usage(f"{name}, line {line}: {_why(error)}") from None
        yield line, row
        line = reader.line_num + 1


def any_rows(source: SourceBytes, mapping: Mapping) -> Iterator[list[str]]:
    """The first rows, whatever they hold. Raises Usage."""
    if _is_workbook(source):
        rows, _ = _workbook(source, mapping)
    else:
        first = _beginning(source, _encoding(source, mapping.encoding))
        mark = max(",;\t", key=lambda one: max((line.count(one) for line in first), default=0))
        rows = enumerate(csv.reader(first, delimiter=mark), 1)
    for _, row in rows:
        yield row


def _why(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell holds more than {CELL >> 20} MB"
    return f"not well formed as CSV ({error})"


def _encoding(source: SourceBytes, said: str) -> str:
    """As its first bytes say, else UTF-8 as it should be, else the code page of Windows; never guessed beyond
    these."""
    wrong = ""
    marked = next((encoding for mark, encoding in _MARKS if source.start.startswith(mark)), "")
    sought = [said or marked] if said or marked else ["utf-8", "cp1252"]
    try:
        for encoding in sought:
            if not (wrong := _wrong_with(source, encoding)):
                return encoding
    except LookupError:
        raise Usage(f"the mapping: encoding {said} is not one that there is") from None
    raise Usage(f"{source.name} is not in {said or marked or 'UTF-8 or Windows-1252'}: {wrong}")


def _wrong_with(source: SourceBytes, encoding: str) -> str:
    """Why the bytes are none of that encoding; a piece at a time. Raises LookupError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in source:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return error.reason
    return ""


def _beginning(source: SourceBytes, encoding: str) -> list[str]:
    """The lines in which the names of the columns are looked for."""
    lines = io.TextIOWrapper(source.opened(), encoding)
    return [line.rstrip("\r\n") for line in islice(lines, SEARCHED)]


def _delimiter(name: str, lines: Sequence[str], mapping: Mapping) -> str:
    """The one by which the line with the names of the columns falls into them."""
    if mapping.delimiter:
        return mapping.delimiter
    for line in lines:
        for mark in (",", ";", "\t"):
            if mapping.ref in [cell.strip().strip('"') for cell in line.split(mark)]:
                return mark
    raise Usage(f"{name}: no column is called {mapping.ref}. {_there(lines[0])}")


def _there(first: str) -> str:
    return f"Its first line begins: {first[:60]}"


def _workbook(source: SourceBytes, mapping: Mapping) -> tuple[Iterator[tuple[int, list[str]]], int]:
    """Its rows, and how many."""
    name, data = source.name, source.whole()
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # an extra that may be missing
    except ImportError:
        raise Usage(
            "a workbook needs python-calamine: install irmer-bot[papers], or save it as CSV"
        ) from None
    _small_enough(name, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
        if mapping.sheet and mapping.sheet not in names:
            raise Usage(f"{name} has no sheet {mapping.sheet}: it has {', '.join(names)}")
        if not mapping.sheet and len(names) > 1:
            raise Usage(f"{name} has the sheets {', '.join(names)}: say in the mapping which, sheet = …")
        sheet = book.get_sheet_by_name(mapping.sheet or names[0])
    except CalamineError as error:
        raise Usage(f"{name} cannot be read as a workbook: {str(error)[:80]}") from None
    rows = ((number, list(map(_plain, row))) for number, row in enumerate(sheet.iter_rows(), 1))
    return rows, sheet.total_height


def _small_enough(name: str, data: bytes) -> None:
    if data[:2] != b"PK":
        return
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except zipfile.BadZipFile:
        raise Usage(f"{name} cannot be read as a workbook: it is damaged") from None
    if unpacked > UNPACKED:
        raise Usage(f"{name} unpacks to {unpacked >> 20} MB: {UNPACKED >> 20} MB is the most")


def _plain(value: Any) -> str:
    """As it would stand in a text: a whole number without the point that a spreadsheet gives it."""
    if isinstance(value, float):
        return str(int(value)) if value == value // 1 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _header_of(name: str, mapping: Mapping, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """The row that holds every name that the mapping wants. Raises Usage."""
    seen: list[list[str]] = []
    for _, row in rows:
        cells = list(map(_cell, row))
        if set(mapping.columns) <= set(cells):
            _once(name, cells, mapping.columns)
            return cells
        if len(seen) >= SEARCHED:
            break
        seen.append(cells)
    raise Usage(_missing(name, mapping, seen))


def _once(name: str, header: Sequence[str], wanted: Sequence[str]) -> None:
    if twice := [column for column in wanted if header.count(column) > 1]:
        raise Usage(f"{name} has two columns called {twice[0]}: give one of them another name")


def _missing(name: str, mapping: Mapping, seen: list[list[str]]) -> str:
    best = max(seen, key=lambda row: len(set(row) & set(mapping.columns)), default=[])
    lacking = [column for column in mapping.columns if column not in best]
    there = ", ".join(filter(None, best))[:200]
    return f"{name} has no column called {lacking[0]}: it has {there}" if there else f"{name} has no columns"
