"""The way from a verified payload through core to an answer.

A command, a click or a message is handed to core, whose work is stored when it returns, and acknowledged
after that; calls to Slack follow the acknowledgement. Only what opens a form is acknowledged first: its
trigger lives 3 seconds.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.bot import Bot
from bot.core.cards import Card, Severity, Text
from bot.core.commands import changes_nothing, is_from_memory, split
from bot.core.messages import Capabilities, Command, Open, Pressed, Reply, Request, Said, Show, Submitted
from bot.core.trouble import note
from bot.own_row import OwnRow
from bot.slack import acknowledging, parse, replying
from bot.slack.blocks import message
from bot.slack.membership import Membership
from bot.slack.moved import Moved
from bot.slack.once import Recently, press_key
from bot.slack.parse import Asked, Installation
from bot.slack.payloads import ChangedMessage, Event, Interaction, Payload, SlashCommand, UserMessage
from bot.slack.people import People
from bot.slack.replying import AGAIN, Answers
from bot.slack.sender import PLATFORM
from bot.slack.unsent import Unsent
from bot.slack.views import loading
from bot.slack.web import Web
from bot.whose_memory import WhoseMemory
from storage import model
from storage.store import Store

log = logging.getLogger("irmer.slack")

FORMS = Capabilities(
    dialogs=True,
    private_answers=True,
    hears_everything=True,
    live_inputs=True,
    command="/irmer",
    direct="[DUW]",
    administrators="an owner or administrator of the workspace",
    name=PLATFORM,
)
# Slack refuses its commands in threads.
IN_THREAD = replace(FORMS, command="@IRMER")
# A message brings no trigger, so no dialog can follow it: the interview is typed and clicked.
TALK = replace(IN_THREAD, dialogs=False, live_inputs=False)
DIRECT = replace(TALK, command="")

REMEMBERED = 2_000  # messages that were answered, for one that is changed afterwards
PATIENCE = 2.4  # seconds of the three that an acknowledgement may take

Body = dict[str, Any]
TROUBLE = "Something went wrong here, and it has been noted. What was kept before is kept: please try again."
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
        self.answers = Answers(web, store, self.unsent, installation)
        self.people, self.moved = (
            People(web, store, installation, clock), Moved(web, store, installation, clock)
        )  # fmt: skip
        self.membership = Membership(store, installation, clock, row)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="core")
        self._tasks: set[asyncio.Task[None]] = set()
        self._recently = Recently(store, clock)
        self._whose = WhoseMemory(bot.whose)
        self._answered: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        self._began = f"{clock().timestamp():.6f}"
        self._views: dict[str, asyncio.Lock] = {}
        self.commands = {"/irmer": self.command}
        self.shortcuts = {"check": self.shortcut, "check_message": self.shortcut, "add_to_case": self.add}
        self.events: dict[str, Callable[[Any], Awaitable[None]]] = {
            "message": self.message,
            "app_mention": self.message,
            "app_home_opened": self.home,
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
            self._spawn(self.membership.joined())
            self._spawn(self.moved.ask(self._bot.admins))

    def settle(self) -> None:
        """Whom this installation serves, as it is bound now. Blocks."""
        mine = self.installation
        mine.tenants = self._bot.whose.sent_for(mine.whence(mine.team), mine.is_here)

    def begin(self) -> None:
        """Its own organisation, where it is the first. Blocks."""
        mine = self.installation
        self._bot.whose.begin(mine.whence(mine.team), now=self._clock())

    def astray(self) -> list[str]:
        """Which command binds the installation, where it leads nowhere. Blocks."""
        mine = self.installation
        whence = mine.whence(mine.team)
        return self._bot.whose.astray(replace(whence, workspace="") if mine.organisation_wide else whence)

    async def _of(self, asked: Asked, payload: Payload) -> Asked:
        """In the name of the organisation that it leads to."""
        context = asked.context
        whence = self.installation.whence(
            payload.to_team, context.channel, context.user, personal=context.personal
        )
        if not self.installation.tenants:  # `auth.test` may have told nothing, and a payload has
            await asyncio.to_thread(self.settle)
        whose = await self._whose.of(whence)
        request = replace(asked.request, tenant=whose.tenant, whence=whence, several=whose.several)
        return replace(asked, request=request)

    async def close(self) -> None:
        """Finish what is under context."""
        await self.rest()
        self._pool.shutdown()

    async def rest(self, seconds: float = 10.0) -> None:
        """Wait for what is still being sent."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    # --- commands and shortcuts

    async def command(self, ack: AsyncAck, typed: SlashCommand) -> None:
        asked = await self._of(parse.command(typed, self.installation, self._clock()), typed)
        what = asked.request.what
        assert isinstance(what, Command)
        if not changes_nothing(what.text, FORMS) and await self._again(asked, "command", what.text):
            await ack()
            return
        if _opens_form(what.text):
            await ack()
            self._spawn(self._with_skeleton(asked, what.text))
            return
        if _is_look_up(what.text):
            first = acknowledging.of_command(self._bot.handle(asked.request, FORMS), look_up=True)
            await ack(**first.body) if first.body else await ack()
            self._send(first.left, asked)
            return
        work = self._start(asked, FORMS)
        if await _within(work, PATIENCE):
            first = acknowledging.of_command(work.result())
            await ack(**await self.answers.named(first.body)) if first.body else await ack()
            self._send(first.left, asked, again=what.text)
        else:
            await ack()
            self._spawn(self._send_when_done(work, asked))

    async def shortcut(self, ack: AsyncAck, call: Interaction) -> None:
        asked = await self._of(parse.shortcut(call, self.installation, self._clock()), call)
        what = asked.request.what
        assert isinstance(what, Command)
        await ack()
        if call.message and what.text == "check":
            self._send([Show(NO_WORDS)], asked)
        elif not await self._again(asked, "shortcut", what.text):
            self._spawn(self._with_skeleton(asked, what.text))

    async def add(self, ack: AsyncAck, call: Interaction) -> None:
        """A message as a note of a case that is picked."""
        asked = await self._of(parse.shortcut(call, self.installation, self._clock(), verb=ADD), call)
        what = asked.request.what
        assert isinstance(what, Command)
        await ack()
        if what.text == ADD:
            self._send([Show(NO_WORDS_TO_ADD)], asked)
        elif not await self._again(asked, "shortcut", what.text):
            self._spawn(self._with_skeleton(asked, what.text))

    async def unknown_command(self, ack: AsyncAck, _typed: SlashCommand) -> None:
        card = Card("That command is not this bot's", (TRY,), severity=Severity.WAITING)
        await ack(response_type="ephemeral", **message(card))

    async def unknown_shortcut(self, ack: AsyncAck, call: Interaction) -> None:
        asked = await self._of(parse.shortcut(call, self.installation, self._clock()), call)
        await ack()
        card = Card("That shortcut is not this bot's", (TRY,), severity=Severity.WAITING)
        self._send([Show(card)], asked)

    async def _with_skeleton(self, asked: Asked, words: str) -> None:
        """The dialog opens at once and is filled when core has answered."""
        work = self._start(asked, FORMS)
        view, replies = await asyncio.gather(self.answers.open_skeleton(asked), _replies(work))
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
            self._spawn(self._change(await self._of(changed, press)))
            return
        asked = await self._of(parse.pressed(press, self.installation, self._clock()), press)
        action = press.action
        if await self._again(asked, *press_key(press)):
            await ack()
            return
        if action == AGAIN:
            asked = await self._of(parse.again(press, self.installation, self._clock()), press)
            await ack()
            self._spawn(self._with_skeleton(asked, press.action_value or "check"))
            return
        if action.startswith("slack.submit:"):
            asked = _sent_from_message(asked, action.partition(":")[2])
        work = self._start(asked, _acting(asked))
        done = await _within(work, PATIENCE)
        await ack()
        if done:
            self._send(work.result(), asked)
        else:
            self._spawn(self._send_when_done(work, asked))

    async def _change(self, asked: Asked) -> None:
        """One change of a view after the other: the last one made is the last one shown."""
        lock = self._views.setdefault(asked.context.view, asyncio.Lock())
        try:
            async with lock:
                await self.answers.send(await _replies(self._start(asked, _acting(asked))), asked)
        finally:
            if not lock.locked():
                self._views.pop(asked.context.view, None)

    async def submission(self, ack: AsyncAck, form: Interaction) -> None:
        asked = await self._of(parse.submitted(form, self.installation, self._clock()), form)
        what = asked.request.what
        assert isinstance(what, Submitted)
        if not what.form:
            await ack(**acknowledging.of_no_form(form.callback_id, asked.context))
            return
        self.unsent.sent(asked.context.user, what.form, what.key)
        work = self._start(asked, _acting(asked))
        if await _within(work, PATIENCE):
            first = acknowledging.of_submission(work.result(), asked.context)
            body = first.body or {}
            if "view" in body:
                body = {**body, "view": await self.answers.named(body["view"])}
            await ack(**body)
            self._send(first.left, asked)
        else:
            await ack(response_action="update", view=loading(asked.context.origin))
            self._spawn(self._send_when_done(work, asked))

    async def closed(self, ack: AsyncAck, form: Interaction) -> None:
        self.unsent.closed(form)
        await ack()
        await self._recently.forget(self.installation.team, form.user)

    async def _again(self, asked: Asked, *what: object) -> bool:
        """Did they do the same a moment ago?"""
        return await self._recently.again(self.installation.team, asked.context.user, *what)

    # --- events

    async def message(self, event: UserMessage | ChangedMessage) -> None:
        if isinstance(event, ChangedMessage):
            await self._corrected(event)
            return
        said = parse.said(event, self.installation, self._clock())
        if said is None:
            return
        asked = await self._of(said, event)
        if self.installation.is_visitor(event) and event.type != "app_mention":
            return
        request = asked.request
        if not await asyncio.get_running_loop().run_in_executor(self._pool, self._is_to_be_heard, request):
            return
        work = self._start(asked, _talking(asked))
        if await _within(work, PATIENCE):
            if work.result():
                self._answered.append((event.channel, event.ts))
            self._send(work.result(), asked)
        else:
            self._answered.append((event.channel, event.ts))
            self._spawn(self._send_when_done(work, asked))

    async def _corrected(self, event: ChangedMessage) -> None:
        """Whoever changes or deletes what was said to the bot, or only now says it, is told what stands."""
        if self.installation.is_visitor(event):
            return
        asked = await self._of(parse.edited(event, self.installation, self._clock()), event)
        if await asyncio.get_running_loop().run_in_executor(self._pool, self._was_heard, event, asked):
            self._spawn(self._send_when_done(self._start(asked, _talking(asked)), asked))

    def _was_heard(self, event: ChangedMessage, asked: Asked) -> bool:
        """Was it said to us, or is it now? What was said before the last restart in a thread that we keep may
        have been."""
        call, request = f"<@{self.installation.bot_user}>", asked.request
        heard = event.personal or call in event.text or call in event.changed_to
        heard = heard or (event.channel, event.ts) in self._answered
        heard = heard or (event.ts < self._began and self._keeps(request))
        return heard and self._store.first_time(request.tenant, f"seen:{request.delivery}", now=request.now)

    async def _with_people(self, asked: Asked) -> Asked:
        """Who asks, whoever is named in it by an id alone, and what channel: as Slack tells it in time."""
        user = asked.request.user
        others = asked.people - {user.id}
        who = self.people.of(user.id) if user.standing != "outsider" else _nothing()
        heard, named, channels = await asyncio.gather(
            who, self.people.all(others), self.people.channels(asked.channels)
        )
        if heard:
            user = replace(user, name=user.name or heard.name, standing=heard.standing)
        request = replace(
            asked.request, user=user, channels=channels,
            names={one: known.name for one, known in named.items()},
            people={one: known.standing for one, known in named.items() if known.standing},
        )  # fmt: skip
        return replace(asked, request=request)

    def _is_to_be_heard(self, request: Request) -> bool:
        """Said to us, or in a thread that we keep; and for the first time. Other talk leaves no trace."""
        what, place = request.what, request.place
        to_us = place.personal or (isinstance(what, Said) and what.mentioned)
        if not to_us and not self._keeps(request):
            return False
        return self._store.first_time(request.tenant, f"seen:{request.delivery}", now=request.now)

    def _keeps(self, request: Request) -> bool:
        """Is it a thread of a case, or one in which a check is under way?"""
        here = model.Destination(PLATFORM, request.place.conversation, request.place.thread)
        return bool(self._store.subject_at(request.tenant, here) or self._bot.unfinished(request, TALK))

    async def home(self, event: Event) -> None:
        if self.installation.is_visitor(event):
            return
        opened = parse.home_opened(event, self.installation, self._clock())
        if opened is not None:
            asked = await self._of(opened, event)
            self._spawn(self._send_when_done(self._start(asked, FORMS), asked))

    # --- work

    def _start(self, asked: Asked, face: Capabilities) -> asyncio.Future[list[Reply]]:
        return asyncio.get_running_loop().create_task(self._worked(asked, face))

    async def _worked(self, asked: Asked, face: Capabilities) -> list[Reply]:
        asked = await self._with_people(asked)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._bot.handle, asked.request, face)

    def _send(self, replies: list[Reply], asked: Asked, *, again: str = "") -> None:
        if replies:
            self._spawn(self.answers.send(replies, asked, again=again))

    async def _send_when_done(self, work: Awaitable[list[Reply]], asked: Asked) -> None:
        await self.answers.send(await _replies(work), asked)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            note(log, error)


async def _nothing() -> None:
    return None


async def _replies(work: Awaitable[list[Reply]]) -> list[Reply]:
    """Core's replies after the acknowledgement, when nobody else is left to tell the person of a fault."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - whatever it was
        note(log, error)
        return [Show(Card(TROUBLE, severity=Severity.ALARM))]


async def _within(work: asyncio.Future[list[Reply]], seconds: float) -> bool:
    done, _ = await asyncio.wait({work}, timeout=seconds)
    return bool(done)


def _talking(asked: Asked) -> Capabilities:
    return DIRECT if asked.context.personal else TALK


def _acting(asked: Asked) -> Capabilities:
    return IN_THREAD if asked.context.thread else FORMS


def _opens_form(text: str) -> bool:
    return split(text, FORMS)[0] == "check"


def _is_look_up(text: str) -> bool:
    """Answered from memory: a thread of its own would cost more than it."""
    return len(text) <= 200 and is_from_memory(text, FORMS)


def _sent_from_message(asked: Asked, form: str) -> Asked:
    pressed = asked.request.what
    assert isinstance(pressed, Pressed)
    what = Submitted(form, pressed.value, pressed.inputs, pressed.tenant)
    return replace(asked, request=replace(asked.request, what=what))
