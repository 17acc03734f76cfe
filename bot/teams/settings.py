"""What the face needs to know: which app it is, whom it serves, and where messages may go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.teams import stand_in

# The hosts of the Bot Connector for Teams: nothing is stored for or sent to any other.
SERVICE_HOSTS = frozenset({"smba.trafficmanager.net"})
UNAUTHENTICATED = "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS"
_FALSE = frozenset({"", "0", "false", "no", "off"})
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class SettingsError(Exception):
    """`lines` say what is wrong and what is wanted, one thing a line."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class TeamsSettings:
    """One app registration. `tenants` are the directories whose people are served; its own unless given.

    `service_hosts`, `keys_url`, `token` and `service_scheme` stay as they are outside of tests, which put a
    Connector and keys of their own on loopback in the place of Microsoft's: see `bot.teams.stand_in`.
    """

    client_id: str
    client_secret: str = field(repr=False)
    tenant_id: str
    tenants: frozenset[str] = frozenset()
    service_hosts: frozenset[str] = SERVICE_HOSTS
    service_scheme: str = "https"
    keys_url: str = ""
    token: Callable[..., str] | None = field(default=None, repr=False)

    @property
    def allowed_tenants(self) -> frozenset[str]:
        return self.tenants or frozenset({self.tenant_id})

    @property
    def bot_id(self) -> str:
        return f"28:{self.client_id}"


def configured(environment: Mapping[str, str]) -> bool:
    """Is Teams meant to be served at all?"""
    return any(environment.get(name) for name in _NAMES)


_NAMES = ("TEAMS_CLIENT_ID", "TEAMS_CLIENT_SECRET", "TEAMS_TENANT_ID")


def from_environment(environment: Mapping[str, str]) -> TeamsSettings:
    """Raises SettingsError, with a line for each thing that is missing or wrong."""
    wrong = [f"{name} is not set" for name in _NAMES if not environment.get(name, "").strip()]
    given = {name: environment.get(name, "").strip() for name in _NAMES}
    wrong += [
        f"{name} is not an id of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
        for name in ("TEAMS_CLIENT_ID", "TEAMS_TENANT_ID")
        if given[name] and not _ID.fullmatch(given[name])
    ]
    if environment.get(UNAUTHENTICATED, "").strip().lower() not in _FALSE:
        wrong.append(f"{UNAUTHENTICATED} is set: take it out, every request must be signed")
    wrong += stand_in.wrong(environment)
    if wrong:
        raise SettingsError(*wrong)
    settings = TeamsSettings(
        given["TEAMS_CLIENT_ID"], given["TEAMS_CLIENT_SECRET"], given["TEAMS_TENANT_ID"].lower()
    )
    other: dict[str, Any] = stand_in.instead(environment, settings.client_id, settings.client_secret)
    return replace(settings, **other)
