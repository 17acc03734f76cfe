"""A worker process: the bot's own delivery over its own Slack sender, with times short enough for a test."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from bot.core.cards import Card, Text
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import Timings
from bot.slack.sender import SlackSender
from bot.slack.web import Web
from storage.model import Destination
from storage.plans import Batch, Outgoing, PingPlan
from tools.faults.stores import Where, opened

QUICK = Timings(request=1.0, lease=4.0, settle=2.0, poll=0.1, pace=0.0, backoff=0.2)


class Listing:
    """Says which pings a message holds, and nothing else, so that they can be counted at the far end."""

    def card(self, batch: Batch, now: datetime, *, repeat: bool) -> Card:
        return Card("Reminders", tuple(Text(item.key) for item in batch.items))

    def instead(self, batch: Batch) -> tuple[Destination, ...]:
        return ()

    def beside(self, *_: object) -> tuple[()]:
        return ()

    def unseen(self, *_: object) -> str:
        return ""

    def copies(self, *_: object) -> tuple[()]:
        return ()

    def follow(self, item: Outgoing, now: datetime) -> tuple[PingPlan, ...]:
        return ()


def wall() -> datetime:
    return datetime.now(UTC)


def work(where: Where, api_url: str, token: str, name: str) -> None:
    asyncio.run(_work(where, api_url, token, name))


async def _work(where: Where, api_url: str, token: str, name: str) -> None:
    web = Web(token, api_url=api_url, seconds_a_message=0.0)
    await web.start()
    store = opened(where)
    delivery = Delivery(
        store, SlackSender(web), Listing(), worker=name, clock=Clock(wall, time.monotonic), timings=QUICK
    )
    await delivery.run(asyncio.Event())
