"""How long `2 hours`, `a fortnight`, `two and a half weeks` are, as the grammar finds them."""

from __future__ import annotations

import re

from bot.core.days.numbers import whole


def hours_of(unit: str) -> float:
    """The hours of a minute or an hour; nothing of what is counted in days."""
    return 0 if unit.startswith("mo") else {"m": 1 / 60, "h": 1.0}.get(unit[0], 0)


def days_in(span: re.Match[str]) -> int:
    """The whole days of so many hours, days or weeks. Raises ValueError where there are none such."""
    hours, unit = hours_of(span["unit"]), span["unit"]
    days = count_of(span) * (hours / 24 if hours else {"d": 1, "w": 7, "f": 14}.get(unit[0], 0))
    if unit.startswith("mo") or not days.is_integer():
        raise ValueError("not in whole days")
    return int(days)


def count_of(span: re.Match[str]) -> float:
    """How many of its unit a length has: 2.5 in "two and a half weeks"."""
    said = span["n"] or ""
    count = 0.5 if span["half"] else 2.0 if span["two"] else _number(said)
    return count + 0.5 * bool(span["and"] or span["more"])


def _number(said: str) -> float:
    if said in ("a", "an", "another"):
        return 1.0
    return float(said.replace(",", ".")) if re.search(r"[.,]", said) else float(whole(said) or 0)
