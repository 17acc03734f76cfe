"""Who people are by Slack: their names, and whether they belong to the workspace. A request brings only an
id, and a channel's facts no request at all.

What Slack said is kept in the store as well, for those who are pinged and own cases while nobody looks, and
for the minutes in which Slack does not answer.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.accounts import is_account
from bot.core.messages import ChannelFacts
from bot.core.organisation import NOT_OURS
from bot.core.settings.administrators import named_administrators
from bot.core.settings.holders import held
from bot.slack.parse import Installation
from bot.slack.payloads import ChangedPerson
from bot.slack.sender import PLATFORM
from bot.slack.web import Failed, Unsure, Web
from storage.errors import StoreError
from storage.model import Standing
from storage.store import Store

KEPT = 2_000
FRESH = timedelta(minutes=10)  # how long what Slack said of somebody is taken for so
PATIENCE = 1.0  # no more of the three seconds
SLACKBOT = "USLACKBOT"
_OF_ANOTHER_PLATFORM = re.compile("[0-9a-fA-F-]{36}")  # in a tenant that several share
_NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


@dataclass(frozen=True)
class Heard:
    """`at`: when; None where it was not heard just now, but kept."""

    name: str = ""
    standing: Standing = ""
    at: datetime | None = None


class People:
    def __init__(
        self, web: Web, store: Store, installation: Installation, clock: Callable[[], datetime]
    ) -> None:
        self._web, self._store, self._installation, self._clock = web, store, installation, clock
        self._known: OrderedDict[str, Heard] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Heard]] = {}

    async def of(self, user: str, *, anew: bool = False) -> Heard:
        """As Slack says now, or said in the last minutes; else as it was kept."""
        known = self._known.get(user)
        if known and not anew and known.at and self._clock() - known.at < FRESH:
            return known
        if user not in self._asking:  # several at once ask once
            self._asking[user] = asyncio.get_running_loop().create_task(self._ask(user))
            self._asking[user].add_done_callback(lambda _: self._asking.pop(user, None))
        try:
            return await asyncio.wait_for(asyncio.shield(self._asking[user]), PATIENCE)
        except TimeoutError:
            return await self._before(user)

    async def all(self, users: Iterable[str]) -> dict[str, Heard]:
        users = tuple(users)
        return dict(zip(users, await asyncio.gather(*map(self.of, users)), strict=True))

    async def _ask(self, user: str) -> Heard:
        try:
            answer = await self._web.once("users.info", user=user)
        except Failed as failed:
            if failed.error not in _NOBODY:
                return await self._before(user)
            heard = Heard("", "nobody", self._clock())
        except Unsure:
            return await self._before(user)
        else:
            found = answer.get("user")
            found = found if isinstance(found, Mapping) else {}
            heard = Heard(_name(found), self._standing(user, found), self._clock())
        return await self._learn(user, heard)

    async def _learn(self, user: str, heard: Heard) -> Heard:
        before = self._known.pop(user, None)
        self._known[user] = heard
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        if before is None or (before.name, before.standing) != (heard.name, heard.standing):
            await asyncio.to_thread(self._keep, user, heard)
        return heard

    async def changed(self, event: ChangedPerson) -> None:
        """Slack tells of everybody in the workspace: of whom nothing is known here, nothing is kept."""
        if event.user not in self._known:
            kept = await asyncio.to_thread(self._kept, event.user)
            if not kept.standing:
                return
        standing = self._standing(event.user, event.person)
        await self._learn(event.user, Heard(_name(event.person), standing, self._clock()))

    async def review(self, admins: Iterable[str]) -> list[str]:
        """Whoever holds a role or a case is asked about anew: what Slack told may have been missed. A line
        for each administrator who is none of the workspace's people: a typing error, say."""
        every = await asyncio.to_thread(held, self._store, self._installation.tenant)
        for user in every:
            if not is_account(user) and not _OF_ANOTHER_PLATFORM.fullmatch(user):
                await self.of(user, anew=True)
        named = await asyncio.to_thread(named_administrators, self._store, admins, f"{PLATFORM}:")
        found = [(user, (await self.of(user, anew=True)).standing) for user in named]
        return [
            f"Slack: the administrator {PLATFORM}:{user} is {NOT_OURS[standing]}: irmer admin names another"
            for user, standing in found
            if standing in NOT_OURS
        ]

    def _standing(self, user: str, found: Mapping[str, Any]) -> Standing:
        if found.get("deleted"):
            return "gone"
        if found.get("is_bot") or user in (SLACKBOT, self._installation.bot_user):
            return "bot"
        if found.get("is_stranger") or self._elsewhere(found):
            return "outsider"
        if found.get("is_restricted") or found.get("is_ultra_restricted"):
            return "guest"
        leads = any(found.get(flag) for flag in ("is_admin", "is_owner", "is_primary_owner"))
        return "admin" if leads else "member"

    def _elsewhere(self, found: Mapping[str, Any]) -> bool:
        """Of another workspace, or of another organisation where the app is the whole organisation's."""
        if self._installation.organisation_wide:
            of = found.get("enterprise_user")
            enterprise = str(of.get("enterprise_id") or "") if isinstance(of, Mapping) else ""
            return enterprise not in ("", self._installation.enterprise)
        return str(found.get("team_id") or "") not in ("", self._installation.team)

    async def _before(self, user: str) -> Heard:
        known = self._known.get(user)
        return await asyncio.to_thread(self._kept, user) if known is None else known

    def _kept(self, user: str) -> Heard:
        try:
            kept = self._store.person(self._installation.tenant, user, PLATFORM)
        except StoreError:
            return Heard()
        return Heard(kept.name, kept.standing) if kept else Heard()

    def _keep(self, user: str, heard: Heard) -> None:
        tenant = self._installation.tenant
        try:
            kept = self._store.person(tenant, user, PLATFORM)
            if kept is None or (kept.name, kept.standing) != (heard.name, heard.standing):
                self._store.remember_person(
                    tenant, PLATFORM, user, heard.standing, heard.name, now=self._clock()
                )
        except StoreError:
            pass  # it is asked again

    async def channels(self, ids: Iterable[str]) -> dict[str, ChannelFacts]:
        """What Slack says of channels; of one that it does not tell of, nothing."""
        ids = tuple(ids)
        return dict(zip(ids, await asyncio.gather(*map(self._channel, ids)), strict=True))

    async def _channel(self, channel: str) -> ChannelFacts:
        try:
            answer = await asyncio.wait_for(self._web.once("conversations.info", channel=channel), PATIENCE)
        except Failed as failed:
            # A private channel that the bot is not in is not there for it.
            return ChannelFacts(joined=False) if failed.error == "channel_not_found" else ChannelFacts()
        except (Unsure, TimeoutError):
            return ChannelFacts()
        found = answer.get("channel")
        found = found if isinstance(found, Mapping) else {}
        if found.get("is_im"):
            return ChannelFacts()
        shared = any(found.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared"))
        private, joined = found.get("is_private"), found.get("is_member")
        return ChannelFacts(
            public=None if private is None else not private,
            shared=shared,
            joined=None if joined is None else bool(joined),
        )


def _name(found: Mapping[str, Any]) -> str:
    profile = found.get("profile")
    profile = profile if isinstance(profile, Mapping) else {}
    return str(profile.get("display_name") or profile.get("real_name") or found.get("name") or "")
