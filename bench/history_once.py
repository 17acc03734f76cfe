"""What is done once to a whole store, in a process of its own that imports as little as the command does, so
that its memory is known: `python -m bench.history_once verify FILE` prints seconds by the clock, seconds of
processor time, and MiB at most, both together with those of a process that it begins for its work."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from storage.model import Person
from storage.sqlite import SqliteStore

T = "T0HOSPITAL"
NOW = datetime(2036, 3, 3, 9, 0, 5, tzinfo=UTC)
ANA = Person("U1", "Radiographer A")


def once(name: str, path: Path) -> None:
    store = SqliteStore(path)
    start, worked = time.perf_counter(), processor_time()
    if name == "verify":
        assert store.verify() == [], store.verify()[:3]
    elif name == "backup":
        with tempfile.TemporaryDirectory(dir=path.parent) as place:
            store.backup(Path(place) / "copy.sqlite", now=NOW)
    else:
        made = path.with_name("export.jsonl")
        with made.open("w", encoding="utf-8") as out, store.export(T, by=ANA, now=NOW) as rows:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        made.unlink()
    print(time.perf_counter() - start, processor_time() - worked, most_memory())


def processor_time() -> float:
    return sum(os.times()[:4])


def most_memory() -> float:
    """So far, in MiB; 0 where the machine does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    from resource import RUSAGE_CHILDREN, getrusage  # not on every system

    own = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return (own + getrusage(RUSAGE_CHILDREN).ru_maxrss) / 1024


if __name__ == "__main__":
    once(sys.argv[1], Path(sys.argv[2]))
