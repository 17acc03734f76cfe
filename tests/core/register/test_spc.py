"""The four rules of Making Data Count, and limits as its spreadsheets make them."""

import random
from itertools import pairwise

import pytest

from bot.core.register.spc import limits_of, special_causes

FLAT = [4.0, 5.0, 4.0, 6.0, 5.0, 4.0, 5.0, 6.0, 4.0, 5.0, 5.0, 6.0]  # mean 4.92, mean moving range 1.09


def test_limits_are_the_mean_and_two_point_six_six_moving_ranges() -> None:
    limits = limits_of(FLAT)
    mean = sum(FLAT) / 12
    moving = sum(abs(b - a) for a, b in pairwise(FLAT)) / 11
    assert limits.mean == pytest.approx(mean)
    assert limits.high == pytest.approx(mean + 2.66 * moving)
    assert limits.low == pytest.approx(mean - 2.66 * moving)
    assert (limits.of, limits.trial) == (12, False)


def test_they_come_of_the_first_twelve_and_of_all_once_there_are_two_years() -> None:
    assert limits_of([*FLAT, 40.0]).high == limits_of(FLAT).high
    assert limits_of([*FLAT, *FLAT[:11]]).of == 12
    assert limits_of([*FLAT, *FLAT]).of == 24
    assert limits_of(FLAT[:9]).trial


def test_no_count_is_below_nought() -> None:
    limits = limits_of([0.0, 5.0, 0.0, 6.0, 0.0, 5.0, 1.0, 6.0])
    assert limits.low == 0
    assert special_causes([0.0], limits) == ()


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ([9.0], [("beyond", 12, 12, True)]),
        ([0.0], [("beyond", 12, 12, False)]),
        ([5.0] * 4 + [4.9], [("one side", 9, 15, True)]),
        ([4.0] * 7, [("one side", 12, 18, False)]),
        ([5.0] * 3 + [4.0], []),
        ([3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 5.0], [("trend", 12, 17, True)]),
        ([3.0, 3.5, 3.5, 4.0, 5.0, 6.0, 4.0], []),
        ([7.2, 5.0, 7.2, 4.0], [("near a limit", 12, 14, True)]),
        ([7.2, 4.0, 7.2, 4.0], []),
    ],
)  # fmt: skip
def test_each_rule_fires_where_it_should_and_not_before(
    more: list[float], found: list[tuple[str, int, int, bool]]
) -> None:
    limits = limits_of(FLAT)
    told = special_causes([*FLAT, *more], limits)
    assert [(one.rule, one.first, one.last, one.above) for one in told] == found


def test_where_nothing_varies_nothing_is_special() -> None:
    values = [3.0] * 30
    assert special_causes(values, limits_of(values)) == ()


def test_chance_alone_seldom_fires_once_the_limits_come_of_all_points() -> None:
    """Some one in four of two years of months with four incidents a month, not one in two."""
    drawn = random.Random(11)
    fired = 0
    for _ in range(400):
        values = [float(sum(drawn.random() < 0.04 for _ in range(100))) for _ in range(24)]
        fired += bool(special_causes(values, limits_of(values)))
    assert 0.1 * 400 < fired < 0.4 * 400
