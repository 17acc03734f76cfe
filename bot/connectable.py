"""Which connections to chat platforms are set up, by the environment or by `irmer connect`, and how each is
asked and sent by."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.answered import Answered
from bot.configuration import Settings
from bot.connecting import Configured
from bot.core.actions.delivery_cards import CaseContents
from bot.core.bot import Bot
from bot.core.messages import Capabilities
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery, Whom
from bot.core.reminders.sending import USUAL, Timings
from bot.kept_connections import opened, served_connections
from bot.own_row import OwnRow
from bot.usage import NotReady
from storage.chat_connection_model import ChatConnection
from storage.store import Store

Elsewhere = Callable[[str], int]
NOWHERE: Elsewhere = lambda _: 0  # noqa: E731
NOTHING = (
    "no chat platform is configured: set SLACK_BOT_TOKEN with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, or "
    "TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET and TEAMS_TENANT_ID, or both; of many irmer connect makes each"
)
MODULES = {"slack": "slack_bolt", "teams": "microsoft_teams"}


def wall() -> datetime:
    return datetime.now(UTC)


def configured(
    settings: Settings, bot: Bot, store: Store, *, elsewhere: Elsewhere = NOWHERE
) -> list[Configured]:
    """What is to be served: what the environment sets up, and each connection that `irmer connect` has made.
    `elsewhere`: how many connections other processes of ours hold. Raises NotReady where there is none, or
    what one of them needs is not installed."""
    check_installed(settings, store)
    kept = [kept_one(one, settings, bot, store, elsewhere=elsewhere) for one in served_connections(store)]
    return [*by_environment(settings, bot, store, elsewhere=elsewhere), *kept]


def by_environment(
    settings: Settings, bot: Bot, store: Store, *, patience: float = 0.0, look: bool = False,
    elsewhere: Elsewhere = NOWHERE,
) -> list[Configured]:  # fmt: skip
    """Each is asked for `patience` seconds at a time; in a `look` nothing is written of it."""
    found: list[Configured] = []
    tenant, written = settings.tenant, None if look else store
    if (slack := settings.slack) is not None:
        one = Connectable("Slack", "slack", lambda: slack, bot, store, OwnRow(written, "slack", wall), tenant)
        found.append(one.slack(elsewhere, patience=patience, hears=not slack.socket_mode))
    if (directory := settings.teams) is not None:
        row = OwnRow(written, "teams", wall)
        found.append(Connectable("Teams", "teams", lambda: directory, bot, store, row, tenant).teams())
    return found


def kept_one(
    one: ChatConnection, settings: Settings, bot: Bot, store: Store, *, patience: float = 0.0,
    look: bool = False, elsewhere: Elsewhere = NOWHERE,
) -> Configured:  # fmt: skip
    """A connection that `irmer connect` has made; whatever is wrong with it is told when it is asked."""
    row = OwnRow(None if look else store, one.id, wall)
    given = partial(opened, one, store, settings)
    able = Connectable(one.title, one.id, given, bot, store, row, one.organisation, one)
    return able.slack(elsewhere, patience=patience) if one.platform == "slack" else able.teams()


@dataclass(frozen=True)
class Connectable:
    """A connection before it is known whether it can be made. `given` are its settings; it blocks, and raises
    NotReady. `whose`: the organisation that all of it is, "" where the platform's ids say that."""

    title: str
    id: str
    given: Callable[[], Any]
    bot: Bot
    store: Store
    row: OwnRow
    whose: str
    kept: ChatConnection | None = None

    def _path(self, own: str) -> str:
        return f"{own}/{self.id}" if self.kept else own

    def slack(self, elsewhere: Elsewhere, *, patience: float = 0.0, hears: bool = True) -> Configured:
        from bot.slack.capabilities import FORMS  # an extra, which need not be installed
        from bot.slack.service import PATH, connect  # of the same extra

        path, answered = self._path(PATH), Answered(wall)

        async def ask() -> Any:
            given = await asyncio.to_thread(self.given)
            return await connect(
                given, self.bot, self.store, wall, tenant=self.whose, patience=patience, row=self.row,
                path=path, answered=answered, elsewhere=elsewhere,
            )  # fmt: skip

        return Configured(self.title, FORMS, (path,) if hears else (), ask, answered, self.kept)

    def teams(self) -> Configured:
        from bot.teams.asked import CAPABILITIES  # an extra, which need not be installed
        from bot.teams.service import PATH, TeamsService  # of the same extra; and 1.5 s at least

        path = self._path(PATH)

        async def ask() -> Any:
            given = await asyncio.to_thread(self.given)
            return TeamsService(
                given, self.bot, self.store, wall, tenant_of=lambda found: self.whose or found, row=self.row,
                path=path,
            )  # fmt: skip

        return Configured(self.title, CAPABILITIES, (path,), ask, Answered(wall), self.kept)


def as_it_is_now(
    settings: Settings, bot: Bot, store: Store, elsewhere: Elsewhere, here: Sequence[Configured]
) -> tuple[list[Configured], list[str]]:
    """What is to be served by now, that which is served already as it is; and of which connections Slack or
    Microsoft takes the token no more, a line each."""
    there = store.connections()
    served = [one for one in there if one.state == "live" and not one.by_environment]
    found = [one for one in here if one.kept is None or any(map(one.is_still, served))]
    running = {one.kept.id for one in found if one.kept}
    new = [one for one in served if one.id not in running]
    found += [kept_one(one, settings, bot, store, elsewhere=elsewhere) for one in new]
    lost = [one for one in there if one.state == "revoked" and not one.by_environment]
    return found, [lost_line(one) for one in lost]


def lost_line(one: ChatConnection) -> str:
    whose = f", of {one.organisation}," if one.organisation else ""
    return (
        f"{one.title}{whose} is not served since {one.at:%Y-%m-%d %H:%M} UTC: {one.why}: install the app "
        f"again, then irmer connect {one.platform}; or irmer connect end {one.id}"
    )


def find_a_home(folder: Path) -> None:
    """slack_sdk looks for one as it is imported; the users that services run under may have none."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = str(folder)


def check_installed(settings: Settings, store: Store | None = None, *, only: str = "") -> None:
    """Without a store only of what the environment sets up. Raises NotReady."""
    kept = {one.platform for one in served_connections(store)} if store else set()
    if store and not (settings.platforms or kept):
        raise NotReady(NOTHING)
    for extra in [only] if only else sorted({*settings.platforms, *kept}):
        if find_spec(MODULES[extra]) is None:
            raise NotReady(
                f"{extra.capitalize()} is configured, but not installed: pip install 'irmer-bot[{extra}]'"
            )


def delivery(
    store: Store, sender: Any, face: Capabilities, *, clock: Clock | None = None, timings: Timings = USUAL,
    tenant: Callable[[], Whom] = lambda: None,
) -> Delivery:  # fmt: skip
    """The loop that sends one face's pings and posts, of some organisations."""
    worker = f"{sender.platform}-{os.getpid()}-{secrets.token_hex(3)}"
    clock, contents = clock or Clock(wall), CaseContents(store, face)
    return Delivery(store, sender, contents, worker=worker, clock=clock, timings=timings, tenant=tenant)
