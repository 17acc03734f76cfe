"""Typed answers: forgiving about the form, strict about the sense."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cards import Option
from bot.core.check.answers import dont_know, flag_label, read_answer, read_flags, said_of_person
from bot.core.check.interview import refuse_half_said
from bot.core.refused import Refused
from rules.deadlines import UK
from rules.facts import FACTS, FLAGS

NOW = datetime(2026, 11, 5, 10, 30, tzinfo=UK)


@pytest.mark.parametrize(
    ("name", "typed", "stated"),
    [
        ("nation", "1", ("nation", "england")),
        ("nation", "2.", ("nation", "wales")),
        ("nation", " Scotland ", ("nation", "scotland")),
        ("nation", "NI", ("nation", "northern_ireland")),
        ("nation", "northern", ("nation", "northern_ireland")),
        ("exposure", "yes", ("exposure", "unintended")),
        ("exposure", "y", ("exposure", "unintended")),
        ("exposure", "No", ("exposure", "accidental")),
        ("exposure", "near miss", ("exposure", "near_miss")),
        ("exposure", "nobody was exposed", ("exposure", "near_miss")),
        ("exposure", "caught in time", ("exposure", "near_miss")),
        ("exposure", "as intended", ("exposure", "as_intended")),
        ("deterministic_effect", "transient", ("deterministic_effect", "transient_erythema")),
        ("category", "nuclear medicine therapy", ("category", "nuclear_medicine_therapy")),
        ("category", "mammography", ("category", "diagnostic")),
        ("category", "cardiology", ("category", "interventional")),
        ("category", "planning scan", ("category", "radiotherapy_planning")),
        ("category", "nuclear_medicine_therapy", ("category", "nuclear_medicine_therapy")),
        ("set_up_error", "Y", ("set_up_error", True)),
        ("set_up_error", "2", ("set_up_error", False)),
        ("age_years", "adult", ("age_group", "adult")),
        ("age_years", "Child", ("age_group", "child")),
        ("age_years", "9", ("age_years", "9")),
        ("total_dose", " 10-12 mSv ", ("total_dose", "10-12 mSv")),
        ("discovered_on", "yesterday", ("discovered_on", "2026-11-04")),
        ("geographical_miss", "no", ("geographical_miss", "none")),
    ],
)
def test_an_answer_is_understood_as_people_type_it(name, typed, stated):
    assert read_answer(name, typed, NOW) == stated


@pytest.mark.parametrize(
    ("name", "typed", "wanted"),
    [
        ("nation", "5", "from 1 to 4"),
        ("nation", "0", "from 1 to 4"),
        ("nation", "engaland", "did you mean “England”"),
        ("nation", "not england", "number from 1 to 4"),
        ("category", "ct", "type the number"),
        ("category", "radiotherapy therapy scan", "number from 1 to 7"),
        ("exposure", "not intended", "number from 1 to 4"),
        *(
            ("exposure", words, "number from 1 to 4")
            for words in (
                "exposed",
                "was exposed",
                "it was",
                "right",
                "correct",
                "side",
                "wrong side",
                "dose",
            )
        ),
        *(
            ("exposure", words, "number from 1 to 4")
            for words in ("something else", "request", "right person", "once", "intended", "doubt")
        ),
        ("deterministic_effect", "erythema", "number from 1 to 3"),
        ("deterministic_effect", "only", "number from 1 to 3"),
        ("category", "therapy", "number from 1 to 7"),
        ("category", "radiology", "number from 1 to 7"),
        ("category", "images", "number from 1 to 7"),
        ("exposure", "not unintended", "number from 1 to 4"),
        ("deterministic_effect", "none?", "reads like a question"),
        ("category", "PET CT planning?", "reads like a question"),
        ("set_up_error", "perhaps", "yes, no or don't know"),
        ("discovered_on", "the other day", "which day was that"),
        ("discovered_on", "2026-02-30", "no such day"),
    ],
)
def test_what_is_not_understood_is_refused_with_what_is_wanted(name, typed, wanted):
    with pytest.raises(Refused, match=wanted):
        read_answer(name, typed, NOW)


@pytest.mark.parametrize(
    "typed", ["don't know", "dont know", "I don’t know yet", "?", "not known", "unsure", "DK"]
)
def test_not_knowing_is_an_answer(typed):
    assert dont_know(typed)


def flags(names):
    return [Option(name, flag_label(name)) for name in names]


ASKED = ("unintended_foetal_exposure", "individuals_exposed", "clinically_significant")


@pytest.mark.parametrize(
    ("typed", "applies", "rest_known"),
    [
        ("none", set(), True),
        ("No", set(), True),
        ("none of these", set(), True),
        ("?", set(), False),
        ("1", {"unintended_foetal_exposure"}, None),
        ("1, 3", {"unintended_foetal_exposure", "clinically_significant"}, None),
        ("1 3", {"unintended_foetal_exposure", "clinically_significant"}, None),
        ("pregnant", {"unintended_foetal_exposure"}, None),
        ("foetus and theme", {"unintended_foetal_exposure", "individuals_exposed"}, None),
        ("1, 3 only", {"unintended_foetal_exposure", "clinically_significant"}, True),
        ("only 1, 3", {"unintended_foetal_exposure", "clinically_significant"}, True),
        ("nope", set(), True),
        ("all no", set(), True),
        ("nil", set(), True),
        ("3 (so the MPE says)", {"clinically_significant"}, None),
        ("1 no, 2 no, 3 yes", {"clinically_significant"}, True),
        ("1: no 2: no 3: no", set(), True),
        ("just 1 and 3.", {"unintended_foetal_exposure", "clinically_significant"}, True),
        ("1, none of the others", {"unintended_foetal_exposure"}, True),
        ("2, the rest no", {"individuals_exposed"}, True),
        ("1, no others", {"unintended_foetal_exposure"}, True),
        ("2, don't know", {"individuals_exposed"}, False),
    ],
)
def test_flags_are_ticked_by_number_or_word_and_the_rest_known_or_not(typed, applies, rest_known):
    assert read_flags(typed, flags(ASKED)) == (frozenset(applies), rest_known)


@pytest.mark.parametrize(
    "typed",
    [
        "yes",
        "4",
        "not pregnant",
        "something",
        "",
        "1, 9",
        "just one",
        "one person",
        "1, only one patient",
        "only pregnant",
        "just 1",
        "only 3",
        "3 (not sure)",
        "1 no, 3 yes",
        "1 no, 1 yes, 2 no, 3 no",
    ],
)
def test_flags_that_are_not_clear_are_refused(typed):
    with pytest.raises(Refused, match=r"none|number"):
        read_flags(typed, flags(ASKED))


def test_one_flag_alone_takes_a_yes():
    assert read_flags("yes", flags(("clinically_significant",))) == ({"clinically_significant"}, True)


@pytest.mark.parametrize(
    ("typed", "person"), [("male", "male"), ("boy", "male"), ("young child", "young_child"), ("female", "")]
)
def test_what_the_person_is_said_to_be_is_heard_only_where_it_rules_out_a_pregnancy(typed, person):
    assert said_of_person(typed) == person


def one_line(function, *args):
    """The result, or the refusal where it is one line, as it must be."""
    try:
        return function(*args)
    except Refused as refused:
        return None if "\n" not in str(refused) else pytest.fail(str(refused))


@given(st.text(max_size=200), st.sampled_from(sorted(FACTS)))
def test_no_text_is_answered_with_anything_but_a_value_or_one_line(text, name):
    found = one_line(read_answer, name, text, NOW)
    assert found is None or found[0] in FACTS


@given(st.text(max_size=200))
def test_no_text_on_flags_does_anything_but_tick_or_refuse(text):
    found = one_line(read_flags, text, flags(FLAGS))
    assert found is None or found[0] <= set(FLAGS)


@pytest.mark.parametrize(
    "name", ["target_dose_ratio", "organ_dose_ratio", "fraction_dose_ratio", "activity_ratio"]
)
@pytest.mark.parametrize(
    "text", ["95", "120", "5%", "12 %", "<5%", "less than 20%", "5-10%", "90-110", "under 95"]
)
def test_a_number_without_its_percent_and_a_percentage_of_too_much_are_asked_again(name, text):
    with pytest.raises(Refused):
        refuse_half_said(name, text)


@pytest.mark.parametrize(
    "text", ["1.05", "95%", "0.05", "110 %", "40%", "2", "<1.1", "0.9-1.1", "95-105%", "under 110%"]
)
def test_a_ratio_is_taken_as_it_is_written(text):
    refuse_half_said("target_dose_ratio", text)
    assert read_answer("target_dose_ratio", text, NOW) == ("target_dose_ratio", text)


@pytest.mark.parametrize("text", ["50%", "100%", "20 %", "<50%", "less than 100%", "50-80%"])
def test_a_percentage_of_a_dose_that_may_be_so_much_more_is_asked_again(text):
    with pytest.raises(Refused, match="so much more is 150%"):
        refuse_half_said("dose_ratio", text)


@pytest.mark.parametrize("text", ["150%", "1.5", "0.5", "200 %", "2"])
def test_a_ratio_of_doses_is_taken_as_it_is_written(text):
    refuse_half_said("dose_ratio", text)
    assert read_answer("dose_ratio", text, NOW) == ("dose_ratio", text)


def test_a_total_may_be_a_hundred_times_the_intended_dose():
    refuse_half_said("dose_ratio", "100")
    assert read_answer("dose_ratio", "100", NOW) == ("dose_ratio", "100")
