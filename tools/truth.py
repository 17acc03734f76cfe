"""Plays of a truthful person in great number: `python -m tools.truth`, or `make truth`.

Most go through core with what each platform can do, a share of them over each fake. Prints each play that
found something, with what was said and shown, and a table of what came of them and of the moves made.
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from multiprocessing import Pool
from pathlib import Path

from storage.sqlite import open_store
from storage.store import Store
from tests.truthful.plays import FACES, OF_CORE, errands, moves, play

BATCH = 50
MOST_SHOWN = 20
# Of a hundred plays, those over the faces themselves. One of them costs what five through core do.
OVER_FACES = 4
CAME = (
    "plays", "requests", "kept", "kept as notify", "kept as undecided", "kept as do_not_notify",
    "kept as not_irmer", "discarded", "found",
)  # fmt: skip
Task = tuple[str, range]
Result = tuple[str, Counter[str], list[str], float]


def played(task: Task) -> Result:
    """A batch of plays in one way: what came of them, what they found, and the seconds of the processor."""
    logging.disable()  # a face says there what it could not send, and the fake complains of it
    way, numbers = task
    counted: Counter[str] = Counter()
    found = []
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "irmer.sqlite")
        for number in numbers:
            try:
                counted += _one(way, number, store, Path(folder))
            except Exception as problem:  # noqa: BLE001 whatever it is, it is what was looked for
                last = "" if isinstance(problem, AssertionError) else traceback.format_exc()
                found.append(f"{way}, play {number}: {problem}\n{last}")
            counted["plays"] += 1
        found += [f"{way}: {problem}" for problem in store.verify()]
        store.close()
    counted["found"] = len(found)
    return way, counted, found, time.process_time() - begun


def _one(way: str, number: int, store: Store, folder: Path) -> Counter[str]:
    if way in OF_CORE:
        return play(OF_CORE[way](store, f"{way}{number}"), number)
    door = FACES[way](folder / f"{number}.sqlite")
    try:
        came = play(door, number, errands(door, number, len(moves(door))))
        assert door.store.verify() == []
    finally:
        door.close()
    return came


def tasks(plays: int, start: int) -> Iterator[Task]:
    """Batches of all the ways in turn, so that whatever is cut short has played in each."""
    over_faces = plays * OVER_FACES // 100
    shares = {
        **dict.fromkeys(FACES, -(-over_faces // len(FACES))),
        **dict.fromkeys(OF_CORE, (plays - over_faces) // len(OF_CORE)),
    }
    batch = {way: max(1, BATCH * share // max(shares.values())) for way, share in shares.items()}
    for step in range(-(-max(shares.values()) // BATCH)):
        for way, share in shares.items():
            first = step * batch[way]
            if first < share:
                yield way, range(start + first, start + min(first + batch[way], share))


def main(plays: int, start: int, minutes: float, processes: int) -> int:
    counted: dict[str, Counter[str]] = {way: Counter() for way in (*FACES, *OF_CORE)}
    seconds: Counter[str] = Counter()
    found: list[str] = []
    begun = time.monotonic()
    with Pool(processes) as pool:
        for way, counts, problems, took in pool.imap_unordered(played, tasks(plays, start)):
            counted[way] += counts
            seconds[way] += took  # type: ignore[assignment]
            found += problems
            for problem in problems[: max(0, MOST_SHOWN - len(found) + len(problems))]:
                print(problem, end="\n\n", flush=True)
            if minutes and time.monotonic() - begun > minutes * 60:
                break
    _table(
        "", counted, CAME, {way: f"{seconds[way] / max(1, counted[way]['plays']):.2f} s" for way in counted}
    )
    others = sorted({head for counts in counted.values() for head in counts} - {*CAME})
    _table("moves", counted, others, {})
    done = sum(counts["plays"] for counts in counted.values())
    print(f"{done:,} plays, {len(found)} found something, in {time.monotonic() - begun:,.0f} s")
    return 1 if found else 0


def _table(head: str, counted: dict[str, Counter[str]], rows: Iterable[str], last: dict[str, str]) -> None:
    lines = [[head, *counted, "all"]]
    for row in rows:
        each = [counts[row] for counts in counted.values()]
        lines.append([row, *(f"{one:,}" for one in each), f"{sum(each):,}"])
    if last:
        lines.append(["a play", *last.values(), ""])
    wide = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    for first, *cells in lines:
        print(f"{first:{wide[0]}}  " + "  ".join(f"{c:>{w}}" for c, w in zip(cells, wide[1:], strict=True)))
    print()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--plays", type=int, default=50_000)
    options.add_argument("--start", type=int, default=0, help="the first number")
    options.add_argument("--minutes", type=float, default=0, help="stop after these, whatever is left")
    options.add_argument("--processes", type=int, default=os.cpu_count())
    chosen = options.parse_args()
    raise SystemExit(main(chosen.plays, chosen.start, chosen.minutes, chosen.processes))
