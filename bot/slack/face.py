"""The way from a verified payload through core to an answer.

A command, a click or a message is handed to core, whose work is stored when it returns, and acknowledged
after that; calls to Slack follow the acknowledgement. Only what opens a form is acknowledged first: its
trigger lives 3 seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.bot import Bot
from bot.core.cards import Card, Severity, Text
from bot.core.commands import changes_nothing
from bot.core.messages import Command, Open, Pressed, Show, Submitted
from bot.in_turn import InTurn
from bot.own_row import OwnRow
from bot.slack import acknowledging, parse, replying
from bot.slack.blocks import message
from bot.slack.capabilities import FORMS, acting, is_look_up, opens_form
from bot.slack.hearing import Hearing
from bot.slack.last_said import LastSaid
from bot.slack.membership import Membership
from bot.slack.moved import Moved
from bot.slack.once import Recently, press_key
from bot.slack.parse import Asked, Installation
from bot.slack.payloads import Interaction, Payload, SlashCommand
from bot.slack.people import People
from bot.slack.replying import AGAIN, Answers
from bot.slack.served import Served
from bot.slack.unsent import Unsent
from bot.slack.views import loading
from bot.slack.web import Web
from bot.slack.working import PATIENCE, Working, replies_of, within
from storage.store import Store

Body = dict[str, Any]
NO_WORDS = Card(
    "There are no words in that message that can be read",
    (Text("Say what happened in words of your own: the shortcut Check an incident opens the form."),),
    severity=Severity.WAITING,
)
NO_WORDS_TO_ADD = Card(
    "There are no words in that message that can be read, and nothing was added to a case",
    severity=Severity.WAITING,
)
ADD = "add to case"
TRY = Text("Its one command is /irmer: try /irmer help.")


class SlackFace:
    """`commands`, `shortcuts` and `events` are what the manifest asks Slack for; `listeners` registers
    them."""

    def __init__(
        self, bot: Bot, store: Store, web: Web, installation: Installation, clock: Callable[[], datetime],
        row: OwnRow,
    ) -> None:  # fmt: skip
        self._bot, self._store, self._web, self._clock = bot, store, web, clock
        self.installation = installation
        self.unsent = Unsent(clock)
        self._last_said = last_said = LastSaid(web.time)
        self.answers = Answers(web, store, self.unsent, installation, last_said)
        self.people, self.moved = (
            People(web, store, installation, clock), Moved(web, store, installation, clock)
        )  # fmt: skip
        self.membership = Membership(web, store, installation, clock, row)
        self.work = Working(bot, self.people, self.answers, last_said)
        self.served = Served(bot.whose, installation, clock)
        self.hearing = Hearing(bot, store, installation, clock, self.served, self.work, last_said)
        self._recently = Recently(store, clock)
        self._views = InTurn()
        self.commands = {"/irmer": self.command}
        self.shortcuts = {"check": self.shortcut, "check_message": self.shortcut, "add_to_case": self.add}
        self.events: dict[str, Callable[[Any], Awaitable[None]]] = {
            "message": self.hearing.message,
            "app_mention": self.hearing.message,
            "app_home_opened": self.hearing.home,
            "app_uninstalled": self.membership.uninstalled,
            "tokens_revoked": self.membership.revoked,
            "user_change": self.people.changed,
            **dict.fromkeys(("channel_left", "group_left"), self.membership.left),
            **dict.fromkeys(
                ("channel_archive", "group_archive", "channel_deleted", "group_deleted"),
                self.membership.closed,
            ),
        }

    def heard(self, payload: Payload) -> None:
        if self.installation.learn(payload):
            self.work.spawn(self.membership.joined())
            self.work.spawn(self.moved.ask(self._bot.admins))

    # --- commands and shortcuts

    async def command(self, ack: AsyncAck, typed: SlashCommand) -> None:
        asked = await self.served.of(parse.command(typed, self.installation, self._clock()), typed)
        what = asked.request.what
        assert isinstance(what, Command)
        if is_look_up(what.text):
            replies = self._bot.handle(asked.request, FORMS)
            ack.response = acknowledging.of_look_up(replies)
            if ack.response is None:
                await ack()
                self.work.send(replies, asked)
            return
        if not changes_nothing(what.text, FORMS) and await self._again(asked, "command", what.text):
            await ack()
            return
        if opens_form(what.text):
            await ack()
            self.work.spawn(self._with_skeleton(asked, what.text))
            return
        work = self.work.start(asked, FORMS)
        if await within(work, PATIENCE):
            first = acknowledging.of_command(work.result())
            await ack(**await self.answers.named(first.body)) if first.body else await ack()
            self.work.send(first.left, asked, again=what.text)
        else:
            await ack()
            self.work.spawn(self.work.send_when_done(work, asked))

    async def shortcut(self, ack: AsyncAck, call: Interaction) -> None:
        asked = await self.served.of(parse.shortcut(call, self.installation, self._clock()), call)
        asked = self._last_said.written(asked, call.words_at) if call.message else asked
        what = asked.request.what
        assert isinstance(what, Command)
        await ack()
        if call.message and what.text == "check":
            self.work.send([Show(NO_WORDS)], asked)
        elif not await self._again(asked, "shortcut", what.text):
            self.work.spawn(self._with_skeleton(asked, what.text))

    async def add(self, ack: AsyncAck, call: Interaction) -> None:
        """A message as a note of a case that is picked."""
        asked = await self.served.of(parse.shortcut(call, self.installation, self._clock(), verb=ADD), call)
        what = asked.request.what
        assert isinstance(what, Command)
        await ack()
        if what.text == ADD:
            self.work.send([Show(NO_WORDS_TO_ADD)], asked)
        elif not await self._again(asked, "shortcut", what.text):
            self.work.spawn(self._with_skeleton(asked, what.text))

    async def unknown_command(self, ack: AsyncAck, _typed: SlashCommand) -> None:
        card = Card("That command is not this bot's", (TRY,), severity=Severity.WAITING)
        await ack(response_type="ephemeral", **message(card))

    async def unknown_shortcut(self, ack: AsyncAck, call: Interaction) -> None:
        asked = await self.served.of(parse.shortcut(call, self.installation, self._clock()), call)
        await ack()
        card = Card("That shortcut is not this bot's", (TRY,), severity=Severity.WAITING)
        self.work.send([Show(card)], asked)

    async def _with_skeleton(self, asked: Asked, words: str) -> None:
        """The dialog opens at once and is filled when core has answered."""
        work = self.work.start(asked, FORMS)
        view, replies = await asyncio.gather(self.answers.open_skeleton(asked), replies_of(work))
        if view:
            asked = replace(
                asked, context=replace(asked.context, view=view, origin=replying.origin_of(asked.context))
            )
        elif any(isinstance(reply, Open) for reply in replies):
            asked = replace(asked, context=replace(asked.context, view="gone"))
        await self.answers.send(replies, asked, again=words[:1_900])

    # --- buttons, inputs, forms

    async def action(self, ack: AsyncAck, press: Interaction) -> None:
        if changed := parse.changed(press, self.installation, self._clock()):
            await ack()
            self.work.spawn(self._change(await self.served.of(changed, press)))
            return
        asked = await self.served.of(parse.pressed(press, self.installation, self._clock()), press)
        action = press.action
        if await self._again(asked, *press_key(press)):
            await ack()
            return
        if action == AGAIN:
            asked = await self.served.of(parse.again(press, self.installation, self._clock()), press)
            await ack()
            self.work.spawn(self._with_skeleton(asked, press.action_value or "check"))
            return
        if action.startswith("slack.submit:"):
            asked = _sent_from_message(asked, action.partition(":")[2])
        work = self.work.start(asked, acting(asked))
        done = await within(work, PATIENCE)
        await ack()
        if done:
            self.work.send(work.result(), asked)
        else:
            self.work.spawn(self.work.send_when_done(work, asked))

    async def _change(self, asked: Asked) -> None:
        """One change of a view after the other: the last one made is the last one shown."""
        async with self._views.at(asked.context.view):
            await self.answers.send(await replies_of(self.work.start(asked, acting(asked))), asked)

    async def submission(self, ack: AsyncAck, form: Interaction) -> None:
        asked = await self.served.of(parse.submitted(form, self.installation, self._clock()), form)
        what = asked.request.what
        assert isinstance(what, Submitted)
        if not what.form:
            await ack(**acknowledging.of_no_form(form.callback_id, asked.context))
            return
        self.unsent.sent(asked.context.user, what.form, what.key)
        work = self.work.start(asked, acting(asked))
        if await within(work, PATIENCE):
            first = acknowledging.of_submission(work.result(), asked.context)
            body = first.body or {}
            if "view" in body:
                body = {**body, "view": await self.answers.named(body["view"])}
            await ack(**body)
            self.work.send(first.left, asked)
        else:
            await ack(response_action="update", view=loading(asked.context.origin))
            self.work.spawn(self.work.send_when_done(work, asked))

    async def closed(self, ack: AsyncAck, form: Interaction) -> None:
        self.unsent.closed(form)
        await ack()
        await self._recently.forget(self.installation.team, form.user)

    async def _again(self, asked: Asked, *what: object) -> bool:
        """Did they do the same a moment ago?"""
        return await self._recently.again(self.installation.team, asked.context.user, *what)


def _sent_from_message(asked: Asked, form: str) -> Asked:
    pressed = asked.request.what
    assert isinstance(pressed, Pressed)
    what = Submitted(form, pressed.value, pressed.inputs, pressed.tenant)
    return replace(asked, request=replace(asked.request, what=what))
