"""A strict, stateful Slack at the far end of a socket: Web API, signed requests to the bot, Socket Mode.

It plays Slack towards the bot over real HTTP and WebSockets on loopback; people in it (`slack_people`) type,
click and submit. It keeps Slack's rules (trigger life, block limits, scopes and events of the manifest, rate
limits, response URLs) and writes down in `complaints` whatever a bot did that Slack would not have stood.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.block_kit import refusal_of
from tests.fakes.slack_api import WebApi
from tests.fakes.slack_manifest import Manifest
from tests.fakes.slack_people import Person
from tests.fakes.slack_socket import Sockets
from tests.fakes.slack_state import (
    ACK_LIMIT,
    APP,
    BOT_USER,
    OTHER_TEAM,
    TEAM,
    Channel,
    Ids,
    Message,
    NotAcknowledged,
    RateLimited,
    Refused,
    ResponseUrl,
    Trigger,
    View,
    plain,
    with_ids,
)
from tests.fakes.slack_web import Call, Fault, WebServer

BEGAN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # so that a test says the same on every day


@dataclass
class FakeSlack:
    """`async with FakeSlack() as slack:`, then point the bot at `slack.api_url` and `slack.bot_url` at the
    bot.

    `seconds_a_message` is the pace that a channel bears; `limits` off lifts the limits by the minute (for
    load). Leaving it raises for what was complained of, unless `strict` is off: no test can forget to look.
    """

    seconds_a_message: float = 1.0
    limits: bool = True
    strict: bool = True
    began: datetime | None = BEGAN  # None where somebody else in the test goes by the real clock
    manifest: Manifest = field(default_factory=Manifest.read)
    bot_url: str = ""  # HTTP mode; where empty, requests go through the sockets
    bot_token: str = "xoxb-0-fake"
    app_token: str = "xapp-0-fake"
    signing_secret: str = "5ec7e7"
    team: str = TEAM
    called: str = "Ward"
    app: str = APP
    enterprise: str = ""  # of which the workspace is a part, and which it may come to be

    def __post_init__(self) -> None:
        self.ids = Ids()
        self.api = WebApi(self)
        self.files = self.api.files
        self.web = WebServer(self)
        self.sockets = Sockets(self)
        self.scopes = set(self.manifest.scopes)
        self.revoked = False
        self.offset = self.began.timestamp() - time.time() if self.began else 0.0
        self._last_ts = 0
        self.people: dict[str, Person] = {}
        self.moved: dict[str, str] = {}  # by their ids of before, what they are called now
        self.channels: dict[str, Channel] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.calls: list[Call] = []
        self.rendered: list[tuple[str, dict[str, Any]]] = []
        self.complaints: list[str] = []
        self.undelivered: list[dict[str, Any]] = []
        self.acknowledgements: list[float] = []  # seconds
        self._posted: dict[str, float] = {}
        self._runner: web.AppRunner | None = None
        self.incidents = self.add_channel("incidents", "C0INCIDENTS")
        self.radiographer = self.add_person("radiographer", "U0RADIO")  # who has installed the app
        self.radiographer.flags["is_admin"] = True
        self.physicist = self.add_person("physicist", "U0PHYS")
        self.governance = self.add_person("governance", "U0GOV")

    # --- life

    async def __aenter__(self) -> FakeSlack:
        app = web.Application(client_max_size=4 * 2**20)
        app.on_response_prepare.append(self._dated)
        self.web.routes(app)
        app.router.add_post("/upload/{ticket}", self.files.take)
        app.router.add_get("/link/{ticket}", self.sockets.serve)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        self.api_url = f"{self.base}/api/"
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, raised: object = None, *_: object) -> None:
        await self.http.close()
        await self.sockets.close()
        if self._runner:
            await self._runner.cleanup()
        if self.strict and raised is None and self.complaints:
            raise AssertionError("; ".join(self.complaints))

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds

    async def _dated(self, _request: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Date"] = formatdate(self.now(), usegmt=True)

    def complain(self, what: str) -> None:
        self.complaints.append(what)

    def fault(self, method: str, kind: str, **how: Any) -> None:
        """See `Fault`."""
        self.web.faults[method].append(Fault(kind, **how))

    async def until(self, condition: Callable[[], Any], seconds: float = 60.0) -> Any:
        """Wait for what the bot does after its acknowledgement; gives what the condition gave."""
        end = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > end:
                last = [f"{c.method} {(c.answer or {}).get('error', 'ok')}" for c in self.calls[-5:]]
                raise AssertionError(f"not within {seconds} s; last calls: {last}; {self.complaints}")
            await asyncio.sleep(0.005)
        return found

    async def quiet(self, seconds: float = 0.25) -> None:
        """Wait until nothing has been called for a while: to see that something does not happen."""
        seen = -1
        while seen != len(self.calls):
            seen = len(self.calls)
            await asyncio.sleep(seconds)

    # --- state

    def add_channel(self, name: str, channel_id: str = "", *, kind: str = "channel") -> Channel:
        channel = Channel(channel_id or self.ids("C"), name, kind, {BOT_USER, *self.people})
        self.channels[channel.id] = channel
        return channel

    def add_person(self, name: str, user_id: str = "", *, team: str = "") -> Person:
        person = Person(self, user_id or self.ids("U"), name, team or self.team)
        self.people[person.id] = person
        for channel in self.channels.values():
            if channel.kind == "channel":
                channel.members.add(person.id)
        return person

    def add_visitor(self) -> Person:
        """Somebody of another workspace in a shared channel."""
        return self.add_person("visitor", team=OTHER_TEAM)

    def direct(self, user: str) -> Channel:
        key = f"D{user[1:]}"
        return self.channels.setdefault(key, Channel(key, "", "im", {BOT_USER, user}))

    def between(self, one: Person, other: Person) -> Channel:
        """The direct messages of two people, in which no bot is: it is not there for one."""
        key = self.ids("D")
        return self.channels.setdefault(key, Channel(key, "", "im", {one.id, other.id}))

    def new_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add(
        self,
        channel: Channel,
        user: str,
        content: Mapping[str, Any],
        *,
        thread_ts: str = "",
        only_for: str = "",
    ) -> Message:
        message = Message(
            channel.id, self.new_ts(), user, content.get("text", ""), with_ids(content.get("blocks", [])),
            thread_ts,
            plain(content.get("metadata")), only_for,
        )  # fmt: skip
        channel.messages.append(message)
        return message

    def new_view(self, user: str, content: dict[str, Any]) -> View:
        view = View(self.ids("V"), user, content, self.ids("hash"))
        self.views[view.id] = view
        return view

    def open_view(self, view_id: str, external_id: str = "") -> View | None:
        for view in (view for stack in self.stacks.values() for view in stack):
            if view.id == view_id or (external_id and view.content.get("external_id") == external_id):
                return view
        return None

    def trigger(self, user: str) -> str:
        key = f"{self.ids('')}.{user}.trigger"
        self.triggers[key] = Trigger(user, self.now())
        return key

    def response_url(self, user: str, channel: str, message: Message | None = None) -> str:
        key = self.ids("R")
        self.response_urls[key] = ResponseUrl(user, channel, self.now(), message)
        return f"{self.base}/hooks/{key}"

    def check(self, where: str, payload: dict[str, Any], problems: list[str]) -> None:
        self.rendered.append((where, plain(payload)))
        if problems:
            self.complaints += [f"{where}: {problem}" for problem in problems]
            raise Refused(refusal_of(problems), response_metadata={"messages": problems})

    def pace(self, channel: str) -> None:
        last = self._posted.get(channel, 0.0)
        if (wait := last + self.seconds_a_message - time.monotonic()) > 0.001:
            raise RateLimited(wait)
        self._posted[channel] = time.monotonic()

    # --- requests to the bot

    def sign(self, body: bytes, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        timestamp = str(int(self.now() if at is None else at))
        key = (self.signing_secret if secret is None else secret).encode()
        signature = hmac.new(key, f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}

    async def send(
        self, kind: str, payload: dict[str, Any], body: bytes, content_type: str, **headers: str
    ) -> Any:
        """One request in the mode that the bot runs in: its acknowledgement's payload, or None."""
        if not self.bot_url:
            return await self.sockets.send(kind, payload, int(headers.get("X-Slack-Retry-Num", 0)))
        began = time.monotonic()
        signed = {"Content-Type": content_type, **self.sign(body), **headers}
        async with self.http.post(self.bot_url, data=body, headers=signed) as answer:
            text = await answer.text()
        self.acknowledged(kind, time.monotonic() - began)
        if answer.status != 200:
            self.complain(f"{kind} answered with {answer.status}: {text[:200]}")
            raise NotAcknowledged(f"{answer.status} {text[:200]}")
        if not text:
            return None
        return json.loads(text) if answer.content_type == "application/json" else {"text": text}

    def acknowledged(self, kind: str, seconds: float) -> None:
        self.acknowledgements.append(seconds)
        if seconds > ACK_LIMIT:
            self.complain(f"{kind} acknowledged after {seconds:.2f} s: operation_timeout")

    async def uninstall(self) -> None:
        """Somebody removes the app: its token ends, and it is told twice, by what it subscribed to."""
        self.revoked = True
        await self.event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}})
        await self.event({"type": "app_uninstalled"})

    def reinstall(self, bot_token: str) -> None:
        """Somebody installs it again: another token, the same app and bot."""
        self.revoked, self.bot_token = False, bot_token

    async def event(
        self, event: dict[str, Any], *, event_id: str = "", retry: int = 0, at: float | None = None
    ) -> bool:
        """Deliver an event if the manifest subscribes to it; `at` is when it happened, where that was before.
        False where it did not get through."""
        if not self.manifest.hears(event) or self._is_elsewhere(event):
            return True
        body = {
            "token": "legacy", "team_id": self.team, "api_app_id": self.app, "type": "event_callback",
            "event": event,
            "event_id": event_id or self.ids("Ev"), "event_time": int(self.now() if at is None else at),
            "is_ext_shared_channel": self._is_shared(event),
            "authorizations": [
                {"enterprise_id": self.enterprise or None, "team_id": self.team, "user_id": BOT_USER,
                "is_bot": True, "is_enterprise_install": False}
            ],
            **({"enterprise_id": self.enterprise} if self.enterprise else {}),
        }  # fmt: skip
        return await self.deliver(body, retry)

    def _is_shared(self, event: Mapping[str, Any]) -> bool:
        place = self.channels.get(str(event.get("channel")))
        return place is not None and place.shared

    def _is_elsewhere(self, event: Mapping[str, Any]) -> bool:
        """What is said where the bot is not is not told to it."""
        place = self.channels.get(str(event.get("channel")))
        said = event["type"] in ("message", "app_mention")
        return said and place is not None and BOT_USER not in place.members

    async def deliver(self, body: dict[str, Any], retry: int = 0) -> bool:
        headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
        try:
            await self.send("events_api", body, json.dumps(body).encode(), "application/json", **headers)
        except (NotAcknowledged, aiohttp.ClientError, ConnectionError):
            self.undelivered.append(body)
            return False
        return True

    async def redeliver(self) -> None:
        """What Slack does at once, after a minute and after five: the same event id again."""
        waiting, self.undelivered = self.undelivered, []
        for body in waiting:
            await self.deliver(body, retry=1)
