"""Everything that can go wrong, done on purpose and counted: `make faults`, or `python -m tools.faults`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.faults import clocks, killing, withheld, writing
from tools.faults.one_by_one import play
from tools.faults.rows import Row
from tools.faults.table import FAULTS


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
    with tempfile.TemporaryDirectory() as made:
        return play(FAULTS, runs(Path(made)), __doc__)


if __name__ == "__main__":
    sys.exit(main())
