"""A row of the table: what was done, what was to be reached, what was found."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    test: str
    wanted: str
    found: str
    reached: bool


# Processes come from a server that has everything imported, so that a kill hits work and not an import.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.worker", "tests.faults.writers"])


class Processes:
    """Named processes, each started anew whenever it was killed."""

    def __init__(self, run: Callable[..., None], *args: Any) -> None:
        self.run, self.args = run, args
        self.running: dict[str, Any] = {}
        self.started = 0

    def start(self, name: str) -> None:
        self.started += 1
        process = PROCESSES.Process(target=self.run, args=(*self.args, f"{name}.{self.started}"), daemon=True)
        process.start()
        self.running[name] = process

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running[name].join()

    def pause(self, name: str, seconds: float) -> None:
        os.kill(self.running[name].pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(self.running[name].pid, signal.SIGCONT)

    def end(self) -> None:
        for name in self.running:
            self.kill(name)


def whole(problems: list[str]) -> str:
    return "integrity ok" if not problems else f"{len(problems)} problems: {problems[0]}"


def fresh(place: Path, name: str) -> Path:
    (place / name).mkdir()
    return place / name / "irmer.sqlite"
