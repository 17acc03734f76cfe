"""Slack's Web API, with every outcome told apart: done, definitely not done, or not known.

Nothing is repeated behind our back: a call that may have been taken is repeated only where that changes
nothing, and a message only after looking whether it is there.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.reminders.sending import about_to_leave
from bot.platform_time import PlatformTime
from bot.reaching import why_not_reached
from bot.slack.keyed import keys_of, metadata
from bot.slack.pace import Pace
from bot.slack.text import Element

TIMEOUT = 10.0
TRIES = 3
LONGEST_WAIT = 30.0
SETTLE = 1.0  # before looking whether a message is there
CLOCKS_APART = 30 * 60.0  # by which ours may be ahead of Slack's; a key is unique, so more costs only reading
# What passes, and all that does, beside time-outs and errors of 500 and above: Slack's own troubles, after
# which nobody knows whether it was done, and its limits. Every other word, known or new, is for good.
_TROUBLES = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
_LIMITS = frozenset({"ratelimited", "rate_limited"})
TOKEN_ERRORS = frozenset({"token_revoked", "token_expired", "invalid_auth", "account_inactive", "not_authed"})
_READS = frozenset({
    "conversations.info", "conversations.history", "conversations.replies", "users.info",
    "migration.exchange", "chat.getPermalink",
})  # fmt: skip
# Doing these twice is doing them once: of two addresses for a file one is used.
_REPEATABLE = _READS | {
    "auth.test", "apps.connections.open", "chat.update", "views.update", "views.publish",
    "conversations.open", "files.getUploadURLExternal",
}  # fmt: skip
_AS_FORM = frozenset({"files.getUploadURLExternal"})  # of which Slack reads no JSON
# Nothing about the person: opening a conversation is what the app may not do, or what is not known.
_NO_CONVERSATIONS = frozenset({"unknown_method", "missing_scope", "not_allowed_token_type"})
# What Slack would not draw; the line of text beside it may pass.
NOT_SHOWN = frozenset({"msg_blocks_too_long", "msg_too_long", "invalid_blocks", "invalid_blocks_format"})
# Said in threads too, where Slack refuses its commands.
REST = "The rest of it could not be shown here: ask me for it in a direct message, such as case C26-0001."
HOOKS = "hooks.slack.com"
UNREACHABLE = "unreachable"
# There was no connection, so nothing was sent; a proxy that does not let us through among them.
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError)

log = logging.getLogger("irmer.slack")


class Failed(Exception):
    """Definitely not done, and for good unless it `passes`. `error` is Slack's word for it, `why` what else
    is known of it."""

    def __init__(self, error: str, why: str = "") -> None:
        super().__init__(why or error)
        self.error = error

    @property
    def passes(self) -> bool:
        return self.error == UNREACHABLE


class RateLimited(Failed):
    passes = True

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class Unsure(Exception):
    """Perhaps done."""


def _last_look() -> aiohttp.TraceConfig:
    """Once there is a connection, and before anything is written to it."""

    async def look(*_: object) -> None:
        about_to_leave()

    config = aiohttp.TraceConfig()
    config.on_connection_create_end.append(look)
    config.on_connection_reuseconn.append(look)
    return config


class Web:
    """`seconds_a_message` is the pace of posts in one channel; Slack bears one a second."""

    def __init__(
        self,
        token: str,
        *,
        api_url: str = "",
        seconds_a_message: float = 1.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        base = api_url or AsyncWebClient.BASE_URL
        self.client = AsyncWebClient(token=token, base_url=base, timeout=int(TIMEOUT), retry_handlers=[])
        self.client.proxy = None  # which heeds no NO_PROXY: the session below goes by the environment
        self._hook_hosts = {HOOKS, *([urlsplit(api_url).netloc] if api_url else [])}
        self._pace = Pace(seconds_a_message)
        self._now = now
        self.time = PlatformTime(now)
        self.called_now: Callable[[Any], Any] = lambda given: given  # people, in what is sent
        self.started = False  # until Slack has said who we are, its refusal is told by whoever asked
        self.token_error = ""  # why Slack no longer takes our token
        self.scopes: frozenset[str] | None = None  # that the app has, where Slack has told

    async def start(self) -> None:
        self.client.session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT), trace_configs=[_last_look()], trust_env=True
        )

    async def close(self) -> None:
        if self.client.session is not None:
            await self.client.session.close()

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Raises Failed, or Unsure for what may have been done. Waits where Slack asks for patience."""
        tries = 0
        while True:
            tries += 1
            try:
                return await self.once(method, **arguments)
            except RateLimited as limited:
                if tries == TRIES or limited.seconds > LONGEST_WAIT:
                    raise
                await asyncio.sleep(limited.seconds)
            except Unsure:
                if tries == TRIES or method not in _REPEATABLE:
                    raise
                await asyncio.sleep(0.2 * tries)

    async def once(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        given = self.called_now({key: value for key, value in arguments.items() if value not in (None, "")})
        asked_at = self._now()
        try:
            if method in _READS:
                params = {k: str(v).lower() if isinstance(v, bool) else v for k, v in given.items()}
                answer = await self.client.api_call(method, http_verb="GET", params=params)
            elif method in _AS_FORM:
                answer = await self.client.api_call(method, data=given)
            else:
                answer = await self.client.api_call(method, json=given)
        except SlackApiError as error:
            self.time.hear(getattr(error.response, "headers", {}), asked_at)
            failure = _failure(error)
            if isinstance(failure, Failed) and failure.error in TOKEN_ERRORS:
                self._lost(failure.error)
            raise failure from None
        except NOT_SENT as error:
            raise Failed(UNREACHABLE, why_not_reached(error)) from error
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
            raise Unsure(type(error).__name__) from error
        self.time.hear(answer.headers, asked_at)
        self.token_error = ""
        if scopes := answer.headers.get("x-oauth-scopes"):
            self.scopes = frozenset(one.strip() for one in scopes.split(","))
        data = answer.data
        return data if isinstance(data, dict) else {}

    def _lost(self, error: str) -> None:
        if not self.token_error and self.started:
            log.error(
                "Slack refuses the bot's token (%(error)s): install the app again and set the new token",
                {"error": error},
            )
        self.token_error = error

    # --- messages

    async def post(self, channel: str, content: Element, *, thread: str = "", key: str = "") -> str:
        """Post a message and give its ts. With a key an unknown outcome is read back before it is tried
        again. What Slack would not draw goes out as its one line of text, which says so."""
        try:
            return await self._post(channel, content, thread, key)
        except Failed as failed:
            if failed.error not in NOT_SHOWN or "blocks" not in content:
                raise
            log.warning("a message is sent without its blocks: %(error)s", {"error": failed})
            return await self._post(channel, {"text": f"{content['text']}\n{REST}"}, thread, key)

    async def _post(self, channel: str, content: Element, thread: str, key: str) -> str:
        known_by = metadata([key]) if key else None
        began = self._now()
        for attempt in range(TRIES):
            async with self._pace(channel):
                try:
                    answer = await self.call(
                        "chat.postMessage", channel=channel, thread_ts=thread, metadata=known_by,
                        unfurl_links=False, unfurl_media=False, **content,
                    )  # fmt: skip
                    return str(answer.get("ts", ""))
                except Unsure:
                    if not key or attempt == TRIES - 1:
                        raise
            await asyncio.sleep(SETTLE)
            if found := await self.find(channel, key, since=began, thread=thread):
                return found
        raise AssertionError("unreachable")

    async def post_once(
        self, channel: str, content: Element, *, keys: Sequence[str], thread: str = ""
    ) -> str:
        """One try, for a caller who keeps the outcome: RateLimited, Failed or Unsure as they come."""
        async with self._pace(channel):
            answer = await self.once(
                "chat.postMessage", channel=channel, thread_ts=thread, metadata=metadata(keys),
                unfurl_links=False, unfurl_media=False, **content,
            )  # fmt: skip
        return str(answer.get("ts", ""))

    async def find(self, channel: str, key: str, *, since: float, thread: str = "") -> str:
        """The ts of our message with this key, posted since then; empty where there is none."""
        method = "conversations.replies" if thread else "conversations.history"
        cursor = ""
        while True:
            page = await self.call(
                method, channel=channel, ts=thread, cursor=cursor, limit=200, include_all_metadata=True,
                oldest=f"{since - CLOCKS_APART:.6f}",
            )  # fmt: skip
            for message in page.get("messages", ()):
                if key in keys_of(message):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return ""

    async def direct(self, user: str) -> str:
        """The channel of the bot's direct message with somebody; where it cannot be had their own id, to
        which Slack lets an app post as well."""
        try:
            answer = await self.call("conversations.open", users=user)
        except Failed as failed:
            if failed.error not in _NO_CONVERSATIONS:
                raise
            return user
        return str((answer.get("channel") or {}).get("id") or user)

    def _may_answer(self, url: str) -> bool:
        """Only to Slack, or to whoever stands in for it: never where a payload would send us."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return parts.netloc in self._hook_hosts and (parts.netloc != HOOKS or parts.scheme == "https")

    async def respond(self, url: str, content: Element) -> None:
        """Use a response URL: five times, half an hour. Raises Failed, or Unsure."""
        if not self._may_answer(url):
            raise Failed("foreign_response_url")
        assert self.client.session is not None
        try:
            async with self.client.session.post(url, json=self.called_now(content)) as answer:
                if answer.status >= 500:
                    raise Unsure(str(answer.status))
                if answer.status != 200:
                    raise Failed("used_url" if answer.status == 404 else f"response_url_{answer.status}")
        except NOT_SENT as error:
            raise Failed(UNREACHABLE, why_not_reached(error)) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unsure(type(error).__name__) from None


def _failure(error: SlackApiError) -> Failed | Unsure:
    response = error.response
    status = getattr(response, "status_code", 0)
    data = getattr(response, "data", None)
    word = data.get("error", "") if isinstance(data, dict) else ""
    if status == 429 or word in _LIMITS:
        return RateLimited(_seconds(getattr(response, "headers", {})))
    if status == 408 or status >= 500 or word in _TROUBLES:
        return Unsure(str(word or status))
    if word or 400 <= status < 500:
        return Failed(str(word or f"http_{status}"))
    return Unsure(str(status))


def _seconds(headers: Mapping[str, Any]) -> float:
    try:
        return max(0.0, float(headers.get("Retry-After", 1)))
    except ValueError:
        return 1.0
