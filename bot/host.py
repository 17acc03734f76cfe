"""`irmer serve`: the chat platforms that are configured, on one port, with one clock that reminds."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from bot.configuration import Settings
from bot.core.actions import ping_test
from bot.core.actions.delivery_cards import CaseWording
from bot.core.bot import Bot
from bot.core.cards import Card
from bot.core.messages import Capabilities
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import USUAL, Posted, Timings
from bot.core.reminders.serving import NotServed, Pair, begun_elsewhere
from bot.core.reminders.watch import Watch
from bot.core.settings.definitions import Chosen
from bot.environment import NotReady
from bot.rehearsal import leave_out_of_collections, rehearse
from storage.model import Destination
from storage.store import Store

if TYPE_CHECKING:
    from bot.serve import Server


def wall() -> datetime:
    return datetime.now(UTC)


async def services(
    settings: Settings, bot: Bot, store: Store, *, patience: float = 60.0
) -> list[tuple[Any, Capabilities]]:
    """The faces that are configured, each with what it can do. Raises NotReady, where a platform cannot be
    reached after `patience` seconds."""
    found: list[tuple[Any, Capabilities]] = []
    if settings.slack:
        _installed("slack_bolt", "slack")
        from bot.slack.face import FORMS  # an extra, which need not be installed
        from bot.slack.service import connect  # of the same extra

        service = await connect(settings.slack, bot, store, wall, tenant=settings.tenant, patience=patience)
        found.append((service, FORMS))
    if settings.teams:
        _installed("microsoft_teams", "teams")
        from bot.teams.face import CAPABILITIES  # an extra, which need not be installed
        from bot.teams.service import TeamsService  # of the same extra; and 1.5 s at least

        tenant = settings.tenant
        teams = TeamsService(
            settings.teams, bot, store, wall, tenant_of=lambda directory: tenant or directory
        )
        found.append((teams, CAPABILITIES))
    if not found:
        raise NotReady(
            "no chat platform is configured: set SLACK_BOT_TOKEN with SLACK_APP_TOKEN or "
            "SLACK_SIGNING_SECRET, or TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET and TEAMS_TENANT_ID, or both"
        )
    return found


def _installed(module: str, extra: str) -> None:
    if find_spec(module) is None:
        raise NotReady(
            f"{extra.capitalize()} is configured, but not installed: pip install 'irmer-bot[{extra}]'"
        )


async def checkup(settings: Settings, store: Store) -> list[str]:
    """What the platforms say of the app, its tokens and its channels; nothing where none is configured."""
    lines: list[str] = []
    for name in sorted(settings.platforms):
        one = settings.model_copy(update=dict.fromkeys(settings.platforms - {name}))
        try:
            ((service, _),) = await services(
                one, Bot(store, nation=settings.nation, admins=settings.admins), store, patience=5.0
            )
        except NotReady as refused:
            lines += refused.lines
            continue
        try:
            lines += await service.checkup()
        finally:
            await service.close()
    return lines


async def ping(settings: Settings, store: Store, now: datetime) -> list[tuple[str, str, bool]]:
    """A message that is marked as a test to each channel that is set, by the way that reminders go: for each
    what it is for, what became of it, and whether it arrived."""
    found: list[tuple[str, str, bool]] = []
    for name in sorted(settings.platforms):
        one = settings.model_copy(update=dict.fromkeys(settings.platforms - {name}))
        bot = Bot(store, nation=settings.nation, admins=settings.admins)
        try:
            ((service, _),) = await services(one, bot, store, patience=5.0)
        except NotReady as refused:
            found += [(name, line, False) for line in refused.lines]
            continue
        try:
            for what, place in Chosen(store.settings(service.tenant)).places.items():
                if place.platform == service.sender.platform:
                    card, key = Card(ping_test.words("irmer doctor")), f"{ping_test.KEY}:{now:%H%M%S}:{what}"
                    outcome = await service.sender.send(service.tenant, place, card, key)
                    there = isinstance(outcome, Posted)
                    became = "arrived" if there else getattr(outcome, "error", "not delivered")
                    found.append((f"{name}, the {what}", became, there))
        finally:
            await service.close()
    return found


def delivery(
    store: Store, sender: Any, face: Capabilities, *, clock: Clock | None = None, timings: Timings = USUAL,
    tenant: Callable[[], str | None] = lambda: None,
) -> Delivery:  # fmt: skip
    """The loop that sends one face's pings and posts, of one tenant."""
    worker = f"{sender.platform}-{os.getpid()}-{secrets.token_hex(3)}"
    clock, wording = clock or Clock(wall), CaseWording(store, face)
    return Delivery(store, sender, wording, worker=worker, clock=clock, timings=timings, tenant=tenant)


def loops(store: Store, faces: Sequence[tuple[Any, Capabilities]], clock: Clock) -> list[Any]:
    """What runs beside the faces: a delivery for each, and the watch over all of them."""

    def mine() -> frozenset[Pair]:
        return frozenset((service.tenant, face.name) for service, face in faces if service.tenant)

    def instead(tenant: str, platform: str) -> Delivery:
        return delivery(store, NotServed(platform), faces[0][1], clock=clock, tenant=lambda: tenant)

    def sending(service: Any, face: Capabilities) -> Delivery:
        return delivery(store, service.sender, face, clock=clock, tenant=lambda: service.tenant)

    here = Destination(faces[0][1].name, faces[0][1].name)
    watch = Watch(store, here, clock, mine=mine, instead=instead)
    return [*(sending(service, face) for service, face in faces), watch]


async def serve(
    settings: Settings, store: Store, *, port: int, says: Callable[[str], None], stop: asyncio.Event
) -> None:
    """Until `stop` is set. Raises NotReady, and OSError where the port is taken."""
    bot = Bot(store, nation=settings.nation, admins=settings.admins)
    faces = await services(settings, bot, store)
    from bot.serve import Server  # an extra, as those above

    await asyncio.to_thread(rehearse, [face for _, face in faces], wall())
    leave_out_of_collections()
    known = {service.tenant for service, _ in faces if service.tenant}
    lines = [service.says for service, _ in faces]
    if known and (line := await asyncio.to_thread(begun_elsewhere, store, known)):
        lines.append(line)
    beside = loops(store, faces, Clock(wall))
    async with Server([service for service, _ in faces], beside, port=port) as server:
        _announce(server, lines, says)
        await server.until_stopped(stop)


def _announce(server: Server, lines: Sequence[str], says: Callable[[str], None]) -> None:
    for line in lines:
        says(line)
    says(f"Serving at {server.url}. Ctrl-C ends it.")


def run(settings: Settings, store: Store, *, port: int, says: Callable[[str], None]) -> None:
    """Until a signal comes. Raises as `serve` does."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")

    async def until_signal() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        await serve(settings, store, port=port, says=says, stop=stop)

    asyncio.run(until_signal())
