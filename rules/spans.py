"""Exact intervals of decimals: what is known of a number.

A bound is a value and a side: (3, -1) is just below 3, (3, 0) is 3 itself, (3, +1) just above it. Written
like this, open and closed ends compare, intersect and scale as plain tuples do.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import NamedTuple

INFINITY = Decimal("Infinity")
ZERO = Decimal(0)
# Values hold at most MAX_DIGITS digits, so that a product of two is exact here.
EXACT = Context(prec=100)
MAX_DIGITS = 24
# As many digits of a quotient as anybody wants to read.
UP, DOWN = Context(prec=8, rounding=ROUND_CEILING), Context(prec=8, rounding=ROUND_FLOOR)


class Bound(NamedTuple):
    value: Decimal
    side: int = 0


class Span(NamedTuple):
    """Every value from `low` to `high`; empty, and false, when they have crossed."""

    low: Bound
    high: Bound

    def __bool__(self) -> bool:
        return self.low <= self.high

    def __and__(self, other: Span) -> Span:
        return Span(max(self.low, other.low), min(self.high, other.high))

    def __contains__(self, value: object) -> bool:
        return isinstance(value, Decimal) and self.low <= (value, 0) <= self.high

    @property
    def exact(self) -> bool:
        """Is it one value?"""
        return self.low == self.high

    @property
    def is_zero(self) -> bool:
        return self.high <= (ZERO, 0)

    @property
    def positive(self) -> bool:
        """Is every value above 0?"""
        return self.low > (ZERO, 0)

    def whole(self) -> Span:
        """The whole numbers within, as closed ends."""
        low, high = self.low.value.to_integral_value("ROUND_FLOOR"), self.high.value
        if Bound(low) < self.low:
            low += 1
        if high != INFINITY:
            high = high.to_integral_value("ROUND_CEILING")
            if Bound(high) > self.high:
                high -= 1
        return Span(Bound(low), Bound(high))

    def text(self, unit: str = "") -> str:
        """As facts are written: `25 mSv`, `10-12 mSv`, `<0.3 mSv`, `>=25 mSv`."""
        (low, low_side), (high, high_side) = self
        if self.exact:
            core = plain(low)
        elif high == INFINITY:
            core = (">" if low_side else ">=") + plain(low)
        elif self.low <= (ZERO, 0):
            core = ("<" if high_side else "<=") + plain(high)
        else:
            core = f"{'>' if low_side else ''}{plain(low)}-{'<' if high_side else ''}{plain(high)}"
        return f"{core} {unit}".rstrip()

    def words(self, unit: str = "") -> str:
        """As a sentence says it: `25 mSv`, `10 to 12 mSv`, `below 0.3 mSv`, `at least 25 mSv`."""
        (low, low_side), (high, high_side) = self
        tail = f" {unit}".rstrip()
        if self.exact:
            return plain(low) + tail
        from_low = f"{'above' if low_side else 'at least'} {plain(low)}"
        to_high = f"{'below' if high_side else 'at most'} {plain(high)}"
        if high == INFINITY:
            return from_low + tail
        if low == 0:
            return to_high + tail
        if not low_side and not high_side:
            return f"{plain(low)} to {plain(high)}{tail}"
        return f"{from_low}{tail} and {to_high}{tail}"


ANYTHING = Span(Bound(ZERO), Bound(INFINITY))
NOTHING = Span(Bound(INFINITY), Bound(ZERO))


def plain(value: Decimal) -> str:
    """Without exponent or trailing zeros: `25`, `0.3`, `1200`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exactly(value: Decimal | int | str) -> Span:
    bound = Bound(Decimal(value))
    return Span(bound, bound)


def between(low: Decimal | int | str, high: Decimal | int | str) -> Span:
    return Span(Bound(Decimal(low)), Bound(Decimal(high)))


def at_least(value: Decimal | int | str) -> Span:
    return Span(Bound(Decimal(value)), ANYTHING.high)


def above(value: Decimal | int | str) -> Span:
    return Span(Bound(Decimal(value), 1), ANYTHING.high)


def at_most(value: Decimal | int | str) -> Span:
    return Span(ANYTHING.low, Bound(Decimal(value)))


def below(value: Decimal | int | str) -> Span:
    return Span(ANYTHING.low, Bound(Decimal(value), -1))


def rounding_to(value: Decimal) -> Span:
    """Every value that is rounded to this one at its last digit: 0.85 to 0.95 are 0.9, but not 0.90."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    half = Decimal(5).scaleb(min(exponent, 0) - 1)
    return between(max(ZERO, value - half), value + half)
