"""What does a server cost beside a file? `python -m bench.reach_stores`, or `make bench-stores`; one half
of it with `cases` or `copy` behind.

Cases: four processes, each for an organisation of its own, write cases (record, two deadlines, eight pings, a
card, the trail) into PostgreSQL with every commit on the disk, and in turns the very same rows by plain
statements (`bench.plain_rows`), so that a busy machine slows both alike; then one process, and one into a
file. Copy: a file of so many records (`bench.history_rows` writes them) into a server by `irmer copy`, with
both ends verified and one fingerprint.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple

from bench.history_rows import make
from bench.one_case import open_case
from bench.plain_rows import PlainRows
from storage.postgres.copy import copy_to_server
from storage.postgres.server import ServerAddress
from storage.postgres.store import PostgresStore
from storage.sqlite import SqliteStore
from storage.verbs import Verbs
from tools.postgres import OWNER, SERVES, USER, Databases, OwnServer

ORGANISATIONS = 4
WRITTEN, ROUNDS = 50, 8  # cases of each in a round
WARMING = 20
RECORDS = 100_000


class Places(NamedTuple):
    """Where the store is; a database with one case of each organisation, and one for the same rows."""

    store: str
    sample: str = ""
    plain: str = ""


def kept_in(where: str) -> Verbs:
    return PostgresStore(ServerAddress(where)) if "://" in where else SqliteStore(Path(where))


def write(where: Places, tenant: str, rounds: int, all_ready: Barrier, took: Queue) -> None:  # type: ignore[type-arg]
    store = kept_in(where.store)
    for _ in range(WARMING):
        open_case(store, tenant)
    plain = PlainRows(where.sample, where.plain, tenant) if where.plain else None
    for number in range(rounds):
        for name, act in (("store", partial(open_case, store, tenant)), ("plain", plain and plain.write)):
            if act is None:
                continue
            all_ready.wait()
            began = time.monotonic()
            for _ in range(WRITTEN):
                act()
            took.put((number, name, began, time.monotonic()))
    store.close()


def per_second(where: Places, organisations: int, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Cases that so many processes write in a second, each for its own organisation: by the store, and as the
    same rows by plain statements, in turns."""
    spawn = multiprocessing.get_context("spawn")
    all_ready, took = spawn.Barrier(organisations), spawn.Queue()
    writers = [
        spawn.Process(target=write, args=(where, f"trust {n}", rounds, all_ready, took))
        for n in range(organisations)
    ]
    for one in writers:
        one.start()
    ways = ("store", "plain") if where.plain else ("store",)
    told = [took.get(timeout=600) for _ in range(organisations * rounds * len(ways))]
    for one in writers:
        one.join()
    found: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name in ways:
            times = [(began, ended) for n, way, began, ended in told if (n, way) == (number, name)]
            spent = max(ended for _, ended in times) - min(began for began, _ in times)
            found[name].append(organisations * WRITTEN / spent)
    return found


def cases(databases: Databases, place: Path) -> None:
    print(f"{'cases a second, each commit on the disk':42}{'store':>8}{'plain':>8}{'store/plain':>13}")
    for name, organisations in (("PostgreSQL, four organisations", ORGANISATIONS), ("PostgreSQL, one", 1)):
        kept, sample, plain = (databases.create(empty=False) for _ in range(3))
        where = Places(
            databases.address(kept, SERVES), databases.address(sample, USER), databases.address(plain, USER)
        )
        one = kept_in(databases.address(sample, SERVES))
        for number in range(organisations):
            open_case(one, f"trust {number}")
        one.close()
        found = per_second(where, organisations)
        ratio = statistics.median(a / b for a, b in zip(found["store"], found["plain"], strict=True))
        store, raw = (statistics.median(found[way]) for way in ("store", "plain"))
        print(f"  {name:40}{store:8.0f}{raw:8.0f}{ratio:13.2f}", flush=True)
        for database in (kept, sample, plain):
            databases.drop(database)
    found = per_second(Places(str(place / "irmer.sqlite")), 1)
    print(
        f"  {'a file, one process':40}{statistics.median(found['store']):8.0f}  (beside plain: bench.store)"
    )


def copy(databases: Databases, place: Path, records: int) -> None:
    path = place / "history.sqlite"
    make(path, records, cases=records // 10, active=min(300, records // 20))
    database = databases.create()
    began = time.monotonic()
    told = copy_to_server(path, ServerAddress(databases.address(database, OWNER)), now=datetime.now(UTC))
    took = time.monotonic() - began
    size = path.stat().st_size / 1e6
    print(f"copy of {records:,} records, {size:,.0f} MB, verified at both ends: {took:.0f} s")
    print(f"  {told.partition(': ')[2]}")
    databases.drop(database)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", default=["cases", "copy"], help="cases, copy")
    parser.add_argument("--records", type=int, default=RECORDS)
    chosen = parser.parse_args()
    server = OwnServer(durable=True, autovacuum="on", shared_buffers="128MB")
    try:
        server.start()
        databases = Databases(server.address("postgres", USER))
        with tempfile.TemporaryDirectory() as folder:
            if "cases" in chosen.what:
                cases(databases, Path(folder))
            if "copy" in chosen.what:
                copy(databases, Path(folder), chosen.records)
    finally:
        server.remove()


if __name__ == "__main__":
    main()
