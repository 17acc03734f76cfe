"""How many: people, and planning scans; images are counted where no planning is spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.core.days.numbers import NUMBER, number_of, whole
from bot.core.reader.findings import Finding
from bot.core.reader.images import images
from bot.core.reader.page import Page

_PEOPLE = r"patients?|pts?|people|persons?|individuals?|children|adults?|women|men|babies|ladies|gentlemen"
_MANY = re.compile(
    rf"(?:(?P<part>{NUMBER})\s+(?:out\s+)?of\s+(?:the\s+|our\s+|a total of\s+)?)?(?P<only>\b(?:only|just"
    rf"|single)\s+)?(?P<more>\b(?:another|other|further|additional|at least|over|more than|up to|about"
    rf"|around"
    rf"|approx\w*|some|>=?|<)\s*)?(?:(?P<n>{NUMBER})|(?P<both>\bboth))\s+(?P<kind>(?:(?:adult|child|other"
    rf"|different|further|more"
    rf"|paediatric|female|male|separate|elderly|nm|ct|breast|prostate|radiotherapy|outpatient"
    rf"|inpatient)\s+){{0,2}})(?:{_PEOPLE})\b"
)
_AT_MOST = 30
_ONLY_ONE = re.compile(
    r"\b(?:only|just)\s+(?:the\s+)?(?:one|1|a single)\s+(?:patient|pt|person|individual)\b|\b(?:one|1"
    r"|a single"
    r"|single)\s+(?:patient|pt|person"
    r"|individual)(?=\s*(?:[.,;)]|$))|\b(?:one|1|a single|single)\s+(?:patient|pt|person"
    r"|individual)\s+(?:only|was affected|affected|is affected|was exposed|exposed|involved)\b"
)
_HOW_MANY = re.compile(
    rf"\b(?:pts|patients|no\.? of (?:pts|patients))\s*[:=]\s*(?P<n3>{NUMBER})\b|\b(?:patients|people"
    rf"|individuals|persons) (?:affected|exposed|involved"
    rf"|irradiated)\s*[:=-]\s*(?P<n>{NUMBER})\b|\bnumber (?:of (?:patients|people|individuals"
    rf"|persons)(?: affected| exposed| involved)?|affected|exposed)\s*(?:was|is|[:=-])\s*(?P<n2>{NUMBER})\b"
)
_SEVERAL = re.compile(
    r"\b(?:several|multiple|many|a number of|a few|a couple of|numerous|various|more than one|at least two"
    r"|some) (?:\w+ )?(?:patients|pts|people|individuals|patient|children|persons)\b"
    r"|\b(?:patients (?:were )?swapped|twins)\b"
)
_UNDERGO = (
    r"(?:(?:were|was|have|had|both|all|each|also|been|being)\s+){0,3}(?:exposed|irradiated|affected"
    r"|involved|scanned|imaged|x-?rayed"
    r"|injected|treated|given|got|received|underwent|over-?exposed|dosed|overdosed"
    r"|had (?:an? |the |their |each )?(?:wrong|incorrect|repeat|extra|unnecessary|additional|x-?rays?|ct"
    r"|scan|film|chest|exposure|higher|each))\b"
)
_EXPOSED_AFTER = re.compile(
    rf"'?\s*(?:(?:who|that)\s+)?{_UNDERGO}|\s*[,(:]?\s*[^.;]{{0,25}}\beach\b|\s*'? had each other"
)
_EXPOSED_BEFORE = re.compile(
    r"\b(?:affect\w*|involv\w*|exposed|irradiated|overexposed|scanned|imaged|x-?rayed|injected|treated"
    r"|given to|used (?:on|for)"
    r"|happened to|occurred (?:in|to|with)|in total,?|exposure of|fault (?:in|on|with|for)|(?:images|scans"
    r"|exposures|films|repeats"
    r"|dose) (?:in|on|to|for))\s*$"
)
_NOT_COUNTING = re.compile(
    r"\b(?:same (?:sur|first |last )?names?|similar|alike|mix(?:ed)?[ -]?up|list|out of|one of|reviewed"
    r"|waiting|audit\w*|booked|per|queue"
    r"|confused|confusion|next to|between|none of|neither of|should have been|of the)\b"
)

_PLANNING = (
    r"(?:(?:rt|radiotherapy|ct|treatment|mr|pet|4d)[\s-]*){0,2}plan(?:ning)?[\s-]+(?:ct|pet|scan|image"
    r"|imaging"
    r"|ct scan)s?(?:\s+scans?)?"
)
_SCANS = re.compile(
    rf"(?:(?P<more>\b(?:another|extra|additional|further|more"
    rf"|repeat)\s+)?(?P<n>{NUMBER})\s+(?P<extra>(?:extra|additional|further|more"
    rf"|repeat|other)\s+)?{_PLANNING})\b"
)
_IS_PLANNING = re.compile(rf"\b{_PLANNING}\b|\b(?:ct|pet)[ -]?sim(?:ulat\w+)?\b|\bplanning\b")
_TIMES = {"once": 1, "twice": 2}
_AGAIN = re.compile(
    rf"\b(?P<how>repeated|re-?scanned|re-?done|redone|done|scanned|performed|acquired|taken|made"
    rf"|carried out|had)\s+(?:again\s+)?"
    rf"(?:(?P<times>once|twice)|(?P<n>{NUMBER})\s+times)\b(?!\s+(?:the|as|a day|daily|more|over))"
)
_IN_ALL = re.compile(
    rf"\b(?P<n>{NUMBER})\s+(?:ct\s+)?(?:scans|acquisitions|cts)\s+(?:were\s+)?(?:in (?:total|all)"
    rf"|altogether|needed|required|total)\b"
    rf"|\b(?:total of|in total,?|altogether)\s+(?P<n2>{NUMBER})\s+(?:ct\s+)?(?:scans|cts)\b"
)

_TIMES_OVER = re.compile(r"(?:^|\s)[x×]\s?(?P<n>[2-9])\b(?!\s*\d|\s*[a-z]{0,5}(?:sv|gy|bq)\b)")
_NTH_SCAN = re.compile(rf"\b(?P<nth>second|third|fourth|fifth|2nd|3rd|4th|5th)\s+{_PLANNING}")
_SOME_SCANS = re.compile(rf"\b(?P<n>{NUMBER})\s+(?:ct\s+)?(?:scans|acquisitions|attempts|goes)\b")
_NTH = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
_REDONE = re.compile(
    r"\b(?:repeated|re-?scanned|re-?done|redone|scanned again)\b(?! (?:once|twice|\w+ times))"
)
_IN_ALL_ASKED = "how many planning scans were there in all?"


def counts(page: Page) -> Iterator[Finding]:
    yield from _individuals(page)
    if _IS_PLANNING.search(page.low):
        yield from _planning_scans(page)
    else:
        yield from images(page)


def _individuals(page: Page) -> Iterator[Finding]:
    for match in _ONLY_ONE.finditer(page.low):
        start, end = match.span()
        if re.search(r"\b(?:than|least|just|over|not|each|every|for|of)\s+$", page.before(start)):
            continue
        denied = "" if page.denied(start, end) is False else "how many people were exposed?"
        yield Finding("individuals_exposed", 1, start, end, page.doubt(start, end) or denied)
    for match in _HOW_MANY.finditer(page.low):
        yield Finding("individuals_exposed", number_of(match), *match.span(), page.doubt(*match.span()))
    for match in _SEVERAL.finditer(page.low):
        yield Finding("individuals_exposed", None, *match.span(), "how many people were exposed?")
    for match in islice(_MANY.finditer(page.low), _AT_MOST):
        start, end = match.span()
        count = whole(match["part"]) if match["part"] else 2 if match["both"] else whole(match["n"])
        if not page.rest[start:end].strip() or count is None or count < 2 or (match["only"] and count == 1):
            continue
        sentence = page.low[slice(*page.sentence(start))]
        exposed = _EXPOSED_AFTER.match(page.low, end) or _EXPOSED_BEFORE.search(page.before(start))
        doubt = page.doubt(start, end)
        if match["more"] or "more" in match["kind"] or "other" in match["kind"] or "further" in match["kind"]:
            doubt = "how many people were exposed in all?"
        elif re.match(r"[^.;]{0,40}?\bso far\b", page.low[end : end + 60]) or re.search(
            r"\b(?:and|plus|&)\s+$", page.before(start)
        ):
            doubt = "how many people were exposed in all?"
        elif re.match(
            r"[^.;,]{0,20}?\b(?:each|per|a|every) day\b|[^.;,]{0,20}?\bdaily\b", page.low[end : end + 40]
        ):
            doubt = "how many people were exposed in all?"
        elif _NOT_COUNTING.search(sentence) or not exposed or page.denied(start, end) is not False:
            doubt = "were all of them exposed in error?"
        yield Finding("individuals_exposed", count, start, end, doubt)


def _planning_scans(page: Page) -> Iterator[Finding]:
    for match in _SCANS.finditer(page.low):
        start, end = match.span()
        count = number_of(match)
        if match["more"] or match["extra"]:
            yield Finding("planning_scans", count + 1, start, end, _IN_ALL_ASKED)
        else:
            unsure = "was that the only one?" if count == 1 else ""
            yield Finding("planning_scans", count, start, end, page.doubt(start, end) or unsure, 1)
    for match in _IN_ALL.finditer(page.low):
        yield Finding("planning_scans", number_of(match), *match.span(), page.doubt(*match.span()), 1)
    for match in _AGAIN.finditer(page.low):
        start, end = match.span()
        times = _TIMES.get(match["times"]) or whole(match["n"] or "") or 0
        repeated = match["how"].startswith("re")
        doubt = page.doubt(start, end) or (
            "" if page.denied(start, end) is False else "how many scans were there?"
        )
        yield Finding("planning_scans", times + repeated, start, end, doubt)
    for match in _TIMES_OVER.finditer(page.low):
        done = re.search(r"\b(?:done|scanned|performed|acquired|taken|made)$", page.before(match.start()))
        yield Finding("planning_scans", number_of(match), *match.span(), "" if done else _IN_ALL_ASKED)
    for match in _NTH_SCAN.finditer(page.low):
        yield Finding(
            "planning_scans", _NTH.get(match["nth"]) or int(match["nth"][0]), *match.span(), _IN_ALL_ASKED
        )
    for match in _SOME_SCANS.finditer(page.low):
        yield Finding("planning_scans", number_of(match), *match.span(), _IN_ALL_ASKED)
    for match in _REDONE.finditer(page.low):
        yield Finding("planning_scans", 2, *match.span(), _IN_ALL_ASKED)
