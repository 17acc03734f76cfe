"""What stands in a form when it is sent off is what is answered: what was left empty is not known, and what
was said since it was opened is shown first."""

from __future__ import annotations

import pytest

from bot.core.messages import Changed, Command, Done, Open, Place, Pressed, Said, Show, Submitted, User
from tests.core.cases.ward import NOW
from tests.core.players import CARDS, DIALOGS, CorePlayer

ANN, BEN = User("u1", "Radiographer", "member"), User("u2", "Physicist", "member")
THREAD = Place("c1", thread="th1")


@pytest.fixture(params=[DIALOGS, CARDS], ids=["dialogs", "cards"])
def player(request, tmp_path):
    made = CorePlayer(request.param, tmp_path / "a.sqlite", NOW, "england")
    yield made
    assert made.store.verify() == []
    made.store.close()


def values(form):
    return {one.name: one.value for one in form.inputs}


def state(player):
    (draft,) = (one for one in player.store.drafts(player.tenant) if not one.state["paused"])
    return draft.state


def send(player, form, **inputs):
    return player.do(Submitted(form.name, form.key, inputs))


@pytest.mark.parametrize("absent", [True, False], ids=["comes back as nothing", "comes back empty"])
def test_what_was_shown_and_left_empty_is_asked_and_not_known_and_no_step_comes_twice(player, absent):
    player.do(Command("check"))
    seen = []
    while player.form and player.form.name == "check":
        asked = [one.name for one in player.form.inputs if one.name not in ("exposed_person", "person")]
        assert asked not in seen
        assert len(seen) < 5
        seen.append(asked)
        send(player, player.form, **({} if absent else dict.fromkeys(asked, "")))
    assert "UNDECIDED" in str(player.form or player.card)
    assert {"exposure", "category", "total_dose"} <= {*state(player)["skipped"]}


def test_an_answer_that_is_emptied_is_not_known_any_more(player):
    player.do(Command("check"))
    given = {"exposure": "accidental", "category": "diagnostic", "age_years": "34", "nation": "england"}
    send(player, player.form, **given)
    send(player, player.form, total_dose="2 mSv", flags="none")
    player.press("Change an answer")
    kept = {name: value for name, value in values(player.form).items() if name != "total_dose"}
    send(player, player.form, **kept)
    assert "total_dose" in state(player)["skipped"]
    assert "DO NOT NOTIFY" not in str(player.form or player.card)


def test_an_input_that_was_emptied_stays_so_when_another_is_changed(tmp_path):
    player = CorePlayer(DIALOGS, tmp_path / "a.sqlite", NOW, "england")
    player.do(Command("check CT head twice by mistake, 34 year old man, total 3 mSv"))
    filled = values(player.form)
    assert filled["total_dose"]
    inputs = {**filled, "total_dose": "", "exposure": "unintended"}
    player.do(Changed("check", player.form.key, "exposure", inputs))
    assert values(player.form)["total_dose"] == ""
    send(player, player.form, **{**inputs, **values(player.form)})
    assert "total_dose" in state(player)["skipped"]
    player.store.close()


def test_flags_that_are_known_already_do_not_hang_on_a_tick(player):
    player.do(Command("check"))
    send(player, player.form, exposure="accidental", category="diagnostic", age_years="34", nation="england")
    send(player, player.form, total_dose="2 mSv", flags="none")
    player.press("Change an answer")
    before = state(player)["facts"]
    send(player, player.form, **values(player.form))
    assert state(player)["facts"] == before
    assert state(player)["skipped"] == ["discovered_on"]


def in_thread(tmp_path):
    """A check in a thread, led by a form, that two people see."""
    player = CorePlayer(CARDS, tmp_path / "b.sqlite", NOW, "england")
    player.place = THREAD
    player.do(Command("check"))
    return player


def test_a_late_form_shows_what_was_said_since_and_takes_nothing_until_it_is_sent_again(tmp_path):
    player = in_thread(tmp_path)
    first = player.form
    player.user = BEN
    send(player, first, exposure="unintended", category="radiotherapy_planning")
    player.user = ANN
    typed = {"exposure": "accidental", "category": "diagnostic", "age_years": "34"}
    (again,) = send(player, first, **typed)
    assert isinstance(again, Open)
    shown = str(again.form.blocks)
    assert "Category: Radiotherapy planning scan (Physicist)" in shown
    assert "Nothing of it is taken yet" in shown
    assert values(again.form)["category"] == "diagnostic"
    assert state(player)["facts"]["category"] == "radiotherapy_planning"
    send(player, again.form, **typed)
    assert state(player)["facts"]["category"] == "diagnostic"
    player.store.close()


def test_two_who_send_it_off_at_the_same_moment_leave_a_form_that_can_be_used(tmp_path, monkeypatch):
    player = in_thread(tmp_path)
    first = player.form
    save, raced = player.store.save_draft, []

    def meanwhile(*args, **more):
        """The other's answer is stored between the reading and the writing of this one."""
        if not raced:
            raced.append(True)
            other = CorePlayer(CARDS, tmp_path / "b.sqlite", NOW, "england")
            other.place, other.user = THREAD, BEN
            send(other, first, exposure="accidental", category="interventional")
            other.store.close()
        return save(*args, **more)

    monkeypatch.setattr(player.store, "save_draft", meanwhile)
    (again,) = send(player, first, exposure="unintended", category="diagnostic")
    assert isinstance(again, Open)
    assert "Interventional" in str(again.form.blocks)
    assert state(player)["facts"]["category"] == "interventional"
    send(player, again.form, exposure="unintended", category="diagnostic")
    assert state(player)["facts"]["category"] == "diagnostic"
    player.store.close()


def test_what_somebody_said_meanwhile_and_the_form_says_too_is_no_reason_to_ask_again(tmp_path):
    player = in_thread(tmp_path)
    first = player.form
    player.user = BEN
    send(player, first, exposure="unintended", category="diagnostic")
    player.user = ANN
    send(player, first, exposure="unintended", category="diagnostic")
    assert "Nothing of it is taken yet" not in str(player.form)
    player.store.close()


def test_a_verdict_that_is_older_than_the_check_is_not_kept(player):
    player.do(Command("check"))
    send(player, player.form, exposure="accidental", category="diagnostic", age_years="34", nation="england")
    send(player, player.form, total_dose="2 mSv", flags="none")
    old_form, old_card = player.form, player.card
    player.press("Change an answer")
    send(player, player.form, **values(player.form) | {"total_dose": "60 mSv"})
    while player.form and player.form.name == "check":
        send(player, player.form, **values(player.form))
    if old_form and old_form.name == "check.verdict":
        player.do(Submitted(old_form.name, old_form.key, {}))
    else:
        keep = next(button for button in old_card.buttons if button.action == "check.keep")
        player.do(Pressed(keep.action, keep.value))
    shown = str(player.form or player.card)
    assert "NOTIFY — code" in shown
    assert player.form is None or player.form.name == "check.verdict"
    assert player.store.records(player.tenant) == ()


def keep_value(player):
    return next(button.value for button in player.card.buttons if button.action == "check.keep")


def test_the_same_check_is_kept_once_however_many_press(tmp_path):
    player = CorePlayer(DIALOGS, tmp_path / "c.sqlite", NOW, "england")
    player.place = THREAD
    for words in ("check", "mammography", "no", "none", "2 mSv", "34"):
        player.do(Said(words, mentioned=True))
    while not any(button.action == "check.keep" for button in player.card.buttons):
        player.do(Said("don't know", mentioned=True))
    press = Pressed("check.keep", keep_value(player))
    first = player.do(press)
    player.user = BEN
    second = player.do(press)
    kept = player.store.records(player.tenant)
    assert len(kept) == 1
    assert "Kept as record" in str(first)
    assert any(isinstance(reply, Done | Show) for reply in second)
    player.store.close()


def test_two_who_keep_it_at_the_same_moment_make_one_record(tmp_path, monkeypatch):
    player = CorePlayer(DIALOGS, tmp_path / "c.sqlite", NOW, "england")
    player.place = THREAD
    for words in ("check", "mammography", "near miss", "today", "England"):
        player.do(Said(words, mentioned=True))
    while not any(button.action == "check.keep" for button in player.card.buttons):
        player.do(Said("yes", mentioned=True))
    press = Pressed("check.keep", keep_value(player))
    keep_record, raced = player.store.keep, []

    def meanwhile(*args, **more):
        if not raced:
            raced.append(True)
            other = CorePlayer(DIALOGS, tmp_path / "c.sqlite", NOW, "england")
            other.place, other.user = THREAD, BEN
            other.do(press)
            other.store.close()
        return keep_record(*args, **more)

    monkeypatch.setattr(player.store, "keep", meanwhile)
    replies = player.do(press)
    assert "Kept already, as 2026-0001" in str(replies)
    assert len(player.store.records(player.tenant)) == 1
    player.store.close()


NOBODY_SAID_THAT_IT_IS_RIGHT = (
    "wrong side hand x-ray, intended 0.001 mSv total 0.002 mSv, adult, not pregnant, one patient, england, "
    "discovered yesterday, not clinically significant, no equipment fault, a duplicate"
)


@pytest.mark.parametrize("way", ["a card of the first release", "a form of a verdict", "a card of now"])
def test_no_way_keeps_a_no_that_nobody_agreed_to(player, way):
    player.do(Command(f"check {NOBODY_SAID_THAT_IT_IS_RIGHT}"))
    draft = state(player)
    assert draft["facts"]["unintended_foetal_exposure"] is False
    seen = f"{draft['id']}:{draft['mark']}"
    if way == "a form of a verdict":
        player.do(Submitted("check.verdict", seen, {}))
    else:
        player.do(Pressed("check.keep", seen if way == "a card of now" else draft["id"]))
    assert player.store.records(player.tenant) == ()


@pytest.mark.parametrize("action", ["check.keep", "check.record_only", "check.agree", "check.discard"])
def test_a_card_of_an_earlier_version_shows_how_it_is_now_and_does_nothing(player, action):
    player.do(Command("check"))
    send(player, player.form, exposure="accidental", category="diagnostic", age_years="34", nation="england")
    send(player, player.form, total_dose="60 mSv", flags="none")
    draft = state(player)
    player.do(Pressed(action, draft["id"]))
    assert "that card is of an earlier version" in str(player.form or player.card).lower()
    assert player.store.records(player.tenant) == ()
    assert state(player)["facts"] == draft["facts"]


def test_a_change_in_a_form_does_not_take_back_what_a_colleague_said_meanwhile(tmp_path):
    player = in_thread(tmp_path)
    send(player, player.form, exposure="unintended", category="radiotherapy_treatment", age_years="40")
    mine = player.form
    player.user = BEN
    send(player, mine, **values(mine) | {"target_dose_ratio": "0.5"})
    player.user = ANN
    typed = values(mine) | {"target_dose_ratio": "1", "geographical_miss": "none"}
    player.do(Changed(mine.name, mine.key, "geographical_miss", typed))
    assert "Target dose ratio: 0.5 (Physicist)" in str(player.form)
    send(player, player.form, **values(player.form))
    assert "Nothing of it is taken yet" in str(player.form)
    assert state(player)["facts"]["target_dose_ratio"] == "0.5"
    player.store.close()


@pytest.mark.parametrize("asked", ["", ":exposure+category"])
def test_a_form_of_the_first_release_is_shown_again_with_what_it_said(player, asked):
    player.do(Command("check"))
    before = state(player)
    key = f"{before['id']}{asked}"
    player.do(Submitted("check", key, {"exposure": "accidental", "total_dose": "60 mSv"}))
    assert "Nothing of it is taken yet" in str(player.form)
    assert (values(player.form)["exposure"], values(player.form)["total_dose"]) == ("accidental", "60 mSv")
    assert state(player)["facts"] == before["facts"]
    send(player, player.form, **values(player.form))
    assert state(player)["facts"]["total_dose"] == "60 mSv"


def test_what_a_colleague_said_of_the_person_is_not_taken_back_by_an_old_form(tmp_path):
    player = in_thread(tmp_path)
    first = player.form
    player.user = BEN
    send(player, first, exposure="unintended", category="diagnostic", person="male")
    player.user = ANN
    send(player, first, exposure="unintended", category="diagnostic", person="")
    assert "the person is said to be male (Physicist)" in str(player.form)
    assert state(player)["person"] == "male"
    player.store.close()


def test_a_yes_in_the_thread_keeps_no_verdict_that_stands_in_a_colleagues_dialog_alone(tmp_path):
    player = CorePlayer(DIALOGS, tmp_path / "d.sqlite", NOW, "england")
    player.place = THREAD
    for words in ("check", "mammography", "no", "none", "60 mSv", "34"):
        player.do(Said(words, mentioned=True))
    for words in ("yesterday", "none", "yesterday"):  # whatever is left, in whichever order
        if not any(button.action == "check.keep" for button in player.card.buttons):
            player.do(Said(words, mentioned=True))
    assert "NOTIFY — code 1" in str(player.card)
    player.user = BEN
    player.press("Change an answer")
    send(player, player.form, **values(player.form) | {"total_dose": "0.5 mSv"})
    if player.form.name != "check.verdict":
        send(player, player.form, **values(player.form) | {"flags": "none"})
    assert "DO NOT NOTIFY" in str(player.form)
    seen = player.form
    player.user, player.form = ANN, None
    player.do(Said("yes", mentioned=True))
    assert "DO NOT NOTIFY" in str(player.card)
    assert player.store.records(player.tenant) == ()
    player.do(Submitted(seen.name, seen.key, {}))
    assert len(player.store.records(player.tenant)) == 1
    player.store.close()
