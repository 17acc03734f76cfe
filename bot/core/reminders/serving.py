"""Whom this process serves, what nobody serves, and how that gets somewhere all the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.cards import Card
from bot.core.reminders.sending import Found, NotPosted, Outcome, Unknown, Unreadable
from bot.core.settings.chosen import Chosen
from bot.core.words.phrases import counted
from storage.model import Destination
from storage.store import Store

Pair = tuple[str, str]
"""A tenant, and the name of a platform."""
Pairs = Callable[[], frozenset[Pair]]
STALE = timedelta(minutes=5)
"""After which whoever served is taken to be gone: it says so every minute."""


def unserved(
    store: Store, mine: Collection[Pair], now: datetime, *, platforms: Collection[str] = (),
    at_hand: Collection[str] = (),
) -> tuple[list[Pair], list[str]]:  # fmt: skip
    """What waits on a platform that nobody serves for a tenant that somebody does; and that in lines, with
    the places on such a platform that settings name, and the tenants that have open deadlines and nobody at
    all. `platforms` are set up here, whoever serves them; those `at_hand` serve whenever somebody sits
    there."""
    served = {*mine, *store.served(since=now - STALE)}
    tenants = {tenant for tenant, _ in served}
    waits = store.waiting(but={platform for _, platform in mine})
    vain = [
        (tenant, platform, many)
        for tenant, platform, many in waits
        if tenant in tenants and (tenant, platform) not in served and platform not in at_hand
    ]
    lines = [_in_vain(*one) for one in vain]
    for tenant in store.tenants():
        known = {platform for whose, platform in served if whose == tenant} | set(platforms)
        lines += _places(store, tenant, known | set(at_hand)) if known else []
    at_home = {tenant for tenant, platform, _ in waits if platform in at_hand}
    at_home -= {tenant for tenant, platform, _ in waits if platform not in at_hand}
    lines += [
        _of_nobody(tenant, many)
        for tenant, many in store.tenants_with_deadlines()
        if tenant not in tenants | at_home
    ]
    return [(tenant, platform) for tenant, platform, _ in vain], lines


def _places(store: Store, tenant: str, platforms: Collection[str]) -> Iterator[str]:
    for what, place in Chosen(store.settings(tenant)).places.items():
        if place.platform not in platforms:
            where = f"the {what} {place.conversation} is on {place.platform}"
            yield f"{tenant}: {where}, which is not served here: nothing is sent there"


def _in_vain(tenant: str, platform: str, many: int) -> str:
    wait = counted(many, "message waits", "messages wait")
    line = f"{platform} is not served, and {wait} for it, of {tenant}"
    return f"{line}: serve it, or name another channel in settings"


def _of_nobody(tenant: str, many: int) -> str:
    line = f"{tenant} has {counted(many, 'open deadline')}, and nobody serves it"
    return f"{line}: is irmer serve running? irmer org list shows what leads to it, irmer org bind binds more"


class NotServed:
    """core's `Sender` of a platform that nobody serves: what waits there is late, and then goes elsewhere."""

    def __init__(self, platform: str) -> None:
        self.platform = platform

    async def send(self, tenant: str, place: Destination, card: Card, keys: Sequence[str]) -> Outcome:  # noqa: ARG002
        return NotPosted(f"{self.platform} is not served", passes=True, retry_after=LATER)

    async def update(self, tenant: str, place: Destination, message: str, card: Card) -> Outcome:  # noqa: ARG002
        return NotPosted(f"{self.platform} is not served", passes=True, retry_after=LATER)

    async def find(self, tenant: str, place: Destination, key: str, since: datetime) -> Found:  # noqa: ARG002
        return Unreadable(f"{self.platform} is not served")

    async def clock(self) -> Unknown:
        return Unknown(f"{self.platform} is not served")


LATER = 900.0
