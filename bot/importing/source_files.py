"""Files into rows of text, without a guess: what a file is is told by its bytes, and what is not sure is
refused."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.importing.mapping import Mapping
from bot.usage import Usage

LARGEST = 256 * 1024 * 1024
UNPACKED = 512 * 1024 * 1024
CELL = 1 << 20
SEARCHED = 50  # rows in which the names of the columns are looked for
_OLD = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class SourceTable:
    """`rows` are numbered as a person sees them, from the file's first line or row as 1."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    totals: int
    """Rows that are empty, or a sum below the others."""


def read_table(name: str, data: bytes, mapping: Mapping) -> SourceTable:
    """`name` is the file's, for what is said of it. Raises Usage."""
    rows = _workbook(name, data, mapping) if _is_workbook(data) else _text(name, data, mapping)
    return _found(name, mapping, rows)


def _is_workbook(data: bytes) -> bool:
    return data[:2] == b"PK" or data[:4] == _OLD


def read_file(path: Path) -> bytes:
    """Once, so that what was tried is what is brought in. Raises Usage."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        raise Usage(f"{path} cannot be read: {error.strerror}") from None
    if size > LARGEST:
        raise Usage(f"{path.name} has {size >> 20} MB: {LARGEST >> 20} MB is the most, so take it in parts")
    if not data.strip():
        raise Usage(f"{path.name} is empty")
    if data.lstrip()[:1] == b"<":
        raise Usage(f"{path.name} is a web page, whatever its name says: save it as CSV UTF-8 and give that")
    return data


def _text(name: str, data: bytes, mapping: Mapping) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(name, data, mapping.encoding)
    csv.field_size_limit(CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(name, text, mapping), strict=True)
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


def any_rows(path: Path, mapping: Mapping) -> Iterator[list[str]]:
    """The first rows, whatever they hold. Raises Usage."""
    data = read_file(path)
    if _is_workbook(data):
        rows = _workbook(path.name, data, mapping)
    else:
        first = _decoded(path.name, data, mapping.encoding).splitlines()[:SEARCHED]
        mark = max(",;\t", key=lambda one: max((line.count(one) for line in first), default=0))
        rows = enumerate(csv.reader(first, delimiter=mark), 1)
    for _, row in rows:
        yield row


def _why(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell holds more than {CELL >> 20} MB"
    return f"not well formed as CSV ({error})"


def _decoded(name: str, data: bytes, encoding: str) -> str:
    """UTF-8 as it should be, else the code page of Windows; never guessed beyond these two."""
    try:
        if encoding:
            return data.decode(encoding)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("cp1252")
    except LookupError:
        raise Usage(f"the mapping: encoding {encoding} is none that there is") from None
    except UnicodeDecodeError as error:
        raise Usage(f"{name} is not in {encoding or 'UTF-8 or Windows-1252'}: {error.reason}") from None


def _delimiter(name: str, text: str, mapping: Mapping) -> str:
    """The one by which the line with the names of the columns falls into them."""
    if mapping.delimiter:
        return mapping.delimiter
    for line in text.splitlines()[:SEARCHED]:
        for mark in (",", ";", "\t"):
            if mapping.ref in [cell.strip().strip('"') for cell in line.split(mark)]:
                return mark
    raise Usage(f"{name}: no column is called {mapping.ref}. {_there(text.splitlines()[0])}")


def _there(first: str) -> str:
    return f"Its first line begins: {first[:60]}"


def _workbook(name: str, data: bytes, mapping: Mapping) -> Iterator[tuple[int, list[str]]]:
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
        rows = book.get_sheet_by_name(mapping.sheet or names[0]).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise Usage(f"{name} is no workbook that can be read: {str(error)[:80]}") from None
    for number, row in enumerate(rows, 1):
        yield number, [_plain(value) for value in row]


def _small_enough(name: str, data: bytes) -> None:
    if data[:2] != b"PK":
        return
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except zipfile.BadZipFile:
        raise Usage(f"{name} is no workbook that can be read: it is damaged") from None
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


def _found(name: str, mapping: Mapping, rows: Iterator[tuple[int, list[str]]]) -> SourceTable:
    """The row that holds every name that the mapping wants, and what stands below it. Raises Usage."""
    seen: list[list[str]] = []
    header: list[str] | None = None
    taken: list[tuple[int, dict[str, str]]] = []
    totals = 0
    for number, row in rows:
        cells = [cell.replace("\u00a0", " ").strip() for cell in row]
        if header is None:
            if set(mapping.columns) <= set(cells):
                header = cells
                _once(name, cells, mapping.columns)
            elif len(seen) >= SEARCHED:
                break
            else:
                seen.append(cells)
            continue
        line = dict(zip(header, cells, strict=False))
        if not line.get(mapping.ref) or line[mapping.ref].casefold() in ("total", "totals", "sum"):
            totals += 1
        else:
            taken.append((number, {column: line.get(column, "") for column in mapping.columns}))
    if header is None:
        raise Usage(_missing(name, mapping, seen))
    return SourceTable(tuple(filter(None, header)), tuple(taken), totals)


def _once(name: str, header: Sequence[str], wanted: Sequence[str]) -> None:
    if twice := [column for column in wanted if header.count(column) > 1]:
        raise Usage(f"{name} has two columns called {twice[0]}: give one of them another name")


def _missing(name: str, mapping: Mapping, seen: list[list[str]]) -> str:
    best = max(seen, key=lambda row: len(set(row) & set(mapping.columns)), default=[])
    lacking = [column for column in mapping.columns if column not in best]
    there = ", ".join(filter(None, best))[:200]
    return f"{name} has no column called {lacking[0]}: it has {there}" if there else f"{name} has no columns"
