"""Core's work on a request, beside the loop, and the sending of what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from bot.afterwards import Afterwards
from bot.core.bot import Bot
from bot.core.cards import Card, Severity
from bot.core.messages import Capabilities, Pressed, Reply, Said, Show
from bot.core.trouble import note
from bot.in_turn import InTurn
from bot.slack.last_said import LastSaid
from bot.slack.parse import Asked
from bot.slack.people import People
from bot.slack.replying import Answers

log = logging.getLogger("irmer.slack")
T = TypeVar("T")

PATIENCE = 2.4  # seconds of the three that an acknowledgement may take
TROUBLE = "Something went wrong here, and it has been noted. What was kept before is kept: please try again."


class Working(Afterwards):
    def __init__(self, bot: Bot, people: People, answers: Answers, last_said: LastSaid) -> None:
        super().__init__(log)
        self._bot, self._people, self._answers, self._last_said = bot, people, answers, last_said
        self._worked_on, self._answered = InTurn(), InTurn()
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="core")

    async def close(self) -> None:
        """Finish what is under way."""
        await self.rest()
        self._pool.shutdown()

    async def _with_people(self, asked: Asked) -> Asked:
        """Who asks, whoever is named in it by an id alone, and what channel: as Slack tells it in time."""
        user = asked.request.user
        others = asked.people - {user.id}
        who = self._people.of(user.id) if user.standing != "outsider" else _nothing()
        heard, named, channels = await asyncio.gather(
            who, self._people.all(others), self._people.channels(asked.channels)
        )
        if heard:
            user = replace(user, name=user.name or heard.name, standing=heard.standing)
        request = replace(
            asked.request, user=user, channels=channels,
            names={one: known.name for one, known in named.items()},
            people={one: known.standing for one, known in named.items() if known.standing},
        )  # fmt: skip
        return replace(asked, request=request)

    def start(self, asked: Asked, face: Capabilities) -> asyncio.Future[list[Reply]]:
        return asyncio.get_running_loop().create_task(self._worked(asked, face))

    async def _worked(self, asked: Asked, face: Capabilities) -> list[Reply]:
        asked = await self._with_people(asked)
        what = asked.request.what
        if not isinstance(what, Said | Pressed):
            return await self.beside(self._bot.handle, asked.request, face)
        async with self._worked_on.at(_here(asked)):
            if isinstance(what, Said) and (crossed := self._last_said.crossed(asked)):
                asked = replace(asked, request=replace(asked.request, what=replace(what, crossed=crossed)))
            replies = await self.beside(self._bot.handle, asked.request, face)
            self._last_said.coming(asked, replies)
            return replies

    def send(self, replies: list[Reply], asked: Asked, *, again: str = "") -> None:
        if replies:
            self.spawn(self._sent(replies, asked, again))

    async def send_when_done(self, work: Awaitable[list[Reply]], asked: Asked) -> None:
        await self._sent(await replies_of(work), asked)

    async def _sent(self, replies: list[Reply], asked: Asked, again: str = "") -> None:
        """Of two presses on one message the second is the one whose answer stays."""
        try:
            async with self._answered.at(f"{_here(asked)} {asked.context.message or asked.request.delivery}"):
                await self._answers.send(replies, asked, again=again)
        finally:
            self._last_said.arrived(asked)

    async def beside(self, work: Callable[..., T], *of: Any) -> T:
        """What blocks, on a thread of core's."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *of)


def _here(asked: Asked) -> str:
    """The conversation and thread, or else the person."""
    return f"{asked.context.channel or asked.context.user} {asked.context.thread}"


async def _nothing() -> None:
    return None


async def replies_of(work: Awaitable[list[Reply]]) -> list[Reply]:
    """Core's replies after the acknowledgement, when nobody else is left to tell the person of a fault."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - whatever it was
        note(log, error)
        return [Show(Card(TROUBLE, severity=Severity.ALARM))]


async def within(work: asyncio.Future[list[Reply]], seconds: float) -> bool:
    done, _ = await asyncio.wait({work}, timeout=seconds)
    return bool(done)
