"""The fake Slack's HTTP side: Web API calls and response URLs, with faults on demand."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.fakes.slack_api import PER_MINUTE
from tests.fakes.slack_state import (
    BOT_USER,
    RESPONSE_URL_LIFE,
    RESPONSE_URL_USES,
    RateLimited,
    Refused,
    plain,
    with_ids,
)

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack


@dataclass
class Fault:
    """What goes wrong with the next calls of a method: 429, 500, reset_before and reset_after (the message is
    taken), slow_before and slow (it is taken first), bad_json (it is taken), error (an `ok: false` of this
    name), status (a page of somebody in between)."""

    kind: str
    times: int = 1
    seconds: float = 1.0
    error: str = ""
    status: int = 500


@dataclass
class Call:
    method: str
    arguments: dict[str, Any]
    at: float
    answer: dict[str, Any] | None = None


class WebServer:
    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self._minutes: dict[str, deque[float]] = defaultdict(deque)

    def routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/api/{method}", self.serve)
        app.router.add_post("/hooks/{key}", self.hook)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        method, arguments = request.match_info["method"], await _arguments(request)
        call = Call(method, arguments, time.monotonic())
        self.slack.calls.append(call)
        fault = self._fault(method)
        if fault and fault.kind == "reset_before":
            return _reset(request)
        if fault and fault.kind in ("500", "status"):
            return web.Response(status=fault.status, text="server error")
        if fault and fault.kind == "slow_before":
            await asyncio.sleep(fault.seconds)
        try:
            if fault and fault.kind == "429":
                raise RateLimited(fault.seconds)
            if fault and fault.kind == "error":
                raise Refused(fault.error)
            call.answer = plain(self._answer(request, method, arguments))
        except RateLimited as limited:
            call.answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(
                call.answer, status=429, headers={"Retry-After": str(math.ceil(limited.seconds))}
            )
        except Refused as refused:
            call.answer = refused.answer
        if fault and fault.kind == "reset_after":
            return _reset(request)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == "bad_json":
            return web.Response(text="<html>upstream error</html>", content_type="text/html")
        return web.json_response(call.answer, headers={"X-OAuth-Scopes": ",".join(sorted(self.slack.scopes))})

    def _answer(self, request: web.Request, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if method == "apps.connections.open":
            if token != self.slack.app_token:
                raise Refused("invalid_auth")
            return {"ok": True, "url": self.slack.sockets.ticket()}
        if self.slack.revoked:
            raise Refused("token_revoked")
        if token != self.slack.bot_token:
            raise Refused("invalid_auth")
        if self.slack.limits and (most := PER_MINUTE.get(method)):
            recent = self._minutes[method]
            while recent and recent[0] < time.monotonic() - 60:
                recent.popleft()
            if len(recent) >= most:
                raise RateLimited(60 - (time.monotonic() - recent[0]))
            recent.append(time.monotonic())
        return self.slack.api.call(method, arguments)

    def _fault(self, method: str) -> Fault | None:
        for fault in [*self.faults[method], *self.faults["*"]]:
            if fault.times > 0:
                fault.times -= 1
                return fault
        return None

    async def hook(self, request: web.Request) -> web.StreamResponse:
        """A response URL: five uses, thirty minutes."""
        target, body = self.slack.response_urls.get(request.match_info["key"]), await request.json()
        self.slack.calls.append(Call("response_url", body, time.monotonic()))
        fault = self._fault("response_url")
        if fault and fault.kind == "500":
            return web.Response(status=500, text="server error")
        if target is None or self.slack.now() - target.made > RESPONSE_URL_LIFE:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        target.uses += 1
        if target.uses > RESPONSE_URL_USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        channel, original = self.slack.channels[target.channel], target.message
        if body.get("delete_original") and original:
            original.deleted = True
            return web.Response(text="ok")
        content = {key: body[key] for key in ("text", "blocks") if key in body}
        try:
            self.slack.api.rendered("response_url", content)
        except Refused as refused:
            return web.json_response(refused.answer, status=400)
        if body.get("replace_original") and original:
            original.text, original.blocks = content.get("text", ""), with_ids(content.get("blocks", []))
            original.edits += 1
        else:
            private = body.get("response_type", "ephemeral") == "ephemeral"
            thread = str(body.get("thread_ts", ""))
            self.slack.add(
                channel, BOT_USER, content, thread_ts=thread, only_for=target.user if private else ""
            )
        return web.Response(text="ok")


async def _arguments(request: web.Request) -> dict[str, Any]:
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        arguments |= await request.json()
    else:
        arguments |= dict(parse_qsl((await request.text()), keep_blank_values=True))
    for key in ("blocks", "metadata", "view"):
        if isinstance(arguments.get(key), str):
            arguments[key] = json.loads(arguments[key])
    return arguments


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
