"""Activities: which was prescribed, and which delivered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.core.reader.cues import Placed, Role
from bot.core.reader.doses import quantity_finding
from bot.core.reader.findings import Finding
from bot.core.reader.roles import place, versus
from bot.core.reader.tags import Tagged

_WHICH = "which activity was prescribed, and which delivered?"
_SAID = frozenset((Role.INTENDED, Role.RECEIVED, Role.TOTAL, Role.MADE, Role.NONE, Role.EXTRA, Role.EACH))


def activities(t: Tagged) -> Iterator[Finding]:
    placed = [one for one in place(t, "Bq") if one.role in _SAID]
    for one in placed:
        if one.role is Role.INTENDED:
            yield quantity_finding(t, "prescribed_activity", one, _WHICH if one.parted else "")
        if one.role is not Role.INTENDED or one.parted:
            clear = not one.parted and _delivered(t, one, placed)
            weight = -1 if one.role is Role.INTENDED else 0
            yield quantity_finding(t, "delivered_activity", one, "" if clear else _WHICH, weight)
    against = any(versus(t, a, b) for a, b in pairwise(placed))
    if (against or t.has("changed")) and not any(one.role is Role.INTENDED for one in placed):
        yield from (quantity_finding(t, "prescribed_activity", one, _WHICH, -1) for one in placed)
    if t.first("as_meant") and len(placed) == 1:
        yield quantity_finding(t, "prescribed_activity", placed[0], _WHICH)


def _delivered(t: Tagged, one: Placed, placed: list[Placed]) -> bool:
    """Is that what the person got, and all of it?"""
    more_or_less = t.first("pct high|low|more_than|less_than|extra")
    if one.compared:
        return not t.has("vomit")
    if t.first("@repeats") or (more_or_less and len(placed) == 1):
        return False
    if one.role in (Role.RECEIVED, Role.TOTAL):
        return not t.has("vomit")
    alone = all(other is one or other.role is Role.INTENDED for other in placed)
    return one.role in (Role.MADE, Role.NONE) and alone and not more_or_less and _given_at_all(t, one)


def _given_at_all(t: Tagged, one: Placed) -> bool:
    """The only activity, and its clause says it was given: "400 MBq FDG given to the wrong patient"."""
    after = t.starts("~8 got|injected|made !not", one.i + 1)
    clear = after and not t.has_in(one.i, after.j, "not", "meant", "instead")
    return bool(clear or t.before("(injected|got|had) ~4", one.i, 8))
