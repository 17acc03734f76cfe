"""CSV into rows of text: in which encoding, by which separator, and no line longer than any that is meant."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

from bot.importing.mapping import Mapping, header_name
from bot.importing.source_bytes import SourceBytes
from bot.usage import Usage

CELL = 1 << 20
LINE = 8 << 20
COLUMNS = 16_384  # as many as a spreadsheet has
SEARCHED = 50  # rows in which the names of the columns are looked for
SEPARATORS = (",", ";", "\t")
# What a text may begin with that says how it is written.
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def csv_rows(source: SourceBytes, mapping: Mapping) -> Iterator[tuple[int, list[str]]]:
    """Each with the number of its first line. Raises Usage."""
    name, encoding = source.name, _encoding(source, mapping.encoding)
    csv.field_size_limit(CELL)
    mark = mapping.delimiter or _separator(source, encoding, mapping)
    reader = csv.reader(_lines(source, encoding, mark), delimiter=mark, strict=True)
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


def first_rows(source: SourceBytes) -> list[list[str]]:
    """Whatever they hold, by the separator that parts them into the most. Raises Usage."""
    encoding = _encoding(source, "")
    return max(
        (_first(source, encoding, mark) for mark in SEPARATORS),
        key=lambda rows: max(map(len, rows), default=0),
    )


def _separator(source: SourceBytes, encoding: str, mapping: Mapping) -> str:
    """The one by which a line falls into the names of the columns: of all that are wanted, else of some."""
    wanted = set(mapping.columns)

    def found(mark: str) -> int:
        rows = _first(source, encoding, mark)
        return max((len(wanted & set(map(header_name, row))) for row in rows), default=0)

    return max(SEPARATORS, key=found)


def _first(source: SourceBytes, encoding: str, mark: str) -> list[list[str]]:
    """The first rows by a separator; where they are not well formed by it, as far as they are."""
    csv.field_size_limit(CELL)
    rows: list[list[str]] = []
    try:
        for row in islice(csv.reader(_lines(source, encoding, mark), delimiter=mark), SEARCHED):
            rows.append(row)  # noqa: PERF402  (what came before an error counts)
    except csv.Error:
        pass
    return rows


def _lines(source: SourceBytes, encoding: str, mark: str) -> Iterator[str]:
    """Raises Usage, before a line is taken apart that would not fit into memory."""
    text = io.TextIOWrapper(source.opened(), encoding, newline="")
    while line := text.readline(LINE):
        if line.count(mark) >= COLUMNS:
            raise Usage(
                f"{source.name} has a line of {line.count(mark) + 1:,} cells: {COLUMNS:,} are the most"
            )
        if len(line) == LINE:
            raise Usage(f"{source.name} has a line of more than {LINE >> 20} MB: it is no table")
        yield line


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
    for encoding in sought:
        if not (wrong := _wrong_with(source, encoding)):
            return encoding
    raise Usage(f"{source.name} is not in {said or marked or 'UTF-8 or Windows-1252'}: {wrong}")


def _wrong_with(source: SourceBytes, encoding: str) -> str:
    """Why the bytes are none of that encoding; a piece at a time. Raises Usage."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)  # refuses what is none of a text, such as hex
        decoder = codecs.getincrementaldecoder(encoding)()
    except (LookupError, ValueError):
        raise Usage(f"the mapping: encoding {encoding} is not one that there is for a text") from None
    try:
        for piece in source:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return error.reason
    except UnicodeError as error:  # such as of UTF-16, which begins as this does not
        return str(error)[:80]
    return ""
