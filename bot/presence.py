"""What this process says of itself to the others that serve the same store, and what they say of themselves:
a row each, written anew every ten seconds and gone when a process ends as it was told."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.reminders.clock import Clock
from bot.core.reminders.sending import Became
from bot.core.reminders.turning import Turning
from bot.core.trouble import note
from storage.errors import StoreError
from storage.memory_model import RunningProcess
from storage.store import Store

EVERY = 10.0  # seconds between two words of it
CLOCKS_EVERY = 6  # words between two looks at the store's clock
LONGEST = 120.0  # seconds that one may take, whatever holds the store up
LOST = timedelta(seconds=60)
"""After which a process that has said nothing is taken to be gone."""
MOST = 20  # lines of what is wrong that the others are told

log = logging.getLogger(__name__)


class Presence:
    """A loop of `bot.site`. `own`: what is wrong here, a line each; `faces`: see `RunningProcess`."""

    repeats = 0  # it sends nothing
    outcomes: Mapping[Became, int] = {}

    def __init__(
        self, store: Store, clock: Clock, release: str, *, own: Callable[[], Awaitable[Sequence[str]]],
        faces: Callable[[], Mapping[str, int]],
    ) -> None:  # fmt: skip
        self._store, self._clock, self._own, self._faces = store, clock, own, faces
        name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"
        self.mine = RunningProcess(name, release, clock.wall(), clock.wall(), {})
        self._others: tuple[RunningProcess, ...] = ()
        self._trouble = ""
        self._said = 0
        self._turning = Turning(LONGEST)

    @property
    def health(self) -> str:
        return self._trouble

    @property
    def notes(self) -> Sequence[str]:
        """Processes that ended otherwise than as they were told, within the hour."""
        return [
            f"process {one.id} was last seen at {_at(one.seen_at)}, and has not ended as it was told"
            for one in self._others
            if not self._lives(one)
        ]

    @property
    def stuck(self) -> float:
        return self._turning.stuck

    @property
    def others(self) -> tuple[RunningProcess, ...]:
        """Those that live."""
        return tuple(one for one in self._others if self._lives(one))

    def of_others(self) -> list[str]:
        """What is wrong with those that live, a line each."""
        return [line for one in self.others for line in one.trouble]

    def as_json(self) -> Mapping[str, Any]:
        """All that live, for /health; this one first."""
        return {"processes": [_told(one) for one in (self.mine, *self.others)]}

    def elsewhere(self, face: str) -> int:
        """How many connections those that live hold by this face, by what they have said last. Blocks."""
        self._look()
        return sum(one.faces.get(face, 0) for one in self.others)

    def my_turn(self, name: str, length: timedelta) -> bool:
        """Is it this process that does it for all, from now on for so long? Blocks. Raises StoreError."""
        return self._store.takes_turn(name, self.mine.id, now=self._clock.wall(), length=length)

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._turning.turn()
            await self.say()
            try:
                await asyncio.wait_for(stop.wait(), EVERY)
            except TimeoutError:
                continue
        self._turning.end()

    async def say(self) -> None:
        try:
            wrong = tuple(await self._own())[:MOST]
            await asyncio.to_thread(self._say, wrong)
            self._trouble = ""
        except StoreError as problem:
            self._trouble = f"the store: {problem}"
        except Exception as error:  # noqa: BLE001 - the next word may go better
            note(log, error)
            self._trouble = f"the other processes are not told how this one is ({type(error).__name__})"

    def _say(self, wrong: tuple[str, ...]) -> None:
        now = self._clock.wall()
        self.mine = replace(self.mine, seen_at=now, faces=dict(self._faces()), trouble=wrong)
        self._store.runs(self.mine, now=now)
        self._look()
        if self._said % CLOCKS_EVERY == 0:
            self._clock.hold_against(self._store.clock_of_the_store())
        self._said += 1

    def _look(self) -> None:
        self._others = tuple(one for one in self._store.running() if one.id != self.mine.id)

    def _lives(self, one: RunningProcess) -> bool:
        return self._clock.wall() - one.seen_at <= LOST

    async def end(self) -> None:
        """Its row goes, and its turns are another's."""
        try:
            await asyncio.to_thread(self._store.has_ended, self.mine.id)
        except StoreError as problem:
            log.warning("the other processes are not told that this one ends: %(error)s", {"error": problem})


def _told(one: RunningProcess) -> dict[str, Any]:
    return {
        "id": one.id, "release": one.release, "started": _at(one.started_at), "seen": _at(one.seen_at),
        "faces": sorted(one.faces), "problems": list(one.trouble),
    }  # fmt: skip


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
