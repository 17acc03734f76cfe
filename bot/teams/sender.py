"""Pings and posts that nobody just asked for, into Teams: each outcome told apart.

Nothing can be read back here: what is not known to be posted is sent once more, in words that say so, by
whoever calls. A conversation in which the bot has no place any more is marked, and nothing is sent there
until something arrives from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.cards import Card
from bot.core.messages import mark_of
from bot.core.reminders.sending import Found, NotPosted, Outcome, Posted, Unknown, Unreadable
from bot.teams.contacts import PLATFORM, Contacts
from bot.teams.deliver import Deliver
from bot.teams.names import PERSON
from bot.teams.post_errors import Later, PostError, Rejected
from bot.teams.posts import Posts, Target
from storage.model import Destination

PATIENCE = 3.0  # seconds that a message may wait for its turn; longer, and it is given back
# Another process may serve that one, and claims it in its turn.
ANOTHERS = NotPosted("another registration is there", passes=True, retry_after=5.0, not_here=True)


class TeamsSender:
    """core's `Sender`."""

    platform = PLATFORM

    def __init__(
        self,
        contacts: Contacts,
        deliver: Deliver,
        posts: Posts,
        clock: Callable[[], datetime],
        directory: str,
    ) -> None:
        self._contacts, self._deliver, self._posts = contacts, deliver, posts
        self._clock, self._directory = clock, directory

    async def send(self, tenant: str, place: Destination, card: Card, keys: Sequence[str]) -> Outcome:
        try:
            target = await self._target(tenant, place)
            if isinstance(target, NotPosted):
                return target
            if (wait := self._posts.wait(target)) > PATIENCE:
                return NotPosted("too much was sent there just now", passes=True, retry_after=wait)
            return Posted(await self._deliver.once(target, replace(card, tenant=mark_of(tenant))))
        except Rejected as refused:
            if refused.lost_thread and place.thread:
                return await self.send(tenant, Destination(place.platform, place.conversation), card, keys)
            return NotPosted(str(refused), not_here=refused.gone)
        except Later as later:
            return NotPosted(str(later), passes=True, retry_after=later.wait)
        except PostError as unsure:
            return Unknown(str(unsure))

    async def update(self, tenant: str, place: Destination, message: str, card: Card) -> Outcome:
        try:
            target = await self._target(tenant, place)
            if isinstance(target, NotPosted):
                return target
            await self._deliver.change(target, message, replace(card, tenant=mark_of(tenant)))
        except Rejected as refused:  # or the message is another registration's
            return NotPosted(str(refused), not_here=refused.status in (403, 404))
        except Later as later:
            return NotPosted(str(later), passes=True, retry_after=later.wait)
        except PostError as unsure:
            return Unknown(str(unsure))
        return Posted(message)

    async def find(self, tenant: str, place: Destination, key: str, since: datetime) -> Found:  # noqa: ARG002
        return Unreadable("Teams cannot be read back")

    async def clock(self) -> datetime | Unknown | None:
        return await self._posts.clock() or Unknown("its answers do not tell it")

    async def _target(self, tenant: str, place: Destination) -> Target | NotPosted:
        """Raises PostError. A person's id stands for the chat with them."""
        if PERSON.fullmatch(place.conversation):
            contact = await asyncio.to_thread(self._contacts.contact, tenant, place.conversation)
            if contact is None:
                return NotPosted("that person has never written to the bot")
            if await asyncio.to_thread(self._contacts.is_anothers, contact):
                return ANOTHERS
            chat = await self._deliver.chat_with(tenant, self._directory, contact)
            return Target(tenant, chat.chat, chat.service_url)
        known = await asyncio.to_thread(self._contacts.conversation, tenant, place.conversation)
        if known is None:
            return NotPosted("nothing has ever come from that conversation")
        if await asyncio.to_thread(self._contacts.is_anothers, known):
            return ANOTHERS
        if known.dead:
            return NotPosted("the bot has no place in that conversation any more")
        # Only channels have threads.
        thread = place.thread if known.kind == "channel" else ""
        return Target(tenant, known.id, known.service_url, thread)
