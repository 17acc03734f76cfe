"""The bot on a real port of loopback, with a real store, in a thread of this process."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.core.bot import Bot
from bot.serve import Server
from bot.teams import posts
from bot.teams.service import PATH, TeamsService
from bot.teams.settings import TeamsSettings
from storage.sqlite import open_store
from storage.store import Store
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX

SECOND = 0.05  # what the pace counts as one here, at the bot and at the fake; `real_pace` makes it one
WINDOWS = posts.WINDOWS
BUSY = 30.0  # seconds that the machine may be so
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def settings_for(teams: FakeTeams, **changes: Any) -> TeamsSettings:
    """The bot's settings, with the fake in the place of Microsoft."""
    own = TeamsSettings(
        client_id=teams.app_id,
        client_secret=teams.secret,
        tenant_id=teams.tenant,
        login_url=teams.connector.address,
        service_url=teams.service_url,
    )
    return own.model_copy(update=changes)


class Running:
    """`stop` ends it in good order: what was still to be sent has been."""

    def __init__(
        self,
        teams: FakeTeams,
        database: Path,
        *,
        nation: str = "england",
        clock: Callable[[], datetime] = lambda: NOW,
        loops: Callable[[TeamsService, Store], Sequence[Any]] = lambda service, store: (),
        administrator: str = ALEX.object_id,
        shared: Sequence[str] = (),
        **settings: Any,
    ) -> None:
        posts.WINDOWS = tuple((count, seconds * SECOND) for count, seconds in WINDOWS)
        teams.connector.second = SECOND
        self.store = open_store(database)
        # Teams has no administrators of its own: the environment names one, as a hospital does.
        self.bot = Bot(self.store, nation=nation, admins=(f"teams:{administrator}",), shared=shared)
        self.settings = settings_for(teams, **settings)
        self.clock, self.loops = clock, loops
        teams.clock = lambda: self.clock()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(BUSY), "the bot did not start"
        teams.bot = self.url + PATH

    async def _serve(self) -> None:
        self.service = TeamsService(self.settings, self.bot, self.store, lambda: self.clock())
        self.loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.beside = self.loops(self.service, self.store)
        async with Server([self.service], self.beside, port=0) as server:
            self.url = server.url
            self._ready.set()
            await self._stop.wait()

    def run(self, work: Any) -> Any:
        """A coroutine on the bot's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(BUSY)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def settle(self) -> None:
        """Everything that was to be sent has been."""
        self.run(self.service.face.rest(BUSY))

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(BUSY)
        assert not self._thread.is_alive(), "the bot did not stop"
        posts.WINDOWS = WINDOWS
        self.store.close()


def until(look: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
