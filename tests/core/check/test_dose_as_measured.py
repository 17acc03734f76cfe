"""The dose as the machine gave it goes from the words into the record's field, and decides nothing."""

from tests.core.cases.ward import T
from tests.core.check.asked import told
from tests.core.either_way import typed_and_pressed  # noqa: F401 - the ward

READ = "check CT head, 34 years old, England, total dose 2 mSv, intended 1 mSv"


def test_it_stands_in_the_record_as_it_was_said_and_changes_no_outcome(ward):
    told(ward, f"{READ}. DLP 850 mGycm, CTDI 40")
    assert "DO NOT NOTIFY" in ward.tell("yes")
    ward.tell("yes")
    kept = ward.store.record(T, "2026-0001")
    assert kept.assessment.dose_as_measured == "DLP 850 mGycm, CTDI 40"
    assert kept.outcome == "do_not_notify"
    assert "DLP 850 mGycm, CTDI 40" in ward.tell("record 2026-0001")
