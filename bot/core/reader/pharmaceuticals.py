"""Radiopharmaceuticals that were confused: one given where another, or another study, was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page

_LABEL = (
    r"(?:99m-?tc[ -]?|tc-?99m[ -]?|technetium(?:-99m)?[ -]?|18f-?|f-?18[ -]?|68ga-?|ga-?68[ -]?"
    r"|i-?123[ -]?|123-?i[ -]?|in-?111[ -]?)"
)
_AGENTS = (
    r"maa|hdp|mdp|mibi|sestamibi|tetrofosmin|myoview|thallium|dmsa|mag-?3|dtpa|hmpao|ceretec|nanocoll(?:oid)?"
    r"|pertechnetate|mibg|datscan|hida|fdg|psma|dotatate|fluoro-?choline|choline|gallium|sulphur colloid"
    r"|ioflupane|oxidronate|medronate|mertiatide|tilmanocept|exametazime|macro-?aggregat\w+|renogram tracer"
    r"|bone (?:agent|tracer)|lung (?:agent|tracer)"
)
_STUDIES = (
    r"bone scan|renogram|lung (?:perfusion|scan)|v/q|thyroid (?:scan|uptake)|parathyroid(?: scan)?"
    r"|myocardial perfusion|cardiac (?:stress|perfusion)|sentinel node|white cell"
)
_SAME = (
    {"mibi", "sestamibi"}, {"maa", "macro"}, {"tetrofosmin", "myoview"}, {"hmpao", "ceretec"},
    {"nanocoll", "nanocolloid"}, {"choline", "fluoro"},
    {"mdp", "medronate"}, {"hdp", "oxidronate"}, {"mag3", "mertiatide"}, {"hmpao", "exametazime"},
    {"datscan", "ioflupane"},
)  # fmt: skip
# What each study may be made with.
_MADE_WITH = {
    "bone": {"mdp", "hdp", "medronate", "oxidronate"}, "renogram": {"mag3", "dtpa", "mertiatide"},
    "lung": {"maa", "dtpa", "macro", "v/q"},
    "v/q": {"maa", "dtpa", "macro", "lung"}, "thyroid": {"pertechnetate"},
    "parathyroid": {"mibi", "sestamibi", "pertechnetate"},
    "myocardial": {"mibi", "sestamibi", "tetrofosmin", "myoview", "thallium", "cardiac"},
    "cardiac": {"mibi", "sestamibi", "tetrofosmin", "myoview", "thallium", "myocardial"},
    "sentinel": {"nanocoll", "nanocolloid"}, "white": {"hmpao", "ceretec"},
}  # fmt: skip
_DRUG = rf"{_LABEL}?(?:{_AGENTS})"
_EITHER = rf"{_LABEL}?(?:{_AGENTS}|{_STUDIES})"
_ANY = re.compile(rf"\b{_EITHER}\b")
_SWAPPED = re.compile(
    rf"\b(?P<a>{_DRUG})\b[^.;]{{0,40}}?\b(?:instead of|rather than|in place of"
    rf"|not)\s+(?:the\s+)?(?:\w+\s+){{0,2}}?(?P<b>{_DRUG})\b"
    rf"|\b(?:instead of|rather than|in place of)\s+(?P<b2>{_DRUG})\b[^.;]{{0,40}}?\b(?P<a2>{_DRUG})\b"
    rf"|\b(?P<a3>{_DRUG})\b[^.;]{{0,40}}?\b(?:should(?:'ve| have) been|due|booked for|requested|intended"
    rf"|prescribed"
    rf"|for an?)\s+(?:\w+\s+){{0,2}}?(?P<b3>{_EITHER})\b"
    rf"|\b(?:(?:due|booked for|referred for|requested|intended|prescribed|for|scheduled for)\s+(?:an?\s+)?)?"
    rf"(?P<b4>{_EITHER})(?:(?: \w+)? (?:pt|patient)| was (?:due|booked|requested))?\b[^.;]{{0,30}}?"
    rf"\b(?:got|given|received|injected with|had)\s+(?:an?\s+|the\s+)?(?P<a4>{_DRUG})\b"
    rf"|\b(?P<b5>{_DRUG}) (?:was |had been )?(?:intended|ordered|requested|due|planned"
    rf"|prescribed)\b[^.;]{{0,25}}?"
    rf"\b(?P<a5>{_DRUG}) (?:was |were )?(?:given|injected|administered)\b"
)
_RIGHT = re.compile(
    rf"\b(?:correct|right) {_DRUG}\b|\b{_DRUG} (?:was |is |were )?(?:correct"
    rf"|right)\b(?! (?:side|breast|kidney))"
)
_CHEMICAL = re.compile(_LABEL)
_NOT_GIVEN = re.compile(
    r"\b(?:nearly|almost|drawn up|about to|before (?:the )?(?:injection|administration|it was (?:given"
    r"|injected)|giving|injecting)|not (?:been )?(?:given|injected|administered)|spotted before"
    r"|caught before|near miss|stopped before|noticed before)\b"
)
_CONFUSED = re.compile(
    r"\b(?:wrong\w*|incorrect\w*|error|mistake\w*|inst\w{1,3}d|rather|swapped|mix(?:ed)?[ -]?up|confused"
    r"|in place"
    r"|meant|intended for|should(?:'ve| have)|(?:next|other|another|different) (?:pt|patient"
    r"|person)(?:'s)?)\b"
)
_ON_PURPOSE = re.compile(
    r"\b(?:order\w*|authori[sz]\w*|substitut\w*|shortage|stock|agreed|deliberate\w*|planned)\b"
)
_NUCLIDE = r"(?:tc-?99m|99m-?tc|i-?123|i-?131|in-?111|tl-?201|ga-?68|ga-?67|f-?18|lu-?177|y-?90|ra-?223)"
_NUCLIDES = re.compile(
    rf"\b(?P<a>{_NUCLIDE})\b[^.;,]{{0,30}}?\b(?:instead of|rather than|in place of)\s+(?P<b>{_NUCLIDE})\b"
)
_AT_MOST = 20
_FACT = "wrong_radiopharmaceutical"
_WRONG_GIVEN = "was the wrong radiopharmaceutical given?"


def not_given(page: Page) -> bool:
    return page.has(_NOT_GIVEN)


def confused(page: Page) -> Iterator[Finding]:
    for match in _NUCLIDES.finditer(page.low):
        if match["a"] != match["b"]:
            yield Finding(_FACT, True, *match.span(), _WRONG_GIVEN)
    swaps = islice(_SWAPPED.finditer(page.low), _AT_MOST)
    sure = [match for match in swaps if _differ(*_given_and_meant(match))]
    for match in sure:
        doubt = "was it given?" if not_given(page) else ""
        if page.has(_ON_PURPOSE):
            doubt = doubt or "was it meant to be replaced?"
        if page.denied(*match.span()) is not False:
            doubt = doubt or "was the wrong one given?"
        yield Finding(_FACT, True, *match.span(), page.doubt(*match.span()) or doubt)
    right = _RIGHT.search(page.low)
    if right and not sure and page.denied(*right.span()) is False:
        yield Finding(_FACT, False, *right.span(), page.doubt(*right.span()))
    elif not sure and page.has(_CONFUSED):
        named = list(islice(_ANY.finditer(page.low), _AT_MOST))
        other = next((match for match in named[1:] if _differ(named[0][0], match[0])), None)
        if other:
            yield Finding(_FACT, True, *other.span(), _WRONG_GIVEN)


def _given_and_meant(match: re.Match[str]) -> tuple[str, str]:
    groups = {name[0]: value for name, value in match.groupdict().items() if value}
    return groups["a"], groups["b"]


def _differ(one: str, other: str) -> bool:
    """Are they two agents, or is one no agent of the study that the other is?"""
    one, other = (
        _CHEMICAL.sub("", n).replace("mag-3", "mag3").split("-")[0].split()[0] for n in (one, other)
    )
    studied = other in _MADE_WITH.get(one, ()) or one in _MADE_WITH.get(other, ())
    return one != other and not studied and {one, other} not in _SAME
