"""Slack as one of the faces that a server runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from bot.answered import Answered
from bot.core.bot import Bot
from bot.core.reminders.sending import Sender
from bot.core.settings.chosen import Chosen
from bot.core.trouble import note
from bot.own_row import OwnRow
from bot.slack.checkup import app_token, checkup
from bot.slack.face import SlackFace
from bot.slack.http import Endpoint
from bot.slack.listeners import listening
from bot.slack.parse import Installation
from bot.slack.sender import PLATFORM, SlackSender
from bot.slack.settings import SlackSettings
from bot.slack.signature import Verifier
from bot.slack.socket import SocketMode
from bot.slack.socket_client import NOWHERE, Elsewhere
from bot.slack.web import TOKEN_ERRORS, Failed, Unsure, Web
from bot.usage import NotReached, NotReady
from storage.chat_connection_model import ConnectionPlan
from storage.model import UNLINKED
from storage.store import Store

log = logging.getLogger("irmer.slack")
PATH = "/slack/events"
CHECKUP = 600.0  # seconds between two looks at what Slack says of the app


class SlackService:
    """`routes` are ASGI apps by path, `sender` is what pings go through, `says` the line for the log."""

    name = PLATFORM
    credential_end = None  # Slack's tokens have no end that is known before

    def __init__(
        self,
        settings: SlackSettings,
        web: Web,
        face: SlackFace,
        workspace: str,
        store: Store,
        clock: Callable[[], datetime],
        answered: Answered,
        admins: tuple[str, ...] = (),
        elsewhere: Elsewhere = NOWHERE,
        path: str = PATH,
    ) -> None:
        self.face, self._web, self._store, self._admins = face, web, store, admins
        self._settings = settings
        self._looking: asyncio.Task[None] | None = None
        self._lines: list[str] = []
        self.sender: Sender = SlackSender(web)
        app = listening(face)
        self.routes: dict[str, Endpoint] = {}
        self._socket: SocketMode | None = None
        if settings.socket_mode:
            token = settings.app_token.get_secret_value()
            self._socket = SocketMode(app, token, settings.api_url, answered, elsewhere)
            self.says = f"Slack: {workspace} by Socket Mode"
        else:
            self.routes[path] = Endpoint(app, Verifier(settings.signing_secret.get_secret_value(), clock))
            self.says = f"Slack: {workspace} by HTTP at {path}"
        self.says = ", ".join(filter(None, [self.says, settings.in_place]))

    def settle(self) -> None:
        """Whom it serves, as it is bound now. Blocks."""
        self.face.served.settle()

    def begin(self) -> None:
        """Its own organisation, where it is the first. Blocks."""
        self.face.served.begin()

    def astray(self) -> list[str]:
        """Which command binds the workspace, where it leads nowhere, a line; for a start and `/health`.
        Blocks."""
        return self.face.served.astray()

    @property
    def tenants(self) -> tuple[str, ...]:
        return self.face.installation.tenants

    @property
    def tenant(self) -> str:
        """The one that it serves, where it is one alone."""
        return self.tenants[0] if len(self.tenants) == 1 else ""

    async def start(self) -> None:
        if self._socket:
            await self._socket.start()
        self._looking = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        """What Slack says of the app, now and again: of most that changes it tells nobody."""
        while True:
            try:
                await self.face.moved.ask(self._admins)
                lines = await self._of_places()
                # A refused token is told by every call, and its end too: not only by the next look. It is
                # asked at once, since the token may be taken again while people are asked about.
                refused = bool(self._web.token_error)
                self._lines = [] if refused else [*lines, *await self.face.people.review(self._admins)]
            except Exception as error:  # noqa: BLE001 - the next look may go better
                note(log, error)
            await asyncio.sleep(CHECKUP)

    @property
    def hears_by(self) -> Mapping[str, int]:
        return self._socket.hears_by if self._socket else {PLATFORM: 0}

    async def leave(self) -> None:
        if self._socket:
            await self._socket.leave()

    async def _of_places(self) -> list[str]:
        """What Slack says of the app and of the channels that each organisation has set."""
        lines: list[str] = []
        for tenant in self.tenants or (UNLINKED,):
            settings = await asyncio.to_thread(self._store.settings, tenant)
            lines += await checkup(self._web, Chosen(settings).places)
        return list(dict.fromkeys(lines))

    async def close(self) -> None:
        if self._looking:
            self._looking.cancel()
        if self._socket:
            await self._socket.close()
        await self.face.work.close()
        await self._web.close()

    async def checkup(self) -> list[str]:
        """What Slack says of the app and its tokens; for `irmer doctor`."""
        lines = [*await asyncio.to_thread(self.astray), *await self._of_places()]
        token = self._settings.app_token.get_secret_value()
        return lines + (await app_token(token, self._settings.api_url) if token else [])

    @property
    def notes(self) -> list[str]:
        """What somebody may want to know, and what is not wrong."""
        return self.face.membership.notes

    async def problems(self) -> list[str]:
        """What is wrong, a line each; for /health."""
        found = [await self._socket.problem() if self._socket else "", self.face.membership.problem]
        if self._web.token_error:
            found.append(f"Slack refuses the bot's token: {self._web.token_error}")
        astray = await asyncio.to_thread(self.astray)
        return [line for line in (*found, *self._lines, *astray) if line]


async def connect(
    settings: SlackSettings,
    bot: Bot,
    store: Store,
    clock: Callable[[], datetime],
    *,
    tenant: str = "",
    seconds_a_message: float = 1.0,
    patience: float = 60.0,
    answered: Answered | None = None,
    elsewhere: Elsewhere = NOWHERE,
    row: OwnRow | None = None,
    path: str = PATH,
) -> SlackService:
    """Ask Slack who we are, for as long as `patience` where it cannot be reached. Raises NotReached then, and
    NotReady where it refuses the token, each in one line. `elsewhere`: see `bot.slack.socket_client`. `row`:
    what is written of the connection; without it nothing is, as where it is only looked at."""
    web = Web(
        settings.bot_token.get_secret_value(),
        api_url=settings.api_url,
        seconds_a_message=seconds_a_message,
        now=lambda: clock().timestamp(),
    )
    await web.start()
    try:
        answer = await who_are_we(web, patience)
    except BaseException:
        await web.close()
        raise
    web.started = True
    installation = Installation(
        team=str(answer.get("team_id", "")),
        enterprise=str(answer.get("enterprise_id") or ""),
        organisation_wide=bool(answer.get("is_enterprise_install")),
        bot_user=str(answer.get("user_id", "")),
        tied=tenant,
    )
    name = str(answer.get("team") or installation.team)
    kept = row or OwnRow(None, PLATFORM, clock)
    at = web.time.told or clock()
    plan = plan_of(answer, web.scopes, organisation=tenant)
    line = await asyncio.to_thread(kept.connected, plan, at)
    face = SlackFace(bot, store, web, installation, clock, kept)
    face.membership.notes += [line] if line else []
    await asyncio.to_thread(face.served.settle)
    workspace = f"workspace {name}" if name else "a workspace that is not named yet"
    heard = answered or Answered(clock)
    return SlackService(settings, web, face, workspace, store, clock, heard, bot.admins, elsewhere, path)


def plan_of(
    answer: Mapping[str, Any], scopes: Collection[str] | None, *, app: str = "", organisation: str = ""
) -> ConnectionPlan:
    """What `auth.test` says of an installation."""
    everywhere = bool(answer.get("is_enterprise_install"))
    team, enterprise = str(answer.get("team_id") or ""), str(answer.get("enterprise_id") or "")
    return ConnectionPlan(
        PLATFORM, app, "" if everywhere else team, enterprise, str(answer.get("user_id") or ""),
        str(answer.get("team") or team), " ".join(sorted(scopes or ())), organisation,
    )  # fmt: skip


async def who_are_we(web: Web, patience: float) -> Mapping[str, Any]:
    loop = asyncio.get_running_loop()
    until, pause = loop.time() + patience, 0.5
    while True:
        try:
            return await web.call("auth.test")
        except (Failed, Unsure) as problem:
            if str(problem) in TOKEN_ERRORS:
                raise NotReady(f"Slack refuses SLACK_BOT_TOKEN: {problem}") from None
            if str(problem) == "unknown_method":  # none of Slack's own: payloads will say who we are
                return {}
            if loop.time() > until:
                raise NotReached(f"Slack cannot be reached: {problem}") from None
        await asyncio.sleep(pause)
        pause = min(2 * pause, 10.0)
