"""What can go wrong with several processes, a database server and several organisations, done on purpose and
counted: `make faults-reach`, or `python -m tools.faults.reach`. Where no PostgreSQL is to be had, the rows
that want one say so and fail."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from storage.server import ServerAddress
from tools.faults import killing, rolling, servers
from tools.faults.rows import REACH, Row
from tools.faults.table import OF_SEVERAL, README, with_rows
from tools.postgres import SERVES

ORGANISATIONS = 8


def replicas(*, kills: int, pings: int, seconds: float) -> Row:
    with servers.a_server() as (server, name):
        where = ServerAddress(server.address(name, SERVES))
        return killing.killed(
            "replicas", where, kills=kills, pings=pings, seconds=seconds, organisations=ORGANISATIONS
        )


def runs() -> dict[str, Callable[[], Row]]:
    return {
        "replicas": lambda: replicas(kills=500, pings=5_000, seconds=400),
        "server": lambda: servers.stopped_at_once(times=15),
        "standby": lambda: servers.primary_killed(times=5),
        "upgrade": lambda: rolling.rolling(),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", nargs="*", help=f"all, or some of: {', '.join(REACH)}")
    options.add_argument("--write", action="store_true", help="put what was found into the readme, too")
    given = options.parse_args()
    if wrong := set(given.rows) - set(REACH):
        options.error(f"there is no row {', '.join(sorted(wrong))}: there are {', '.join(REACH)}")
    found, began = [], time.monotonic()
    print("\n".join(OF_SEVERAL.head), flush=True)
    for name, run in runs().items():
        if not given.rows or name in given.rows:
            try:
                found.append(run())
            except LookupError as lacking:
                found.append(Row(name, str(lacking), reached=False))
            print(found[-1], flush=True)
    print(f"\n{time.monotonic() - began:.0f} s", flush=True)
    if given.write:
        README.write_text(with_rows(README.read_text(encoding="utf-8"), found, OF_SEVERAL), encoding="utf-8")
    return 0 if all(row.reached for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
