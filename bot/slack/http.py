"""HTTP mode: `POST /slack/events` as an ASGI app. What is not Slack's gets a 401, whatever is wrong with it;
what is Slack's gets a 200, whatever becomes of it: an app that fails too often is cut off from its events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.signature import HEADERS, Forged, Verifier, is_ssl_check

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST = 2**20
NEEDED = {name.encode(): name for name in HEADERS}


class Endpoint:
    def __init__(self, app: AsyncApp, verifier: Verifier) -> None:
        self._app, self._verifier = app, verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await _answer(send, 405, b"", [(b"allow", b"POST")])
            return
        body = await _body(receive)
        if body is None:
            await _answer(send, 413, b"")
            return
        headers = {
            NEEDED[name]: value.decode("latin-1") for name, value in scope["headers"] if name in NEEDED
        }
        try:
            said = self._verifier.check(headers, body)
        except Forged:
            await _answer(send, 200 if is_ssl_check(body) else 401, b"")
            return
        # Parsed already: bolt takes a dictionary as it would from a socket.
        request = AsyncBoltRequest(body=said, mode="socket_mode")
        response = await self._app.async_dispatch(request)
        if response.status >= 400:  # nothing of ours listens to it
            await _answer(send, 200, b"")
            return
        kind = response.first_headers().get("content-type", "text/plain;charset=utf-8")
        await _answer(send, response.status, response.body.encode(), [(b"content-type", kind.encode())])


async def _body(receive: Receive) -> bytes | None:
    """None where it is larger than anything that Slack sends, or was broken off."""
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] != "http.request":
            return None
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST:
            return None
        if not event.get("more_body"):
            return b"".join(parts)


async def _answer(
    send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})
