"""Messages on their way to people: into a conversation, privately there, or to their direct message with the
bot, where what cannot go elsewhere goes as well."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.core.cards import Card, Input, Text, Weight
from bot.core.messages import Place, Show
from bot.slack.blocks import message, messages
from bot.slack.last_said import NEVER, LastSaid
from bot.slack.named import named
from bot.slack.parse import Asked, Installation, ReplyContext
from bot.slack.sender import PLATFORM
from bot.slack.text import Element
from bot.slack.web import Failed, Unsure, Web
from storage import model
from storage.store import Store

log = logging.getLogger("irmer.slack")

NOT_THERE = (
    "This belongs to a thread in which I cannot write, and it is answered there: invite me to its channel "
    "again, and say check in the thread. Nothing is lost."
)


class Posting:
    def __init__(self, web: Web, store: Store, installation: Installation, last_said: LastSaid) -> None:
        self._web, self._store, self._installation, self._last_said = web, store, installation, last_said

    async def named(self, shown: Element) -> Element:
        """See `bot.slack.named`."""
        return await asyncio.to_thread(named, shown, lambda: self._store.settings(self._installation.tenant))

    async def linked(self, reply: Show, asked: Asked) -> Show:
        """With a link to the case's card, where Slack tells one: the line says enough without."""
        if not reply.leads_to:
            return reply
        every = await asyncio.to_thread(self._store.addresses, asked.request.tenant, reply.leads_to)
        mine = [one for one in every if one.place.platform == PLATFORM]
        if not mine:
            return reply
        where = {"channel": mine[-1].place.conversation, "message_ts": mine[-1].message}
        try:
            link = str((await self._web.call("chat.getPermalink", **where)).get("permalink") or "")
        except (Failed, Unsure) as problem:
            log.info("no link to a card: %(error)s", {"error": problem})
            return reply
        return replace(reply, card=reply.card.with_blocks(Text(link))) if link else reply

    async def post(self, reply: Show, place: Place, asked: Asked) -> None:
        delivery = asked.request.delivery
        channel = place.conversation or await self._web.direct(asked.context.user)
        parts = [message(reply.card)] if reply.case else messages(reply.card)
        parts = [await self.named(part) for part in parts]
        ts = ""
        try:
            for number, part in enumerate(parts):
                key = f"{delivery}:{number}" if delivery else ""
                ts = await self._web.post(channel, part, thread=place.thread, key=key)
                self._last_said.came(channel, place.thread, ts)
        except Unsure:
            self._last_said.came(channel, place.thread, NEVER)
            raise
        except Failed as failed:
            self._last_said.came(channel, place.thread, NEVER)
            log.warning("a message could not be posted: %(error)s", {"error": failed})
            if place.thread and not place.personal:
                card = _out_of_its_thread(reply.card)
                parts = [await self.named(part) for part in messages(card)]
            await self.directly([*parts], asked.context)
            return
        if reply.case:
            await self._remember(asked, reply.case, model.Destination(PLATFORM, channel, place.thread), ts)

    async def _remember(self, asked: Asked, case: str, place: model.Destination, ts: str) -> None:
        remember = partial(
            self._store.remember_address, asked.request.tenant, case, place, ts, now=asked.request.now
        )
        await asyncio.to_thread(remember)

    async def privately(self, parts: Sequence[Element], context: ReplyContext) -> None:
        """By the response URL, as an ephemeral message, or at last by a direct message."""
        for part in [await self.named(part) for part in parts]:
            try:
                if context.response_url:
                    more = {"thread_ts": context.thread} if context.thread else {}
                    await self._web.respond(
                        context.response_url,
                        {"response_type": "ephemeral", "replace_original": False, **more, **part},
                    )
                else:
                    await self._web.call(
                        "chat.postEphemeral",
                        channel=context.channel,
                        user=context.user,
                        thread_ts=context.thread,
                        **part,
                    )
            except (Failed, Unsure) as problem:
                log.info("a private answer goes by direct message: %(error)s", {"error": problem})
                await self.directly([part], context)

    async def directly(self, parts: Sequence[Element], context: ReplyContext) -> None:
        channel = await self._web.direct(context.user)
        for part in parts:
            await self._web.post(channel, part)


def _out_of_its_thread(card: Card) -> Card:
    """Where a thread takes no message: a check that is led there is answered there, and by no button here."""
    others = tuple(one for one in card.buttons if not one.action.startswith(("check.", "slack.submit:")))
    if others == card.buttons:
        return card
    shown = tuple(block for block in card.blocks if not isinstance(block, Input))
    return replace(card, blocks=(Text(NOT_THERE, Weight.WARNING), *shown), buttons=others)
