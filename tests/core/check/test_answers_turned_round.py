"""Answers that hold the words of another one, and words that take back what was said of the person."""

import pytest

from rules.facts import FACTS
from tests.core.cases.ward import T
from tests.core.check.asked import known

PROTOCOL = "check CT head with the wrong protocol, intended 0.2 mSv, total 1.4 mSv"
NOT_DUE = "check Chest x-ray of somebody who wasn't due anything. 45 year old man, 0.02 mSv"
MAN = "check CT abdomen with the wrong protocol, 30 year old man, intended 2 mSv, total 5 mSv, England"
EXPOSURE, FLAGS = FACTS["exposure"].ask, "Which of these apply?"


def asked(ward, title, *said):
    """Say these until the question of this title stands."""
    for words in said:
        ward.tell(words)
    assert ward.cards[-1].title == title


@pytest.mark.parametrize(
    "words",
    ["not a near miss", "this was not a near miss", "near miss but exposed", "almost a near miss",
     "near miss, though the scout was done", "nobody was exposed except for the scout",
     "it was not stopped in time", "it wasn't caught in time", "not accidental", "not unintended",
     "as intended apart from the dose", "as intended, but the wrong side",
     "near miss?", "was it a near miss?", "probably a near miss", "a near miss I think", "maybe near miss",
     "could be a near miss", "possible near miss", "we thought it was a near miss",
     "reported as a near miss", "they said near miss", "near miss or unintended", "supposedly as intended",
     "as intended?", "exposed", "correct", "wrong side", "no exposure beyond the scout",
     "not exposed to the contrast phase", "caught before the main scan", "no exposure of the fetus",
     "no exposure to staff", "no extra exposure", "no exposure fault", "not overexposed",
     "wasn't exposed as planned", "as intended in the first scan", "as planned for pt B",
     "as requested by the wrong doctor"],
)  # fmt: skip
def test_an_exposure_is_not_answered_by_words_that_take_it_back(ward, words):
    asked(ward, EXPOSURE, f"{PROTOCOL}, 30 year old man, England", "none")
    ward.tell(words)
    assert known(ward).get("exposure") not in ("near_miss", "as_intended", "accidental")


@pytest.mark.parametrize(
    ("words", "exposure"),
    [("near miss", "near_miss"), ("it was a near miss", "near_miss"),
     ("caught before the exposure by the radiographer", "near_miss"), ("he was not exposed", "near_miss"),
     ("nobody was exposed", "near_miss"), ("as planned, pregnancy found later", "as_intended"),
     ("he wasn't due anything", "accidental"), ("no, but another was", "unintended"),
     ("not the right protocol", "unintended")],
)  # fmt: skip
def test_an_exposure_is_answered_in_words(ward, words, exposure):
    asked(ward, EXPOSURE, f"{PROTOCOL}, 30 year old man, England", "none")
    ward.tell(words)
    assert known(ward).get("exposure") == exposure


@pytest.mark.parametrize("words", ["not an adult", "not adult", "no adult", "he is not an adult yet"])
def test_not_an_adult_is_no_adult(ward, words):
    ward.tell(f"{PROTOCOL}, England")
    ward.tell("edit age")
    ward.tell(words)
    assert known(ward).get("age_group") != "adult"


def test_yes_to_that_nothing_was_intended_is_asked_which_it_is(ward):
    asked(ward, EXPOSURE, f"{NOT_DUE}, Wales")
    assert "no exposure of this person was intended at all" in str(ward.cards[-1])
    shown = ward.tell("yes")
    assert "yes to which of them" in shown.lower()
    assert "exposure" not in known(ward)
    ward.tell("No, none at all")
    assert known(ward)["exposure"] == "accidental"


@pytest.mark.parametrize(
    "words", ["none, it was a woman by the way", "none; patient female", "sorry, it was a woman", "she is 30"]
)
def test_a_man_who_was_a_woman_is_asked_about_a_pregnancy(ward, words):
    asked(ward, FLAGS, MAN)
    assert "pregnan" not in str(ward.cards[-1])
    assert "The person is not said to be male any more" in ward.tell(words)
    for _ in range(4):
        if "foetus" in str(ward.cards[-1]):
            break
        ward.tell("Yes, but not the exposure they got" if ward.cards[-1].title == EXPOSURE else "none")
    assert "foetus" in str(ward.cards[-1])


@pytest.mark.parametrize(
    "words", ["none, he was the carer", "none, and it was me who was exposed as well", "none, mum held him"]
)
def test_a_none_that_speaks_of_somebody_else_is_not_taken(ward, words):
    asked(ward, FLAGS, MAN)
    ward.tell(words)
    assert "clinically_significant" not in known(ward)


def test_a_none_with_an_exception_is_none_of_what_it_excepts(ward):
    asked(ward, FLAGS, f"{PROTOCOL}, 30 year old man, England", "Yes, but not the exposure they got")
    ward.tell("none except clinically significant")
    assert known(ward).get("clinically_significant") is not False


FEMALE = "check CT abdomen with the wrong protocol, female, intended 2 mSv, total 5 mSv, England"


@pytest.mark.parametrize("age", ["30", "adult", "12-30", "17"])
def test_an_age_takes_back_that_somebody_was_a_young_child(ward, age):
    asked(ward, FLAGS, FEMALE)
    ward.tell("young child")
    ward.tell("edit age")
    ward.tell(age)
    for _ in range(3):
        if "foetus" in str(ward.cards[-1]):
            break
        ward.tell("Yes, but not the exposure they got" if ward.cards[-1].title == EXPOSURE else "none")
    assert "foetus" in str(ward.cards[-1])


def test_an_age_of_a_young_child_leaves_that_it_is_one(ward):
    asked(ward, FLAGS, FEMALE)
    for said in ("young child", "edit age", "3"):
        ward.tell(said)
    assert "foetus" not in str(ward.cards[-1])


@pytest.mark.parametrize("age", ["30 years old", "adult"])
def test_who_is_grown_is_asked_about_a_pregnancy_though_a_young_child_is_named(ward, age):
    asked(ward, FLAGS, f"{FEMALE}, {age}")
    ward.tell("young child")
    assert "foetus" in str(ward.cards[-1])


@pytest.mark.parametrize("words", ["young", "male?", "trans male", "male ward", "not male"])
def test_nobody_is_left_out_of_a_pregnancy_by_words_that_do_not_say_it(ward, words):
    unknown = "check CT abdomen with the wrong protocol, 22 years, intended 2 mSv, total 5 mSv, England"
    asked(ward, FLAGS, unknown, "Yes, but not the exposure they got")
    ward.tell(words)
    (draft,) = ward.store.drafts(T)
    assert not draft.state.get("person")
