"""Everything that the environment sets, as one model. What a hospital sets in the chat is
`bot.core.settings`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr, model_validator

from bot.listening import Address, one_address, one_host, one_port
from bot.process_settings import ProcessSettings
from bot.slack.settings import NAMES as SLACK
from bot.slack.settings import SlackSettings
from bot.teams.settings import NAMES as TEAMS
from bot.teams.settings import TeamsSettings


class Settings(ProcessSettings):
    """A platform of which nothing is set is not served, unless `irmer connect` has set it up. `secrets_key`:
    the keys that such connections' secrets are sealed with, one a line, and the file that they came from,
    which may hold others by now."""

    secrets_key: SecretStr = Field(SecretStr(""), validation_alias="IRMER_SECRETS_KEY")
    secrets_key_file: str = Field("", validation_alias="IRMER_SECRETS_KEY_FILE")
    host: Annotated[str, BeforeValidator(one_host)] = Field("127.0.0.1", validation_alias="IRMER_HOST")
    port: Annotated[int, BeforeValidator(one_port)] = Field(3000, validation_alias="IRMER_PORT")
    admin_port: Annotated[Address | None, BeforeValidator(one_address)] = Field(
        None, validation_alias="IRMER_ADMIN_PORT"
    )
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
