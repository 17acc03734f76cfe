"""A new incident never meets an old check: what is gone on with is chosen, and both survive the choice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.messages import Command, Place, Pressed, Said, Submitted, User
from tests.core.cases.ward import BUTTONS, NOTIFY, NOW, UNDECIDED, T, Ward
from tests.core.check.asked import told
from tests.core.either_way import typed_and_pressed  # noqa: F401 - the ward
from tests.core.players import CARDS, DIALOGS, CorePlayer

OLD = "check the wrong patient had a chest x-ray"
NEW = "a planning scan was repeated twice after a set-up error"
ASKED = "Another check is unfinished"


def pick(ward, label):
    if ward.face.buttons:
        return ward.press(label)
    line = next(line for line in ward.shown.splitlines() if label in line)
    return ward.tell(line.split(".")[0].strip())


def accounts(ward):
    """What the unfinished checks were begun with, those not read yet among them."""
    drafts = ward.store.drafts(T)
    return sorted(one.state["details"].get("account") or one.state["waiting"] for one in drafts)


@pytest.mark.parametrize("words", [f"check {NEW}", NEW], ids=["with the word", "without it"])
@pytest.mark.parametrize("which", ["Go on with it", "Begin with the new words"])
def test_words_that_bring_an_incident_lead_to_a_choice_and_both_survive_it(ward, words, which):
    ward.tell(OLD)
    ward.tell("quit")
    assert ASKED in ward.tell(words)
    assert "“the wrong patient had a chest x-ray”, from Tue 24 November 2026 at 09:30" in ward.shown
    shown = pick(ward, which)
    assert ("What this check holds" in shown) == (which == "Go on with it")
    assert accounts(ward) == [NEW, "the wrong patient had a chest x-ray"]


def test_the_old_one_can_be_looked_at_and_discarded_only_then(ward):
    ward.tell(OLD)
    ward.tell("quit")
    assert "Discard" not in ward.tell(f"check {NEW}")
    shown = pick(ward, "Look at the old one")
    assert "Account: the wrong patient had a chest x-ray" in shown
    pick(ward, "Discard the old one")
    assert accounts(ward) == [NEW]
    assert "draft discarded" in [entry.what for entry in ward.store.audit(T)]


def test_the_same_words_again_are_the_same_check(ward):
    ward.tell(OLD)
    ward.tell("quit")
    assert "What this check holds" in ward.tell(OLD)
    assert len(ward.store.drafts(T)) == 1


def test_what_is_no_option_is_asked_again_and_takes_nothing(ward):
    ward.tell(OLD)
    ward.tell("quit")
    ward.tell(f"check {NEW}")
    for words in ("9", "perhaps", ""):
        assert ASKED in ward.tell(words)
        assert "Nothing of what you wrote was taken" not in ward.shown
    for words in ("the total dose was 5 mSv", "sorry, 50 years old", "it was a boy"):
        assert ASKED in ward.tell(words)
        assert "Nothing of what you wrote was taken" in ward.shown
    assert accounts(ward) == [NEW, "the wrong patient had a chest x-ray"]


def test_an_old_choice_that_is_pressed_once_more_loses_nothing(tmp_path):
    ward = Ward(tmp_path / "a.sqlite", BUTTONS)
    ward.tell(OLD)
    ward.tell("quit")
    ward.tell(f"check {NEW}")
    old = ward.button("Begin with the new words")
    ward.press("Go on with it")
    ward.ask(Pressed(old.action, old.value))
    assert accounts(ward) == [NEW, "the wrong patient had a chest x-ray"]
    ward.ask(Pressed(old.action, old.value))
    assert accounts(ward) == [NEW, "the wrong patient had a chest x-ray"]
    ward.store.close()


def test_a_check_that_is_taken_up_again_shows_everything_it_holds_before_a_verdict(ward):
    told(ward, f"{OLD}, DLP 850 mGycm, 34 years old", {"exposure": "No, none at all"})
    if "Is this right?" in ward.shown:
        ward.tell("yes")
    assert "DO NOT NOTIFY" in ward.shown
    ward.now += timedelta(days=2)
    ward.tell("check")
    shown = pick(ward, "Go on with it")
    held, _, verdict = shown.partition("DO NOT NOTIFY")
    assert "What this check holds" in held
    assert "Total dose: 2 mSv (Radiographer A, Tue 24 November 2026 at 09:30)" in held
    assert "read from “34 years old”" in held
    assert "Account: the wrong patient had a chest x-ray" in held
    assert verdict


@pytest.mark.parametrize("command", ["cases", "due", "threshold 4.2b", "help", "settings"])
def test_an_unfinished_check_stands_in_the_way_of_no_command(ward, command):
    ward.tell(OLD)
    ward.now += timedelta(days=1)
    assert ASKED not in ward.tell(command)


def test_an_estimate_for_one_case_never_lands_on_another(ward):
    first, second = ward.case(UNDECIDED), ward.case(NOTIFY)
    second = next(case.ref for case in ward.store.cases(T) if case.ref != first)
    ward.say(f"redecide {first} total dose 30 mSv")
    ward.say(f"redecide {second} total dose 50 mSv")
    doses = {one.state["case"]: one.state["facts"]["total_dose"] for one in ward.store.drafts(T)}
    assert doses == {first: "30 mSv", second: "50 mSv"}


def test_every_step_of_a_decision_anew_names_its_case(ward):
    ref = ward.case(UNDECIDED)
    shown = ward.say(f"redecide {ref}")
    for _ in range(12):
        assert ref in shown
        if "Keep" in shown:
            break
        shown = ward.tell("don't know")


@pytest.mark.parametrize("face", [DIALOGS, CARDS], ids=["dialogs", "cards"])
def test_a_form_asks_too_and_a_shortcut_does(tmp_path, face):
    player = CorePlayer(face, tmp_path / "a.sqlite", NOW, "england")
    player.do(Command(OLD))
    player.do(Command(f"check {NEW}"))
    assert player.form.name == "check.choice"
    assert NEW in str(player.form.blocks)
    (asked,) = player.form.inputs
    player.submit(next=next(one.value for one in asked.options if one.label.startswith("Look")))
    assert "the wrong patient had a chest x-ray" in str(player.form.blocks)
    player.submit(next="new")
    assert player.form.name == "check"
    assert len(player.store.drafts(player.tenant)) == 2
    player.store.close()


def test_in_a_thread_the_check_is_everybodys_and_its_choice_too(tmp_path):
    player = CorePlayer(DIALOGS, tmp_path / "a.sqlite", NOW, "england")
    player.place, player.user = Place("c1", thread="th1"), User("u1", "Radiographer", "member")
    player.do(Said(OLD, mentioned=True))
    player.user = User("u2", "Physicist", "member")
    player.do(Said("check", mentioned=True))
    assert ASKED in player.card.title
    player.press("Go on with it")
    assert "Was any exposure" in player.card.title
    player.store.close()


def test_a_choice_that_is_over_is_told_so(tmp_path):
    player = CorePlayer(DIALOGS, tmp_path / "a.sqlite", NOW, "england")
    player.do(Command(OLD))
    player.do(Command("check"))
    form = player.form
    player.submit(next=form.inputs[0].options[0].value)
    replies = player.do(Submitted(form.name, form.key, {"next": "new"}))
    assert "This check is over" in str(replies)
    player.store.close()


# Nothing settled is thrown away by one word


def test_discarding_what_is_to_be_notified_asks_once_more_and_the_trail_keeps_who_did(ward):
    told(ward, "check", {"total_dose": "60 mSv", "discovered_on": "yesterday"})
    assert "NOTIFY — code" in ward.shown
    shown = ward.press("Discard") if ward.face.buttons else ward.tell("no")
    assert "NOTIFY — code 2.2. Discard it all the same?" in shown
    back = ward.press("Back to the verdict") if ward.face.buttons else ward.tell("no")
    assert "NOTIFY — code" in back
    ward.press("Discard") if ward.face.buttons else ward.tell("no")
    ward.press("Discard it all the same") if ward.face.buttons else ward.tell("yes")
    assert "Discarded" in ward.shown
    assert ward.store.drafts(T) == ()
    (entry,) = (one for one in ward.store.audit(T) if one.what == "draft discarded")
    assert entry.by.id == "U1"
    assert "60 mSv" not in str(entry)


def test_a_settled_no_is_discarded_by_one_word(ward):
    told(ward, "check")
    ward.press("Discard") if ward.face.buttons else ward.tell("no")
    assert "Discarded" in ward.shown
    assert ward.store.drafts(T) == ()


def test_what_is_asked_once_more_says_of_which_check_where_there_are_several(ward):
    ward.tell(OLD)
    assert "This is about" not in ward.tell("help")
    ward.tell("quit")
    ward.tell(f"check {NEW}")
    pick(ward, "Begin with the new words")
    asked = "This is about “a planning scan was repeated twice after a set-up error”, from Tue 24 November"
    for beside in ("help", "due", "threshold 4.2b"):
        assert asked in ward.tell(beside)
