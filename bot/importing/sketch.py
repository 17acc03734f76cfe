"""A first mapping for a file: the columns that it has, and what they may be, to be looked at. A column is
named only where its words and what stands in it bear it out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from bot.core.patient_numbers import holds_number
from bot.importing.csv_rows import SEARCHED, first_rows
from bot.importing.mapping import header_name
from bot.importing.repeated import is_name_of_column, names_of, seems_somebody
from bot.importing.source_bytes import SourceBytes
from bot.importing.workbooks import is_workbook, sheets_of, workbook_rows
from bot.usage import Usage

_DAY = re.compile(r"\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,4}(?:[ T].*)?|[1-7]\d{4}")
_DOSE = re.compile(r"[<>≤≥~]?\s*\d.*")
# What columns are called, and what they then are. Days by their whole names: of several, one is ours.
_LIKE = (
    (r"incident date|date of (the )?incident|date occurred|inc_dincident|date the incident occurred|date",
     "fact.occurred_on", _DAY),
    (r"reported|date reported|reported date|inc_dreported|(date )?reported locally|(date )?discovered( on)?",
     "fact.discovered_on", _DAY),
    (r".*\b(sub ?category|cause 1|cause)\b.*", "fact.cause", None),
    (r".*\bmodality\b.*", "fact.modality", None),
    (r".*\bdose\b.*", "fact.total_dose", _DOSE),
    (r".*\b(description|what happened|text|inc_notes|details)\b.*", "detail.account", None),
    (r".*\bactions?\b.*", "detail.immediate_actions", None),
    (r".*\b(inc_)?manufacturer\b.*", "detail.equipment_make", None),
    (r".*\b(inc_)?model\b.*", "detail.equipment_model", None),
    (r".*\b(root cause|inc_root_causes)\b.*", "detail.root_cause", None),
    (r".*\blfpse(_id| number)?\b.*", "detail.lfpse_number", None),
    (r".*\bequipment\b.*", "detail.equipment", None),
    (r".*\bexam(ination)?s?\b.*", "detail.examination_performed", None),
    (r".*\b(location|site|department|inc_unit)\b.*", "detail.site", None),
)  # fmt: skip
# Of whom or of what else it is then said.
_OF_ELSE = re.compile(r"\b(by|to|who|whom|name|names|e-?mail|grade)\b|\?", re.I)
_OF_ONE = re.compile(r"\b(patient|nhs|chi|hospital|mrn|staff|handler|employee)\b", re.I)
_REF = re.compile(r"ref|inc_ourref|id|no\.?|recordid|(.*\b)?(ref|reference|identifier|number|no\.?|id)")


def sketch_of(source: SourceBytes) -> str:
    """Of the first sheet with a header, where it is a workbook. Raises Usage."""
    sheets = sheets_of(source) if is_workbook(source) else [""]
    for sheet in sheets:
        if found := _header(_first_of(source, sheet)):
            others = [one for one in sheets if one != sheet]
            return "\n".join([*_lines(source.name, *found, sheet, others), ""])
    no_row = "no row that looks like the names of columns"
    raise Usage(f"{source.name} has {no_row}: write the mapping by hand")


def _first_of(source: SourceBytes, sheet: str) -> Sequence[Sequence[str]]:
    if not sheet:
        return first_rows(source)
    return [row for _, row in islice(workbook_rows(source, sheet)[0], 2 * SEARCHED)]


def _header(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[Sequence[str]]] | None:
    """The first row in which there is nothing but names of columns, and the rows below it. Above it may be a
    title, and no row that is as long: that was the header, or there is none."""
    longest = 0
    for at, row in enumerate(rows):
        cells = list(map(header_name, row))
        there = [cell for cell in cells if cell]
        if len(there) >= 3 and len(there) > longest and all(map(is_name_of_column, there)):
            return cells, list(rows[at + 1 :])
        longest = max(longest, len(there))
    return None


def _lines(
    name: str, header: list[str], below: list[Sequence[str]], sheet: str, others: list[str]
) -> Iterator[str]:
    columns = [column for column in header if column and header.count(column) == 1]
    values = {column: _values(header.index(column), below) for column in columns}
    yield f"# The columns of {header_name(name)}: {', '.join(columns)}"
    yield "# Look at each line: what is not named here is not read, and nothing of it is guessed."
    yield 'source = "datix"  # a short name of the system'
    ref = _ref(columns, values, len(below))
    yield (
        f"ref = {_text(ref)}"
        if ref
        else "# ref = the column of which each row has another value: none is sure to be it"
    )
    if others:
        yield f"sheet = {_text(sheet)}  # there is also {names_of(others, 20)}"
    yield 'dates = "%d/%m/%Y"  # or "%d-%b-%y", or several: ["%d/%m/%Y", "%d/%m/%y"]'
    yield '# only = { "Category" = ["Radiation"] }'
    yield ""
    yield "[fact.nation]"
    yield 'value = "england"'
    used = {ref}
    for pattern, field, shape in _LIKE:
        bears = _bearing(re.compile(pattern, re.I), shape)
        found = next((one for one in columns if one not in used and bears(one, values[one])), None)
        if found is None:
            continue
        used.add(found)
        yield ""
        yield f"[{field}]"
        yield f"column = {_text(found)}"
        if field == "fact.cause":
            yield '# values = { "Wrong patient exposed" = "wrong patient identified" }'
        if field == "fact.total_dose":
            yield 'unit = "mSv"'


def _values(at: int, below: list[Sequence[str]]) -> list[str]:
    return [cell for row in below if at < len(row) and (cell := row[at].strip())]


def _bearing(called: re.Pattern[str], shape: re.Pattern[str] | None) -> Callable[[str, list[str]], bool]:
    def bears(column: str, values: list[str]) -> bool:
        if not called.fullmatch(column) or _OF_ELSE.search(column):
            return False
        return shape is None or all(map(shape.fullmatch, values))

    return bears


def _ref(columns: list[str], values: dict[str, list[str]], rows: int) -> str:
    """The one whose name says so, and of which hardly a row has none and no two have the same."""
    for column in sorted(columns, key=lambda one: not re.fullmatch("ref|inc_ourref", one.casefold())):
        called = (
            _REF.fullmatch(column.casefold()) and not _OF_ELSE.search(column) and not _OF_ONE.search(column)
        )
        there = values[column]
        if (
            called
            and len(set(there)) == len(there)
            and 2 * len(there) >= rows
            and not any(map(_tells, there))
        ):
            return column
    return ""


def _tells(ref: str) -> bool:
    return holds_number(ref) or seems_somebody(ref)


def _text(text: str) -> str:
    """As TOML has it in quotation marks, which is as JSON has it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
