"""One line of `irmer read`: a message as a JSON object in, what is understood of it out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.core.reader.reading import read
from rules.deadlines import uk_moment
from rules.facts import NATIONS

_KEYS = ("text", "now", "nation")


def read_line(given: object, now: datetime) -> dict[str, Any]:
    """`{"facts": …, "to_confirm": […], "masked": …}`, or `{"error": [{"fact": …, "message": …}]}`.

    `given` is the parsed line; `now` (aware) stands in where the line has none. Never raises for what a
    line may hold.
    """
    if not isinstance(given, dict):
        return _error(None, 'a line wants a JSON object such as {"text": "wrong patient, CT head"}')
    for name in given:
        if name not in _KEYS:
            return _error(
                str(name)[:60], f"a line has text, now and nation; “{str(name)[:60]}” is none of them"
            )
    text, stated, nation = (given.get(name) for name in _KEYS)
    if not isinstance(text, str):
        return _error("text", "text wants what happened, in words")
    if nation is not None and nation not in NATIONS:
        return _error("nation", f"nation wants one of: {', '.join(NATIONS)}")
    if stated is not None:
        try:
            now = uk_moment(stated)
        except (TypeError, ValueError):
            return _error("now", "now wants an ISO date-time such as 2026-11-03T14:30")
    found = read(text, now, nation)
    return {"facts": found.facts, "to_confirm": found.to_confirm, "masked": found.masked}


def _error(fact: str | None, message: str) -> dict[str, Any]:
    return {"error": [{"fact": fact, "message": message}]}
