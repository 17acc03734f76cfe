"""Plays of a truthful person in great number: `python -m tools.truth`, or `make truth`.

Prints what came of them, and each play that found something, with what was said and shown before.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

from storage.sqlite import open_store
from tests.truthful.plays import FACES, play

BATCH = 50
MOST_SHOWN = 20
Task = tuple[str, range]
Result = tuple[str, Counter[str], list[str]]


def played(task: Task) -> Result:
    """A batch of plays on one face: what came of them, and what they found."""
    face, numbers = task
    counted: Counter[str] = Counter()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "irmer.sqlite")
        for number in numbers:
            try:
                counted += play(store, face, number)
            except Exception as problem:  # noqa: BLE001 whatever it is, it is what was looked for
                last = "" if isinstance(problem, AssertionError) else traceback.format_exc()
                found.append(f"{face}, play {number}: {problem}\n{last}")
            counted["plays"] += 1
        found += [f"{face}: {problem}" for problem in store.verify()]
        store.close()
    return face, counted, found


def tasks(plays: int, start: int) -> Iterator[Task]:
    each = plays // len(FACES)
    for first in range(start, start + each, BATCH):
        for face in FACES:
            yield face, range(first, min(first + BATCH, start + each))


def main(plays: int, start: int) -> int:
    counted: dict[str, Counter[str]] = {face: Counter() for face in FACES}
    found: list[str] = []
    begun = time.monotonic()
    with Pool(os.cpu_count()) as pool:
        for face, counts, problems in pool.imap_unordered(played, tasks(plays, start)):
            counted[face] += counts
            found += problems
    for problem in found[:MOST_SHOWN]:
        print(problem, end="\n\n")
    heads = sorted({head for counts in counted.values() for head in counts} - {"plays"})
    for face, counts in counted.items():
        print(f"{face}: {counts['plays']:,} plays, " + ", ".join(f"{counts[h]:,} {h}" for h in heads))
    print(f"found: {len(found)}, in {time.monotonic() - begun:,.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--plays", type=int, default=50_000)
    options.add_argument("--start", type=int, default=0, help="the first number")
    chosen = options.parse_args()
    raise SystemExit(main(chosen.plays, chosen.start))
