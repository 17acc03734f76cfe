"""Everything that the environment sets, as one model. What a hospital sets in the chat is
`bot.core.settings`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from bot.environment import FromEnvironment, wrong
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


class ProcessSettings(FromEnvironment):
    """`nation` is the one that checks begin with. `tenant`: whatever this process serves is one tenant's,
    under this name, so that a case opened on one platform is seen on the other."""

    nation: Annotated[str, AfterValidator(_nation)] = Field("", validation_alias="IRMER_NATION")
    tenant: str = Field("", validation_alias="IRMER_TENANT")


class Settings(ProcessSettings):
    """A platform of which nothing is set is not served."""

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
