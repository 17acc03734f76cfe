"""The list, themes and trends of 100,000 incidents, as they are asked for in Slack and in Teams:
`python -m bench.register_faces`, or `make bench-faces`.

Each bot is a process of its own over the same file, and is spoken to by signed requests over loopback; this
process plays the platform. Milliseconds of the bot's processor time until the answer to a message is there,
the middle of three, which says the same on a busy machine; what the core takes by itself stands beside it,
and where an answer has a picture, what all of it takes. Linux alone tells of another process's time.
`--keep DIRECTORY` takes a store that `bench.register` left behind; `--rows` for another size.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.register import ASKED, NOW, TASKS, asked, make
from bench.register import T as REGISTER
from bench.slack import process
from storage.model import Person
from storage.organisation_model import Outside
from storage.sqlite import open_store
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_state import TEAM
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX, TENANT

GOAL, TIMES, PATIENCE = 300, 3, 60
QUIET = 1.5  # seconds without anything more: then the answer was whole
WITH_PICTURE = ("trends",)


@dataclass(frozen=True)
class Answered:
    """Milliseconds of processor time until the first of it is there, and until the last."""

    first: float
    whole: float


def lead_there(file: Path) -> None:
    """What both fakes send is the register's organisation's."""
    store, by = open_store(file), Person("U1")
    if not store.leads():
        store.add_organisation(REGISTER, "The bench", by=by, now=NOW)
        for outside in (Outside("slack", "workspace", TEAM), Outside("teams", "directory", TENANT)):
            store.bind(REGISTER, outside, how="", by=by, now=NOW)
    store.close()


def spent(process_id: int) -> float:
    """Milliseconds of processor time, of all its threads."""
    threads = Path(f"/proc/{process_id}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e6


async def answered(
    process_id: int, ask: Callable[[], Awaitable[object]], there: Callable[[], int]
) -> Answered:
    """`there`: how many parts of answers have come so far."""
    seen, began, last = there(), spent(process_id), time.monotonic()
    asking = asyncio.ensure_future(ask())
    first = whole = 0.0
    while time.monotonic() - last < (QUIET if whole else PATIENCE):
        if (now := there()) > seen:
            seen, last, whole = now, time.monotonic(), spent(process_id) - began
            first = first or whole
        await asyncio.sleep(0.001)
    await asking
    assert whole, f"no answer within {PATIENCE} s"
    return Answered(first, whole)


@asynccontextmanager
async def slack(file: Path) -> AsyncIterator[Callable[[str], Awaitable[Answered]]]:
    async with (
        FakeSlack(began=None, limits=False, strict=False) as fake,
        process(fake, "bench.slack_bot", str(file)) as (url, running),
    ):
        fake.bot_url, who = url, fake.radiographer

        def there() -> int:
            return sum(m.user != who.id for c in fake.channels.values() for m in c.messages)

        yield lambda words: answered(running, lambda: who.say(words, who.direct), there)


@asynccontextmanager
async def teams(file: Path) -> AsyncIterator[Callable[[str], Awaitable[Answered]]]:
    fake = FakeTeams().start()
    told = {"login": fake.connector.address, "service": fake.service_url, "app": fake.app_id,
            "tenant": fake.tenant, "secret": fake.secret, "database": str(file)}  # fmt: skip
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "bench.teams", "ours", json.dumps(told),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    try:
        fake.bot = (await running.stdout.readline()).decode().strip() + "/api/messages"
        chat = f"a:{ALEX.id[3:]}"
        yield lambda words: answered(
            running.pid, lambda: asyncio.to_thread(fake.say, words, chat), lambda: len(fake.posted(chat))
        )
    finally:
        running.terminate()
        await running.wait()
        await asyncio.to_thread(fake.stop)


async def timed(ask: Callable[[str], Awaitable[Answered]]) -> dict[str, Answered]:
    found = {}
    for words in ASKED:
        print(f"  {words} …", file=sys.stderr, flush=True)
        await ask(words)
        each = [await ask(words) for _ in range(TIMES)]
        found[words] = Answered(
            statistics.median(one.first for one in each), statistics.median(one.whole for one in each)
        )
    return found


async def measure(folder: Path) -> None:
    core = asked(folder)
    file = folder / "irmer.sqlite"
    lead_there(file)
    faces = {}
    for name, face in (("Slack", slack), ("Teams", teams)):
        async with face(file) as ask:
            print(f"{name} …", file=sys.stderr, flush=True)
            faces[name] = await timed(ask)
    print("| asked | core, ms | Slack | Teams | with its picture, Slack and Teams |\n|---|---|---|---|---|")
    for words in ASKED:
        first = " | ".join(f"{found[words].first:.0f}" for found in faces.values())
        whole = ", ".join(f"{found[words].whole:.0f}" for found in faces.values())
        pictured = whole if words.startswith(WITH_PICTURE) else ""
        print(f"| `{words}` | {core[words]:.0f} | {first} | {pictured} |")
    slowest = max(found[words].first for found in faces.values() for words in ASKED)
    print(f"\nThe slowest: {slowest:.0f} ms; to be reached: {GOAL} ms on every face")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "datix.csv").exists():
            make(folder, given.rows)
            TASKS["irmer, CSV brought in"](folder)
        asyncio.run(measure(folder))


if __name__ == "__main__":
    main()
