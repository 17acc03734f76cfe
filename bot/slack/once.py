"""The same from the same person within seconds is a slip of the finger."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.slack import parse
from bot.slack.parse import Asked

DOUBLE = timedelta(seconds=5)


class Recently:
    """What people have just done. In memory: who restarts the bot has not pressed Enter twice."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._seen: OrderedDict[object, datetime] = OrderedDict()

    def again(self, key: object) -> bool:
        now = self._clock()
        while self._seen and next(iter(self._seen.values())) < now - DOUBLE:
            self._seen.popitem(last=False)
        if key in self._seen:
            return True
        self._seen[key] = now
        return False


def press_key(body: dict[str, Any], asked: Asked) -> object:
    """Two clicks on one state of one button; a card that was changed between them is another state."""
    action, message, view = parse.action_of(body), body.get("message") or {}, body.get("view") or {}
    state = (message.get("edited") or {}).get("ts", ""), view.get("hash", ""), repr(body.get("state"))
    return ("press", asked.way.user, asked.way.message or asked.way.view, action.get("action_id"),
            action.get("value"), *state)  # fmt: skip
