"""The dose as the machine or the calibrator gave it: kept in the record as it is, and never decided on.
Two of one protocol give a ratio, which is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from rules.spans import plain

_NUMBER = r"\d+(?:[.,]\d+)*"
_PRODUCT = r"(?:[mµuckd]?gy[ .*·-]?c?m(?:\^?2|²|2)?|[mµuckd]?gy[ .*·-]?cm\b)"
_NAME = (
    r"dlp|ctdi(?:vol|w)?|dap|kap|mgd|agd|esd|esak|psd|(?:peak |entrance )?skin dose"
    r"|(?:ref(?:erence)? )?air kerma|ref(?:erence)? dose"
    r"|(?:mean|average) glandular dose|(?:dose|kerma)[- ](?:length|area) product"
    r"|cumulative dose"
)
_MEASURED = re.compile(
    # "DLP 1200 mGycm", "CTDIvol was 40", "peak skin dose of 5 Gy": the name, then its number.
    rf"\b(?:{_NAME})\b[\s:=]*(?:(?:was|is|of|about|approx\w*\.?|~|came to|up to|at)[\s:=]*){{0,3}}{_NUMBER}"
    rf"(?:\s?(?:{_PRODUCT}|[mµukc]?gy)(?!\w))?"
    # "850 mGycm", "6 Gy skin dose", "1.9 mGy per view": a unit that says what it is, or the name after it.
    rf"|(?<![\w.,]){_NUMBER}\s?{_PRODUCT}(?!\w)"
    rf"|(?<![\w.,]){_NUMBER}\s?[mµukc]?gy\s(?:{_NAME})\b"
    rf"|(?<![\w.,]){_NUMBER}\s?[mkg]?bq\b",
)


def measured(page: Page) -> str:
    """As it stands in the text: `DLP 1200 mGycm, CTDI 40`. Empty where nothing of the kind is said."""
    return ", ".join(dict.fromkeys(_phrases(page)))


def _phrases(page: Page) -> Iterator[str]:
    for match in _MEASURED.finditer(page.low):
        yield " ".join(page.text[slice(*match.span())].split())


# "DLP 900 instead of 450", "DLP 330, then DLP 310 on repeat": the second may go without its name.
_TWO = re.compile(
    rf"\b(?P<name>dlp|ctdi(?:vol|w)?|dap|kap)\b[\s:=]*(?:(?:was|is|of)\s)?(?P<one>{_NUMBER})\s?(?:{_PRODUCT}|m?gy)?"
    rf"(?P<between>[^.\d]{{1,40}}?)(?P<other>{_NUMBER})(?!\d|\s?(?:%|m?sv|mbq|yr|yo|y/o|[mf]\b))(?P<after>[^.\d]{{0,30}})"
)
_MEANT = r"expected|intended|planned|normal|usual|typical"
_SAID_TO_BE_MEANT = re.compile(rf"\s*(?:\w+\s)?(?:{_MEANT})\b")  # directly behind the number
_AGAINST = re.compile(rf"\b(?:vs?|versus|instead|rather|against|not|where|should|meant|{_MEANT})\b")
_ADDED = re.compile(r"\+|\b(?:then|and|plus|repeat\w*|again|second|first|redone)\b")
_RATIO = "from two doses as measured: is the total so many times the intended dose?"


def measured_ratios(page: Page) -> Iterator[Finding]:
    """The quotient of two products or indices: of what was given and meant, or of both and the first."""
    for match in _TWO.finditer(page.low):
        one, other = (Decimal(match[name].replace(",", "")) for name in ("one", "other"))
        between, after = match["between"], match["after"]
        if _SAID_TO_BE_MEANT.match(between):
            one, other = other, one  # "DLP 450 expected, 900 given"
        added = not _AGAINST.search(between) and not _SAID_TO_BE_MEANT.match(after)
        if not one or not other or (added and not _ADDED.search(between + after)):
            continue
        ratio = round((one + other) / one if added else one / other, 4)
        yield Finding("dose_ratio", plain(ratio), match.start("name"), match.end("other"), _RATIO)
