"""A note changes no verdict: one that tells a fact otherwise than the record says so."""

import pytest

from tests.core.cases.ward import NOT, NOTIFY, UNDECIDED, Ward


@pytest.mark.parametrize("facts", [NOT, UNDECIDED], ids=["not notifiable", "undecided"])
@pytest.mark.parametrize(
    "text",
    ["the MPE says the total dose was 60 mSv", "the patient was 12 years old", "she was pregnant after all",
     "two patients were exposed", "it is clinically significant"],
)  # fmt: skip
def test_a_note_with_another_fact_says_that_the_verdict_does_not_know_it(
    ward: Ward, facts: dict[str, object], text: str
) -> None:
    number = ward.record(facts)
    shown = ward.say(f"note {number} {text}")
    assert f"Noted on {number}" in shown
    assert f"correct {number}" in shown
    assert "the verdict does not know of it" in shown


@pytest.mark.parametrize("text", ["the patient was told", "the total dose was 4 mSv", "physics looks at it"])
def test_a_note_with_nothing_new_says_nothing_more(ward: Ward, text: str) -> None:
    assert "does not know" not in ward.say(f"note {ward.record(NOT)} {text}")


def test_a_note_of_a_case_speaks_of_its_last_record_and_never_against_a_yes(ward: Ward) -> None:
    assert "does not know" not in ward.say(f"note {ward.case(NOTIFY)} the total dose was 60 mSv")
    shown = ward.say(f"note {ward.case(UNDECIDED)} the total dose was 60 mSv")
    assert "the verdict does not know of it" in shown
