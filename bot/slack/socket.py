"""Socket Mode: no public address needed. A broken connection is replaced as soon as it is seen to be
broken."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from aiohttp import WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.answered import Answered
from bot.core.trouble import note
from bot.reaching import why_not_reached
from bot.slack.web import TOKEN_ERRORS
from bot.usage import NotReady
from storage.errors import StoreError

PING = 5.0  # seconds; a connection that answers none for twice as long is taken for dead
CONNECT = 10.0
LOOK_AGAIN = 60.0  # where another process was connected: whether it still is
GREETING = 1.0  # in which Slack greets who has connected
LONGEST_PAUSE = 5.0
QUIET = 2.0  # in which a moment may come at which nothing is under way
REFUSED = TOKEN_ERRORS | {"missing_scope", "not_allowed_token_type"}

_ENVELOPE = re.compile(r'"envelope_id"\s*:\s*"([^"\\]+)"')

log = logging.getLogger("irmer.slack")
SHARED = "another process is connected with the same app token, and not to the same store"
Elsewhere = Callable[[str], int]
"""How many connections other processes of ours hold, by what they hear by (`slack A0123`). Blocks."""
NOWHERE: Elsewhere = lambda _: 0  # noqa: E731


def word_of(error: Exception) -> str:
    """Slack's word for it where there is one, else why it was not reached."""
    data = error.response.data if isinstance(error, SlackApiError) else None
    return str(data.get("error")) if isinstance(data, dict) else why_not_reached(error)


class Client(SocketModeClient):
    """The SDK's client, which waits for its next look (up to 9 s) before it replaces a broken connection;
    this one does so at once, with a new address each time."""

    def __init__(self, app_token: str, api_url: str, answered: Answered, elsewhere: Elsewhere) -> None:
        quiet = logging.getLogger("irmer.slack.socket")
        quiet.setLevel(logging.CRITICAL)  # what matters of it is said below
        base = api_url or AsyncWebClient.BASE_URL
        web = AsyncWebClient(token=app_token, base_url=base, retry_handlers=[], logger=quiet)
        super().__init__(app_token, logger=quiet, web_client=web, ping_interval=PING)
        self._by_proxy, self._answered, self._elsewhere = self.proxy, answered, elsewhere
        self.heard: set[str] = set()  # envelopes that wait for their acknowledgement
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
        while not self.closed and session is self.current_session:
            try:
                message = await session.receive()
            except (aiohttp.ClientError, OSError, RuntimeError):
                break
            if message.type == WSMsgType.TEXT:
                self._greeted(message.data)
                if heard := _ENVELOPE.search(message.data):
                    self.heard.add(heard[1])
                await self.enqueue_message(message.data)
            elif message.type == WSMsgType.PING:
                await session.pong(message.data)
            elif message.type == WSMsgType.PONG:
                self.last_ping_pong_time = time.time()
            elif message.type != WSMsgType.BINARY:
                break
        if session is self.current_session:
            self.heal()

    def _greeted(self, data: str) -> None:
        if '"hello"' not in data[:200]:
            return
        hello = json.loads(data)
        if hello.get("type") != "hello":
            return
        self.app = str((hello.get("connection_info") or {}).get("app_id", ""))
        if self._counting:
            self._counting.cancel()
        connected = int(hello.get("num_connections", 1))
        self._counting = asyncio.get_running_loop().create_task(self._count(connected))

    @property
    def face(self) -> str:
        """What other processes of ours know its connections by."""
        return f"slack {self.app}".strip()

    async def _count(self, connected: int) -> None:
        """Slack tells how many are connected to each that connects, ours among them, and to nobody that one
        has gone. It may also count one of ours that has just broken: once we have been connected, what is
        none of ours takes two looks."""
        ours = 1
        if connected > 1:
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
        if self.message_receiver is not None:
            self.message_receiver.cancel()

    async def close(self) -> None:
        for task in (self._looking, self._counting):
            if task:
                task.cancel()
        await super().close()  # type: ignore[no-untyped-call]

    def heal(self) -> None:
        """Connect anew, for as long as it takes."""
        if not self.closed and self._healing is None:
            self._healing = asyncio.get_running_loop().create_task(self._heal())

    async def _heal(self) -> None:
        log.info("the connection to Slack broke; connecting anew")
        self._answered.reconnects += 1
        pause = 0.1
        try:
            while not self.closed and (self.current_session is None or self.current_session.closed):
                try:
                    await asyncio.wait_for(self.connect_to_new_endpoint(), CONNECT)
                    continue
                except Exception as error:  # noqa: BLE001 - as long as it takes
                    log.warning("Slack cannot be reached: %(error)s", {"error": word_of(error)})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            self._healing = None


class SocketMode:
    def __init__(
        self, app: AsyncApp, app_token: str, api_url: str, answered: Answered, elsewhere: Elsewhere
    ) -> None:
        self._app, self._connection = app, (app_token, api_url, answered, elsewhere)
        self._answered = answered
        self.client: Client | None = None
        self._acknowledged = asyncio.Event()

    async def start(self) -> None:
        """Raises NotReady where Slack refuses the token; whatever else is in the way is waited for."""
        self.client = Client(*self._connection)
        self.client.socket_mode_request_listeners.append(self._handle)
        try:
            await asyncio.wait_for(self.client.connect_to_new_endpoint(), CONNECT)
        except Exception as error:  # noqa: BLE001 - whatever it was, it may pass, but for a token that is refused
            word = word_of(error)
            if word in REFUSED:
                raise NotReady(f"Slack refuses SLACK_APP_TOKEN: {word}") from None
            log.warning("Slack cannot be reached: %(error)s", {"error": word})
            self.client.heal()

    @property
    def hears_by(self) -> Mapping[str, int]:
        return {self.client.face: 1} if self.client and self.client.app else {"slack": 0}

    async def leave(self) -> None:
        """What is acknowledged goes by the connection that it came by, so that is closed after it: in a
        moment with nothing under way, or where people leave none, once what was heard by then is done."""
        loop = asyncio.get_running_loop()
        until = loop.time() + QUIET
        while self.client is not None and self.client.heard:
            self._acknowledged.clear()
            with contextlib.suppress(TimeoutError):
                left = until - loop.time()
                await asyncio.wait_for(self._acknowledged.wait(), left if left > 0 else None)
            if loop.time() >= until:
                self.client.listen_no_more()
        await self.close()

    async def close(self) -> None:
        if self.client is not None and not self.client.closed:
            await self.client.close()

    async def problem(self) -> str:
        """In a line what is wrong with the connection; empty where nothing is."""
        if self.client is None or not await self.client.is_connected():
            return "Slack's socket is not connected"
        if self.client.shared:
            return f"{SHARED}: each hears only a part"
        return ""

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        payload: Any = None
        began = time.monotonic()
        try:
            response = await run_async_bolt_app(self._app, request)
            if response.status == 200 and response.body:
                kind = response.first_headers().get("content-type", "")
                payload = json.loads(response.body) if "json" in kind else {"text": response.body}
        except Exception as error:  # noqa: BLE001 - it is acknowledged all the same
            note(log, error)
        try:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))
            self._answered.acknowledged(time.monotonic() - began)
        finally:
            assert self.client is not None
            self.client.heard.discard(request.envelope_id)
            self._acknowledged.set()
