"""The one place that touches Microsoft's SDK: checking tokens that arrive, and posting to the Connector.

Its names move between releases, so nothing of it is seen outside of this file. Of the SDK's server nothing is
used: it parses before it checks, has no size limit, and answers 500 to what it does not know. That is
`bot.teams.door`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import warnings
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from jwt.exceptions import PyJWKClientConnectionError

from bot.teams.settings import TeamsSettings

# The SDK would read a .env file of the working directory or one above it: settings come from the environment.
os.environ.setdefault("PYTHON_DOTENV_DISABLED", "1")
# It writes parts of what was sent into its log.
logging.getLogger("microsoft_teams").setLevel(logging.CRITICAL)


@contextmanager
def _quietly() -> Iterator[None]:
    """The SDK warns of its own previews and of parts that it means to drop; none of them is used here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


with _quietly():
    from microsoft_teams.api import Account, ApiClient
    from microsoft_teams.api.activities.message.message import MessageActivityInput
    from microsoft_teams.api.auth.cloud_environment import PUBLIC
    from microsoft_teams.api.clients.conversation.params import CreateConversationParams
    from microsoft_teams.apps import App
    from microsoft_teams.apps.auth import TokenValidator
    from microsoft_teams.common import ClientOptions

T = TypeVar("T")
TIMEOUT = 10.0  # seconds for one message to be posted
TOKEN_TIMEOUT = 8.0  # seconds for Microsoft to give the bot a token of its own
KEYS_TIMEOUT = 10.0  # seconds for a token to be checked, the keys fetched anew where they are old
NO_ID = "DO_NOT_USE_PLACEHOLDER_ID"  # what the SDK says where the answer names no message
# Refused for now, and certainly not taken: the conversation is being written to, or too much was sent.
BUSY = frozenset({412, 429})


class Forged(Exception):
    """The token is not one that the Connector gave for this bot and this request."""


class PostError(Exception):
    """A message was not posted, or perhaps not. One line."""


class Refused(PostError):
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


class Unsure(PostError):
    """Perhaps posted: the connection broke, or the answer says nothing."""


class Sdk:
    """One app's side of the Connector. All calls are coroutines of the loop they are awaited in."""

    def __init__(self, settings: TeamsSettings) -> None:
        self._settings = settings
        cloud = replace(PUBLIC, openid_metadata_url=settings.keys_url) if settings.keys_url else PUBLIC
        credentials: dict[str, Any] = (
            {"token": settings.token} if settings.token else {"client_secret": settings.client_secret}
        )
        with _quietly():
            app = App(
                client_id=settings.client_id,
                tenant_id=settings.tenant_id,
                cloud=cloud,
                http_server_adapter=_NoServer(),
                dangerously_allow_unauthenticated_requests=False,
                client=ClientOptions(timeout=TIMEOUT),
                **credentials,
            )
        self._api = app.api
        self._tokens = app.token_provider
        self._validator = TokenValidator.for_service(settings.client_id, cloud=cloud)
        self._clients: dict[str, ApiClient] = {}  # few: the service hosts are allowed by name
        self._aside = _Aside()
        self._trouble = {"keys": "", "token": ""}

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps messages from coming in or going out, a line each."""
        return tuple(line for line in self._trouble.values() if line)

    async def check_token(self, token: str, service_url: str) -> Mapping[str, Any]:
        """The claims of a genuine token. Raises Forged, also where the keys cannot be fetched."""
        # The SDK fetches the keys with a blocking call: on a thread of its own nobody else waits for it.
        checked = self._aside.run(self._validator.validate_token(token, service_url))
        try:
            claims: Mapping[str, Any] = await asyncio.wait_for(checked, KEYS_TIMEOUT)
        except (TimeoutError, PyJWKClientConnectionError):
            self._trouble["keys"] = "Teams: Microsoft's keys cannot be fetched, so nothing is let in"
            raise Forged("the keys cannot be fetched") from None
        except Exception as error:  # noqa: BLE001  any doubt is a no
            raise Forged(type(error).__name__) from None
        self._trouble["keys"] = ""
        if "exp" not in claims:
            raise Forged("it never runs out")
        return claims

    async def post(self, service_url: str, conversation: str, activity: Mapping[str, Any]) -> str:
        """Post a message; its id. Raises PostError."""
        message = MessageActivityInput.model_validate(self._from_bot(activity))
        api = await self._connected(service_url)
        sent = await _sorted(api.conversations.create_activity(quote(conversation, safe=":;@="), message))
        if sent.id == NO_ID:
            raise Unsure("the answer names no message")
        return sent.id

    async def update(
        self, service_url: str, conversation: str, message: str, activity: Mapping[str, Any]
    ) -> None:
        """Put another content into a message of the bot's. Raises PostError."""
        changed = MessageActivityInput.model_validate(self._from_bot(activity))
        api = await self._connected(service_url)
        there = quote(conversation, safe=":;@="), quote(message, safe="")
        await _sorted(api.conversations.update_activity(*there, changed))

    async def personal_chat(self, service_url: str, tenant: str, user: str) -> str:
        """The id of the bot's own chat with somebody, opened where there is none yet. Raises PostError."""
        wanted = CreateConversationParams(
            members=[Account(id=user)], tenant_id=tenant, channel_data={"tenant": {"id": tenant}}
        )
        api = await self._connected(service_url)
        return (await _sorted(api.conversations.create(wanted))).id

    async def _connected(self, service_url: str) -> ApiClient:
        """Raises Later where Microsoft gives the bot no token: asked for before anything can be sent."""
        try:
            await asyncio.wait_for(self._aside.run(self._tokens.get_app_token()), TOKEN_TIMEOUT)
        except Exception as error:  # noqa: BLE001  the library raises whatever its parts raise
            self._trouble["token"] = "Teams: Microsoft gives no token for sending: check TEAMS_CLIENT_SECRET"
            raise Later(f"no token for sending ({type(error).__name__})", 60.0) from None
        self._trouble["token"] = ""
        if service_url not in self._clients:
            with _quietly():
                self._clients[service_url] = self._api.from_service_url(service_url)
        return self._clients[service_url]

    async def member(self, service_url: str, conversation: str, user: str) -> tuple[str, str, str]:
        """A member of a conversation, by either id: the directory's id, what Teams calls them to this bot,
        and their name. Raises PostError."""
        api = await self._connected(service_url)
        there = quote(conversation, safe=":;@="), quote(user, safe=":")
        found = await _sorted(api.conversations.get_member_by_id(*there))
        return (found.aad_object_id or "").lower(), found.id, found.name or ""

    def _from_bot(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        return {**activity, "from": {"id": self._settings.bot_id, "name": "IRMER"}}

    async def close(self) -> None:
        self._aside.close()
        await self._api.http.http.aclose()


class _NoServer:
    """The SDK is given no port and no route."""

    def register_route(self, *_: object) -> None:
        raise AssertionError("the SDK serves nothing here")

    def serve_static(self, *_: object) -> None:
        raise AssertionError("the SDK serves nothing here")

    async def start(self, *_: object) -> None:
        raise AssertionError("the SDK serves nothing here")

    async def stop(self) -> None:
        return


class _Aside:
    """An event loop on a thread of its own, for coroutines that block."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="teams-keys", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)


async def _sorted(sending: Coroutine[Any, Any, T]) -> T:
    """What is sent, its failures sorted by whether anything can have been posted."""
    try:
        return await sending
    except httpx.HTTPStatusError as error:
        raise _of_status(error.response) from None
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Later(f"no connection: {type(error).__name__}", 5.0) from None
    except httpx.HTTPError as error:
        raise Unsure(f"the connection broke: {type(error).__name__}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Unsure(f"an answer that cannot be read: {type(error).__name__}") from None


def _of_status(response: httpx.Response) -> PostError:
    status = response.status_code
    if status in BUSY:
        return Later(f"refused for now with {status}", _retry_after(response))
    if status >= 500:
        return Unsure(f"answered with {status}")
    return Refused(status, _code(response))


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
