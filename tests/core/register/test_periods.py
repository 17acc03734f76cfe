"""Stretches of days as they are named. It is Tuesday 24 November 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.register.periods import leading_period

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2025/26", "2025-04-01", "2026-03-31"),
        ("2025-26", "2025-04-01", "2026-03-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2011-12", "2011-12-01", "2011-12-31"),
        ("2024 Q1", "2024-01-01", "2024-03-31"),
        ("Q4 2026", "2026-10-01", "2026-12-31"),
        ("2026-Q2", "2026-04-01", "2026-06-30"),
        ("March", "2026-03-01", "2026-03-31"),
        ("Dec", "2025-12-01", "2025-12-31"),
        ("in sept 2025", "2025-09-01", "2025-09-30"),
        ("this week", "2026-11-23", "2026-11-29"),
        ("last week", "2026-11-16", "2026-11-22"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("this quarter", "2026-10-01", "2026-12-31"),
        ("the last quarter", "2026-07-01", "2026-09-30"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("this financial year", "2026-04-01", "2027-03-31"),
        ("last 90 days", "2026-08-27", "2026-11-24"),
        ("last 2 weeks", "2026-11-11", "2026-11-24"),
        ("past 6 months", "2026-05-25", "2026-11-24"),
        ("last 1 year", "2025-11-25", "2026-11-24"),
    ],
)
def test_a_period_is_read_and_what_follows_is_left(words: str, since: str, until: str) -> None:
    found = leading_period(f"{words} at Main", TODAY)
    assert found is not None
    period, rest = found
    assert (period.since.isoformat(), period.until.isoformat(), rest) == (since, until, "at Main")


@pytest.mark.parametrize(
    "words",
    ["2025/27", "2026-13", "Q5 2026", "marked", "decided", "mayor", "last night", "20260", "2026-01-05"],
)
def test_what_is_no_period_is_taken_for_none(words: str) -> None:
    assert leading_period(words, TODAY) is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["day", "week", "month", "year"]))
def test_what_lies_behind_ends_today_and_never_begins_after_it(today: date, unit: str) -> None:
    found = leading_period(f"last 3 {unit}s", today)
    assert found is not None
    assert found[0].since <= found[0].until == today
    assert today - found[0].since < timedelta(days=3 * 366)
