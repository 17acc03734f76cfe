"""What the environment sets for every face, a terminal too. The platforms' own is `bot.configuration`."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from bot.environment import FromEnvironment, wrong
from bot.logs import FORMS, LEVELS
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


_DIRECTORY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|E[A-Z0-9]+", re.I)


def _directories(value: str) -> str:
    if not all(map(_DIRECTORY.fullmatch, value.replace(",", " ").split())):
        raise wrong("wants the ids of directories or enterprises, with commas between")
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
    shared: Annotated[str, AfterValidator(_directories)] = Field(
        "", validation_alias="IRMER_SHARED_DIRECTORIES"
    )
    admin: Annotated[str, AfterValidator(_admins)] = Field("", validation_alias="IRMER_ADMIN")
    heartbeat: Annotated[str, AfterValidator(_address)] = Field("", validation_alias="IRMER_HEARTBEAT_URL")
    log: Annotated[str, _one_of(FORMS)] = Field("text", validation_alias="IRMER_LOG")
    log_level: Annotated[str, _one_of(LEVELS)] = Field("warning", validation_alias="IRMER_LOG_LEVEL")

    @property
    def shared_directories(self) -> tuple[str, ...]:
        """Directories that several organisations share, beside those that are known to be."""
        return tuple(self.shared.lower().replace(",", " ").split())

    @property
    def admins(self) -> tuple[str, ...]:
        """Who is named as an administrator: `slack:U0123ABCD`."""
        return tuple(self.admin.replace(",", " ").split())
