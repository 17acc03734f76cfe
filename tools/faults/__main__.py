"""Everything that can go wrong, done on purpose and counted: `make faults`, or `python -m tools.faults`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools.faults import clocks, killing, withheld, writing
from tools.faults.rows import ROWS, Row
from tools.faults.table import HEAD, README, with_rows


def model(examples: int) -> Row:
    """The test of `tests/storage/test_model.py`, with more examples."""
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "tests/storage/test_model.py",
            "--timeout",
            "0",
            "-p",
            "no:cacheprovider",
        ],
        env=os.environ | {"MODEL_EXAMPLES": str(examples)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = "no difference" if ended.returncode == 0 else ended.stdout.strip().splitlines()[-1]
    if ended.returncode:
        print(ended.stdout, file=sys.stderr)
    return Row("model", f"{examples} runs: {found}", ended.returncode == 0)


def runs(place: Path) -> dict[str, Callable[[], Row]]:
    return {
        "kills": lambda: killing.kills(place, kills=500, pings=5_000, seconds=260),
        "incoming": lambda: writing.kills_while_cases_come_in(place, kills=200),
        "pauses": lambda: killing.pauses(place, pauses=12, pings=1_200),
        "deliveries": lambda: writing.deliveries(place, count=500),
        "outage": lambda: clocks.outage(place, pings=10_000, places=200),
        "polls": lambda: clocks.polls(place, many=1_000_000),
        "years": lambda: clocks.ten_years(),
        "jumps": lambda: clocks.jumps(place),
        "full": lambda: writing.full_disks(place, points=50),
        "migrations": lambda: writing.migrations(place, times=25),
        "refusals": lambda: withheld.refusals(place),
        "ahead": lambda: withheld.ahead(place),
        "asleep": lambda: withheld.asleep(place),
        "poisoned": lambda: withheld.poisoned(place),
        "restored": lambda: withheld.restored(place, times=10),
        "schedules": lambda: withheld.schedules(place, kills=20, cases=60),
        "model": lambda: model(500),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", nargs="*", help=f"all, or some of: {', '.join(ROWS)}")
    options.add_argument("--write", action="store_true", help="put what was found into the readme, too")
    given = options.parse_args()
    if wrong := set(given.rows) - set(ROWS):
        options.error(f"there is no row {', '.join(sorted(wrong))}: there are {', '.join(ROWS)}")
    found, began = [], time.monotonic()
    print("\n".join(HEAD), flush=True)
    with tempfile.TemporaryDirectory() as made:
        for name, run in runs(Path(made)).items():
            if not given.rows or name in given.rows:
                found.append(run())
                print(found[-1], flush=True)
    print(f"\n{time.monotonic() - began:.0f} s", flush=True)
    if given.write:
        README.write_text(with_rows(README.read_text(encoding="utf-8"), found), encoding="utf-8")
    return 0 if all(row.reached for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
