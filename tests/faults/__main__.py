"""Everything that can go wrong, done on purpose and counted: `make faults`, or `python -m tests.faults`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults import clocks, killing, writing
from tests.faults.rows import Row


def model(examples: int) -> Row:
    """The test of `tests/storage/test_model.py`, with more examples."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/storage/test_model.py", "-p", "no:cacheprovider"],
        env=os.environ | {"MODEL_EXAMPLES": str(examples)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = "no difference" if ended.returncode == 0 else ended.stdout.strip().splitlines()[-1]
    return Row(
        f"a plain model beside the store ({examples} runs)", "no difference", found, ended.returncode == 0
    )


def rows(place: Path) -> dict[str, Callable[[], Row]]:
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
        "model": lambda: model(500),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", nargs="*", help="some of the rows, by name; all where none is given")
    chosen = options.parse_args().rows
    reached, began = True, time.monotonic()
    print("| test | to reach | found | |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as made:
        for name, run in rows(Path(made)).items():
            if chosen and name not in chosen:
                continue
            row = run()
            reached = reached and row.reached
            print(
                f"| {row.test} | {row.wanted} | {row.found} | {'ok' if row.reached else 'FAILED'} |",
                flush=True,
            )
    print(f"\n{time.monotonic() - began:.0f} s", flush=True)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
