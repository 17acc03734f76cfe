"""What is typed beside an answer, or where another thing is asked: taken, asked or said not to be taken."""

from datetime import datetime

import pytest

from rules.deadlines import UK
from rules.facts import FACTS
from tests.core.cases.ward import TYPED, T, Ward
from tests.core.check.asked import known

FIRST = "check Wrong patient had a CXR 0.02 mSv total, he was due nothing. 55 years, England"
FLAGS, TOTAL, PEOPLE = "Which of these apply?", FACTS["total_dose"].ask, FACTS["individuals_exposed"].ask
NOT_TAKEN = "Nothing of what you wrote was taken"


@pytest.fixture
def ward(ward):
    ward.tell(FIRST)
    assert ward.cards[-1].title == FLAGS
    return ward


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
    ["None, but it was in Scotland", "none of these but it was in Scotland",
     "none, though it was in Scotland", "None but it happened in Scotland"],
)  # fmt: skip
def test_a_none_takes_a_fact_after_a_but_that_is_of_no_line(ward, words):
    ward.tell(words)
    assert title(ward) != FLAGS
    assert (known(ward)["nation"], known(ward)["clinically_significant"]) == ("scotland", False)


@pytest.mark.parametrize(
    "words",
    [
        "none, she was pregnant",
        "none, but software",
        "none, 3 patients",
        "no, 12 mSv",
        "none, 12 mSv",
        "none, not sure",
        "none, but pregnant",
        "none but perhaps it was in Scotland",
        "none, but it was in Scotland and the software failed",
        "none, though a relative was there, in Wales",
        "none, but in Scotland they had 3 of those",
        "none but the dose was 12 mSv",
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


PROTOCOL = "check CT abdomen with the wrong protocol, 30 year old man, England"
INTENDED = FACTS["intended_dose"].ask


@pytest.fixture
def asked_for_the_total(tmp_path):
    made = Ward(tmp_path / "b.sqlite", TYPED)
    for said in (PROTOCOL, "Yes, but not the exposure they got", "none"):
        made.tell(said)
    assert made.cards[-1].title == TOTAL
    yield made
    made.store.close()


@pytest.mark.parametrize(
    "more",
    ["x2", ", x 2", "times two", "doubled", "twice", "over", "above", "so far", "for the first", "and rising",
     "plus the repeat", "plus", "excl scout", "(±20%)", "skin", "ambient", "committed dose to thyroid",
     "estimate", "from the first CT", "plus CT", "before the repeat", "I think", "for one",
     "for one of them", "only for one"],
)  # fmt: skip
def test_a_dose_of_which_more_is_said_is_asked_again_and_a_yes_takes_it(asked_for_the_total, more):
    ward = asked_for_the_total
    shown = ward.tell(f"10 mSv {more}")
    assert "total_dose" not in known(ward)
    assert title(ward) == TOTAL
    if "“10 mSv”" in shown:
        ward.tell("yes")
        assert known(ward)["total_dose"] == "10 mSv"
    else:
        assert NOT_TAKEN in shown


@pytest.mark.parametrize(
    "words",
    ["10 mSv", "it was 10 mSv", "10 mSv in total", "10 mSv overall", "the MPE calculated 10 mSv",
     "10 mSv effective dose", "he got 10 mSv in all", "the total dose was 10 mSv", "10 mSv, not 2 mSv",
     "10 mSv and it was yesterday", "sorry, 10 mSv"],
)  # fmt: skip
def test_a_dose_in_plain_words_is_taken_at_once(asked_for_the_total, words):
    asked_for_the_total.tell(words)
    assert known(asked_for_the_total)["total_dose"] == "10 mSv"


@pytest.mark.parametrize(
    "words",
    ["sorry, it was 30 mSv", "correction: 30 mSv", "typo: 30 mSv", "I meant 30 mSv", "actually 30 mSv",
     "oops, 30 mSv", "no, 30 mSv", "no it was 30 mSv", "make that 30 mSv", "wait, 30 mSv", "*30 mSv",
     "that should have been 30 mSv", "I mistyped, 30 mSv", "hang on, 30 mSv"],
)  # fmt: skip
def test_a_correction_at_the_next_question_may_be_of_the_one_before(asked_for_the_total, words):
    ward = asked_for_the_total
    ward.tell("5 mSv")
    assert title(ward) == INTENDED
    shown = ward.tell(words)
    assert "total dose (so far 5 mSv) or intended dose: name the one that is meant" in shown
    assert (title(ward), "intended_dose" in known(ward)) == (INTENDED, False)
    assert known(ward)["total_dose"] == "5 mSv"
    ward.tell("total dose 30 mSv")
    assert known(ward)["total_dose"] == "30 mSv"


@pytest.mark.parametrize("words", ["total dose", "the total", "Total.", "I meant the total one"])
def test_the_one_that_is_named_is_asked_for(asked_for_the_total, words):
    ward = asked_for_the_total
    for said in ("5 mSv", "sorry, it was 30 mSv", words):
        ward.tell(said)
    assert title(ward) == FACTS["total_dose"].ask
    assert "So far: 5 mSv" in ward.shown
    ward.tell("30 mSv")
    assert (known(ward)["total_dose"], title(ward)) == ("30 mSv", INTENDED)


@pytest.mark.parametrize("words", ["4 mSv plus CT", "4 mSv and CT 3 mSv", "4 mSv from the first CT"])
def test_a_dose_and_what_it_is_of_is_an_answer_to_the_question_of_the_dose(tmp_path, words):
    ward = Ward(tmp_path / "a.sqlite", TYPED)
    for said in ("check wrong activity given, V/Q scan, 60 year old man, England", "1", "none"):
        ward.tell(said)
    assert ward.cards[-1].title == FACTS["total_dose"].ask
    ward.tell(words)
    assert "unfinished" not in ward.cards[-1].title
    ward.store.close()


@pytest.mark.parametrize("words", ["9. No: 19", "9, correction 19 mSv", "3 (the one before was wrong)"])
def test_a_bare_number_at_another_question_is_no_age(asked_for_the_total, words):
    asked_for_the_total.tell(words)
    assert title(asked_for_the_total) != FACTS["age_years"].ask


@pytest.mark.parametrize("words", ["4, but the wrong side", "1, no 2", "all three"])
def test_a_bare_number_beside_an_exposure_or_flags_hints_at_no_age(tmp_path, words):
    ward = Ward(tmp_path / "a.sqlite", TYPED)
    shown = ward.tell("check CT abdomen with the wrong protocol, England")
    for _ in range(2):
        shown = ward.tell(words)
        assert "Age" not in shown
        assert "age" not in shown.replace("average", "").partition("from words alone")[2]
    ward.store.close()


@pytest.fixture
def to_be_agreed_to(asked_for_the_total):
    ward = asked_for_the_total
    for said in ("5 mSv", "2 mSv"):
        ward.tell(said)
    assert ward.cards[-1].title == "Is this right?"
    return ward


@pytest.mark.parametrize(
    "words",
    ["1 is wrong", "all but 1", "yes except 1", "yes, apart from 1", "not 1", "1 is not right", "no, not 1"],
)
def test_the_number_of_what_is_wrong_is_asked_in_whichever_words(to_be_agreed_to, words):
    to_be_agreed_to.tell(words)
    assert title(to_be_agreed_to) == FACTS["category"].ask


@pytest.mark.parametrize("words", ["yes?", "right?", "ok?"])
def test_a_yes_with_a_question_mark_agrees_to_nothing_and_keeps_nothing(to_be_agreed_to, words):
    ward = to_be_agreed_to
    assert "reads like a question" in ward.tell(words)
    assert title(ward) == "Is this right?"
    ward.tell("yes")
    ward.tell(words)
    assert ward.store.records(T) == ()


@pytest.mark.parametrize(
    "words",
    ["around 1 November", "about 2 weeks ago", "roughly 1 November", "by 1 November", "approx 1 November",
     "on or before 1 November", "it was about 2 weeks ago"],
)  # fmt: skip
def test_a_day_of_discovery_that_is_about_right_is_asked_for_the_first_that_it_may_be(tmp_path, words):
    ward = Ward(tmp_path / "a.sqlite", TYPED)
    for said in ("check CT head of the wrong patient, 5 mSv, 60 year old man, England", "No, none at all"):
        ward.tell(said)
    assert title(ward) == FACTS["discovered_on"].ask
    ward.tell(words)
    assert "discovered_on" not in known(ward)
    ward.tell("1 November")
    assert known(ward)["discovered_on"] == "2026-11-01"
    ward.store.close()


@pytest.mark.parametrize(
    "words", ["1 November at about 10am", "1 November around 10:30", "1 November, about noon"]
)
def test_an_hour_that_is_about_right_is_one_of_its_day(tmp_path, words):
    ward = Ward(tmp_path / "a.sqlite", TYPED)
    for said in (
        "check CT head of the wrong patient, 5 mSv, 60 year old man, England",
        "No, none at all",
        words,
    ):
        ward.tell(said)
    assert known(ward)["discovered_on"].startswith("2026-11-01")
    ward.store.close()


@pytest.mark.parametrize(
    ("words", "at", "day"),
    [
        ("about an hour ago", "09:30", "2026-11-24"),
        ("Around 20 minutes ago.", "00:50", "2026-11-24"),
        ("today about 10", "11:30", "2026-11-24"),
        ("yesterday, around half two", "09:30", "2026-11-23"),
        ("about an hour ago", "01:30", None),  # it may have been yesterday
        ("today about 10", "03:00", None),
        ("yesterday about 12", "09:30", None),
        ("yesterday about 11pm", "09:30", "2026-11-23"),
        ("today 11pm", "03:00", None),
        ("about 5 hours ago", "09:30", None),
        ("about 10", "11:30", None),
    ],
)
def test_of_an_hour_that_is_about_right_the_day_is_taken_where_there_is_but_one(tmp_path, words, at, day):
    ward = Ward(tmp_path / "a.sqlite", TYPED)
    ward.now = datetime.fromisoformat(f"2026-11-24T{at}").replace(tzinfo=UK)
    for said in ("check CT head of the wrong patient, 5 mSv, 60 year old man, England", "No, none at all"):
        ward.tell(said)
    ward.tell(words)
    assert known(ward).get("discovered_on") == day
    ward.store.close()


def test_of_several_doses_that_may_be_the_total_all_are_named(tmp_path):
    ward = Ward(tmp_path / "a.sqlite", TYPED)
    first = "check duplicate request, CXR done twice. 45 year old man, 0.02 mSv, England"
    for said in (first, "Yes, but not the exposure they got", "none"):
        shown = ward.tell(said)
    assert "“0.02 mSv” or “0.04 mSv”: which is it?" in shown
    assert "Is that the total of the whole incident?" not in shown
    ward.store.close()


def test_more_intended_than_given_is_asked_and_a_yes_takes_it(asked_for_the_total):
    ward = asked_for_the_total
    ward.tell("5 mSv")
    shown = ward.tell("30 mSv")
    assert "“30 mSv”: is it so that less was given in all than was intended?" in shown
    assert (title(ward), "intended_dose" in known(ward)) == (INTENDED, False)
    ward.tell("yes")
    assert (known(ward)["intended_dose"], known(ward)["total_dose"]) == ("30 mSv", "5 mSv")
    assert title(ward) == "Is this right?"


def test_two_doses_for_one_another_are_put_right_before_anything_is_decided(asked_for_the_total):
    ward = asked_for_the_total
    for said in ("5 mSv", "30 mSv", "edit total dose 30 mSv"):
        ward.tell(said)
    assert title(ward) == INTENDED
    ward.tell("2 mSv")
    assert (known(ward)["intended_dose"], known(ward)["total_dose"]) == ("2 mSv", "30 mSv")
    assert title(ward) == FACTS["discovered_on"].ask


@pytest.mark.parametrize(
    "words",
    [
        "none, scanned again today",
        "none, another film was done at the gp",
        "none, LMP not asked",
        "none, the wrong side",
    ],
)
def test_what_follows_a_none_answers_no_question_that_was_not_shown(ward, words):
    ward.tell(words)
    assert "exposure" not in known(ward)


@pytest.mark.parametrize(
    "words",
    [
        "none, will check",
        "none, preg test awaited",
        "none, asking tomorrow",
        "none, not confirmed",
        "none, to be reviewed",
    ],
)
def test_a_none_that_is_yet_to_be_looked_into_is_none(ward, words):
    shown = ward.tell(words)
    assert title(ward) != FACTS["exposure"].ask
    assert "individuals_exposed" not in known(ward), shown
