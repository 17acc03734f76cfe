"""One line of `irmer read`."""

from datetime import datetime

import pytest

from bot.core.reader import read_line
from rules.deadlines import UK

NOW = datetime(2026, 5, 14, 10, 30, tzinfo=UK)


def test_a_line_gives_facts_what_to_confirm_and_the_masked_text():
    text = "Pt 999 123 4560: CT head 2 mSv intended, received 12 mSv yesterday"
    answer = read_line({"text": text}, NOW)
    assert answer == {
        "facts": {
            "category": "diagnostic",
            "total_dose": "12 mSv",
            "intended_dose": "2 mSv",
            "occurred_on": "2026-05-13",
            "modality": "ct",
        },
        "to_confirm": ["exposure"],
        "masked": "Pt [number removed]: CT head 2 mSv intended, received 12 mSv yesterday",
    }


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-12-01T09:00", "2026-11-30"),
        ("2026-12-01", "2026-11-30"),
        ("2026-07-01T23:30:00+00:00", "2026-07-01"),
        ("2026-07-01T23:30:00Z", "2026-07-01"),
        (None, "2026-05-13"),
    ],
)
def test_now_may_be_given_with_or_without_an_offset(now, day):
    assert (
        read_line({"text": "wrong patient had CT yesterday", "now": now}, NOW)["facts"]["occurred_on"] == day
    )


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        (None, None), ([], None), ("CT", None), (3, None), ({}, "text"), ({"text": None}, "text"),
        ({"text": 3}, "text"),
        ({"text": "CT", "now": "soon"}, "now"), ({"text": "CT", "now": 3}, "now"), ({"text": "CT",
        "now": "0001-01-01"}, "now"),
        ({"text": "CT", "now": "9999-12-31T23:59"}, "now"), ({"text": "CT", "nation": "france"}, "nation"),
        ({"text": "CT", "nation": []}, "nation"), ({"text": "CT", "site": "x"}, "site"),
    ],
)  # fmt: skip
def test_a_bad_line_names_what_is_wrong(line, fact):
    (error,) = read_line(line, NOW)["error"]
    assert error["fact"] == fact
    assert error["message"]
