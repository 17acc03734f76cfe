"""Does the work grow with what lies behind? `python -m bench.history`.

A store with ten years in it (100,000 records, 20,000 cases of which 1,500 are active, some 875,000 rows of
trail) beside one with 1,000 records, whose lists fill a page as well: what everybody asks of it, what runs
each minute, and what looks after the file. Medians in milliseconds of processor time, which says the same
on a busy machine; what is done once stands in seconds, by the clock and of processor time, with the most
memory that the process had. Making the large store takes some minutes; with `--keep DIRECTORY` both stay
for the next run.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench.history_once import NOW, T
from bench.history_rows import WARD, make
from bot.core.bot import Bot
from bot.core.messages import Command, HomeOpened, Place, Request, User
from bot.core.messages import What as Asked
from bot.core.reminders.clock import Clock
from bot.core.reminders.watch import Watch
from bot.slack.capabilities import FORMS
from storage.file import sqlite3
from storage.sqlite import SqliteStore

SIZES = {"small": (1_000, 200, 30), "large": (100_000, 20_000, 1_500)}
LEASE = timedelta(seconds=120)
# What is to be reached on the large store: milliseconds, or seconds where it is done once, and MiB.
TARGETS = {
    **dict.fromkeys(("home", "due", "cases", "cases overdue", "cases unconfirmed"), "3 times small, 30"),
    "deadlines of one subject": "2", "the watch, each minute": "5", "a claim of 50": "10",
    "a poll, nothing due": "flat", "verify": "20 s, 100 MiB", "backup": "33 s", "export": "streams",
}  # fmt: skip


def bot_says(bot: Bot, what: Asked) -> None:
    request = Request(T, User("U1", "Radiographer A", "member"), Place("C0INCIDENTS"), NOW, what)
    assert bot.handle(request, FORMS)


def median(act: Callable[[], object], rounds: int) -> float:
    """In milliseconds of processor time."""
    act()
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        act()
        spent.append(1e3 * (time.process_time() - start))
    return statistics.median(spent)


def claim(store: SqliteStore, rounds: int) -> float:
    """Of what is due in one conversation, fifty at most, each time the same ones."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        batch = store.claim(None, "slack", worker="w", now=NOW, lease=LEASE, limit=50)
        spent.append(1e3 * (time.process_time() - start))
        assert batch is not None
        store.later(T, batch, at=NOW, now=NOW)
    return statistics.median(spent)


def often(path: Path, rounds: int) -> dict[str, float]:
    store = SqliteStore(path)
    bot = Bot(store, nation="england")
    clock = Clock(lambda: NOW)
    clock.believe()
    (late,) = store.cases(T, limit=1, offset=store.count_cases(T) // 2)
    found = {
        "home": median(lambda: bot_says(bot, HomeOpened()), rounds),
        **{
            words: median(lambda words=words: bot_says(bot, Command(words)), rounds)
            for words in ("due", "cases", "cases overdue", "cases unconfirmed")
        },
        "deadlines of one subject": median(lambda: store.deadlines(T, subject=late.ref), rounds),
        "the watch, each minute": median(Watch(store, WARD, clock).look, rounds),
        "a poll, nothing due": median(
            lambda: store.claim(None, "slack", worker="w", now=NOW - timedelta(days=1), lease=LEASE), rounds
        ),
        "a claim of 50": claim(store, rounds),
    }
    store.close()
    return found


# What is done once, each in a process of its own, so that its memory is known.
ONCE = ("verify", "backup", "export")


def in_a_process(name: str, path: Path) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of processor time, and MiB at most."""
    command = [sys.executable, "-m", "bench.history_once", name, str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1]), float(told[2])


def table(place: Path, rounds: int) -> None:
    paths = {size: place / f"{size}.sqlite" for size in SIZES}
    for size, path in paths.items():
        if not path.exists():
            rows = make(path, *SIZES[size])
            print(f"{size}: " + ", ".join(f"{count:,} {name}" for name, count in rows.items()))
    small, large = (often(path, rounds) for path in paths.values())
    print(f"\n{'work':28}{'small':>12}{'large':>12}{'ratio':>8}   to reach")
    for name, ms in large.items():
        ratio = ms / small[name]
        print(f"{name:28}{small[name]:9.3f} ms{ms:9.3f} ms{ratio:8.2f}   {TARGETS[name]}")
    for name in ONCE:
        (few, _, little), (many, worked, much) = (in_a_process(name, path) for path in paths.values())
        more = f"{worked:.1f} s of processor time; {little:.0f} and {much:.0f} MiB"
        print(f"{name:28}{few:10.2f} s{many:10.1f} s{many / few:8.1f}   {TARGETS[name]}; {more}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--keep", type=Path, help="where the two stores stay")
    options.add_argument("--rounds", type=int, default=30)
    chosen = options.parse_args()
    print(f"SQLite {sqlite3.sqlite_version}; medians")
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
        table(chosen.keep, chosen.rounds)
        return
    with tempfile.TemporaryDirectory() as place:
        table(Path(place), chosen.rounds)


if __name__ == "__main__":
    main()
