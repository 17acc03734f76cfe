"""Ratios as people write them: of two doses as measured, which is to be agreed to and never taken, and a
percentage that may be of what was meant or of what was too much."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.core.refused import Refused
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


# Of what was delivered, such a number or percentage is rarely the whole of it.
_OF_DELIVERED = frozenset({"target_dose_ratio", "organ_dose_ratio", "fraction_dose_ratio", "activity_ratio"})
_BARE = re.compile(r"(?P<many>\d{1,9}(?:\.\d{1,9})?)\s*(?P<percent>%?)")
_MANY_TIMES, _FEW_PERCENT = 20, 35


def refuse_half_said(name: str, text: str) -> None:
    """Raises Refused for "95" and "5%": the one is hardly so many times, the other perhaps so much more."""
    bare = _BARE.fullmatch(text.strip()) if name in _OF_DELIVERED else None
    if bare and not bare["percent"] and Decimal(bare["many"]) >= _MANY_TIMES:
        raise Refused("that would be so many times: write a percentage with its sign, such as 95%")
    if bare and bare["percent"] and 0 < Decimal(bare["many"]) < _FEW_PERCENT:
        raise Refused("so much more or less is 105% or 95%; so much in all is a ratio, such as 0.05")
