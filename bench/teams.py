"""How fast Teams is answered: this bot beside a bare echo bot on the same SDK, in the same run.

Measured from the moment the signed activity leaves until the reply arrives at the Connector, over loopback
HTTP, each bot in a process of its own, for people who have written before. `threshold foetal` goes through
signature, door, conversation and store; the echo bot checks the signature, parses, and sends the text back.

    python -m bench.teams
"""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import Conversation, Member

REQUESTS = 300
AT_ONCE, EACH = 16, 40
CHATS = 120  # of each client: nobody is answered faster than Teams allows


@dataclass
class Connector:
    """Gives the keys, says who is in a chat, takes whatever comes, and notes when. In one loop with the
    clients: threads would wait for each other here, and that would be measured."""

    teams: FakeTeams
    address: str = ""
    arrived: dict[str, asyncio.Future[float]] = field(default_factory=dict)

    async def keys(self, _request: web.Request) -> web.Response:
        return web.json_response(self.teams.connector.keys())

    async def member(self, request: web.Request) -> web.Response:
        return web.json_response(self.teams.connector.member(request.path))

    async def post(self, request: web.Request) -> web.Response:
        at = time.perf_counter()
        await request.read()
        self.arrived[request.match_info["conversation"]].set_result(at)
        return web.json_response({"id": "1"}, status=201)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_get("/v1/.well-known/keys", self.keys)
        app.router.add_get("/teams/v3/conversations/{conversation}/members/{member}", self.member)
        app.router.add_post("/teams/v3/conversations/{conversation}/activities", self.post)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield
        await runner.cleanup()


class Bot:
    """One bot in a process of its own."""

    def __init__(self, kind: str, connector: Connector) -> None:
        told = {"keys": f"{connector.address}/v1/.well-known/openidconfiguration"}
        told |= {
            "service": connector.address,
            "login": connector.teams.connector.address,  # asked for a token once
            "app": connector.teams.app_id,
            "tenant": connector.teams.tenant,
            "secret": connector.teams.secret,
        }
        told["token"] = connector.teams.bot_token()
        command = [sys.executable, "-W", "ignore", "-m", "bench.teams", kind, json.dumps(told)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()

    def __enter__(self) -> Bot:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)


class Client:
    """Writes to a bot as one person after the other, each in their chat, and waits for each reply."""

    def __init__(self, session: aiohttp.ClientSession, bot: Bot, connector: Connector, name: str) -> None:
        self.session, self.bot, self.connector = session, bot, connector
        people = [Member(f"29:{name}-{number}", str(uuid.uuid4()), "N") for number in range(CHATS)]
        self.chats = itertools.cycle([(f"a:{one.object_id}", one) for one in people])
        for one in people:
            chat = f"a:{one.object_id}"
            connector.teams.people[one.id] = one
            connector.teams.conversations[chat] = Conversation(chat, "personal", {one.id})
        self.service_url = f"{connector.address}/teams/"
        token = connector.teams.token(serviceurl=self.service_url)
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    async def ask(self) -> float:
        """Seconds from the signed activity's departure to the reply's arrival."""
        chat, who = next(self.chats)
        activity = self.connector.teams.activity("message", chat, who, text="threshold foetal")
        activity["serviceUrl"] = self.service_url
        arrived = self.connector.arrived[chat] = asyncio.get_running_loop().create_future()
        body = json.dumps(activity).encode()
        began = time.perf_counter()
        url = f"{self.bot.address}/api/messages"
        async with self.session.post(url, data=body, headers=self.headers) as response:
            assert response.status == 200, response.status
            await response.read()
        return await asyncio.wait_for(arrived, 30) - began


async def measure() -> None:
    teams = FakeTeams()
    teams.connector.start()
    connector = Connector(teams)
    with ExitStack() as stack:
        stack.callback(teams.stop)
        async with (
            connector.serving(),
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        ):
            bots = {kind: stack.enter_context(Bot(kind, connector)) for kind in ("echo", "ours")}
            await one_at_a_time({kind: Client(session, bot, connector, kind) for kind, bot in bots.items()})
            print(f"{f'{AT_ONCE} at once':24}{'median':>10}{'99th':>10}   {AT_ONCE * EACH} each")
            for kind, bot in bots.items():
                found = await at_once([Client(session, bot, connector, f"{kind}{n}") for n in range(AT_ONCE)])
                print(f"{kind:24}{_ms(statistics.median(found))}{_ms(_percentile(found, 99))}")
            print(f"{'':44}   to reach: 100 ms at most, ours")


async def at_once(clients: list[Client]) -> list[float]:
    for _ in range(CHATS // EACH):  # people who have written before, over connections that are open
        await asyncio.gather(*(many(client) for client in clients))
    return list(itertools.chain(*await asyncio.gather(*(many(client) for client in clients))))


async def one_at_a_time(clients: dict[str, Client]) -> None:
    """Turn and turn about, so that whatever else the machine does hits both."""
    for client in clients.values():
        for _ in range(CHATS):
            await client.ask()
    times: dict[str, list[float]] = {kind: [] for kind in clients}
    for _ in range(REQUESTS):
        for kind, client in clients.items():
            times[kind].append(await client.ask())
    medians = {kind: statistics.median(found) for kind, found in times.items()}
    print(f"{'one at a time':24}{'median':>10}{'99th':>10}   {REQUESTS} each")
    for kind, found in times.items():
        print(f"{kind:24}{_ms(medians[kind])}{_ms(_percentile(found, 99))}")
    print(f"{'ours / echo':24}{medians['ours'] / medians['echo']:10.2f}             to reach: 2 at most\n")


async def many(client: Client) -> list[float]:
    return [await client.ask() for _ in range(EACH)]


def _percentile(found: list[float], percent: int) -> float:
    return statistics.quantiles(found, n=100)[percent - 1]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:7.1f} ms"


# The two bots, each in its process


async def ours(told: dict[str, str]) -> None:
    from datetime import UTC, datetime

    from bot.core.bot import Bot as Core
    from bot.rehearsal import leave_out_of_collections, rehearse
    from bot.serve import Server
    from bot.teams.asked import CAPABILITIES
    from bot.teams.service import TeamsService
    from bot.teams.settings import TeamsSettings
    from storage.sqlite import open_store

    settings = TeamsSettings(
        client_id=told["app"],
        client_secret=told["secret"],
        tenant_id=told["tenant"],
        login_url=told["login"],
        service_url=told["service"],
    )
    with tempfile.TemporaryDirectory() as directory:
        store = open_store(Path(told.get("database") or Path(directory) / "irmer.sqlite"))
        service = TeamsService(settings, Core(store, nation="england"), store, lambda: datetime.now(UTC))
        rehearse([CAPABILITIES], datetime.now(UTC))  # as `irmer serve` does
        leave_out_of_collections()
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
        asyncio.run(measure())
    else:
        asyncio.run({"ours": ours, "echo": echo}[sys.argv[1]](json.loads(sys.argv[2])))
