"""Effects on the skin and hair: seen, gone again, none, or only to come."""

from __future__ import annotations

from collections.abc import Iterator

import bot.core.reader.guards as guards
from bot.core.reader.findings import Finding
from bot.core.reader.matching import said
from bot.core.reader.tags import Hit, Tagged

_FACT = "deterministic_effect"
_SEEN = "is it transient erythema, or an observable effect?"
_NONE_AT_ALL = "is there no tissue reaction of any kind?"
_GENERAL = ("effect", "reaction", "change", "damage")


def effects(t: Tagged) -> Iterator[Finding]:
    none = list(t.find("@none_seen"))
    for hit in none:
        general = any(word in t.words(hit.i, hit.j) for word in _GENERAL)
        sure = general and not t.has_in(*t.sentence(hit.i), "so_far")
        yield said(t, _FACT, "none", hit, "" if sure else _NONE_AT_ALL)
    for hit in t.find("effect"):
        if not any(one.i <= hit.i < one.j for one in none):
            yield from _effect(t, hit)


def _effect(t: Tagged, hit: Hit) -> Iterator[Finding]:
    begin, end = t.sentence(hit.i)
    if t.has_in(begin, end, "cause_else") or t.before("past|old_thing ~1", hit.i):
        return
    if t.has_in(begin, end, "unrelated"):
        yield said(t, _FACT, None, hit, "was that caused by the exposure?")
        return
    denied = guards.denied(t, hit.i, hit.j)
    gone = t.first("transient", max(begin, hit.i - 3), min(end, hit.j + 6))
    if t.before("(warned | consent) ~4", hit.i) or t.starts("~3 warned|consent", hit.j):
        value = "transient_erythema" if t.has("transient") else None
        yield said(t, _FACT, value, hit, "has anything of the kind been seen?", -1)
    elif denied:
        yield said(t, _FACT, "none", hit, _NONE_AT_ALL)
    elif gone and not t.asks(hit.i):
        plain = "transient" in t.words(gone.i, gone.j) and gone.i < hit.i + 4
        sure = plain and not t.has_in(begin, end, "persist", "not")
        yield said(t, _FACT, "transient_erythema", hit, "" if sure else _SEEN)
    else:
        perhaps = t.tokens[hit.i].of("effect") == "perhaps"
        unsure = _SEEN if perhaps else "do the words say that it happened?" if denied is None else ""
        yield said(t, _FACT, "observable", hit, unsure)
