"""Checking the tokens that arrive, without anybody waiting while Microsoft's keys are fetched.

The SDK's validator fetches the keys with a blocking call whenever they are five minutes old. Here a validator
is used for four, by whoever comes; its successor, and a token of a key not seen yet, go to another thread.
The Connector sends the same token for an hour: one that was found genuine is known again as long as the
validator is used and the token has not run out, for the same service address only.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol, TypeVar

import jwt
from jwt.exceptions import PyJWKClientConnectionError

from bot.reaching import why_not_reached

T = TypeVar("T")
FRESH = 240.0  # seconds; the keys are kept for 300
TIMEOUT = 10.0
MOST_KEYS = 50
MOST_TOKENS = 500
TROUBLE = "Teams: Microsoft's keys cannot be fetched, so nothing is let in"


class Forged(Exception):
    """The token is not one that the Connector gave for this bot and this request."""


class Validator(Protocol):
    async def validate_token(self, raw_token: str, service_url: str | None = None) -> dict[str, Any]: ...


class Aside:
    """An event loop on a thread of its own, for coroutines that block."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="teams-aside", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)


class Keys:
    """`trouble` is a line while the keys cannot be fetched."""

    def __init__(self, make: Callable[[], Validator], aside: Aside) -> None:
        self._make, self._aside = make, aside
        self._validator = make()
        self._known: set[str] = set()  # keys that this validator has, since it has used them
        self._genuine: dict[tuple[str, str], Mapping[str, Any]] = {}  # claims, by token and service address
        self._until = 0.0
        self.trouble = ""

    async def check(self, token: str, service_url: str) -> Mapping[str, Any]:
        """The claims of a token that is genuine and for this service address. Raises Forged."""
        if time.monotonic() > self._until:
            self._validator, self._known, self._genuine = self._make(), set(), {}
            self._until = time.monotonic() + FRESH
        genuine = self._genuine
        known = genuine.get((token, service_url))
        if known is not None and time.time() < float(known["exp"]):
            return known
        claims = await self._checked(token, service_url)
        if "exp" not in claims:
            raise Forged("it never runs out")
        if len(genuine) < MOST_TOKENS:
            genuine[token, service_url] = claims
        return claims

    async def _checked(self, token: str, service_url: str) -> Mapping[str, Any]:
        key, validator = _key(token), self._validator
        try:
            if key in self._known:
                return await validator.validate_token(token, service_url)
            checked = self._aside.run(validator.validate_token(token, service_url))
            claims = await asyncio.wait_for(checked, TIMEOUT)
        except (TimeoutError, PyJWKClientConnectionError) as error:
            self.trouble = f"{TROUBLE}: {why_not_reached(error)}"
            raise Forged("the keys cannot be fetched") from None
        except Exception as error:  # noqa: BLE001  any doubt is a no
            raise Forged(type(error).__name__) from None
        self.trouble = ""
        if validator is self._validator and len(self._known) < MOST_KEYS:
            self._known.add(key)
        return claims


def _key(token: str) -> str:
    """The id of the key that a token says it is signed with: not to be believed, only looked up."""
    try:
        key = jwt.get_unverified_header(token).get("kid")
    except jwt.InvalidTokenError as error:
        raise Forged(type(error).__name__) from None
    return key if isinstance(key, str) else ""
