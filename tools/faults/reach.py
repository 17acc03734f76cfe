"""What can go wrong with several processes, a database server and several organisations, done on purpose and
counted: `make faults-reach`, or `python -m tools.faults.reach`. Where no PostgreSQL is to be had, the rows
that want one say so and fail."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from storage.postgres.server import ServerAddress
from tools.faults import foreign_ids, identity, killing, rolling, servers
from tools.faults.one_by_one import play
from tools.faults.rows import Row
from tools.faults.table import OF_SEVERAL
from tools.postgres import SERVES

ORGANISATIONS = 8


def replicas(*, kills: int, pings: int, seconds: float) -> Row:
    with servers.a_server() as (server, name):
        where = ServerAddress(server.address(name, SERVES))
        return killing.killed(
            "replicas", where, kills=kills, pings=pings, seconds=seconds, organisations=ORGANISATIONS
        )


def runs(place: Path) -> dict[str, Callable[[], Row]]:
    return {
        "replicas": lambda: replicas(kills=500, pings=5_000, seconds=400),
        "server": lambda: servers.stopped_at_once(times=15),
        "standby": lambda: servers.primary_killed(times=5),
        "upgrade": lambda: rolling.rolling(),
        "foreign": lambda: foreign_ids.foreign(place),
        "identity": lambda: identity.changes(place, times=20),
    }


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        each = {name: partial(_if_it_can, name, run) for name, run in runs(Path(made)).items()}
        return play(OF_SEVERAL, each, __doc__)


def _if_it_can(name: str, run: Callable[[], Row]) -> Row:
    try:
        return run()
    except LookupError as lacking:
        return Row(name, str(lacking), reached=False)


if __name__ == "__main__":
    sys.exit(main())
