"""Replies on their way out: where each belongs, and what is said where one cannot be shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from bot.chart_pictures import NoCharts, picture
from bot.core.cards import Card, Form, Text
from bot.core.chart import Chart
from bot.core.messages import Give, Home, Open, Picture, Place, Refresh, Replace, Reply, Show, not_sent
from bot.core.paper import Paper
from bot.core.whose import Whence
from bot.core.words.phrases import sentence
from bot.teams import render
from bot.teams.activity import Activity
from bot.teams.contacts import PLATFORM, Contact, Contacts
from bot.teams.giving import Giving
from bot.teams.hints import command_in
from bot.teams.named import InNames
from bot.teams.picture import pictured
from bot.teams.post_errors import PostError, Rejected
from bot.teams.posts import Posts, Target
from storage.model import Destination
from storage.organisation_model import Organisation
from storage.store import Store

IN_OUR_CHAT = "I have answered in our own chat: what concerns an incident is not for everybody here."
NO_CHAT = (
    "My answer is for you alone, and I cannot write to you: add the app IRMER for yourself (Apps, then "
    "IRMER), say hello to it there, and ask again."
)
NO_THREAD = (
    "I cannot write in that thread any more: the message that it began with was deleted. What it held is "
    "kept; ask in a new message, or here."
)
NOT_SHOWN = frozenset({400, 413})  # what Teams would not draw, or found too large
REST = "The rest of it could not be shown here: ask for it by its number, such as"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Origin:
    """Where a request came from: the store's tenant, the directory's id, and the activity; by what it was
    told whose it is, and the organisations that the person is in, where they are several."""

    tenant: str
    directory: str
    activity: Activity
    whence: Whence | None = None
    several: tuple[Organisation, ...] = ()

    @property
    def target(self) -> Target:
        here = self.activity
        return Target(self.tenant, here.conversation, here.service_url, here.root)


class Deliver:
    def __init__(
        self, store: Store, contacts: Contacts, posts: Posts, clock: Callable[[], datetime], giving: Giving
    ) -> None:
        self._store, self._contacts, self._posts, self._clock = store, contacts, posts, clock
        self.giving = giving
        self.named = InNames(contacts, posts, clock)

    # What is sent

    async def replies(self, origin: Origin, replies: list[Reply], *, note: bool) -> None:
        """In order. With `note` a shared conversation is told where a private answer is."""
        noted, told = not note, False
        for reply in replies:
            try:
                aside = await self._reply(origin, reply)
            except PostError as error:
                log.warning("a reply was not sent: %(error)s", {"error": error})
                if not told and not isinstance(reply, Refresh):  # it was asked for, and somebody waits
                    told = True
                    await self.line(origin, not_sent(command_in(origin.activity.conversation)))
                continue
            if aside and not noted:
                noted = True
                await self.line(origin, IN_OUR_CHAT)

    async def instead(self, origin: Origin, shown: Card | Form, rest: list[Reply]) -> None:
        """The message whose button was pressed, and what else there is to say."""
        if origin.activity.reply_to:
            try:
                await self.change(origin.target, origin.activity.reply_to, shown)
            except PostError as error:
                log.warning("a card was not changed: %(error)s", {"error": error})
        await self.replies(origin, rest, note=False)

    async def line(self, origin: Origin, text: str) -> None:
        try:
            await self._line(origin, text)
        except PostError as error:
            log.warning("a line was not sent: %(error)s", {"error": error})

    async def _line(self, origin: Origin, text: str) -> None:
        try:
            await self._posts.post(origin.target, render.says(text))
        except Rejected as refused:
            chat = await self._chat(origin) if refused.lost_thread else None
            if chat is None:
                raise
            await self._posts.post(chat, render.says(NO_THREAD))

    async def _reply(self, origin: Origin, reply: Reply) -> bool:
        """True where it went to the personal chat although it was asked for elsewhere. Raises PostError."""
        match reply:
            case Show(card, private, place, case):
                if reply.leads_to:
                    card = await asyncio.to_thread(self._linked, origin.tenant, reply.leads_to, card)
                return await self._show(origin, card, private=private, place=place, case=case)
            case Replace(card):
                return await self._show(origin, card, private=not origin.activity.place.thread)
            case Open(form):
                return await self._show(origin, form, private=not origin.activity.place.thread)
            case Home(card):
                return await self._show(origin, card, private=True)
            case Give(paper):
                return await self._give(origin, paper)
            case Picture(chart):
                return await self._draw(origin, chart)
            case Refresh(case, card):
                await self.refresh(origin.tenant, case, card)
        return False

    async def _show(
        self, origin: Origin, shown: Card | Form, *, private: bool, place: Place | None = None, case: str = ""
    ) -> bool:
        # What only its author can see is not answered for all to see.
        aside = (private or origin.activity.targeted) and place is None and not origin.activity.personal
        if aside:
            target = await self._chat(origin)
            if target is None:
                await self.line(origin, NO_CHAT)
                return False
        elif place is not None:
            target = await self._target(origin, place)
        else:
            target = origin.target
        try:
            message = await self.post(target, shown)
        except Rejected:
            if not aside:
                raise
            await self.line(origin, NO_CHAT)
            return False
        if case:
            await asyncio.to_thread(self._remember_address, target, case, message)
        return aside

    async def _give(self, origin: Origin, paper: Paper) -> bool:
        """Into the personal chat, whoever else reads along where it was asked for."""
        aside = not origin.activity.personal
        target = await self._chat(origin) if aside else origin.target
        if target is None:
            await self.line(origin, NO_CHAT)
            return False
        await self.giving.offer(target, origin.activity.object_id, paper)
        return aside

    async def _draw(self, origin: Origin, chart: Chart) -> bool:
        """A picture for whoever asked; where there is none, why. Its words were said before it."""
        aside = not origin.activity.personal
        target = await self._chat(origin) if aside else origin.target
        if target is None:  # which was said with the words
            return False
        try:
            made = await asyncio.to_thread(picture, chart)
            async with self._marking(target):
                await self._posts.post(target, pictured(chart, made))
        except (Rejected, NoCharts) as problem:
            log.warning("a picture was not given: %(error)s", {"error": problem})
            why = "Teams did not take it" if isinstance(problem, Rejected) else str(problem)
            await self._posts.post(target, render.says(sentence(f"no picture: {why}")))
        return aside

    def _linked(self, tenant: str, case: str, card: Card) -> Card:
        """With a link to the case's card, where one stands in Teams."""
        mine = [one for one in self._store.addresses(tenant, case) if one.place.platform == PLATFORM]
        if not mine:
            return card
        where, message = quote(mine[-1].place.conversation, safe=""), quote(mine[-1].message, safe="")
        return card.with_blocks(Text(f"https://teams.microsoft.com/l/message/{where}/{message}"))

    # Where it goes

    async def _chat(self, origin: Origin) -> Target | None:
        """The personal chat with whoever asked, opened where there is none; None where that is refused."""
        here = origin.activity
        contact = await asyncio.to_thread(self._contacts.contact, origin.tenant, here.object_id)
        contact = contact or Contact(here.object_id, here.user_id, here.user_name, here.service_url)
        try:
            contact = await self.chat_with(origin.tenant, origin.directory, contact)
        except Rejected as refused:
            log.warning("no personal chat with somebody who asked: %(error)s", {"error": refused})
            return None
        return Target(origin.tenant, contact.chat, contact.service_url)

    async def chat_with(self, tenant: str, directory: str, contact: Contact) -> Contact:
        """The contact with its chat, opened where there is none yet. Raises PostError."""
        ours = self._contacts.is_ours(contact)
        if contact.chat and ours:
            return contact
        who = contact.id if ours else contact.object_id  # by what every registration calls them
        chat = await self._posts.personal_chat(contact.service_url, directory, who)
        return await asyncio.to_thread(
            lambda: self._contacts.with_chat(tenant, contact, chat, now=self._clock())
        )

    async def _target(self, origin: Origin, place: Place) -> Target:
        known = await asyncio.to_thread(self._contacts.conversation, origin.tenant, place.conversation)
        service_url = known.service_url if known else origin.activity.service_url
        return Target(origin.tenant, place.conversation, service_url, place.thread)

    def _remember_address(self, target: Target, case: str, message: str) -> None:
        # In a channel the case's message is the root of its thread; elsewhere there are none.
        known = self._contacts.conversation(target.tenant, target.conversation)
        thread = target.thread or (message if known and known.kind == "channel" else "")
        place = Destination(PLATFORM, target.conversation, thread)
        self._store.remember_address(target.tenant, case, place, message, now=self._clock())

    # One message

    async def post(self, target: Target, shown: Card | Form) -> str:
        """For somebody who waits: tried again. A card that Teams refuses goes out as its one line, which says
        so. Raises PostError; a conversation that is no more is marked."""
        message = await self.named.message(target, shown)
        async with self._marking(target):
            try:
                return await self._posts.post(target, message)
            except Rejected as rejected:
                if rejected.status not in NOT_SHOWN:
                    raise
                log.warning("a message is sent without its card: %(error)s", {"error": rejected})
                such = f"{command_in(target.conversation)} case C26-0001".strip()
                line = f"{render.summary(shown)}. {REST} {such}."
                return await self._posts.post(target, render.says(line))

    async def once(self, target: Target, shown: Card) -> str:
        """One try. Raises PostError; a conversation that is no more is marked."""
        message = await self.named.message(target, shown)
        async with self._marking(target):
            return await self._posts.once(target, message)

    async def refresh(self, tenant: str, subject: str, card: Card) -> None:
        """The messages of a case, wherever they stand."""
        for address in await asyncio.to_thread(self._store.addresses, tenant, subject):
            where = address.place
            known = (
                await asyncio.to_thread(self._contacts.conversation, tenant, where.conversation)
                if where.platform == PLATFORM
                else None
            )
            if known is None or known.dead or await asyncio.to_thread(self._contacts.is_anothers, known):
                continue  # a step changes each card by the outbox besides
            target = Target(tenant, where.conversation, known.service_url, where.thread)
            try:
                await self.change(target, address.message, card)
            except PostError as error:
                log.warning("a case's card was not changed: %(error)s", {"error": error})

    async def change(self, target: Target, message: str, shown: Card | Form) -> None:
        """Raises PostError. That a message is not the bot's to change, or gone, says nothing of its
        conversation."""
        change = self._posts.changing(target, message)
        changed = await self.named.message(target, shown)
        await self._posts.update(target, message, changed, change)

    @asynccontextmanager
    async def _marking(self, target: Target) -> AsyncIterator[None]:
        try:
            yield
        except Rejected as refused:
            if refused.gone:
                why, now = str(refused), self._clock()
                await asyncio.to_thread(
                    lambda: self._contacts.dead(target.tenant, target.conversation, why, now=now)
                )
            raise
