"""What the environment says of Teams: which app it is, whom it serves, and where messages may go."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from importlib.util import find_spec
from types import ModuleType
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo, model_validator

from bot.environment import FromEnvironment, wrong
from bot.teams import stand_in

# The hosts of the Bot Connector for Teams: nothing is stored for or sent to any other.
SERVICE_HOSTS = frozenset({"smba.trafficmanager.net"})
CERTIFICATE = "TEAMS_CERTIFICATE"
NAMES = (
    "TEAMS_CLIENT_ID",
    "TEAMS_CLIENT_SECRET",
    "TEAMS_TENANT_ID",
    CERTIFICATE,
)  # one of them: Teams is meant
MAX_ORGANISATION, MAX_WEBSITE = 32, 2048  # characters, as the app package's schema has it
_FALSE = frozenset({"", "0", "false", "no", "off"})
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _an_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise wrong("is not an id of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
    return text


def _on_this_machine(url: str) -> str:
    if not stand_in.is_here(url):
        raise wrong("is for tests and wants an address on this machine, such as http://127.0.0.1:4000")
    return url


def _a_certificate(path: str) -> str:
    if find_spec("msal") and (line := _certificates().wrong_with(path, datetime.now(UTC))):
        raise wrong(line)
    return path


def _a_day(given: object) -> date | None:
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise wrong("wants the day on which the client secret ends, such as 2027-03-01") from None


def _one_of_them(secret: SecretStr, read: ValidationInfo) -> SecretStr:
    """A certificate that will not do is said already."""
    certificate = read.data.get("certificate")
    if not secret and certificate == "":
        raise wrong(f"{NAMES[1]} is not set, nor is {CERTIFICATE}: one of them is wanted")
    if secret and certificate:
        raise wrong(f"is set, and so is {CERTIFICATE}: take one of them out")
    return secret


def _certificates() -> ModuleType:
    from bot.teams import certificate  # of an extra, which need not be installed

    return certificate


def _not_allowed(value: str) -> str:
    if value.lower() not in _FALSE:
        raise wrong("is set: take it out, every request must be signed")
    return ""


def _short(name: str) -> str:
    if len(name) > MAX_ORGANISATION:
        raise wrong(f"has {len(name)} characters, and Teams takes {MAX_ORGANISATION}")
    return name


def _page(url: str) -> str:
    try:
        parts = urlsplit(url)
        whole = parts.scheme == "https" and bool(parts.hostname) and not any(c.isspace() for c in url)
    except ValueError:
        whole = False
    if not whole or len(url) > MAX_WEBSITE:
        raise wrong("wants an address such as https://your.page/irmer")
    return url


Id = Annotated[str, AfterValidator(_an_id)]
StandIn = Annotated[str, AfterValidator(_on_this_machine)]


class TeamsSettings(FromEnvironment):
    """One app registration, whose own directory's people are served.

    `login_url` and `service_url` are empty outside of tests, which put another login and another Connector on
    this machine in the place of Microsoft's: see `bot.teams.stand_in`. `organisation` and `website` say who
    stands behind the app, for its package. `certificate` is a file, in the place of `client_secret`.
    """

    client_id: Id = Field(validation_alias=NAMES[0])
    certificate: Annotated[str, AfterValidator(_a_certificate)] = Field("", validation_alias=CERTIFICATE)
    client_secret: Annotated[SecretStr, AfterValidator(_one_of_them)] = Field(
        SecretStr(""), validation_alias=NAMES[1], validate_default=True
    )
    secret_expires: Annotated[date | None, BeforeValidator(_a_day)] = Field(
        None, validation_alias="TEAMS_SECRET_EXPIRES"
    )
    tenant_id: Annotated[Id, AfterValidator(str.lower)] = Field(validation_alias=NAMES[2])
    login_url: StandIn = Field("", validation_alias=stand_in.LOGIN)
    service_url: StandIn = Field("", validation_alias=stand_in.SERVICE)
    organisation: Annotated[str, AfterValidator(_short)] = Field("", validation_alias="IRMER_ORGANISATION")
    website: Annotated[str, AfterValidator(_page)] = Field("", validation_alias="IRMER_WEBSITE")
    unauthenticated: Annotated[str, AfterValidator(_not_allowed)] = Field(
        "", validation_alias="DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS"
    )

    @model_validator(mode="after")
    def _both(self) -> Self:
        if bool(self.login_url) != bool(self.service_url):
            raise wrong(f"{stand_in.LOGIN} and {stand_in.SERVICE} go together: set both, or neither")
        return self

    @property
    def allowed_tenants(self) -> frozenset[str]:
        return frozenset({self.tenant_id})

    @property
    def bot_id(self) -> str:
        return f"28:{self.client_id}"

    @cached_property
    def service_hosts(self) -> frozenset[str]:
        return stand_in.hosts(self.service_url) if self.service_url else SERVICE_HOSTS

    @property
    def file_hosts(self) -> frozenset[str]:
        """What stands in the place of Microsoft's for files, in a test; empty for Microsoft's own."""
        return self.service_hosts if self.service_url else frozenset()

    @property
    def service_scheme(self) -> str:
        return "http" if self.service_url else "https"

    @property
    def in_place(self) -> str:
        """Of a test: what stands in Microsoft's place, for everybody to see. Empty where nothing does."""
        elsewhere = ", ".join(sorted(self.service_hosts - SERVICE_HOSTS))
        return f"for tests: {elsewhere} in the place of Microsoft" if elsewhere else ""

    @property
    def keys_url(self) -> str:
        """Where the keys are that activities are signed with, "" for Microsoft's own."""
        return stand_in.keys_url(self.login_url) if self.login_url else ""

    @property
    def token(self) -> Callable[..., str] | None:
        """What gives the bot's own token, None where the SDK asks Microsoft for it with the secret."""
        if self.certificate:
            made: Callable[..., str] = _certificates().tokens(
                self.certificate, self.client_id, self.login_url
            )
            return made
        if not self.login_url:
            return None
        return stand_in.tokens(self.login_url, self.client_id, self.client_secret.get_secret_value())
