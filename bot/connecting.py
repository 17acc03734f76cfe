"""A chat platform as the server runs it, from before it has answered. It is asked for as long as it takes,
and no other waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.answered import Answered
from bot.core.messages import Capabilities
from bot.core.reminders.sending import Became
from bot.core.trouble import note
from bot.site import Asgi, Loop, Receive, Scope, Send, Service, answer
from bot.usage import NotReached, NotReady
from storage.chat_connection_model import ChatConnection
from storage.errors import StoreError

log = logging.getLogger("irmer")
T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries
RETRY_AFTER = (b"retry-after", b"5")


@dataclass(frozen=True)
class Configured:
    """A connection that is set up: what its face can do, the paths that it hears on, and what asks its
    platform once who we are, and how its requests were answered. `connect` raises NotReached where that may
    pass, and NotReady where it refuses our token.

    `kept` is the connection that `irmer connect` has made, as it was when this was read; None for what the
    environment sets, which is the only one of its platform there and needs no name in what is told of it."""

    title: str
    face: Capabilities
    paths: tuple[str, ...]
    connect: Callable[[], Awaitable[Any]]
    answered: Answered
    kept: ChatConnection | None = None

    @property
    def before(self) -> str:
        """What stands before each line that tells of it."""
        return f"{self.title}: " if self.kept else ""

    def is_still(self, now: ChatConnection) -> bool:
        """Is it served by the same secrets, in the same name?"""
        was = self.kept
        return was is not None and (was.id, was.installed_at, was.organisation, was.plan.settings) == (
            now.id, now.installed_at, now.organisation, now.plan.settings
        )  # fmt: skip


class Connecting:
    """`Service` and `Loop` of `bot.serve` at once: what runs beside the face begins once it is connected."""

    def __init__(
        self,
        configured: Configured,
        beside: Callable[[Any], Loop],
        *,
        prepared: asyncio.Event,
        clock: Callable[[], datetime],
        connected: Callable[[Any], Awaitable[None]],
    ) -> None:
        """`prepared` is waited for first; `connected` is told of the service."""
        self.configured, self.title, self.face = configured, configured.title, configured.face
        self._connect, self._before = configured.connect, configured.before
        self.answered = configured.answered
        self._beside, self._prepared, self._clock, self._told = beside, prepared, clock, connected
        self.routes: Mapping[str, Asgi] = {path: self._route(path) for path in configured.paths}
        self.service: Any = None
        self.refused: tuple[str, ...] = ()
        self.settled = asyncio.Event()  # connected, refused, or tried once in vain
        self.broken = ""  # why it does not run, where that is a fault of ours
        self._loop: Loop | None = None
        self._since: datetime | None = None
        self._why = ""

    @property
    def tenants(self) -> tuple[str, ...]:
        """Whom it serves, nobody while that is not known."""
        return tuple(self.service.tenants) if self.service else ()

    def settle(self) -> None:
        """Whom it serves, as it is bound now. Blocks."""
        if self.service:
            self.service.settle()

    @property
    def waits(self) -> str:
        """Why it is not served; empty where it is."""
        if self.service:
            return ""
        if self.refused:
            or_ = ", or it is connected anew" if self.configured.kept else ""
            why = "; ".join(self.refused)
            return f"{why}: {self.title} is not served until irmer serve is started anew{or_}"
        if self._since:
            return f"{self.title}: not reached since {self._since:%Y-%m-%d %H:%M:%S} UTC: {self._why}"
        return f"{self.title}: not reached yet"

    @property
    def says(self) -> str:
        """How it is served, and when it was last heard of: a silent socket looks like a quiet ward."""
        if not self.service:
            return self.waits
        heard, says = self.answered.last, f"{self._before}{self.service.says}"
        return f"{says}, last heard of at {heard:%Y-%m-%d %H:%M:%S} UTC" if heard else says

    @property
    def health(self) -> str:
        lines = [*(self._loop.health.splitlines() if self._loop else ()), self.broken]
        return "\n".join(f"{self._before}{line}" for line in lines if line)

    @property
    def stuck(self) -> float:
        return self._loop.stuck if self._loop else 0.0

    @property
    def notes(self) -> Sequence[str]:
        of_face = getattr(self.service, "notes", ())
        return [f"{self._before}{line}" for line in [*(self._loop.notes if self._loop else ()), *of_face]]

    @property
    def repeats(self) -> int:
        return self._loop.repeats if self._loop else 0

    @property
    def outcomes(self) -> Mapping[Became, int]:
        return self._loop.outcomes if self._loop else {}

    async def problems(self) -> Sequence[str]:
        if not self.service:
            return [self.waits]
        try:
            found = await self.service.problems()
        except StoreError as problem:
            found = [f"the store: {problem}"]
        except Exception as error:  # noqa: BLE001 - whatever it was, all else that is wrong is told
            note(log, error)
            found = [f"how it is cannot be told ({type(error).__name__}): see the log"]
        return [f"{self._before}{line}" for line in found]

    async def start(self) -> None:
        """`run` does."""

    async def leave(self) -> None:
        if self.service:
            await self.service.leave()

    async def close(self) -> None:
        if self.service:
            await self.service.close()

    @property
    def hears_by(self) -> Mapping[str, int]:
        """See `storage.memory_model.RunningProcess.faces`."""
        return dict(self.service.hears_by) if self.service else {}

    async def run(self, stop: asyncio.Event) -> None:
        await _unless(stop, self._prepared.wait())
        await _unless(stop, self._until_connected())
        if self.service is None or stop.is_set():
            self.settled.set()
            await stop.wait()
            return
        self._loop = self._beside(self.service)
        await self._told(self.service)
        self.settled.set()
        await self._loop.run(stop)

    async def _until_connected(self) -> None:
        pause = FIRST_PAUSE
        while not self.service and not self.refused:
            try:
                await self._try()
            except NotReached as problem:
                self._in_vain(str(problem))
            except NotReady as refused:
                self.refused = refused.lines
            except Exception as error:  # noqa: BLE001 - for ever: only a token that is refused is final
                note(log, error)
                self._in_vain(type(error).__name__)
            else:
                return
            self.settled.set()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _try(self) -> None:
        service: Service = await self._connect()
        try:
            await service.start()
        except BaseException:
            await service.close()
            raise
        self.service = service

    def _in_vain(self, why: str) -> None:
        self._since, self._why = self._since or self._clock(), why

    def _route(self, path: str) -> Asgi:
        async def hear(scope: Scope, receive: Receive, send: Send) -> None:
            if self.service is None:
                await answer(send, 503, {"ok": False}, RETRY_AFTER)
            elif (route := self.service.routes.get(path)) is not None:
                await route(scope, receive, send)
            else:
                await answer(send, 404, {"ok": False})

        return self.answered.watching(hear)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> None:
    """Until it is done, or we are to stop."""
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(work), loop.create_task(stop.wait())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    if tasks[0] in done:
        tasks[0].result()
