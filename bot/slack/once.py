"""The same from the same person within seconds is a slip of the finger."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.slack.payloads import Interaction

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

    def forget(self, user: str) -> None:
        """Whoever has closed what they had opened means it when they open it again."""
        for key in [one for one in self._seen if isinstance(one, tuple) and one[1] == user]:
            del self._seen[key]


def press_key(press: Interaction) -> object:
    """Two clicks on one state of one button; a card that was changed between them is another state."""
    where = press.contained_at or press.message or press.view
    state = press.edited, press.view_hash, repr(press.message_state)
    return ("press", press.user, where, press.action_id, press.action_value, *state)
