"""The database's server stopped at once, or its machine lost: what was acknowledged is there, whole."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from urllib.parse import quote

from storage.postgres.server import ServerAddress
from tools.faults import writers
from tools.faults.rows import PROCESSES, Processes, Row, whole
from tools.faults.stores import opened
from tools.postgres import SERVES, USER, Databases, OwnServer

TENANTS = ("trust", "another trust")
AT_LEAST = 5  # cases that each writer has acknowledged between two faults
PATIENCE = 90.0  # seconds for that
PAIR = {"synchronous_standby_names": "ANY 1 (*)", "max_wal_senders": "10", "wal_level": "replica"}


class Acknowledged:
    """What writers have been told is kept, by organisation."""

    def __init__(self, where: ServerAddress) -> None:
        self.refs: dict[str, set[str]] = {tenant: set() for tenant in TENANTS}
        self._writers = []
        for tenant in TENANTS:
            mine, theirs = PROCESSES.Pipe(duplex=False)
            writer = Processes(writers.open_cases_whatever_happens, where, tenant, theirs)
            writer.start(tenant)
            theirs.close()
            threading.Thread(target=self._read, args=(tenant, mine), daemon=True).start()
            self._writers.append(writer)

    def _read(self, tenant: str, pipe: Connection) -> None:
        try:
            while True:
                self.refs[tenant].add(pipe.recv())
        except (EOFError, OSError):
            return

    def more(self) -> None:
        """Until each has written some more."""
        before, end = {t: len(refs) for t, refs in self.refs.items()}, time.monotonic() + PATIENCE
        while any(len(self.refs[t]) < many + AT_LEAST for t, many in before.items()):
            assert time.monotonic() < end, f"no case is written any more: {before}"
            time.sleep(0.02)

    def end(self) -> None:
        for writer in self._writers:
            writer.end()
        time.sleep(0.2)  # what is in the pipes


def _judged(name: str, done: str, where: ServerAddress, told: Acknowledged) -> Row:
    store = opened(where)
    missing, broken, gaps, acknowledged = 0, 0, 0, 0
    for tenant, refs in told.refs.items():
        there = [case.ref for case in store.cases(tenant, limit=1_000_000)]
        acknowledged += len(refs)
        missing += len(refs - set(there))
        broken += sum(not writers.is_whole(store, ref, tenant=tenant) for ref in there)
        gaps += len({f"C26-{n:04}" for n in range(1, len(there) + 1)} ^ set(there))
    problems = store.verify()
    store.close()
    found = f"{done}, {acknowledged:,} acknowledged: {missing} missing, {broken} not whole, {gaps} left out"
    return Row(name, f"{found}, {whole(problems)}", not (missing or broken or gaps or problems))


@contextmanager
def a_server(**settings: str) -> Iterator[tuple[OwnServer, str]]:
    """On a disk that is written to when it says so, and a database on it. Raises LookupError."""
    server = OwnServer(durable=True, **settings)
    try:
        server.start()
        yield server, Databases(server.address("postgres", USER)).create(empty=False)
    finally:
        server.remove()


def stopped_at_once(*, times: int, seed: int = 11) -> Row:
    drawn = random.Random(seed)
    with a_server() as (server, name):
        where = ServerAddress(server.address(name, SERVES))
        told = Acknowledged(where)
        for _ in range(times):
            told.more()
            time.sleep(drawn.uniform(0, 0.3))
            server.stop(signal.SIGQUIT)
            server.start()
        told.more()
        told.end()
        return _judged("server", f"{times} times", where, told)


def primary_killed(*, times: int, seed: int = 12) -> Row:
    """Each time the standby is made primary, and a new standby of it. Writers know the addresses of both."""
    drawn = random.Random(seed)
    with a_server() as (primary, name):
        standby = OwnServer(durable=True, **PAIR)
        try:
            primary.restart(**PAIR)
            standby.follow(primary)
            standby.start()
            hosts = ",".join(quote(str(one.folder), safe="") for one in (primary, standby))
            where = ServerAddress(
                f"postgresql://{SERVES}@/{name}?host={hosts}&target_session_attrs=read-write"
            )
            told = Acknowledged(where)
            for _ in range(times):
                told.more()
                time.sleep(drawn.uniform(0, 0.3))
                primary.stop(signal.SIGKILL)
                standby.promote()
                primary, standby = standby, primary
                standby.follow(primary)
                standby.start()
            told.more()
            told.end()
            return _judged("standby", f"{times} times", where, told)
        finally:
            standby.remove()
            primary.remove()
