"""Yes-or-no facts and choices that words give: faults, failures, effects, licences, the wrong
radiopharmaceutical."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.reader.findings import Finding
from bot.core.reader.flag_words import FLAGS, Flag
from bot.core.reader.page import Page
from bot.core.reader.pharmaceuticals import confused, not_given

_TO_COME = re.compile(
    r"\b(?:may|might|could|risk of|warned|counsell?ed|consent(?:ed)? (?:for|to)|explained|monitor\w*"
    r"|watch\w*|look out|advised|possible|potential|if|observe for|expect(?:ed)? to (?:get|have|develop)"
    r"|threshold for|chance of)\b[^.;]{0,40}$"
)
_OLD = re.compile(r"\b(?:old|previous|existing|pre-?existing|history of|known|prior)\s+(?:\w+\s+)?$")
_HOPED = re.compile(r"[^.;]{0,20}?\b(?:explained|discussed|possible|expected later|to be expected)\b")

_NUCLEAR = re.compile(
    r"\b(?:nuclear|radio|tracer|isotope|scan|inject\w*|pet|spect|gamma|nm|bone|mbq|gbq|sentinel)\b|radio"
    r"|mbq|gbq"
)
_OFFICE_SYSTEM = re.compile(
    r"\b(?:referral|booking|order\w*|request\w*|e-?mail|telephone|phone|bleep"
    r"|letter)\b"
)
_SETTING = re.compile(r"\b(?:set|calibrat\w*|dialled|select\w*|preset|settings?|window|button)\b[^.;]{0,20}$")
_SOFTWARE_LICENCE = re.compile(r"\b(?:software|driving|workstation|tv|database)\s+(?:\w+\s+)?$")
_KIT_OF_PACKING = re.compile(r"\bkit\b|\bpharmaceutical\b")


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
    yield from confused(page)


def _judge(page: Page, flag: Flag, match: re.Match[str]) -> Finding | None:
    start, end = match.span()
    value, doubt = flag.value, flag.unsure or page.doubt(start, end)
    if flag.fact == "voluntary" and not page.asks(start):
        doubt = ""  # "we would like to" is how one says it
    before = page.undated[max(0, start - 60) : start]
    if flag.fact == "equipment_fault" and value is True and _OFFICE_SYSTEM.search(match[0]):
        doubt = doubt or "was it the equipment that failed?"
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
        if value is True and _SETTING.search(before):
            doubt = doubt or "was the wrong one given?"
        if value is True and not_given(page):
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
