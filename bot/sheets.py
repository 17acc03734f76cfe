"""Rows into files: CSV by RFC 4180 and gov.uk's standard for tabular data, workbooks for a spreadsheet.

A cell that a spreadsheet would take for a formula is made harmless: in CSV an apostrophe stands before a text
that begins with = + - @, of whatever width, or with a tab or the end of a line; in a workbook every text is
written as a text.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from bot.usage import Usage

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from bot.core.register.columns import Column, Value

FORMULA = frozenset("=+-@\t\r\n")
BOM = "\ufeff"
# What a cell of a workbook holds at most.
CELL = 32_767
AS_WRITTEN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def harmless(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and unicodedata.normalize("NFKC", value[:1]) in FORMULA:
        return f"'{value}"
    return value


def write_csv(
    out: IO[str], columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, excel: bool
) -> int:
    """The number of rows. `excel`: with the mark by which it knows UTF-8. `out` translates no line ends."""
    if excel:
        out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    count = 0
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        count += 1
    return count


def write_workbook(
    path: Path,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    about: Sequence[tuple[str, str]],
) -> int:
    """The number of rows. Sheets: register, data dictionary, about. Raises Usage without the library,
    and OSError."""
    try:
        from xlsxwriter import Workbook, exceptions  # 40 ms, and an extra that may be missing
    except ImportError:
        raise Usage(
            "a workbook needs XlsxWriter: install irmer-bot[papers], or name a file that ends in .csv"
        ) from None
    whole = BytesIO()  # a file that fails would do so once more when the library lets go of it
    # What the library puts aside as it writes holds incidents too, and stays where it fails.
    with TemporaryDirectory(prefix="irmer-") as aside:
        book = Workbook(whole, {**AS_WRITTEN, "constant_memory": True, "tmpdir": aside})
        count = _filled(book, columns, rows, about)
        try:
            book.close()
        except exceptions.FileCreateError as error:  # of a temporary file, as the library has it
            raise OSError(*getattr(error.args[0], "args", error.args)) from None
    path.write_bytes(whole.getbuffer())
    return count


def _filled(
    book: Workbook,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    about: Sequence[tuple[str, str]],
) -> int:
    bold = book.add_format({"bold": True})
    register = book.add_worksheet("register")
    register.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        register.write_string(0, at, column.name, bold)
    count = 0
    for count, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            _cell(register, count, at, value)
    dictionary = book.add_worksheet("data dictionary")
    for at, line in enumerate(
        [("column", "meaning", "values"), *((c.name, c.meaning, c.values) for c in columns)]
    ):
        for place, text in enumerate(line):
            dictionary.write_string(at, place, text, bold if at == 0 else None)
    page = book.add_worksheet("about")
    for at, (name, text) in enumerate((*about, ("rows", str(count)))):
        page.write_string(at, 0, name, bold)
        page.write_string(at, 1, text)
    return count


def _cell(sheet: Any, row: int, at: int, value: Value) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, int):
        sheet.write_number(row, at, value)
    elif value:
        sheet.write_string(row, at, value[:CELL])
