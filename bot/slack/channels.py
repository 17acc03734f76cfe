"""What becomes of the bot in its channels and workspace, and who is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from bot.core.cards import Card, Severity, Text
from bot.slack.blocks import message
from bot.slack.parse import Installation
from bot.slack.sender import PLATFORM
from bot.slack.web import Failed, Unknown, Web
from storage.store import Store

log = logging.getLogger("irmer.slack")
Body = dict[str, Any]


class Channels:
    def __init__(
        self, web: Web, store: Store, installation: Installation, clock: Callable[[], datetime]
    ) -> None:
        self._web, self._store, self._installation, self._clock = web, store, installation, clock
        self.problem = ""  # for /health

    async def left(self, body: Body) -> None:
        """The bot was removed from a channel."""
        event = body["event"]
        await self._gone(
            str(event.get("channel", "")), "the bot was removed from it", str(event.get("actor_id", ""))
        )

    async def closed(self, body: Body) -> None:
        """A channel was archived or deleted."""
        event = body["event"]
        why = "it was archived" if str(event["type"]).endswith("archive") else "it was deleted"
        await self._gone(
            str(event.get("channel", "")), why, str(event.get("user") or event.get("actor_id") or "")
        )

    async def _gone(self, channel: str, why: str, who: str) -> None:
        tenant = self._installation.tenant
        mark = partial(self._store.mark_reference_dead, tenant, PLATFORM, channel, why=why, now=self._clock())
        await asyncio.to_thread(mark)
        log.warning("channel %s is closed to the bot: %s", channel, why)
        if not who:
            return
        card = Card(
            "Deadline reminders can no longer reach a channel",
            (
                Text(f"The channel {channel}: {why}. What falls due there goes to the fallback channel."),
                Text("Invite the bot again, or name another channel with /irmer settings."),
            ),
            severity=Severity.ALARM,
        )
        try:
            await self._web.post(await self._web.direct(who), message(card))
        except (Failed, Unknown) as problem:
            log.warning("nobody could be told of it: %s", problem)

    async def revoked(self, body: Body) -> None:
        bots = (body["event"].get("tokens") or {}).get("bot") or []
        if bots:
            self._lost("Slack has revoked the bot's token: install the app again and set SLACK_BOT_TOKEN")

    async def uninstalled(self, _body: Body) -> None:
        self._lost("the app was removed from the workspace: install it again and set SLACK_BOT_TOKEN")

    def _lost(self, problem: str) -> None:
        self.problem = problem
        log.error("%s; no deadline reminder can be sent until then", problem)
