"""Days as people type them. Thursday 5 November 2026 is today throughout."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days.typed import read_day

TODAY = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("today", "2026-11-05"),
        ("yesterday", "2026-11-04"),
        ("Yesterday at 2pm", "2026-11-04T14:00"),
        ("yesterday 14:05", "2026-11-04T14:05"),
        ("last night", "2026-11-04"),
        ("3 days ago", "2026-11-02"),
        ("a week ago", "2026-10-29"),
        ("monday", "2026-11-02"),
        ("last Friday", "2026-10-30"),
        ("2026-11-03", "2026-11-03"),
        ("2026-11-03T09:30", "2026-11-03T09:30"),
        ("3/11/2026", "2026-11-03"),
        ("03.11.26", "2026-11-03"),
        ("3 November", "2026-11-03"),
        ("3rd of Nov 2026", "2026-11-03"),
        ("November 3", "2026-11-03"),
        ("Tue 3 November 2026", "2026-11-03"),
        ("24 December", "2025-12-24"),
        ("12am today", None),
        ("today 12am", "2026-11-05T00:00"),
        ("today 12:30pm", "2026-11-05T12:30"),
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(typed, iso):
    if iso is None:
        with pytest.raises(ValueError, match="not clear as a day"):
            read_day(typed, TODAY)
    else:
        assert read_day(typed, TODAY) == iso


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("thursday", "today, or a week ago"),
        ("30 February 2026", "no such day"),
        ("today 25:00", "no such time"),
        ("today 13pm", "no such time"),
        ("soon", "not clear as a day"),
        ("3", "not clear as a day"),
        ("", "not clear as a day"),
    ],
)
def test_a_day_that_is_not_clear_is_refused(typed, wanted):
    with pytest.raises(ValueError, match=wanted):
        read_day(typed, TODAY)


@given(st.text(max_size=60))
def test_any_text_is_a_day_or_is_refused(text):
    try:
        found = read_day(text, TODAY)
    except ValueError:
        return
    assert date.fromisoformat(found[:10])
