"""The server's side of a connection, with an end to its patience, and an answer in one piece."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HALF_SENT = 10.0  # seconds for a request to arrive whole, from its first byte on


class OnePiece(h11.Connection):
    """Keeps the head of an answer until its body is there: sent apart, each of the two is a call of the
    system and wakes whoever waits for it."""

    _head = b""

    def send(self, event: h11.Event) -> Any:
        said = super().send(event)
        if isinstance(event, h11.Response):
            self._head = said or b""
            return b""
        head, self._head = self._head, b""
        return head + (said or b"") if head else said


class PatientProtocol(H11Protocol):
    """uvicorn waits for ever for the rest of a request, and for the first byte of a connection. A few hundred
    such connections would leave nobody else any."""

    _half_sent: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = OnePiece(h11.SERVER)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        idle, end = self.timeout_keep_alive, self.timeout_keep_alive_handler
        self.timeout_keep_alive_task = self.loop.call_later(idle, end)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._whole():
            self._stop_waiting()
        elif self._half_sent is None and not self.transport.is_closing():
            self._half_sent = self.loop.call_later(HALF_SENT, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _whole(self) -> bool:
        """Has all of a request arrived, and nothing of another?"""
        return self.conn.their_state in (h11.DONE, h11.MUST_CLOSE, h11.CLOSED)

    def _stop_waiting(self) -> None:
        if self._half_sent is not None:
            self._half_sent.cancel()
            self._half_sent = None

    def _give_up(self) -> None:
        self._half_sent = None
        if self.transport.is_closing():
            return
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            status = HTTPStatus.REQUEST_TIMEOUT
            headers = [("connection", "close"), ("content-length", "0")]
            response = h11.Response(status_code=status, headers=headers, reason=status.phrase.encode())
            for event in (response, h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
