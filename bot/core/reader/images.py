"""How many images a fraction had, and how many a course: intended, and additional."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.days.numbers import NUMBER, number_of, whole
from bot.core.reader.findings import Finding
from bot.core.reader.page import Page

_MEANT = r"(?:intended|planned|expected|scheduled|prescribed)"
_COURSE_OF = re.compile(rf"\b(?P<n>{NUMBER})[\s-]*(?:fractions?|#)")
_IMAGE = (
    r"(?:(?:kv|mv|cbct|verification|portal|set-?up|orthogonal|imaging|x-ray|cone[ -]beam|epid|obi|xvi"
    r"|cone[ -]beam ct)\s+){0,3}(?:images?|cbcts?|scans?|exposures?|acquisitions?|imaging exposures?|pairs?"
    r"|films?)"
)
_ONE_FRACTION = (
    r"(?:(?:in|on|for|during|at|within|per)\s+|(?=#\s?\d))(?:(?:a|one|1|the|that|this|each"
    r"|any)\s+)?(?:(?:single|same|one"
    r"|given|first|second|third)\s+)?"
    r"(?:fraction|#)(?:\s*\d{1,2}\b)?(?!s)"
)
_IN_FRACTION = re.compile(
    rf"\b(?P<n>{NUMBER})\s+(?P<extra>(?:extra|additional|further|more"
    rf"|repeat)\s+)?{_IMAGE}\b[^.;\d]{{0,30}}?(?:\b|(?=#)){_ONE_FRACTION}"
)
_FRACTION_HAD = re.compile(
    rf"\b{_ONE_FRACTION}\b[^.;\d]{{0,30}}?\b(?P<n>{NUMBER})\s+(?P<extra>(?:extra|additional|further|more"
    rf"|repeat)\s+)?{_IMAGE}\b"
)
_REPEATED_IN_FRACTION = re.compile(
    rf"\b{_IMAGE}\s+(?:was |were |had to be |being )?repeated\s+(?:(?P<once>once)|(?P<twice>twice)"
    rf"|(?P<n>{NUMBER})\s+times)\b[^.;\d]{{0,20}}?\b{_ONE_FRACTION}"
)
_TIMES_IN_FRACTION = re.compile(
    rf"\b{_IMAGE}\s+(?:(?:was|were|had been|done|taken|acquired|performed|made)\s+){{0,2}}(?:(?P<once>once)"
    rf"|(?P<twice>twice)"
    rf"|(?P<n>{NUMBER})\s+times|x\s?(?P<n2>[2-9]))\b[^.;\d]{{0,20}}?\b{_ONE_FRACTION}"
)
_PLANNED_ACTUAL = re.compile(
    rf"\b{_MEANT}\s*:?\s*(?P<meant>{NUMBER})\s*[,;/]?\s*(?:but |and )?(?:actual(?:ly)?|taken|had|got|did"
    rf"|acquired)\s*:?\s*"
    rf"(?P<had>{NUMBER})\b(?!\s*(?:[a-z]{{0,3}}(?:sv|gy|bq)\b|%))"
)
# "25 intended over the course, 40 in total".
_IN_TOTAL = re.compile(rf"\b(?P<n>{NUMBER})\s+(?:{_IMAGE}\s+)?(?:in (?:total|all)|altogether)\b")
# "CBCT repeated, 3 in that fraction".
_SO_MANY = re.compile(rf"(?<!only )(?<!just )(?P<n>{NUMBER})\s+(?=in\b){_ONE_FRACTION}")
_IMAGED = re.compile(r"\b(?:cbcts?|cone[ -]beam|kv|mv|images?|imaging)\b")
_EXTRA_IMAGES = re.compile(
    rf"\b(?P<n>{NUMBER})\s+(?:extra|additional|unplanned|unintended|more|further)(?!\s+(?:fraction|patient"
    rf"|pt|person|day|week))(?:\s+{_IMAGE})?\b"
    rf"|\b(?:extra|additional|a further|another)\s+(?P<n2>{NUMBER})\s+{_IMAGE}\b"
)
_INTENDED_IMAGES = re.compile(
    rf"\b(?P<n>{NUMBER})\s+{_MEANT}\s+{_IMAGE}\b|\bon top of (?:the )?(?P<n7>{NUMBER})\s+{_MEANT}\b"
    rf"|\b(?P<n2>{NUMBER})\s+{_IMAGE}\s+(?:were\s+"
    rf"|had been\s+)?{_MEANT}\b"
    rf"|\b{_MEANT}\s+(?P<n3>{NUMBER})\s+{_IMAGE}\b|\b{_IMAGE}\s+{_MEANT}\s*[:=]?\s*(?P<n4>{NUMBER})\b"
    rf"|\b(?P<n5>{NUMBER})\s+(?:were|had been)\s+{_MEANT}\b|\b(?P<n6>{NUMBER})\s+{_MEANT}\s+(?:over|across"
    rf"|for|in)"
    rf"\s+(?:the\s+)?(?:whole\s+|entire\s+)?(?:course|treatment)\b"
)
_INSTEAD = re.compile(
    rf"\b(?P<had>{NUMBER})\s+{_IMAGE}\b[^.;\d]{{0,40}}?\b(?:instead of|rather than"
    rf"|in place of)\s+(?:the\s+)?(?:{_MEANT}\s+)?(?P<meant>{NUMBER})\b(?!\s*(?:mSv|%))"
)
_TAKEN = re.compile(
    rf"\b(?P<had>{NUMBER})\s+{_IMAGE}\s+(?:were\s+)?(?:taken|acquired|done|made|performed"
    rf"|captured)[^.;\d]{{0,25}}?\b(?P<meant>{NUMBER})\s+(?:were\s+|had been\s+)?{_MEANT}\b"
)


def images(page: Page) -> Iterator[Finding]:
    inside: list[tuple[int, int]] = []
    for pattern in (_IN_FRACTION, _FRACTION_HAD):
        for match in pattern.finditer(page.low):
            start, end = match.span()
            if any(a < end and start < b for a, b in inside):
                continue
            inside.append((start, end))
            if re.search(r"\b(?:planned|intended|prescribed|should|supposed)\b", match[0]):
                continue
            count = number_of(match) + bool(match["extra"])
            doubt = (
                "how many images were there in that fraction, the intended one included?"
                if match["extra"]
                else ""
            )
            yield Finding("images_in_fraction", count, start, end, page.doubt(start, end) or doubt)
    for match in _REPEATED_IN_FRACTION.finditer(page.low):
        times = 1 if match["once"] else 2 if match["twice"] else number_of(match)
        doubt = "how many images were there in that fraction, the intended one included?"
        yield Finding("images_in_fraction", times + 1, *match.span(), doubt)
        inside.append(match.span())
    for match in _TIMES_IN_FRACTION.finditer(page.low):
        times = 1 if match["once"] else 2 if match["twice"] else number_of(match)
        yield Finding("images_in_fraction", times, *match.span(), page.doubt(*match.span()))
        inside.append(match.span())
    yield from _beyond_intended(page)
    for match in _SO_MANY.finditer(page.low):
        start, end = match.span()
        if page.has(_IMAGED) and not any(a < end and start < b for a, b in inside):
            yield Finding("images_in_fraction", number_of(match), start, end, page.doubt(start, end))
            inside.append((start, end))
    for match in [*_INSTEAD.finditer(page.low), *_TAKEN.finditer(page.low)]:
        start, end = match.span()
        had, meant = whole(match["had"]) or 0, whole(match["meant"]) or 0
        if had >= meant > 0 and not any(a < end and start < b for a, b in inside):
            whole_course = "course" in page.low
            doubt = page.doubt(start, end) or ("" if whole_course else "is that over the whole course?")
            yield Finding("intended_images", meant, start, end, doubt)
            yield Finding("additional_images", had - meant, start, end, doubt)
            inside.append((start, end))
    for fact, pattern in (("additional_images", _EXTRA_IMAGES), ("intended_images", _INTENDED_IMAGES)):
        for match in pattern.finditer(page.low):
            start, end = match.span()
            if page.rest[start:end].strip() and not any(a < end and start < b for a, b in inside):
                pairs = "how many images is that?" if "pair" in match[0] else ""
                yield Finding(fact, number_of(match), start, end, page.doubt(start, end) or pairs)
                course = _COURSE_OF.search(page.low)
                if fact == "additional_images" and course:
                    yield Finding(
                        "intended_images",
                        number_of(course),
                        *course.span(),
                        "was one image a fraction intended?",
                    )


def _beyond_intended(page: Page) -> Iterator[Finding]:
    """ "25 CBCTs intended over the course, 40 in total": 15 more."""
    for pair in _PLANNED_ACTUAL.finditer(page.low):
        intended, actual = whole(pair["meant"]) or 0, whole(pair["had"]) or 0
        if 0 < intended <= actual and re.search(
            rf"\b{_IMAGE}\b", page.low[slice(*page.sentence(pair.start()))]
        ):
            course = "" if "course" in page.low else "is that over the whole course?"
            yield Finding("intended_images", intended, *pair.span(), page.doubt(*pair.span()) or course)
            yield Finding(
                "additional_images", actual - intended, *pair.span(), page.doubt(*pair.span()) or course
            )
    meant, had = _INTENDED_IMAGES.search(page.low), _IN_TOTAL.search(page.low)
    if meant and had and "course" in page.low and (more := number_of(had) - number_of(meant)) > 0:
        yield Finding("additional_images", more, *had.span(), page.doubt(*had.span()))
