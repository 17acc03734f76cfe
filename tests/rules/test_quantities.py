"""Quantities are read exactly, or refused with what to write instead."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rules.quantities import MAX_LENGTH, QuantityError, read
from rules.quantity_tokens import plain
from rules.spans import Bound, Span, above, at_least, at_most, below, exactly

UNITS = ["mSv", "mGy", "MBq", "", "count", "years"]
TYPED = tomllib.loads((Path(__file__).parent / "quantities.toml").read_text("utf-8"))


def typed(what: str) -> list[tuple[str, str, str]]:
    return [
        ("" if unit == "ratio" else unit, value, expected)
        for unit, rows in TYPED[what].items()
        for expected, values in rows.items()
        for value in values
    ]


def text(span: Span, unit: str) -> str:
    return span.text("" if unit in ("count", "years") else unit)


@pytest.mark.parametrize(("unit", "value", "expected"), typed("read"))
def test_what_is_typed_is_read_in_the_unit_of_its_fact(unit: str, value: str, expected: str) -> None:
    assert read(value, unit).text() == expected


@pytest.mark.parametrize(("unit", "value", "refusal"), typed("refused"))
def test_a_refusal_says_what_is_wrong_and_what_to_write(unit: str, value: str, refusal: str) -> None:
    with pytest.raises(QuantityError) as caught:
        read(value, unit)
    assert str(caught.value) == refusal


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("10-12", Span(Bound(Decimal(10)), Bound(Decimal(12)))),
        (">10-12", Span(Bound(Decimal(10), 1), Bound(Decimal(12)))),
        ("10-<12", Span(Bound(Decimal(10)), Bound(Decimal(12), -1))),
        (">10-<12", Span(Bound(Decimal(10), 1), Bound(Decimal(12), -1))),
        ("<3", below(3)),
        ("<=3", at_most(3)),
        (">3", above(3)),
        (">=3", at_least(3)),
        ("3", exactly(3)),
    ],
)
def test_limits_have_their_ends(value: str, span: Span) -> None:
    assert read(value, "mSv") == span


def test_over_eighteen_in_words_includes_somebody_of_eighteen_and_a_half() -> None:
    assert read("over 18", "years") == read("more than 18 years", "years") == at_least(18)
    assert read("over 18", "mSv") == above(18)


@pytest.mark.parametrize(
    ("value", "reads"),
    [(25, "25"), (2.5, "2.5"), (0.1 + 0.2, "0.30000000000000004"), (-0.0, "0"), (Decimal("2.50"), "2.5"),
     (Decimal("1E+3"), "1000"), (Decimal("-0"), "0"), (1e-7, "0.0000001"), (10**8, "100000000")],
)  # fmt: skip
def test_bare_numbers_are_in_the_unit_of_the_fact(value: float | Decimal, reads: str) -> None:
    assert read(value, "mSv").text() == reads


NEGATIVE = "an effective dose cannot be negative: write it without a minus or dash, such as 25 mSv"
TOO_LARGE = "that is too large to be meant: check the number and its unit"
TOO_LONG = "that has too many decimals to be meant: write at most 24 digits"


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (True, "an effective dose is a number: write one such as 25 mSv"),
        (None, "an effective dose is a number: write one such as 25 mSv"),
        ([2], "an effective dose is a number: write one such as 25 mSv"),
        (float("nan"), "an effective dose must be a finite number: write one such as 25 mSv"),
        (float("-inf"), "an effective dose must be a finite number: write one such as 25 mSv"),
        (Decimal("sNaN"), "an effective dose must be a finite number: write one such as 25 mSv"),
        (-1, NEGATIVE),
        (-1e-300, NEGATIVE),
        (Decimal("-1e-999999"), NEGATIVE),
        (10**9, TOO_LARGE),
        (Decimal("1e999999"), TOO_LARGE),
        (1e-300, TOO_LONG),
        (Decimal("1e-999999"), TOO_LONG),
        (Decimal("1." + "1" * 200), TOO_LONG),
    ],
)
def test_what_is_no_number_of_that_size_is_refused(value: object, refusal: str) -> None:
    with pytest.raises(QuantityError) as caught:
        read(value, "mSv")  # type: ignore[arg-type]
    assert str(caught.value) == refusal


def test_an_integer_of_any_length_is_refused() -> None:
    with pytest.raises(QuantityError, match="too large"):
        read(10**5000, "mSv")


def test_whole_numbers_are_wanted_of_bare_counts_too() -> None:
    assert read(Decimal("3.0"), "count") == exactly(3)
    with pytest.raises(QuantityError, match="a count is a whole number"):
        read(2.5, "count")


@pytest.mark.parametrize(
    "value", ["1" * 40_000, "1 " * 20_000, "<" * 40_000, "about " * 7_000, "-" * 61, "½" * 61]
)
def test_what_is_longer_than_any_quantity_is_refused_unread(value: str) -> None:
    with pytest.raises(
        QuantityError, match="too long for an effective dose: write only the value, such as 25 mSv"
    ):
        read(value, "mSv")


def attempt(value: str, unit: str) -> tuple[Span | None, str]:
    try:
        return read(value, unit), ""
    except QuantityError as error:
        return None, str(error)


@given(st.text(max_size=MAX_LENGTH), st.sampled_from(UNITS))
@example("9" * 10, "mSv")
def test_any_text_is_read_or_refused_in_one_line_without_a_long_number_in_it(value: str, unit: str) -> None:
    span, refusal = attempt(value, unit)
    assert bool(span) != bool(refusal)
    assert "\n" not in refusal
    assert sum(map(str.isdigit, refusal)) < 20
    assert span is None or span.low >= (Decimal(0), 0)


PIECES = [
    *[
        "1",
        "2",
        "10",
        "12",
        "1,200",
        "0,3",
        "½",
        "mSv",
        "µSv",
        "Sv",
        "mGy",
        "MBq",
        "%",
        "x",
        " ",
        " ",
        "-",
        "–",
    ],
    *[
        "<",
        ">",
        "≤",
        ">=",
        "about",
        "between",
        "and",
        "to",
        "or more",
        "+",
        "/",
        ".",
        ",",
        "e3",
        "two",
        "half",
    ],
    *["over", "max"],
]


@given(st.lists(st.sampled_from(PIECES), max_size=9), st.sampled_from(["mSv", "MBq", ""]))
def test_what_is_read_says_the_same_when_written_plainly(pieces: list[str], unit: str) -> None:
    value = "".join(pieces)
    assume(len(value) <= MAX_LENGTH)
    span, _ = attempt(value, unit)
    if span is None:
        return
    assert read(text(span, unit), unit) == span
    # Nothing is dropped, and nothing comes from nowhere.
    written = [piece for piece in pieces if piece[0].isdigit() or piece in ("½", "two")]
    assert len({bound.value for bound in span if bound.value.is_finite()} - {Decimal(0)}) <= len(written)


# Any value of up to 24 digits, nine of them before the point.
decimals = st.builds(
    lambda whole, part, digits: Decimal(f"{whole}.{part % 10**digits:0{digits}}" if digits else str(whole)),
    st.integers(0, 10**9 - 1),
    st.integers(0, 10**15 - 1),
    st.integers(0, 15),
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    a, b = sorted([draw(decimals), draw(decimals)])
    low, high = draw(st.sampled_from([0, 1])), draw(st.sampled_from([0, -1]))
    return draw(
        st.sampled_from(
            [exactly(a), at_least(a), above(a), at_most(b), below(b), Span(Bound(a, low), Bound(b, high))]
        ).filter(bool)
    )


@given(spans(), st.sampled_from(["mSv", "mGy", "MBq", ""]))
@example(Span(Bound(Decimal(0), 1), Bound(Decimal(1))), "mSv")
def test_limits_as_facts_write_and_say_them_are_read_back(span: Span, unit: str) -> None:
    assert read(text(span, unit), unit) == span
    words = span.words(unit)
    if len(words) <= MAX_LENGTH and span.low != Bound(Decimal(0), 1):  # a sentence leaves out "above 0"
        assert read(words, unit) == span


@given(st.decimals(0, 10**6, places=6))
def test_a_change_of_unit_changes_nothing(value: Decimal) -> None:
    dose = read(value, "mSv")
    for factor, unit in ((1000, "µSv"), (1000, "uSv"), (10**6, "nSv"), (1, "mSv"), (1, "millisieverts")):
        if value * factor < 10**9:
            assert read(f"{value * factor:f} {unit}", "mSv") == dose
    assert read(f"{value / 1000:f} Sv", "mSv") == dose
    assert read(f"{value / 1000:f} Gy", "mGy") == read(f"{value / 10:f} cGy", "mGy") == dose
    assert read(f"{value / 1000:f} GBq", "MBq") == dose
    assert read(f"{value * 100:f}%", "") == dose


def test_a_text_is_made_plain_character_by_character() -> None:
    fancy = "２５ ｍＳｖ–３ μSv（٣）​−①² "
    assert plain(fancy) == "25 mSv-3 µSv(3) -①² "
    assert plain("25 mSv") == "25 mSv"


def test_a_full_stop_behind_a_space_ends_an_answer() -> None:
    assert read("twice .", "") == exactly(2)
    assert read("3 mSv .", "mSv") == exactly(3)


def test_noughts_behind_the_point_are_no_decimals_too_many() -> None:
    assert read(Decimal("1." + "0" * 99), "mSv") == exactly(1)


def test_twenty_five_millisieverts_are_the_same_in_every_unit() -> None:
    assert read("25 mSv", "mSv") == read("25000 µSv", "mSv") == read("0.025 Sv", "mSv") == exactly(25)


@given(st.floats(0, 1e8, allow_subnormal=False).filter(lambda x: x == 0 or x > 1e-7))
def test_a_float_is_what_it_prints_as(value: float) -> None:
    assert read(value, "mSv") == exactly(Decimal(repr(value)))
