"""The fake Slack in a thread of its own, with faults drawn by chance. Its channels are what is counted."""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_web import Fault

# Slow ones answer after the worker has given up; "slow_before" reaches the channel only then.
KINDS = (
    Fault("429", seconds=0.2), Fault("500"), Fault("reset_before"), Fault("reset_after"), Fault("bad_json"),
    Fault("slow", seconds=1.5), Fault("slow_before", seconds=1.5),
)  # fmt: skip
KEY = re.compile(r"C\d\d-\d+/[a-z:]+/\d+/[^\"]+")


class Slack:
    """`chance` of each kind of fault, for each post and each reading back."""

    def __init__(self, channels: int, chance: float, seed: int) -> None:
        self.fake = FakeSlack(began=None, seconds_a_message=0.0, limits=False)
        self.channels = [self.fake.add_channel(f"c{n}", f"C0FAULTS{n}").id for n in range(channels)]
        self._random, self._chance = random.Random(seed), chance
        self.faults: Counter[str] = Counter()
        self.fake.web._fault = self._fault  # type: ignore[method-assign]

    def _fault(self, method: str) -> Fault | None:
        drawn = self._random.random()
        if drawn >= self._chance * len(KINDS):
            return None
        kind = KINDS[int(drawn / self._chance)]
        self.faults[kind.kind] += 1
        return kind

    def posted(self) -> Counter[str]:
        """How often each ping was posted."""
        messages = (message for channel in self.channels for message in self.fake.channels[channel].messages)
        return Counter(key for message in messages for key in KEY.findall(json.dumps(message.blocks)))


@contextmanager
def slack(channels: int, chance: float, seed: int) -> Iterator[Slack]:
    server = Slack(channels, chance, seed)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with server.fake:
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
