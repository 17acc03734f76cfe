"""Puts the pieces of a quantity together: one number or two, their limits and units, and what they span."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from rules import quantity_tokens as lex
from rules.quantity_tokens import Downwards, QuantityError, QuantityToken
from rules.spans import EXACT, Span, above, at_least, at_most, below, exactly


class Measure(NamedTuple):
    """A unit of the table of facts: what is measured in it, in which base unit, and how one writes it."""

    noun: str
    base: str
    exponent: int
    example: str
    limits: str
    wrong: str


MEASURES = {
    "mSv": Measure("an effective dose", "Sv", -3, "25 mSv", "2.5-3.5 mSv", "an effective dose is in mSv"),
    "mGy": Measure("an absorbed dose", "Gy", -3, "10 mGy", "8-12 mGy", "an absorbed dose is in mGy"),
    "MBq": Measure("an activity", "Bq", 6, "400 MBq", "380-420 MBq", "an activity is in MBq"),
    "": Measure("a ratio", "times", 0, "1.1 or 110%", "1.05-1.15", "a ratio has no unit"),
    "count": Measure("a count", "", 0, "3", "2-3", "a count is a whole number without a unit"),
    "years": Measure("an age", "", 0, "9", "8-10", "an age is in whole years"),
}
# Longer than anybody writes one; the rest is not looked at.
MAX_LENGTH = 60
UPPER, LOWER = ("<", "<="), (">", ">=", "over")


class Side(NamedTuple):
    """One number with what belongs to it."""

    number: str
    unit: QuantityToken | None
    limit: str
    about: bool
    negative: bool
    end: int


class Parsed(NamedTuple):
    """One number, or two that a joiner makes a range."""

    first: Side
    second: Side | None
    opening: str
    joiner: QuantityToken
    spaced: bool  # the joiner is a dash with a space before it

    @property
    def end(self) -> int:
        return (self.second or self.first).end

    @property
    def about(self) -> bool:
        return self.first.about or bool(self.second and self.second.about)

    @property
    def unit(self) -> QuantityToken | None:
        return (self.second and self.second.unit) or self.first.unit


def _side(found: list[QuantityToken], i: int) -> Side | None:
    about, limit, unit = False, "", None
    while found[i].kind in ("about", "limit"):
        if found[i].kind == "about":
            about = True
        elif limit:
            return None
        else:
            limit = lex.operator(*found[i][:2])
        i += 1
    negative = found[i].text in ("minus", "negative") or (found[i].kind == "dash" and glued(found, i + 1))
    i += negative
    if found[i].kind != "number":
        return None
    number = found[i].text
    while True:
        i += 1
        kind, text = found[i].kind, found[i].text
        after = found[i + 1] if kind != "end" else found[i]
        if kind == "ish":
            about = True
        elif kind == "unit" and unit is None:
            unit = found[i]
        elif (
            kind == "dash"
            and unit is None
            and after.kind == "unit"
            and glued(found, i)
            and glued(found, i + 1)
        ):
            pass  # a 2-mSv dose
        elif (kind == "tail" and after.kind != "number" and (text != "+" or glued(found, i))) or (
            kind == "limit"
            and text.startswith(("at ", "max", "min"))
            and unit
            and after.kind in ("end", "other")
        ):
            if limit:
                return None
            limit = lex.operator(*found[i][:2])
        else:
            return Side(number, unit, limit, about, negative, i)


def glued(found: list[QuantityToken], i: int) -> bool:
    """Does token `i` stand right behind the one before it?"""
    return i > 0 and found[i].start == found[i - 1].end


def parse(found: list[QuantityToken], i: int) -> Parsed | None:
    opening = found[i].text if found[i].kind == "opening" else ""
    first = _side(found, i + bool(opening))
    if first is None:
        return None
    joiner = found[first.end]
    second = None
    if joiner.kind == "dash" or joiner.text == "to":
        second = _side(found, first.end + 1)
    elif joiner.text == "and" and (opening == "between" or first.limit in LOWER):
        second = _side(found, first.end + 1)
        if second and opening != "between" and second.limit not in UPPER:
            second = None
    return (
        None
        if opening and not second
        else Parsed(first, second, opening, joiner, joiner.kind == "dash" and not glued(found, first.end))
    )


def _amount(side: Side, unit: QuantityToken | None, measure: Measure) -> Decimal:
    base, exponent = lex.unit(unit.text) if unit else (measure.base, measure.exponent)
    if {base, measure.base} == {"Sv", "Gy"}:
        kinds = f"{base} is never turned into {measure.base} here"
        raise QuantityError(f"{measure.wrong}, and {kinds}: ask the medical physics expert for it")
    if base != measure.base and (base, measure.base) != ("%", "times"):
        raise QuantityError(f"{measure.wrong}: write one such as {measure.example}")
    return lex.fitting(lex.number(side.number).scaleb(exponent - measure.exponent, EXACT))


def span_of(parsed: Parsed, measure: Measure) -> Span:
    first, second = parsed.first, parsed.second
    if first.negative or (second and second.negative):
        raise QuantityError(negative(measure))
    if second and parsed.joiner.kind == "dash" and first.number.isalpha():
        raise QuantityError(f"that number has to be in figures: write one such as {measure.example}")
    low = _amount(first, first.unit or parsed.unit, measure)
    if second is None:
        span = _limited(first.limit, low, measure)
        if not span:
            raise QuantityError(
                f"nothing is left below 0: write {measure.example}, or limits such as {measure.limits}"
            )
        return span
    if first.unit and not second.unit:
        raise QuantityError(
            f"a range has its unit at the end, or at both: write limits such as {measure.limits}"
        )
    high = _amount(second, second.unit, measure)
    if first.limit in UPPER or second.limit in LOWER:
        raise QuantityError(
            f"a range goes from its lower limit to its upper: write limits such as {measure.limits}"
        )
    if low > high:
        raise Downwards(f"the range runs downwards: write the lower limit first, such as {measure.limits}")
    span = _limited(first.limit or ">=", low, measure) & _limited(second.limit or "<=", high, measure)
    if not span:
        raise QuantityError(f"there is nothing between these limits: write limits such as {measure.limits}")
    return span


def _limited(limit: str, value: Decimal, measure: Measure) -> Span:
    if limit == "over":
        # Somebody of 18 and a half is over 18.
        return at_least(value) if measure is MEASURES["years"] else above(value)
    return {"": exactly, "<": below, "<=": at_most, ">": above, ">=": at_least}[limit](value)


def negative(measure: Measure) -> str:
    return f"{measure.noun} cannot be negative: write it without a minus or dash, such as {measure.example}"


_PRODUCT = r"(?i)\s?[.·*×]?\s?(?:[cd]?m(?:\^?[23]|[²³])|cm)(?!\w)"
_EACH = (
    "h|hr|hour|min|minute|s|sec|second|day|week|month|y|yr|year|annum|kg|g|ml|l|mbq|gbq|mas|scan|exam|examination"
    "|image|view|film|exposure|fraction|frac|fx|#|pt|patient|person"
)
_RATE = rf"(?i)\s?(?:(?:/|per\s|an?\s|every\s)\s?(?:{_EACH})s?(?!\w)|each(?!\w)|apiece)"


def check_product(after: str, measure: Measure) -> None:
    """Raises `QuantityError` where what follows a unit makes it another one: `mGy.cm`, `mSv/h`."""
    if re.match(_PRODUCT, after):
        product = "a dose-area or dose-length product"
        raise QuantityError(f"that is {product}: ask the medical physics expert for the dose itself")
    if re.match(_RATE, after):
        raise QuantityError(
            f"that is so much for each, not {measure.noun}: write the whole of it, such as {measure.example}"
        )
