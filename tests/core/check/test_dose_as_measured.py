"""The dose as the machine gave it goes from the words into the record's field, and decides nothing."""

import pytest

from tests.core.cases.ward import BUTTONS, TYPED, T, Ward
from tests.core.check.asked import told

READ = "check CT head, 34 years old, England, total dose 2 mSv, intended 1 mSv"


@pytest.fixture(params=[TYPED, BUTTONS], ids=["typed", "with buttons"])
def ward(tmp_path, request):
    made = Ward(tmp_path / "a.sqlite", request.param)
    yield made
    assert made.store.verify() == []
    made.store.close()


def test_it_stands_in_the_record_as_it_was_said_and_changes_no_outcome(ward):
    told(ward, f"{READ}. DLP 850 mGycm, CTDI 40")
    assert "DO NOT NOTIFY" in ward.tell("yes")
    ward.tell("yes")
    kept = ward.store.record(T, "2026-0001")
    assert kept.assessment.dose_as_measured == "DLP 850 mGycm, CTDI 40"
    assert kept.outcome == "do_not_notify"
    assert "DLP 850 mGycm, CTDI 40" in ward.tell("record 2026-0001")
