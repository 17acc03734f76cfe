"""What the environment says of Slack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class Unset(Exception):
    """One line: what is missing or wrong, and what is wanted."""


@dataclass(frozen=True)
class SlackSettings:
    bot_token: str
    signing_secret: str = ""
    app_token: str = ""
    api_url: str = ""

    @property
    def socket_mode(self) -> bool:
        return bool(self.app_token)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> SlackSettings | None:
        """None where Slack is not configured. Raises `Unset`; no token is ever repeated."""
        names = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")
        bot, secret, app = (environment.get(name, "").strip() for name in names)
        if not bot and not secret and not app:
            return None
        if not bot:
            raise Unset("SLACK_BOT_TOKEN is missing: the bot token of the app's page “OAuth & Permissions”")
        if not bot.startswith("xoxb-"):
            raise Unset("SLACK_BOT_TOKEN is no bot token: it begins with xoxb-")
        if app and not app.startswith("xapp-"):
            raise Unset("SLACK_APP_TOKEN is no app-level token: it begins with xapp-")
        if not app and not secret:
            raise Unset(
                "for Slack either SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is wanted"
            )
        api_url = environment.get("SLACK_API_URL", "").strip()
        if api_url and not api_url.startswith(("http://", "https://")):
            raise Unset("SLACK_API_URL wants an address such as http://127.0.0.1:4000/api/")
        if api_url and not api_url.endswith("/"):
            api_url += "/"
        return cls(bot, secret, app, api_url)
