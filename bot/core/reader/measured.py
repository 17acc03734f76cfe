"""The dose as the machine or the calibrator gave it: kept in the record as it is, and never decided on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.reader.page import Page

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
