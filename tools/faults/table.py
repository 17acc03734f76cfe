"""The table of `make faults` where the readme quotes it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tools.faults.rows import ROWS, Row

README = Path(__file__).parents[2] / "README.md"
HEAD = ("| test | to reach | found | |", "|---|---|---|---|")


def quoted(readme: str) -> dict[str, str]:
    """The rows that stand there, by name."""
    begins = {f"| {test} | {wanted} |": name for name, (test, wanted) in ROWS.items()}
    lines = _lines(readme)
    found = {name: line for line in lines for begin, name in begins.items() if line.startswith(begin)}
    strange = [line for line in lines if line not in found.values()]
    assert not strange, f"make faults has no such row: {strange}"
    return found


def with_rows(readme: str, rows: Iterable[Row]) -> str:
    """The readme with these rows in place of those that it had; the others stay."""
    lines = quoted(readme) | {row.name: str(row) for row in rows}
    before, _, rest = readme.partition("\n".join(HEAD) + "\n")
    after = rest.splitlines(keepends=True)[len(_lines(readme)) :]
    table = [*HEAD, *(lines[name] for name in ROWS if name in lines)]
    return before + "\n".join(table) + "\n" + "".join(after)


def _lines(readme: str) -> list[str]:
    _, found, rest = readme.partition("\n".join(HEAD) + "\n")
    assert found, "the readme has no table of make faults"
    return [line for line in rest.partition("\n\n")[0].splitlines() if line.startswith("|")]
