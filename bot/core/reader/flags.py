"""Yes-or-no facts and choices that words give: faults, failures, effects, licences, the wrong
radiopharmaceutical."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.reader.findings import Finding
from bot.core.reader.flag_words import FLAGS, Flag
from bot.core.reader.page import Page

_TO_COME = re.compile(
    r"\b(?:may|might|could|risk of|warned|counsell?ed|consent(?:ed)? (?:for|to)|explained|monitor\w*"
    r"|watch\w*|look out|advised|possible|potential|if|observe for|expect(?:ed)? to (?:get|have|develop)"
    r"|threshold for|chance of)\b[^.;]{0,40}$"
)
_OLD = re.compile(r"\b(?:old|previous|existing|pre-?existing|history of|known|prior)\s+(?:\w+\s+)?$")
_HOPED = re.compile(r"[^.;]{0,20}?\b(?:explained|discussed|possible|expected later|to be expected)\b")

# "MAA instead of HDP": two pharmaceuticals, one in place of the other.
_DRUG = (
    r"(?:99m-?tc[ -]?|tc-?99m[ -]?|technetium(?:-99m)?[ -]?|18f-?|f-?18[ -]?|68ga-?|ga-?68[ -]?)?(?:maa|hdp"
    r"|mdp|mibi|sestamibi|tetrofosmin|myoview|thallium|dmsa|mag-?3|dtpa|hmpao|ceretec|nanocoll(?:oid)?"
    r"|pertechnetate|mibg|datscan|hida|fdg|psma"
    r"|dotatate|fluoro-?choline|choline|gallium|sulphur colloid|macro-?aggregat\w+|renogram tracer"
    r"|bone (?:agent|tracer)|lung (?:agent|tracer))"
)
_SWAPPED = re.compile(
    rf"\b(?P<a>{_DRUG})\b[^.;]{{0,40}}?\b(?:instead of|rather than|in place of"
    rf"|not)\s+(?:the\s+)?(?:\w+\s+){{0,2}}?(?P<b>{_DRUG})\b"
    rf"|\b(?:instead of|rather than|in place of)\s+(?P<b2>{_DRUG})\b[^.;]{{0,40}}?\b(?P<a2>{_DRUG})\b"
    rf"|\b(?P<a3>{_DRUG})\b[^.;]{{0,40}}?\b(?:should have been|due|booked for|requested|intended|prescribed"
    rf"|for an?)\s+(?:\w+\s+){{0,2}}?(?P<b3>{_DRUG})\b"
    rf"|\b(?:due|booked for|requested|intended|prescribed|for)\s+(?:an?\s+)?(?P<b4>{_DRUG}|bone scan"
    rf"|renogram|lung scan|thyroid scan|parathyroid scan)\b[^.;]{{0,30}}?\b(?:got|given|received"
    rf"|injected with|had)\s+(?:an?\s+|the\s+)?(?P<a4>{_DRUG})\b"
)
_CHEMICAL = re.compile(
    r"99m-?tc[ -]?|tc-?99m[ -]?|technetium(?:-99m)?[ -]?|18f-?|f-?18[ -]?|68ga-?|ga-?68[ -]?"
)
_SAME_DRUG = (
    {"mibi", "sestamibi"}, {"maa", "macro"}, {"tetrofosmin", "myoview"}, {"hmpao", "ceretec"}, {"hdp",
    "bone"},
    {"mdp", "bone"}, {"renogram", "mag3"},
)  # fmt: skip
_NOT_GIVEN = re.compile(
    r"\b(?:nearly|almost|drawn up|about to|before (?:the )?(?:injection|administration|it was (?:given"
    r"|injected)|giving|injecting)|not (?:been )?(?:given|injected|administered)|spotted before"
    r"|caught before|near miss|stopped before|noticed before)\b"
)
_NUCLEAR = re.compile(
    r"\b(?:nuclear|radio|tracer|isotope|scan|inject\w*|pet|spect|gamma|nm|bone|mbq|gbq|sentinel)\b|radio"
    r"|mbq|gbq"
)
_ON_PURPOSE = re.compile(
    r"\b(?:order\w*|authori[sz]\w*|substitut\w*|shortage|stock|agreed|deliberate\w*|planned)\b"
)
_NUCLIDE = r"(?:tc-?99m|99m-?tc|i-?123|i-?131|in-?111|tl-?201|ga-?68|ga-?67|f-?18|lu-?177|y-?90|ra-?223)"
_NUCLIDES = re.compile(
    rf"\b(?P<a>{_NUCLIDE})\b[^.;,]{{0,30}}?\b(?:instead of|rather than|in place of)\s+(?P<b>{_NUCLIDE})\b"
)
_SOFTWARE_LICENCE = re.compile(r"\b(?:software|driving|workstation|tv|database)\s+(?:\w+\s+)?$")
_KIT_OF_PACKING = re.compile(r"\bkit\b|\bpharmaceutical\b")
_VERIFYING_ONLY = frozenset({"imaging_failure", "set_up_error"})


def flags(page: Page) -> Iterator[Finding]:
    taken: dict[str, list[tuple[int, int]]] = {}
    for flag in FLAGS:
        for match in flag.words.finditer(page.low):
            start, end = match.span()
            spans = taken.setdefault(flag.fact, [])
            if any(a < end and start < b for a, b in spans):
                continue
            finding = _judge(page, flag, match)
            if finding:
                spans.append((start, end))
                yield finding
    yield from _swapped(page)


def _judge(page: Page, flag: Flag, match: re.Match[str]) -> Finding | None:
    start, end = match.span()
    value, doubt = flag.value, flag.unsure or page.doubt(start, end)
    if flag.fact == "voluntary" and not page.asks(start):
        doubt = ""  # "we would like to" is how one says it
    before = page.undated[max(0, start - 60) : start]
    if flag.fact == "licence_held" and _SOFTWARE_LICENCE.search(before):
        return None
    if flag.fact == "deterministic_effect":
        if _OLD.search(before) or re.search(
            r"\b(?:chemo\w*|coffee|sunburn|sun|laser|diathermy|hot water)\b",
            page.low[slice(*page.sentence(start))],
        ):
            return None
        if _TO_COME.search(before) or _HOPED.match(page.low, end):
            return None
        if value == "observable" and page.denied(start, end):
            return Finding(flag.fact, "none", start, end, "is there no tissue reaction of any kind?")
    if flag.fact == "wrong_radiopharmaceutical":
        if _KIT_OF_PACKING.search(match[0]) and not _NUCLEAR.search(page.low):
            return None
        if value is True and _NOT_GIVEN.search(page.low):
            doubt = doubt or "was it given?"
    if flag.fact == "effect_predicted" and not re.search(
        r"hair|epilat|eryth|burn|skin|ulcer|effect|reaction|redden|redness", page.low
    ):
        return None
    negative = match[0].startswith(("no ", "not ", "without", "never", "n't", "nil"))
    denied = False if negative else page.denied(start, end)
    if denied is None:
        return Finding(flag.fact, value, start, end, doubt or "is it said that it was so?")
    if denied:
        if flag.denied is None:
            return None
        return Finding(flag.fact, flag.denied, start, end, page.doubt(start, end))
    return Finding(flag.fact, value, start, end, doubt)


def _swapped(page: Page) -> Iterator[Finding]:
    for match in _NUCLIDES.finditer(page.low):
        if match["a"] != match["b"]:
            yield Finding(
                "wrong_radiopharmaceutical", True, *match.span(), "was the wrong radiopharmaceutical given?"
            )
    for match in _SWAPPED.finditer(page.low):
        groups = {name[0]: value for name, value in match.groupdict().items() if value}
        given, meant = (_CHEMICAL.sub("", groups[key]).split("-")[0].split()[0] for key in "ab")
        same = given == meant or any({given, meant} <= pair for pair in _SAME_DRUG)
        if same:
            continue
        doubt = "was it given?" if _NOT_GIVEN.search(page.low) else ""
        if _ON_PURPOSE.search(page.low):
            doubt = doubt or "was it meant to be replaced?"
        if page.denied(*match.span()) is not False:
            doubt = doubt or "was the wrong one given?"
        yield Finding("wrong_radiopharmaceutical", True, *match.span(), page.doubt(*match.span()) or doubt)
