"""POST /api/messages: an ASGI application that lets in what is genuine, small and meant for here.

The order matters: size, form, signature, tenant, service address. Only then is anything stored or done. What
is refused is answered with its reason, and logged without anything that the sender wrote.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from bot.core.trouble import note
from bot.incoming import Malformed
from bot.teams.activity import Activity, service_host
from bot.teams.keys import Forged
from bot.teams.sdk import Sdk
from bot.teams.settings import TeamsSettings

MAX_BODY = 256 * 1024
MAX_TOKEN = 16 * 1024
log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, Any]
Take = Callable[[Activity], Awaitable[Answer]]


class _Refuse(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Door:
    """`take` answers what was let in: a status, and a JSON body or None. Should it raise, it is a 500."""

    def __init__(self, settings: TeamsSettings, sdk: Sdk, take: Take) -> None:
        self._settings, self._sdk, self._take = settings, sdk, take

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, body = await self._answer(scope, receive)
        content = b"" if body is None else json.dumps(body).encode()
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", str(len(content)).encode()),
        ]
        if status == 413:  # the rest of it is not read
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        try:
            if scope["method"] != "POST":
                raise _Refuse(405, "POST is wanted")
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            activity = await self._let_in(headers, await _read(headers, receive))
        except _Refuse as refuse:
            log.warning(
                "refused with %(status)d: %(error)s", {"status": refuse.status, "error": refuse.reason}
            )
            return refuse.status, {"error": refuse.reason}
        try:
            return await self._take(activity)
        except Exception as error:  # noqa: BLE001  whatever it was, the service is answered
            note(log, error)
            return 500, {"error": "an error of the bot's own"}

    async def _let_in(self, headers: Mapping[str, str], raw: bytes) -> Activity:
        body = _json(raw)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN:
            raise _Refuse(401, "a bearer token is wanted")
        service_url = body.get("serviceUrl")
        try:
            claims = await self._sdk.check_token(token, service_url if isinstance(service_url, str) else "")
        except Forged as forged:
            raise _Refuse(401, f"the token is not genuine ({forged})") from None
        try:
            activity = Activity.read(body)
        except Malformed as malformed:
            raise _Refuse(400, str(malformed)) from None
        self._check(activity, claims)
        return activity

    def _check(self, activity: Activity, claims: Mapping[str, Any]) -> None:
        """A genuine token says that Teams sent it, not whose directory it is from, nor where to answer."""
        if not activity.tenants or not activity.tenants <= self._settings.allowed_tenants:
            raise _Refuse(403, "this tenant is not served here")
        host = service_host(activity.service_url, self._settings.service_scheme)
        if host not in self._settings.service_hosts:
            raise _Refuse(403, "this service address is not one of Teams")
        if str(claims.get("serviceurl", "")).rstrip("/") != activity.service_url.rstrip("/"):
            raise _Refuse(401, "the token is for another service address")


async def _read(headers: Mapping[str, str], receive: Receive) -> bytes:
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:12]) > MAX_BODY:
        raise _Refuse(413, f"the body is larger than {MAX_BODY // 1024} KB")
    parts, total = [], 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise _Refuse(400, "the body broke off")
        parts.append(event.get("body", b""))
        total += len(parts[-1])
        if total > MAX_BODY:
            raise _Refuse(413, f"the body is larger than {MAX_BODY // 1024} KB")
        if not event.get("more_body"):
            return b"".join(parts)


def _json(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise _Refuse(400, "the body is not JSON") from None
    if not isinstance(body, dict):
        raise _Refuse(400, "the body is not a JSON object")
    if b"\\u" not in raw:
        return body
    # An escaped half of a surrogate pair, or a NUL, is no text that could be stored or sent on.
    whole = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace").replace(b"\\u0000", b"")
    return dict(json.loads(whole))
