"""Reads quantities exactly: `25 mSv`, `300 µSv`, `10-12 mSv`, `<0.3 mSv`, `110%`.

Nothing is rounded, guessed or converted between kinds of dose. What could mean two things is refused, and
each refusal says what to write instead; it never repeats the text, which may hold anything.
"""

from __future__ import annotations

import re
from decimal import Decimal

from rules import quantity_tokens as lex
from rules.quantity_finder import Found, find
from rules.quantity_parser import (
    MAX_LENGTH,
    MEASURES,
    Measure,
    Parsed,
    check_product,
    negative,
    parse,
    span_of,
)
from rules.quantity_tokens import QuantityError, QuantityToken
from rules.spans import Bound, Span, exactly

__all__ = ["MAX_LENGTH", "Found", "QuantityError", "find", "read"]

_SAID = {"": {"twice": 2, "double": 2, "triple": 3}, "count": {"none": 0, "nil": 0}}


def read(value: str | int | float | Decimal, unit: str) -> Span:
    """What `value` says of a quantity whose unit in the table of facts is `unit`.

    `unit` is "mSv" (effective dose), "mGy" (absorbed dose), "MBq" (activity), "" (a ratio), "count" or
    "years"; a bare number is in it. Counts and ages come out as closed limits of whole numbers. Raises
    `QuantityError`.
    """
    measure = MEASURES[unit]
    if isinstance(value, str):
        return _text(value, unit)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise QuantityError(f"{measure.noun} is a number: write one such as {measure.example}")
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise QuantityError(f"{measure.noun} must be a finite number: write one such as {measure.example}")
    if exact < 0:
        raise QuantityError(negative(measure))
    return _whole(exactly(lex.fitting(exact)), unit)


def _text(raw: str, unit: str) -> Span:
    measure = MEASURES[unit]
    if len(raw) > MAX_LENGTH:
        raise QuantityError(f"too long for {measure.noun}: write only the value, such as {measure.example}")
    text = lex.plain(raw).strip().rstrip(".").rstrip()
    if not text:
        raise QuantityError(f"nothing was given: write {measure.noun} such as {measure.example}")
    said = _SAID.get(unit, {}).get(text.lower())
    if said is not None:
        return exactly(said)
    size: int = 1
    years: tuple[int, ...] = (1,)
    if unit == "count":
        text = re.sub(_NOUN, "", text)
    elif unit == "years":
        text, size, years = _age(text)
    span = span_of(_only(text, measure), measure)
    return _completed(span, size, years) if size * years[0] > 1 else _whole(span, unit)


def _only(text: str, measure: Measure) -> Parsed:
    """The text, as one quantity and nothing else."""
    found = [*lex.tokens(text), QuantityToken("end", "", len(text), len(text))]
    parsed = parse(found, 0)
    if parsed is None or found[parsed.end].kind != "end":
        if parsed and parsed.unit:
            check_product(text[parsed.unit.end :], measure)
        if parsed and found[parsed.end].kind == "word" and all(token.kind != "unit" for token in found):
            raise QuantityError(f"{measure.wrong}: write one such as {measure.example}")
        if parsed and not parsed.unit and found[parsed.end].kind == "number":
            raise QuantityError(
                f"two numbers side by side: write one without spaces, such as {measure.example}"
            )
        raise QuantityError(
            f"not clear as {measure.noun}: write {measure.example}, or limits such as {measure.limits}"
        )
    if parsed.about:
        raise QuantityError(f'"about" gives no limits: write them, such as {measure.limits}')
    return parsed


def _whole(span: Span, unit: str) -> Span:
    """Of counts and ages, the whole numbers within."""
    if unit not in ("count", "years"):
        return span
    measure = MEASURES[unit]
    if any(bound.value.is_finite() and bound.value % 1 for bound in span):
        raise QuantityError(f"{measure.noun} is a whole number: write one such as {measure.example}")
    if not span.whole():
        raise QuantityError(
            f"there is no whole number between these limits: write limits such as {measure.limits}"
        )
    return span.whole()


# Closed, so that "3 mSv", "3 dozen" and "3 per fraction" are not taken for 3.
_NOUN = (
    r"(?i)\s+(?:(?:(?:planning|verification|exposed)\s+)?"
    r"(?:scans?|images?|exposures?|views?|films?|radiographs?|cbcts?|people|persons?|patients?|individuals?)"
    r"(?: in (?:total|all))?|(?<!\b1 )(?<!\bone )of them|in (?:total|all)|altogether)(?!\w)"
)

# As clinicians write it: 6/12 is six months, 3/52 three weeks, 10/7 ten days.
_SHORT, _OF_A_YEAR = r"(\d+)/(12|52|7)(?: old)?", {"12": "months", "52": "weeks", "7": "days"}
_AGE_UNITS = {"y": (1, (1,)), "m": (1, (12,)), "w": (7, (365, 366)), "d": (1, (365, 366))}
_AGE = (
    r"(?i)(?:aged?\s+)?(?P<number>.*?)(?<![^\W\d_])[\s-]{0,3}"
    r"(?P<unit>years?|yrs?|y|months?|mths?|mo|weeks?|wks?|w|days?|d)(?:[\s-]{0,3}old|/?\.?o| of age)?"
)
_YEARS_AND_MONTHS = (
    r"(?i)(?P<years>\d{1,3})\s?(?:years?|yrs?|y)[\s,]*(?:and\s+)?"
    r"(?:\d|1[01])\s?(?:months?|mths?|mo|m)(?:\s+old)?"
)


def _age(text: str) -> tuple[str, int, tuple[int, ...]]:
    """The number of an age, how many months or days its unit has, and how many of those make a year."""
    if short := re.fullmatch(_SHORT, text):
        text = f"{short[1]} {_OF_A_YEAR[short[2]]}"
    both = re.fullmatch(_YEARS_AND_MONTHS, text)
    if both:
        return both["years"], 1, (1,)
    match = re.fullmatch(_AGE, text)
    if match is None:
        return text.removeprefix("aged ").removeprefix("age "), 1, (1,)
    return match["number"], *_AGE_UNITS[match["unit"][0].lower()]


def _completed(span: Span, size: int, years: tuple[int, ...]) -> Span:
    """Completed years, of limits in weeks or months; refused where a leap year would change them."""
    (low, _), (high, high_side) = span
    lows = {low * size // year for year in years}
    highs = {high}
    if high.is_finite():
        days = high * size
        last = days - 1 if high_side < 0 and not days % 1 else days
        highs = {last // year for year in years}
    if len(lows) + len(highs) > 2:
        raise QuantityError("an age is in whole years: write a number such as 9")
    return Span(Bound(lows.pop()), Bound(highs.pop()))
