"""Who and what stands in a message by an id alone, by the names that the conversation has for them."""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from bot.core.cards import Card, Form, InputKind, Mention
from bot.teams import render
from bot.teams.activity import Called
from bot.teams.channel_list import ChannelList
from bot.teams.contacts import Contact, Contacts
from bot.teams.hints import as_typed_in, is_own
from bot.teams.inputs import NOTHING_OFFERED, Element, Offered
from bot.teams.names import PERSON, ids_in
from bot.teams.post_errors import PostError, Rejected
from bot.teams.posts import Posts, Target

NO_NAME = "a conversation that has no name here"
PEOPLE = (InputKind.USER, InputKind.USERS)
log = logging.getLogger(__name__)


class Drawn:
    """Messages, each for as long as what it shows is held by somebody else: a look-up's card is kept by the
    conversation and shown to many, and what is about an incident is gone once it was sent. `own`: for
    somebody's own chat."""

    def __init__(self) -> None:
        self._by: dict[tuple[int, bool], tuple[weakref.ref[Card | Form], Element]] = {}

    def of(self, shown: Card | Form, *, own: bool) -> Element | None:
        held, drawn = self._by.get((id(shown), own), (None, None))
        return drawn if held is not None and held() is shown else None

    def note(self, shown: Card | Form, drawn: Element, *, own: bool) -> Element:
        at = id(shown), own
        self._by[at] = weakref.ref(shown, lambda _: self._by.pop(at, None)), drawn
        return drawn


class InNames:
    """Draws what is shown with the names in it. Nothing here raises for want of a name."""

    def __init__(self, contacts: Contacts, posts: Posts, clock: Callable[[], datetime]) -> None:
        self._contacts, self._posts, self._clock = contacts, posts, clock
        self._channels = ChannelList(contacts, posts, clock)
        self._drawn = Drawn()

    async def message(self, target: Target, shown: Card | Form) -> Element:
        own = is_own(target.conversation)
        if (drawn := self._drawn.of(shown, own=own)) is not None:
            return drawn
        ids = ids_in(shown)
        if not ids and not shown.inputs and not _called(shown):  # the same wherever it is shown
            drawn = as_typed_in(target.conversation, render.message(shown))
            return self._drawn.note(shown, drawn, own=own)
        people = await self._people_in(target, shown, ids)
        people |= await self._channels_in(target.tenant, ids, people)
        drawn = render.message(shown, people, await self._offered(target, shown, people))
        return as_typed_in(target.conversation, drawn)

    async def card(self, target: Target, shown: Card | Form, asking: str) -> Element:
        """The card that takes the place of one where somebody pressed something."""
        people = await asyncio.to_thread(self._people, target.tenant, shown, asking)
        people |= await self._channels_in(target.tenant, ids_in(shown), people)
        drawn = render.card(shown, people, await self._offered(target, shown, people))
        return as_typed_in(target.conversation, drawn)

    async def _channels_in(
        self, tenant: str, ids: frozenset[str], known: Mapping[str, render.Mentionable]
    ) -> dict[str, render.Mentionable]:
        """Channels that stand in it by an id alone, by the names that their team lists: most of what comes
        from a channel does not say how it is called."""
        unnamed = [one for one in ids - known.keys() if not PERSON.fullmatch(one)]
        names = await self._channels.of(tenant) if unnamed else {}
        return {one: render.Mentionable(one, names.get(one, NO_NAME)) for one in unnamed}

    async def _offered(
        self, target: Target, shown: Card | Form, people: Mapping[str, render.Mentionable]
    ) -> Offered:
        """What its inputs let somebody choose from."""
        kinds = {one.kind for one in shown.inputs}
        if not kinds & {*PEOPLE, InputKind.CHANNEL}:
            return NOTHING_OFFERED
        known = await asyncio.to_thread(self._contacts.conversation, target.tenant, target.conversation)
        return Offered(
            {one: person.name for one, person in people.items() if PERSON.fullmatch(one)},
            await self._channels.of(target.tenant) if InputKind.CHANNEL in kinds else {},
            alone=known is not None and known.kind == "personal",
        )

    async def _people_in(
        self, target: Target, shown: Card | Form, ids: frozenset[str]
    ) -> dict[str, render.Mentionable]:
        """Whom a card calls, looked up among the members there: Teams refuses a whole message that calls
        somebody who is not."""
        called = _called(shown)
        if not called and not ids and not any(one.kind in PEOPLE for one in shown.inputs):
            return {}
        people = await asyncio.to_thread(self._people, target.tenant, shown)
        for user in called:
            try:
                people[user] = (await self._member(target, user)).person
            except Rejected:
                people.pop(user, None)
            except PostError as error:
                log.warning("whether somebody is there was not told: %(error)s", {"error": error})
        return people

    async def _look_up(self, target: Target, user: str) -> Contact | None:
        """Somebody in a conversation, by either id; kept from now on."""
        try:
            return await self._member(target, user)
        except PostError as error:
            log.warning("somebody who is mentioned was not found: %(error)s", {"error": error})
            return None

    async def _member(self, target: Target, user: str) -> Contact:
        """The same. Raises PostError, Rejected where they are not there."""
        found = await self._posts.member(target, user)
        met = Contact(found.object_id, found.id, found.name, target.service_url)
        return await asyncio.to_thread(lambda: self._contacts.met(target.tenant, met, now=self._clock()))

    async def called(self, target: Target, mentioned: Iterable[Called]) -> dict[str, str]:
        """Those whom a message mentions, as the conversation names people and channels: `<@id>`, `<#id>`."""
        found: dict[str, str] = {}
        for one in mentioned:
            if one.channel:
                found[one.id] = f"<#{one.id}>"
                continue
            known = self._contacts.object_id(target.tenant, one.id)
            if not known and (contact := await self._look_up(target, one.id)):
                known = contact.object_id
            if known:
                found[one.id] = f"<@{known}>"
        return found

    def _people(self, tenant: str, shown: Card | Form, asking: str = "") -> dict[str, render.Mentionable]:
        """Whom a card mentions, who and what is in it by an id, and who can be chosen without a search."""
        called = set(_called(shown) | ids_in(shown))
        chosen = [one for one in shown.inputs if one.kind in PEOPLE]
        called |= {user for one in chosen for user in one.value.split(",") if user}
        if chosen and asking:
            called.add(asking)
        return self._contacts.people(tenant, frozenset(called)) if called else {}


def _called(shown: Card | Form) -> frozenset[str]:
    return frozenset(user for block in shown.blocks if isinstance(block, Mention) for user in block.users)
