"""What becomes of a message that could not be posted: certainly not, worth another try, or unknown."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx

from bot.reaching import why_not_reached

T = TypeVar("T")
# Rejected for now, and certainly not taken: the conversation is being written to, or too much was sent. But
# for time-outs and errors of 500 and above nothing else passes.
BUSY = frozenset({412, 429})


class PostError(Exception):
    """A message was not posted, or perhaps not. One line."""


class Rejected(PostError):
    """Certainly not posted, and the same again would be refused again."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"refused with {status} {code}".strip())
        self.status, self.code = status, code

    @property
    def lost_thread(self) -> bool:
        """The message that was answered or changed is no more."""
        return self.code == "ActivityNotFoundInConversation"

    @property
    def gone(self) -> bool:
        """The conversation, or the bot's place in it, is no more."""
        return self.status in (403, 404) and not self.lost_thread


class Later(PostError):
    """Certainly not posted; worth another try after `wait` seconds."""

    def __init__(self, reason: str, wait: float) -> None:
        super().__init__(reason)
        self.wait = wait


class Unauthorised(Rejected):
    """The bot's own token is not taken: that is not the conversation's fault."""


class Unsure(PostError):
    """Perhaps posted: the connection broke, or the answer says nothing."""


async def in_sorts(sending: Coroutine[Any, Any, T]) -> T:
    """What is sent, its failures sorted by whether anything can have been posted."""
    try:
        return await sending
    except httpx.HTTPStatusError as error:
        raise _of_status(error.response) from None
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        raise Later(f"no connection: {why_not_reached(error)}", 5.0) from None
    except httpx.HTTPError as error:
        raise Unsure(f"the connection broke: {type(error).__name__}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Unsure(f"an answer that cannot be read: {type(error).__name__}") from None


def _of_status(response: httpx.Response) -> PostError:
    status = response.status_code
    if status in BUSY:
        return Later(f"refused for now with {status}", _retry_after(response))
    if status == 401:
        return Unauthorised(status, "")
    if status == 408 or status >= 500:
        return Unsure(f"answered with {status}")
    return Rejected(status, _code(response))


def _retry_after(response: httpx.Response) -> float:
    try:
        return min(max(float(response.headers.get("Retry-After", "")), 0.5), 120.0)
    except ValueError:
        return 2.0


def _code(response: httpx.Response) -> str:
    """The Connector's own word for it, where it has the form of one: the rest is not repeated."""
    try:
        code = response.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return code[:60] if isinstance(code, str) and code.isascii() and code.isalnum() else ""
