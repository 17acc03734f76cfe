"""Another login and another Connector in the place of Microsoft's, for tests of the whole program offline.

TEAMS_LOGIN_URL gives the keys that activities are signed with, at `/v1/.well-known/keys`, and the bot's
own token, at `/{tenant}/oauth2/v2.0/token`. TEAMS_SERVICE_URL is where the Connector is: its host is then the
only one that is let in and written to. Both are on this machine or refused, so that no mistake in a setting
opens a door; every other check stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from bot.teams.activity import service_host

LOGIN, SERVICE = "TEAMS_LOGIN_URL", "TEAMS_SERVICE_URL"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TIMEOUT = 5.0  # seconds


def wrong(environment: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the two, a line each; nothing where neither is set."""
    given = _given(environment)
    if any(given.values()) and not all(given.values()):
        yield f"{LOGIN} and {SERVICE} go together: set both, or neither"
    for name, url in given.items():
        if url and not (_host(url) and urlsplit(url).hostname in LOOPBACK):
            yield f"{name} is for tests and wants an address on this machine, such as http://127.0.0.1:4000"


def instead(environment: Mapping[str, str], client_id: str, client_secret: str) -> dict[str, Any]:
    """The settings that the two change; nothing where they are not set."""
    login, service = _given(environment).values()
    if not login:
        return {}
    return {
        "service_hosts": frozenset({_host(service)}),
        "service_scheme": "http",
        "keys_url": f"{login.rstrip('/')}/v1/.well-known/openidconfiguration",
        "token": _tokens(login.rstrip("/"), client_id, client_secret),
    }


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment.get(name, "").strip() for name in (LOGIN, SERVICE)}


def _host(url: str) -> str:
    return service_host(url, "http")


def _tokens(login: str, client_id: str, client_secret: str) -> Callable[[str, str], str]:
    """What asks for the bot's own token, by OAuth's client credentials. Raises OSError and ValueError."""
    opener = build_opener(ProxyHandler({}))

    def token(scope: str, tenant: str) -> str:
        asked = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            "scope": scope,
        }
        url = f"{login}/{quote(tenant, safe='')}/oauth2/v2.0/token"
        with opener.open(Request(url, urlencode(asked).encode()), timeout=TIMEOUT) as answer:
            return str(json.load(answer)["access_token"])

    return token
