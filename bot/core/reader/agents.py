"""Radiopharmaceuticals that were confused: one given where another, or another study, was meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import bot.core.reader.guards as guards
from bot.core.reader.findings import Finding
from bot.core.reader.lexicon import alone, paragraphs
from bot.core.reader.matching import said
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Hit, Tagged
from bot.core.reader.tokens import Token

_FACT = "wrong_radiopharmaceutical"
# Names of the same agent; and what each study may be made with.
_TABLE = [
    (head.split(), set(body.split())) for head, body in paragraphs(Path(__file__).with_name("agents.txt"))
]
_SAME = [names for kind, names in _TABLE if kind == ["same"]]
_MADE_WITH = {study: names for (_, *studies), names in _TABLE for study in studies}


def agents(t: Tagged) -> Iterator[Finding]:
    swaps = [hit for hit in t.find("@swapped") if _two(hit["given"], hit["meant"])]
    for hit in swaps:
        bare = any(all(word in _LABELS for word in _words(hit[one])) for one in ("given", "meant"))
        if t.first("@not_given"):
            doubt = "?given"
        elif t.has("on_purpose"):
            doubt = "?replaced"
        else:
            doubt = "?wrong_agent" if bare or guards.denied(t, hit.i, hit.j) is not False else ""
        yield said(t, _FACT, True, hit, doubt)
    if not swaps and t.first("@confused") and not t.first("@right") and (pair := _differing(t)):
        yield said(t, _FACT, True, pair, "?wrong_agent")


def _differing(t: Tagged) -> Hit | None:
    """Two names of the text that are not of one study."""
    named = list(t.find("agent|therapy|exam"))[:20]
    for one, other in combinations(named, 2):
        a, b = t.tokens[one.i], t.tokens[other.i]
        if "exam" not in a.tags & b.tags and _two(a, b):
            return t.span(one.i, other.j)
    return None


def _two(one: Token, other: Token) -> bool:
    """Are they two agents, or is one no agent of the study that the other is?"""
    names = a, b = _name(one), _name(other)
    exams = [token for token in (one, other) if "exam" in token.tags]
    unknown = any(_name(token) not in {*_MADE_WITH, *_AGENTS} for token in exams)
    bare = exams and any(all(word in _LABELS for word in _words(token)) for token in (one, other))
    if not all(names) or unknown or bare:
        return False
    if a == b:
        labels = _label(one), _label(other)
        return all(labels) and labels[0] != labels[1]  # Ga-68 PSMA is not F-18 PSMA
    studied = a in _MADE_WITH.get(b, ()) or b in _MADE_WITH.get(a, ())
    return not studied and {a, b} not in _SAME


_AGENTS = alone("agent")
_LABELS = tagset("labels")


def _words(token: Token) -> list[str]:
    return [word for word in token.word.split() if not word.isdigit()]


def _name(token: Token) -> str:
    """What an agent is called by, its nuclide aside; of a bare nuclide that."""
    words = (word for word in _words(token) if word not in _LABELS | tagset("scan isotope pet ct"))
    return next(words, "") or " ".join(_label(token))


def _label(token: Token) -> list[str]:
    return sorted(word for word in token.word.split() if word.isdigit() or word in _LABELS - {"m"})
