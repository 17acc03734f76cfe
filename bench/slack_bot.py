"""The real bot as a process for bench.slack; with PINGS set that many are due in fifty channels."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.core.bot import Bot
from bot.core.cards import Card
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import Timings
from bot.rehearsal import leave_out_of_collections, rehearse
from bot.serve import Server
from bot.slack.capabilities import FORMS
from bot.slack.service import connect
from bot.slack.settings import SlackSettings
from storage.model import Destination
from storage.plans import Batch, PingPlan, PostPlan
from storage.sqlite import open_store
from storage.store import Store


class Contents:
    """What a ping says is not measured here."""

    def card(self, batch: Batch, *_: object, **__: object) -> Card:
        return Card(f"{len(batch.items)} due")

    def instead(self, *_: object) -> tuple[Destination, ...]:
        return ()

    def beside(self, *_: object) -> tuple[()]:
        return ()

    def unseen(self, *_: object) -> str:
        return ""

    def copies(self, *_: object) -> tuple[()]:
        return ()

    def follow(self, *_: object) -> PingPlan | None:
        return None


def now() -> datetime:
    return datetime.now(UTC)


def due(store: Store, tenant: str, count: int) -> None:
    for number in range(count):
        place = Destination("slack", f"C0WARD{number % 50}")
        store.post(tenant, PostPlan(f"ping-{number}", place), now=now())


async def main() -> None:
    store = await asyncio.to_thread(open_store, Path(os.environ["IRMER_DATABASE"]))
    settings = SlackSettings.of(os.environ)
    service = await connect(settings, Bot(store, nation="england"), store, now, seconds_a_message=0.0)
    due(store, service.tenant, int(os.environ.get("PINGS", "0")))
    delivery = Delivery(
        store,
        service.sender,
        Contents(),
        worker="bench",
        clock=Clock(now, time.monotonic),
        timings=Timings(pace=0.2),
    )
    await asyncio.to_thread(rehearse, [FORMS], now())  # as `irmer serve` does
    leave_out_of_collections()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with Server([service], [delivery], port=0) as server:
        print(json.dumps({"url": f"{server.url}/slack/events"}), flush=True)
        await server.until_stopped(stop)
    await asyncio.to_thread(store.close)


if __name__ == "__main__":
    asyncio.run(main())
