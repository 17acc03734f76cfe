"""Radiopharmaceuticals that were confused: one given where another, or another study, was meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import bot.core.reader.guards as guards
from bot.core.reader.findings import Finding
from bot.core.reader.lexicon import alone
from bot.core.reader.matching import said
from bot.core.reader.tags import Hit, Tagged
from bot.core.reader.tokens import Token

_FACT = "wrong_radiopharmaceutical"
_GIVEN = "was it given?"
_WRONG_GIVEN = "was the wrong radiopharmaceutical given?"
# Names of the same agent; and what each study may be made with.
_SAME = [
    set(names.split())
    for names in (
        "mibi sestamibi", "maa macroaggreg macro", "tetrofosmin myoview", "hmpao ceretec exametazime",
        "nanocoll nanocolloid", "choline fluorocholine fluoro", "mdp medronate", "hdp oxidronate",
        "mag mertiatide", "datscan ioflupane", "fdg fludeoxyglucose",
    )
]  # fmt: skip
_HEART = "mibi sestamibi tetrofosmin myoview thallium rubidium cardiac myocardial"
_MADE_WITH = {
    study: set(agents.split())
    for studies, agents in (
        ("bone isotope", "mdp hdp medronate oxidronate"), ("renogram renograms renal", "mag dtpa dmsa"
                                                                                       " mertiatide"),
        ("lung v vq", "maa dtpa macroaggreg technegas lung v vq"), ("thyroid", "pertechnetate"),
        ("parathyroid", "mibi sestamibi pertechnetate"), ("myocardial cardiac", _HEART), ("amyloid", "dpd"),
        ("sentinel", "nanocoll nanocolloid"), ("white", "hmpao ceretec"), ("pet", "fdg psma choline dotatate"
                                                                                  " fet"),
    )
    for study in studies.split()
}  # fmt: skip
_ANY = "agent|therapy|i131"
_SWAPPED = (
    f"given:{_ANY} ~6 instead|not a? ~2 meant:{_ANY}",
    f"instead a? meant:{_ANY} ~6 given:{_ANY}",
    f"given:{_ANY} ~6 meant|booked|for ~2 meant:{_ANY}|exam",
    f"meant:{_ANY}|exam ~1 patient|person? (meant|booked)? ~4 got|injected|had ~1 given:{_ANY}|tracer",
    f"meant:{_ANY} meant|booked ~~5 given:{_ANY} got|injected",
    f"got|injected ~1 given:{_ANY} ~3 when|but|instead ~3 meant:{_ANY}",
    f"got|injected|and a? given:{_ANY} to a? meant:{_ANY}|exam patient|person",
)


def agents(t: Tagged) -> Iterator[Finding]:
    not_given = _GIVEN if t.first("@not_given") else ""
    for hit in t.find("wrong ~1 tracer"):
        denied = guards.denied(t, hit.i, hit.j)
        perhaps = not_given or denied is None or t.before("(setting | kit ~1) ~2", hit.i, 5)
        yield said(t, _FACT, denied is not True, hit, _GIVEN if perhaps and denied is not True else "")
    for hit in t.find("@perhaps"):
        yield said(t, _FACT, True, hit, _WRONG_GIVEN)
    swaps = [hit for words in _SWAPPED for hit in t.find(words) if _two(hit["given"], hit["meant"])]
    for hit in swaps:
        doubt = not_given or ("was it meant to be replaced?" if t.has("on_purpose") else "")
        bare = any(all(word in _LABELS for word in _words(hit[one])) for one in ("given", "meant"))
        if bare or guards.denied(t, hit.i, hit.j) is not False:
            doubt = doubt or _WRONG_GIVEN
        yield said(t, _FACT, True, hit, doubt)
    right = t.first("@right")
    if right and not swaps and guards.denied(t, right.i, right.j) is False:
        yield said(
            t, _FACT, False, right, _GIVEN if t.starts("~1 not|not_made|failed_check", right.j) else ""
        )
    elif not swaps and t.first("@confused") and (pair := _differing(t)):
        yield said(t, _FACT, True, pair, _WRONG_GIVEN)


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
    a, b = _name(one), _name(other)
    studies = (
        "exam" in token.tags and name not in {*_MADE_WITH, *_AGENTS} for token, name in ((one, a), (other, b))
    )
    bare = "exam" in one.tags | other.tags and any(all(w in _LABELS for w in _words(x)) for x in (one, other))
    if not a or not b or any(studies) or bare:
        return False
    if a == b:
        labels = _label(one), _label(other)
        return all(labels) and labels[0] != labels[1]  # Ga-68 PSMA is not F-18 PSMA
    studied = a in _MADE_WITH.get(b, ()) or b in _MADE_WITH.get(a, ())
    return not studied and {a, b} not in _SAME


_AGENTS = alone("agent")
_LABELS = frozenset(
    "tc m mtc technetium f ga in tl i cr lu ra y ho iodine lutetium radium yttrium gallium".split()
)


def _words(token: Token) -> list[str]:
    return [word for word in token.word.split() if not word.isdigit()]


def _name(token: Token) -> str:
    """What an agent is called by, its nuclide aside; of a bare nuclide that."""
    words = [
        word for word in _words(token) if word not in _LABELS and word not in ("scan", "isotope", "pet", "ct")
    ]
    return words[0] if words else " ".join(_label(token))


def _label(token: Token) -> list[str]:
    return sorted(word for word in token.word.split() if word.isdigit() or word in _LABELS - {"m"})
