"""The connection of Socket Mode: replaced as soon as it is seen to be broken, and before Slack ends it where
Slack says that it will."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from aiohttp import ClientWebSocketResponse, WSMsgType
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.answered import Answered
from bot.reaching import why_not_reached
from storage.errors import StoreError

PING = 5.0  # seconds; a connection that answers none for twice as long is taken for dead
CONNECT = 10.0
LOOK_AGAIN = 60.0  # where another process was connected: whether it still is
GREETING = 1.0  # in which Slack greets who has connected
LONGEST_PAUSE = 5.0
LONGEST_GOODBYE = 30.0  # Slack ends a connection some ten seconds after it has said so
SOON_TO_END = ("warning", "refresh_requested")  # Slack's words for that

_ENVELOPE = re.compile(r'"envelope_id"\s*:\s*"([^"\\]+)"')

log = logging.getLogger("irmer.slack")
Elsewhere = Callable[[str], int]
"""How many connections other processes of ours hold, by what they hear by (`slack A0123`). Blocks."""
NOWHERE: Elsewhere = lambda _: 0  # noqa: E731


def word_of(error: Exception) -> str:
    """Slack's word for it where there is one, else why it was not reached."""
    data = error.response.data if isinstance(error, SlackApiError) else None
    return str(data.get("error")) if isinstance(data, dict) else why_not_reached(error)


class Client(SocketModeClient):
    """The SDK's client, which waits for its next look (up to 9 s) before it replaces a broken connection, and
    closes one that is soon to end before it has another. This one replaces a broken one at once, with a new
    address each time; and one that still works is heard and answered by until Slack ends it: commands and
    clicks come once."""

    def __init__(self, app_token: str, api_url: str, answered: Answered, elsewhere: Elsewhere) -> None:
        quiet = logging.getLogger("irmer.slack.socket")
        quiet.setLevel(logging.CRITICAL)  # what matters of it is said below
        base = api_url or AsyncWebClient.BASE_URL
        web = AsyncWebClient(token=app_token, base_url=base, retry_handlers=[], logger=quiet)
        super().__init__(app_token, logger=quiet, web_client=web, ping_interval=PING)
        self._by_proxy, self._answered, self._elsewhere = self.proxy, answered, elsewhere
        # Envelopes that wait for their acknowledgement, which goes by the connection that they came by.
        self.heard: dict[str, ClientWebSocketResponse] = {}
        self._leaving: dict[ClientWebSocketResponse, asyncio.Future[None]] = {}  # and who hears them
        self._soon_to_end: set[ClientWebSocketResponse] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self.app = ""  # its id, as Slack says it
        self.shared = False  # is a process connected with the same token that is none of ours?
        self._perhaps_shared = True
        self._counting: asyncio.Task[None] | None = None
        self._healing: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None

    async def issue_new_wss_url(self) -> str:
        """Where the socket is to be, and whether a proxy is to be gone by to there."""
        self.web_client.proxy = self._proxy_to(self.web_client.base_url)
        url = str(await super().issue_new_wss_url())
        self.proxy = self._proxy_to(url)
        return url

    def _proxy_to(self, url: str) -> str | None:
        """The SDK heeds HTTPS_PROXY for its sockets too, and never NO_PROXY."""
        return None if proxy_bypass(urlsplit(url).netloc) else self._by_proxy

    async def receive_messages(self) -> None:
        session = self.current_session
        assert session is not None
        while not self.closed and (session is self.current_session or session in self._leaving):
            try:
                message = await session.receive()
            except (aiohttp.ClientError, OSError, RuntimeError):
                break
            if message.type == WSMsgType.TEXT:
                self._greeted(message.data)
                if heard := _ENVELOPE.search(message.data):
                    self.heard[heard[1]] = session
                if (why := _ends(message.data)) is None:
                    await self.enqueue_message(message.data)
                elif why in SOON_TO_END:
                    self._soon_to_end.add(session)
                    self.heal()
                else:  # there are too many, or none is to be: another would not do before this one is closed
                    await session.close()
                    break
            elif message.type == WSMsgType.PING:
                await session.pong(message.data)
            elif message.type == WSMsgType.PONG:
                self.last_ping_pong_time = time.time()
            elif message.type != WSMsgType.BINARY:
                break
        if session is self.current_session:
            self.heal()

    async def connect(self) -> None:
        """To the address that was given. What came by the connection of before is done by it still."""
        old, hearing = self.current_session, self.message_receiver
        if old is None or hearing is None or old.closed or self.stale:
            await super().connect()  # type: ignore[no-untyped-call]
            return
        self._leaving[old] = hearing
        self.current_session = self.message_receiver = None  # which the SDK would end
        try:
            await super().connect()  # type: ignore[no-untyped-call]
        except BaseException:
            self.heal()
            raise
        finally:
            task = asyncio.get_running_loop().create_task(self._leave(old))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _leave(self, session: ClientWebSocketResponse) -> None:
        """Once Slack has ended it; or where Slack is not to, once another is there and nothing that came by
        it is under way."""
        loop, hearing = asyncio.get_running_loop(), self._leaving[session]
        until = loop.time() + LONGEST_GOODBYE
        await asyncio.wait({hearing}, timeout=GREETING)
        while not session.closed and loop.time() < until and self._is_wanted(session):
            await asyncio.wait({hearing}, timeout=0.05)
        await session.close()
        self._leaving.pop(session, None)
        self._soon_to_end.discard(session)

    def _is_wanted(self, session: ClientWebSocketResponse) -> bool:
        alone = self.current_session is None
        return alone or session in self._soon_to_end or session in self.heard.values()

    async def is_connected(self) -> bool:
        """Also by one that is to go, while the next is on its way."""
        alone = self.current_session is None and not self.closed
        return bool(await super().is_connected()) or (alone and any(not one.closed for one in self._leaving))

    async def send_socket_mode_response(self, response: SocketModeResponse | dict[str, Any]) -> None:
        assert isinstance(response, SocketModeResponse)
        came_by = self.heard.get(response.envelope_id)
        if came_by in self._leaving and not came_by.closed:
            await came_by.send_json(response.to_dict())
            return
        if self.current_session is None:  # another is on its way
            async with self.connect_operation_lock:
                pass
        await super().send_socket_mode_response(response)

    @property
    def connections(self) -> int:
        """How many it holds, of which one is to go where there are several."""
        return 1 + sum(not one.closed for one in self._leaving)

    def _greeted(self, data: str) -> None:
        if '"hello"' not in data[:200]:
            return
        hello = json.loads(data)
        if hello.get("type") != "hello":
            return
        self.app = str((hello.get("connection_info") or {}).get("app_id", ""))
        if self._counting:
            self._counting.cancel()
        # Whether Slack counts one that it is to end is not said.
        ours = 1 + sum(not one.closed and one not in self._soon_to_end for one in self._leaving)
        connected = int(hello.get("num_connections", 1))
        self._counting = asyncio.get_running_loop().create_task(self._count(connected, ours))

    @property
    def face(self) -> str:
        """What other processes of ours know its connections by."""
        return f"slack {self.app}".strip()

    async def _count(self, connected: int, ours: int) -> None:
        """Slack tells how many are connected to each that connects, ours among them, and to nobody that one
        has gone. It may also count one of ours that has just broken, or is to end: once we have been
        connected, what is none of ours takes two looks."""
        if connected > ours:
            await asyncio.sleep(GREETING)  # who connects at the same time has said so by then
            try:
                ours += await asyncio.to_thread(self._elsewhere, self.face)
            except StoreError as problem:
                log.warning("who else is connected is not known: %(error)s", {"error": problem})
                return
        several = connected > ours
        self.shared, self._perhaps_shared = several and self._perhaps_shared, several
        if several and self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look_again())

    async def _look_again(self) -> None:
        """By connecting anew, since that is when Slack tells."""
        try:
            while not self.closed and self._perhaps_shared:
                await asyncio.sleep(LOOK_AGAIN)
                with contextlib.suppress(Exception):  # whatever it was, `heal` sees to it
                    await asyncio.wait_for(self.connect_to_new_endpoint(force=True), CONNECT)
                await asyncio.sleep(2 * GREETING)
        finally:
            self._looking = None

    def listen_no_more(self) -> None:
        """What Slack sends from now on is neither done nor acknowledged: whoever sent it is told so."""
        for receiver in (self.message_receiver, *self._leaving.values()):
            if receiver is not None:
                receiver.cancel()

    async def close(self) -> None:
        for task in (self._looking, self._counting, *self._closing):
            if task:
                task.cancel()
        for session in list(self._leaving):
            await session.close()
        await super().close()  # type: ignore[no-untyped-call]

    def heal(self) -> None:
        """Connect anew, for as long as it takes."""
        if not self.closed and self._healing is None:
            self._healing = asyncio.get_running_loop().create_task(self._heal())

    @property
    def _to_be_replaced(self) -> bool:
        session = self.current_session
        return session is None or session.closed or session in self._soon_to_end

    async def _heal(self) -> None:
        what = "ends" if self.current_session in self._soon_to_end else "broke"
        log.info("the connection to Slack %(what)s; connecting anew", {"what": what})
        self._answered.reconnects += 1
        pause = 0.1
        try:
            while not self.closed and self._to_be_replaced:
                try:
                    await asyncio.wait_for(self.connect_to_new_endpoint(force=True), CONNECT)
                    continue
                except Exception as error:  # noqa: BLE001 - as long as it takes
                    log.warning("Slack cannot be reached: %(error)s", {"error": word_of(error)})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            self._healing = None


def _ends(data: str) -> str | None:
    """Why Slack ends the connection, in its word; None where it does not."""
    if '"disconnect"' not in data[:200]:
        return None
    said = json.loads(data)
    return str(said.get("reason", "")) if said.get("type") == "disconnect" else None
