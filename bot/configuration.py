"""Everything that the environment sets, as one model. What a hospital sets in the chat is
`bot.core.settings`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from bot.environment import FromEnvironment, wrong
from bot.logs import FORMS, LEVELS
from bot.slack.settings import NAMES as SLACK
from bot.slack.settings import SlackSettings
from bot.teams.settings import NAMES as TEAMS
from bot.teams.settings import TeamsSettings
from rules.facts import FACTS


def _nation(value: str) -> str:
    nations = [answer.value for answer in FACTS["nation"].answers]
    if value not in nations:
        raise wrong(f"wants one of: {', '.join(nations)}")
    return value


_ADMIN = re.compile(r"slack:[UW][A-Z0-9]{2,}|teams:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|os:\S{1,64}")
ADMIN_WANTED = "slack:U0123ABCD, teams:<the directory's object id> or os:<an account of this machine>"


def is_administrator_id(text: str) -> bool:
    return bool(_ADMIN.fullmatch(text))


def _admins(value: str) -> str:
    if not all(map(is_administrator_id, value.replace(",", " ").split())):
        raise wrong(f"wants {ADMIN_WANTED}, with commas between")
    return value


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 443)
    except ValueError:
        whole = False
    if not whole or not value.isascii() or any(one.isspace() for one in value):
        raise wrong("wants an address such as https://example.org/ping/0123")
    return value


def _one_of(choices: tuple[str, ...]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in choices:
            raise wrong(f"wants one of: {', '.join(choices)}")
        return value

    return AfterValidator(check)


class ProcessSettings(FromEnvironment):
    """`nation` is the one that checks begin with. `tenant`: whatever this process serves is one tenant's,
    under this name, so that a case opened on one platform is seen on the other."""

    nation: Annotated[str, AfterValidator(_nation)] = Field("", validation_alias="IRMER_NATION")
    tenant: str = Field("", validation_alias="IRMER_TENANT")
    admin: Annotated[str, AfterValidator(_admins)] = Field("", validation_alias="IRMER_ADMIN")
    heartbeat: Annotated[str, AfterValidator(_address)] = Field("", validation_alias="IRMER_HEARTBEAT_URL")
    log: Annotated[str, _one_of(FORMS)] = Field("text", validation_alias="IRMER_LOG")
    log_level: Annotated[str, _one_of(LEVELS)] = Field("warning", validation_alias="IRMER_LOG_LEVEL")

    @property
    def admins(self) -> tuple[str, ...]:
        """Who is named as an administrator: `slack:U0123ABCD`."""
        return tuple(self.admin.replace(",", " ").split())


class Settings(ProcessSettings):
    """A platform of which nothing is set is not served, unless `irmer connect` has set it up. `secrets_key`:
    the keys that such connections' secrets are sealed with, one a line."""

    secrets_key: SecretStr = Field(SecretStr(""), validation_alias="IRMER_SECRETS_KEY")
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None

    @property
    def platforms(self) -> frozenset[str]:
        """Those that are served."""
        return frozenset(name for name in ("slack", "teams") if getattr(self, name))

    @property
    def in_place(self) -> tuple[str, ...]:
        """What stands in a platform's place, for everybody to see: a test, or an address that is wrong."""
        return tuple(one.in_place for one in (self.slack, self.teams) if one and one.in_place)

    @model_validator(mode="before")
    @classmethod
    def _parts(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        parts = {"slack": SLACK, "teams": TEAMS}
        return {**given, **{part: given for part, names in parts.items() if given.keys() & set(names)}}
