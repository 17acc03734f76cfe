"""Core's replies on their way to people by the Web API, where the acknowledgement could not hold them: which
goes into a dialog, a message, the home page, or a document."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.core.cards import Button, Card, Form, Severity, Text
from bot.core.messages import (
    Command,
    Done,
    Give,
    Home,
    Leave,
    Open,
    Picture,
    Place,
    Refresh,
    Replace,
    Reply,
    Show,
    not_sent,
)
from bot.slack.acknowledging import in_one_dialog, is_for_dialog
from bot.slack.blocks import message, messages
from bot.slack.dialogs import EXTERNAL, Dialogs
from bot.slack.giving import Giving
from bot.slack.last_said import LastSaid
from bot.slack.parse import Asked, Installation, ReplyContext
from bot.slack.posting import Posting
from bot.slack.sender import PLATFORM
from bot.slack.text import Element
from bot.slack.unsent import Unsent
from bot.slack.views import NOWHERE, Origin, card_modal, home, loading, modal
from bot.slack.web import Failed, Unsure, Web
from storage.store import Store

log = logging.getLogger("irmer.slack")

AGAIN = "slack.again"  # the button that brings a fresh trigger


class Answers:
    """Sends replies after the acknowledgement. Nothing here raises: what fails is logged by its name."""

    def __init__(
        self, web: Web, store: Store, unsent: Unsent, installation: Installation, last_said: LastSaid
    ) -> None:
        self._web, self._store, self._unsent = web, store, unsent
        self._posting = Posting(web, store, installation, last_said)
        self.named = self._posting.named  # see `bot.slack.named`
        self._dialogs = Dialogs(web, self.named)
        self._giving = Giving(web, self._posting)

    async def open_skeleton(self, asked: Asked) -> str:
        """A dialog at once, while the trigger lives; its id, or empty where it could not be opened."""
        return await self._dialogs.open(loading(origin_of(asked.context)), asked)

    async def send(self, replies: Sequence[Reply], asked: Asked, *, again: str = "") -> None:
        told = False
        for reply in in_one_dialog(replies, asked.context) if asked.context.view else replies:
            try:
                await self._one(reply, asked, again)
            except (Failed, Unsure) as problem:
                kind = type(reply).__name__
                log.warning("%(what)s could not be sent: %(error)s", {"what": kind, "error": problem})
                if not told and not isinstance(reply, Refresh | Home):  # it was asked for, and somebody waits
                    told = True
                    await self._tell(asked.context)

    async def _tell(self, context: ReplyContext) -> None:
        try:
            await self._posting.directly([message(Card(not_sent(""), severity=Severity.WAITING))], context)
        except (Failed, Unsure) as problem:
            log.warning("nor could that be told: %(error)s", {"error": problem})

    async def _one(self, reply: Reply, asked: Asked, again: str) -> None:
        context = asked.context
        match reply:
            case Open(form):
                await self._form(form, asked, again)
            case Show():
                await self._show(await self._posting.linked(reply, asked), asked)
            case Replace(card):
                await self._replace(card, asked)
            case Refresh(case, card):
                await self._refresh(case, card, asked.request.tenant)
            case Home(card):
                await self._web.call("views.publish", user_id=context.user, view=home(card))
            case Give(paper):
                await self._giving.give(paper, context)
            case Picture(chart):
                await self._giving.draw(chart, context)
            case Done() | Leave():
                return

    # --- dialogs

    async def _form(self, form: Form, asked: Asked, again: str) -> None:
        context = asked.context
        if not context.origin.form:  # it is opened, and not gone on with
            form = self._unsent.again(context.user, form, anew=_is_bare_check(asked))
        if context.view:
            await self._fill(modal(form, context.origin, context.shown), asked, again)
        elif context.trigger:
            view = await self._dialogs.open(modal(form, origin_of(context)), asked)
            if view.startswith(EXTERNAL):
                await self._fill(
                    modal(form, origin_of(context)),
                    replace(asked, context=replace(context, view=view)),
                    again or "check",
                )
            elif not view:
                await self._offer(asked, again)
        else:
            await self._show(Show(_as_card(form), private=not context.personal), asked)

    async def _fill(self, view: Element, asked: Asked, again: str = "") -> None:
        if not await self._dialogs.fill(view, asked) and again:
            await self._offer(asked, again)

    async def _offer(self, asked: Asked, again: str) -> None:
        """A button that opens the form: pressing it brings a fresh trigger."""
        card = Card(
            "The form could not be opened in time",
            (Text("Slack gives a moment for that, and it had passed. Nothing is lost."),),
            (Button("Open the form", AGAIN, again or "check", style="primary"),),
            Severity.WAITING,
        )
        await self._show(Show(card), replace(asked, context=replace(asked.context, view="", message="")))

    # --- messages

    async def _show(self, reply: Show, asked: Asked) -> None:
        context = asked.context
        if reply.place is not None or reply.case:
            place = reply.place or asked.request.place
            await self._posting.post(reply, place, asked)
        elif context.view and is_for_dialog(reply, context):
            await self._fill(card_modal(reply.card, context.origin), asked)
        elif reply.private and not context.personal:
            await self._posting.privately(messages(reply.card), context)
        else:
            await self._posting.post(reply, Place(context.channel, context.thread, context.personal), asked)

    async def _replace(self, card: Card, asked: Asked) -> None:
        context = asked.context
        if context.view:
            await self._fill(card_modal(card, context.origin), asked)
        elif context.home:
            await self._web.call("views.publish", user_id=context.user, view=home(card))
        elif context.ephemeral and context.response_url:
            await self._web.respond(context.response_url, {"replace_original": True, **message(card)})
        elif context.message:
            try:
                await self._web.call(
                    "chat.update", channel=context.channel, ts=context.message, **message(card)
                )
            except Failed as failed:
                log.info("the message to replace is gone: %(error)s", {"error": failed})
                await self._posting.privately(messages(card), context)
        else:
            await self._show(Show(card, private=not context.personal), asked)

    async def _refresh(self, case: str, card: Card, tenant: str) -> None:
        for address in await asyncio.to_thread(self._store.addresses, tenant, case):
            if address.place.platform == PLATFORM:
                await self._web.call(
                    "chat.update", channel=address.place.conversation, ts=address.message, **message(card)
                )


def _is_bare_check(asked: Asked) -> bool:
    what = asked.request.what
    return isinstance(what, Command) and what.text.strip().lower() == "check"


def origin_of(context: ReplyContext) -> Origin:
    """Direct messages go by the person, since these may be two people's own, where the bot is not; but a
    thread in them is the bot's."""
    if not context.channel or context.home or (context.channel.startswith("D") and not context.thread):
        return NOWHERE
    return Origin(channel=context.channel, thread=context.thread)


def _as_card(form: Form) -> Card:
    """A form where no dialog can open: its inputs in the message, and a button to send them."""
    send = Button(form.submit, f"slack.submit:{form.name}", form.key, style="primary")
    return Card(form.title, form.blocks, (send, *form.buttons), tenant=form.tenant)
