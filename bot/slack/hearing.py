"""What is said where the bot hears it, changed afterwards, or opened: events, which bring no trigger."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from bot.core.bot import Bot
from bot.core.messages import Request, Said
from bot.slack import parse
from bot.slack.capabilities import FORMS, TALK, talking
from bot.slack.last_said import LastSaid
from bot.slack.parse import Asked, Installation
from bot.slack.payloads import ChangedMessage, Event, UserMessage
from bot.slack.sender import PLATFORM
from bot.slack.served import Served
from bot.slack.working import PATIENCE, Working, within
from storage import model
from storage.store import Store

REMEMBERED = 2_000  # messages that were answered, for one that is changed afterwards


class Hearing:
    def __init__(
        self, bot: Bot, store: Store, installation: Installation, clock: Callable[[], datetime],
        served: Served, work: Working, last_said: LastSaid,
    ) -> None:  # fmt: skip
        self._bot, self._store, self._installation, self._clock = bot, store, installation, clock
        self._served, self._work, self._last_said = served, work, last_said
        self._answered: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        self._began = f"{clock().timestamp():.6f}"

    async def message(self, event: UserMessage | ChangedMessage) -> None:
        if isinstance(event, ChangedMessage):
            await self._corrected(event)
            return
        said = parse.said(event, self._installation, self._clock())
        if said is None:
            return
        asked = self._last_said.written(await self._served.of(said, event), event.ts)
        if self._installation.is_visitor(event) and event.type != "app_mention":
            return
        request = asked.request
        if not await self._work.beside(self._is_to_be_heard, request):
            return
        work = self._work.start(asked, talking(asked))
        if await within(work, PATIENCE):
            if work.result():
                self._answered.append((event.channel, event.ts))
            self._work.send(work.result(), asked)
        else:
            self._answered.append((event.channel, event.ts))
            self._work.spawn(self._work.send_when_done(work, asked))

    async def _corrected(self, event: ChangedMessage) -> None:
        """Whoever changes or deletes what was said to the bot, or only now says it, is told what stands."""
        if self._installation.is_visitor(event):
            return
        asked = await self._served.of(parse.edited(event, self._installation, self._clock()), event)
        if await self._work.beside(self._was_heard, event, asked):
            self._work.spawn(self._work.send_when_done(self._work.start(asked, talking(asked)), asked))

    def _was_heard(self, event: ChangedMessage, asked: Asked) -> bool:
        """Was it said to us, or is it now? What was said before the last restart in a thread that we keep may
        have been."""
        call, request = f"<@{self._installation.bot_user}>", asked.request
        heard = event.personal or call in event.text or call in event.changed_to
        heard = heard or (event.channel, event.ts) in self._answered
        heard = heard or (event.ts < self._began and self._keeps(request))
        return heard and self._store.first_time(request.tenant, f"seen:{request.delivery}", now=request.now)

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
        if self._installation.is_visitor(event):
            return
        opened = parse.home_opened(event, self._installation, self._clock())
        if opened is not None:
            asked = await self._served.of(opened, event)
            self._work.spawn(self._work.send_when_done(self._work.start(asked, FORMS), asked))
