"""The ways in to a bot that a truthful person plays through, and core's own: requests in, replies out."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.core.bot import Bot
from bot.core.messages import Capabilities, Place, Reply, Request, User, What
from storage.store import Store

PEOPLE = (User("u1", "Radiographer", "admin"), User("u2", "Physicist", "admin"))


class Gone(Exception):
    """What was to be pressed or sent stands nowhere any more."""


class Door(Protocol):
    """One bot over one store, and up to two people before it."""

    store: Store
    tenant: str
    face: Capabilities
    people: int
    edits: bool  # can what was said be changed or deleted afterwards?

    def do(self, what: What, who: int, now: datetime) -> list[Reply]:
        """What one of them does, and what is shown after it. Raises Gone."""

    def both(self, what: What, now: datetime) -> list[Reply]:
        """Both press or send the same at the same moment."""

    def restart(self) -> None:
        """The program stops, and is started again on the same store."""

    def close(self) -> None:
        """Raises AssertionError for what a platform would not have stood."""


class CoreDoor:
    """`Bot.handle` with what a platform can do."""

    edits = True

    def __init__(self, face: Capabilities, store: Store, tenant: str, *, shared: bool) -> None:
        self.face, self.store, self.tenant = face, store, tenant
        self.people = 2 if shared else 1
        self._place = Place("c1", thread="th1") if shared else Place("d1", personal=True)
        self.restart()

    def do(self, what: What, who: int, now: datetime) -> list[Reply]:
        request = Request(self.tenant, PEOPLE[who], self._place, now, what)
        return self._bot.handle(request, self.face)

    def both(self, what: What, now: datetime) -> list[Reply]:
        """One after the other, and neither looks in between."""
        return [*self.do(what, 0, now), *self.do(what, 1, now)]

    def restart(self) -> None:
        self._bot = Bot(self.store)

    def close(self) -> None:
        pass
