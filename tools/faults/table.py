"""The tables of `make faults` and `make faults-reach` where docs/faults.md quotes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from tools.faults.rows import REACH, ROWS, Row

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


class Table(NamedTuple):
    """`rows` by name: what is done, and what is to be reached."""

    command: str
    head: tuple[str, str]
    rows: Mapping[str, tuple[str, str]]


FAULTS = Table("make faults", ("| test | to reach | found | |", "|---|---|---|---|"), ROWS)
OF_SEVERAL = Table("make faults-reach", ("| of several | to reach | found | |", "|---|---|---|---|"), REACH)


def quoted(page: str, table: Table = FAULTS) -> dict[str, str]:
    """The rows that stand there, by name."""
    begins = {f"| {test} | {wanted} |": name for name, (test, wanted) in table.rows.items()}
    lines = _lines(page, table)
    found = {name: line for line in lines for begin, name in begins.items() if line.startswith(begin)}
    strange = [line for line in lines if line not in found.values()]
    assert not strange, f"{table.command} has no such row: {strange}"
    return found


def with_rows(page: str, rows: Iterable[Row], table: Table = FAULTS) -> str:
    """The page with these rows in place of those that it had; the others stay."""
    lines = quoted(page, table) | {row.name: str(row) for row in rows}
    before, _, rest = page.partition("\n".join(table.head) + "\n")
    after = rest.splitlines(keepends=True)[len(_lines(page, table)) :]
    written = [*table.head, *(lines[name] for name in table.rows if name in lines)]
    return before + "\n".join(written) + "\n" + "".join(after)


def _lines(page: str, table: Table) -> list[str]:
    _, found, rest = page.partition("\n".join(table.head) + "\n")
    assert found, f"docs/faults.md has no table of {table.command}"
    return [line for line in rest.partition("\n\n")[0].splitlines() if line.startswith("|")]
