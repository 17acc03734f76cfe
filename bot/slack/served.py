"""Whom an installation serves, and whose each request is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.core.whose import Resolver
from bot.slack.parse import Asked, Installation
from bot.slack.payloads import Payload
from bot.whose_memory import WhoseMemory


class Served:
    def __init__(self, whose: Resolver, installation: Installation, clock: Callable[[], datetime]) -> None:
        self._whose, self._installation, self._clock = whose, installation, clock
        self._memory = WhoseMemory(whose)

    def settle(self) -> None:
        """Whom this installation serves, as it is bound now. Blocks."""
        mine = self._installation
        mine.tenants = self._whose.sent_for(mine.whence(mine.team), mine.is_here)

    def begin(self) -> None:
        """Its own organisation, where it is the first. Blocks."""
        mine = self._installation
        self._whose.begin(mine.whence(mine.team), now=self._clock())

    def astray(self) -> list[str]:
        """Which command binds the installation, where it leads nowhere. Blocks."""
        mine = self._installation
        whence = mine.whence(mine.team)
        return self._whose.astray(replace(whence, workspace="") if mine.organisation_wide else whence)

    async def of(self, asked: Asked, payload: Payload) -> Asked:
        """In the name of the organisation that it leads to."""
        context = asked.context
        whence = self._installation.whence(
            payload.to_team, context.channel, context.user, personal=context.personal
        )
        if not self._installation.tenants:  # `auth.test` may have told nothing, and a payload has
            await asyncio.to_thread(self.settle)
        whose = await self._memory.of(whence)
        request = asked.request.of(whose.tenant, whence, whose.several)
        return Asked(request, context, asked.people, asked.channels)
