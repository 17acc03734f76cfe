"""What is typed beside an answer, or where another thing is asked: taken, asked or said not to be taken."""

import pytest

from rules.facts import FACTS
from tests.core.cases.ward import TYPED, T, Ward

FIRST = "check Wrong patient had a CXR 0.02 mSv total, he was due nothing. 55 years, England"
FLAGS, TOTAL, PEOPLE = "Which of these apply?", FACTS["total_dose"].ask, FACTS["individuals_exposed"].ask
NOT_TAKEN = "Nothing of what you wrote was taken"


@pytest.fixture
def ward(tmp_path):
    made = Ward(tmp_path / "a.sqlite", TYPED)
    made.tell(FIRST)
    assert made.cards[-1].title == FLAGS
    yield made
    made.store.close()


def known(ward):
    (draft,) = ward.store.drafts(T)
    return draft.state["facts"]


def title(ward):
    return ward.cards[-1].title


def test_a_dose_beside_a_fact_is_asked_and_a_yes_takes_it(ward):
    shown = ward.tell("1 pt, 3 mSv")
    assert (title(ward), known(ward)["individuals_exposed"]) == (TOTAL, 1)
    assert "Total dose (so far 0.02 mSv): “3 mSv”: does that hold?" in shown
    ward.tell("yes")
    assert known(ward)["total_dose"] == "3 mSv"


def test_a_dose_at_what_is_to_be_agreed_to_is_asked_and_is_no_agreement(ward):
    for said in ("none", "No, none at all"):
        ward.tell(said)
    assert title(ward) == "Is this right?"
    assert "DO NOT" not in ward.tell("30 mSv")
    assert title(ward) == TOTAL
    assert "DO NOT" not in ward.tell("yes")
    assert known(ward)["total_dose"] == "30 mSv"


@pytest.mark.parametrize("words", ["3 patients", "5 patients in all"])
def test_a_number_of_people_among_the_flags_is_asked_by_itself(ward, words):
    shown = ward.tell(words)
    assert title(ward) == PEOPLE
    assert f"“{words[0]}”: were all of them exposed in error?" in shown
    ward.tell("yes")
    assert known(ward)["individuals_exposed"] == int(words[0])


@pytest.mark.parametrize("words", ["0.5 rad", "less than ten", "1 only, and no fault", "just 3 (perhaps)"])
def test_what_is_not_taken_is_said_not_to_be(ward, words):
    shown = ward.tell(words)
    assert title(ward) == FLAGS
    assert NOT_TAKEN in shown


def test_a_unit_that_is_no_longer_in_use_is_asked_again(ward):
    assert "mrem is a unit no longer in use: write mSv" in ward.tell("500 mrem")
    assert title(ward) == TOTAL


def test_a_none_takes_what_explains_it_and_no_more(ward):
    ward.tell("none, she's not pregnant and it was just the one")
    assert title(ward) != FLAGS
    assert known(ward)["individuals_exposed"] == 1


@pytest.mark.parametrize(
    "words",
    [
        "none, she was pregnant",
        "none, but software",
        "none, 3 patients",
        "no, 12 mSv",
        "none, 12 mSv",
        "none, not sure",
    ],
)
def test_a_none_that_is_taken_back_is_none(ward, words):
    ward.tell(words)
    assert "clinically_significant" not in known(ward)


def test_a_day_and_more_at_the_question_about_the_day_are_both_taken(ward):
    for said in ("edit total dose 30 mSv", "No, none at all"):
        ward.tell(said)
    assert title(ward) == FACTS["discovered_on"].ask
    ward.tell("yesterday, and nobody else was exposed; it is clinically significant")
    assert known(ward)["discovered_on"] == "2026-11-23"
    assert known(ward)["clinically_significant"] is True


@pytest.mark.parametrize(
    "words", ["edit total dose 30 mSv", "change the total dose to 30 mSv", "edit total: 30 mSv"]
)
def test_a_change_takes_its_value_at_once(ward, words):
    ward.tell(words)
    assert known(ward)["total_dose"] == "30 mSv"


def test_a_change_to_what_cannot_be_is_asked_with_why(ward):
    shown = ward.tell("edit total dose 3 apples")
    assert title(ward) == TOTAL
    assert "write one such as 25 mSv" in shown
    assert known(ward)["total_dose"] == "0.02 mSv"


def test_undo_takes_back_the_last_answer(ward):
    ward.tell("none")
    ward.tell("undo")
    assert title(ward) == FLAGS
    assert "clinically_significant" not in known(ward)


def test_a_dose_in_another_unit_than_was_asked_for_is_a_wrong_answer(ward):
    ward.tell("edit total dose")
    assert "an effective dose is in mSv" in ward.tell("5 mGy")
    assert title(ward) == TOTAL
