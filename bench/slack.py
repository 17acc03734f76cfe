"""The Slack face under load, beside a bare bolt app that echoes: `python -m bench.slack` prints one table.

Each bot is a process of its own and is spoken to over real HTTP or a real WebSocket with real signatures;
this process plays Slack. Only ratios and shares of the limits mean anything on a machine that others use too.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import TEAM

ROUNDS, BATCH = 12, 100
AT_ONCE = 16
PEOPLE, CHECKS, THINKING = 64, 4, 2.0
PINGS, CHANNELS = 1_000, 50
COMMANDS = 10_000
LOOK_UP = "threshold foetal"


@asynccontextmanager
async def process(
    slack: FakeSlack, module: str, database: str, **environment: str
) -> AsyncIterator[tuple[str, int]]:
    """A bot as a process: its address and its process id."""
    given = {
        **os.environ, "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url, "IRMER_DATABASE": database, **environment,
    }  # fmt: skip
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=given, stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout is not None
    try:
        line = (await asyncio.wait_for(running.stdout.readline(), 60)).decode().strip()
        yield json.loads(line)["url"], running.pid
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()


def body(slack: FakeSlack, text: str, number: int) -> bytes:
    """Each command from a person of its own: the same twice within five seconds would be one."""
    fields = {
        "team_id": TEAM, "user_id": f"U{number:08d}", "user_name": "somebody", "channel_id": "C0INCIDENTS",
        "command": "/irmer", "text": text, "trigger_id": f"{number}.t", "api_app_id": "A0IRMER",
        "response_url": f"{slack.base}/hooks/none", "is_enterprise_install": "false",
    }  # fmt: skip
    return urlencode(fields).encode()


class Load:
    def __init__(self, slack: FakeSlack) -> None:
        self.slack, self._number = slack, 0

    async def one(self, url: str, text: str = LOOK_UP) -> float:
        """Milliseconds until the acknowledgement."""
        self._number += 1
        data = body(self.slack, text, self._number)
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self.slack.sign(data)}
        began = time.perf_counter()
        async with self.slack.http.post(url, data=data, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            assert text, "no answer"
        return (time.perf_counter() - began) * 1000

    async def many(self, url: str, count: int, at_once: int = 1) -> list[float]:
        left = iter(range(count))
        times: list[float] = []

        async def lane() -> None:
            for _ in left:
                times.append(await self.one(url))  # noqa: PERF401

        await asyncio.gather(*(lane() for _ in range(at_once)))
        return times


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


async def look_ups(load: Load, ours: str, bare: str) -> list[tuple[str, str, str]]:
    """In turns, so that whatever else the machine does falls on both."""
    for url in (ours, bare):
        await load.many(url, 200)
    mine: list[float] = []
    echo: list[float] = []
    for _ in range(ROUNDS):
        mine += await load.many(ours, BATCH)
        echo += await load.many(bare, BATCH)
    crowd = await load.many(ours, 1_600, AT_ONCE)
    crowd_bare = await load.many(bare, 1_600, AT_ONCE)
    ratio = statistics.median(mine) / statistics.median(echo)
    return [
        ("look-up, median", f"{statistics.median(mine):.2f} ms", ""),
        ("bare bolt echo, median", f"{statistics.median(echo):.2f} ms", ""),
        ("look-up / bare echo", f"{ratio:.2f}", "at most 2"),
        (f"look-up, 99th percentile, {AT_ONCE} at once", f"{percentile(crowd, 0.99):.1f} ms", "under 50 ms"),
        (f"bare bolt echo, 99th percentile, {AT_ONCE} at once", f"{percentile(crowd_bare, 0.99):.1f} ms", ""),
    ]


async def memory(load: Load, url: str, pid: int) -> list[tuple[str, str, str]]:
    await load.many(url, COMMANDS // 2, AT_ONCE)
    before = resident(pid)
    await load.many(url, COMMANDS // 2, AT_ONCE)
    middle = resident(pid)
    await load.many(url, COMMANDS // 2, AT_ONCE)
    after = resident(pid)
    growth = f"{before:.1f} → {middle:.1f} → {after:.1f} MB"
    return [(f"memory over {COMMANDS:,} commands", growth, f"flat: {100 * (after - before) / before:+.1f}%")]


def resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def checks(slack: FakeSlack) -> list[tuple[str, str, str]]:
    """People who open the form, change an answer and close it, while a thousand pings are due."""
    people = [slack.add_person(f"person{number}") for number in range(PEOPLE)]
    times: list[float] = []
    before = len(slack.calls)
    await asyncio.gather(*(checking(slack, person, times) for person in people))
    posts = [c for c in slack.calls[before:] if c.method == "chat.postMessage"]
    forms = [c for c in slack.calls[before:] if c.method == "views.update"]
    return [
        (f"/irmer check acknowledged, median ({PEOPLE} people)", f"{statistics.median(times):.1f} ms", ""),
        ("/irmer check acknowledged, 99th percentile", f"{percentile(times, 0.99):.1f} ms", "under 100 ms"),
        ("meanwhile: forms filled, pings posted", f"{len(forms)}, {len(posts)}", f"{PINGS} due"),
    ]


async def checking(slack: FakeSlack, person: Person, times: list[float]) -> None:
    await asyncio.sleep(random.uniform(0, THINKING))
    for _ in range(CHECKS):
        seen = len(slack.acknowledgements)
        began = time.perf_counter()
        await person.command("check new")
        times.append((time.perf_counter() - began) * 1000)
        assert len(slack.acknowledgements) > seen
        await slack.until(lambda: person.view and person.view.content["callback_id"] == "form", 30)
        await asyncio.sleep(random.uniform(0.5, 1.5) * THINKING)
        await person.fill("Was any exposure", "No, none at all")
        await asyncio.sleep(max(6.0 - (time.perf_counter() - began), random.uniform(0.5, 1.5) * THINKING))
        await person.close()


async def resets(slack: FakeSlack) -> list[tuple[str, str, str]]:
    healed: list[float] = []
    asked = 0
    for number in range(10):
        person = slack.add_person(f"late{number}")
        await person.say(LOOK_UP)  # acknowledged, and its answer still to come
        asked += 1
        hellos, began = len(slack.sockets.hellos), time.perf_counter()
        slack.sockets.reset()
        await slack.until(lambda hellos=hellos: len(slack.sockets.hellos) > hellos and slack.sockets.open, 30)
        await person.command("help")
        healed.append(time.perf_counter() - began)
    await slack.quiet(1.0)
    late = [slack.direct(p.id) for p in slack.people.values() if p.name.startswith("late")]
    answers = sum(1 for channel in late for m in channel.messages if m.by_bot)
    return [
        ("Socket Mode reset: receiving again, worst of 10", f"{max(healed):.2f} s", "under 2 s"),
        ("acknowledged before a reset, answered after", f"{answers} of {asked}", f"{asked} of {asked}"),
    ]


async def main() -> int:
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with FakeSlack(began=None, limits=False, strict=False, seconds_a_message=0.0) as slack:
            async with (
                process(slack, "bench.slack_bot", f"{folder}/1.sqlite") as (ours, pid),
                process(slack, "bench.slack_echo", "") as (bare, _),
            ):
                load = Load(slack)
                rows += await look_ups(load, ours, bare)
                rows += await memory(load, ours, pid)
            async with process(slack, "bench.slack_bot", f"{folder}/2.sqlite", PINGS=str(PINGS)) as (ours, _):
                slack.bot_url = ours
                for number in range(CHANNELS):
                    slack.add_channel(f"ward{number}", f"C0WARD{number}")
                rows += await checks(slack)
            slack.bot_url = ""
            async with process(
                slack, "bench.slack_bot", f"{folder}/3.sqlite", SLACK_APP_TOKEN=slack.app_token
            ):
                rows += await resets(slack)
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        print("  ".join(part.ljust(width) for part, width in zip(row, widths, strict=True)).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
