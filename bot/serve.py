"""One process: the chat platforms that are configured on one port, how it is on another where that is wanted,
and the clock that reminds."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn

from bot.half_sent import PatientProtocol
from bot.site import Asgi, Beside, Lines, Loop, Pages, Routes, Service, Site

HOST, PORT = "127.0.0.1", 3000
IDLE = 75  # seconds; longer than a proxy keeps a connection (60), or its next request meets our closing it
GRACE = 10.0  # seconds for what is under way, when it ends
ACKNOWLEDGED = 5.0  # of them for what is heard: a platform waits three for an answer, after the last of it


TO_DO = {
    errno.EADDRINUSE: "another program has it: end that one, which ss -ltnp names, or choose another port",
    errno.EADDRNOTAVAIL: "this machine has no such address: choose one that it has, or 0.0.0.0 for all",
    errno.EACCES: "this user may not have it: choose one from 1024 on",
}


class CannotListen(OSError):
    """A port is taken, or an address is none of this machine's. One line, with what to do."""


class _Uvicorn(uvicorn.Server):
    """Signals are ours: uvicorn would end the process with them before what is under way is finished."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Listening:
    """An app on a port of its own. Raises CannotListen."""

    def __init__(self, app: Asgi, host: str, port: int, grace: float) -> None:
        config: dict[str, Any] = {"timeout_graceful_shutdown": grace}
        self.server = _Uvicorn(
            uvicorn.Config(
                app, host=host, port=port, lifespan="off", log_level="warning", access_log=False,
                server_header=False, proxy_headers=False, log_config=None, timeout_keep_alive=IDLE,
                http=PatientProtocol, **config,
            )
        )  # fmt: skip
        self._socket = _bound(host, port)

    @property
    def url(self) -> str:
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def start(self) -> asyncio.Task[None]:
        serving = asyncio.get_running_loop().create_task(self.server.serve([self._socket]))
        while not self.server.started:
            if serving.done():
                serving.result()
                raise CannotListen("the server did not start")
            await asyncio.sleep(0.01)
        return serving

    def close(self) -> None:
        self._socket.close()


def _bound(host: str, port: int) -> socket.socket:
    """Named as TCP, or asyncio leaves Nagle's delay of 40 ms on. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # which is when two on one port are told of one another
    except OSError as error:
        listening.close()
        where = f"port {port}" if host == HOST else f"port {port} of {host}"
        why = TO_DO.get(error.errno or 0, error.strerror or error)
        raise CannotListen(f"{where} cannot be served: {why}") from None
    return listening


class Server:
    """`async with Server(...) as server:` serves until the block is left; `url` is where.

    With `admin`, a host and a port, how the process is stands there and not beside the faces. `services` may
    come to be more or fewer while it serves: whoever adds one starts it, or closes it. When it ends, it is no
    longer ready, hears nothing new, and what is under way has `grace` seconds; what is cut off then is taken
    up by another process, as after a kill."""

    def __init__(
        self,
        services: Sequence[Service],
        loops: Sequence[Loop] = (),
        *,
        host: str = HOST,
        port: int = PORT,
        admin: tuple[str, int] | None = None,
        waits: Lines = tuple,
        more: Mapping[str, Asgi] | None = None,
        grace: float = GRACE,
        reaches: Callable[[], object] = bool,
        beside: Beside | None = None,
    ) -> None:
        self._services, self._loops, self._grace = services, loops, grace
        self.pages = pages = Pages(services, loops, waits, more, reaches, beside)
        self.problems = pages.problems
        of_all = Routes(services, {} if admin else pages.routes)
        self._listening = [Listening(Site(of_all), host, port, grace)]
        if admin:
            try:
                self._listening.append(Listening(Site(pages.routes), *admin, grace))
            except CannotListen:
                self._listening[0].close()
                raise
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def url(self) -> str:
        return self._listening[0].url

    @property
    def admin_url(self) -> str:
        """Where it says how the process is."""
        return self._listening[-1].url

    async def __aenter__(self) -> Server:
        self._tasks += [await one.start() for one in self._listening]
        try:
            for service in self._services:
                await service.start()
        except BaseException:
            await self.__aexit__()
            raise
        self._tasks += [asyncio.get_running_loop().create_task(loop.run(self._stop)) for loop in self._loops]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.pages.ending = True
        loop = asyncio.get_running_loop()
        leaving = [loop.create_task(service.leave()) for service in self._services]
        await _within(min(self._grace, ACKNOWLEDGED), leaving)
        self._stop.set()
        for one in self._listening:
            one.server.should_exit = True
        await _within(self._grace, self._tasks)
        await _within(self._grace, [loop.create_task(service.close()) for service in self._services])

    async def until_stopped(self, stop: asyncio.Event, *beside: asyncio.Task[None]) -> None:
        """Until `stop` is set. Raises what ended the server, a loop or what runs beside them before that."""
        waiting = asyncio.get_running_loop().create_task(stop.wait())
        done, _ = await asyncio.wait([*self._tasks, *beside, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        for task in done - {waiting}:
            task.result()


async def _within(seconds: float, tasks: Collection[asyncio.Task[None]]) -> None:
    """Raises what one of them raised. What takes longer is cut off."""
    if not tasks:
        return
    done, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=seconds)
    for task in done:
        with suppress(SystemExit, asyncio.CancelledError):
            task.result()
