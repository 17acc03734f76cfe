"""The rows of a table, all or those that are named, done one after the other and printed as they come."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping

from tools.faults.rows import Row
from tools.faults.table import PAGE, Table, with_rows


def play(table: Table, runs: Mapping[str, Callable[[], Row]], about: str | None) -> int:
    """By the command line; 0 where each row reached what it should."""
    options = argparse.ArgumentParser(description=about)
    options.add_argument("rows", nargs="*", help=f"all, or some of: {', '.join(table.rows)}")
    options.add_argument("--write", action="store_true", help="put what was found into docs/faults.md, too")
    given = options.parse_args()
    if wrong := set(given.rows) - set(table.rows):
        options.error(f"there is no row {', '.join(sorted(wrong))}: there are {', '.join(table.rows)}")
    found, began = [], time.monotonic()
    print("\n".join(table.head), flush=True)
    for name, run in runs.items():
        if not given.rows or name in given.rows:
            found.append(run())
            print(found[-1], flush=True)
    print(f"\n{time.monotonic() - began:.0f} s", flush=True)
    if given.write:
        PAGE.write_text(with_rows(PAGE.read_text(encoding="utf-8"), found, table), encoding="utf-8")
    return 0 if all(row.reached for row in found) else 1
