"""What the chat platforms say of the connections that are set up, each asked once: for `irmer doctor`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.configuration import Settings
from bot.connectable import MODULES, by_environment, check_installed, kept_one, wall
from bot.core.actions import ping_test
from bot.core.bot import Bot
from bot.core.cards import Card
from bot.core.reminders.sending import Posted
from bot.core.settings.chosen import Chosen
from bot.kept_connections import served_connections
from bot.usage import NotReady
from storage.chat_connection_model import ChatConnection
from storage.store import Store


def _each(settings: Settings, store: Store) -> Iterator[tuple[str, Callable[[], Awaitable[Any]]]]:
    """What is set up, by how it is called, each to be asked for a few seconds, which raises NotReady."""
    bot = Bot(store, nation=settings.nation, admins=settings.admins, shared=settings.shared_directories)
    for platform in sorted(settings.platforms):
        alone = settings.model_copy(update=dict.fromkeys(settings.platforms - {platform}))

        async def ask(only: Settings = alone) -> Any:
            check_installed(settings, only=next(iter(only.platforms)))
            (one,) = by_environment(only, bot, store, patience=5.0, look=True)
            return await one.connect()

        yield platform, ask
    for kept in served_connections(store):

        async def ask_kept(one: ChatConnection = kept) -> Any:
            check_installed(settings, only=one.platform)
            return await kept_one(one, settings, bot, store, patience=5.0, look=True).connect()

        yield kept.title, ask_kept


@dataclass(frozen=True)
class PlatformAnswer:
    """What a platform says: `wrong` in lines, by how many seconds its clock is ahead of this machine's, None
    where it does not tell, and the day on which what the bot signs in with ends, where that is known."""

    name: str
    wrong: tuple[str, ...]
    ahead: float | None = None
    ends: date | None = None


async def checkup(settings: Settings, store: Store) -> list[PlatformAnswer]:
    """What the platforms say of the app, its tokens and its channels; nothing where none is configured."""
    found: list[PlatformAnswer] = []
    for name, ask in _each(settings, store):
        try:
            service = await ask()
        except NotReady as refused:
            before = "" if name in MODULES else f"{name}: "
            found.append(PlatformAnswer(name, tuple(f"{before}{line}" for line in refused.lines)))
            continue
        try:
            before = "" if name in MODULES else f"{name}: "
            wrong = tuple(f"{before}{line}" for line in await service.checkup())
            theirs = await service.sender.clock()
            ahead = (theirs - wall()).total_seconds() if isinstance(theirs, datetime) else None
            found.append(PlatformAnswer(name, wrong, ahead, service.credential_end))
        finally:
            await service.close()
    return found


async def ping(settings: Settings, store: Store, now: datetime) -> list[tuple[str, str, bool]]:
    """A message that is marked as a test to each channel that is set, by the way that reminders go: for each
    what it is for, what became of it, and whether it arrived."""
    found: list[tuple[str, str, bool]] = []
    for name, ask in _each(settings, store):
        try:
            service = await ask()
        except NotReady as refused:
            found += [(name, line, False) for line in refused.lines]
            continue
        try:
            places = [
                (tenant, what, place)
                for tenant in service.tenants
                for what, place in Chosen(store.settings(tenant)).places.items()
            ]
            for tenant, what, place in places:
                if place.platform == service.sender.platform:
                    card, keys = (
                        Card(ping_test.words("irmer doctor")),
                        [f"{ping_test.KEY}:{now:%H%M%S}:{what}"],
                    )
                    outcome = await service.sender.send(tenant, place, card, keys)
                    there = isinstance(outcome, Posted)
                    became = "arrived" if there else getattr(outcome, "error", "not delivered")
                    found.append((f"{name}, the {what}", became, there))
        finally:
            await service.close()
    return found
