"""`irmer serve`: the platforms on one port, each connecting for itself, and one clock that reminds."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from bot import logs
from bot.configuration import Settings
from bot.connectable import as_it_is_now, configured, delivery, wall
from bot.connecting import Configured, Connecting
from bot.core.bot import Bot
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import Sender
from bot.core.reminders.serving import NotServed, Pair
from bot.core.reminders.several import Several
from bot.core.reminders.watch import Watch
from bot.core.whose import not_to_be_begun
from bot.heartbeat import Heartbeat
from bot.metrics import PATH as METRICS_PATH
from bot.metrics import Figured
from bot.metrics import page as metrics_page
from bot.presence import Presence
from bot.rehearsal import leave_out_of_collections, rehearse
from bot.running import Running
from bot.serve import GRACE, Server
from bot.site import HEALTH, Asgi, Loop
from bot.supervisor import Supervisor
from bot.usage import NotReady
from storage.databases import Database
from storage.errors import StoreError
from storage.model import UNLINKED, Destination
from storage.release import program_version
from storage.store import Store

END_WITHIN, UNDER_WAY = 28.0, 20.0  # seconds from a signal on; for what is in hand of them
NOTICE = 5.0  # of them, where another process is there to be called instead
STRAGGLERS = 0.5  # seconds for threads that wait for a network, once all else has ended


class Process:
    """What `irmer serve` runs: the platforms, each connecting for itself, and the watch over all of them."""

    def __init__(self, settings: Settings, store: Store, says: Callable[[str], None]) -> None:
        """Raises NotReady."""
        if line := not_to_be_begun(store, settings.tenant):
            raise NotReady(line)
        bot = Bot(store, nation=settings.nation, admins=settings.admins, shared=settings.shared_directories)
        self._store, self._says, self.clock = store, says, Clock(wall)
        self._prepared = asyncio.Event()
        self.presence = Presence(store, self.clock, program_version(), own=self._own, faces=self._hears_by)
        elsewhere = self.presence.elsewhere
        first = configured(settings, bot, store, elsewhere=elsewhere)
        now = partial(as_it_is_now, settings, bot, store, elsewhere)
        self.running = Running(first, self._connecting, now)
        self.heartbeat = Heartbeat(settings.heartbeat, wall) if settings.heartbeat else None
        here = self.platforms[0].face.name
        self.watch = Watch(
            store, Destination(here, here), self.clock, mine=self._mine, instead=self._instead,
            my_turn=partial(self.presence.my_turn, "watch"),
            looked=self.heartbeat.beat if self.heartbeat else None,
        )  # fmt: skip
        self.server: Server | None = None

    def _connecting(self, one: Configured) -> Connecting:
        def beside(service: Any) -> Delivery:
            sender = Several(service.sender, partial(self._others, service))
            return delivery(self._store, sender, one.face, clock=self.clock, tenant=lambda: service.tenants)

        return Connecting(one, beside, prepared=self._prepared, clock=wall, connected=self._connected)

    def _others(self, service: Any, tenant: str) -> list[Sender]:
        """The ways out that an organisation has on a platform beside one."""
        there = [one.service for one in self.platforms if one.service and tenant in one.tenants]
        return [one.sender for one in there if one is not service and one.name == service.name]

    async def _connected(self, service: Any) -> None:
        self._says(service.says)
        await self.presence.say()
        try:
            await asyncio.to_thread(service.begin)
            lines = await asyncio.to_thread(service.astray)
        except StoreError as problem:  # the watch looks again, and says so in /health
            lines = [f"the store: {problem}"]
        for line in lines:
            self._says(line)

    def _mine(self) -> frozenset[Pair]:
        for one in self.platforms:
            one.settle()
        served = {(tenant, one.face.name) for one in self.platforms for tenant in one.tenants}
        # One that is connected and leads to nobody is no start that is still under way.
        return frozenset(served | {(UNLINKED, one.face.name) for one in self.platforms if one.service})

    def _instead(self, tenant: str, platform: str) -> Delivery:
        face = self.platforms[0].face
        return delivery(self._store, NotServed(platform), face, clock=self.clock, tenant=lambda: tenant)

    @property
    def platforms(self) -> list[Connecting]:
        """Each connection, as they come and go."""
        return self.running.all

    @property
    def loops(self) -> list[Loop]:
        return [self.running, self.watch, self.presence]

    async def _own(self) -> list[str]:
        return await self.server.pages.own_problems() if self.server else []

    def _hears_by(self) -> Mapping[str, int]:
        return {face: many for one in self.platforms for face, many in one.hears_by.items()}

    def reaches(self) -> None:
        """Asks the store something. Raises StoreError."""
        self._store.running()

    async def give_notice(self) -> None:
        """While somebody else can be called instead, nobody is turned away."""
        if self.presence.others and any(one.routes for one in self.platforms):
            await asyncio.sleep(NOTICE)

    def waits(self) -> list[str]:
        """Why nobody can be served; empty where somebody can."""
        if not self._prepared.is_set():
            return ["it is starting"]
        if any(one.service for one in self.platforms):
            return []
        return [one.waits for one in self.platforms]

    async def prepare(self, stop: asyncio.Event) -> None:
        """Play a check through, before the first person comes."""
        faces = list({one.face.name: one.face for one in self.platforms}.values())
        await asyncio.to_thread(rehearse, faces, wall(), stop.is_set)
        leave_out_of_collections()
        self._prepared.set()

    async def settled(self) -> None:
        """Until each platform is connected, refused, or was not reached once. Raises NotReady where all
        refuse our tokens."""
        for one in self.platforms:
            await one.settled.wait()
        refused = [one.refused for one in self.platforms if one.refused]
        if len(refused) == len(self.platforms):
            raise NotReady(*dict.fromkeys(line for lines in refused for line in lines))
        for one in self.platforms:
            if one.waits:
                self._says(one.waits)


Address = tuple[str, int]
"""An address of this machine, and a port."""


async def serve(
    settings: Settings, store: Store, where: Address, admin: Address | None = None, *,
    says: Callable[[str], None], stop: asyncio.Event, grace: float = GRACE, database: Database | None = None,
) -> None:  # fmt: skip
    """Until `stop` is set. `where` the platforms call; `admin`, where it is another, says how it is. Raises
    NotReady, and CannotListen where a port is taken. With `database`, the store's file, figures stand beside
    it, never on the port that the platforms call."""
    process = Process(settings, store, says)

    async def problems() -> Sequence[str]:
        return await server.problems()

    more: dict[str, Asgi] = {}
    if admin and database:
        figured = Figured(store, database, process.platforms, process.loops, process.clock, process.heartbeat)
        more[METRICS_PATH] = metrics_page(figured, problems)
    server = process.server = Server(
        process.platforms, process.loops, host=where[0], port=where[1], admin=admin, waits=process.waits,
        grace=grace, more=more, reaches=process.reaches, beside=process.presence,
    )  # fmt: skip
    try:
        async with server:
            loop = asyncio.get_running_loop()
            supervisor = Supervisor(os.environ, process.loops, problems)
            telling = loop.create_task(supervisor.run(stop))
            beginning = loop.create_task(_begin(process, server, where[0], says, stop))
            try:
                await server.until_stopped(stop, beginning)
                server.pages.ending = True
                await process.give_notice()
            finally:
                beginning.cancel()
                if not stop.is_set():  # nobody told us to end: something failed
                    telling.cancel()
                await asyncio.wait([telling])
    finally:
        await process.presence.end()


async def _begin(
    process: Process, server: Server, host: str, says: Callable[[str], None], stop: asyncio.Event
) -> None:
    """Raises NotReady where nothing can ever be served."""
    await process.prepare(stop)
    await process.settled()
    if not ipaddress.ip_address(host).is_loopback:
        says(f"{host} is reached by other machines: put a proxy before it that speaks TLS.")
    says(f"Serving at {server.url}. Ctrl-C ends it.")
    if server.admin_url != server.url:
        says(f"How it is: {server.admin_url}{HEALTH}")
    await stop.wait()


def heed_signals(act: Callable[[], None]) -> None:
    """SIGTERM and Ctrl-C, also while the loop does not turn."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: act())


def run(
    settings: Settings, store: Store, where: Address, admin: Address | None = None, *,
    says: Callable[[str], None], database: Database | None = None,
) -> None:  # fmt: skip
    """Until a signal comes. Raises as `serve` does."""
    logs.set_up(settings.log, settings.log_level)

    async def until_signal() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def end() -> None:
            # A thread may be waiting for a network or a lock. What is cut off is as after a kill: nothing is
            # lost by it, nothing sent twice. Whoever says it twice waits no longer.
            if stop.is_set():
                os._exit(0)
            end_after(END_WITHIN)
            loop.call_soon_threadsafe(stop.set)

        heed_signals(end)
        await serve(settings, store, where, admin, says=says, stop=stop, grace=UNDER_WAY, database=database)
        end_after(STRAGGLERS)

    asyncio.run(until_signal())


def end_after(seconds: float) -> None:
    last = threading.Timer(seconds, os._exit, [0])
    last.daemon = True
    last.start()
