"""The check as a form: its inputs follow the answers, and what is wrong stands beside the input."""

from datetime import datetime

import pytest

from bot.core.messages import Changed, Command, Done, Open, Pressed, Replace, Show, Submitted, User
from rules.deadlines import UK
from tests.core.players import CARDS, DIALOGS, CorePlayer

NOW = datetime(2026, 11, 5, 10, 0, tzinfo=UK)


@pytest.fixture
def face(tmp_path):
    return CorePlayer(DIALOGS, tmp_path / "a.sqlite", NOW, "england")


def names(player):
    return [one.name for one in player.form.inputs]


def inputs(player, **values):
    return {**{one.name: one.value for one in player.form.inputs}, **values}


def change(player, name, **values):
    return player.do(Changed(player.form.name, player.form.key, name, inputs(player, **values)))


def choose(player, label):
    (asked,) = player.form.inputs
    player.submit(next=next(one.value for one in asked.options if one.label.startswith(label)))


def errors(player):
    return {one.name: one.error for one in player.form.inputs if one.error}


BASICS = ["discovered_on", "exposure", "category", "age_years", "person", "nation", "exposed_person"]
FIRST = {"exposure": "unintended", "category": "diagnostic"}


def test_the_form_begins_with_what_decides_the_criteria_and_knows_the_nation(face):
    face.do(Command("check"))
    assert names(face) == [*BASICS, "enough"]
    assert inputs(face)["nation"] == "england"
    assert all(
        "don't know" in str(one.options).lower()
        for one in face.form.inputs
        if one.name in ("nation", "category")
    )


def test_the_inputs_follow_the_category(face):
    face.do(Command("check"))
    change(face, "exposure", exposure="unintended")
    change(face, "category", category="radiotherapy_planning")
    assert "planning_scans" in names(face)
    change(face, "category", category="nuclear_medicine_therapy")
    assert "planning_scans" not in names(face)
    assert {"nm_therapy", "prescribed_activity", "delivered_activity"} <= set(names(face))


def test_what_was_typed_stays_when_the_form_changes(face):
    face.do(Command("check"))
    change(face, "exposure", exposure="unintended")
    change(face, "category", category="diagnostic", age_years="forty")
    change(face, "person", person="male", total_dose="2 mSv")
    assert inputs(face)["age_years"] == "forty"
    assert inputs(face)["total_dose"] == "2 mSv"


def test_pregnancy_is_not_offered_once_the_person_is_male(face):
    face.do(Command("check"))
    change(face, "exposure", exposure="unintended")
    change(face, "category", category="diagnostic")
    flags = next(one for one in face.form.inputs if one.name == "flags")
    assert "unintended_foetal_exposure" in [option.value for option in flags.options]
    change(face, "person", person="male")
    flags = next(one for one in face.form.inputs if one.name == "flags")
    assert "unintended_foetal_exposure" not in [option.value for option in flags.options]


def test_none_of_these_says_nothing_of_a_line_that_came_afterwards(face):
    face.do(Command("check"))
    change(face, "exposure", exposure="unintended")
    change(face, "category", category="diagnostic", flags="equipment_fault,none")
    change(face, "category", category="diagnostic", flags="equipment_fault,none")
    assert inputs(face)["flags"] == "equipment_fault,none"
    change(face, "category", category="nuclear_medicine", total_dose="7 mSv", intended_dose="3 mSv")
    assert inputs(face)["flags"] == "equipment_fault"
    assert "tick there again" in str(face.form.blocks)
    face.submit(**inputs(face, age_years="63"))
    (draft,) = face.store.drafts(face.tenant)
    assert draft.state["facts"]["equipment_fault"] is True
    assert "wrong_radiopharmaceutical" not in draft.state["facts"]


def test_what_is_wrong_stands_beside_its_input_and_nothing_is_taken(face):
    face.do(Command("check"))
    face.submit(**inputs(face, **FIRST, age_years="many", discovered_on="2026-11-06"))
    assert set(errors(face)) == {"age_years", "discovered_on"}
    assert "future" in errors(face)["discovered_on"]
    assert inputs(face)["age_years"] == "many"
    (draft,) = face.store.drafts(face.tenant)
    assert set(draft.state["facts"]) == {"nation"}


FLAGS = ("unintended_foetal_exposure", "individuals_exposed", "clinically_significant")


@pytest.mark.parametrize(
    ("ticked", "said"),
    [
        ("", {}),
        ("none", {FLAGS[0]: False, FLAGS[1]: 1, FLAGS[2]: False}),
        ("none,individuals_exposed", {FLAGS[0]: False, FLAGS[1]: ">=2", FLAGS[2]: False}),
        ("individuals_exposed", {FLAGS[1]: ">=2"}),
    ],
)
def test_ticks_left_empty_are_not_known_unless_none_of_the_others_is_ticked(face, ticked, said):
    face.do(Command("check"))
    face.submit(**inputs(face, **FIRST))
    assert "flags" in names(face)
    face.submit(**inputs(face, total_dose="1 mSv", intended_dose="1 mSv", flags=ticked))
    (draft,) = face.store.drafts(face.tenant)
    assert {name: draft.state["facts"][name] for name in FLAGS if name in draft.state["facts"]} == said
    assert {*FLAGS} - said.keys() == {*FLAGS} & {*draft.state["skipped"]}


def test_all_ticks_left_empty_leave_it_undecided(face):
    face.do(Command("check"))
    face.submit(**inputs(face, **FIRST))
    face.submit(**inputs(face, total_dose="1 mSv", intended_dose="1 mSv"))
    assert face.form.name == "check.verdict"
    assert "UNDECIDED" in str(face.form.blocks)


def test_a_contradiction_is_said_at_each_input_that_it_is_about(face):
    face.do(Command("check"))
    face.submit(**inputs(face, exposure="unintended", category="diagnostic"))
    face.submit(**inputs(face, total_dose="2 mSv", intended_dose="0 mSv", flags="none"))
    assert "intended_dose" in errors(face)


def test_the_verdict_takes_the_place_of_the_form_and_can_be_changed_discarded_or_kept(face):
    face.do(Command("check"))
    face.submit(**inputs(face, exposure="accidental", category="diagnostic", discovered_on="2026-11-04"))
    face.submit(**inputs(face, total_dose="5 mSv", flags="none"))
    assert face.form.name == "check.verdict"
    labels = {button.label for button in face.form.buttons}
    assert labels == {"Record only", "Show reasons", "Change an answer", "Discard"}
    before = str(face.form.blocks)
    face.press("Show reasons")  # in the dialog's own place
    assert face.form.name == "check.verdict"
    assert "Criteria met" in str(face.form.blocks)
    assert "Criteria met" not in before
    assert "Show reasons" not in {button.label for button in face.form.buttons}
    face.press("Change an answer")
    assert inputs(face)["total_dose"] == "5 mSv"
    face.submit(**inputs(face, total_dose="0.5 mSv"))
    assert "DO NOT NOTIFY" in str(face.form.blocks)
    replies = face.submit()
    assert isinstance(replies[0], Done)
    assert face.store.record(face.tenant, "2026-0001").outcome == "do_not_notify"


def test_a_patients_number_in_a_form_is_refused_without_being_shown_again(face):
    face.do(Command("check"))
    face.submit(**inputs(face, exposure="near_miss", category="diagnostic", discovered_on="2026-11-04"))
    face.submit()
    face.press("Add details")
    face.submit(**inputs(face, account="NHS 999 000 0018 was called", equipment="CT 2"))
    assert "NHS, CHI or H&C" in errors(face)["account"]
    assert "999 000 0018" not in str(face.form)
    assert inputs(face)["equipment"] == "CT 2"


def test_the_same_delivery_twice_keeps_one_record(face):
    face.do(Command("check"))
    face.submit(**inputs(face, exposure="near_miss", category="diagnostic", discovered_on="2026-11-04"))
    from bot.core.messages import Request

    form = face.form
    what = Submitted(form.name, form.key, inputs(face))
    request = Request(face.tenant, face.user, face.place, NOW, what, delivery="d1")
    (_, first), again = face.bot.handle(request, DIALOGS), face.bot.handle(request, DIALOGS)
    assert first.card.title == "Kept as record 2026-0001"
    assert len(face.store.records(face.tenant)) == 1
    assert any(isinstance(reply, Show) for reply in again)


def test_a_form_of_a_check_that_is_over_changes_nothing(face):
    face.do(Command("check"))
    old = face.form
    face.submit(**inputs(face, exposure="near_miss", category="diagnostic"))
    face.press("Discard")
    replies = face.do(Submitted(old.name, old.key, {"exposure": "accidental"}))
    assert isinstance(replies[0], Done)
    assert "over" in replies[1].card.title
    assert face.store.drafts(face.tenant) == ()


def test_nobody_can_send_off_somebody_elses_form(face):
    face.do(Command("check"))
    mine = face.form
    face.user = User("u2", "Somebody else", "member")
    replies = face.do(Submitted(mine.name, mine.key, inputs(face, **FIRST)))
    assert "over" in replies[1].card.title


def test_an_unfinished_check_is_taken_up_in_the_form_and_can_be_begun_afresh(face):
    face.do(Command("check"))
    change(face, "exposure", exposure="accidental")
    face.restart()
    face.do(Command("check"))
    assert "from Thu 5 November 2026 at 10:00" in str(face.form.blocks)
    choose(face, "Go on with it")
    assert inputs(face)["exposure"] == "accidental"
    face.do(Command("check"))
    choose(face, "Begin a new check")
    assert inputs(face)["exposure"] == ""
    assert len(face.store.drafts(face.tenant)) == 2


def test_what_was_written_while_a_check_was_unfinished_fills_the_one_begun_afresh(face):
    face.do(Command("check"))
    change(face, "exposure", exposure="accidental")
    shown = face.do(Command("check NHS 999 000 0018: wrong pt had CT head, 9 year old boy"))
    assert "A patient's number was taken out" in str(shown)
    choose(face, "Go on with it")
    assert (inputs(face)["age_years"], inputs(face)["exposure"]) == ("", "accidental")
    face.do(Command("check"))
    assert "2 other checks are unfinished" in str(face.form.blocks)
    choose(face, "Go on with “")
    assert inputs(face)["age_years"] == "9"
    assert "999 000 0018" not in str(face.store.drafts(face.tenant))


def test_what_was_written_fills_the_form_and_its_doubts_are_shown(face):
    face.do(Command("check wrong pt had CT head yesterday, about 2 mSv, 9 year old boy"))
    assert inputs(face)["category"] == "diagnostic"
    assert inputs(face)["age_years"] == "9"
    assert inputs(face)["person"] == "male"
    assert "Wrong patient" in next(one.hint for one in face.form.inputs if one.name == "exposure")


def test_cards_in_steps_take_at_most_four(tmp_path):
    player = CorePlayer(CARDS, tmp_path / "b.sqlite", NOW, "england")
    player.do(Command("check"))
    steps = [
        {**FIRST},
        {"flags": "unintended_foetal_exposure", "total_dose": "8 mSv"},
        {"foetal_dose": "1 mGy"},
    ]
    for step in steps:
        replies = player.submit(**inputs(player, **{k: v for k, v in step.items() if k in names(player)}))
    assert isinstance(replies[-1], Open | Replace)
    while player.form:
        steps.append({})
        flags = {"flags": "none"} if "flags" in names(player) else {}
        player.submit(**inputs(player, **flags))
    assert len(steps) <= 4
    assert player.card.buttons


def test_a_button_nobody_knows_and_one_of_an_old_check_are_answered(face):
    assert "no longer in use" in face.do(Pressed("nope", "x"))[0].card.title
    assert "over" in face.do(Pressed("check.keep", "d9"))[-1].card.title


@pytest.mark.parametrize(
    ("sent", "stated", "skipped"), [("true", True, False), ("false", False, False), ("", None, True)]
)
def test_what_is_taken_for_granted_is_answered_by_the_form_that_doubts_it(face, sent, stated, skipped):
    face.do(Command("check CT head done twice on the new scanner before it was handed over"))
    face.submit(**inputs(face, **FIRST, age_years="63"))
    while "equipment_in_clinical_use" not in names(face):
        face.submit(**inputs(face))
    assert inputs(face)["equipment_in_clinical_use"] == ""
    face.submit(**inputs(face, equipment_in_clinical_use=sent))
    # Beside the question who was exposed then it stands with its answer.
    assert not face.form or inputs(face).get("equipment_in_clinical_use", sent) == sent
    (draft,) = face.store.drafts(face.tenant)
    assert draft.state["facts"].get("equipment_in_clinical_use") is stated
    assert ("equipment_in_clinical_use" in draft.state["skipped"]) is skipped


@pytest.mark.parametrize("age", ["30", "adult"])
def test_a_young_child_who_is_grown_is_asked_again_which_it_is(face, age):
    face.do(Command("check"))
    change(face, "exposure", exposure="unintended")
    change(face, "category", category="diagnostic")
    face.submit(**inputs(face, age_years=age, person="young_child"))
    assert "the age says otherwise" in str(errors(face))
    face.submit(**inputs(face, age_years="3", person="young_child"))
    assert "the age says otherwise" not in str(errors(face))


def test_beside_a_dose_that_cannot_be_it_is_asked_which_exposure_it_was(face):
    face.do(Command("check"))
    face.submit(**inputs(face, exposure="unintended", category="diagnostic"))
    draft, mark, _ = face.form.key.split(":", 2)
    face.do(Submitted("check", f"{draft}:{mark}:total_dose+intended_dose", {"intended_dose": "0"}))
    assert "if nothing was intended, it is accidental" in errors(face)["intended_dose"]
    face.submit(**inputs(face, exposure="accidental", intended_dose=""))
    assert errors(face) == {}


def test_what_an_answer_does_not_go_with_is_asked_beside_it(face):
    """A form that asked for the one alone came again and again, and could not be answered."""
    face.do(Command("check"))
    face.submit(**inputs(face, exposure="as_intended", category="radiotherapy_verification"))
    draft, mark, _ = face.form.key.split(":", 2)
    face.do(Submitted("check", f"{draft}:{mark}:additional_images", {"additional_images": "9"}))
    assert {"exposure", "additional_images"} <= errors(face).keys()
    assert inputs(face)["additional_images"] == "9"
    face.submit(**inputs(face, exposure="unintended"))
    assert errors(face) == {}


def test_more_intended_than_given_is_asked_beside_its_input_and_sending_it_again_takes_it(face):
    face.do(Command("check CT abdomen with the wrong protocol, more was given than planned, 30 year old man"))
    face.submit(**{**inputs(face), **FIRST})
    given = {"total_dose": "2 mSv", "intended_dose": "25 mSv", "flags": "none"}
    face.submit(**inputs(face, **given))
    asked = "“25 mSv”: is it so that less was given in all than was intended?"
    assert errors(face) == {"intended_dose": asked}
    assert "intended_dose" not in face.store.drafts("t1")[0].state["facts"]
    face.submit(**inputs(face))
    assert face.store.drafts("t1")[0].state["facts"]["intended_dose"] == "25 mSv"


def test_two_doses_for_one_another_are_put_right_in_the_form(face):
    face.do(Command("check CT abdomen with the wrong protocol, more was given than planned, 30 year old man"))
    face.submit(**{**inputs(face), **FIRST})
    face.submit(**inputs(face, total_dose="2 mSv", intended_dose="25 mSv", flags="none"))
    face.submit(**inputs(face, total_dose="25 mSv", intended_dose="2 mSv"))
    assert not errors(face)
    facts = face.store.drafts("t1")[0].state["facts"]
    assert (facts["intended_dose"], facts["total_dose"]) == ("2 mSv", "25 mSv")
