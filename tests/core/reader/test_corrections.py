"""Corrections in words change the fact that is meant, and ask where that could be two."""

import pytest

from bot.core.reader import correct
from tests.core.reader.corpus import NOW

ONE = {"total_dose": "2 mSv", "category": "diagnostic", "occurred_on": "2026-05-11"}
MORE = {**ONE, "intended_dose": "0.5 mSv", "discovered_on": "2026-05-14", "age_years": 9}


@pytest.mark.parametrize(
    ("previous", "text", "facts"),
    [
        (ONE, "no, 12 mSv", {"total_dose": "12 mSv"}),
        (ONE, "10 to 12 mSv", {"total_dose": "10-12 mSv"}),
        (MORE, "12 mSv not 2 mSv", {"total_dose": "12 mSv"}),
        (MORE, "not 2 mSv but 12 mSv", {"total_dose": "12 mSv"}),
        (MORE, "1 mSv, not 0.5", {"intended_dose": "1 mSv"}),
        (MORE, "the intended dose was 1 mSv", {"intended_dose": "1 mSv"}),
        (ONE, "it was yesterday", {"occurred_on": "2026-05-13"}),
        (ONE, "Tuesday, not Monday", {"occurred_on": "2026-05-12"}),
        (MORE, "Tuesday, not Monday", {"occurred_on": "2026-05-12"}),
        (MORE, "discovered yesterday, not today", {"discovered_on": "2026-05-13"}),
        ({"age_years": 9}, "actually 17", {"age_years": 17}),
        (MORE, "no, she's 17 years old", {"age_years": 17}),
        (MORE, "17, not 9", {"age_years": 17}),
        (MORE, "sorry meant 3.2 not 2", {"total_dose": "3.2 mSv"}),
        (MORE, "not 0.5 but 0.3", {"intended_dose": "0.3 mSv"}),
        (MORE, "actually she was 15", {"age_years": 15}),
        ({"equipment_fault": True}, "no equipment fault", {"equipment_fault": False}),
        ({"prescribed_activity": "400 MBq"}, "it was 600 MBq", {"prescribed_activity": "600 MBq"}),
        (ONE, "it happened in Wales", {"nation": "wales"}),
    ],
)
def test_a_correction_changes_the_fact_that_is_meant(previous, text, facts):
    found = correct(previous, text, NOW)
    assert (found.facts, found.is_incident) == (facts, True)


@pytest.mark.parametrize(
    ("previous", "text", "asked"),
    [
        (MORE, "no, 12 mSv", {"total_dose": ["12 mSv"], "intended_dose": ["12 mSv"]}),
        (MORE, "it was yesterday", {"discovered_on": ["2026-05-13"], "occurred_on": ["2026-05-13"]}),
        (ONE, "about 12 mSv", {"total_dose": ["12 mSv"]}),
        (ONE, "no, 12", {"total_dose": ["12 mSv"]}),
        (ONE, "1,200 mSv", {"total_dose": []}),
        ({"planning_scans": 2, "age_years": 40}, "no, 3", {"planning_scans": [3], "age_years": [3]}),
    ],
)
def test_what_could_be_meant_of_two_facts_or_is_no_value_is_asked(previous, text, asked):
    found = correct(previous, text, NOW)
    assert found.facts == {}
    assert {name: found.candidates[name] for name in found.to_confirm} == asked


def test_a_question_about_something_else_does_not_keep_a_bare_number_from_its_fact():
    assert correct(MORE, "sorry, meant 3.2 not 2", NOW, asked="exposure").facts == {"total_dose": "3.2 mSv"}
    assert correct(ONE, "no, 12", NOW, asked="exposure").candidates == {"total_dose": ["12 mSv"]}


def test_the_fact_asked_about_last_gets_the_bare_value():
    assert correct(MORE, "12 mSv", NOW, asked="intended_dose").facts == {"intended_dose": "12 mSv"}
    assert correct(MORE, "yesterday", NOW, asked="occurred_on").facts == {"occurred_on": "2026-05-13"}
    counts = {"planning_scans": 2, "age_years": 40}
    assert correct(counts, "3", NOW, asked="planning_scans").facts["planning_scans"] == 3


@pytest.mark.parametrize(
    ("previous", "text", "withdrawn"),
    [
        ({"foetal_dose": "10 mGy", "unintended_foetal_exposure": True}, "not pregnant", ["foetal_dose"]),
        ({"age_years": 9}, "adult, not a child", ["age_years"]),
        ({"age_group": "child"}, "she is 34 years old", ["age_group"]),
        (
            {"planning_scans": 3, "category": "radiotherapy_planning"},
            "it was the cath lab",
            ["planning_scans"],
        ),
        (MORE, "forget the dose", ["total_dose", "intended_dose"]),
    ],
)
def test_what_cannot_stand_beside_the_correction_is_withdrawn(previous, text, withdrawn):
    assert correct(previous, text, NOW).withdrawn == withdrawn


@pytest.mark.parametrize("text", ["ok thanks", "no", "👍", "", "hmm not sure"])
def test_what_corrects_nothing_says_so(text):
    found = correct(MORE, text, NOW)
    assert (found.facts, found.to_confirm, found.withdrawn, found.is_incident) == ({}, [], [], False)


def test_a_patients_number_in_a_correction_is_masked():
    found = correct(ONE, "no, 12 mSv, NHS 999 123 4560", NOW)
    assert found.facts == {"total_dose": "12 mSv"}
    assert "4560" not in repr(found)


@pytest.mark.parametrize("more", ["so far", "x 2", "twice", "per scan", "doubled", "and counting", "skin"])
def test_an_amount_with_an_open_end_corrects_nothing_for_certain(more):
    found = correct(ONE, f"sorry, 19 mSv {more}", NOW)
    assert "total_dose" not in found.facts
    assert "total_dose" in found.to_confirm


def test_a_dose_beside_an_intended_one_alone_may_be_the_total():
    found = correct({"intended_dose": "2 mSv"}, "the MPE says 30 mSv", NOW)
    assert (found.facts, set(found.to_confirm)) == ({}, {"total_dose", "intended_dose"})


def test_a_bare_number_after_a_ratio_was_asked_for_is_asked_without_a_unit():
    found = correct({"target_dose_ratio": "1.2"}, "sorry, 1.05", NOW, asked="organ_dose_ratio")
    assert found.candidates["organ_dose_ratio"] == ["1.05"]
    assert found.doubts["organ_dose_ratio"] == "is that the ratio?"
