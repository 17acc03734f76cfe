"""A real bot over a real store, served over real HTTP or a real socket, with the fake Slack at the far
end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.connectable import delivery
from bot.core.bot import Bot
from bot.core.reminders.clock import Clock
from bot.core.reminders.sending import Timings
from bot.serve import Server
from bot.slack.capabilities import FORMS
from bot.slack.service import SlackService, connect
from bot.slack.settings import SlackSettings
from storage.sqlite import open_store
from storage.store import Store
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import View

PACE = 0.02


@dataclass
class World:
    slack: FakeSlack
    store: Store
    service: SlackService
    server: Server
    bot: Bot

    @property
    def tenant(self) -> str:
        return self.service.tenant

    async def form(self, person: Person, words: str = "check") -> View:
        """The form, once it is open and filled."""
        await person.command(words)
        return await self.filled(person)

    async def filled(self, person: Person, callback_id: str = "form") -> View:
        def there() -> View | None:
            view = person.view
            return view if view is not None and view.content["callback_id"] == callback_id else None

        view: View = await self.slack.until(there)
        return view


def settings_for(slack: FakeSlack, *, socket: bool) -> SlackSettings:
    app = {"app_token": slack.app_token} if socket else {}
    return SlackSettings(
        bot_token=slack.bot_token, signing_secret=slack.signing_secret, api_url=slack.api_url, **app
    )


@asynccontextmanager
async def bot_for(
    slack: FakeSlack,
    path: Path,
    *,
    socket: bool = False,
    clock: Callable[[], datetime] | None = None,
    make_bot: Callable[[Store], Bot] = lambda store: Bot(store, nation="england"),
    pace: float = PACE,
    tenant: str = "",
) -> AsyncIterator[World]:
    """One process's worth of bot. May be left and entered anew over the same file, as a restart is."""
    store = open_store(path)
    settings = settings_for(slack, socket=socket)
    now = clock or (lambda: datetime.fromtimestamp(slack.now(), UTC))
    bot = make_bot(store)
    service = await connect(settings, bot, store, now, seconds_a_message=pace, patience=2, tenant=tenant)
    clocks = Clock(now, lambda: time.monotonic() + slack.offset)
    timings = Timings(request=5.0, lease=20.0, settle=0.5, poll=0.1, pace=pace, backoff=0.5)
    sending = delivery(
        store, service.sender, FORMS, clock=clocks, timings=timings, tenant=lambda: service.tenants
    )
    try:
        async with Server([service], [sending], port=0) as server:
            slack.bot_url = "" if socket else f"{server.url}/slack/events"
            yield World(slack, store, service, server, bot)
    finally:
        await asyncio.to_thread(store.close)


@asynccontextmanager
async def world(path: Path, **how: Any) -> AsyncIterator[World]:
    async with FakeSlack(seconds_a_message=PACE) as slack, bot_for(slack, path, **how) as made:
        yield made
    assert slack.complaints == []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "irmer.sqlite"


@pytest.fixture(params=["http", "socket"])
async def either(request: pytest.FixtureRequest, file: Path) -> AsyncIterator[World]:
    """In both modes: what everything else rests on."""
    async with world(file, socket=request.param == "socket") as made:
        yield made


@pytest.fixture
async def ward(file: Path) -> AsyncIterator[World]:
    async with world(file) as made:
        yield made


@pytest.fixture
async def socketed(file: Path) -> AsyncIterator[World]:
    async with world(file, socket=True) as made:
        yield made
