"""The dose as the machine or the calibrator gave it: kept in the record as it is, and never decided on.
Two of one protocol give a ratio, which is asked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bot.core.reader.expressions import expression
from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from rules.spans import plain

_MEASURED, _TWO = expression("measured"), expression("two_measured")
_SAID_TO_BE_MEANT, _AGAINST, _ADDED = map(expression, ("said_to_be_meant", "set_against", "added_to"))
_RATIO = "from two doses as measured: is the total so many times the intended dose?"


def measured(page: Page) -> str:
    """As it stands in the text: `DLP 1200 mGycm, CTDI 40`. Empty where nothing of the kind is said."""
    said = (page.text[slice(*match.span())].split() for match in _MEASURED.finditer(page.low))
    return ", ".join(dict.fromkeys(map(" ".join, said)))


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
