"""Several people in one thread, one person in several places, and talk that is not meant for the bot."""

from datetime import datetime, timedelta

import pytest

from bot.core.messages import Capabilities, Command, HomeOpened, Leave, Place, Pressed, Said, Show, User
from rules.deadlines import UK
from tests.core.players import DIALOGS, CorePlayer

NOW = datetime(2026, 11, 5, 10, 0, tzinfo=UK)
ANN, BEN = User("u1", "Radiographer"), User("u2", "Physicist")
THREAD = Place("c1", thread="th1")
TYPED = Capabilities(dialogs=False, private_answers=True, hears_everything=True, buttons=False, name="x")


@pytest.fixture
def thread(tmp_path):
    player = CorePlayer(DIALOGS, tmp_path / "a.sqlite", NOW, "england")
    player.place = THREAD
    return player


def titles(replies):
    return [reply.card.title for reply in replies if isinstance(reply, Show)]


def facts(player):
    (draft,) = player.store.drafts(player.tenant)
    return draft.state["facts"]


def test_several_people_answer_one_check_in_a_thread_and_each_fact_names_its_giver(thread):
    thread.user = ANN
    thread.do(Said("check", mentioned=True))
    thread.do(Said("mammography", mentioned=True))
    thread.user = BEN
    replies = thread.do(Said("no"))
    assert all(not reply.private for reply in replies)
    (draft,) = thread.store.drafts(thread.tenant)
    assert {name: given["id"] for name, given in draft.state["sources"].items()} == {
        "nation": "u1",
        "category": "u1",
        "exposure": "u2",
    }


@pytest.mark.parametrize(
    "talk", ["shall we ask the physicist?", "check with the ward first", "later", "edit the rota", ""]
)
def test_talk_in_the_thread_that_is_no_answer_is_let_be(thread, talk):
    thread.do(Said("check", mentioned=True))
    before = facts(thread)
    assert thread.do(Said(talk)) == []
    assert facts(thread) == before


def test_a_verdict_in_a_thread_is_not_kept_by_a_yes_to_something_else(thread):
    thread.do(Said("check", mentioned=True))
    for answer in ("mammography", "near miss", "today"):
        thread.do(Said(answer, mentioned=True))
    assert thread.do(Said("yes")) == []
    assert thread.store.records(thread.tenant) == ()


def test_two_threads_and_a_person_have_a_check_each(thread):
    thread.do(Said("check", mentioned=True))
    thread.place = Place("c1", thread="th2")
    thread.do(Said("check", mentioned=True))
    thread.place = Place("c1")
    thread.do(Command("check"))
    assert len(thread.store.drafts(thread.tenant)) == 3


def test_an_unfinished_check_of_a_person_is_found_from_another_channel(thread):
    thread.place = Place("d1", personal=True)
    thread.do(Said("check"))
    thread.do(Said("mammography"))
    thread.place = Place("c9")
    thread.do(Command("check"))
    assert "goes on with the check" in str(thread.form.blocks)


def test_what_is_typed_after_a_week_is_no_answer_before_somebody_says_so(thread):
    thread.place = Place("d1", personal=True)
    thread.do(Said("check"))
    thread.do(Said("mammography"))
    thread.now = NOW + timedelta(days=7)
    assert "Take up where you left off?" in titles(thread.do(Said("no exposure at all")))[0]
    thread.do(Said("yes"))
    thread.do(Said("no"))
    assert facts(thread)["exposure"] == "accidental"


def test_a_button_of_an_earlier_question_changes_that_answer(thread):
    thread.do(Said("check", mentioned=True))
    thread.do(Said("mammography", mentioned=True))
    exposure = next(button for button in thread.card.buttons if button.value.endswith(":accidental"))
    thread.do(Said("yes", mentioned=True))
    assert facts(thread)["exposure"] == "unintended"
    thread.do(Pressed(exposure.action, exposure.value))
    assert facts(thread)["exposure"] == "accidental"


def test_a_patients_number_in_a_thread_is_told_to_its_author_alone(thread):
    replies = thread.do(Said("check NHS 999 000 0018 had a CT head instead of another", mentioned=True))
    assert [reply.private for reply in replies] == [True, False]
    assert "999 000 0018" not in str(replies)
    assert "999 000 0018" not in str(thread.store.drafts(thread.tenant))


def test_other_commands_in_the_middle_of_a_check_are_answered_and_the_question_asked_again(tmp_path):
    player = CorePlayer(TYPED, tmp_path / "a.sqlite", NOW)
    player.place = Place("t", personal=True)
    player.do(Said("check"))
    shown = titles(player.do(Said("threshold 4.2b")))
    assert shown == ["Threshold", "What kind of exposure was it?"]


def test_goodbye_leaves_a_check_first_and_then_the_conversation(tmp_path):
    player = CorePlayer(TYPED, tmp_path / "a.sqlite", NOW)
    player.place = Place("t", personal=True)
    player.do(Said("check"))
    assert "Set aside, nothing lost" in titles(player.do(Said("quit")))[0]
    assert player.do(Said("quit")) == [Leave()]


def test_opening_the_bots_page_does_not_interrupt_a_check(thread):
    thread.place = Place("d1", personal=True)
    thread.do(Said("check"))
    (home,) = thread.do(HomeOpened())
    assert "is unfinished" in str(home.card.blocks)
    thread.do(Said("mammography"))
    assert facts(thread)["category"] == "diagnostic"


def test_a_full_page_of_text_is_taken_without_harm(thread):
    thread.place = Place("d1", personal=True)
    story = "wrong patient had a CT head " + "ا🙂 [x](y) *z* " * 3000
    replies = thread.do(Said(f"check {story}"))
    assert replies
    assert facts(thread)["category"] == "diagnostic"


def test_an_unfinished_check_that_no_longer_fits_the_rules_is_said_so_and_can_be_left(thread):
    thread.place = Place("d1", personal=True)
    thread.do(Said("check"))
    (draft,) = thread.store.drafts(thread.tenant)
    spoilt = {**draft.state, "facts": {"category": "alchemy"}}
    thread.store.save_draft(thread.tenant, draft.key, spoilt, now=NOW)
    assert "no longer fits the rules" in titles(thread.do(Said("yes")))[0]
    assert "What kind of exposure was it?" in titles(thread.do(Said("check new")))[0]
