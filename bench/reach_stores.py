"""What does a server cost beside a file? `python -m bench.reach_stores`, or `make bench-stores`; one half
of it with `cases` or `copy` behind.

Cases: four processes, each for an organisation of its own, write cases (record, two deadlines, eight pings, a
card, the trail) into PostgreSQL with every commit on the disk; then one process, and one into a file. Copy: a
file of so many records (`bench.history_rows` writes them) into a server by `irmer copy`, with both ends
verified and one fingerprint.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.history_rows import make
from bench.one_case import open_case
from storage.postgres import PostgresStore
from storage.postgres_copy import copy_to_server
from storage.server import ServerAddress
from storage.sqlite import SqliteStore
from storage.verbs import Verbs
from tools.postgres import OWNER, SERVES, USER, Databases, OwnServer

ORGANISATIONS = 4
WRITTEN = 400  # cases of each
WARMING = 20
RECORDS = 100_000


def in_a_file(where: str) -> Verbs:
    return SqliteStore(Path(where))


def on_a_server(where: str) -> Verbs:
    return PostgresStore(ServerAddress(where))


def write(store_of: Callable[[str], Verbs], where: str, tenant: str, cases: int, all_ready, took) -> None:  # type: ignore[no-untyped-def]
    store = store_of(where)
    for _ in range(WARMING):
        open_case(store, tenant)
    all_ready.wait()
    began = time.monotonic()
    for _ in range(cases):
        open_case(store, tenant)
    took.put((began, time.monotonic()))
    store.close()


def per_second(store_of: Callable[[str], Verbs], where: str, organisations: int) -> float:
    """Cases that so many processes write in a second, each for its own organisation."""
    spawn = multiprocessing.get_context("spawn")
    all_ready, took = spawn.Barrier(organisations), spawn.Queue()
    writers = [
        spawn.Process(target=write, args=(store_of, where, f"trust {n}", WRITTEN, all_ready, took))
        for n in range(organisations)
    ]
    for one in writers:
        one.start()
    times = [took.get(timeout=600) for _ in writers]
    for one in writers:
        one.join()
    began, ended = min(first for first, _ in times), max(last for _, last in times)
    return organisations * WRITTEN / (ended - began)


def cases(databases: Databases, place: Path) -> None:
    print("cases written a second, each commit on the disk")
    for name, store_of, organisations in (
        ("PostgreSQL, four organisations", on_a_server, ORGANISATIONS),
        ("PostgreSQL, one", on_a_server, 1),
        ("a file, one process", in_a_file, 1),
    ):
        database = databases.create(empty=False)
        server = databases.address(database, SERVES)
        where = server if store_of is on_a_server else str(place / "irmer.sqlite")
        print(f"  {name:32}{per_second(store_of, where, organisations):7.0f}")
        databases.drop(database)


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
