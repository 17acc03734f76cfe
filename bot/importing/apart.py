"""A long file is read, judged and masked in a process of its own, while the rows before are kept: one takes
about as long as the other."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from bot.importing.mapping import read_mapping
from bot.importing.source_bytes import source_bytes
from bot.importing.source_files import read_table
from bot.importing.trial import Trial, attempt
from bot.usage import Usage
from storage.imports import BroughtIn, Known
from storage.own_process import begun_as

LONG = 5_000  # rows: fewer are kept in the time that another process takes to begin, and a little more
A_SEND = 500  # rows


@dataclass(frozen=True)
class FileToRead:
    """What is to be read, and how. `words` are the mapping's; `code` is of the file, with what is said beside
    it, so that the other process reads the same."""

    path: Path
    words: str
    code: str
    beside: str
    known: Mapping[str, Known]
    today: date
    keep_texts: bool


def attempt_apart(wanted: FileToRead, to: Callable[[BroughtIn], None]) -> Trial:
    """As `attempt`, with each new row as the other process sends it. Raises what is raised there."""
    command, environment = begun_as("bot.importing.apart")
    reading = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with reading, suppress(BrokenPipeError):  # left early, what is still read there ends with it
        given, sent = reading.stdin, reading.stdout
        assert given is not None
        assert sent is not None
        with given:
            pickle.dump(wanted, given)
        while isinstance(came := _next(sent), list):
            for row in came:
                to(row)
        if isinstance(came, Trial):
            return came
        if came is not None:
            raise came
    raise Usage(f"{wanted.path.name} was not read to its end: do the same again, and it goes on")


def _next(sent: IO[bytes]) -> list[BroughtIn] | Trial | Exception | None:
    """None where nothing came, or not the whole of it."""
    try:
        return pickle.load(sent)  # type: ignore[no-any-return]
    except (EOFError, pickle.UnpicklingError):
        return None


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that keeps the rows ends this one
    wanted, out = pickle.load(sys.stdin.buffer), sys.stdout.buffer
    try:
        try:
            last: Trial | Exception = _attempted(wanted, out)
        except Exception as error:  # noqa: BLE001 whatever it is, it is raised where somebody hears of it
            last = error
        pickle.dump(last, out)
        out.flush()
    except BrokenPipeError:  # nobody reads any more: nothing is left to be said
        os._exit(0)


def _attempted(wanted: FileToRead, out: IO[bytes]) -> Trial:
    some: list[BroughtIn] = []

    def send() -> None:
        pickle.dump(some, out)
        out.flush()
        some.clear()

    def to(row: BroughtIn) -> None:
        some.append(row)
        if len(some) == A_SEND:
            send()

    mapping = read_mapping(wanted.words)
    with source_bytes(wanted.path) as source:
        if source.code(wanted.beside) != wanted.code:
            raise Usage(f"{source.name} was changed while it was read: try it again")
        table = read_table(source, mapping)
        done = attempt(table, mapping, wanted.known, wanted.today, keep_texts=wanted.keep_texts, to=to)
    send()
    return done


if __name__ == "__main__":
    main()
