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
STORE_WITHIN = 2.0  # seconds in which the store answers, or nobody can be served


class Service(Protocol):
    """A face as the server runs it."""

    @property
    def says(self) -> str:
        """How it is served, in a line for people."""

    @property
    def routes(self) -> Mapping[str, Asgi]: ...

    async def start(self) -> None: ...

    async def leave(self) -> None:
        """Fetch nothing new: another process may. What was heard is acknowledged first."""

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


class Beside(Protocol):
    """The other processes on the same store."""

    def of_others(self) -> Sequence[str]:
        """What is wrong with them, a line each."""

    def as_json(self) -> Mapping[str, Any]:
        """What /health says of all of them."""


class Pages:
    """`GET /live`: 200 while every loop turns, else start it anew; it asks neither a platform nor the store.
    `/ready`: 200 while somebody can be served by this process, else 503. `/health`: 200 where all is well
    with all processes, else 503 with what is not.

    `waits` says why nobody can be served. `reaches` asks the store something, in a thread; it raises where it
    cannot. `more` are other paths for those who look after the process."""

    def __init__(
        self, services: Sequence[Service], loops: Sequence[Loop], waits: Lines = tuple,
        more: Mapping[str, Asgi] | None = None, reaches: Callable[[], object] = bool,
        beside: Beside | None = None,
    ) -> None:  # fmt: skip
        self._services, self._loops, self._waits = services, loops, waits
        self._reaches, self._beside = reaches, beside
        self._asking: asyncio.Task[object] | None = None
        self.ending = False
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
        stuck = max((loop.stuck for loop in self._loops), default=0.0)
        return not stuck, {"stuck_seconds": round(stuck)} if stuck else {}

    async def _ready(self) -> tuple[bool, Mapping[str, Any]]:
        if self.ending:
            return False, {"waits": ["it is ending"]}
        waits = [*self._waits(), *await self._store_waits()]
        return not waits, {"waits": waits}

    async def _store_waits(self) -> list[str]:
        """One look at a time: where the store hangs, looks are not to pile up."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(asyncio.to_thread(self._reaches))
        done, _ = await asyncio.wait([self._asking], timeout=STORE_WITHIN)
        if not done:
            return [f"the store has not answered for {STORE_WITHIN:g} s"]
        problem = self._asking.exception()
        return [f"the store: {problem}"] if problem else []

    async def _health(self) -> tuple[bool, Mapping[str, Any]]:
        problems = await self.problems()
        return not problems, {
            "problems": problems,
            "notes": [note for loop in self._loops for note in loop.notes],
            "faces": [service.says for service in self._services],
            "repeats": sum(loop.repeats for loop in self._loops),
            **(self._beside.as_json() if self._beside else {}),
        }

    async def own_problems(self) -> list[str]:
        """What is wrong with this process, a line each."""
        found = [line for service in self._services for line in await service.problems()]
        found += [line for loop in self._loops for line in loop.health.splitlines()]
        return list(dict.fromkeys(found))

    async def problems(self) -> list[str]:
        """And with the others."""
        of_others = self._beside.of_others() if self._beside else ()
        return list(dict.fromkeys([*await self.own_problems(), *of_others]))


class Routes:
    """By path: pages of the process's own, and those of its services as they are just then."""

    def __init__(self, services: Sequence[Service], own: Mapping[str, Asgi]) -> None:
        self._services, self._own = services, own

    def get(self, path: str) -> Asgi | None:
        if path in self._own:
            return self._own[path]
        for one in self._services:
            if path in one.routes:
                return one.routes[path]
        return None


class Site:
    """An ASGI app by paths; whatever else is asked for is not there."""

    def __init__(self, routes: Routes | Mapping[str, Asgi]) -> None:
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
