"""A real bot over a real store, served over real HTTP or a real socket, with the fake Slack at the far
end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.bot import Bot
from bot.serve import Server
from bot.slack.service import SlackService, connect
from bot.slack.settings import SlackSettings
from storage.sqlite import open_store
from storage.store import Store
from tests.fakes.slack import FakeSlack

PACE = 0.02


@dataclass
class World:
    slack: FakeSlack
    store: Store
    service: SlackService
    server: Server

    @property
    def tenant(self) -> str:
        return self.service.tenant


@asynccontextmanager
async def world(
    path: Path,
    *,
    socket: bool = False,
    clock: Callable[[], datetime] | None = None,
    slack: FakeSlack | None = None,
) -> AsyncIterator[World]:
    """`slack` given is one that outlives this bot: for what happens across a restart."""
    if slack is None:
        async with (
            FakeSlack(seconds_a_message=PACE) as fresh,
            world(path, socket=socket, clock=clock, slack=fresh) as made,
        ):
            yield made
        assert fresh.complaints == []
        return
    store = open_store(path)
    now = clock or (lambda: datetime.fromtimestamp(slack.now(), UTC))
    settings = SlackSettings(
        slack.bot_token, slack.signing_secret, slack.app_token if socket else "", slack.api_url
    )
    service = await connect(settings, Bot(store, nation="england"), store, now, seconds_a_message=PACE)
    try:
        async with Server([service], port=0) as server:
            if not socket:
                slack.bot_url = f"{server.url}/slack/events"
            yield World(slack, store, service, server)
    finally:
        await asyncio.to_thread(store.close)


@pytest.fixture(params=["http", "socket"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "irmer.sqlite", socket=request.param == "socket") as made:
        yield made


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "irmer.sqlite") as made:
        yield made


@pytest.fixture
async def socketed(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "irmer.sqlite", socket=True) as made:
        yield made
