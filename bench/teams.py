"""How fast Teams is answered: this bot beside a bare echo bot on the same SDK, in the same run.

Measured from the moment the signed activity leaves until the reply arrives at the Connector, over loopback
HTTP, each bot in a process of its own, for people who have written before. `threshold foetal` goes through
signature, door, conversation and store; the echo bot checks the signature, parses, and sends the text back.

    python -m bench.teams
"""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.fakes.teams import FakeTeams
from tests.fakes.teams_connector import Connector
from tests.fakes.teams_world import Conversation, Member

REQUESTS = 300
AT_ONCE, EACH = 16, 40
PEOPLE = 100  # nobody is answered faster than Teams allows


class Arrivals(Connector):
    """Takes whatever comes, and notes when."""

    def __init__(self, teams: FakeTeams) -> None:
        super().__init__(teams)
        self.arrived: dict[str, threading.Event] = {}
        self.at: dict[str, float] = {}

    def write(self, path: str, *_: object) -> tuple[int, dict[str, Any]]:
        conversation = unquote(path.split("/")[4])
        self.at[conversation] = time.perf_counter()
        self.arrived[conversation].set()
        return 201, {"id": "1"}


class Bot:
    """One bot in a process of its own."""

    def __init__(self, kind: str, teams: FakeTeams) -> None:
        told = {"keys": teams.keys_url, "service": teams.connector.address, "app": teams.app_id}
        told |= {"tenant": teams.tenant, "token": teams.bot_token()}
        command = [sys.executable, "-W", "ignore", "-m", "bench.teams", kind, json.dumps(told)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = urlsplit(self.process.stdout.readline().strip())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


class Person:
    """Writes to a bot as one person after another, and waits for each reply."""

    def __init__(self, teams: FakeTeams, bot: Bot, arrivals: Arrivals, numbers: itertools.count[int]) -> None:
        self.teams, self.arrivals, self.numbers = teams, arrivals, numbers
        self.token = teams.token()
        self.connection = http.client.HTTPConnection(str(bot.address.hostname), bot.address.port, timeout=30)

    def ask(self) -> float:
        """Seconds from the signed activity's departure to the reply's arrival."""
        number = next(self.numbers) % PEOPLE
        name, who = (
            f"a:bench-{number}",
            Member(f"29:{number}", f"{number:08}-0000-0000-0000-000000000000", "N"),
        )
        arrived = self.arrivals.arrived[name] = threading.Event()
        body = json.dumps(self.teams.activity("message", name, who, text="threshold foetal")).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        began = time.perf_counter()
        self.connection.request("POST", "/api/messages", body, headers)
        response = self.connection.getresponse()
        response.read()
        assert response.status == 200, response.status
        assert arrived.wait(30), "no reply"
        return self.arrivals.at[name] - began


def measure() -> None:
    teams = FakeTeams()
    arrivals = teams.connector = Arrivals(teams)
    teams.start()
    for number in range(PEOPLE):
        name = f"a:bench-{number}"
        teams.conversations[name] = Conversation(name, "personal", {"29:alex"})
    bots = {kind: Bot(kind, teams) for kind in ("echo", "ours")}
    numbers = itertools.count()
    people = {kind: Person(teams, bot, arrivals, numbers) for kind, bot in bots.items()}
    for person in people.values():
        for _ in range(PEOPLE):
            person.ask()
    # Turn and turn about, so that whatever else the machine does hits both.
    times: dict[str, list[float]] = {kind: [] for kind in bots}
    for _ in range(REQUESTS):
        for kind, person in people.items():
            times[kind].append(person.ask())
    medians = {kind: statistics.median(found) for kind, found in times.items()}
    print(f"{'one at a time':24}{'median':>10}{'99th':>10}   {REQUESTS} each")
    for kind, found in times.items():
        print(f"{kind:24}{_ms(medians[kind])}{_ms(_percentile(found, 99))}")
    print(f"{'ours / echo':24}{medians['ours'] / medians['echo']:10.2f}            to reach: 2 at most\n")
    print(f"{f'{AT_ONCE} at once':24}{'median':>10}{'99th':>10}   {AT_ONCE * EACH} each")
    for kind, bot in bots.items():
        found = at_once(lambda bot=bot: Person(teams, bot, arrivals, numbers))  # type: ignore[misc]
        print(f"{kind:24}{_ms(statistics.median(found))}{_ms(_percentile(found, 99))}")
    print(f"{'':24}{'':10}{'':10}   to reach: 100 ms at most, ours")
    for bot in bots.values():
        bot.stop()
    teams.stop()


def at_once(person: Callable[[], Person]) -> list[float]:
    found: list[float] = []

    def work(one: Person) -> None:
        found.extend([one.ask() for _ in range(EACH)])

    threads = [threading.Thread(target=work, args=(person(),)) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _percentile(found: list[float], percent: int) -> float:
    return statistics.quantiles(found, n=100)[percent - 1]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:7.1f} ms"


# The two bots, each in its process


async def ours(told: dict[str, str]) -> None:
    from datetime import UTC, datetime

    from bot.core.bot import Bot as Core
    from bot.serve import Server
    from bot.teams.service import TeamsService
    from bot.teams.settings import TeamsSettings
    from storage.sqlite import open_store

    settings = TeamsSettings(told["app"], "", told["tenant"])
    settings = replace(
        settings,
        service_hosts=frozenset({told["service"].removeprefix("http://")}),
        service_scheme="http",
        keys_url=told["keys"],
        token=lambda *_: told["token"],
    )
    with tempfile.TemporaryDirectory() as directory:
        store = open_store(Path(directory) / "irmer.sqlite")
        service = TeamsService(settings, Core(store, nation="england"), store, lambda: datetime.now(UTC))
        async with Server([service], port=0) as server:
            print(server.url, flush=True)
            await asyncio.Event().wait()


async def echo(told: dict[str, str]) -> None:
    import uvicorn
    from microsoft_teams.api import MessageActivity
    from microsoft_teams.api.auth.cloud_environment import PUBLIC
    from microsoft_teams.apps import ActivityContext, App, FastAPIAdapter

    from tests.teams.running import free_port

    port = free_port()

    def server(app: Any) -> uvicorn.Server:
        return uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))

    bot = App(
        client_id=told["app"],
        tenant_id=told["tenant"],
        token=lambda *_: told["token"],
        cloud=replace(PUBLIC, openid_metadata_url=told["keys"]),
        http_server_adapter=FastAPIAdapter(server_factory=server),
    )

    @bot.on_message
    async def on_message(context: ActivityContext[MessageActivity]) -> None:
        await context.send(context.activity.text)

    print(f"http://127.0.0.1:{port}", flush=True)
    await bot.start(port)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        measure()
    else:
        asyncio.run({"ours": ours, "echo": echo}[sys.argv[1]](json.loads(sys.argv[2])))
