"""What does the store cost beside plain SQLite and a scheduler? `python -m bench.store`, or `make bench`.

A case is written with its record, two deadlines, eight pings and a card: by the store (masked, checked,
sealed, with its trail and its entry in the register, one transaction), as the very same rows by plain
SQLite in one transaction, and, for its eight pings alone, as eight jobs by APScheduler's SQLAlchemy job
store. All on one disk, fully synchronised, in turns, so that a busy machine slows all alike; what counts
are the ratios, by their median. Then the question asked every few seconds, "is anything due?", with few and
with very many pings waiting, and what a hundred due ones cost to claim.
"""

from __future__ import annotations

import argparse
import pickle
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import insert

from bench.one_case import NOW, anew, open_case
from storage.file import sqlite3
from storage.sqlite import SqliteStore
from storage.times import stamp

LEASE = timedelta(seconds=120)
TENANT = "trust"


class Raw:
    """The rows of one case in whatever tables the store has them, its trail and the register too, written
    again and again under new keys: the same tables and indexes, no triggers, every value known before."""

    def __init__(self, path: Path, like: Path) -> None:
        self.conn = sqlite3.connect(str(path), isolation_level=None, cached_statements=512)
        for setting in ("journal_mode=wal", "synchronous=full", "foreign_keys=on"):
            self.conn.execute(f"pragma {setting}")
        source = sqlite3.connect(str(like))
        made = source.execute("""select type, tbl_name, sql from sqlite_schema where sql is not null
            and type in ('table', 'index') and tbl_name not in ('_sqlite_migrations', 'register_built')
            """).fetchall()
        for _, _, sql in made:
            self.conn.execute(sql)
        tables = [name for kind, name, _ in made if kind == "table" and name != "numbering"]
        self.rows = []
        for table in tables:
            names = [row[1] for row in source.execute(f"pragma table_info({table})")]
            names = [name for name in names if (table, name) != ("outbox", "id")]
            sql = f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})"
            for row in source.execute(f"select {', '.join(names)} from {table}"):
                self.rows.append((sql, list(row), [names.index(name) for name in KEYS if name in names]))
        for row in source.execute("select * from numbering"):
            self.conn.execute("insert into numbering values (?, ?, ?)", row)
        source.close()
        self.written = 0

    def write(self) -> None:
        self.written += 1
        self.conn.execute("begin immediate")
        self.conn.execute("update numbering set last = last + 1")
        for sql, row, keys in self.rows:
            self.conn.execute(sql, anew(row, keys, self.written, len(self.rows)))
        self.conn.execute("commit")


KEYS = ("number", "record_number", "ref", "subject", "key", "seq")


def job_store(path: Path) -> tuple[BackgroundScheduler, SQLAlchemyJobStore]:
    jobs = SQLAlchemyJobStore(f"sqlite:///{path}")
    scheduler = BackgroundScheduler(timezone="Europe/London")
    scheduler.add_jobstore(jobs)
    scheduler.start(paused=True)
    return scheduler, jobs


def add_jobs(scheduler: BackgroundScheduler) -> None:
    for week in range(8):
        at = NOW + timedelta(weeks=200 + week)
        scheduler.add_job(
            print, "date", run_date=at, args=["C26-0001", "notify", week], misfire_grace_time=None
        )


def turns(rounds: int, acts: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Milliseconds of each act, taken in turns."""
    spent: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            start = time.perf_counter()
            act()
            spent[name].append(1e3 * (time.perf_counter() - start))
    return spent


def show(title: str, spent: dict[str, list[float]], base: str, called: str = "plain") -> None:
    print(f"\n{title:58}{'ms':>10}{'x ' + called:>12}")
    for name, times in spent.items():
        ratio = statistics.median(a / b for a, b in zip(times, spent[base], strict=True))
        print(f"{name:58}{statistics.median(times):10.3f}{ratio:12.2f}")


def writes(place: Path, rounds: int) -> None:
    store = SqliteStore(place / "ours.sqlite")
    open_case(store, TENANT)
    raw = Raw(place / "raw.sqlite", place / "ours.sqlite")
    scheduler, _ = job_store(place / "jobs.sqlite")
    plain = f"plain SQLite: the same {len(raw.rows)} rows"
    acts = {
        plain: raw.write,
        "this store: a whole case, audited": lambda: open_case(store, TENANT),
        "APScheduler: its eight pings alone": lambda: add_jobs(scheduler),
    }
    show("A case is written", turns(rounds, acts), plain)
    scheduler.shutdown()
    store.close()


def fill(path: Path, count: int) -> SqliteStore:
    """A store with this many pings waiting; of the first of them a hundred fall due each second, in a
    conversation of their own: one that is being sent to is left alone."""
    store = SqliteStore(path)
    conn = sqlite3.connect(str(path), isolation_level=None)
    conn.execute("pragma synchronous=off")
    conn.execute(
        """insert into outbox (tenant, kind, key, subject, rule, round, offset, due_on, platform,
          conversation, thread, body, escalation, remember, fallback_for, planned_at, state, next_at)
        with recursive each(n) as (select 0 union all select n + 1 from each where n < ?1 - 1)
        select 'trust', 'ping', n, 'C' || n, 'notify', 1, '0d', '2027-01-01', 'chat',
          'ward ' || (n / 100), '', '{}', 0, 0, '', at, 'due', at
        from (select n, strftime('%Y-%m-%dT%H:%M:%S.000000Z', ?2, (n / 100) || ' seconds') as at
          from each)""",
        (count, stamp(NOW)),
    )
    conn.execute("pragma wal_checkpoint(truncate)")
    conn.close()
    return store


def fill_jobs(path: Path, count: int) -> tuple[BackgroundScheduler, SQLAlchemyJobStore]:
    scheduler, jobs = job_store(path)
    add_jobs(scheduler)
    job: Job = scheduler.get_jobs()[0]
    state = pickle.dumps(job.__getstate__(), jobs.pickle_protocol)
    times = ((NOW + timedelta(seconds=n // 100)).timestamp() for n in range(count))
    rows = [{"id": f"{n:032x}", "next_run_time": at, "job_state": state} for n, at in enumerate(times)]
    with jobs.engine.begin() as connection:
        connection.execute(insert(jobs.jobs_t), rows)
    return scheduler, jobs


def ask(conn: Any, now: str) -> object:
    return conn.execute(
        "select id from outbox where platform = 'chat' and ripe = 0 "
        "and state in ('due', 'sending', 'unknown') and next_at <= ? order by next_at limit 100",
        (now,),
    ).fetchall()


def claim_hundred(store: SqliteStore, seconds: Iterator[int]) -> None:
    now = NOW + timedelta(seconds=next(seconds))
    batch = store.claim(None, "chat", worker="w", now=now, lease=LEASE, limit=100)
    assert batch is not None
    assert len(batch.items) == 100


def ours(count: int) -> str:
    return f"this store, {count:,} waiting"


def polls(place: Path, counts: list[int], rounds: int) -> None:
    before = NOW - timedelta(seconds=1)
    stores = {count: fill(place / f"ours{count}.sqlite", count) for count in counts}
    acts: dict[str, Callable[[], object]] = {}
    ends: list[Callable[[], object]] = []
    for count, store in stores.items():
        conn: Any = sqlite3.connect(str(place / f"ours{count}.sqlite"))
        scheduler, jobs = fill_jobs(place / f"jobs{count}.sqlite", count)
        acts[ours(count)] = partial(store.claim, None, "chat", worker="w", now=before, lease=LEASE)
        acts[f"plain SQLite, {count:,} waiting"] = partial(ask, conn, stamp(before))
        acts[f"APScheduler's job store, {count:,} waiting"] = partial(jobs.get_due_jobs, before)
        ends += [conn.close, scheduler.shutdown, store.close]
    spent = turns(rounds, acts)
    show("Is anything due? No", spent, f"plain SQLite, {counts[0]:,} waiting")
    few, many = (statistics.median(spent[ours(count)]) for count in (counts[0], counts[-1]))
    print(f"\nThis store, {counts[-1]:,} waiting beside {counts[0]:,}: {many / few:.2f} times")
    claims = {ours(count): partial(claim_hundred, store, iter(range(10))) for count, store in stores.items()}
    show("A hundred fall due: found, claimed, on disk", turns(10, claims), ours(counts[0]), "first")
    for end in ends:
        end()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--cases", type=int, default=200, help="how many cases each writes")
    options.add_argument("--polls", type=int, default=500, help="how often each is asked")
    options.add_argument(
        "--pings", type=int, nargs="+", default=[1_000, 1_000_000], help="how many are waiting"
    )
    chosen = options.parse_args()
    print(f"SQLite {sqlite3.sqlite_version} for this store and plain SQLite; medians, taken in turns")
    with tempfile.TemporaryDirectory() as place:
        writes(Path(place), chosen.cases)
        polls(Path(place), chosen.pings, chosen.polls)


if __name__ == "__main__":
    main()
