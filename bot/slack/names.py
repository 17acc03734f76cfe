"""Display names: an event brings only its author's id."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from bot.slack.web import Failed, Unsure, Web

KEPT = 2_000
PATIENCE = 1.0  # a name is worth no more of the three seconds


class Names:
    def __init__(self, web: Web) -> None:
        self._web = web
        self._known: OrderedDict[str, str] = OrderedDict()

    async def of(self, user: str) -> str:
        """Empty where Slack does not tell in time."""
        if user in self._known:
            return self._known[user]
        try:
            answer = await asyncio.wait_for(self._web.once("users.info", user=user), PATIENCE)
        except (Failed, Unsure, TimeoutError):
            return ""
        found = answer.get("user") or {}
        profile = found.get("profile") or {}
        name = str(profile.get("display_name") or profile.get("real_name") or found.get("name") or "")
        self._known[user] = name
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return name
