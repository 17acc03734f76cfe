"""What is known of a number: its limits, which values they hold, and how they are written and said."""

from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product

import pytest

from rules.cells import Row, agrees, by_facts, cut, cuts_of
from rules.conditions import Choice, Number, inside, quotient_inside
from rules.spans import (
    ANYTHING,
    INFINITY,
    NOTHING,
    Bound,
    Span,
    above,
    at_least,
    at_most,
    below,
    between,
    exactly,
    plain,
)

VALUES = [Decimal(v) for v in ("0", "1", "2", "2.5")]
BOUNDS = [Bound(v, side) for v in VALUES for side in (-1, 0, 1)]
LOWS = [b for b in BOUNDS if b.side >= 0]
HIGHS = [b for b in BOUNDS if b.side <= 0] + [Bound(INFINITY)]
SPANS = [Span(low, high) for low, high in product(LOWS, HIGHS) if low <= high]
EPSILON = Fraction(1, 10**6)


@cache
def points(span: Span) -> list[Fraction]:
    """Values at, near and between the ends, and far out where there is none."""
    low = Fraction(span.low.value)
    high = low + 100 if span.high.value == INFINITY else Fraction(span.high.value)
    found = {low, low + EPSILON, (low + high) / 2, high - EPSILON, high}
    if span.high.value == INFINITY:
        found |= {high * 10**9}
    return [x for x in sorted(found) if holds(span, x)]


@cache
def quotients(part: Span, whole: Span) -> list[Fraction]:
    return sorted({x / y for x in points(part) for y in points(whole)})


@cache
def ends(span: Span) -> tuple[Fraction, int, Fraction | None, int]:
    (low, low_side), (high, high_side) = span
    return Fraction(low), low_side, None if high == INFINITY else Fraction(high), high_side


@cache
def holds(span: Span, x: Fraction) -> bool:
    low, low_side, high, high_side = ends(span)
    above_low = x > low or (x == low and not low_side)
    return above_low and (high is None or x < high or (x == high and not high_side))


def truth(each: list[bool]) -> bool | None:
    return True if all(each) else None if any(each) else False


@pytest.mark.parametrize(
    ("span", "unit", "text", "words"),
    [
        (exactly("25.0"), "mSv", "25 mSv", "25 mSv"),
        (exactly(0), "", "0", "0"),
        (between(10, 12), "mSv", "10-12 mSv", "10 to 12 mSv"),
        (below("0.3"), "mSv", "<0.3 mSv", "below 0.3 mSv"),
        (at_most("0.3"), "mSv", "<=0.3 mSv", "at most 0.3 mSv"),
        (at_least(25), "mSv", ">=25 mSv", "at least 25 mSv"),
        (above(25), "", ">25", "above 25"),
        (above(0), "mSv", ">0 mSv", "above 0 mSv"),
        (above(1) & below(3), "mSv", ">1-<3 mSv", "above 1 mSv and below 3 mSv"),
        (above(1) & at_most(3), "mSv", ">1-3 mSv", "above 1 mSv and at most 3 mSv"),
        (at_least(1) & below(3), "mSv", "1-<3 mSv", "at least 1 mSv and below 3 mSv"),
        (above(0) & below(3), "mSv", ">0-<3 mSv", "below 3 mSv"),
        (above(0) & at_most(3), "mSv", ">0-3 mSv", "at most 3 mSv"),
    ],
)
def test_limits_are_written_and_said(span, unit, text, words):
    assert span.text(unit) == text
    assert span.words(unit) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E+3", "1000"), ("0.30", "0.3"), ("1200", "1200"), ("0.0", "0"), ("1E-7", "0.0000001")],
)
def test_numbers_are_written_without_exponent_or_trailing_zeros(value, text):
    assert plain(Decimal(value)) == text


def test_limits_are_made_of_numbers_and_of_text():
    two, three = Bound(Decimal(2)), Bound(Decimal(3))
    assert exactly(2) == exactly("2") == exactly(Decimal(2)) == Span(two, two)
    assert between("2", 3) == Span(two, three)
    assert at_least(2) == Span(two, Bound(INFINITY))
    assert above("2") == Span(Bound(Decimal(2), 1), Bound(INFINITY))
    assert at_most(2) == Span(Bound(Decimal(0)), two)
    assert below(Decimal(2)) == Span(Bound(Decimal(0)), Bound(Decimal(2), -1))


def test_two_spans_hold_together_what_each_holds():
    for one, other in product(SPANS, SPANS):
        both = one & other
        for x in {*points(one), *points(other)}:
            assert holds(both, x) == (holds(one, x) and holds(other, x))
        assert bool(both) == any(holds(one, x) and holds(other, x) for x in {*points(one), *points(other)})


def test_a_span_knows_its_values_and_what_is_special_about_them():
    for span in SPANS:
        for value in VALUES:
            assert (value in span) == holds(span, Fraction(value))
        assert span.exact == (len(points(span)) == 1)
        assert span.is_zero == (points(span) == [0])
        assert span.positive == (Decimal(0) not in span)
    assert "1" not in at_least(0)
    assert ANYTHING
    assert not NOTHING


def test_the_whole_numbers_of_a_span_are_those_within_it():
    for span in SPANS:
        whole = span.whole()
        wanted = [n for n in range(-2, 200) if holds(span, Fraction(n))]
        assert [n for n in range(-2, 200) if whole and holds(whole, Fraction(n))] == wanted
        if wanted:
            assert whole.low == Bound(Decimal(wanted[0]))
            assert whole.high == Bound(INFINITY if span.high.value == INFINITY else Decimal(wanted[-1]))


# ------------------------------------------------------------------------------------------------ quotients
HALF_LINES = [side(value) for side in (at_least, above, at_most, below) for value in ("0.5", "1", "2")]


def test_a_span_is_inside_another_wholly_partly_or_not_at_all():
    for have, wanted in product(SPANS, HALF_LINES):
        assert inside(have, wanted) == truth([holds(wanted, x) for x in points(have)]), (have, wanted)


def test_a_quotient_is_inside_a_limit_always_never_or_sometimes():
    wholes = [span for span in SPANS if span.positive]
    for part, whole, wanted in product(SPANS, wholes, HALF_LINES):
        held = [holds(wanted, q) for q in quotients(part, whole)]
        assert quotient_inside(part, whole, wanted) == truth(held), (part, whole, wanted)


def test_a_part_a_whole_and_a_quotient_agree_when_some_values_do():
    names = "total_dose", "intended_dose", "dose_ratio"
    wholes = [span for span in SPANS if span.positive][::2]
    for part, whole, ratio in product(SPANS[::2], wholes, SPANS):
        # Exactly, since the quotients of two spans have no gap between the least and the greatest.
        found = quotients(part, whole)
        there = any(holds(ratio, q) for q in found)
        there = there or any(found[0] < x < found[-1] for x in points(ratio))
        world = dict(zip(names, (part, whole, ratio), strict=True))
        assert agrees(world, *names) == there, world


def test_nothing_is_any_multiple_of_nothing():
    world = {"total_dose": exactly(0), "intended_dose": at_least(0), "dose_ratio": above(2)}
    assert agrees(world, "total_dose", "intended_dose", "dose_ratio")
    assert not agrees({**world, "intended_dose": above(0)}, "total_dose", "intended_dose", "dose_ratio")


def test_a_number_is_held_against_a_multiple_of_another_by_both_or_by_their_quotient():
    ten_times = Number("total_dose") >= 10 * Number("intended_dose")
    for total, truth in ((exactly(20), True), (between(19, 21), None), (below(20), False)):
        assert ten_times.value({"total_dose": total, "intended_dose": exactly(2)}) is truth
    for ratio, truth in ((at_least(10), True), (between(9, 11), None), (below(10), False)):
        assert ten_times.value({"dose_ratio": ratio}) is truth
    assert ten_times.value({"total_dose": at_least(20), "intended_dose": at_most(2), "dose_ratio": above(1)})
    assert ten_times.value({}) is None


# ------------------------------------------------------------------------------------------ cells and groups
def test_cuts_divide_what_is_known_without_gap_or_overlap():
    cuts = [Bound(Decimal(1)), Bound(Decimal(2), 1)]
    for span in SPANS:
        cells = cut(span, cuts)
        for x in points(span):
            assert sum(holds(cell, x) for cell in cells) == 1
        assert cells[0].low == span.low
        assert cells[-1].high == span.high
        assert all(cells)
    assert cut(frozenset({"b", "a"}), cuts) == [frozenset({"a"}), frozenset({"b"})]


def test_each_kind_of_limit_cuts_on_its_own_side():
    total, intended = Number("total_dose"), Number("intended_dose")
    rows = (
        (total >= 3)
        | (total > 4)
        | (total < 5)
        | (total <= 6)
        | (total >= 10 * intended)
        | (total < 2 * intended)
    )
    assert cuts_of([*rows.atoms()]) == {
        "total_dose": [Bound(Decimal(3)), Bound(Decimal(4), 1), Bound(Decimal(5)), Bound(Decimal(6), 1)],
        "dose_ratio": [Bound(Decimal(2)), Bound(Decimal(10))],
    }


def test_rows_that_share_a_fact_are_one_group_also_by_way_of_a_third():
    total, foetal, infant = Number("total_dose"), Number("foetal_dose"), Number("infant_dose")
    failure = Choice("procedural_failure").is_("true")
    rows = [
        Row("a", total >= 1),
        Row("b", foetal >= 1),
        Row("c", infant >= 1),
        Row("d", (total >= 2) & failure),
        Row("e", (foetal >= 2) & failure),
    ]
    assert [{row.code for row in group} for group in by_facts(rows)] == [{"c"}, {"a", "b", "d", "e"}]
    by_one_row = by_facts([*rows[:3], Row("f", (total >= 2) & (foetal >= 2))])
    assert [{row.code for row in group} for group in by_one_row] == [{"c"}, {"a", "b", "f"}]
    tied = [Row("a", total >= 1), Row("b", Number("intended_dose") >= 1)]
    assert len(by_facts(tied)) == 1
