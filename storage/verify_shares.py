"""Where a file holds much, a second process takes a share of what `verify` does: SQLite's own checks, the
chains, and the first of each tenant's subjects. A share that is not told of to its end, or of a later moment
than what is read here, counts as not done, and is done here."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from storage.file import sqlite3
from storage.own_process import begun_as
from storage.sql import Sql
from storage.verify_rows import held_against_the_trail
from storage.verify_streams import Subjects
from storage.verify_trail import Told, chain, told_beside

MOST = 1000  # problems that are told
MUCH = 50_000  # entries of trails, which are some 2 s of work; to begin a process is 0.2 s
FIRST = 0.3  # of the entries: with the rest of its share as much work as the others are


class Plan(NamedTuple):
    """Of one tenant: the first subject that is not in the second process's share, until when a message that
    was tried may wait for its next try, and the last entry of the trail that is read here."""

    bound: str
    latest: str
    last: int


@dataclass
class OfOneTenant:
    """Of one tenant: problems, at most one more than are told of each kind, and the numbers that are there,
    by their series."""

    chain: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    numbers: Counter[str] = field(default_factory=Counter)


Share = tuple[list[str], dict[str, OfOneTenant]]
"""What SQLite finds, and what there is of each tenant."""


def bound_of(sql: Sql, tenant: str) -> str:
    entries = "from audit where tenant = ? and subject != ''"
    before = int(FIRST * sql.value(f"select count(*) {entries}", tenant))
    return str(sql.value(f"select subject {entries} order by subject limit 1 offset ?", tenant, before) or "")


def last_of(sql: Sql, tenant: str) -> int:
    return int(sql.value("select max(seq) from audit where tenant = ?", tenant) or 0)


def by_sqlite(sql: Sql) -> Iterator[str]:
    for row in sql.each("pragma integrity_check"):
        if row["integrity_check"] != "ok":
            yield f"SQLite finds damage: {' '.join(row['integrity_check'].split())}"
    for table, parent in dict.fromkeys(
        (row["table"], row["parent"]) for row in sql.each("pragma foreign_key_check")
    ):
        yield f"a row of {table} refers to a row of {parent} that is not there"


def first_share(sql: Sql, plans: Mapping[str, Plan]) -> Share:
    found = {}
    damage = list(islice(by_sqlite(sql), MOST + 1))
    for tenant, plan in plans.items():
        told, numbers = Told(), Counter[str]()
        linked = list(islice(chain(sql, tenant), MOST + 1))
        list(told_beside(sql, tenant, told))  # its problems are told with the other share
        rows = held_against_the_trail(sql, tenant, told, plan.latest, numbers, Subjects(end=plan.bound))
        found[tenant] = OfOneTenant(linked, list(islice(rows, MOST + 1)), numbers)
    return damage, found


class SecondProcess:
    """Once `begin` has told it of the plans, at work on the first share until the block is left."""

    def __init__(self, path: Path) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        command, environment = begun_as("storage.verify_shares", str(path.resolve()))
        with suppress(OSError):
            self._told = tempfile.TemporaryFile()  # noqa: SIM115  (closed in `__exit__`)
            self._process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=self._told, stderr=subprocess.DEVNULL
            )

    def begin(self, plans: Mapping[str, Plan]) -> None:
        given = self._process.stdin if self._process is not None else None
        if given is not None and not given.closed:
            with suppress(OSError), given:  # it may have ended
                given.write(json.dumps(plans).encode())

    def __enter__(self) -> SecondProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.begin({})  # where it has not begun
            self._process.kill()  # where it has not ended by itself
            self._process.wait()
            self._told.close()

    def share(self) -> Share | None:
        """None where it did not come to its end."""
        if self._process is None or self._process.wait() != 0:
            return None
        self._told.seek(0)
        try:
            damage, found = json.load(self._told)
        except ValueError:
            return None
        return damage, {
            tenant: OfOneTenant(linked, rows, Counter(numbers))
            for tenant, (linked, rows, numbers) in found.items()
        }


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Rows make no circles, and to look for some is a tenth of the work."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def main(path: Path) -> None:
    plans = {tenant: Plan(*plan) for tenant, plan in json.load(sys.stdin).items()}
    conn = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    conn.execute("pragma trusted_schema=off")
    conn.execute("pragma cache_size=-8000")
    conn.execute("begin")
    sql = Sql(conn)
    if any(last_of(sql, tenant) != plan.last for tenant, plan in plans.items()):
        sys.exit("something was kept meanwhile: what is counted over both shares would not agree")
    with nothing_collected():
        damage, found = first_share(sql, plans)
    print(json.dumps([damage, {name: (of.chain, of.rows, of.numbers) for name, of in found.items()}]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
