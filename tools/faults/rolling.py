"""One release after another while people use it: two replicas of `irmer serve` on one database, each ended as
it is told once the next serves, forth and back over a schema that has something more.

They are called by HTTP, by a proxy that asks for `/ready`: it decides who is called, so nothing need be lost.
Who is on Slack's sockets is decided by Slack, which sends a command to a socket that is about to be closed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import aiohttp
import psycopg

import bot.process
import storage.postgres.store
import storage.release
from bot.configuration import Settings
from storage.model import NewCase, Person
from storage.postgres.server import ServerAddress
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_state import TEAM, NotAcknowledged
from tests.storage.helpers import assessment
from tools.faults.rows import PROCESSES, Row, whole
from tools.faults.servers import a_server
from tools.faults.stores import opened
from tools.postgres import OWNER, SERVES

OURS, NEXT = "0.1.0", "0.2.0"
LATER = "m999_of_the_next_release"
TABLES = ("outbox", "case_file", "delivery", "process")
STARTS, ENDS = 120.0, 40.0  # seconds
PEOPLE, PAUSE, LOOKS = 6, 0.1, 0.2
LOOK_UPS = ("threshold foetal", "cases", "records", "help", "threshold 4.2b")


def replica(where: ServerAddress, given: dict[str, str], release: str, told: Connection) -> None:
    """`irmer serve` in a process of its own, as a release of this name."""
    for module in (bot.process, storage.postgres.store, storage.release):
        module.program_version = lambda: release  # type: ignore[attr-defined]
    here = ("127.0.0.1", 0)
    bot.process.run(Settings.of(given), opened(where), here, here, says=told.send)


class Replica:
    def __init__(self, where: ServerAddress, given: dict[str, str], release: str) -> None:
        self._told, theirs = PROCESSES.Pipe(duplex=False)
        self._process = PROCESSES.Process(
            target=replica, args=(where, given, release, theirs), daemon=True
        )  # fmt: skip
        self._process.start()
        theirs.close()
        self.url = self.health = ""

    async def serves(self) -> None:
        async with asyncio.timeout(STARTS):
            while not self.health:
                line = await asyncio.to_thread(self._told.recv)
                if line.startswith("Serving at "):
                    self.url = line.split()[2].rstrip(".")
                if line.startswith("How it is: "):
                    self.health = line.split()[-1]

    async def ready(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(self.health.replace("/health", "/ready")) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def end(self) -> int | None:
        """Its exit status; None where it has not ended in time."""
        self._process.terminate()
        await asyncio.to_thread(self._process.join, ENDS)
        status = self._process.exitcode
        self._process.kill()
        return status


async def proxy(slack: FakeSlack, running: list[Replica]) -> None:
    """Hands requests to whoever is ready, in turns."""
    async with aiohttp.ClientSession() as http:
        while True:
            for one in list(running):
                if one.health and await one.ready(http):
                    slack.bot_url = f"{one.url}/slack/events"
                    await asyncio.sleep(LOOKS)


@dataclass
class Load:
    """People who type without a pause. `noted` are the notes that were acknowledged."""

    slack: FakeSlack
    ref: str
    told: Counter[str] = field(default_factory=Counter)
    noted: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def person(self, number: int) -> None:
        person, typed = self.slack.add_person(f"person{number}"), 0
        while not self.stop.is_set():
            typed += 1
            note = f"told ward {number} of bed {typed}"
            for text in (LOOK_UPS[typed % len(LOOK_UPS)], f"note {self.ref} {note}"):
                try:
                    await person.command(text)
                except NotAcknowledged as problem:
                    self.failed.append(f"{text}: {problem}")
                else:
                    self.told[text.split()[0]] += 1
                    self.noted += [note] if note in text else []
                if self.told.total() >= self.wanted:
                    self.enough.set()
                await asyncio.sleep(PAUSE)

    async def some(self, many: int = 30) -> None:
        """Until so many more were acknowledged."""
        self.wanted, self.enough = self.told.total() + many, asyncio.Event()
        await self.enough.wait()


@asynccontextmanager
async def _load(slack: FakeSlack, ref: str) -> AsyncIterator[Load]:
    load = Load(slack, ref)
    async with asyncio.TaskGroup() as people:
        for number in range(PEOPLE):
            people.create_task(load.person(number))
        try:
            yield load
        finally:
            load.stop.set()


def _expanded(owner: str) -> None:
    """As `irmer migrate` of the next release would: a column more that may be null, and the step."""
    with psycopg.connect(owner, autocommit=True) as conn:
        conn.execute("set search_path = irmer")
        conn.execute("set lock_timeout = '2s'")
        for table in TABLES:
            conn.execute(f"alter table {table} add column of_the_next_release text")
        now = datetime.now(UTC).isoformat()
        conn.execute("insert into schema_step values (%s, 999, %s, %s, %s)", [LATER, NEXT, OURS, now])


def _contracted(owner: str) -> None:
    with psycopg.connect(owner, autocommit=True) as conn:
        conn.execute("set search_path = irmer")
        for table in TABLES:
            conn.execute(f"alter table {table} drop column of_the_next_release")
        conn.execute("delete from schema_step where name = %s", [LATER])


async def _rolled(where: ServerAddress, owner: str, ref: str) -> tuple[Load, int, Counter[str]]:
    """The load, how many replicas did not end well, and the releases that were seen side by side."""
    async with FakeSlack(began=None, seconds_a_message=0.0, limits=False, strict=False) as slack:
        given = {
            "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
        }  # fmt: skip
        running = [Replica(where, given, OURS) for _ in range(2)]
        for one in running:
            await one.serves()
        slack.bot_url = f"{running[0].url}/slack/events"
        handing = asyncio.create_task(proxy(slack, running))
        badly, seen, store = 0, Counter[str](), opened(where)
        async with _load(slack, ref) as load:
            await load.some()
            await asyncio.to_thread(_expanded, owner)
            await load.some()
            for release in (NEXT, NEXT, OURS, OURS):
                running.append(Replica(where, given, release))
                await running[-1].serves()
                await load.some()
                seen["+".join(sorted({one.release for one in store.running()}))] += 1
                badly += await running[0].end() != 0
                running.pop(0)
                await load.some()
        handing.cancel()
        for one in running:
            badly += await one.end() != 0
        store.close()
        return load, badly, seen


def rolling() -> Row:
    with a_server() as (server, name):
        where = ServerAddress(server.address(name, SERVES))
        owner = server.address(name, OWNER)
        store = opened(where)
        now = datetime.now(UTC)
        new = NewCase("Wrong patient", now.date(), (assessment(),))
        ref = store.open_case(TEAM, new, by=Person("U1"), now=now).ref
        load, badly, seen = asyncio.run(_rolled(where, owner, ref))
        _contracted(owner)
        kept = {note.text for note in store.notes(TEAM, ref)}
        lost = len(set(load.noted) - kept)
        problems = store.verify()
        left = len(store.running())
        store.close()
    both = seen[f"{OURS}+{NEXT}"]
    found = (
        f"4 replicas replaced, {load.told.total():,} commands: {len(load.failed)} not acknowledged, "
        f"{lost} of {len(load.noted):,} notes lost, {badly} ended badly, {left} left a row, {whole(problems)}"
    )
    return Row("upgrade", found, not (load.failed or lost or badly or left or problems) and both > 1)
