"""Core's replies on their way to people by the Web API, where the acknowledgement could not hold them.

An answer that cannot go where it should goes where its reader will find it: to their direct message with the
bot.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.charts import ENDING as PNG
from bot.charts import NoCharts, picture
from bot.core.cards import Button, Card, Form, Input, Severity, Text, Weight
from bot.core.chart import Chart
from bot.core.messages import (
    NOT_SENT,
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
)
from bot.core.paper import Paper
from bot.core.papers.rendered import as_cards
from bot.core.words.phrases import sentence
from bot.documents import ENDING, NoDocuments, document
from bot.slack.acknowledging import in_one_dialog, is_for_dialog
from bot.slack.blocks import message, messages
from bot.slack.files import share, why_not
from bot.slack.named import named
from bot.slack.parse import Asked, Installation, ReplyContext
from bot.slack.sender import PLATFORM
from bot.slack.text import Element
from bot.slack.unsent import Unsent
from bot.slack.views import NOWHERE, Origin, card_modal, home, loading, modal
from bot.slack.web import NOT_SHOWN, Failed, Unsure, Web
from storage import model
from storage.store import Store

log = logging.getLogger("irmer.slack")

EXTERNAL = "external:"  # before the id of a dialog that only we have named
AGAIN = "slack.again"  # the button that brings a fresh trigger
_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})
IN_DIRECT = "The document is in our direct messages."
PICTURE_IN_DIRECT = "The picture is in our direct messages."
TEXT_IN_DIRECT = "No document could be made: its words are in our direct messages."
NOT_THERE = (
    "This belongs to a thread in which I cannot write, and it is answered there: invite me to its channel "
    "again, and say check in the thread. Nothing is lost."
)
REFUSED = card_modal(
    Card(
        "Slack would not show this",
        (Text("Nothing is lost: say check in a direct message with me, and it goes on there."),),
        severity=Severity.WAITING,
    ),
    NOWHERE,
)


class Answers:
    """Sends replies after the acknowledgement. Nothing here raises: what fails is logged by its name."""

    def __init__(self, web: Web, store: Store, unsent: Unsent, installation: Installation) -> None:
        self._web, self._store, self._unsent, self._installation = web, store, unsent, installation

    async def named(self, shown: Element) -> Element:
        """See `bot.slack.named`."""
        return await asyncio.to_thread(named, shown, lambda: self._store.settings(self._installation.tenant))

    async def open_skeleton(self, asked: Asked) -> str:
        """A dialog at once, while the trigger lives; its id, or empty where it could not be opened."""
        return await self._open(loading(origin_of(asked.context)), asked)

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
            await self._directly([message(Card(NOT_SENT, severity=Severity.WAITING))], context)
        except (Failed, Unsure) as problem:
            log.warning("nor could that be told: %(error)s", {"error": problem})

    async def _one(self, reply: Reply, asked: Asked, again: str) -> None:
        context = asked.context
        match reply:
            case Open(form):
                await self._form(form, asked, again)
            case Show():
                await self._show(await self._linked(reply, asked), asked)
            case Replace(card):
                await self._replace(card, asked)
            case Refresh(case, card):
                await self._refresh(case, card, asked.request.tenant)
            case Home(card):
                await self._web.call("views.publish", user_id=context.user, view=home(card))
            case Give(paper):
                await self._give(paper, asked.context)
            case Picture(chart):
                await self._draw(chart, asked.context)
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
            view = await self._open(modal(form, origin_of(context)), asked)
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

    async def _fill(self, view: Element, asked: Asked, again: str) -> None:
        which: Element = {"view_id": asked.context.view}
        if asked.context.view.startswith(EXTERNAL):
            which = {"external_id": asked.context.view.removeprefix(EXTERNAL)}
        try:
            view = await self.named(view)
            await self._web.call("views.update", view={**view, **_external(which)}, **which)
        except Failed as failed:
            if failed.error in NOT_SHOWN:
                log.warning("a dialog could not be shown: %(error)s", {"error": failed})
                await self._web.call("views.update", view={**REFUSED, **_external(which)}, **which)
                return
            if failed.error != "not_found":
                raise
            if again:  # it was closed meanwhile, or never opened
                await self._offer(asked, again)

    async def _open(self, view: Element, asked: Asked) -> str:
        """The dialog's id; a name of our own where Slack's answer was lost: it may be open all the same."""
        name = uuid.uuid4().hex
        try:
            answer = await self._web.call(
                "views.open", trigger_id=asked.context.trigger, view={**view, "external_id": name}
            )
        except Failed as failed:
            if failed.error in _LATE:
                log.info("a dialog did not open: %(error)s", {"error": failed})
            else:
                log.warning("a dialog did not open: %(error)s", {"error": failed})
            return ""
        except Unsure:
            return EXTERNAL + name
        return str((answer.get("view") or {}).get("id") or EXTERNAL + name)

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

    async def _linked(self, reply: Show, asked: Asked) -> Show:
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

    async def _show(self, reply: Show, asked: Asked) -> None:
        context = asked.context
        if reply.place is not None or reply.case:
            place = reply.place or asked.request.place
            await self._post(reply, place, asked)
        elif context.view and is_for_dialog(reply, context):
            await self._fill(card_modal(reply.card, context.origin), asked, "")
        elif reply.private and not context.personal:
            await self._privately(messages(reply.card), context)
        else:
            await self._post(reply, Place(context.channel, context.thread, context.personal), asked)

    async def _post(self, reply: Show, place: Place, asked: Asked) -> None:
        delivery = asked.request.delivery
        channel = place.conversation or await self._web.direct(asked.context.user)
        parts = [message(reply.card)] if reply.case else messages(reply.card)
        parts = [await self.named(part) for part in parts]
        ts = ""
        try:
            for number, part in enumerate(parts):
                key = f"{delivery}:{number}" if delivery else ""
                ts = await self._web.post(channel, part, thread=place.thread, key=key)
        except Failed as failed:
            log.warning("a message could not be posted: %(error)s", {"error": failed})
            if place.thread and not place.personal:
                card = _out_of_its_thread(reply.card)
                parts = [await self.named(part) for part in messages(card)]
            await self._directly([*parts], asked.context)
            return
        if reply.case:
            await self._remember(asked, reply.case, model.Destination(PLATFORM, channel, place.thread), ts)

    async def _remember(self, asked: Asked, case: str, place: model.Destination, ts: str) -> None:
        remember = partial(
            self._store.remember_address, asked.request.tenant, case, place, ts, now=asked.request.now
        )
        await asyncio.to_thread(remember)

    async def _privately(self, parts: Sequence[Element], context: ReplyContext) -> None:
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
                await self._directly([part], context)

    async def _directly(self, parts: Sequence[Element], context: ReplyContext) -> None:
        channel = await self._web.direct(context.user)
        for part in parts:
            await self._web.post(channel, part)

    async def _give(self, paper: Paper, context: ReplyContext) -> None:
        """A document into the direct messages, whoever else reads along where it was asked for; where none
        comes, its words, and why. Raises Failed and Unsure."""
        channel = await self._web.direct(context.user)
        try:
            made = await asyncio.to_thread(document, paper)
            await share(self._web, channel, f"{paper.stem}{ENDING}", made, title=paper.title)
            where = IN_DIRECT
        except (Failed, NoDocuments) as problem:
            log.warning("a document was not given: %(error)s", {"error": problem})
            why = why_not(problem) if isinstance(problem, Failed) else str(problem)
            first, *rest = as_cards(paper)
            first = first.headed(Text(sentence(f"{why}. Here it is as text"), Weight.WARNING))
            await self._directly([part for card in (first, *rest) for part in messages(card)], context)
            where = TEXT_IN_DIRECT
        if not context.personal and context.channel:
            await self._privately([message(Card(where))], context)

    async def _draw(self, chart: Chart, context: ReplyContext) -> None:
        """A picture into the direct messages; where none comes, why. Its words were said before it. Raises
        Failed and Unsure."""
        where = PICTURE_IN_DIRECT
        try:
            made = await asyncio.to_thread(picture, chart)
            name, words = f"{chart.stem}{PNG}", chart.alternative
            await share(
                self._web, await self._web.direct(context.user), name, made, title=chart.title, words=words
            )
            if context.personal or not context.channel:
                return
        except (Failed, NoCharts) as problem:
            log.warning("a picture was not given: %(error)s", {"error": problem})
            why = why_not(problem) if isinstance(problem, Failed) else str(problem)
            where = sentence(f"no picture: {why}")
        await self._privately([message(Card(where))], context)

    async def _replace(self, card: Card, asked: Asked) -> None:
        context = asked.context
        if context.view:
            await self._fill(card_modal(card, context.origin), asked, "")
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
                await self._privately(messages(card), context)
        else:
            await self._show(Show(card, private=not context.personal), asked)

    async def _refresh(self, case: str, card: Card, tenant: str) -> None:
        for address in await asyncio.to_thread(self._store.addresses, tenant, case):
            if address.place.platform == PLATFORM:
                await self._web.call(
                    "chat.update", channel=address.place.conversation, ts=address.message, **message(card)
                )


def _out_of_its_thread(card: Card) -> Card:
    """Where a thread takes no message: a check that is led there is answered there, and by no button here."""
    others = tuple(one for one in card.buttons if not one.action.startswith(("check.", "slack.submit:")))
    if others == card.buttons:
        return card
    shown = tuple(block for block in card.blocks if not isinstance(block, Input))
    return replace(card, blocks=(Text(NOT_THERE, Weight.WARNING), *shown), buttons=others)


def _is_bare_check(asked: Asked) -> bool:
    what = asked.request.what
    return isinstance(what, Command) and what.text.strip().lower() == "check"


def _external(which: Element) -> Element:
    return {name: value for name, value in which.items() if name == "external_id"}


def origin_of(context: ReplyContext) -> Origin:
    return (
        Origin(channel=context.channel, thread=context.thread)
        if context.channel and not context.home
        else NOWHERE
    )


def _as_card(form: Form) -> Card:
    """A form where no dialog can open: its inputs in the message, and a button to send them."""
    send = Button(form.submit, f"slack.submit:{form.name}", form.key, style="primary")
    return Card(form.title, form.blocks, (send, *form.buttons), tenant=form.tenant)
