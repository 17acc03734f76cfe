"""The bot on a real port of loopback, with a real store, in a thread of this process."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from bot.core.bot import Bot
from bot.teams.app import PATH, TeamsApp
from bot.teams.settings import TeamsSettings
from storage.sqlite import open_store
from tests.fakes.teams import FakeTeams

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def settings_for(teams: FakeTeams, **changes: Any) -> TeamsSettings:
    """The bot's settings, with the fake in the place of Microsoft."""
    own = TeamsSettings(
        client_id=teams.app_id,
        client_secret="",
        tenant_id=teams.tenant,
        service_hosts=frozenset({teams.connector.address.removeprefix("http://")}),
        service_scheme="http",
        keys_url=teams.keys_url,
        token=teams.bot_token,
    )
    return replace(own, **changes)


class Running:
    """`stop` ends it in good order: what was still to be sent has been."""

    def __init__(
        self,
        teams: FakeTeams,
        database: Path,
        *,
        clock: Callable[[], datetime] = lambda: NOW,
        **settings: Any,
    ) -> None:
        self.store = open_store(database)
        self.bot = Bot(self.store, nation="england")
        self.settings = settings_for(teams, **settings)
        self.clock = clock
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(20), "the bot did not start"
        teams.bot = f"http://127.0.0.1:{self.port}{PATH}"

    async def _serve(self) -> None:
        self.app = TeamsApp(self.settings, self.bot, self.store, clock=lambda: self.clock())
        config = uvicorn.Config(self.app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
        self._server = uvicorn.Server(config)
        self.loop = asyncio.get_running_loop()
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110  uvicorn tells no other way
            await asyncio.sleep(0.005)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        self._ready.set()
        await serving
        await self.app.close()

    def run(self, work: Any) -> Any:
        """A coroutine on the bot's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def settle(self) -> None:
        """Everything that was to be sent has been."""
        self.run(self.app.face.rest())

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive(), "the bot did not stop"
        self.store.close()


def until(look: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
