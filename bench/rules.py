"""How fast are the rules beside other engines, and how often is each wrong? `python -m bench.rules`.

Six criteria (1, 2.1 to 2.4, 5) on the same random incidents, every fact known, a third on a threshold.
Each engine has a process of its own and is first compared with plain comparisons of exact decimals. Then they
take turns, one pass over a batch at a time, so that a busy machine slows all alike; every pass has new
incidents, the same for all, so that nothing is gained by remembering one. Putting incidents into an engine's
own input is not timed. Ours judges by its whole table, of which the six are a part.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import time
from multiprocessing.connection import Connection

from bench.rules_engines import ENGINES
from bench.rules_task import incidents, reference

NOTES = """
missed: a code that is met was not found
full verdict: outcome, codes, a reason with its numbers for each code in play, readings, cautions, dates and
bodies to tell; what would change it is worked out only when asked for"""
BASES = ("rule-engine", "zen-engine, decision table")


def serve(name: str, count: int, pipe: Connection) -> None:
    """In the engine's process: how many answers are wrong, then the seconds of a pass whenever asked."""
    engine = ENGINES[name]()
    drawn = incidents(count)
    found = [(engine.codes(engine.decide(engine.prepare(one))), reference(one)) for one in drawn]
    pipe.send((sum(got != want for got, want in found), sum(bool(want - got) for got, want in found)))
    while seed := pipe.recv():
        ready = [engine.prepare(one) for one in incidents(count, seed)]
        decide = engine.decide
        start = time.perf_counter()
        for item in ready:
            decide(item)
        pipe.send(time.perf_counter() - start)


def measure(count: int, passes: int) -> None:
    context = multiprocessing.get_context("spawn")
    pipes: dict[str, Connection] = {}
    for name in ENGINES:
        pipes[name], other = context.Pipe()
        context.Process(target=serve, args=(name, count, other), daemon=True).start()
    wrong = {name: pipe.recv() for name, pipe in pipes.items()}
    seconds: dict[str, list[float]] = {name: [] for name in ENGINES}
    for number in range(passes):
        for name, pipe in pipes.items():
            pipe.send(number + 2)
            seconds[name].append(pipe.recv())
    for pipe in pipes.values():
        pipe.send(0)
    print(f"{count} incidents a pass, {passes} passes taken in turns: medians, and ratios pass by pass\n")
    print(f"{'':34}{'a second':>11}{'x rule-engine':>15}{'x zen-engine':>14}{'wrong':>7}{'missed':>8}")
    for name in sorted(ENGINES, key=lambda name: statistics.median(seconds[name])):
        ratios = [
            statistics.median(b / a for a, b in zip(seconds[name], seconds[base], strict=True))
            for base in BASES
        ]
        rate = f"{count / statistics.median(seconds[name]):11,.0f}"
        print(f"{name:34}{rate}{ratios[0]:15.2f}{ratios[1]:14.2f}{wrong[name][0]:7}{wrong[name][1]:8}")
    print(NOTES)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--incidents", type=int, default=2000)
    options.add_argument("--passes", type=int, default=9)
    given = options.parse_args()
    measure(given.incidents, given.passes)
