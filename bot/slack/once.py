"""The same from the same person within seconds is a slip of the finger."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.slack.payloads import Interaction
from storage.errors import StoreError
from storage.memory_model import AGAIN_BY, OF_ALL
from storage.store import Store

DOUBLE = timedelta(seconds=5)
PATIENCE = 1.0  # seconds of the three that an acknowledgement may take

log = logging.getLogger("irmer.slack")


class Recently:
    """What people have just done, by any process: the second press of two may reach another one."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    async def again(self, workspace: str, user: str, *what: object) -> bool:
        """Where the store does not say, it is not: a card that is there twice is better than none."""
        key = f"{_of(workspace, user)}{hashlib.sha256(repr(what).encode()).hexdigest()[:32]}"

        def first() -> bool:
            return self._store.first_time(OF_ALL, key, now=self._clock(), within=DOUBLE)

        try:
            return not await asyncio.wait_for(asyncio.to_thread(first), PATIENCE)
        except (TimeoutError, StoreError) as problem:
            log.warning("a second press cannot be told: %(error)s", {"error": problem})
            return False

    async def forget(self, workspace: str, user: str) -> None:
        """Whoever has closed what they had opened means it when they open it again."""
        ahead = self._clock() + DOUBLE

        def gone() -> None:
            self._store.forget_deliveries(OF_ALL, before=ahead, of=_of(workspace, user))

        try:
            await asyncio.to_thread(gone)
        except StoreError as problem:
            log.warning("a second press cannot be told: %(error)s", {"error": problem})


def _of(workspace: str, user: str) -> str:
    return f"{AGAIN_BY}{workspace}:{user}:"


def press_key(press: Interaction) -> tuple[object, ...]:
    """Two clicks on one state of one button; a card that was changed between them is another state."""
    where = press.contained_at or press.message or press.view
    state = press.edited, press.view_hash, repr(press.message_state)
    return ("press", where, press.action_id, press.action_value, *state)
