"""A verdict that nobody need be told rests on what a person answered or agreed to, never on words that were
read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.core.messages import Command, Place, Pressed, Said
from storage.model import Person
from tests.core.cases.ward import ANA, BEN, BUTTONS, NOT, NOW, T, Ward
from tests.core.check.asked import told
from tests.core.either_way import typed_and_pressed  # noqa: F401 - the ward
from tests.core.players import CARDS, DIALOGS, CorePlayer

READ = "check CT head, 34 years old, England, total dose 2 mSv, intended 1 mSv"
A_CHILD = "check CT head of a 9 year old"
BY_ACCIDENT = {"exposure": "No, none at all", "total_dose": "0.5 mSv"}
RIGHT = "Is this right?"
THREAD = Place("c1", thread="th1")


@pytest.fixture
def typed(tmp_path):
    made = Ward(tmp_path / "a.sqlite")
    yield made
    made.store.close()


def sources(ward):
    (kept,) = ward.store.drafts(T)
    return kept.state["sources"]


def test_what_was_only_read_is_agreed_to_in_one_message_with_its_words_before_a_no_is_shown(ward):
    shown = told(ward, READ)
    assert RIGHT in shown
    assert "DO NOT NOTIFY" not in shown
    assert re.search(r"“[^”]*2 mSv” → Total dose: 2 mSv", shown)
    assert "→ Exposure" not in shown  # which was answered
    assert "DO NOT NOTIFY" in ward.tell("yes")


def test_beside_what_was_read_stands_all_that_was_written(ward):
    """What takes back the one may stand in the other."""
    odd = " and the ward clerk had her doubts about it all along"
    assert f"It was written: “{READ.removeprefix('check ')}{odd}”" in told(ward, READ + odd)


def test_the_record_says_who_agreed_to_what(ward):
    told(ward, READ, place=THREAD)
    ward.ask(Said("yes", mentioned=True), BEN, place=THREAD)
    agreed = {name: given["agreed"]["id"] for name, given in sources(ward).items() if given["agreed"]}
    assert agreed == dict.fromkeys(agreed, BEN.id)
    assert {"total_dose", "category"} <= agreed.keys()
    assert "exposure" not in agreed


def test_the_record_that_is_kept_shows_who_agreed_and_from_which_words(typed):
    told(typed, READ)
    for said in ("yes", "yes", "done"):
        typed.tell(said)
    shown = typed.say("case 2026-0001")
    assert re.search(r"read from “[^”]*2 mSv”\), [^;]*; agreed to by Radiographer A, Tue 24 November", shown)


def test_a_fact_is_changed_by_its_number_in_the_message_and_asked_alone(ward):
    shown = told(ward, READ)
    if ward.face.buttons:
        shown = ward.press("Change: total dose")
    else:
        number = re.search(r"(\d)\. “[^”]*2 mSv” → Total", shown)
        assert number
        shown = ward.tell(number[1])
    assert "What effective dose did the whole incident give" in shown
    assert "So far: 2 mSv" in shown
    ward.tell("60 mSv")
    assert RIGHT not in ward.shown
    assert sources(ward)["total_dose"]["how"] == "answered"


def test_a_verdict_of_which_somebody_is_told_waits_for_no_agreement(ward):
    shown = told(ward, READ.replace("2 mSv", "60 mSv"))
    assert RIGHT not in shown
    assert "NOTIFY" in shown


def test_whoever_answers_everything_is_asked_to_agree_to_nothing(ward):
    assert "DO NOT NOTIFY" in told(ward, "check")


def test_what_is_assumed_of_a_young_child_is_agreed_to_with_what_it_follows_from(ward):
    shown = told(
        ward, "check CT head of a 9 year old", {"exposure": "No, none at all", "total_dose": "0.5 mSv"}
    )
    assert "a child of 9" in shown
    assert "→ Unintended foetal exposure: No" in shown
    shown = ward.tell("yes")
    assert "DO NOT NOTIFY" in shown
    assert sources(ward)["unintended_foetal_exposure"]["agreed"]["id"] == ANA.id


def test_an_answer_answers_its_question_and_whatever_else_its_words_give_is_read(ward):
    ward.tell("check")
    ward.tell("it was a mammography, she is 34 years old")
    given = sources(ward)
    assert given["category"]["how"] == "answered"
    assert given["age_years"]["how"] == "read"


def test_one_shot_stops_where_it_has_to_be_agreed(typed):
    words = f"{READ}, one patient only, not pregnant, not clinically significant, of her own request"
    assert "DO NOT NOTIFY" not in typed.say(words)


@pytest.mark.parametrize("face", [DIALOGS, CARDS], ids=["dialogs", "cards"])
def test_a_form_s_field_filled_from_words_shows_them_and_sent_off_it_is_answered(tmp_path, face):
    player = CorePlayer(face, tmp_path / "a.sqlite", NOW, "england")
    player.do(Command(READ))
    hints = {one.name: one.hint for one in player.form.inputs}
    assert re.match(r"Read from “[^”]*2 mSv”: is it right\?", hints["total_dose"])
    while player.form and player.form.name == "check":
        given = {one.name: one.value for one in player.form.inputs}
        said = {"exposure": "unintended", "flags": "none"}
        player.submit(**given | {name: value for name, value in said.items() if name in given})
    assert "DO NOT NOTIFY" in str(player.form or player.card)
    player.store.close()


def test_what_is_carried_over_from_where_nobody_vouched_for_it_is_agreed_to(typed):
    number = typed.record(NOT)
    bare = replace(typed.store.record(T, number).assessment, sources={})
    typed.store.correct(T, number, bare, why="brought in", expected=1, by=Person("U1"), now=typed.now)
    shown = typed.say(f"correct {number}")
    assert "the source it was brought in from → Total dose: 4 mSv" in shown
    assert "DO NOT NOTIFY" in typed.tell("yes")


def test_a_card_that_is_older_than_the_check_agrees_to_nothing(tmp_path):
    ward = Ward(tmp_path / "a.sqlite", BUTTONS)
    told(ward, READ)
    old = ward.button("Yes, all of it")
    ward.press("Change: total dose")
    ward.tell("3 mSv")
    assert RIGHT in ward.shown
    ward.ask(Pressed(old.action, old.value))
    assert "More was said since: this is how it stands now" in ward.shown
    assert "DO NOT NOTIFY" not in ward.shown
    ward.store.close()


def test_what_was_said_and_not_used_is_named_beside_what_was_understood_and_above_what_keeps_a_no(ward):
    words = f"{READ}, Hb was 92 g/L before the second pass"
    ward.tell(words)
    unused = re.search(r"Not used: .+", ward.shown)
    assert unused
    shown = told(ward, "edit total dose")
    assert unused[0] in (ward.tell("yes") if RIGHT in shown else shown)


def test_a_bare_number_changes_nothing_but_what_is_asked(typed):
    typed.tell("check CT head of the wrong patient, man of 50, total dose 60 mSv")
    answers = {"How old": "50", "apply": "none", "intended": "none at all", "UK": "england"}
    while "first know" not in typed.cards[-1].title:
        typed.tell(next(words for part, words in answers.items() if part in typed.cards[-1].title))
    for number in ("4", "17"):
        assert "Not clear as a day" in typed.tell(number)
        assert "first know" in typed.cards[-1].title
    for words in ("yesterday", "england", "none"):
        if "NOTIFY" not in typed.shown:
            typed.tell(words)
    assert "17 of what? Type yes to keep it" in typed.tell("17")
    (kept,) = typed.store.drafts(T)
    assert kept.state["facts"]["age_years"] == 50


def test_what_was_read_and_gives_way_to_an_answer_is_named_above_what_keeps_a_no(typed):
    typed.tell("check CT head of the wrong patient, man of 50, total dose 2 mSv")
    while "DO NOT NOTIFY" not in typed.shown:
        typed.tell("Nobody was exposed" if "intended?" in typed.cards[-1].title else "none")
    for _ in range(2):
        assert "Not used: “2 mSv”" in typed.shown
        typed.tell("hm")


def test_a_change_of_what_an_assumption_rests_on_undoes_the_agreement_to_it(typed):
    told(typed, A_CHILD, BY_ACCIDENT)
    typed.tell("yes")
    shown = told(typed, "edit age years", {"age_years": "39", "flags": "?"})
    assert "DO NOT NOTIFY" not in shown
