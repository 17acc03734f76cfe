"""What is answered by HTTP: each face's paths, and how the process is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, Protocol

from bot.core.reminders.sending import Became

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Lines = Callable[[], Sequence[str]]

LIVE, READY, HEALTH = "/live", "/ready", "/health"


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

    @property
    def stuck(self) -> float:
        """For how many seconds it has not come round, where that is more than it may; else 0."""

    @property
    def outcomes(self) -> Mapping[Became, int]:
        """How often which became of a reminder."""

    async def run(self, stop: asyncio.Event) -> None: ...


class Pages:
    """`GET /live`: 200 while the loop turns. `/ready`: 200 once somebody can be served, else 503. `/health`:
    200 where all is well, else 503 with what is not.

    `waits` says why nobody can be served yet. `more` are other paths for those who look after the process."""

    def __init__(
        self, services: Sequence[Service], loops: Sequence[Loop], waits: Lines = tuple,
        more: Mapping[str, Asgi] | None = None,
    ) -> None:  # fmt: skip
        self._services, self._loops, self._waits = services, loops, waits
        self.routes: dict[str, Asgi] = {
            LIVE: self._page(self._live), READY: self._page(self._ready), HEALTH: self._page(self._health),
            **(more or {}),
        }  # fmt: skip

    def _page(self, told: Callable[[], Awaitable[tuple[bool, Mapping[str, Any]]]]) -> Asgi:
        async def page(scope: Scope, _: Receive, send: Send) -> None:
            if scope["method"] in ("GET", "HEAD"):
                well, said = await told()
                await answer(send, 200 if well else 503, {"ok": well, **said})
            else:
                await answer(send, 405, {"ok": False})

        return page

    async def _live(self) -> tuple[bool, Mapping[str, Any]]:
        return True, {}

    async def _ready(self) -> tuple[bool, Mapping[str, Any]]:
        waits = list(self._waits())
        return not waits, {"waits": waits}

    async def _health(self) -> tuple[bool, Mapping[str, Any]]:
        problems = await self.problems()
        return not problems, {
            "problems": problems,
            "notes": [note for loop in self._loops for note in loop.notes],
            "faces": [service.says for service in self._services],
            "repeats": sum(loop.repeats for loop in self._loops),
        }

    async def problems(self) -> list[str]:
        found = [line for service in self._services for line in await service.problems()]
        found += [line for loop in self._loops for line in loop.health.splitlines()]
        return list(dict.fromkeys(found))


class Site:
    """An ASGI app by paths; whatever else is asked for is not there."""

    def __init__(self, routes: Mapping[str, Asgi]) -> None:
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        route = self._routes.get(scope["path"])
        if route is not None:
            await route(scope, receive, send)
        else:
            await answer(send, 404, {"ok": False})


async def answer(send: Send, status: int, said: Mapping[str, Any], *more: tuple[bytes, bytes]) -> None:
    body = json.dumps(said).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
