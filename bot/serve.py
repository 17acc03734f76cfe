"""One process, one port: the chat platforms that are configured, and the clock that reminds."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import uvicorn

from bot.half_sent import PatientProtocol

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

HOST, PORT = "127.0.0.1", 3000
HEALTH = "/health"
IDLE = 75  # seconds; longer than a proxy keeps a connection (60), or its next request meets our closing it

log = logging.getLogger("irmer")


class Service(Protocol):
    """A face as the server runs it."""

    @property
    def says(self) -> str:
        """How it is served, in a line for people."""

    @property
    def routes(self) -> Mapping[str, Asgi]: ...

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def problems(self) -> Sequence[str]:
        """What is wrong, a line each."""


class Loop(Protocol):
    """What runs beside the faces until it is told to stop: a delivery."""

    @property
    def health(self) -> str:
        """What is wrong, a line each; empty where nothing is."""

    @property
    def notes(self) -> Sequence[str]:
        """What somebody may want to know, and what turns nothing red."""

    @property
    def repeats(self) -> int:
        """How many messages were sent a second time, since nobody could know whether they had arrived."""

    async def run(self, stop: asyncio.Event) -> None: ...


class Site:
    """The ASGI app: each face's paths, and `GET /health`: 200 where all is well, else 503 with what is
    not."""

    def __init__(self, services: Sequence[Service], loops: Sequence[Loop]) -> None:
        self._services, self._loops = services, loops
        self._routes = {path: app for service in services for path, app in service.routes.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        route = self._routes.get(scope["path"])
        if route is not None:
            await route(scope, receive, send)
        elif scope["path"] == HEALTH and scope["method"] in ("GET", "HEAD"):
            problems = await self.problems()
            said = {
                "ok": not problems,
                "problems": problems,
                "notes": [note for loop in self._loops for note in loop.notes],
                "faces": [service.says for service in self._services],
                "repeats": sum(loop.repeats for loop in self._loops),
            }
            await _json(send, 503 if problems else 200, said)
        else:
            await _json(send, 404, {"ok": False})

    async def problems(self) -> list[str]:
        found = [line for service in self._services for line in await service.problems()]
        found += [line for loop in self._loops for line in loop.health.splitlines()]
        return list(dict.fromkeys(found))


async def _json(send: Send, status: int, said: Mapping[str, Any]) -> None:
    body = json.dumps(said).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Uvicorn(uvicorn.Server):
    """Signals are ours: uvicorn would end the process with them before what is under way is finished."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _bound(host: str, port: int) -> socket.socket:
    """Named as TCP, or asyncio leaves Nagle's delay of 40 ms on. Raises OSError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


class Server:
    """`async with Server(...) as server:` serves until the block is left; `url` is where."""

    def __init__(
        self, services: Sequence[Service], loops: Sequence[Loop] = (), *, host: str = HOST, port: int = PORT
    ) -> None:
        self._services, self._loops = services, loops
        self.site = Site(services, loops)
        self._server = _Uvicorn(
            uvicorn.Config(
                self.site, host=host, port=port, lifespan="off", log_level="warning", access_log=False,
                server_header=False, log_config=None, timeout_graceful_shutdown=10, timeout_keep_alive=IDLE,
                http=PatientProtocol,
            )
        )  # fmt: skip
        self._listening = _bound(host, port)
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def url(self) -> str:
        host, port = self._listening.getsockname()[:2]
        return f"http://{host}:{port}"

    async def __aenter__(self) -> Server:
        """Raises OSError where the port is taken."""
        serving = asyncio.get_running_loop().create_task(self._server.serve([self._listening]))
        self._tasks.append(serving)
        while not self._server.started:
            if serving.done():
                serving.result()
                raise OSError("the server did not start")
            await asyncio.sleep(0.01)
        try:
            for service in self._services:
                await service.start()
        except BaseException:
            await self.__aexit__()
            raise
        self._tasks += [asyncio.get_running_loop().create_task(loop.run(self._stop)) for loop in self._loops]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        self._server.should_exit = True
        for task in self._tasks:
            with suppress(SystemExit):
                await task
        for service in self._services:
            await service.close()

    async def until_stopped(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. Raises what ended the server or a loop before that."""
        waiting = asyncio.get_running_loop().create_task(stop.wait())
        done, _ = await asyncio.wait([*self._tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        for task in done - {waiting}:
            task.result()
