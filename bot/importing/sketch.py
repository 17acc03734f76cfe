"""A first mapping for a file: the columns that it has, and what they may be, as comments to be looked at."""

from __future__ import annotations

from collections.abc import Iterator

from bot.importing.mapping import Mapping
from bot.importing.source_bytes import SourceBytes
from bot.importing.source_files import any_rows
from bot.usage import Usage

# What columns are usually called, and what they then are: a suggestion, and never taken by itself.
_LIKE = (
    (("incident date", "date of incident", "date occurred", "inc_dincident", "date the incident occurred"),
     "fact.occurred_on"),
    (("reported", "date reported", "reported date", "inc_dreported", "reported locally"),
     "fact.discovered_on"),
    (("sub category", "cause 1", "subcategory", "cause"), "fact.cause"),
    (("modality",), "fact.modality"),
    (("dose",), "fact.total_dose"),
    (("description", "what happened", "text", "inc_notes", "details"), "detail.account"),
    (("action",), "detail.immediate_actions"),
    (("manufacturer", "inc_manufacturer"), "detail.equipment_make"),
    (("model", "inc_model"), "detail.equipment_model"),
    (("root cause", "inc_root_causes"), "detail.root_cause"),
    (("lfpse", "lfpse_id"), "detail.lfpse_number"),
    (("equipment",), "detail.equipment"),
    (("exam",), "detail.examination_performed"),
    (("location", "site", "department", "inc_unit"), "detail.site"),
)  # fmt: skip
_REFS = ("ref", "inc_ourref", "incident no", "id", "no.", "unique incident identifier", "recordid")


def sketch_of(source: SourceBytes) -> str:
    """Raises Usage."""
    header = _header(source)
    ref = next((c for like in _REFS for c in header if c.casefold() == like), header[0])
    return "\n".join([*_lines(source.name, header, ref), ""])


def _header(source: SourceBytes) -> list[str]:
    """The first row of which most cells hold words."""
    empty = Mapping(source="x", ref="x", delimiter="")
    for row in any_rows(source, empty):
        cells = [cell.strip() for cell in row]
        named = [cell for cell in cells if cell and not cell[0].isdigit()]
        if len(named) >= 3 and len(named) >= len([cell for cell in cells if cell]):
            return named
    raise Usage(f"{source.name} has no row that looks like the names of columns: write the mapping by hand")


def _lines(name: str, header: list[str], ref: str) -> Iterator[str]:
    yield f"# The columns of {name}: {', '.join(header)}"
    yield "# Look at each line: what is not named here is not read, and nothing of it is guessed."
    yield 'source = "datix"  # a short name of the system'
    yield f'ref = "{ref}"'
    yield 'dates = "%d/%m/%Y"  # or "%d-%b-%y", or several: ["%d/%m/%Y", "%d/%m/%y"]'
    yield '# only = { "Category" = ["Radiation"] }'
    yield ""
    yield "[fact.nation]"
    yield 'value = "england"'
    used: set[str] = set()
    for names, field in _LIKE:
        found = next(
            (c for c in header if c not in used and any(like in c.casefold() for like in names)), None
        )
        if found is None:
            continue
        used.add(found)
        yield ""
        yield f"[{field}]"
        yield f'column = "{found}"'
        if field == "fact.cause":
            yield '# values = { "Wrong patient exposed" = "wrong patient identified" }'
        if field == "fact.total_dose":
            yield 'unit = "mSv"'
