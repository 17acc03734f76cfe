"""Pings and posts that nobody just asked for, into Slack: each outcome told apart, and read back by its
key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.cards import Card
from bot.core.messages import mark_of
from bot.core.reminders.sending import Absent, Found, NotPosted, Outcome, Posted, Unknown, Unreadable
from bot.slack import blocks, web
from storage.model import Destination

PLATFORM = "slack"
# What a workspace says of an id that is another one's.
NOT_HERE = frozenset({"channel_not_found", "user_not_found", "users_not_found"})


class SlackSender:
    """core's `Sender`."""

    platform = PLATFORM

    def __init__(self, api: web.Web) -> None:
        self._web = api

    async def send(self, tenant: str, place: Destination, card: Card, keys: Sequence[str]) -> Outcome:
        try:
            channel = await self._channel(place)
            return Posted(
                await self._web.post_once(
                    channel, blocks.message(_marked(card, tenant)), thread=place.thread, keys=keys
                )
            )
        except (web.Failed, web.Unsure) as problem:
            if isinstance(problem, web.Failed) and problem.error == "thread_not_found" and place.thread:
                return await self.send(tenant, Destination(place.platform, place.conversation), card, keys)
            return outcome_of(problem)

    async def update(self, tenant: str, place: Destination, message: str, card: Card) -> Outcome:
        try:
            channel = await self._channel(place)
            await self._web.once(
                "chat.update", channel=channel, ts=message, **blocks.message(_marked(card, tenant))
            )
        except (web.Failed, web.Unsure) as problem:
            return outcome_of(problem)
        return Posted(message)

    async def find(self, tenant: str, place: Destination, key: str, since: datetime) -> Found:
        try:
            channel = await self._channel(place)
            found = await self._web.find(channel, key, since=since.timestamp(), thread=place.thread)
            if not found and place.thread:  # a thread whose root was deleted is answered outside of it
                found = await self._web.find(channel, key, since=since.timestamp())
        except web.Failed as failed:
            if failed.error == "thread_not_found" and place.thread:
                return await self.find(tenant, Destination(place.platform, place.conversation), key, since)
            return _not_looked(failed)
        except web.Unsure as unsure:
            return Unknown(str(unsure))
        return Posted(found) if found else Absent()

    async def clock(self) -> datetime | Unknown | None:
        before, why = self._web.time.told, "its answers do not tell it"
        try:
            await self._web.once("auth.test")
        except (web.Failed, web.Unsure) as problem:
            why = str(problem)  # it may have told the time all the same
        told = self._web.time.told
        return told if told is not None and told is not before else Unknown(why)

    async def _channel(self, place: Destination) -> str:
        """A person's id as conversation means their direct message."""
        if place.conversation.startswith(("U", "W")):
            return await self._web.direct(place.conversation)
        return place.conversation


def _marked(card: Card, tenant: str) -> Card:
    return replace(card, tenant=mark_of(tenant))


def _not_looked(failed: web.Failed) -> Found:
    """A refusal to let us look says nothing about whether the message is there."""
    if isinstance(failed, web.RateLimited):
        return Unknown(failed.error, failed.seconds)
    return Unknown(failed.error) if failed.passes else Unreadable(failed.error, failed.error in NOT_HERE)


def outcome_of(problem: web.Failed | web.Unsure) -> Outcome:
    """Of a refusal nothing but a limit and a Slack that nobody reaches passes: Slack has some hundred words
    for it, and makes new ones."""
    if isinstance(problem, web.Unsure):
        return Unknown(str(problem))
    seconds = problem.seconds if isinstance(problem, web.RateLimited) else 0.0
    here = problem.error not in NOT_HERE
    return NotPosted(problem.error, passes=problem.passes, retry_after=seconds, not_here=not here)
