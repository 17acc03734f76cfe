"""Connections that begin something and do not go on."""

from __future__ import annotations

import asyncio

import pytest

from bot.serve import Server

HEAD = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"


class Reading:
    """A service that reads what it is sent."""

    says = "a test"

    def __init__(self) -> None:
        self.routes = {"/api/messages": self.read}

    async def read(self, scope, receive, send) -> None:
        while (event := await receive())["type"] == "http.request" and event.get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def start(self) -> None: ...

    async def leave(self) -> None: ...

    async def close(self) -> None: ...

    async def problems(self) -> list[str]:
        return []


@pytest.mark.parametrize("sent", [b"POST /api", HEAD, HEAD + b"\r\n", HEAD + b"\r\n12345"])
async def test_a_request_that_does_not_arrive_whole_is_given_up(monkeypatch, sent):
    monkeypatch.setattr("bot.half_sent.HALF_SENT", 0.2)
    async with Server([Reading()], port=0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
        writer.write(sent)
        answer = await asyncio.wait_for(reader.read(), 5)
        assert answer.startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_what_arrives_slowly_but_whole_is_answered_again_and_again(monkeypatch):
    monkeypatch.setattr("bot.half_sent.HALF_SENT", 0.3)
    async with Server([Reading()], port=0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
        for _ in range(2):
            writer.write(HEAD + b"\r\n12345")
            await asyncio.sleep(0.1)
            writer.write(b"67890")
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            assert answer.startswith(b"HTTP/1.1 200 ")
            await asyncio.sleep(0.4)  # longer than a request may take: none is under way
        writer.close()
