"""The nation, where the text names it, a large town, or a health board."""

from __future__ import annotations

from collections.abc import Iterator

import bot.core.reader.guards as guards
from bot.core.reader.findings import Finding
from bot.core.reader.matching import said
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Tagged

_UNSURE = tagset("regulator town_perhaps")
_THERE = "was it there that it happened?"


def places(t: Tagged, nation: str | None) -> Iterator[Finding]:
    """`nation` is the site's setting: a town that speaks against it is in doubt, but it is never a finding
    itself."""
    for hit in t.find("nation|town|town_perhaps|regulator"):
        token = t.tokens[hit.i]
        if t.starts("not_a_place|exam|protocol", hit.j) or guards.denied(t, hit.i, hit.j, 2) is True:
            continue
        town = "town" in token.tags
        value = next(
            token.of(tag) for tag in ("town", "nation", "regulator", "town_perhaps") if token.of(tag)
        )
        unsure = token.tags & _UNSURE or t.before("@comes_from", hit.i) or t.starts("@no_place_after", hit.j)
        doubt = _THERE if unsure else ""
        if town and nation and nation != value:
            doubt = doubt or "that is not in the nation of the settings: where did it happen?"
        yield said(t, "nation", value, hit, doubt)
