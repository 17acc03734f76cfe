"""Who a token belongs to, as Slack says: asked once, before a connection is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.slack.checkup import app_token
from bot.slack.service import plan_of, who_are_we
from bot.slack.settings import SlackSettings
from bot.slack.web import Failed, Unsure, Web
from bot.usage import NotReady
from storage.chat_connection_model import ConnectionPlan

PATIENCE = 5.0  # seconds in which Slack is to answer
# What does not tell which app it is, and is no reason to refuse it.
_NOT_TOLD = frozenset({"unknown_method", "missing_scope", "bot_not_found"})


async def introduced(
    settings: SlackSettings, clock: Callable[[], datetime]
) -> tuple[ConnectionPlan, datetime]:
    """What Slack says of it, and when, by Slack's clock. Raises NotReady."""
    web = Web(settings.bot_token.get_secret_value(), api_url=settings.api_url)
    await web.start()
    try:
        answer = await who_are_we(web, PATIENCE)
        told, app = web.time.told or clock(), await _app(web, str(answer.get("bot_id", "")))
    finally:
        await web.close()
    token = settings.app_token.get_secret_value()
    if token and (lines := await app_token(token, settings.api_url)):
        raise NotReady(*lines)
    return plan_of(answer, web.scopes, app=app), told


async def _app(web: Web, bot: str) -> str:
    """Its id: two apps in one workspace are told apart by it alone. Raises NotReady."""
    try:
        answer = await web.call("bots.info", bot=bot) if bot else {}
    except (Failed, Unsure) as problem:
        if str(problem) in _NOT_TOLD:
            return ""
        raise NotReady(f"Slack does not say which app that is: {problem}") from None
    found: Mapping[str, Any] = answer.get("bot") or {}
    return str(found.get("app_id") or "")
