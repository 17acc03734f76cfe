"""What `manifest.yml` gives the app: the fake Slack grants no scope and delivers no event beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MANIFEST = Path(__file__).parents[2] / "manifest.yml"

# Without the scope Slack delivers no such event.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "channel_archive": "channels:read",
    "channel_left": "channels:read",
    "channel_deleted": "channels:read",
    "group_archive": "groups:read",
    "group_left": "groups:read",
    "group_deleted": "groups:read",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
    "user_change": "users:read",
}
_MESSAGES = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


@dataclass(frozen=True)
class Manifest:
    content: Mapping[str, Any]

    @classmethod
    @cache
    def read(cls, path: Path = MANIFEST) -> Manifest:
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(self.content["oauth_config"]["scopes"]["bot"])

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(self.content["settings"]["event_subscriptions"]["bot_events"])

    @property
    def commands(self) -> tuple[str, ...]:
        return tuple(command["command"] for command in self.content["features"]["slash_commands"])

    @property
    def shortcuts(self) -> dict[str, str]:
        """Callback ids, with message or global for each."""
        return {
            shortcut["callback_id"]: shortcut["type"] for shortcut in self.content["features"]["shortcuts"]
        }

    def hears(self, event: Mapping[str, Any]) -> bool:
        name = _MESSAGES[event["channel_type"]] if event["type"] == "message" else event["type"]
        scope = EVENT_SCOPES[name]
        return name in self.events and (not scope or scope in self.scopes)
