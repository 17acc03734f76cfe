"""A value that is of something else than what was asked is not taken for it: asked, or refused with why."""

import pytest

from rules.incident import InvalidFacts
from rules.parsing import parse
from tests.core.cases.ward import NOW
from tests.core.check.asked import NAMES, UNINTENDED, known

PLANNING = "check Patient 40, England, planning CT repeated by mistake"
CHEST = "check Patient 55, England had CT chest instead of CT head today"


def asked(ward):
    title = ward.cards[-1].title
    return "flags" if title == "Which of these apply?" else NAMES.get(title, title)


def until(ward, first, name, **answers):
    """Tells an incident, and answers what is asked until that is asked."""
    ward.tell(first)
    for _ in range(20):
        if asked(ward) == name:
            return
        ward.tell({**UNINTENDED, **answers}.get(asked(ward), "don't know"))
    raise AssertionError(f"{name} was not asked")


@pytest.mark.parametrize(
    "words",
    ["2 extra scans", "2 repeat scans", "1 more scan", "2 additional", "two further images", "2 repeats",
     "1 repeat", "2 more", "2 scans more", "2 extra", "2 on top", "2 scans repeated"],
)  # fmt: skip
def test_so_many_more_is_not_how_many_in_all(ward, words):
    until(ward, PLANNING, "planning_scans")
    shown = ward.tell(words)
    assert asked(ward) == "planning_scans"
    assert "planning_scans" not in known(ward)
    assert "how many in all" in shown


@pytest.mark.parametrize("words", ["three of them", "3 scans", "3 planning scans", "3 in all"])
def test_a_number_in_all_is_taken(ward, words):
    until(ward, PLANNING, "planning_scans")
    ward.tell(words)
    assert known(ward)["planning_scans"] == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("individuals_exposed", "1 additional person"),
        ("individuals_exposed", "1 more patient"),
        ("images_in_fraction", "2 extra images"),
        ("intended_images", "10 additional images"),
        ("intended_images", "32 in total"),
        ("intended_images", "32 images in total"),
        ("additional_images", "12 images in total"),
        ("additional_images", "12 in all"),
    ],
)
def test_a_number_of_another_kind_is_refused_wherever_it_comes_from(name, value):
    category = {} if name == "individuals_exposed" else {"category": "radiotherapy_verification"}
    with pytest.raises(InvalidFacts, match="how many"):
        parse({**category, name: value}, NOW.date())


@pytest.mark.parametrize("value", ["2 repeats", "2 extra", "2 more", "2 extra images", "2 repeat images"])
def test_so_many_more_is_what_is_asked_of_the_images_beyond_what_was_intended(value):
    facts = parse({"category": "radiotherapy_verification", "additional_images": value}, NOW.date())
    assert facts.stated["additional_images"] == 2


def test_a_dose_pasted_with_the_spaces_of_a_web_page_is_that_dose_and_no_age(ward):
    ward.tell("check Patient had 25&nbsp;mSv from CT chest instead of CT head today, England")
    assert known(ward)["total_dose"] == "25 mSv"
    assert "age_years" not in known(ward)


@pytest.mark.parametrize(
    "words",
    ["MPE says 30 mSv", "physicist says 30 mSv", "the MPE calculated 30 mSv", "it came to 30 mSv",
     "MPE: 30 mSv", "MPE now says 30 mSv", "she got 30 mSv", "30 mSv received", "30 mSv in all",
     "report says 30 mSv",
     "not as planned, MPE says 30 mSv", "more than planned, MPE says 30 mSv", "I should say she got 30 mSv"],
)  # fmt: skip
def test_somebodys_figure_is_not_what_was_intended_until_that_is_said(ward, words):
    until(ward, CHEST, "intended_dose", total_dose="40 mSv")
    ward.tell(words)
    assert asked(ward) == "intended_dose"
    assert "intended_dose" not in known(ward)


@pytest.mark.parametrize(
    "words", ["1 mSv", "it was 1 mSv", "MPE says 1 mSv was intended", "intended 1 mSv", "planned dose 1 mSv"]
)
def test_what_is_said_to_be_intended_is_taken(ward, words):
    until(ward, CHEST, "intended_dose", total_dose="40 mSv")
    ward.tell(words)
    assert known(ward)["intended_dose"] == "1 mSv"


def test_somebodys_figure_of_an_activity_is_not_the_prescribed_one_until_that_is_said(ward):
    until(ward, "check radioiodine given to the wrong patient, 50 year old, England", "prescribed_activity",
          category="nuclear medicine therapy")  # fmt: skip
    assert "is that what was intended, and not what was given?" in ward.tell("physicist says 3700 MBq")
    assert "prescribed_activity" not in known(ward)


@pytest.mark.parametrize(
    "words",
    ["the total was 5 mSv and 2 mSv was intended", "total 5 mSv & 2 mSv intended",
     "total of 5 mSv, 2 mSv was planned", "2 mSv was intended and the total was 5 mSv"],
)  # fmt: skip
def test_both_doses_in_one_line_are_both_taken(ward, words):
    until(ward, CHEST, "total_dose")
    ward.tell(words)
    assert (known(ward)["total_dose"], known(ward)["intended_dose"]) == ("5 mSv", "2 mSv")


@pytest.mark.parametrize(
    "words",
    [
        "600 MBq prescribed, 660 MBq given",
        "prescribed 600 MBq and gave 660 MBq",
        "660 MBq given, 600 MBq prescribed",
    ],
)
@pytest.mark.parametrize("name", ["prescribed_activity", "delivered_activity"])
def test_both_activities_in_one_line_are_both_taken(ward, words, name):
    until(
        ward,
        "check thyroid I-131 therapy, wrong activity given, 50F, England",
        name,
        prescribed_activity="600 MBq",
    )
    ward.tell(words)
    assert (known(ward)["prescribed_activity"], known(ward)["delivered_activity"]) == ("600 MBq", "660 MBq")


@pytest.mark.parametrize(
    "words",
    ["4 mSv and CT 3 mSv", "4 mSv + 3 mSv", "4 mSv from the CT and 3 mSv from the films", "4 mSv then 3 mSv",
     "total 4 mSv plus 3 mSv intended"],
)  # fmt: skip
def test_of_several_doses_beside_the_question_it_is_asked_which_is_meant(ward, words):
    until(ward, CHEST, "total_dose")
    shown = ward.tell(words)
    assert asked(ward) == "total_dose"
    assert "total_dose" not in known(ward)
    assert "which is it?" in shown


@pytest.mark.parametrize(
    "words",
    ["4 mGy from the first CT", "12 mGy head CT", "20 mGy CTDI for the head CT", "1.2 cGy CT chest"],
)
def test_a_value_in_another_unit_is_refused_at_the_dose_and_takes_nothing_away(ward, words):
    until(ward, CHEST, "total_dose")
    before = known(ward)
    shown = ward.tell(words)
    assert asked(ward) == "total_dose"
    assert known(ward) == before
    assert "Nothing of what you wrote was taken" in shown or "Not used: " in shown


@pytest.mark.parametrize(("words", "age"), [("55F", 55), ("fifty five", 55), ("she's 55", 55)])
def test_an_answer_in_words_to_a_question_out_of_turn_ends_it(ward, words, age):
    until(ward, CHEST, "total_dose")
    ward.tell("edit age")
    ward.tell(words)
    assert known(ward)["age_years"] == age
    assert asked(ward) == "total_dose"


@pytest.mark.parametrize(
    "words", ["total 2 mSv, intended 30 mSv", "2 mSv given, 30 mSv intended", "intended 30 mSv, total 2 mSv"]
)
def test_more_intended_than_given_is_asked_in_whichever_words(ward, words):
    until(ward, CHEST, "total_dose")
    shown = ward.tell(words)
    assert "“30 mSv”: is it so that less was given in all than was intended?" in shown
    assert (asked(ward), "intended_dose" in known(ward)) == ("intended_dose", False)
    ward.tell("yes")
    assert (known(ward)["intended_dose"], known(ward)["total_dose"]) == ("30 mSv", "2 mSv")


@pytest.mark.parametrize("words", ["5 mS", "5m", "25 m", "5f", "5 M", "61M"])
def test_a_slip_in_a_unit_where_a_dose_is_asked_is_no_age(ward, words):
    until(ward, CHEST, "total_dose")
    shown = ward.tell(words)
    assert (asked(ward), known(ward)["age_years"]) == ("total_dose", 55)
    assert "write" in shown


def test_an_age_is_put_right_where_a_dose_is_asked_if_it_is_called_one(ward):
    until(ward, CHEST, "total_dose")
    ward.tell("sorry, aged 56")
    assert known(ward)["age_years"] == 56


@pytest.mark.parametrize("words", ["2.5 mSv and there were 2 patients", "2.5 mSv each, 2 patients"])
def test_what_speaks_against_an_answer_is_asked_beside_a_dose_that_may_not_be_all(ward, words):
    until(ward, CHEST, "total_dose")
    assert known(ward)["individuals_exposed"] == 1
    assert "“2”: were all of them exposed in error?" in ward.tell(words)
    assert asked(ward) == "individuals_exposed"
    ward.tell("yes")
    assert known(ward)["individuals_exposed"] == 2
    assert "total_dose" not in known(ward)


def test_a_ratio_below_one_is_asked_and_a_yes_takes_it(ward):
    until(ward, CHEST, "dose_ratio", total_dose="40 mSv", intended_dose="don't know")
    shown = ward.tell("0.5")
    assert "“0.5”: is it so that less was given in all than was intended?" in shown
    assert (asked(ward), "dose_ratio" in known(ward)) == ("dose_ratio", False)
    ward.tell("yes")
    assert known(ward)["dose_ratio"] == "0.5"


@pytest.mark.parametrize(
    "words",
    ["2 planning CTs after the first", "2 planning scans excluding the intended one",
     "2 planning scans so far", "2 planning CTs for one of them", "2 planning scans, the third was aborted"],
)  # fmt: skip
def test_a_number_of_which_more_is_said_is_asked_again(ward, words):
    until(ward, PLANNING, "planning_scans")
    ward.tell(words)
    assert "planning_scans" not in known(ward)


@pytest.mark.parametrize(
    "words",
    ["one patient, third incident this year", "1 person in this one, same fault last week", "1 of them",
     "one of them",
     "1 patient but it keeps happening", "1 patient, theme", "one patient yesterday and today another"],
)  # fmt: skip
def test_one_person_beside_what_may_be_a_theme_is_asked_again(ward, words):
    until(ward, CHEST, "total_dose")
    ward.tell("edit individuals exposed")
    ward.tell("don't know")
    ward.tell("edit individuals exposed")
    ward.tell(words)
    assert known(ward).get("individuals_exposed") != 1


@pytest.mark.parametrize("words", ["just the one patient", "only one person", "it was one patient"])
def test_one_person_in_plain_words_is_one(ward, words):
    until(ward, CHEST, "total_dose")
    ward.tell("edit individuals exposed 3")
    ward.tell("edit individuals exposed")
    ward.tell(words)
    assert known(ward)["individuals_exposed"] == 1


@pytest.mark.parametrize("words", ["0", "0 mSv", "total dose was 0 mSv", "zero"])
def test_no_dose_at_all_where_somebody_was_exposed_is_asked_and_a_yes_takes_it(ward, words):
    until(ward, CHEST, "total_dose")
    shown = ward.tell(words)
    assert "“0 mSv”: was there no dose at all?" in shown
    assert (asked(ward), "total_dose" in known(ward)) == ("total_dose", False)
    ward.tell("yes")
    assert known(ward)["total_dose"] == "0 mSv"


def test_a_dose_below_a_limit_is_no_dose_of_none(ward):
    until(ward, CHEST, "total_dose")
    ward.tell("<3 mSv")
    assert known(ward)["total_dose"] == "<3 mSv"


def test_no_dose_at_all_of_a_foetus_that_was_exposed_is_asked(ward):
    first = "check Pregnant woman had CT pelvis, pregnancy unknown, 28F, England, wrong patient, 5 mSv"
    until(ward, first, "foetal_dose", flags="1", unintended_foetal_exposure="yes")
    assert "“0 mGy”: was there no dose at all?" in ward.tell("0")
    assert "foetal_dose" not in known(ward)
