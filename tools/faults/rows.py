"""The rows of the table: what is done, what is to be reached, what was found."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# By name: what is done, and what is to be reached.
ROWS = {
    "kills": ("kill -9 in a loop, two workers, a Slack with faults", "0 lost, 0 doubled, integrity ok"),
    "incoming": ("kill -9 while cases come in", "every acknowledged case whole"),
    "pauses": ("a worker paused for longer than its lease", "0 doubled"),
    "deliveries": ("the same delivery four times, out of order, two receivers", "one case each"),
    "outage": (
        "outage of six hours, then everything overdue",
        "deadline order, one message a case and rule, own time at most 10 s, first ping within 1 s",
    ),
    "polls": ("due poll with a million pings beside a thousand", "within 3 times"),
    "years": (
        "every discovery day of 2026 to 2035, UK time, hosts in three zones",
        "no ping off the local hour",
    ),
    "jumps": ("clock moved by ±1 h, ±1 day, ±1 year while running", "no early ping, health red"),
    "full": ("disk full at random points", "no acknowledged row lost, goes on by itself"),
    "migrations": ("four processes making one file at once", "each of them finds the schema whole"),
    "refusals": (
        "every word of Slack's for a refusal, and ten invented ones",
        "to the fallback at once, or within two hours where it passes",
    ),
    "ahead": ("a clock ahead at one start, by 2 h to a year", "no early ping, health red, each in its time"),
    "asleep": ("a machine that sleeps with a message in hand", "0 lost, 0 doubled, goes on by itself"),
    "poisoned": ("rows that somebody wrote into", "sent in plain words, the others as usual"),
    "restored": ("a copy put back after messages have gone out", "0 lost, 0 doubled, no number twice"),
    "schedules": ("kill -9 while a schedule is changed", "all of it or nothing"),
    "model": ("a plain model beside the store", "no difference"),
}

# The same for `make faults-reach`.
REACH = {
    "replicas": (
        "two replicas on PostgreSQL, kill -9 of either in a loop, a Slack with faults",
        "0 lost, 0 doubled, integrity ok",
    ),
    "server": (
        "the server stopped at once under writers of two organisations",
        "every acknowledged case whole, no number left out",
    ),
    "standby": (
        "the primary of a synchronous pair killed under writers, its standby made primary",
        "every acknowledged case whole, no number left out",
    ),
    "upgrade": (
        "release N → N+1 → N under load, one of two replicas after the other",
        "every command acknowledged, both sides of the schema served",
    ),
    "foreign": (
        "another organisation's ids through every door: the conversation, Slack's face, Teams' face",
        "0 read, 0 written",
    ),
    "identity": (
        "a workspace that comes to have another id, and is bound by the command that is named",
        "cases, reminders, old buttons and roles go on",
    ),
}


@dataclass(frozen=True)
class Row:
    """`name` is one of `ROWS` or `REACH`; `found` begins with how much was done."""

    name: str
    found: str
    reached: bool

    def __str__(self) -> str:
        test, wanted = (ROWS | REACH)[self.name]
        return f"| {test} | {wanted} | {self.found} | {'ok' if self.reached else 'FAILED'} |"


# Processes come from a server that has everything imported, so that a kill hits work and not an import.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tools.faults.worker", "tools.faults.writers"])


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
