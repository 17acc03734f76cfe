"""A note decides nothing: where it tells what the verdict does not know, whoever writes it hears so."""

import pytest

from tests.core.cases.ward import NOT, NOTIFY, T, Ward


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("the total dose was 60 mSv", "total dose 60 mSv (decided with: 4 mSv)"),
        ("the MPE puts it at 12 to 15 mSv", "total dose 12 to 15 mSv (decided with: 4 mSv)"),
        ("two patients were exposed", "individuals exposed 2 (decided with: 1)"),
        ("she was pregnant", "unintended foetal exposure Yes (decided with: No)"),
        ("the patient was 12 years old", "age 12 years (decided with: 40 years)"),
        ("an equipment fault after all", "equipment fault Yes (decided with: No)"),
    ],
)
@pytest.mark.parametrize("verb", ["note", "analysis"])
def test_what_the_verdict_does_not_know_is_named(ward: Ward, verb: str, text: str, says: str) -> None:
    number = ward.record(NOT)
    said = ward.say(f"{verb} {number} {text}")
    assert f"The verdict of {number} does not know of it: " in said
    assert says in said
    assert f"correct {number} decides anew" in said
    assert [note.text for note in ward.store.notes(T, number)] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "rang the family, who are content", "total dose 4 mSv, as before", "the MPE saw it on 25 November",
        "asked for the dose report; CT 2 is checked on Friday", "one person, 40 years old",
    ],
)  # fmt: skip
def test_a_note_of_nothing_new_is_noted_and_no_more(ward: Ward, text: str) -> None:
    number = ward.record(NOT)
    assert ward.say(f"note {number} {text}").rstrip(".").endswith(f"Noted on {number}")


def test_of_a_case_it_is_its_last_record_and_the_way_leads_there(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    said = ward.say(f"note {ref} the physicist says 3 mSv in all")
    assert "The verdict of 2026-0001 does not know of it: total dose 3 mSv (decided with: 40 mSv)" in said
    assert "Total dose" in ward.say("correct 2026-0001 total dose 3 mSv")


@pytest.mark.parametrize("typed", ["total dose: 50 mSv", "Total dose 50 mSv"])
def test_a_fact_among_the_details_is_refused_with_the_way_that_takes_it(ward: Ward, typed: str) -> None:
    number = ward.record(NOT)
    said = ward.say(f"details {number} {typed}")
    assert "Total dose is what the verdict hangs on, and no detail" in said
    assert f"correct {number} total dose: 50 mSv" in said
    assert "50 mSv" in ward.say(f"correct {number} total dose: 50 mSv")
