"""The chat platforms that are configured: how each is asked, looked after and sent by."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.answered import Answered
from bot.configuration import Settings
from bot.connecting import Configured
from bot.core.actions import ping_test
from bot.core.actions.delivery_cards import CaseWording
from bot.core.bot import Bot
from bot.core.cards import Card
from bot.core.messages import Capabilities
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import USUAL, Posted, Timings
from bot.core.settings.definitions import Chosen
from bot.usage import NotReady
from storage.store import Store

MODULES = {"slack": "slack_bolt", "teams": "microsoft_teams"}


def wall() -> datetime:
    return datetime.now(UTC)


def configured(
    settings: Settings, bot: Bot, store: Store, *, patience: float = 0.0,
    elsewhere: Callable[[str], int] = lambda _: 0,
) -> list[Configured]:  # fmt: skip
    """The platforms that are set up; each is asked for `patience` seconds at a time. `elsewhere`: how many
    connections other processes of ours hold. Raises NotReady where none is set up, or what one of them needs
    is not installed."""
    check_installed(settings)
    found: list[Configured] = []
    tenant = settings.tenant
    if (slack := settings.slack) is not None:
        from bot.slack.face import FORMS  # an extra, which need not be installed
        from bot.slack.service import PATH as EVENTS  # of the same extra
        from bot.slack.service import connect  # of the same extra

        answered = Answered(wall)
        ask = partial(
            connect, slack, bot, store, wall, tenant=tenant, patience=patience, answered=answered,
            elsewhere=elsewhere,
        )  # fmt: skip
        found.append(Configured("Slack", FORMS, () if slack.socket_mode else (EVENTS,), ask, answered))
    if (directory := settings.teams) is not None:
        from bot.teams.face import CAPABILITIES  # an extra, which need not be installed
        from bot.teams.service import PATH, TeamsService  # of the same extra; and 1.5 s at least

        async def made() -> TeamsService:
            return TeamsService(directory, bot, store, wall, tenant_of=lambda found: tenant or found)

        found.append(Configured("Teams", CAPABILITIES, (PATH,), made, Answered(wall)))
    return found


def find_a_home(folder: Path) -> None:
    """slack_sdk looks for one as it is imported; the users that services run under may have none."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = str(folder)


def check_installed(settings: Settings) -> None:
    """Raises NotReady."""
    if not settings.platforms:
        raise NotReady(
            "no chat platform is configured: set SLACK_BOT_TOKEN with SLACK_APP_TOKEN or "
            "SLACK_SIGNING_SECRET, or TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET and TEAMS_TENANT_ID, or both"
        )
    for extra in sorted(settings.platforms):
        if find_spec(MODULES[extra]) is None:
            raise NotReady(
                f"{extra.capitalize()} is configured, but not installed: pip install 'irmer-bot[{extra}]'"
            )


async def _only(settings: Settings, store: Store) -> Any:
    """The one platform of these settings, asked for a few seconds. Raises NotReady."""
    bot = Bot(store, nation=settings.nation, admins=settings.admins)
    (one,) = configured(settings, bot, store, patience=5.0)
    return await one.connect()


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
    for name in sorted(settings.platforms):
        one = settings.model_copy(update=dict.fromkeys(settings.platforms - {name}))
        try:
            service = await _only(one, store)
        except NotReady as refused:
            found.append(PlatformAnswer(name, refused.lines))
            continue
        try:
            wrong = tuple(await service.checkup())
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
    for name in sorted(settings.platforms):
        one = settings.model_copy(update=dict.fromkeys(settings.platforms - {name}))
        try:
            service = await _only(one, store)
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
