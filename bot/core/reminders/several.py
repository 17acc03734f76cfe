"""One organisation on one platform by several connections: two workspaces of a trust, or of two that merged.
Which of them knows a place is found out by asking, and remembered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.core.cards import Card
from bot.core.reminders.sending import Found, NotPosted, Outcome, Sender, Unknown, Unreadable
from storage.model import Destination

R = TypeVar("R")
MOST_KNOWN = 5_000  # places, after which what is known of them is asked anew


class Several:
    """core's `Sender`. `others` are those of the organisation's that are connected just then, on the same
    platform, the first not among them."""

    def __init__(self, first: Sender, others: Callable[[str], Sequence[Sender]]) -> None:
        self.platform, self._first, self._others = first.platform, first, others
        self._known: dict[tuple[str, str], Sender] = {}

    async def send(self, tenant: str, place: Destination, card: Card, keys: Sequence[str]) -> Outcome:
        return await self._by_whom(tenant, place, lambda one: one.send(tenant, place, card, keys))

    async def update(self, tenant: str, place: Destination, message: str, card: Card) -> Outcome:
        return await self._by_whom(tenant, place, lambda one: one.update(tenant, place, message, card))

    async def find(self, tenant: str, place: Destination, key: str, since: datetime) -> Found:
        return await self._by_whom(tenant, place, lambda one: one.find(tenant, place, key, since))

    async def clock(self) -> datetime | Unknown | None:
        return await self._first.clock()

    async def _by_whom(self, tenant: str, place: Destination, ask: Callable[[Sender], Awaitable[R]]) -> R:
        whose = (tenant, place.conversation)
        every = [self._first, *self._others(tenant)]
        known = self._known.get(whose)
        if known in every:
            every.sort(key=lambda one: one is not known)
        refused: R | None = None
        for one in every:
            outcome = await ask(one)
            if not (isinstance(outcome, NotPosted | Unreadable) and outcome.not_here):
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                self._known[whose] = one
                return outcome
            refused = outcome if refused is None else refused
        assert refused is not None
        return refused
