"""On a machine that is busy everything takes long, which is no fault of the bot: nobody gives up waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

LONG = 300.0  # seconds
# How long the bot, what it is built on, and the platforms at the far end wait for one another.
WAITS = {
    "bot.slack.face": ("PATIENCE",),
    "bot.slack.once": ("PATIENCE",),
    "bot.slack.people": ("PATIENCE",),
    "bot.slack.socket": ("PING", "CONNECT"),
    "bot.slack.web": ("TIMEOUT",),
    "bot.teams.channel_list": ("PATIENCE",),
    "bot.teams.keys": ("TIMEOUT",),
    "bot.teams.people": ("PATIENCE",),
    "bot.teams.sdk": ("TIMEOUT", "TOKEN_TIMEOUT"),
    "bot.teams.sender": ("PATIENCE",),
    "bot.teams.whereabouts": ("PATIENCE",),
    "bot.serve": ("GRACE", "ACKNOWLEDGED"),
    "bot.site": ("STORE_WITHIN",),
    "tests.fakes.slack": ("ACK_LIMIT",),
    "tests.fakes.slack_api": ("TRIGGER_LIFE",),
    "tests.fakes.slack_socket": ("ACK_LIMIT",),
    "tests.fakes.teams": ("TEAMS_GIVES_UP",),
    "tests.teams.running": ("BUSY",),
}


@contextmanager
def unhurried() -> Iterator[None]:
    with ExitStack() as stack:
        for module, names in WAITS.items():
            for name in names:
                stack.enter_context(patch(f"{module}.{name}", LONG))
        yield
