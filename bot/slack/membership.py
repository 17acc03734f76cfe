"""What becomes of the bot in its channels and workspace, and who is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.core.settings.chosen import Chosen
from bot.core.words.phrases import listed
from bot.own_row import OwnRow
from bot.slack.parse import Installation
from bot.slack.payloads import Event
from bot.slack.sender import PLATFORM
from bot.slack.web import Failed, Unsure, Web
from storage.errors import Duplicate
from storage.model import Destination
from storage.plans import PostPlan
from storage.store import Store

log = logging.getLogger("irmer.slack")
PATIENCE = 1.0  # no more of the three seconds
ELSEWHERE = ("fallback_channel", "escalation_channel", "incidents_channel")


class Membership:
    def __init__(
        self, web: Web, store: Store, installation: Installation, clock: Callable[[], datetime], row: OwnRow
    ) -> None:
        self._web = web
        self._store, self._installation, self._clock, self._row = store, installation, clock, row
        self.problem = ""  # for /health
        self.notes: list[str] = []  # for /health too, and nothing that is wrong

    async def left(self, event: Event) -> None:
        """The bot was removed from a channel."""
        await self._close(event, "the bot was removed from it")

    async def closed(self, event: Event) -> None:
        """A channel was archived or deleted."""
        await self._close(event, "it was archived" if event.type.endswith("archive") else "it was deleted")

    async def _close(self, event: Event, why: str) -> None:
        """Unless it is open again: Slack repeats events for hours."""
        try:
            asked = self._web.once("conversations.info", channel=event.channel)
            found = (await asyncio.wait_for(asked, PATIENCE)).get("channel")
        except (Failed, Unsure, TimeoutError):
            found = None  # it is gone, or nobody knows
        if isinstance(found, Mapping) and found.get("is_member") and found.get("is_archived") is False:
            log.info("an event of before %(channel)s was open again was left", {"channel": event.channel})
            return
        await asyncio.to_thread(self._closed, event, why)

    def _closed(self, event: Event, why: str) -> None:
        """Told to who did it and in the channel that stands in: by the outbox, so that it is not lost."""
        for tenant in self._installation.tenants:
            if event.channel in self._places(tenant) or len(self._installation.tenants) == 1:
                self._closed_for(tenant, event, why)

    def _places(self, tenant: str) -> set[str]:
        places = Chosen(self._store.settings(tenant)).places.values()
        return {place.conversation for place in places if place.platform == PLATFORM}

    def _closed_for(self, tenant: str, event: Event, why: str) -> None:
        now, channel = self._clock(), event.channel
        self._store.mark_reference_dead(tenant, PLATFORM, channel, why=why, now=now)
        log.warning("%(channel)s is closed to the bot: %(error)s", {"channel": channel, "error": why})
        words = (
            f"Reminders can no longer reach {self._called(tenant, channel)}: {why}. "
            "Invite the bot again, or name another one in /irmer settings."
        )
        for place in self._who_is_told(tenant, event, channel):
            key = f"closed:{channel}:{event.event_ts}:{place.conversation}"
            try:
                self._store.post(tenant, PostPlan(key, place, {"text": words}), now=now)
            except Duplicate:
                continue

    def _called(self, tenant: str, channel: str) -> str:
        """By what it is for: the name of a channel that is closed Slack tells nobody."""
        places = Chosen(self._store.settings(tenant)).places.items()
        what = [name for name, place in places if (place.platform, place.conversation) == (PLATFORM, channel)]
        return f"the {listed(what)}" if what else "a channel that the bot was in"

    def _who_is_told(self, tenant: str, event: Event, channel: str) -> list[Destination]:
        found = []
        if who := event.actor or event.user:
            found.append(Destination(PLATFORM, who))
        chosen = Chosen(self._store.settings(tenant))
        others = [
            place for key in ELSEWHERE if (place := chosen.place(key)) and place.conversation != channel
        ]
        return [*found, *others[:1]]

    async def joined(self) -> None:
        """A payload told that the workspace is part of an enterprise that nobody knew of."""
        if line := await asyncio.to_thread(self._row.joined, self._installation.enterprise):
            self.notes.append(line)

    async def revoked(self, event: Event) -> None:
        if event.bot_tokens:
            await self._lost("Slack has revoked the bot's token", event)

    async def uninstalled(self, event: Event) -> None:
        await self._lost("the app was removed from the workspace", event)

    async def _lost(self, why: str, event: Event) -> None:
        """Unless it tells of before the app was installed anew: Slack repeats events for hours."""
        told_at = datetime.fromtimestamp(event.event_time, UTC) if event.event_time else None
        if not await asyncio.to_thread(self._row.lost, why, told_at):
            log.info("an event of before the app was installed anew was left")
            return
        self.problem = f"{why}: {self._row.again}"
        log.error("%(error)s; no deadline reminder can be sent until then", {"error": self.problem})
