"""Ratios of delivered to intended dose, said as a ratio, a percentage, "twice", or as two therapy doses in
gray."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from bot.core.reader.role_words import Role
from bot.core.reader.roles import Placed, place
from rules.quantities import Found, QuantityError, read
from rules.spans import Span, exactly, plain

_INTENDED = (
    r"(?:the\s+|what was\s+|that\s+|their\s+|his\s+|her\s+)?(?:(?:intended|planned|prescribed|prescription"
    r"|expected|intention|plan)(?:\s+(?:dose|fraction(?:al)? dose|total))?|fraction(?:al)? dose"
    r"|(?:what )?it should (?:be|have been))"
)
_OTHERS = r"(?:[\s,;]*(?:and\s+)?(?:\w+\s+){1,2}\d{1,3}(?:\.\d+)?\s?%){0,3}"
_TIMES = re.compile(rf"\s*(?:the\s+dose\s+|of\s+|what was\s+|that\s+)?{_INTENDED}\b")
_OF = re.compile(rf"{_OTHERS}[\s,]*of\s+{_INTENDED}\b")
_MORE = re.compile(
    r"\s*(?:dose\s+)?(?:more|over(?!\s+(?:the\s+)?(?:whole|entire|full|course|\d|treatment|all|a)\b)|higher"
    r"|greater|above|extra|too high|high|hot|over-?dose\w*|increase"
    r"|excess|too much)\b"
)
_LESS = re.compile(
    r"\s*(?:dose\s+)?(?:less|under|lower|below|low|short|too low|cold|under-?dose\w*|decrease|deficit"
    r"|too little)\b"
)
_BEFORE_MORE = re.compile(
    r"\b(?:over-?dosed?|over-?exposed|exceeded|too high|higher|increased"
    r"|over-?treated)(?:\s+\w+){0,2}?\s+(?:by|of)\s*$"
)
_BEFORE_LESS = re.compile(
    r"\b(?:under-?dosed?|under-?exposed|too low|lower|reduced|under-?treated)(?:\s+\w+){0,2}?\s+(?:by|of)\s*$"
)
_BARE = re.compile(
    rf"(?<![\w.,])(?P<n>\d?\.\d{{1,4}}|\d\.\d{{1,4}})(?=\s+(?:of|times|x)\s+{_INTENDED}\b)"
    rf"|\b(?:dose )?ratio\s*(?:of|was|is|:|=)?\s*(?P<ratio>\d{{1,3}}(?:\.\d{{1,4}})?)(?![\d.]*\s?(?:mSv|%"
    rf"|:))"
)
_DOUBLE = re.compile(
    rf"\b(?P<how>twice|double|triple|two-?fold|three-?fold|tenfold|ten-?fold|half)\s+{_INTENDED}\b"
)
_HOW_MUCH = {"twice": 2, "double": 2, "triple": 3, "twofold": 2, "threefold": 3, "tenfold": 10}
_MORE_THAN_TIMES = re.compile(
    rf"\s*(?:higher|more|greater|larger|over|too (?:high|much))\b(?:\s+than\s+{_INTENDED})?"
)
_FACTOR = re.compile(
    r"\b(?:over-?exposed|over-?dosed|exceeded|out|too high"
    r"|dose\w*)\b[^.;]{0,25}?\bby a factor (?:of )?(?P<n>\d{1,3}(?:\.\d{1,3})?)\b"
)
_REPEATED = re.compile(r"\b(?:repeated|re-?scanned|re-?done) (?P<n>once|twice)\b")
_SCANNED_TWICE = re.compile(
    r"\b(?:(?:re-?)?scanned|imaged|x-?rayed|filmed|exposed|irradiated|done|performed|taken|carried out"
    r"|(?:ct|head|chest|abdomen|pelvis|scan|film|x-?ray|examination"
    r"|exam|mammogram|spine|skull|hip|knee)) (?P<n>twice|two times|three times|four times)\b(?!\s+(?:the"
    r"|as (?:much|many|high|intended|planned|long)|a|daily|over|more|before|last|weekly|per)\b)"
)
_COUNTS = {"twice": 2, "two times": 2, "three times": 3, "four times": 4}
_DOUBLED = re.compile(
    r"\b(?:dose (?:was |had been )?doubled|double (?:the )?dose|doubled (?:the )?dose|double exposed)\b"
)
_TWICE = re.compile(
    r"\b(?:ct|x-?ray|scan|film|exposure|examination|mammogram)s?\b[^.;,]{0,25}?\btwice\b(?! (?:the|as|a)\b)"
)
_THERAPY = re.compile(
    r"\b(?:fractions?|ptv|gtv|ctv|target|brachy\w*|hdr|ldr|linac|radio-?therapy|prescription|whole course"
    r"|organs? at risk|oar|spinal cord|plan(?:ned)? (?:treatment )?volume|bolus|course|electrons?"
    r"|orthovoltage|sabr|sbrt|iort|[0-9.]+ ?gy)\b"
)
_VERIFYING = re.compile(r"\bcbct|\bcone beam|\bverification\b|#\s?\d|\b[km]v\b")
# What was done twice was not all of the examination.
_A_PART = re.compile(
    r"\b(?:part|portion|component|element|phase|view|side|series|lateral|topogram|scout)s?\b"
)
_NOT_ALL = re.compile(r"\bextra\b|\bone (?:view|side|phase)\b|\bonly (?:the|one)\b")
_ACTIVITY = re.compile(
    r"\b(?:activity|activities|mbq|gbq|microspheres?|sirt|lu-?177|lutetium|i-?131|y-?90"
    r"|radium\S*"
    r"|radio-?iodine|prrt|iodine)\b|\b\d+(?:\.\d+)? ?[mg]bq"
)
_MOST = 3
_ABOUT = re.compile(r"\b(?:about|abt|around|approx\w*|roughly|nearly|almost|some)\s+(?=\d|$)|~\s*(?=\d|$)")
_PART_OF_IT = re.compile(r"\b[dv]\d{2}\b|\bcoverage\b|\bisodose|% of (?:the )?(?:ptv|target|volume)\b")
_GOT = re.compile(r"\b(?:ptv|gtv|ctv|target)\b[^.;,\d]{0,12}\b(?:got|received|had|at|was)\s+$")
_FRACTION = re.compile(
    r"\b(?:(?:a|one|1|the|that|this|each|any|single|same|first|second|third|last|final"
    r"|per)\s+(?:single\s+)?fraction\b|fractions?\s*#?\d+\b(?!\s*fractions)|fraction (?:was|had|got|received"
    r"|dose|delivered))\b|#\s?\d|\b(?:single|one|1|this|that|per|first|last) #"
)
_COURSE = re.compile(
    r"\b(?:whole|entire|full|complete|total) (?:course|treatment|prescription)|over the course"
    r"|\bin \d{1,2} (?:fractions|#)|\b\d{1,2} fractions\b|/\d{1,2}#|course of treatment"
)
_SO_FAR = re.compile(
    r"\bso far\b|\bto date\b|\bof \d{1,2} fractions\b|first \d|first (?:two|three|few|four|five)"
    r"|interrupted|remaining|compensat|ongoing"
)
_ORGAN = re.compile(
    r"\b(?:organs? at risk|oars?|spinal cord|cord|brain ?stem|lens|parotids?|optic|chiasm|cochlea|heart"
    r"|lungs?|kidneys?|liver|rectum|rectal|bladder|bowel|oesophagus|larynx|femoral heads?|organ)\b"
)
_TARGET = re.compile(
    r"\b(?:ptv|gtv|ctv|target|planned treatment volume|planning target volume|tumour|prescription"
    r"|prescribed)\b"
)


def ratios(page: Page, found: Sequence[Found]) -> Iterator[Finding]:
    yield from _gray(page, found)
    doses_known = sum(quantity.base == "Sv" for quantity in found)
    for ratio, start, end in _said(page, found):
        if "dose calibrator" in page.low or _ACTIVITY.search(page.low[slice(*page.sentence(start))]):
            continue
        yield from _named(page, ratio, start, end)
    for q in found:
        if (
            q.base == "%"
            and q.span
            and _GOT.search(page.before(q.start, 30))
            and not _OF.match(page.low, q.end)
        ):
            doubt = "is that of the intended dose, over the whole course?"
            yield Finding("target_dose_ratio", q.span.text(), q.start, q.end, doubt)
    if re.search(r"\bplanning\b", page.low):
        return
    for match in _SCANNED_TWICE.finditer(page.low):
        doubt = (
            "is the total then so many times the intended dose?"
            if doses_known
            or _may_not_be_intended(page)
            or _THERAPY.search(page.low)
            or _VERIFYING.search(page.low)
            or _A_PART.search(page.before(match.start(), 40))
            or _NOT_ALL.search(page.low)
            else ""
        )
        doubt = page.doubt(*match.span()) or doubt
        yield Finding("dose_ratio", str(_COUNTS[match["n"]]), *match.span(), doubt)
    for match in _REPEATED.finditer(page.low):
        value = "2" if match["n"] == "once" else "3"
        yield Finding("dose_ratio", value, *match.span(), "is the total so many times the intended dose?")
    for match in _FACTOR.finditer(page.low):
        yield Finding("dose_ratio", match["n"], *match.span(), "is that total divided by intended?")
    for q in found:
        if (
            q.base == "times"
            and q.span
            and _MORE_THAN_TIMES.match(page.low, q.end)
            and not _THERAPY.search(page.low)
        ):
            yield Finding(
                "dose_ratio", q.span.text(), q.start, q.end, "so many times, or so many times more?"
            )
    for match in [*_DOUBLED.finditer(page.low), *_TWICE.finditer(page.low)]:
        yield Finding("dose_ratio", "2", *match.span(), "is the total twice the intended dose?")


def _may_not_be_intended(page: Page) -> bool:
    return bool(
        re.search(
            r"\bwrong (?:patient|pt|person|child|baby)|not (?:referred|requested|intended)|third|previous",
            page.low,
        )
    )


def _said(page: Page, found: Sequence[Found]) -> Iterator[tuple[Span, int, int]]:
    """Every ratio to what was intended, with its place in the text."""
    for q in found:
        if q.base not in ("%", "times") or q.span is None:
            continue
        if _BEFORE_LESS.search(page.low[max(0, q.start - 40) : q.start]) and _MORE.match(page.low, q.end):
            continue
        after, before = page.low[q.end : q.end + 60], page.low[max(0, q.start - 40) : q.start]
        if q.base == "times" and _TIMES.match(after):
            yield q.span, q.start, q.end
        elif q.base == "%" and _OF.match(after):
            yield q.span, q.start, q.end
        elif q.base == "%" and (_MORE.match(after) or _BEFORE_MORE.search(before)) and q.span.exact:
            yield exactly(1 + q.span.low.value), q.start, q.end
        elif (
            q.base == "%"
            and (_LESS.match(after) or _BEFORE_LESS.search(before))
            and q.span.exact
            and q.span.low.value < 1
        ):
            yield exactly(1 - q.span.low.value), q.start, q.end
    for match in _BARE.finditer(page.low):
        try:
            yield read(match["n"] or match["ratio"], ""), *match.span()
        except QuantityError:
            continue
    for match in _DOUBLE.finditer(page.low):
        if match["how"] != "half":
            yield exactly(_HOW_MUCH[match["how"].replace("-", "")]), *match.span()


def _named(page: Page, ratio: Span, start: int, end: int) -> Iterator[Finding]:
    """The fact that a ratio is: by what is spoken of in its sentence."""
    value, doubt = ratio.text(), page.doubt(start, end)
    if _ABOUT.search(page.before(start, 20)) or _ABOUT.match(page.low, start):
        doubt = doubt or "is that exact?"
    if not _THERAPY.search(page.low):
        yield Finding("dose_ratio", value, start, end, doubt)
        return
    fact, unsure = _which(page, start)
    yield Finding(fact, value, start, end, doubt or unsure)


def _which(page: Page, at: int) -> tuple[str, str]:
    """Of a fraction, an organ at risk or the target, by what its sentence names; of two the one before it."""
    begin, end = page.sentence(at)
    sentence = page.low[begin:end]
    whole = bool(_COURSE.search(page.low)) and not _SO_FAR.search(page.low)
    if _FRACTION.search(sentence):
        unclear = "is that one fraction, or the whole course?" if _COURSE.search(sentence) else ""
        return "fraction_dose_ratio", unclear
    organs = [begin + match.start() for match in _ORGAN.finditer(sentence)]
    targets = [begin + match.start() for match in _TARGET.finditer(sentence)]
    before = [place for place in (*organs, *targets) if place <= at]
    if organs and (not before or max(before) in organs):
        unsure = "is that over the whole course, and the highest of the organs at risk?"
        return "organ_dose_ratio", "" if whole else unsure
    part = re.search(r"\bfractions?\b", page.low) or _SO_FAR.search(page.low)
    clear = not _PART_OF_IT.search(sentence) and (whole or (targets and not part))
    return "target_dose_ratio", "" if clear else "is that the target's dose over the whole course?"


def _gray(page: Page, found: Sequence[Found]) -> Iterator[Finding]:
    """ "planned 60 Gy in 30 fractions, delivered 66 Gy": the ratio, where it comes out even."""
    placed = [p for p in place(page, found, "Gy") if p.role not in (Role.FOETAL, Role.ASIDE)]
    placed = [p for p in placed if p.found.span or p.role is not Role.NONE]
    meant = [p for p in placed if p.role is Role.INTENDED]
    given = [p for p in placed if p.role in (Role.RECEIVED, Role.TOTAL, Role.MADE)]
    if len(meant) != 1 or len(given) != 1 or len(placed) != 2:
        return
    start, end = min(meant[0].found.start, given[0].found.start), max(meant[0].found.end, given[0].found.end)
    if not all(p.found.span for p in placed):
        yield Finding(_which(page, start)[0], None, start, end, "what is the ratio of the two doses?")
    delivered, prescribed = (_value(p) for p in (given[0], meant[0]))
    # Therapy is in gray; what is below a tenth of one is a foetus's or an organ's.
    if delivered is None or prescribed is None or prescribed < 100:
        return
    ratio = delivered / prescribed
    rounded = round(ratio, 4)
    fact, unsure = _which(page, start)
    doubt = page.doubt(start, end) or page.doubt(given[0].found.start, end) or unsure
    if any(p.found.about or (p.parted and p.role is Role.INTENDED) for p in (meant[0], given[0])):
        doubt = doubt or "is that exact?"
    if ratio > _MOST:
        doubt = doubt or "is that so much more than was planned?"
    if rounded * prescribed != delivered:
        doubt = doubt or "the ratio does not come out even: what is it?"
    yield Finding(fact, plain(rounded), start, end, doubt)


def _value(placed: Placed) -> Decimal | None:
    span = placed.found.span
    return span.low.value if span is not None and span.exact else None
