"""Two doses as measured, of one kind: what their ratio would be, to be agreed to and never taken."""

from __future__ import annotations

import re
from decimal import Decimal

from rules.spans import plain

# The effective dose goes with these, for one protocol. A skin dose or an activity says nothing of it.
_ONE = re.compile(
    r"(?P<name>(?:dlp|ctdi|dap|kap|mgd|agd)[a-z]*[\s:=]*(?:[a-z~.]+[\s:=]+){0,3})?"
    r"(?P<many>\d+(?:[.,]\d+)*)\s?(?P<unit>[mµuckd]?gy(?:[ .*·-]?c?m[\^²2]*)?)?",
    re.I,
)
_THOUSANDS = re.compile(r",(?=\d{3}\b)")


def ratio_asked(measured: str) -> str:
    """One line beside the question about the ratio, or "": `DLP 400, DLP 1200`."""
    parts = measured.split(", ")
    found = [(part, one) for part in parts if (one := _ONE.fullmatch(part)) and _is_told(one)]
    names = {_name(one) for _, one in found} - {""}
    units = {re.sub(r"[^a-zµ]", "", (one["unit"] or "").lower()) for _, one in found} - {""}
    if len(found) != len(parts) or len(found) != 2 or len(names) != 1 or len(units) > 1:
        return ""
    (first, a), (second, b) = found
    low, high = sorted(Decimal(_THOUSANDS.sub("", one["many"]).replace(",", ".")) for one in (a, b))
    if not low or low == high:
        return ""
    return (
        f"You wrote “{first}” and “{second}”. If the lower one was intended, the higher one is all that was "
        f"given, and both are of one protocol, the ratio is {plain(round(high / low, 3))}."
    )


def _name(one: re.Match[str]) -> str:
    return (one["name"] or "").lower()[:3]


def _is_told(one: re.Match[str]) -> bool:
    """By its name, or by a unit that says what it is: `1500 mGycm`."""
    return bool(one["name"] or "m" in (one["unit"] or "").lower()[3:])
