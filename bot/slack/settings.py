"""What the environment says of Slack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from bot.environment import FromEnvironment, wrong

OWN_HOSTS = ("slack.com", "slack-gov.com")
NAMES = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")  # one of them: Slack is meant


def _begins(prefix: str, what: str) -> AfterValidator:
    def check(token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith(prefix):
            raise wrong(f"is no {what}: it begins with {prefix}")
        return token

    return AfterValidator(check)


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise wrong("wants an address such as http://127.0.0.1:4000/api/")
    return url if url.endswith("/") else f"{url}/"


class SlackSettings(FromEnvironment):
    """One installation of the app; with an app token by Socket Mode, else by HTTP."""

    bot_token: Annotated[SecretStr, _begins("xoxb-", "bot token")] = Field(validation_alias=NAMES[0])
    signing_secret: SecretStr = Field(SecretStr(""), validation_alias=NAMES[1])
    app_token: Annotated[SecretStr, _begins("xapp-", "app-level token")] = Field(
        SecretStr(""), validation_alias=NAMES[2]
    )
    api_url: Annotated[str, AfterValidator(_address)] = Field("", validation_alias="SLACK_API_URL")

    @property
    def in_place(self) -> str:
        """What stands in Slack's place, for everybody to see; empty where nothing does."""
        if not self.api_url:
            return ""
        parts = urlsplit(self.api_url)
        host = parts.hostname or ""
        if parts.scheme == "https" and any(host == own or host.endswith(f".{own}") for own in OWN_HOSTS):
            return ""
        return f"{parts.netloc.rpartition('@')[2]} in the place of Slack"

    @property
    def socket_mode(self) -> bool:
        return bool(self.app_token)

    @model_validator(mode="before")
    @classmethod
    def _bot_token(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        if not given.keys() & {"bot_token", NAMES[0]}:
            raise wrong(f"{NAMES[0]} is not set: the bot token of the app's page “OAuth & Permissions”")
        return given

    @model_validator(mode="after")
    def _way_in(self) -> Self:
        if not self.app_token and not self.signing_secret:
            raise wrong(f"for Slack either {NAMES[2]} (Socket Mode) or {NAMES[1]} (HTTP) is wanted")
        return self
