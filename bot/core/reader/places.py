"""The nation, where the text names it, a large town, or a health board."""

from __future__ import annotations

from collections.abc import Iterator

import bot.core.reader.guards as guards
from bot.core.reader.findings import Finding
from bot.core.reader.matching import said
from bot.core.reader.patterns import pattern, tagset
from bot.core.reader.tags import Tagged

# Names of people, streets, scores and syndromes.
_NOT_THE_PLACE = pattern("not_a_place|exam|protocol")
_COMES_FROM = pattern("(from | comes_from | told_of|reported to?)")
_OF_A_PERSON = pattern("patient|person|child")
_UNSURE = tagset("regulator town_perhaps")
_THERE = "was it there that it happened?"


def places(t: Tagged, nation: str | None) -> Iterator[Finding]:
    """`nation` is the site's setting: a town that speaks against it is in doubt, but it is never a finding
    itself."""
    for hit in t.find(pattern("nation|town|town_perhaps|regulator")):
        token = t.tokens[hit.i]
        if t.starts(_NOT_THE_PLACE, hit.j) or guards.denied(t, hit.i, hit.j, 2) is True:
            continue
        town = "town" in token.tags
        value = (
            token.of("town")
            if town
            else token.of("nation") or token.of("regulator") or token.of("town_perhaps")
        )
        unsure = token.tags & _UNSURE or t.before(_COMES_FROM, hit.i) or t.starts(_OF_A_PERSON, hit.j)
        doubt = _THERE if unsure else ""
        if town and nation and nation != value:
            doubt = doubt or "that is not in the nation of the settings: where did it happen?"
        yield said(t, "nation", value, hit, doubt)
