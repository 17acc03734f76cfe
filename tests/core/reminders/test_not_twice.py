"""However often a day of discovery is corrected, no date is told twice that day, and nothing asked twice."""

from __future__ import annotations

from datetime import datetime

import pytest

from rules.deadlines import UK
from tests.core.cases.ward import NOTIFY, T, Ward
from tests.core.reminders.test_reminders import at, post_all


def sent(ward: Ward, ref: str) -> list[tuple[str, str]]:
    found = [one for one in ward.store.outgoing(T, ref) if one.kind == "ping" and one.sent_at]
    return [(one.rule, one.offset) for one in found]


def corrected(ward: Ward, ref: str, *days: str) -> None:
    for day in days:
        ward.later(minutes=5)
        assert "is corrected" in ward.say(f"discovered {ref} {day} the log says so")
        post_all(ward, ward.now)


@pytest.mark.parametrize(
    ("on", "offset", "between"),
    [(at(30, month=11), "-7d", "2026-11-20"), (at(7), "0d", "2026-11-22")],
)
def test_a_day_corrected_back_and_forth_is_reminded_of_once(
    ward: Ward, on: datetime, offset: str, between: str
) -> None:
    ref = ward.case()
    post_all(ward, on)
    corrected(ward, ref, between, "2026-11-23", between, "2026-11-23")
    assert sent(ward, ref).count(("notify", offset)) == 1
    assert post_all(ward, at(8))


def test_a_date_that_is_nearer_now_is_told_on_the_same_day(ward: Ward) -> None:
    ref = ward.case()
    post_all(ward, at(30, month=11))
    corrected(ward, ref, "2026-11-17")
    assert sent(ward, ref) == [("notify", "-7d"), ("notify", "-1d")]


def test_the_portal_s_account_is_asked_about_once(ward: Ward) -> None:
    ref = ward.case({**NOTIFY, "nation": "scotland"})
    post_all(ward, ward.now)
    corrected(ward, ref, "2026-11-20", "2026-11-22")
    assert sent(ward, ref) == [("notify", "account")]
    corrected(ward, ref, "2026-11-03")  # overdue at once: what was asked that day is no reminder of it
    assert sent(ward, ref) == [("notify", "account"), ("notify", "+7d")]


def test_so_is_the_inspector_spoken_of(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} CQC-7")
    post_all(ward, datetime(2027, 1, 28, 9, 1, tzinfo=UK))
    corrected(ward, ref, "2026-11-22", "2026-11-21", "2026-11-22")
    assert sent(ward, ref) == [("report", "inspector")]
