"""Pregnancy and breast-feeding."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.reader import guards
from bot.core.reader.findings import Finding
from bot.core.reader.matching import said
from bot.core.reader.patterns import pattern, tagset
from bot.core.reader.tags import Hit, Tagged

_MEANT = "was a foetus exposed without that being intended?"
_FOETUS, _INFANT = "unintended_foetal_exposure", "breastfed_infant_exposed"
_WEEKS = "gestation|preg"
# Pregnant, and nobody knew when the exposure was made: the foetus's exposure was not intended.
_NOT_KNOWN_THEN = tuple(
    pattern(words)
    for words in (
        f"unaware ~3 {_WEEKS}",
        f"{_WEEKS} ~3 unaware",
        f"later|later_told ~6 {_WEEKS} !not",
        f"{_WEEKS} ~3 later_on",
        "preg|preg_test ~~10 positive",
        "inadvertent ~1 foetal",
        "foetal ~1 inadvertent ~1 exposed",
        "preg_test ~2 failed_check ~~6 gestation|preg",
    )
)
_STATED_NOT = pattern(
    "(not a|or? ~1 preg | preg colon|dash|quest? be* (not|none_after|ruled_out) | preg_test ~2"
    " none_after | none_after a? preg_test"
    " | not ~1 (hedge|risk) of preg | ruled_out ~1 preg | not ~1 foetal ~1 (exposed|dose)? | foetal"
    " ~1 not exposed)"
)
_TOLD = pattern("reported ~6")
_TOLD_AFTER = pattern("comma? she|patient|relative|they reported")
_STOPPED = pattern(
    "(near | caught ~6 before ~2 an_exposure | before ~1 exposure_noun|beam | in_time | no_exposure)"
)
_STATED_NOT_FEEDING = pattern(
    "(not ~2 feeding | feeding colon|dash|quest? (not|none_after) | not ~1 preg"
    " (or|and|comma|slash)+ not? feeding)"
)
_INFANT_EXPOSED = pattern("(feeding|infant ~2 (exposed|got dose|got Sv) | exposed ~1 feeding)")
_FED = pattern("(feeding ~6 (advice|interrupt) | fed)")


def pregnancy(t: Tagged) -> Iterator[Finding]:
    found = [hit for words in _NOT_KNOWN_THEN for hit in t.find(words) if _affirmed(t, hit)]
    denials = [(hit, _denial_doubt(t, hit)) for hit in t.find(_STATED_NOT)]
    if found:
        first = found[0]
        told = t.has_in(first.i, first.j, "later_told") and not t.has_in(first.i, first.j, "later", "unaware")
        doubt = "was the foetus exposed at all?" if t.first(_STOPPED) else _MEANT if told else ""
        if any(not told and hit.i > first.j for hit, told in denials):
            doubt = doubt or "the text says both"
        yield said(t, _FOETUS, True, first, doubt, 1)
        return
    positive = t.has("positive")
    for hit, doubt in denials:
        yield said(t, _FOETUS, False, hit, doubt or ("the text says both" if positive else ""))
    hint = t.first(pattern("preg|gestation|foetal|preg_test|preg_check"))
    if hint and not denials:
        yield said(t, _FOETUS, True, hint, _MEANT)


def _affirmed(t: Tagged, hit: Hit) -> bool:
    """ "Found not to be pregnant" says the opposite."""
    said_so = [k for k in range(hit.i, hit.j) if t.tokens[k].tags & _PREGNANT]
    denied = any("not" in token.tags for k in said_so for token in t.tokens[max(hit.i, k - 3) : k])
    return bool(said_so) and not denied and not t.has_in(hit.i, hit.j, "none_after", "preg_check")


_PREGNANT = tagset("preg gestation foetal")


def _denial_doubt(t: Tagged, hit: Hit) -> str:
    """What the patient said, or was thought, is not what was so."""
    told = t.before(_TOLD, hit.i) or t.starts(_TOLD_AFTER, hit.j) or "known" in t.words(hit.i, hit.j)
    return "is it certain that there was no pregnancy?" if told or t.asks(hit.i) else ""


def breast_feeding(t: Tagged) -> Iterator[Finding]:
    exposed = t.first(_INFANT_EXPOSED)
    if exposed and t.has("feeding"):
        denied = guards.denied(t, exposed.i, exposed.j)
        yield said(
            t, _INFANT, denied is not True, exposed, "" if denied is not None else "was an infant exposed?"
        )
        return
    stated = list(t.find(_STATED_NOT_FEEDING))
    for hit in stated:
        told = t.before(_TOLD, hit.i)
        yield said(t, _INFANT, False, hit, "is it certain that no infant is breast-fed?" if told else "")
    hint = t.first(pattern("feeding"))
    if hint and not stated:
        yield said(t, _INFANT, True, hint, "was a breast-fed infant exposed?")
