"""What Slack says of the app: is the token good, are the scopes there, is the bot in each channel that the
settings name? Each answer is a line for `/health` and `irmer doctor`."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.sender import PLATFORM
from bot.slack.web import Failed, Unsure, Web
from storage.model import Destination

# What the manifest asks for.
SCOPES = frozenset(
    {
        "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:write",
        "groups:history", "groups:read", "im:history", "im:write", "users:read",
    }
)  # fmt: skip
_UNASKABLE = frozenset({"unknown_method", "missing_scope", "not_allowed_token_type"})


async def checkup(web: Web, places: Mapping[str, Destination]) -> list[str]:
    """`places` are the channels by what they are for. Empty where all is well."""
    try:
        await web.call("auth.test")
    except (Failed, Unsure) as problem:
        return [] if str(problem) == "unknown_method" else [f"Slack refuses SLACK_BOT_TOKEN: {problem}"]
    lines = []
    if web.scopes is not None and (missing := sorted(SCOPES - web.scopes)):
        wanted = "update it by manifest.yml, and install it again"
        lines.append(f"Slack: the app lacks the scopes {', '.join(missing)}: {wanted}")
    for what, place in places.items():
        if place.platform == PLATFORM and (why := await _channel(web, place)):
            lines.append(f"Slack: the {what} {place.conversation}: {why}")
    return lines


async def app_token(token: str, api_url: str) -> list[str]:
    """Is it good for Socket Mode?"""
    web = Web(token, api_url=api_url)
    await web.start()
    try:
        await web.call("apps.connections.open")
    except (Failed, Unsure) as problem:
        return [f"Slack refuses SLACK_APP_TOKEN: {problem}"]
    finally:
        await web.close()
    return []


async def _channel(web: Web, place: Destination) -> str:
    """Why nothing reaches it; empty where nothing is known to be in the way."""
    try:
        answer = await web.call("conversations.info", channel=place.conversation)
    except (Failed, Unsure) as problem:
        return "" if str(problem) in _UNASKABLE else f"Slack says {problem}: invite the bot to it"
    found = answer.get("channel")
    channel = found if isinstance(found, Mapping) else {}
    if channel.get("is_archived"):
        return "it is archived: name another"
    return "" if channel.get("is_member", True) else "the bot is not in it: invite it"
