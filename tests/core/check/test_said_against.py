"""What was said against a verdict that nobody need be told is asked before it, on every way of a check."""

import re
from pathlib import Path

import pytest

from bot.core import reader
from bot.core.check.check import Check
from bot.core.check.form import to_show
from bot.core.check.interview import next_of
from bot.core.check.said_against import against_a_no
from bot.core.check.stating import state
from bot.core.draft import Draft, Source
from bot.core.messages import Command
from bot.interview_line import step
from bot.schemas import InterviewLine
from rules.facts import FACTS, Kind
from tests.core.cases.ward import NOW, T
from tests.core.check.asked import told
from tests.core.either_way import typed_and_pressed  # noqa: F401 - the ward
from tests.core.players import CARDS, DIALOGS, CorePlayer

WHERE, WAS_ANY = FACTS["nation"].ask, FACTS["exposure"].ask
GIVEN = "wrong patient had a pelvis x-ray 0.3 mSv, he was due nothing. 55M"
NEAR_MISS = "check near miss: CXR on wrong child, 5 yo; she was x-rayed 0.01 mSv"


@pytest.fixture
def english(ward):
    ward.say("settings nation england")
    return ward


@pytest.mark.parametrize("place", ["In Cardiff: ", "At our Swansea hospital "])
def test_a_nation_that_is_not_the_settings_is_asked_before_any_verdict(english, place):
    english.tell(f"check {place}{GIVEN}")
    assert english.cards[-1].title == WHERE
    shown = told(english, "Wales", {"exposure": "No, none at all", "discovered_on": "today"})
    assert "NOTIFY — code 1" in shown
    assert "DO NOT" not in shown


def test_words_that_come_later_ask_for_the_nation_too(english):
    english.tell(f"check {GIVEN}")
    english.tell("he was a Welsh patient")
    assert english.cards[-1].title == WHERE


def test_without_an_answer_the_settings_nation_is_not_taken(english):
    english.tell(f"check In Cardiff: {GIVEN}")
    assert "UNDECIDED" in english.tell("that is all I know")


def test_words_of_the_nation_that_is_set_ask_nothing(english):
    english.tell(f"check English patient: {GIVEN}")
    assert english.cards[-1].title != WHERE


@pytest.mark.parametrize("face", [DIALOGS, CARDS], ids=["dialogs", "cards"])
def test_a_form_does_not_fill_in_a_nation_that_the_words_speak_against(tmp_path, face):
    player = CorePlayer(face, tmp_path / "a.sqlite", NOW, "england")
    player.do(Command(f"check In Cardiff: {GIVEN}"))
    (nation,) = (one for one in player.form.inputs if one.name == "nation")
    assert (nation.value, "not in the nation of the settings" in nation.hint) == ("", True)
    player.store.close()


def test_the_interview_asks_for_the_nation_first():
    line = {"text": f"In Cardiff: {GIVEN}", "nation": "england"}
    first = step(InterviewLine(**line), NOW)
    assert first["ask"]["facts"] == ["nation"]
    assert first["ask"]["options"][0]["value"] == "wales"
    assert "nation" not in first["facts"]
    answered = step(InterviewLine(**line, answers={"nation": "england"}), NOW)
    assert answered["facts"]["nation"] == "england"
    assert answered["ask"]["facts"] != ["nation"]


@pytest.mark.parametrize("words", [NEAR_MISS, "check Near miss? one field of 0.5 Gy, missed the target"])
def test_a_near_miss_beside_words_of_an_exposure_is_asked_once_more(english, words):
    english.tell(words)
    assert "DO NOT" not in english.tell("Nobody was exposed: it was caught in time")
    assert english.cards[-1].title == WAS_ANY
    assert re.search(r"What was written of the .+ does not go with nobody being exposed", english.shown)
    assert "DO NOT NOTIFY" in english.tell("Nobody was exposed: it was caught in time")
    assert not re.search(r"never answered:.*(?:Total dose|Geographical miss):", english.shown)


def test_whoever_does_not_know_then_gets_no_verdict_that_nobody_need_be_told(english):
    for said in (NEAR_MISS, "Nobody was exposed: it was caught in time", "don't know"):
        english.tell(said)
    assert "DO NOT NOTIFY" not in told(english, "none", {"exposure": "don't know"})


@pytest.mark.parametrize("face", [DIALOGS, CARDS], ids=["dialogs", "cards"])
def test_a_form_asks_it_once_more_too(tmp_path, face):
    player = CorePlayer(face, tmp_path / "a.sqlite", NOW, "england")
    player.do(Command(NEAR_MISS))
    for _ in range(2):
        assert player.form.name == "check"
        player.submit(**{one.name: one.value for one in player.form.inputs} | {"exposure": "near_miss"})
    assert "DO NOT NOTIFY" in str(player.form or player.card)
    player.store.close()


def test_the_interview_asks_what_speaks_against_a_near_miss():
    text = NEAR_MISS.removeprefix("check ")
    line = InterviewLine(text=text, nation="england", answers={"exposure": "near_miss"})
    shown = step(line, NOW)
    assert (shown["ask"]["facts"], shown["verdict"]) == (["total_dose"], None)


def test_whoever_knows_no_more_is_asked_what_would_undo_a_no_all_the_same():
    facts = {"nation": "england", "exposure": "near_miss", "category": "diagnostic"}
    draft = Draft("d1", NOW.isoformat(), facts=facts, enough=True, doubts={"exposed_person": "Was it staff?"})
    check = Check(draft, NOW.date())
    assert next_of(check).names == ("exposed_person",)
    assert to_show(check, live=False) == ("exposed_person",)


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("check Fault found at acceptance, two patients had been done on the new CT", ["no"]),
        ("check Fault found before commissioning of the new CT, patient got 3 mSv", ["no"]),
        ("check Fault found before commissioning of the new CT, two patients exposed", []),
    ],
)
def test_equipment_that_was_not_in_use_beside_somebody_exposed_is_asked_of_whom(english, words, answers):
    for said in (words, *answers):
        english.tell(said)
    assert english.cards[-1].title == FACTS["exposed_person"].ask
    assert "in clinical use yet, and the words speak of somebody who was exposed" in english.shown
    assert "Equipment in clinical use no longer fits" in english.tell("a patient")


@pytest.mark.parametrize("face", [DIALOGS, CARDS], ids=["dialogs", "cards"])
def test_a_form_asks_of_whom_beside_the_equipment_and_comes_to_an_end(tmp_path, face):
    player = CorePlayer(face, tmp_path / "a.sqlite", NOW, "england")
    player.do(Command("check Fault at acceptance, two patients had been done on the new CT"))
    while player.form and player.form.name == "check":
        shown = {one.name: one.value for one in player.form.inputs}
        used = {"equipment_in_clinical_use": "false"} if "equipment_in_clinical_use" in shown else {}
        player.submit(**shown | used)
    assert {"exposed_person", "equipment_in_clinical_use"} <= shown.keys()
    assert shown["exposed_person"] == ""
    assert "NOT FOR IR(ME)R" in str(player.form or player.card)
    player.store.close()


def test_equipment_that_exposed_nobody_asks_of_nobody(english):
    english.tell("check Fault found before commissioning of the new CT; phantom only")
    assert "NOT FOR IR(ME)R" in english.tell("yes")


def test_no_question_beside_a_yes_or_no_is_put_the_other_way_round():
    rules = Path(reader.__file__).with_name("rules.txt").read_text(encoding="utf-8")
    rows = rules.replace("\n    ", " ").splitlines()
    asked = [row.split("??") for row in rows if "??" in row and not row.startswith("#")]
    flags = {name for name, fact in FACTS.items() if fact.kind is Kind.FLAG}
    lines = {why.rpartition(":")[2] for row, why in asked if row.split()[0] in flags}
    assert len(lines) > 10
    assert not [line for line in lines if re.search(r"\b(?:no|not|certain|all)\b", line.split(",")[0])]


def test_a_doubt_is_put_in_words_of_the_question(english):
    english.tell("check Fault found before commissioning of the new CT, patient got 3 mSv")
    assert "Equipment in clinical use is false" in english.shown
    assert "_" not in english.shown


CLEANER = "check Cleaner walked in during mammogram of a 52F; her images were repeated because she moved"


def test_a_workers_verdict_says_that_the_patient_has_a_check_of_their_own(english):
    english.tell(CLEANER)
    shown = english.tell("A member of staff")
    assert "NOT FOR IR(ME)R" in shown
    assert "judged under IR(ME)R: make a check of its own" in shown
    assert "Others exposed:" not in shown


def test_of_a_patient_the_others_stay(english):
    english.tell(CLEANER)
    english.tell("A patient")
    (draft,) = english.store.drafts(T)
    assert draft.state["facts"]["others_exposed"] == ["worker"]


@pytest.mark.parametrize(
    "words",
    [
        "check CT head of the wrong patient, man of 50, total dose 60 mSv",
        "check kV imaging: 15 images planned and 9 extra taken over the course of treatment",
        "check planned 60 Gy in 30 fractions, delivered 66 Gy",
    ],
)
def test_an_exposure_that_was_read_is_asked_before_a_near_miss_takes_it_out(english, words):
    asked = []
    english.tell(words)
    for _ in range(9):
        asked.append(english.cards[-1].title)
        if asked[-1] not in (WAS_ANY, FACTS["category"].ask, "Which of these apply?"):
            break
        english.tell({WAS_ANY: "Nobody was exposed: it was caught in time"}.get(asked[-1], "none"))
    assert asked.count(WAS_ANY) == 2


def test_what_was_read_and_gives_way_to_an_answer_is_asked_where_it_decides():
    facts = {"nation": "england", "category": "diagnostic", "intended_dose": "0.2 mSv", "total_dose": "3 mSv"}
    read = {name: Source("u1", how="read", words=str(value)) for name, value in facts.items()}
    check = Check(Draft("d1", NOW.isoformat(), facts=facts, sources=read), NOW.date())
    answered = state(check, {"exposure": "near_miss"}, source=Source("u1"))
    assert answered.verdict.outcome == "do_not_notify"
    assert answered.draft.doubts["total_dose"] == "“3 mSv”: does that hold?"
    assert against_a_no(answered) == ("total_dose",)
