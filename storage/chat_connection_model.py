"""A connection to a chat platform: an app of a hospital's own, in its workspace or directory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.model import Person

# It is served; the platform took its token away; another app took its place; somebody ended it here.
ConnectionState = Literal["live", "revoked", "replaced", "ended"]

# The ids of those that the environment sets, one a platform: of these no secret is kept here.
BY_ENVIRONMENT = ("slack", "teams")


@dataclass(frozen=True, slots=True)
class ConnectionPlan:
    """What a platform said of an app, and whose it is to be.

    `app` is the platform's id for the app, `team` the workspace or directory that it is in ("" where it is in
    all of an enterprise), `enterprise` what that belongs to, `bot_user` whom the bot posts as, `called` the
    workspace's name, `scopes` what the app may do, by spaces. `organisation` is "" where bindings alone say
    whose it is. `settings` are what is set of it and no secret.
    """

    platform: str
    app: str
    team: str
    enterprise: str = ""
    bot_user: str = ""
    called: str = ""
    scopes: str = ""
    organisation: str = ""
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChatConnection:
    """As it is now. `installed_at` is when its token was last seen to be taken for the first time, by the
    platform's clock: what the platform tells of before is of an earlier installation."""

    id: str
    plan: ConnectionPlan
    state: ConnectionState
    why: str
    installed_at: datetime
    change: int
    at: datetime
    by: Person

    @property
    def platform(self) -> str:
        return self.plan.platform

    @property
    def organisation(self) -> str:
        return self.plan.organisation

    @property
    def by_environment(self) -> bool:
        return self.id in BY_ENVIRONMENT

    @property
    def title(self) -> str:
        """For people: which one it is, and where it leads."""
        plan = self.plan
        where = plan.called or plan.team or plan.enterprise
        return f"{self.id} ({where})" if where else self.id


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret as it is kept. `key_id` tells which key opens it, and nothing of the key."""

    connection: str
    name: str
    sealed: str
    key_id: str
    changed_at: datetime
