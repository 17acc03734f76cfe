"""The parts put together: an ASGI application for POST /api/messages, and what posts for the bot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.teams.door import Door, Receive, Scope, Send
from bot.teams.face import Conversation, TeamsFace
from bot.teams.posts import Posts
from bot.teams.sdk import Sdk
from bot.teams.settings import TeamsSettings
from storage.store import Store

PATH = "/api/messages"


class TeamsApp:
    """To be mounted at PATH on any ASGI server; `close` on that server's loop once it has stopped."""

    def __init__(
        self,
        settings: TeamsSettings,
        bot: Conversation,
        store: Store,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        tenant_of: Callable[[str], str] = lambda tenant: tenant,
    ) -> None:
        self._sdk = Sdk(settings)
        self.posts = Posts(self._sdk)
        self.face = TeamsFace(settings, bot, store, self.posts, clock=clock, tenant_of=tenant_of)
        self._door = Door(settings, self._sdk, self.face.take)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._door(scope, receive, send)

    async def close(self) -> None:
        await self.face.rest()
        await self._sdk.close()
