"""Plays of a truthful person in great number: `python -m tools.truth`, or `make truth`.

Most go through core with what each platform can do, a share of them over each fake. Prints each play that
found something, with what was said and shown, how far it has come, and in the end a table of what came of the
plays and of the moves made. What was played is kept in a file: cut short, it goes on from there.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
from collections import Counter
from collections.abc import Iterable
from multiprocessing import Pool
from pathlib import Path

from tools.truth.batches import WAYS, alone, batches, played
from tools.truth.kept import Kept, state_of_the_code

MOST_SHOWN = 20
EVERY = 60.0  # seconds between two lines on how far it has come
CAME = (
    "plays", "requests", "kept", "kept as notify", "kept as undecided", "kept as do_not_notify",
    "kept as not_irmer", "discarded", "found",
)  # fmt: skip


class Run:
    """What is to be played, and what has been."""

    def __init__(self, kept: Kept, plays: int, start: int) -> None:
        self.kept, self.wanted = kept, batches(plays, start)
        self.all = sum(len(batch.numbers) for batch in self.wanted)
        self.left = [batch for batch in self.wanted if batch not in kept.played]

    @property
    def counted(self) -> dict[str, Counter[str]]:
        counted: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
        for batch, came in self.kept.played.items():
            counted[batch.way] += came.counted
        return counted

    @property
    def found(self) -> list[str]:
        return [problem for came in self.kept.played.values() for problem in came.found]

    @property
    def how_far(self) -> str:
        done = sum(len(batch.numbers) for batch in self.kept.played)
        cut = "" if done == self.all else f" of {self.all:,}"
        return f"{done:,}{cut} plays, {len(self.found)} found something"

    def go_on(self, processes: int, minutes: float) -> None:
        """Until it is over, the minutes are, or somebody ends it."""
        begun = told = time.monotonic()
        with Pool(processes, alone) as pool:
            for batch, came in pool.imap_unordered(played, self.left):
                shown = len(self.found)
                self.kept.add(batch, came)
                for problem in came.found[: max(0, MOST_SHOWN - shown)]:
                    print(problem, end="\n\n", flush=True)
                now = time.monotonic()
                if now - told > EVERY:
                    told = now
                    print(f"{self.how_far}, after {now - begun:,.0f} s", flush=True)
                if minutes and now - begun > minutes * 60:
                    return


def main(plays: int, start: int, minutes: float, processes: int, path: Path) -> int:
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    run = Run(Kept(path, state_of_the_code(), plays, start), plays, start)
    if run.kept.played and run.left:
        print(f"It goes on: {run.how_far}, by {path}", flush=True)
    try:
        run.go_on(processes, minutes)
    except KeyboardInterrupt:
        print("Cut short: the same command goes on from here.")
    table_of(run)
    print(f"{run.how_far}, in {time.monotonic() - begun:,.0f} s")
    return 1 if run.found else 0


def table_of(run: Run) -> None:
    counted = run.counted
    seconds: Counter[str] = Counter()
    for batch, came in run.kept.played.items():
        seconds[batch.way] += came.seconds  # type: ignore[assignment]
    each = {way: f"{seconds[way] / max(1, counted[way]['plays']):.2f} s" for way in counted}
    _table("", counted, CAME, each)
    _table("moves", counted, sorted({name for came in counted.values() for name in came} - {*CAME}), {})


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
    options.add_argument(
        "--kept", type=Path, default=Path(".truth.jsonl"), help="where what was played is kept"
    )
    chosen = options.parse_args()
    raise SystemExit(main(chosen.plays, chosen.start, chosen.minutes, chosen.processes, chosen.kept))
