"""When something was written, and what the bot had said there by then: whoever wrote before its last words
came, or while they are on their way, had not read them. That is known of this process's words alone; of
another's, and of those before a restart, the core goes by its drafts."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from bot.core.messages import Reply, Show
from bot.platform_time import PlatformTime
from bot.slack.parse import Asked

MOST = 2_000  # conversations
NEVER = "inf"  # the ts of what did not come, or perhaps not: nobody has read it until something else comes
Where = tuple[str, str]


class LastSaid:
    def __init__(self, time: PlatformTime) -> None:
        self._time = time
        self._came: OrderedDict[Where, float] = OrderedDict()
        self._stands: OrderedDict[str, Where] = OrderedDict()  # in direct messages: its thread, and its ts
        self._coming: defaultdict[Where, set[str]] = defaultdict(set)

    def written(self, asked: Asked, ts: str) -> Asked:
        """With when its words were written."""
        try:
            told_at = self._time.by_our_clock(datetime.fromtimestamp(float(ts), UTC))
        except (ValueError, OverflowError, OSError):
            return asked
        return replace(asked, request=replace(asked.request, told_at=told_at))

    def crossed(self, asked: Asked) -> Literal["", "before", "elsewhere"]:
        """In direct messages a check is led in one place: elsewhere there, as below an older message, its
        question does not stand."""
        where, context = _where(asked), asked.context
        stands = self._stands.get(context.channel) if context.personal else None
        there = where if stands is None or context.thread in stands else (context.channel, stands[0])
        last = max(self._came.get(one, 0.0) for one in (where, there))
        if self._coming.get(where) or _seconds(context.said) < last:
            return "before"
        return "" if there == where else "elsewhere"

    def coming(self, asked: Asked, replies: Sequence[Reply]) -> None:
        if any(isinstance(reply, Show) and not reply.private and reply.place is None for reply in replies):
            self._coming[_where(asked)].add(asked.request.delivery)

    def came(self, channel: str, thread: str, ts: str) -> None:
        self._came[channel, thread] = _seconds(ts)
        self._came.move_to_end((channel, thread))
        self._stands[channel] = thread, ts
        self._stands.move_to_end(channel)
        for kept in (self._came, self._stands):
            if len(kept) > MOST:
                kept.popitem(last=False)

    def arrived(self, asked: Asked) -> None:
        """All that was coming, or that could not."""
        where = _where(asked)
        if waiting := self._coming.get(where):
            waiting.discard(asked.request.delivery)
            if not waiting:
                del self._coming[where]


def _seconds(ts: str) -> float:
    try:
        return float(ts)
    except ValueError:
        return 0.0


def _where(asked: Asked) -> Where:
    return asked.context.channel or asked.context.user, asked.context.thread
