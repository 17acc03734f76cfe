"""Batches of plays of a truthful person, each of one way in."""

from __future__ import annotations

import logging
import signal
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from storage.sqlite import open_store
from storage.store import Store
from tests.beginnings import certificates_once, quick_stores
from tests.truthful.plays import FACES, OF_CORE, errands, moves, play
from tests.truthful.unhurried import unhurried

WAYS = (*FACES, *OF_CORE)
BATCH = 50
# Of a hundred plays, those over the faces themselves. One of them costs what five through core do.
OVER_FACES = 4


class Batch(NamedTuple):
    way: str
    first: int
    after: int

    @property
    def numbers(self) -> range:
        return range(self.first, self.after)


@dataclass
class Came:
    """What came of a batch, what it found, and the seconds of the processor that it took."""

    counted: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    seconds: float = 0.0


def batches(plays: int, start: int) -> list[Batch]:
    """Of all the ways in turn, so that whatever is cut short has played in each."""
    over_faces = plays * OVER_FACES // 100
    shares = {
        **dict.fromkeys(FACES, -(-over_faces // len(FACES))),
        **dict.fromkeys(OF_CORE, (plays - over_faces) // len(OF_CORE)),
    }
    steps = -(-max(shares.values()) // BATCH)
    cut = [
        Batch(way, start + share * step // steps, start + share * (step + 1) // steps)
        for step in range(steps)
        for way, share in shares.items()
    ]
    return [batch for batch in cut if batch.numbers]


def alone() -> None:
    """In a process that plays: who ends it speaks to the one that it works for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logging.disable()  # a face says there what it could not send, and the fake complains of it


def played(batch: Batch) -> tuple[Batch, Came]:
    came, begun = Came(), time.process_time()
    with tempfile.TemporaryDirectory() as folder, certificates_once(), quick_stores(), unhurried():
        store = open_store(Path(folder) / "irmer.sqlite")
        for number in batch.numbers:
            try:
                came.counted += _one(batch.way, number, store, Path(folder))
            except Exception as problem:  # noqa: BLE001 whatever it is, it is what was looked for
                last = "" if isinstance(problem, AssertionError) else traceback.format_exc()
                came.found.append(f"{batch.way}, play {number}: {problem}\n{last}")
            came.counted["plays"] += 1
        came.found += [f"{batch.way}: {problem}" for problem in store.verify()]
        store.close()
    came.counted["found"] = len(came.found)
    came.seconds = time.process_time() - begun
    return batch, came


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
