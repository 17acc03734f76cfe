"""The fake Slack's Socket Mode: hello, refresh, close, reset, redelivery."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.fakes.slack_state import ACK_LIMIT, NotAcknowledged

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack


class Sockets:
    """Each envelope goes to one connection, whichever, but for those that Slack has told to go. What is not
    acknowledged in three seconds, or when its connection breaks, is lost for commands and clicks (the person
    sees an error); events come again on the next connection."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.open: list[web.WebSocketResponse] = []
        self.tickets: set[str] = set()
        self.hellos: list[float] = []
        self.pings = 0
        self.lingering = 0  # broken connections that Slack still counts
        self.handshake = 0.0  # seconds until a new connection stands, as by a proxy and TLS
        self._chance = random.Random(7)
        self._told_to_go: set[web.WebSocketResponse] = set()
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def ticket(self) -> str:
        ticket = uuid.uuid4().hex
        self.tickets.add(ticket)
        return f"{self.slack.base.replace('http', 'ws', 1)}/link/{ticket}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.match_info["ticket"]
        if ticket not in self.tickets:
            self.slack.complain("a socket was opened with a ticket that is used or was never given")
            return web.Response(status=403)
        self.tickets.discard(ticket)
        await asyncio.sleep(self.handshake)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.open.append(socket)
        hello = {"app_id": self.slack.app}
        await socket.send_json(
            {"type": "hello", "num_connections": len(self.open) + self.lingering, "connection_info": hello}
        )
        self.hellos.append(time.monotonic())
        self._spawn(self.slack.redeliver())
        try:
            async for message in socket:
                if message.type == WSMsgType.PING:
                    self.pings += 1
                    await socket.pong(message.data)
                elif message.type == WSMsgType.TEXT:
                    self._acknowledged(socket, message.data)
        finally:
            self._lost(socket)
        return socket

    def _acknowledged(self, socket: web.WebSocketResponse, data: str) -> None:
        """By the connection that the envelope went by; by another it is none."""
        try:
            answer = json.loads(data)
        except ValueError:
            self.slack.complain(f"no JSON on the socket: {data[:80]!r}")
            return
        key = answer.get("envelope_id", "")
        owner, future = self._waiting.get(key, (None, None))
        if owner is not socket or future is None:
            return
        del self._waiting[key]
        if not future.done():
            future.set_result(answer.get("payload"))

    def _lost(self, socket: web.WebSocketResponse) -> None:
        if socket in self.open:
            self.open.remove(socket)
        for key, (owner, future) in list(self._waiting.items()):
            if owner is socket:
                self._waiting.pop(key)
                if not future.done():
                    future.set_exception(NotAcknowledged("the connection broke"))

    async def send(self, kind: str, payload: dict[str, Any], retry: int = 0) -> Any:
        """One envelope: the acknowledgement's payload. NotAcknowledged where none came."""
        if not self.open:
            raise NotAcknowledged("nobody is connected")
        staying = [one for one in self.open if one not in self._told_to_go]
        socket, key = self._chance.choice(staying or self.open), uuid.uuid4().hex
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[key] = (socket, future)
        envelope: dict[str, Any] = {"envelope_id": key, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        began = time.monotonic()
        try:
            await socket.send_json(envelope)
            answer = await asyncio.wait_for(future, ACK_LIMIT)
        except TimeoutError:
            self._waiting.pop(key, None)
            raise NotAcknowledged("no acknowledgement in time") from None
        except ConnectionError:
            raise NotAcknowledged("the connection broke") from None
        self.slack.acknowledged(kind, time.monotonic() - began)
        return answer

    async def refresh(self, reason: str = "refresh_requested", lives: float = 0.5) -> None:
        """Slack's notice before it closes: the client is to connect anew, the old connection lives on for a
        moment (ten seconds of Slack's), is sent what no other is there for, and is then closed."""
        socket = self.open[-1]
        self._told_to_go.add(socket)
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}})
        if lives:
            self._spawn(self._end(socket, lives))

    async def _end(self, socket: web.WebSocketResponse, after: float) -> None:
        await asyncio.sleep(after)
        await socket.close()

    async def shut(self) -> None:
        await self.open[-1].close()

    def reset(self) -> None:
        """The TCP connection breaks without a word."""
        transport = self.open[-1]._req.transport  # type: ignore[union-attr]
        assert transport is not None
        transport.abort()

    async def close(self) -> None:
        for socket in list(self.open):
            await socket.close()

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
