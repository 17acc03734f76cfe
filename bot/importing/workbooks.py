"""Workbooks into rows of text: told by their bytes, and no larger than what fits into memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from bot.importing.csv_rows import COLUMNS
from bot.importing.repeated import name_of, names_of
from bot.importing.source_bytes import SourceBytes
from bot.usage import Usage

UNPACKED = 512 * 1024 * 1024
CELLS = 20_000_000  # from the first to the last, as they are held: 32 bytes each
_OLD = b"\xd0\xcf\x11\xe0"
_PIECE = 4 << 20
# A cell that holds anything: others make no table large, however far out they are. Of most tables none is
# beyond column Z or row 99,999, and that is quickly seen.
_HOLDS = rb'"(?:[^>]*[^>/])?>\s*<(?!/)'
_FAR_RIGHT = re.compile(rb'r="([A-Z]{2,3})\d{1,7}' + _HOLDS)
_FAR_DOWN = re.compile(rb'r="[A-Z]{1,3}(\d{6,7})' + _HOLDS)
_DOWN = re.compile(rb'r="[A-Z]{1,3}(\d{1,7})' + _HOLDS)
_NEAR = 26, 99_999


class FigureCell(str):
    """A cell that holds a number, and not its figures: a format may show zeros before it."""

    __slots__ = ()


def is_workbook(source: SourceBytes) -> bool:
    return source.start.startswith(b"PK") or source.start == _OLD


def workbook_rows(source: SourceBytes, sheet: str) -> tuple[Iterator[tuple[int, list[str]]], int]:
    """Of the sheet of that name, or of the one that there is: its rows, and how many. Raises Usage."""
    book = _opened(source)
    names = list(book.sheet_names)
    if sheet and sheet not in names:
        raise Usage(f"{source.name} has no sheet {name_of(sheet)}: it has {names_of(names, 20)}")
    if not sheet and len(names) > 1:
        raise Usage(
            f"{source.name} has the sheets {names_of(names, 20)}: say in the mapping which, sheet = …"
        )
    found = _sheet(source, book, sheet or names[0])
    rows = ((number, list(map(_plain, row))) for number, row in enumerate(found.iter_rows(), 1))
    return rows, found.total_height


def sheets_of(source: SourceBytes) -> list[str]:
    """Their names. Raises Usage."""
    return list(_opened(source).sheet_names)


def _opened(source: SourceBytes) -> Any:
    name, data = source.name, source.whole()
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # an extra that may be missing
    except ImportError:
        raise Usage(
            "a workbook needs python-calamine: install irmer-bot[papers], or save it as CSV"
        ) from None
    _small_enough(name, data)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise Usage(f"{name} cannot be read as a workbook: {str(error)[:80]}") from None


def _sheet(source: SourceBytes, book: Any, name: str) -> Any:
    from python_calamine import CalamineError  # an extra; it is there

    try:
        return book.get_sheet_by_name(name)
    except CalamineError as error:
        raise Usage(f"{source.name} cannot be read as a workbook: {str(error)[:80]}") from None


def _small_enough(name: str, data: bytes) -> None:
    if data[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
            if unpacked > UNPACKED:
                raise Usage(f"{name} unpacks to {unpacked >> 20} MB: {UNPACKED >> 20} MB is the most")
            for part in packed.namelist():
                if "worksheets/" in part and part.endswith(".xml"):
                    _near_enough(name, packed, part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        raise Usage(f"{name} cannot be read as a workbook: it is damaged") from None


def _near_enough(name: str, packed: zipfile.ZipFile, part: str) -> None:
    """What lies between the first and the last cell is held, empty or not. Raises Usage."""
    wide = max([_NEAR[0], *map(_column, _every(packed, part, _FAR_RIGHT))])
    tall = max([_NEAR[1], *map(int, _every(packed, part, _FAR_DOWN))])
    if wide * tall > CELLS:
        tall = max([1, *map(int, _every(packed, part, _DOWN))])
    if wide > COLUMNS or wide * tall > CELLS:
        far = f"has cells as far out as column {wide:,} and row {tall:,}"
        raise Usage(f"{name} {far}: delete what is beyond its table, or save that sheet as CSV")


def _every(packed: zipfile.ZipFile, part: str, pattern: re.Pattern[bytes]) -> set[bytes]:
    found, left = set[bytes](), b""
    with packed.open(part) as cells:
        while piece := cells.read(_PIECE):
            piece = left + piece
            found.update(pattern.findall(piece))
            left = piece[-300:]  # a cell that began there
    return found


def _column(letters: bytes) -> int:
    """AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _plain(value: Any) -> str:
    """As it would stand in a text: a whole number without the point that a spreadsheet gives it."""
    if isinstance(value, float):
        return FigureCell(int(value) if value == value // 1 else repr(value))
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
