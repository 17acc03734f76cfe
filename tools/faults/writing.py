"""What is acknowledged is there, whole: kills, full disks, repeated deliveries, migrations at once."""

from __future__ import annotations

import random
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from storage.sqlite import SqliteStore
from tools.faults import writers
from tools.faults.rows import PROCESSES, Processes, Row, fresh, whole


def kills_while_cases_come_in(place: Path, *, kills: int, seed: int = 3) -> Row:
    drawn, path = random.Random(seed), fresh(place, "incoming")
    acknowledged: set[str] = set()
    for _ in range(kills):
        mine, theirs = PROCESSES.Pipe(duplex=False)
        writer = Processes(writers.open_cases, path, theirs)
        writer.start("writer")
        theirs.close()
        acknowledged.add(mine.recv())
        time.sleep(drawn.uniform(0, 0.1))
        writer.kill("writer")
        acknowledged |= set(_rest(mine))
    store = SqliteStore(path)
    there = {case.ref for case in store.cases(writers.T, limit=1_000_000)}
    missing = acknowledged - there
    broken = [ref for ref in there if not writers.is_whole(store, ref)]
    problems = store.verify()
    store.close()
    return Row(
        "incoming",
        f"{kills} kills, {len(acknowledged):,} acknowledged: {len(missing)} missing, "
        f"{len(broken)} not whole, {whole(problems)}",
        not (missing or broken or problems),
    )


def _rest(pipe: Connection) -> list[Any]:
    found = []
    try:
        while True:
            found.append(pipe.recv())
    except (EOFError, OSError):
        return found


def deliveries(place: Path, *, count: int, seed: int = 4) -> Row:
    """Each delivery four times, out of order, at two receivers."""
    path = fresh(place, "deliveries")
    SqliteStore(path).close()
    pipes, running = [], []
    for n in range(2):
        mine, theirs = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=writers.deliver, args=(path, count, seed + n, theirs))
        process.start()
        theirs.close()
        pipes.append(mine)
        running.append(process)
    answers = {answer for pipe in pipes for answer in _rest(pipe)}
    for process in running:
        process.join()
    store = SqliteStore(path)
    cases, problems = len(store.cases(writers.T, limit=1_000_000)), store.verify()
    store.close()
    return Row(
        "deliveries",
        f"{count} deliveries: {cases} cases, {len(answers) - count} answers that differ, {whole(problems)}",
        (cases, len(answers), problems) == (count, count, []),
    )


def full_disks(place: Path, *, points: int, seed: int = 5) -> Row:
    drawn = random.Random(seed)
    lost = broken = stuck = silent = 0
    problems: list[str] = []
    for n in range(points):
        path = fresh(place, f"full{n}")
        mine, theirs = PROCESSES.Pipe(duplex=False)
        limit = drawn.randint(300_000, 4_600_000)
        process = PROCESSES.Process(target=writers.fill, args=(path, limit, theirs))
        process.start()
        theirs.close()
        acknowledged, told, went_on = (_rest(mine) or [([], "", False)])[0]
        process.join()
        store = SqliteStore(path)
        there = {case.ref for case in store.cases(writers.T, limit=1_000_000)}
        lost += len(set(acknowledged) - there)
        broken += sum(not writers.is_whole(store, ref) for ref in there)
        stuck += not went_on
        silent += str(path) not in told or "\n" in told
        problems += store.verify()
        store.close()
    return Row(
        "full",
        f"{points} points: {lost} lost, {broken} not whole, {stuck} stuck, {silent} without a clear line, "
        f"{whole(problems)}",
        not (lost or broken or stuck or silent or problems),
    )


def migrations(place: Path, *, times: int, processes: int = 4) -> Row:
    worked, told = 0, ""
    for n in range(times):
        path = fresh(place, f"migrate{n}")
        pipes, begins, running = [], [], []
        for _ in range(processes):
            begin, go = PROCESSES.Pipe(duplex=False)
            mine, theirs = PROCESSES.Pipe(duplex=False)
            process = PROCESSES.Process(target=writers.migrate, args=(path, begin, theirs))
            process.start()
            theirs.close()
            pipes.append(mine)
            begins.append(go)
            running.append(process)
        for go in begins:
            go.send("go")
        for pipe, process in zip(pipes, running, strict=True):
            answer = (_rest(pipe) or ["died"])[0]
            worked += answer == ""
            told = told or answer
            process.join()
    return Row(
        "migrations",
        f"{times} times: {worked} of {times * processes}" + (f" ({told})" if told else ""),
        worked == times * processes,
    )
