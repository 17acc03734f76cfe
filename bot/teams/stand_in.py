"""Another login and another Connector in the place of Microsoft's, for tests of the whole program offline.

TEAMS_LOGIN_URL gives the keys that activities are signed with, at `/v1/.well-known/keys`, and the bot's
own token, at `/{tenant}/oauth2/v2.0/token`. TEAMS_SERVICE_URL is where the Connector is: its host is then the
only one that is let in and written to. Both are on this machine or refused, so that no mistake in a setting
opens a door; every other check stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from bot.teams.activity import service_host

LOGIN, SERVICE = "TEAMS_LOGIN_URL", "TEAMS_SERVICE_URL"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TIMEOUT = 5.0  # seconds


def is_here(url: str) -> bool:
    return bool(service_host(url, "http")) and urlsplit(url).hostname in LOOPBACK


def hosts(service_url: str) -> frozenset[str]:
    """The Connector's host with its port, by each name of this machine."""
    port = urlsplit(service_url).port
    return frozenset(f"{name}:{port}" if port else name for name in LOOPBACK)


def keys_url(login_url: str) -> str:
    return f"{login_url.rstrip('/')}/v1/.well-known/openidconfiguration"


def tokens(login_url: str, client_id: str, client_secret: str) -> Callable[[str, str], str]:
    """What asks for the bot's own token, by OAuth's client credentials. Raises OSError and ValueError."""
    opener = build_opener(ProxyHandler({}))

    def token(scope: str, tenant: str) -> str:
        asked = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            "scope": scope,
        }
        url = f"{login_url.rstrip('/')}/{quote(tenant, safe='')}/oauth2/v2.0/token"
        with opener.open(Request(url, urlencode(asked).encode()), timeout=TIMEOUT) as answer:
            return str(json.load(answer)["access_token"])

    return token
