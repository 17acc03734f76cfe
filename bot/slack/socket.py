"""Socket Mode: no public address needed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.answered import Answered
from bot.core.trouble import note
from bot.slack.socket_client import CONNECT, Client, Elsewhere, word_of
from bot.slack.web import TOKEN_ERRORS
from bot.usage import NotReady

QUIET = 2.0  # seconds in which a moment may come at which nothing is under way
REFUSED = TOKEN_ERRORS | {"missing_scope", "not_allowed_token_type"}

log = logging.getLogger("irmer.slack")
SHARED = "another process is connected with the same app token, and not to the same store"


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
        return (
            {self.client.face: self.client.connections} if self.client and self.client.app else {"slack": 0}
        )

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
            self.client.heard.pop(request.envelope_id, None)
            self._acknowledged.set()
