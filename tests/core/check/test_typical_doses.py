"""Typical doses stand beside the question about a dose, for plain examinations of adults only, and go no
further."""

from datetime import date, datetime

import pytest

from bot.core.check.check import Check
from bot.core.check.typical_doses import DOSES, TYPICAL, hint
from bot.core.draft import Draft
from bot.core.messages import Capabilities, Command, Place, Said
from rules.deadlines import UK
from rules.facts import FACTS
from tests.core.players import DIALOGS, CorePlayer

NOW = datetime(2026, 11, 5, 10, 0, tzinfo=UK)
TODAY = date(2026, 11, 5)
TYPED = Capabilities(dialogs=False, private_answers=True, hears_everything=True, buttons=False, name="x")
OF_CT_HEAD = "Typical for an adult: CT head 2 mSv (a hint, not this person's dose)"


@pytest.fixture
def typed(tmp_path):
    player = CorePlayer(TYPED, tmp_path / "a.sqlite", NOW, "england")
    player.place = Place("d1", personal=True)
    return player


def told(player, text):
    """What the next questions about doses say, each answered with not knowing."""
    shown = str(player.do(Said(f"check {text}")))
    for _ in range(12):
        (draft,) = player.store.drafts(player.tenant)
        if draft.state["stage"] != "asking":
            break
        shown += str(player.do(Said("don't know")))
    return shown


def line(name, account="", **known):
    details = {n: known.pop(n) for n in ("examination_intended", "examination_performed") if n in known}
    draft = Draft("d", NOW.isoformat(), facts=known, details={"account": account, **details})
    return hint(name, Check(draft, TODAY))


@pytest.mark.parametrize(
    "text",
    [
        "unintended exposure, wrong patient had CT head, adult",
        "unintended exposure, 45 year old, CT head repeated",
        "unintended exposure, adult, head CT done on the wrong day",
    ],
)
def test_the_question_about_a_dose_of_an_adult_says_what_is_typical(typed, text):
    assert OF_CT_HEAD in told(typed, text)


@pytest.mark.parametrize(
    "text",
    [
        "unintended exposure, wrong patient had CT head, 9 year old",
        "unintended exposure, wrong patient had CT head, 17 year old",
        "unintended exposure, wrong patient had CT head",
        "unintended exposure, adult had CT head, later found to be pregnant",
        "unintended exposure, adult had CT head, ?pregnant",
        "unintended exposure, adult had CT head, neck and chest",
        "unintended exposure, adult had CT chest and abdomen",
        "unintended exposure, adult had CT abdomen",
        "unintended exposure, adult, cath lab procedure repeated after a chest x-ray",
        "unintended exposure, adult, linac, wrong plan, had a CT head before",
        "unintended exposure, adult, PET CT head",
    ],
)
def test_no_typical_dose_for_children_pregnancy_therapy_or_what_is_not_plain(typed, text):
    assert "Typical" not in told(typed, text)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("CXR", "chest X-ray 0.02"), ("chest x-ray", "chest X-ray 0.02"), ("hip xr", "hip X-ray 0.3"),
        ("abdominal x-ray", "abdomen X-ray 0.7"), ("pelvis x-ray", "pelvis X-ray 0.7"),
        ("CT head", "CT head 2"),
        ("CT of the chest", "CT chest 8"), ("CT abdomen and pelvis", "CT abdomen and pelvis 10"),
        ("CT abdo/pelvis", "CT abdomen and pelvis 10"),
    ],
)  # fmt: skip
def test_the_examinations_of_the_table_are_known_by_their_usual_names(words, name):
    said = line(
        "total_dose", f"had {words}", examination_performed=words, category="diagnostic", age_years=40
    )
    assert f": {name} mSv (" in said


def test_a_bone_scan_is_the_only_one_of_nuclear_medicine():
    assert "bone scan 4 mSv" in line(
        "total_dose", "adult bone scan", category="nuclear_medicine", age_years=40
    )
    assert line("total_dose", "adult chest x-ray", category="nuclear_medicine", age_years=40) == ""


def test_the_intended_dose_has_the_hint_of_what_was_intended():
    known = {"category": "diagnostic", "age_group": "adult", "examination_intended": "chest x-ray",
             "examination_performed": "CT head"}  # fmt: skip
    account = "had CT head instead of chest x-ray"
    assert "chest X-ray 0.02" in line("intended_dose", account, **known)
    assert "CT head 2" in line("total_dose", account, **known)


def test_only_questions_about_a_dose_have_it():
    known = {"category": "diagnostic", "age_years": 40}
    assert {name for name in FACTS if line(name, "CT head", **known)} == DOSES


def test_a_form_has_it_beside_the_input(tmp_path):
    player = CorePlayer(DIALOGS, tmp_path / "a.sqlite", NOW, "england")
    player.do(Command("check unintended exposure, CT head of an adult repeated"))
    player.submit(**{one.name: one.value for one in player.form.inputs}, flags="none")
    hints = {one.name: one.hint for one in player.form.inputs}
    assert OF_CT_HEAD in hints["total_dose"]
    assert all("Typical" not in text for name, text in hints.items() if name not in DOSES)
    assert {one.name: one.value for one in player.form.inputs}["total_dose"] == ""


def test_no_typical_dose_is_stored_or_decides(typed, tmp_path):
    shown = told(typed, "unintended exposure, wrong patient had CT head, adult, discovered yesterday")
    assert OF_CT_HEAD in shown
    (draft,) = typed.store.drafts(typed.tenant)
    assert not DOSES & draft.state["facts"].keys()
    assert "UNDECIDED" in shown
    typed.do(Said("yes"))
    (record,) = typed.store.records(typed.tenant)
    assert not DOSES & record.assessment.facts.keys()
    assert "total_dose" in record.assessment.verdict["missing"]
    typed.store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Typical" not in kept
    assert all(f"{one.dose} mSv".encode() not in kept for one in TYPICAL if one.dose != "2")
