"""The conversation's face in Teams: what was let in becomes a request, and its replies what Teams shows."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.afterwards import Afterwards
from bot.core.cards import Card, Severity
from bot.core.commands import split
from bot.core.messages import (
    Capabilities,
    ChannelFacts,
    Command,
    Reply,
    Request,
    Said,
    Show,
    Submitted,
    What,
)
from bot.core.trouble import note
from bot.core.whose import Resolver
from bot.in_turn import InTurn
from bot.incoming import Malformed
from bot.platform_time import PlatformTime
from bot.teams import execute
from bot.teams.activity import Activity
from bot.teams.asked import CAPABILITIES, PERSONAL, looks_up, named_in, needs_no_store, wanted
from bot.teams.contacts import PLATFORM, Contacts
from bot.teams.deliver import Deliver, Origin
from bot.teams.door import Answer
from bot.teams.files import INVOKE, Consent
from bot.teams.names import SHARED
from bot.teams.people import MeetingPlace, People
from bot.teams.whereabouts import Whereabouts
from storage.model import UNLINKED, Standing
from storage.store import Store

RECENT = 4096  # deliveries whose answers are kept, for one that comes again while the first is still at work
NO_ID = "Sorry: I answer only people whom this organisation's directory knows."
FAILED = (
    "Sorry, that went wrong here, and nothing was changed. Please try again; tell whoever looks after me."
)
NOT_OURS = "That button is on none of this bot's cards."
# It may have been begun by a process that was ended over it: that it was done is not known.
AGAIN = "That came to me twice: where nothing shows that it was done, and no answer came, do it again."
log = logging.getLogger(__name__)


class Conversation(Protocol):
    """`bot.core.bot.Bot`."""

    whose: Resolver

    def handle(self, request: Request, face: Capabilities) -> list[Reply]: ...


class TeamsFace:
    """`take` answers one activity. What talks to the network runs after the answer; `rest` waits for it."""

    def __init__(
        self,
        bot: Conversation,
        store: Store,
        contacts: Contacts,
        deliver: Deliver,
        clock: Callable[[], datetime],
        people: People,
        whereabouts: Whereabouts,
        time: PlatformTime,
    ) -> None:
        self._people, self._whereabouts, self._time = people, whereabouts, time
        self._bot, self._store, self._clock = bot, store, clock
        self._contacts, self._deliver = contacts, deliver
        self._answers: OrderedDict[str, asyncio.Future[Answer]] = OrderedDict()
        self._afterwards, self._turns = Afterwards(log), InTurn()

    async def take(self, activity: Activity) -> Answer:
        """The same delivery twice is worked on once and answered twice."""
        if not activity.id:
            return await self._take(activity)
        key = activity.delivery
        known = self._answers.get(key)
        if known is not None:
            return await asyncio.shield(known)
        answer = self._answers[key] = asyncio.get_running_loop().create_future()
        while len(self._answers) > RECENT:
            self._answers.popitem(last=False)
        try:
            done = await self._take(activity)
        except Exception as error:  # noqa: BLE001  whatever it was, the service is answered
            note(log, error)
            done = self._failed(activity)
        except asyncio.CancelledError:
            # The server stops: a repeat is worked on anew, and not told of an answer that never was.
            del self._answers[key]
            answer.cancel()
            raise
        answer.set_result(done)
        return done

    async def rest(self, seconds: float = 10.0) -> None:
        """Wait for what is still being sent."""
        await self._afterwards.rest(seconds)

    async def _take(self, activity: Activity) -> Answer:
        whence, whose = await self._whereabouts.of(activity)
        origin = Origin(whose.tenant, min(activity.tenants), activity, whence, whose.several)
        try:
            what = wanted(activity, await self._deliver.named.called(origin.target, activity.called))
        except Malformed as malformed:
            log.warning("a press was left: %(error)s", {"error": malformed})
            return 200, execute.error_answer(NOT_OURS)
        if activity.kind == "invoke" and activity.name == INVOKE:
            return self._consented(origin)
        if activity.kind == "invoke" and what is None:
            return 501, None
        if what is not None and not activity.object_id:
            return self._refused(origin)
        if needs_no_store(what) and self._contacts.all_known(origin.tenant, activity, now=self._clock()):
            replies = self._work(origin, what, {})
        else:
            people = await self._who(origin, what) if what is not None else {}
            if activity.kind == "invoke":
                return 200, await self._pressed(origin, what, people)
            replies = await asyncio.to_thread(self._work, origin, what, people)
        if replies:
            self._afterwards.spawn(
                self._deliver.replies(origin, replies, note=not activity.personal and not activity.targeted)
            )
        return 200, None

    async def _pressed(
        self, origin: Origin, what: What | None, people: Mapping[str, Standing]
    ) -> Mapping[str, Any]:
        """Of those who press at one card each finds what the one before has done, and is shown it."""
        card = f"{origin.activity.conversation}|{origin.activity.reply_to}"
        async with self._turns.at(card):
            replies = await asyncio.to_thread(self._work, origin, what, people)
            return await self._answered(origin, what, replies)

    async def _who(self, origin: Origin, what: What) -> dict[str, Standing]:
        """Of whoever asks, and whoever is named in it, as far as Teams tells in time."""
        here = origin.activity
        place = MeetingPlace(here.conversation, here.service_url)
        return await self._people.of(origin.tenant, (here.object_id, *sorted(named_in(what))), place)

    def _work(self, origin: Origin, what: What | None, people: Mapping[str, Standing]) -> list[Reply]:
        """On a thread: what touches the store."""
        activity, now = origin.activity, self._clock()
        if activity.leaves:
            self._contacts.closed(origin.tenant, activity, "the app was removed", now=now)
            return []
        if activity.closes:
            self._contacts.closed(origin.tenant, activity, f"Teams says {activity.event}", now=now)
            return []
        if activity.opens:
            self._contacts.opened(origin.tenant, activity, now=now)
        if activity.event == "channelRenamed":
            self._contacts.renamed(origin.tenant, activity, now=now)
            return []
        self._contacts.remember(origin.tenant, activity, now=now)
        if what is None:
            return []
        if not looks_up(what) and self._seen(origin, now):
            line = Show(Card(AGAIN, severity=Severity.WAITING), private=not activity.place.thread)
            return [] if activity.kind == "invoke" else [line]
        user = replace(activity.user, standing=people.get(activity.object_id, ""))
        request = Request(
            origin.tenant, user, activity.place, now, what, f"{PLATFORM}|{activity.delivery}",
            self._contacts.names(origin.tenant, named_in(what)),
            {one: standing for one, standing in people.items() if standing},
            self._channels(origin, what), origin.whence, origin.several, activity.told_at(now, self._time),
        )  # fmt: skip
        return self._bot.handle(request, PERSONAL if activity.personal else CAPABILITIES)

    def _channels(self, origin: Origin, what: What) -> dict[str, ChannelFacts]:
        """Of the channels that settings are to name: is the bot there, and is it shared with others?"""
        if isinstance(what, Submitted):
            named = {text for name, text in what.inputs.items() if name.endswith("_channel")}
        elif isinstance(what, Command | Said) and split(what.text, CAPABILITIES)[0] == "settings":
            named = set(re.findall(SHARED, what.text))
            named |= {origin.activity.conversation} if "here" in what.text.lower().split() else set()
        else:
            return {}
        found = {}
        for one in named - {""}:
            known = self._contacts.conversation(origin.tenant, one)
            here = one == origin.activity.conversation
            found[one] = ChannelFacts(
                shared=origin.activity.shared if here else None,
                joined=here or (known is not None and not known.dead),
            )
        return found

    def _seen(self, origin: Origin, now: datetime) -> bool:
        """Was this delivery worked on before, by this process or one before it?"""
        activity = origin.activity
        key = f"seen|{activity.delivery}"
        return bool(activity.id) and not self._store.first_time(origin.tenant, key, now=now)

    async def _answered(self, origin: Origin, what: What | None, replies: list[Reply]) -> Mapping[str, Any]:
        """The answer to an Execute; the message itself, and whatever else there is, follow."""
        activity = origin.activity
        if not replies:
            return execute.line_answer(AGAIN)
        shared = not activity.personal
        parts = execute.split(replies, of_form=isinstance(what, Submitted), shared=shared)
        if parts.instead is None:
            line, rest = execute.line_for(parts.rest, shared=shared, thread=bool(activity.place.thread))
            self._afterwards.spawn(self._deliver.replies(origin, list(rest), note=False))
            return execute.line_answer(line)
        drawn = await self._deliver.named.card(origin.target, parts.instead, activity.object_id)
        self._afterwards.spawn(self._deliver.instead(origin, parts.instead, list(parts.rest)))
        return execute.card_answer(drawn)

    def _consented(self, origin: Origin) -> Answer:
        """To a document that was offered: yes or no."""
        if not origin.activity.object_id:
            return self._refused(origin)
        try:
            consent = Consent.read(origin.activity.value)
        except Malformed as malformed:
            log.warning("an answer to an offer was left: %(error)s", {"error": malformed})
            return 200, None
        here = origin.activity
        self._afterwards.spawn(
            self._deliver.giving.answered(origin.target, here.object_id, consent, here.reply_to)
        )
        return 200, None

    def _refused(self, origin: Origin) -> Answer:
        if origin.activity.kind == "invoke":
            return 200, execute.error_answer(NO_ID)
        self._afterwards.spawn(self._deliver.line(origin, NO_ID))
        return 200, None

    def _failed(self, activity: Activity) -> Answer:
        """Not a 500: Teams would send the same again, and show nothing."""
        if activity.kind == "invoke":
            return 200, execute.error_answer(FAILED)
        origin = Origin(UNLINKED, min(activity.tenants), activity)
        if activity.kind == "message":
            self._afterwards.spawn(self._deliver.line(origin, FAILED))
        return 200, None
