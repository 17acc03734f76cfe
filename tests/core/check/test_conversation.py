"""Several people in one thread, one person in several places, and talk that is not meant for the bot."""

from datetime import datetime, timedelta

import pytest

from bot.core.cards import Bullets
from bot.core.messages import Capabilities, Command, HomeOpened, Leave, Place, Pressed, Said, Show, User
from bot.core.threshold_card import threshold_card
from rules.deadlines import UK
from tests.core.players import DIALOGS, CorePlayer

NOW = datetime(2026, 11, 5, 10, 0, tzinfo=UK)
ANN, BEN = User("u1", "Radiographer", "member"), User("u2", "Physicist", "member")
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
    """What the check says that stands."""
    (draft,) = (one for one in player.store.drafts(player.tenant) if not one.state["paused"])
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
    assert "Another check is unfinished: X-ray, CT" in str(thread.form.blocks)


def test_what_is_typed_after_a_week_is_no_answer_before_somebody_says_so(thread):
    thread.place = Place("d1", personal=True)
    thread.do(Said("check"))
    thread.do(Said("mammography"))
    thread.now = NOW + timedelta(days=7)
    assert "Another check is unfinished" in titles(thread.do(Said("no exposure at all")))[0]
    assert "exposure" not in str([draft.state["facts"] for draft in thread.store.drafts(thread.tenant)])
    thread.press("Go on with it")
    thread.do(Said("no"))
    assert facts(thread)["exposure"] == "accidental"


def test_words_that_answer_nothing_after_a_week_are_said_not_to_be_taken(thread):
    thread.place = Place("d1", personal=True)
    thread.do(Said("check"))
    thread.do(Said("mammography"))
    thread.now = NOW + timedelta(days=7)
    assert "Nothing of “25 mSv” was taken." in lines_of(thread.do(Said("25 mSv")))


def number_of(player, label):
    """The number of an option of the list that was shown last."""
    lines = next(block.items for block in reversed(player.card.blocks) if isinstance(block, Bullets))
    return next(line for line in lines if label in line).partition(".")[0]


def test_a_new_incident_and_an_unfinished_check_both_survive_the_choice(tmp_path):
    player = CorePlayer(TYPED, tmp_path / "a.sqlite", NOW)
    player.place = Place("t", personal=True)
    player.do(Said("check"))
    player.do(Said("mammography"))
    shown = player.do(Said("check wrong pt had CT head, 9 year old boy"))
    assert "Another check is unfinished: X-ray, CT" in titles(shown)[0]
    assert titles(player.do(Said("3")))[0].startswith("What this check holds")
    assert "Was any exposure of this person intended?" in titles(player.do(Said("1")))
    assert facts(player) == {"category": "diagnostic"}
    assert "wrong pt had CT head" in str(player.do(Said("check")))
    player.do(Said(number_of(player, "Go on with “wrong pt")))
    assert facts(player)["age_years"] == 9
    assert "2 other checks are unfinished" in titles(player.do(Said("check")))[0]


def test_a_button_of_an_earlier_question_changes_that_answer(thread):
    thread.do(Said("check", mentioned=True))
    thread.do(Said("mammography", mentioned=True))
    exposure = next(button for button in thread.card.buttons if button.label == "Answer")
    thread.do(Said("yes", mentioned=True))
    assert facts(thread)["exposure"] == "unintended"
    thread.do(Pressed(exposure.action, exposure.value, {"answer": "accidental"}))
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
    assert shown == [threshold_card("4.2b").title, "What kind of exposure was it?"]


def test_goodbye_leaves_a_check_first_and_then_the_conversation(tmp_path):
    player = CorePlayer(TYPED, tmp_path / "a.sqlite", NOW)
    player.place = Place("t", personal=True)
    player.do(Said("check"))
    assert "Set aside, nothing is lost" in titles(player.do(Said("quit")))[0]
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
    story = "wrong patient had a CT head " + "ا🙂 [x](y) *z* " * 1_200
    replies = thread.do(Said(f"check {story}"))
    assert replies
    assert facts(thread)["category"] == "diagnostic"


def test_an_unfinished_check_that_no_longer_fits_the_rules_is_said_so_and_can_be_left(thread):
    thread.place = Place("d1", personal=True)
    thread.do(Said("check"))
    (draft,) = thread.store.drafts(thread.tenant)
    spoilt = {**draft.state, "facts": {"category": "alchemy"}}
    thread.store.save_draft(thread.tenant, draft.key, spoilt, now=NOW)
    made = "The unfinished check from Thu 5 November 2026 at 10:00 was made by an earlier version"
    assert made in titles(thread.do(Said("yes")))[0]
    assert "What kind of exposure was it?" in titles(thread.do(Said("check new")))[0]


def add_up(thread):
    """A physicist's check in a thread, after a radiographer began it."""
    thread.user = ANN
    thread.do(Said("check diagnostic CT head, England, total dose 2 mSv, intended 1 mSv", mentioned=True))
    thread.user = BEN


def lines_of(replies):
    return "\n".join(str(reply.card) for reply in replies if isinstance(reply, Show))


@pytest.mark.parametrize("mentioned", [True, False])
def test_facts_of_later_messages_add_up_and_name_their_giver_and_when(thread, mentioned):
    add_up(thread)
    thread.now = NOW + timedelta(hours=1)
    shown = lines_of(thread.do(Said("it was discovered yesterday and she is 34 years old", mentioned)))
    assert "Discovered: Wed 4 November 2026" in shown
    (draft,) = thread.store.drafts(thread.tenant)
    assert (facts(thread)["age_years"], facts(thread)["total_dose"]) == (34, "2 mSv")
    given = draft.state["sources"]["age_years"]
    assert (given["id"], given["at"][:16]) == ("u2", "2026-11-05T11:00")
    assert draft.state["sources"]["total_dose"]["id"] == "u1"


@pytest.mark.parametrize("mentioned", [True, False])
def test_a_contradiction_between_two_people_is_asked_in_one_line_that_names_both(thread, mentioned):
    add_up(thread)
    replies = thread.do(Said("the total dose was 12 mSv, she is 34 years old", mentioned))
    assert "Total dose: Radiographer said 2 mSv, Physicist says 12 mSv. Which holds?" in lines_of(replies)
    assert (facts(thread)["total_dose"], facts(thread)["age_years"]) == ("2 mSv", 34)
    thread.do(Said("12 mSv", mentioned=True))
    (draft,) = thread.store.drafts(thread.tenant)
    assert facts(thread)["total_dose"] == "12 mSv"
    assert draft.state["sources"]["total_dose"]["id"] == "u2"
    assert "total_dose" not in draft.state["doubts"]


def test_who_says_that_it_was_wrong_changes_what_another_said(thread):
    add_up(thread)
    thread.do(Said("no, the total dose was 12 mSv", mentioned=True))
    assert facts(thread)["total_dose"] == "12 mSv"


def test_an_age_that_fits_what_another_said_adds_up_and_one_that_does_not_is_asked(thread):
    thread.do(Said("check CT head, adult, England, total dose 2 mSv", mentioned=True))
    thread.user = BEN
    assert "Which holds?" in lines_of(thread.do(Said("the patient is 9 years old", mentioned=True)))
    assert facts(thread)["age_group"] == "adult"
    thread.do(Said("don't know", mentioned=True))


def test_a_further_year_of_an_adult_is_no_contradiction(thread):
    thread.do(Said("check CT head, adult, England, total dose 2 mSv", mentioned=True))
    thread.user = BEN
    assert "Which holds?" not in lines_of(thread.do(Said("the patient is 34 years old", mentioned=True)))
    assert facts(thread)["age_years"] == 34


def test_not_pregnant_after_a_foetal_dose_takes_the_dose_out(thread):
    thread.do(Said("check CT head, England, later found to be pregnant, foetal dose 12 mGy", mentioned=True))
    assert facts(thread)["foetal_dose"] == "12 mGy"
    shown = lines_of(thread.do(Said("she was not pregnant after all", mentioned=True)))
    assert "Foetal dose taken out: it was 12 mGy" in shown
    assert "foetal_dose" not in facts(thread)
    assert facts(thread)["unintended_foetal_exposure"] is False


def test_another_persons_foetal_dose_is_not_taken_out_unasked(thread):
    thread.do(Said("check CT head, England, later found to be pregnant, foetal dose 12 mGy", mentioned=True))
    thread.user = BEN
    shown = lines_of(thread.do(Said("she was not pregnant", mentioned=True)))
    assert "Radiographer said" in shown
    assert "Physicist says" in shown
    assert facts(thread)["foetal_dose"] == "12 mGy"
    thread.do(Said("no", mentioned=True))
    assert "foetal_dose" not in facts(thread)


def test_an_uncertain_correction_is_asked(thread):
    add_up(thread)
    thread.user = ANN
    shown = lines_of(thread.do(Said("no, total dose was about 12 mSv", mentioned=True)))
    assert "Total dose (so far 2 mSv): “about 12 mSv” is not a limit" in shown
    assert facts(thread)["total_dose"] == "2 mSv"
    thread.do(Said("12", mentioned=True))
    assert facts(thread)["total_dose"] == "12 mSv"


def test_a_value_that_could_be_of_two_facts_is_handed_back(thread):
    add_up(thread)
    shown = lines_of(thread.do(Said("no, 12 mSv", mentioned=True)))
    assert "total dose (so far 2 mSv)" in shown
    assert "intended dose (so far 1 mSv)" in shown
    assert (facts(thread)["total_dose"], facts(thread)["intended_dose"]) == ("2 mSv", "1 mSv")


def test_a_dose_that_is_to_be_forgotten_is_taken_out(thread):
    add_up(thread)
    thread.do(Said("forget the intended dose", mentioned=True))
    assert "intended_dose" not in facts(thread)


def test_a_patients_number_in_an_answer_is_refused_and_its_author_told_alone(thread):
    add_up(thread)
    replies = thread.do(Said("999 000 0018", mentioned=True))
    assert [reply.private for reply in replies] == [True, False]
    assert "A patient's number was taken out" in str(replies[0])
    assert "0018" not in str(replies)


def test_a_value_corrects_the_one_that_was_too_uncertain_to_be_taken(thread):
    thread.do(Said("check wrong patient had CT head yesterday 2pm, about 2 mSv, 9 yr old", mentioned=True))
    assert "total_dose" not in facts(thread)
    thread.do(Said("no, 12 mSv", mentioned=True))
    assert facts(thread)["total_dose"] == "12 mSv"


def test_a_day_that_is_uncertain_is_asked_at_once(thread):
    thread.do(Said("check wrong patient had CT head, total dose 2 mSv", mentioned=True))
    shown = lines_of(thread.do(Said("discovered on the 25th", mentioned=True)))
    assert "Discovered: " in shown
    assert "When did anybody in the organisation first know of it?" in shown
    assert "discovered_on" not in facts(thread)


@pytest.mark.parametrize("mentioned", [True, False])
@pytest.mark.parametrize("talk", ["what a lovely day it is today", "see you on Monday", "ask me tomorrow"])
def test_a_day_in_talk_is_no_day_of_the_incident(thread, talk, mentioned):
    thread.do(Said("check CT head on Tuesday, total dose 2 mSv", mentioned=True))
    before = facts(thread)
    thread.do(Said(talk, mentioned))
    assert facts(thread) == before


def test_who_is_only_overheard_changes_nothing_of_their_own_by_the_way(thread):
    thread.do(Said("check CT head, total dose 2 mSv", mentioned=True))
    assert thread.do(Said("I still have a PET scan to report")) == []
    assert facts(thread)["category"] == "diagnostic"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("the total dose was 50 mSv", "Total dose (so far 2 mSv): “50 mSv”: does that hold?"),
        ("he is 12", "Age (so far 30 years): “12”: does that hold?"),
        ("two patients were exposed", "Individuals exposed (so far 1): “2”: does that hold?"),
        ("she was pregnant", "Unintended foetal exposure"),
        ("edit total dose", "So far: 2 mSv"),
        ("hang on, the dose was 50 mSv", "total dose (so far 2 mSv)"),
        ("no it was 50 mSv", "total dose (so far 2 mSv)"),
        ("it was two patients", "were all of them exposed in error?"),
        ("there were 2 patients", "were all of them exposed in error?"),
    ],
)
@pytest.mark.parametrize("who", [ANN, BEN])
def test_what_changes_an_incident_is_not_let_be_in_its_thread(thread, who, words, line):
    first = "check CT head with the wrong protocol, 30 years old, total dose 2 mSv, intended dose 1 mSv"
    thread.user = ANN
    thread.do(Said(first, mentioned=True))
    thread.do(Said("none", mentioned=True))
    before = facts(thread)
    thread.user = who
    shown = lines_of(thread.do(Said(words)))
    assert line in shown or "Which holds?" in shown
    assert facts(thread) == before


def at_its_verdict(thread):
    """A check that nobody need be told of, by what its author said."""
    thread.user = ANN
    first = "check CT head with the wrong protocol, 30 years old, total dose 2 mSv, intended dose 1 mSv"
    for words in (first, "none", "yes", "today", "yes"):
        thread.do(Said(words, mentioned=True))
        if "DO NOT NOTIFY" in thread.card.title:
            return
    raise AssertionError(thread.card)


@pytest.mark.parametrize(
    "words",
    ["the total dose was 50 mSv", "he is 12", "she was pregnant", "no it was 50 mSv", "it was two patients"],
)
@pytest.mark.parametrize("who", [ANN, BEN])
def test_what_changes_an_incident_is_not_let_be_where_its_verdict_stands(thread, who, words):
    at_its_verdict(thread)
    thread.user = who
    shown = thread.do(Said(words))
    asks_which = "name the one that is meant" in lines_of(shown)
    assert asks_which or "DO NOT NOTIFY" not in shown[-1].card.title
    assert thread.store.records(thread.tenant) == ()


@pytest.mark.parametrize(
    "talk",
    ["yes", "no", "keep it", "discard", "reasons", "shall we ask the physicist?", "40", "ask on", "back"],
)
def test_talk_where_a_verdict_stands_is_let_be(thread, talk):
    at_its_verdict(thread)
    thread.user = BEN
    before = facts(thread)
    assert thread.do(Said(talk)) == []
    assert facts(thread) == before
    assert thread.store.records(thread.tenant) == ()


def test_the_nation_of_the_settings_gives_way_to_what_is_told_in_a_thread(thread):
    thread.do(Said("check CT head, total dose 2 mSv", mentioned=True))
    assert "Nation: Scotland" in lines_of(thread.do(Said("it was in Scotland")))
    assert facts(thread)["nation"] == "scotland"


@pytest.mark.parametrize(
    "talk",
    ["I am 45 today", "two patients are waiting", "she was pregnant with questions, edit that", "50 mSv"],
)
def test_talk_about_other_things_changes_nothing(thread, talk):
    thread.do(Said("check CT head, 30 years old, total dose 2 mSv, intended dose 1 mSv", mentioned=True))
    before = facts(thread)
    thread.do(Said(talk))
    assert facts(thread) == before


def test_a_denial_of_what_another_said_is_a_contradiction_and_no_correction(thread):
    thread.do(Said("check CT head repeated after an equipment fault, total dose 2 mSv", mentioned=True))
    assert facts(thread)["equipment_fault"] is True
    thread.user = BEN
    shown = lines_of(thread.do(Said("no equipment fault", mentioned=True)))
    assert "Equipment fault: Radiographer said Yes, Physicist says No. Which holds?" in shown
    assert facts(thread)["equipment_fault"] is True


def test_nothing_is_taken_out_by_what_is_only_overheard(thread):
    thread.do(Said("check CT head, total dose 2 mSv", mentioned=True))
    assert thread.do(Said("forget the dose, come to lunch")) == []
    assert facts(thread)["total_dose"] == "2 mSv"


def test_of_what_was_given_as_intended_it_is_asked_what_is_in_doubt(tmp_path):
    player = CorePlayer(TYPED, tmp_path / "a.sqlite", NOW, "england")
    player.place = Place("t", personal=True)
    player.do(Said("check"))
    shown = player.do(Said("mammography"))
    assert "A duplicate, or a request for the wrong patient, is not as intended" in str(shown)
    assert titles(player.do(Said("4"))) == ["What is in doubt?"]
    assert "A pregnancy, found afterwards" in str(player.card)
    assert titles(player.do(Said("1 only"))) == [
        "Is it clinically significant by your employer's own procedure?"
    ]
    known = facts(player)
    assert (known["deterministic_effect"], known["unintended_foetal_exposure"]) == ("observable", False)


def test_what_a_list_of_ticks_leaves_out_is_asked_and_is_never_a_no(tmp_path):
    player = CorePlayer(TYPED, tmp_path / "a.sqlite", NOW, "england")
    player.place = Place("t", personal=True)
    for words in ("check CT head of the wrong patient, 44 year old", "1", "4"):
        player.do(Said(words))
    assert player.card.title == "Which of these apply?"
    assert "What was left out is not taken as a no." in str(player.card)
    assert facts(player)["equipment_fault"] is True
    assert not {"unintended_foetal_exposure", "individuals_exposed"} & facts(player).keys()
    player.do(Said("3 only"))
    known = facts(player)
    assert (known["unintended_foetal_exposure"], known["individuals_exposed"]) == (False, 1)
    assert known["clinically_significant"] is True


def test_several_numbers_of_what_is_to_be_agreed_to_are_each_asked_again(tmp_path):
    player = CorePlayer(TYPED, tmp_path / "a.sqlite", NOW, "england")
    player.place = Place("t", personal=True)
    for words in ("check wrong patient had CT chest yesterday, 7 mSv, aged 44 female", "1", "1 mSv", "none"):
        player.do(Said(words))
    assert player.card.title == "Is this right?"
    player.do(Said("1, 2"))
    assert player.card.title == "What kind of exposure was it?"
    assert "total_dose" not in facts(player)
    assert facts(player)["age_years"] == 44
    player.do(Said("1"))
    assert "total_dose" not in facts(player)
    assert player.card.title.startswith("What effective dose did the whole incident give")
