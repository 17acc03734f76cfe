"""A value that is known and is said again, or a new one beside its name, without a unit: it is asked."""

import pytest

from rules.facts import FACTS
from tests.core.check.asked import known, told

DOSES = "check CT repeated, 61M, England, 26 mSv in total, 13 mSv intended, only one patient affected"
FOETUS = "check CT lumbar spine as requested, 34F, England, found pregnant after, foetal dose 8 mGy"
COUNTS = "check set-up error on linac 2, 61M, England, 2 CBCTs in one fraction, 20 images intended"
AS_ASKED = {"exposure": "as intended", "foetal_dose": "8", "individuals_exposed": "1"}


@pytest.mark.parametrize(
    ("first", "words", "asked"),
    [
        (DOSES, "sorry total was 34 not 26", "total_dose"),
        (DOSES, "26 was for the first scan only", "total_dose"),
        (DOSES, "the 26 is wrong", "total_dose"),
        (DOSES, "the total came to 34", "total_dose"),
        (DOSES, "MPE: 34 in total", "total_dose"),
        (DOSES, "that 13 was planned for each half", "intended_dose"),
        (DOSES, "intended was 3", "intended_dose"),
        (FOETUS, "correction from physics: foetal dose 12 not 8, had used the wrong phantom", "foetal_dose"),
        (FOETUS, "8 per scan, and there were two of them", "foetal_dose"),
        (FOETUS, "the fetus got 12", "foetal_dose"),
        (FOETUS, "twins, so 8 each", "foetal_dose"),
    ],
)
def test_what_is_said_of_it_beside_a_verdict_has_it_asked(ward, first, words, asked):
    told(ward, first, AS_ASKED if first == FOETUS else None)
    before = known(ward)[asked]
    shown = ward.tell(words)
    assert ward.cards[-1].title == FACTS[asked].ask, shown
    assert f"(so far {before}" in shown
    assert known(ward)[asked] == before


def test_the_answer_then_decides(ward):
    told(ward, FOETUS, AS_ASKED)
    assert "DO NOT NOTIFY" in ward.tell("yes")
    ward.tell("foetal dose 12 not 8, had used the wrong phantom")
    assert "NOTIFY — code 5" in told(ward, "12 mGy")


@pytest.mark.parametrize(
    "words", ["bed 26 on the ward", "26 days later he rang", "it was at 13:26", "case 26-13", "fraction 26"]
)
def test_a_number_of_something_else_is_no_value_said_again(ward, words):
    told(ward, DOSES)
    assert "so far 26 mSv" not in ward.tell(words)


@pytest.mark.parametrize(
    "words",
    [
        "another patient too",
        "yes but there was another patient",
        "right, plus one more pt",
        "same happened to bed 4",
        "happened again today",
        "it happened to another lady last week as well",
        "and the next patient as well",
        "not the only one",
        "second time this week",
        "both of them had it",
        "the whole list had it",
        "yes. also pt B",
        "same fault as last week",
        "wrong preset since the upgrade",
    ],
)
def test_what_tells_of_somebody_else_has_it_asked_how_many(ward, words):
    told(ward, DOSES)
    shown = ward.tell(words)
    assert ward.cards[-1].title == FACTS["individuals_exposed"].ask, shown


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("the dose is wrong", "total_dose"),
        ("wait, dose is wrong", "total_dose"),
        ("not sure about the dose", "total_dose"),
        ("dose not known any more", "total_dose"),
        ("total dose tbc", "total_dose"),
        ("MPE is rechecking the dose", "total_dose"),
        ("intended dose was a guess", "intended_dose"),
        ("age is wrong", "age_years"),
    ],
)
def test_a_value_that_is_said_to_be_wrong_or_not_known_is_asked(ward, words, asked):
    told(ward, DOSES)
    shown = ward.tell(words)
    assert ward.cards[-1].title == FACTS[asked].ask, shown


@pytest.mark.parametrize(
    ("first", "words", "asked"),
    [
        (DOSES, "CT of the legs not included", "total_dose"),
        (DOSES, "excl the scout", "total_dose"),
        (DOSES, "plus the second phase", "total_dose"),
        (FOETUS, "MPE: more like 12", "foetal_dose"),
        (FOETUS, "without the pelvic films", "foetal_dose"),
    ],
)
def test_what_was_left_out_has_it_asked(ward, first, words, asked):
    told(ward, first, AS_ASKED if first == FOETUS else None)
    before = known(ward)
    shown = ward.tell(words)
    assert ward.cards[-1].title == FACTS[asked].ask, shown
    assert known(ward)["category"] == before["category"]


@pytest.mark.parametrize("words", ["there was a second CT", "the CT was by somebody from an agency"])
def test_what_tells_nothing_but_what_is_known_is_not_taken_where_it_says_more(ward, words):
    told(ward, FOETUS, AS_ASKED)
    ward.tell("yes")
    assert "Nothing of what you wrote was taken" in ward.tell(words)
