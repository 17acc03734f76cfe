"""The one place that touches Microsoft's SDK: checking tokens that arrive, and posting to the Connector.

Its names move between releases, so nothing of it is seen outside of this file. Of the SDK's server nothing is
used: it parses before it checks, has no size limit, and answers 500 to what it does not know. That is
`bot.teams.door`.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import httpx
import jwt

from bot.core.reminders.clock import told_by
from bot.core.reminders.sending import about_to_leave
from bot.platform_time import PlatformTime
from bot.teams.keys import Aside, Keys
from bot.teams.post_errors import Unauthorised, Unsure, in_sorts
from bot.teams.settings import TeamsSettings
from bot.teams.signing_in import SigningIn

# The SDK would read a .env file of the working directory or one above it: settings come from the environment.
os.environ.setdefault("PYTHON_DOTENV_DISABLED", "1")
# Its HTTP client tries to import this for every request, an eighth of the work where it is not installed.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]
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
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, CloudEnvironment
    from microsoft_teams.api.clients.conversation.params import CreateConversationParams
    from microsoft_teams.apps import App
    from microsoft_teams.apps.auth import TokenValidator
    from microsoft_teams.common import Client, ClientOptions
    from microsoft_teams.common.http import Interceptor
    from microsoft_teams.common.http.interceptor import InterceptorRequestContext, InterceptorResponseContext

log = logging.getLogger(__name__)
T = TypeVar("T")
MOST_LANES = 16
TIMEOUT = 10.0  # seconds for one message to be posted
TOKEN_REFUSED = "Teams: the bot's token is refused: check the app and this machine's clock"
CHANNEL = "msteams"  # whose endorsement a signing key has to bear
NO_ID = "DO_NOT_USE_PLACEHOLDER_ID"  # what the SDK says where the answer names no message


class RosterEntry(NamedTuple):
    """Somebody in a conversation: the directory's id for them, what Teams calls them to this bot, their name,
    their role there (guest, user), and the directory that they are of; empty what Teams does not say."""

    object_id: str
    id: str
    name: str
    role: str = ""
    directory: str = ""


class TeamChannel(NamedTuple):
    """One of a team's channels; empty what Teams does not say, the first one's name among it."""

    id: str
    name: str
    kind: str


class Sdk:
    """One app's side of the Connector. All calls are coroutines of the loop they are awaited in."""

    def __init__(self, settings: TeamsSettings, now: Callable[[], float] = time.time) -> None:
        self._settings, self.time = settings, PlatformTime(now)
        cloud = replace(PUBLIC, openid_metadata_url=settings.keys_url) if settings.keys_url else PUBLIC
        secret = {"client_secret": settings.client_secret.get_secret_value()}
        token = settings.token
        credentials: dict[str, Any] = {"token": token} if token else secret
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
        self._aside = Aside()
        self.signing_in = SigningIn(settings, app.token_provider.get_app_token, self._aside)
        options = ClientOptions(token=lambda: self.signing_in.token, interceptors=[_Listening(self.time)])
        self._lanes = _Lanes(lambda: app.api.http.clone(options))
        self._keys_url = cloud.openid_metadata_url
        self._keys = Keys(lambda: _validator(settings.client_id, cloud), self._aside)
        self._refused: set[str] = set()  # what the token was refused for last: to write, to look

    async def clock(self) -> datetime | None:
        """What time it is by Microsoft; None where no answer tells it. Asked before anything is sent, where
        anybody may ask: its keys are named there."""
        try:
            with self._lanes.least_used() as lane:
                ask = {"Cache-Control": "no-cache"}
                return told_by((await lane.http.get(self._keys_url, headers=ask, timeout=TIMEOUT)).headers)
        except httpx.HTTPError as error:
            log.info("Microsoft cannot be asked for the time: %(error)s", {"error": type(error).__name__})
            return None

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps messages from coming in or going out, a line each."""
        refused = TOKEN_REFUSED if self._refused else ""
        return tuple(line for line in (self._keys.trouble, self.signing_in.trouble, refused) if line)

    async def check_token(self, token: str, service_url: str) -> Mapping[str, Any]:
        """The claims of a genuine token. Raises `keys.Forged`, also where the keys cannot be fetched."""
        return await self._keys.check(token, service_url)

    async def post(self, service_url: str, conversation: str, activity: Mapping[str, Any]) -> str:
        """Post a message; its id. Raises PostError, and what `about_to_leave` raises."""
        message = MessageActivityInput.model_validate(self._from_bot(activity))

        def posted(api: ApiClient) -> Coroutine[Any, Any, Any]:
            about_to_leave()
            return api.conversations.create_activity(quote(conversation, safe=":;@="), message)

        sent = await self._ask(service_url, posted)
        if sent.id == NO_ID:
            raise Unsure("the answer names no message")
        return str(sent.id)

    async def update(
        self, service_url: str, conversation: str, message: str, activity: Mapping[str, Any]
    ) -> None:
        """Put another content into a message of the bot's. Raises PostError."""
        changed = MessageActivityInput.model_validate(self._from_bot(activity))
        there = quote(conversation, safe=":;@="), quote(message, safe="")
        await self._ask(service_url, lambda api: api.conversations.update_activity(*there, changed))

    async def personal_chat(self, service_url: str, tenant: str, user: str) -> str:
        """The id of the bot's own chat with somebody, opened where there is none yet. Raises PostError."""
        wanted = CreateConversationParams(
            members=[Account(id=user)], tenant_id=tenant, channel_data={"tenant": {"id": tenant}}
        )
        return str((await self._ask(service_url, lambda api: api.conversations.create(wanted))).id)

    async def _ask(
        self, service_url: str, wanted: Callable[[ApiClient], Coroutine[Any, Any, T]], to: str = "write"
    ) -> T:
        """Raises PostError. Where the token is refused, a new one is asked for once: it may have ended. That
        it is taken to look says nothing of writing."""
        for last in (False, True):
            await self.signing_in.have_token()
            with self._lanes.least_used() as lane:
                try:
                    answer = await in_sorts(wanted(lane.client(service_url)))
                except Unauthorised:
                    self.signing_in.refused()
                    if not last:
                        continue
                    self._refused.add(to)
                    raise
            self._refused.discard(to)
            self.signing_in.taken()
            return answer
        raise AssertionError("the last try has returned or raised")

    async def member(self, service_url: str, conversation: str, user: str) -> RosterEntry:
        """A member of a conversation, by either id. Raises PostError."""
        there = quote(conversation, safe=":;@="), quote(user, safe=":")
        found = await self._ask(service_url, lambda api: api.conversations.get_member_by_id(*there), "look")
        return RosterEntry(
            (found.aad_object_id or "").lower(), found.id, found.name or "",
            (found.user_role or "").lower(), (found.tenant_id or "").lower(),
        )  # fmt: skip

    async def team(self, service_url: str, team: str) -> tuple[str, list[TeamChannel]]:
        """A team's name, and its channels. Raises PostError."""
        id_ = quote(team, safe=":@")
        details = await self._ask(service_url, lambda api: api.teams.get_by_id(id_), "look")
        found = await self._ask(service_url, lambda api: api.teams.get_conversations(id_), "look")
        channels = [TeamChannel(one.id or "", one.name or "", one.type or "") for one in found]
        return details.name or "", channels

    def _from_bot(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        return {**activity, "from": {"id": self._settings.bot_id, "name": "IRMER"}}

    async def close(self) -> None:
        self._aside.close()
        await self._lanes.close()


def _validator(client_id: str, cloud: CloudEnvironment) -> TokenValidator:
    """The SDK's, by the keys alone that Microsoft endorses for Teams."""
    validator = TokenValidator.for_service(client_id, cloud=cloud)
    validator._jwks_client = _EndorsedKeys(validator.options.jwks_uri)
    return validator


class _EndorsedKeys(jwt.PyJWKClient):
    """The Connector signs for every channel, and says of each key for which. A token of a key that is not for
    Teams came by another channel, whatever the activity says."""

    def fetch_data(self) -> Any:
        found = super().fetch_data()
        keys = [key for key in found.get("keys", ()) if CHANNEL in (key.get("endorsements") or ())]
        return {**found, "keys": keys}


class _Lane:
    """One HTTP client of the SDK's, and its API client for each service address."""

    def __init__(self, http: Client) -> None:
        self._http, self._clients = http, dict[str, ApiClient]()
        self.busy = 0

    def client(self, service_url: str) -> ApiClient:
        if service_url not in self._clients:
            with _quietly():
                self._clients[service_url] = ApiClient(service_url, self._http)
        return self._clients[service_url]

    @property
    def http(self) -> httpx.AsyncClient:
        return self._http.http

    async def close(self) -> None:
        await self.http.aclose()


class _Lanes:
    """HTTP clients side by side. One alone takes requests at once badly: of sixteen the slowest waited for a
    third of a second in its pool, and side by side for a tenth of that."""

    def __init__(self, make: Callable[[], Client]) -> None:
        self._make, self._lanes = make, list[_Lane]()

    @contextmanager
    def least_used(self) -> Iterator[_Lane]:
        lane = min(self._lanes, key=lambda lane: lane.busy, default=None)
        if lane is None or (lane.busy and len(self._lanes) < MOST_LANES):
            lane = _Lane(self._make())
            self._lanes.append(lane)
        lane.busy += 1
        try:
            yield lane
        finally:
            lane.busy -= 1

    async def close(self) -> None:
        for lane in self._lanes:
            await lane.close()


class _Listening(Interceptor):
    """Hears what time each answer tells."""

    def __init__(self, time: PlatformTime) -> None:
        self._time = time

    def request(self, ctx: InterceptorRequestContext) -> None:
        ctx.request.extensions["asked_at"] = self._time.now()

    def response(self, ctx: InterceptorResponseContext) -> None:
        self._time.hear(ctx.response.headers, ctx.response.request.extensions["asked_at"])


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
