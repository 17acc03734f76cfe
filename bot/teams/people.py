"""Who people are by Teams: the roster of a conversation tells guests from members of the organisation.

What it said is kept in the store as well, for those who own cases while nobody looks, and for the minutes in
which Teams does not answer. Only who is not in the chat that they had with the bot is gone: that somebody is
not in another conversation says nothing of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.settings.chosen import Chosen
from bot.core.settings.holders import held
from bot.teams.contacts import PLATFORM, Contact, Contacts
from bot.teams.names import PERSON
from bot.teams.post_errors import PostError, Rejected
from bot.teams.posts import Posts, Target
from bot.teams.sdk import RosterEntry
from storage.errors import StoreError
from storage.model import Standing
from storage.store import Store

FRESH = timedelta(minutes=10)  # how long what Teams said of somebody is taken for so
PATIENCE = 3.0  # seconds, of the ten in which Teams wants an answer
KEPT = 5_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MeetingPlace:
    """A conversation in which somebody may be found; `own`: the bot's chat with them."""

    conversation: str
    service_url: str
    own: bool = False


class People:
    """`directory`: the organisation's id, which a member of it bears."""

    def __init__(
        self, store: Store, contacts: Contacts, posts: Posts, clock: Callable[[], datetime], directory: str
    ) -> None:
        self._store, self._contacts, self._posts, self._clock = store, contacts, posts, clock
        self._directory = directory.lower()
        self._heard: dict[tuple[str, str], tuple[Standing, datetime]] = {}

    async def of(self, tenant: str, users: Iterable[str], here: MeetingPlace) -> dict[str, Standing]:
        """As Teams says now, or said in the last minutes; else as it was kept. Empty where nobody knows."""
        wanted = tuple(dict.fromkeys(users))
        found = await asyncio.gather(*(self._one(tenant, user, here) for user in wanted))
        return dict(zip(wanted, found, strict=True))

    async def review(self, tenant: str) -> None:
        """Whoever holds a role or a case is asked about anew: of who leaves Teams tells nobody."""
        for user in await asyncio.to_thread(held, self._store, tenant):
            if PERSON.fullmatch(user):
                await self._ask(tenant, user, None)

    async def _one(self, tenant: str, user: str, here: MeetingPlace) -> Standing:
        known = self._heard.get((tenant, user))
        if known and self._clock() - known[1] < FRESH:
            return known[0]
        try:
            return await asyncio.wait_for(self._ask(tenant, user, here), PATIENCE)
        except TimeoutError:
            return await asyncio.to_thread(self._kept, tenant, user)

    async def _ask(self, tenant: str, user: str, here: MeetingPlace | None) -> Standing:
        places = await asyncio.to_thread(self._places, tenant, user)
        for place in dict.fromkeys((*([here] if here else ()), *places)):
            try:
                entry = await self._posts.member(Target(tenant, place.conversation, place.service_url), user)
            except Rejected as refused:
                if place.own and refused.status == 404:
                    return await self._remember(tenant, user, "gone", "")
                continue
            except PostError:
                break
            return await self._met(tenant, user, entry, place.service_url)
        if here and (heard := await self._by_opening_a_chat(tenant, user, here)):
            return heard
        return await asyncio.to_thread(self._kept, tenant, user)

    async def _by_opening_a_chat(self, tenant: str, user: str, here: MeetingPlace) -> Standing:
        """Somebody who never met the bot: a chat with them shows who they are. Nothing is written there."""
        try:
            chat = await self._posts.personal_chat(here.service_url, self._directory, user)
            entry = await self._posts.member(Target(tenant, chat, here.service_url), user)
        except Rejected as refused:
            return await self._remember(tenant, user, "nobody", "") if refused.status == 404 else ""
        except PostError:
            return ""
        return await self._met(tenant, user, entry, here.service_url, chat)

    async def _met(
        self, tenant: str, user: str, entry: RosterEntry, service_url: str, chat: str = ""
    ) -> Standing:
        """They go by their name from now on, and can be called and written to."""
        met = Contact(user, entry.id, entry.name, service_url, chat)
        await asyncio.to_thread(lambda: self._contacts.met(tenant, met, now=self._clock()))
        return await self._remember(tenant, user, self._standing(entry), entry.name)

    def _places(self, tenant: str, user: str) -> list[MeetingPlace]:
        """Where they may be found: in their own chat, then in the channels that are set."""
        contact = self._contacts.contact(tenant, user)
        chat = contact.chat if contact and self._contacts.is_ours(contact) else ""
        found = [MeetingPlace(chat, contact.service_url, own=True)] if contact and chat else []
        for place in Chosen(self._store.settings(tenant)).places.values():
            known = self._contacts.conversation(tenant, place.conversation)
            if place.platform == PLATFORM and known and not known.dead:
                found.append(MeetingPlace(known.id, known.service_url))
        return found

    def _standing(self, entry: RosterEntry) -> Standing:
        if entry.directory and entry.directory != self._directory:
            return "outsider"
        return "guest" if entry.role == "guest" else "bot" if entry.id.startswith("28:") else "member"

    async def _remember(self, tenant: str, user: str, standing: Standing, name: str) -> Standing:
        before = self._heard.get((tenant, user))
        if len(self._heard) > KEPT:
            self._heard.clear()
        self._heard[tenant, user] = standing, self._clock()
        if before is None or before[0] != standing:
            await asyncio.to_thread(self._keep, tenant, user, standing, name)
        return standing

    def _keep(self, tenant: str, user: str, standing: Standing, name: str) -> None:
        try:
            kept = self._store.person(tenant, user, PLATFORM)
            name = name or (kept.name if kept else "")
            if kept is None or (kept.standing, kept.name) != (standing, name):
                self._store.remember_person(tenant, PLATFORM, user, standing, name, now=self._clock())
        except StoreError as problem:
            log.warning("who somebody is was not kept: %(error)s", {"error": problem})

    def _kept(self, tenant: str, user: str) -> Standing:
        try:
            kept = self._store.person(tenant, user, PLATFORM)
        except StoreError:
            return ""
        return kept.standing if kept else ""
