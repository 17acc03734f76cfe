"""How a platform's requests were answered since the start: how soon, how many were refused and why, when one
was last let in. Kept in memory alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from bot.site import Asgi, Receive, Scope, Send

WITHIN = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)  # seconds; Slack waits for three
REASONS = {
    400: "malformed", 401: "not genuine", 403: "not served here", 405: "another method", 413: "too large",
    500: "failed", 503: "not connected yet",
}  # fmt: skip


class Answered:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.took = [0] * (len(WITHIN) + 1)
        """How many were answered within each of `WITHIN` and in no less; last, those that took longer."""
        self.seconds = 0.0
        self.refused: Counter[str] = Counter()
        self.reconnects = 0
        self.last: datetime | None = None
        """In UTC: when the last one came that was let in."""

    @classmethod
    def together(cls, several: Sequence[Answered]) -> Answered:
        """Those of several connections, as one."""
        found = cls(several[0]._clock)
        found.took = [sum(many) for many in zip(*(one.took for one in several), strict=True)]
        found.seconds = sum(one.seconds for one in several)
        found.refused = sum((one.refused for one in several), Counter())
        found.reconnects = sum(one.reconnects for one in several)
        found.last = max((one.last for one in several if one.last), default=None)
        return found

    def acknowledged(self, seconds: float) -> None:
        """One that was let in, so many seconds after it came."""
        self.took[bisect_left(WITHIN, seconds)] += 1
        self.seconds += seconds
        self.last = self._clock().astimezone(UTC)

    def watching(self, app: Asgi) -> Asgi:
        """The same app, with each of its answers counted."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            began = monotonic()

            async def sent(event: Any) -> None:
                await send(event)
                if event["type"] == "http.response.start":
                    if (status := int(event["status"])) < 400:
                        self.acknowledged(monotonic() - began)
                    else:
                        self.refused[REASONS.get(status, "something else")] += 1

            await app(scope, receive, sent)

        return watched
