"""Connections that begin something and do not go on."""

from __future__ import annotations

import asyncio

import pytest

from bot.half_sent import PatientProtocol
from bot.serve import Server

HEAD = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"


class Reading:
    """A service that reads what it is sent."""

    says = "a test"

    def __init__(self, body: bytes = b"") -> None:
        self.routes = {"/api/messages": self.read}
        self._body = body

    async def read(self, scope, receive, send) -> None:
        while (event := await receive())["type"] == "http.request" and event.get("more_body"):
            pass
        length = (b"content-length", str(len(self._body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": self._body})

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


async def test_an_answer_leaves_in_one_piece(monkeypatch):
    sent: list[bytes] = []
    connected = PatientProtocol.connection_made

    def overheard(protocol: PatientProtocol, transport: asyncio.Transport) -> None:
        write = transport.write
        monkeypatch.setattr(transport, "write", lambda data: (sent.append(data), write(data))[1])
        connected(protocol, transport)

    monkeypatch.setattr(PatientProtocol, "connection_made", overheard)
    async with Server([Reading(b"All of it.")], port=0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
        for _ in range(2):
            writer.write(HEAD + b"\r\n1234567890")
            await asyncio.wait_for(reader.readuntil(b"All of it."), 5)
        writer.close()
    pieces = [one for one in sent if one]
    assert len(pieces) == 2
    assert all(b"HTTP/1.1 200 " in one and one.endswith(b"All of it.") for one in pieces)


async def test_who_waits_to_be_told_to_go_on_is_told_at_once():
    async with Server([Reading()], port=0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
        writer.write(HEAD + b"Expect: 100-continue\r\n\r\n")
        assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).startswith(b"HTTP/1.1 100 ")
        writer.write(b"1234567890")
        assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).startswith(b"HTTP/1.1 200 ")
        writer.close()
