"""What a reading holds beside its facts: what is asked and why, what is masked and warned of."""

import time
from datetime import datetime

import pytest

from bot.core.reader import correct, read, settling
from bot.core.reader.page import READ_AT_MOST
from rules.facts import DETAILS, FACTS
from rules.parsing import parse
from tests.core.reader.corpus import NOW, reading, rows

# A test number in ways that people write one.
NUMBERS = ("999 123 4560", "9991234560", "999-123-4560")


def test_the_example_of_a_night_shift_holds_its_six_facts():
    found = read("Wrong pt had CT head yesterday 2pm, about 2 mSv, 9 yr old", NOW)
    assert found.facts == {
        "category": "diagnostic",
        "age_years": 9,
        "occurred_on": "2026-05-13T14:00",
        "modality": "ct",
        "examination_performed": "CT head",
    }
    assert found.to_confirm == ["exposure", "total_dose"]
    assert found.candidates == {"exposure": ["accidental", "unintended"], "total_dose": ["2 mSv"]}
    assert found.doubts["total_dose"] == "“about 2 mSv” is not a limit: is it between two values?"
    assert found.phrases["occurred_on"] == "yesterday 2pm"


def test_every_reading_of_the_corpus_is_one_that_the_rules_accept():
    for row in rows():
        facts = {name: value for name, value in reading(row.text).facts.items() if name in {*FACTS, *DETAILS}}
        stated = parse(facts, NOW.date()).stated
        dates = {"occurred_on", "discovered_on"}
        assert {n: v for n, v in stated.items() if n not in dates} == {
            n: v for n, v in facts.items() if n not in dates
        }
        assert all(str(stated[name]).startswith(str(facts[name])) for name in dates & facts.keys())


@pytest.mark.parametrize("number", NUMBERS)
def test_a_patients_number_is_masked_before_anything_is_read(number):
    found = read(f"pt {number} given wrong CT, 5 mSv received, aged 44", NOW)
    digits = number.replace(" ", "").replace("-", "")
    everything = repr(found).replace(" ", "").replace("-", "")
    assert digits not in everything
    assert "[number removed]" in found.masked
    assert (found.facts["total_dose"], found.facts["age_years"]) == ("5 mSv", 44)


def test_a_date_of_birth_and_a_postcode_are_no_facts():
    found = read("patient DOB 03/04/2012, SW1A 1AA, wrong CT, 5 mSv received", NOW)
    assert found.masked == "patient DOB 03/04/2012, SW1A 1AA, wrong CT, 5 mSv received"
    assert "age_years" not in found.facts
    assert "occurred_on" not in found.facts


def test_a_number_in_full_width_digits_is_read_and_a_dash_of_any_kind_is_a_dash():
    assert read("wrong CT, total １２ mSv", NOW).facts["total_dose"] == "12 mSv"
    assert read("wrong CT, total 10 – 12 mSv", NOW).facts["total_dose"] == "10-12 mSv"
    assert read("wrong CT, total\u00a012\u00a0mSv", NOW).facts["total_dose"] == "12 mSv"


@pytest.mark.parametrize(
    ("text", "fact", "doubt"),
    [
        ("bone scan, 1,200 MBq given", "delivered_activity", "could be two numbers"),
        ("on the 25th the wrong patient had CT", "occurred_on", "the day of which month?"),
        ("extra 3 mSv from a repeat CT", "total_dose", "on top of what was intended is not the total"),
        ("angioplasty, erythema since", "deterministic_effect", "is it transient erythema"),
        ("CT, patient was pregnent", "unintended_foetal_exposure", "did you mean “pregnant”?"),
        ("wrong patient CT, 3 MSv", "total_dose", "MSv is probably not meant"),
    ],
)  # fmt: skip
def test_what_is_uncertain_says_why(text, fact, doubt):
    found = read(text, NOW)
    assert fact in found.to_confirm
    assert doubt in found.doubts[fact]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("CT of a patient who was not due any scan", ["accidental"]),
        ("accidental CT", ["accidental"]),
        ("acidental CT", ["accidental"]),
        ("MRI was meant and a CT done", ["accidental"]),
        ("CT of the wrong patient, caught before the exposure", ["near_miss"]),
    ],
)
def test_what_makes_an_exposure_none_that_was_intended_is_not_put_as_a_question_for_yes(text, offered):
    """“Was any exposure of this person intended?” stands beside it, and yes means the opposite there."""
    found = read(text, NOW)
    assert found.candidates["exposure"] == offered
    assert found.doubts["exposure"].endswith(": which was it?")


@pytest.mark.parametrize(
    ("typed", "fact"),
    [
        ("wrong radiopharmacuetical given", "wrong_radiopharmaceutical"),
        ("CT pelvis, wrong day, pt was pregant", "unintended_foetal_exposure"),
        ("mamogram on the wrong patient", "category"),
        ("nuclear medcine scan on the wrong patient", "category"),
    ],
)
def test_a_typing_error_is_a_suggestion_and_never_a_fact(typed, fact):
    found = read(typed, NOW)
    assert fact in found.to_confirm
    assert fact not in found.facts


def test_a_town_against_the_settings_is_asked_and_the_setting_is_no_fact():
    text = "wrong patient had CT in Cardiff"
    assert read(text, NOW).facts["nation"] == "wales"
    assert read(text, NOW, "wales").facts["nation"] == "wales"
    assert "nation" in read(text, NOW, "england").to_confirm
    assert read("wrong patient had CT in Wales", NOW, "england").facts["nation"] == "wales"
    assert "nation" not in read("wrong patient had CT", NOW, "england").facts


def test_the_sex_is_told_where_the_text_says_it():
    assert read("CT head repeated, 34F", NOW).sex == "female"
    assert read("CT head repeated, man of 40", NOW).sex == "male"
    assert read("CT head repeated", NOW).sex == ""


def test_contradictions_within_a_text_are_asked():
    found = read("CT, wrong patient. England. It was in Wales. Total dose 5 mSv, total dose 7 mSv.", NOW)
    assert found.candidates["nation"] == ["england", "wales"]
    assert found.candidates["total_dose"] == ["5 mSv", "7 mSv"]
    found = read("CT happened on 12 May, discovered on 11 May, wrong patient", NOW)
    assert {"occurred_on", "discovered_on"} <= set(found.to_confirm)


def test_of_an_endless_text_the_beginning_and_the_end_are_read_and_all_of_it_is_masked():
    filler = "x " * READ_AT_MOST
    text = f"CT head on the wrong patient. {filler}aged 44, in Wales. {filler}Total 5 mSv. 999 123 4560"
    found = read(text, NOW)
    assert (found.facts["category"], found.facts["total_dose"]) == ("diagnostic", "5 mSv")
    assert not {"age_years", "nation"} & found.facts.keys()
    assert found.masked.endswith("[number removed]")
    assert any("were read" in warning for warning in found.warnings)


def test_no_number_is_cut_in_two_where_the_middle_is_left_out():
    for shift in range(12):
        text = "CT head, wrong patient. " + "x" * (2960 + shift) + " total 125 mSv " + "y " * 3000
        assert read(text, NOW).facts.get("total_dose") in (None, "125 mSv")


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "(",
        "not ",
        "3/4/26 ",
        "CT ",
        "☢️🏥",
        "\u200b",
        "שלום ",
        "1.",
        "mSv",
        "?",
        "\n",
    ],
)
def test_hostile_text_is_read_without_complaint(piece):
    found = read((piece * 40_000)[:40_000], NOW)
    assert len(found.masked) > 0
    assert not found.facts.keys() & {"total_dose", "intended_dose", "age_years"}


@pytest.mark.parametrize("piece", [" ", "\n", "not ", "not 3 mSv, ", "1 ", "-- ", "no, "])
def test_a_longer_text_takes_longer_in_proportion(piece):
    """By the processor's clock, and as a ratio: what grows with the square takes 16 times as long."""
    for took_in in (lambda text: read(text, NOW), lambda text: correct({"total_dose": "2 mSv"}, text, NOW)):
        short, long = (least(took_in, (piece * size)[:size]) for size in (10_000, 40_000))
        assert long < 10 * short + 0.01


def least(took_in, text):
    times = []
    for _ in range(3):
        begun = time.process_time()
        took_in(text)
        times.append(time.process_time() - begun)
    return min(times)


def test_the_time_must_have_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        read("CT", datetime(2026, 5, 14, 10, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "wrong patient had the CT meant for the man in the next bed",
        "CT repeated, the radiographer says he did not check",
        "40M had CT, his wife was pregnant and in the room",
        "two patients swapped, a man and a woman, CT head",
        "male radiographer repeated the CT",
        "CT abdo wrong protocol, 30M?",
        "CT abdo wrong protocol, ?30M",
        "CT abdo wrong protocol, 30M, transgender",
        "CT abdo wrong protocol, 30 yo trans man",
        "CT abdo wrong protocol, 30, M ward",
    ],
)
def test_nobody_is_taken_for_male_by_a_word_about_somebody_else(text):
    assert read(text, NOW).sex == ""


def test_every_value_comes_with_the_words_that_it_was_taken_from():
    found = read("CT, wrong patient. Total dose 5 mSv, total dose 7 mSv. 44F", NOW)
    said = {(one.fact, one.value): (one.words, one.sure) for one in found.words}
    assert said["category", "diagnostic"] == ("CT", True)
    assert said["total_dose", "5 mSv"] == ("5 mSv", False)
    assert said["total_dose", "7 mSv"] == ("7 mSv", False)
    assert said["age_years", 44] == ("44F", True)
    assert {(one.fact, one.value) for one in found.words if one.sure} == set(found.facts.items())


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("CT head on the wrong patient, DLP 850", "DLP 850"),
        ("wrong wrist x-rayed, 3 views", "3 views"),
        ("bone scan on both wrong patients, 150 MBq each", "150 MBq each"),
        ("radiotherapy, the setup shift was 1.5cm", "1.5cm"),
        ("samarium 37 MBq/kg given to the wrong patient", "37 MBq/kg"),
    ],
)
def test_what_was_said_and_gave_no_fact_is_named(text, phrase):
    assert any(phrase in one for one in read(text, NOW).unused)


@pytest.mark.parametrize(
    "text",
    [
        "Wrong patient had a CT head, 5 mSv total, bed 6",
        "wrong wrist x-rayed",
        "CT head repeated",
        "the rectum received 110% of the intended dose over the whole course",
    ],
)
def test_words_that_a_question_is_about_are_not_called_unused(text):
    assert read(text, NOW).unused == ()


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("wrong CT, DLP 1200 mGycm, CTDI 40, skin dose 5 Gy", "DLP 1200 mGycm, CTDI 40, skin dose 5 Gy"),
        ("RCC repeated, MGD 1.9 mGy per view", "MGD 1.9 mGy"),
        ("PCI, DAP 45 Gycm2, air kerma 4.2 Gy", "DAP 45 Gycm2, air kerma 4.2 Gy"),
        ("bone scan on the wrong patient, 600 MBq", "600 MBq"),
        ("CT on the wrong patient, 5 mSv", ""),
    ],
)
def test_the_dose_as_measured_is_kept_as_it_is_said(text, measured):
    assert read(text, NOW).measured == measured


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("CT head wrong protocol, DLP 1200 instead of DLP 600", "2"),
        ("CT head DLP 1200 mGycm vs 600 mGycm expected, 44F", "2"),
        ("DLP was 900, should have been 450, CT thorax", "2"),
        ("CT thorax, DLP 450 expected, 900 given", "2"),
        ("CT thorax, DLP 450 was expected but 900 given", "2"),
        ("CT thorax, DLP 450 planned vs 900", "2"),
        ("Barium swallow, wrong protocol, DAP 12000 mGycm2 vs expected 4000, 60M", "3"),
        ("CT thorax, wrong protocol, DLP 900 against usual 450", "2"),
        ("CT thorax, wrong protocol, DLP 900 planned 450", "2"),
        ("CT thorax, wrong protocol, DLP 900 planned DLP 450", "2"),
        ("CT thorax, wrong protocol, DLP 900, planned was 450", "2"),
        ("CT chest DLP 330 then DLP 310 on repeat, motion. 58M", "1.9394"),
        ("4DCT for planning redone, DLP 1400 + 1380", "1.9857"),
    ],
)
def test_two_doses_as_measured_give_a_ratio_that_is_asked_with_their_words(text, ratio):
    found = read(text, NOW)
    assert found.candidates["dose_ratio"] == [ratio]
    assert "dose_ratio" not in found.facts
    assert found.phrases["dose_ratio"].lower().startswith(("dlp", "dap"))


@pytest.mark.parametrize(
    "text",
    ["CT head repeated, total DLP 1200", "CT head DLP 620, CTDI 14, 66 yo", "CT, DLP 800, 2 mSv, repeated"],
)
def test_one_dose_as_measured_or_two_of_different_kinds_give_no_ratio(text):
    assert "dose_ratio" not in read(text, NOW).to_confirm


def test_the_words_of_a_no_hold_its_not():
    found = read("CT head twice, not clinically significant, no equipment fault", NOW)
    assert found.phrases["clinically_significant"] == "not clinically significant"
    assert found.phrases["equipment_fault"] == "no equipment fault"


def test_what_the_rules_accept_is_held_against_them_once(monkeypatch):
    parsed = []
    monkeypatch.setattr(settling, "parse", lambda facts, today: parsed.append(parse(facts, today)))
    read("CT head of the wrong patient yesterday, 2 mSv received, aged 44", NOW)
    assert len(parsed) == 1


@pytest.mark.parametrize(
    "text",
    ["third incident this year, CT head of the wrong patient, 45M", "3rd wrong side x-ray this month, 45M",
     "CXR of the wrong patient, 45M, part of a theme"],
)  # fmt: skip
def test_a_theme_has_it_asked_how_many_people_there_were(text):
    found = read(text, NOW)
    assert "individuals_exposed" in found.to_confirm
    assert "individuals_exposed" not in found.facts


@pytest.mark.parametrize(
    "dose",
    ["overdose of 2 mSv", "2 mSv over", "delta 2 mSv", "net 2 mSv", "collective dose 2 mSv",
     "total was meant to be 2 mSv", "2 mSv total then rescanned", "total 2 mSv, repeated after"],
)  # fmt: skip
def test_what_is_on_top_or_meant_or_not_the_last_is_no_total(dose):
    found = read(f"Man of 45 had the wrong CT protocol, {dose}", NOW)
    assert "total_dose" not in found.facts
    assert "total_dose" in found.to_confirm


@pytest.mark.parametrize(
    "dose",
    ["CT repeated, total 12 mSv", "total 12 mSv, repeat CT done", "total 12 mSv over two scans",
     "total 12 mSv, meant to be 8 mSv"],
)  # fmt: skip
def test_a_total_beside_words_of_a_repeat_is_the_total(dose):
    assert read(f"Man of 45 had the wrong CT protocol, {dose}", NOW).facts["total_dose"] == "12 mSv"
