"""What people write to the bot, and where it answers."""

from __future__ import annotations

import re

import pytest

from bot.teams.deliver import IN_OUR_CHAT, NO_CHAT
from tests.fakes.card_limits import walk
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_connector import Fault
from tests.fakes.teams_world import ALEX, CHANNEL, GROUP, SAM
from tests.teams.running import Running, until

CHAT = "a:alex"


@pytest.mark.parametrize(
    "said",
    [
        "threshold foetal",
        "/irmer threshold foetal",
        "IRMER threshold foetal",
        "\u00a0threshold\u00a0 foetal&nbsp;",
        "<at>IRMER</at> threshold foetal",
        "Threshold: foetal\n",
        "<at>IRMER</at>&nbsp;threshold&#160;foetal",
        "threshold foetal <at>IRMER</at>",
        'threshold <at id="0">irmer</at> foetal',
        "<p><at>IRMER</at> threshold <b>foetal</b></p>",
        "<div>threshold<br/>foetal</div>",
        "\u200bthreshold\u200b \ufefffoetal\u200e",
        "<at>IRMER</at> /irmer threshold foetal",
    ],
)
def test_a_command_in_the_personal_chat_is_answered_there(teams: FakeTeams, bot: Running, said):
    assert teams.say(said, CHAT).status == 200
    bot.settle()
    assert "10 mGy" in teams.last(CHAT).text
    assert len(teams.posted()) == 1


@pytest.mark.parametrize("said", ["", "  ", "hello", "wibble", "/irmer", "help", "?"])
def test_a_bare_mention_or_an_unknown_word_shows_the_commands(teams: FakeTeams, bot: Running, said):
    for where, called in ((CHAT, ""), (CHANNEL, "@IRMER ")):
        teams.say(said, where)
        bot.settle()
        shown = teams.last(where).text.splitlines()
        assert any(line.startswith(f"**{called}check") for line in shown)
        assert any(line.startswith(f"**{called}threshold") for line in shown)


@pytest.mark.parametrize("said", ["", "help", "threshold foetal", "wibble"])
def test_what_holds_nothing_of_an_incident_is_answered_where_it_was_asked(
    teams: FakeTeams, bot: Running, said
):
    teams.say(said, CHANNEL)
    teams.say(said, GROUP)
    bot.settle()
    assert {message.conversation for message in teams.posted()} == {CHANNEL, GROUP}
    assert teams.last(CHANNEL).thread == teams.messages[0].id


def test_what_concerns_an_incident_is_not_shown_in_a_channel(teams: FakeTeams, bot: Running):
    teams.say("check wrong patient had CT head, about 2 mSv", CHANNEL)
    bot.settle()
    assert "Is it notifiable?" in teams.last(CHAT).text
    (note,) = teams.posted(CHANNEL)
    assert note.activity["text"] == IN_OUR_CHAT
    assert note.thread


def test_what_concerns_an_incident_is_not_shown_in_a_group_chat(teams: FakeTeams, bot: Running):
    teams.say("check", GROUP)
    bot.settle()
    assert "Is it notifiable?" in teams.last(CHAT).text
    assert [message.activity["text"] for message in teams.posted(GROUP)] == [IN_OUR_CHAT]


def test_the_personal_chat_is_opened_once_and_remembered(teams: FakeTeams, bot: Running):
    for _ in range(2):
        teams.say("check", CHANNEL)
        bot.settle()
    assert len(teams.posted(CHAT)) == 2
    reference = bot.store.reference(teams.tenant, "teams", f"person:{ALEX.object_id}")
    assert reference is not None
    assert reference.data["conversation"] == CHAT


def test_where_the_bot_cannot_write_to_a_person_they_are_told_how_to_change_that(
    teams: FakeTeams, bot: Running
):
    teams.unreachable.add(ALEX.object_id)
    teams.say("check wrong patient had CT head, 12 mSv", CHANNEL)
    bot.settle()
    assert teams.posted(CHAT) == []
    (told,) = teams.posted(CHANNEL)
    assert told.activity["text"] == NO_CHAT


def test_where_the_personal_chat_is_no_more_they_are_told_as_well(teams: FakeTeams, bot: Running):
    teams.say("help", CHAT)
    teams.conversations[CHAT].installed = False
    teams.say("check wrong patient had CT head, 12 mSv", CHANNEL)
    bot.settle()
    (told,) = teams.posted(CHANNEL)
    assert told.activity["text"] == NO_CHAT


def test_in_a_thread_everybody_is_answered_in_it(teams: FakeTeams, bot: Running):
    teams.say("help", CHANNEL)
    bot.settle()
    root = teams.messages[0].id
    teams.say("threshold 4.2b", CHANNEL, thread=root, who=SAM)
    bot.settle()
    assert "4.2b" in teams.last(CHANNEL, root).text


def test_a_check_in_a_thread_is_everybodys_in_it(teams: FakeTeams, bot: Running):
    teams.say("help", CHANNEL)
    bot.settle()
    root = teams.messages[0].id
    teams.say("check", CHANNEL, thread=root)
    bot.settle()
    form = teams.last(CHANNEL, root)
    assert "Is it notifiable?" in form.text
    answer = teams.press(form, "Continue", SAM, exposure="accidental", category="diagnostic")
    assert answer.body["statusCode"] == 200
    bot.settle()
    assert form.edits == 1, "the message itself is changed too, for whoever did not press"
    assert "What effective dose" in form.text


@pytest.mark.parametrize("before", ["", "check ", "/irmer check "])
def test_an_incident_in_somebodys_own_words_becomes_the_form_with_what_was_understood(
    teams: FakeTeams, bot: Running, before
):
    teams.say(f"{before}wrong patient had CT head yesterday, 2 mSv, 9 years old", CHAT)
    bot.settle()
    form = teams.last(CHAT)
    assert "Is it notifiable?" in form.text
    (draft,) = bot.store.drafts(teams.tenant)
    assert draft.state["facts"]["category"] == "diagnostic"
    assert len(teams.posted(CHAT)) == 1


def test_what_is_not_meant_for_the_bot_is_left_alone(teams: FakeTeams, bot: Running):
    activity = teams.activity(where=CHANNEL, text="help")
    assert teams.deliver(activity).status == 200
    bot.settle()
    assert teams.posted() == []


def test_a_command_from_the_menu_mentions_nobody_and_is_answered(teams: FakeTeams, bot: Running):
    activity = teams.activity(where=CHANNEL, text="help")
    activity["recipient"]["isTargeted"] = True
    teams.deliver(activity)
    bot.settle()
    assert [message.conversation for message in teams.posted()] == [CHAT], (
        "only its author sees what it answers"
    )


def test_the_same_delivery_twice_is_answered_once(teams: FakeTeams, bot: Running):
    activity = teams.activity(where=CHAT, text="help")
    assert [teams.deliver(activity).status for _ in range(3)] == [200, 200, 200]
    bot.settle()
    assert len(teams.posted(CHAT)) == 1


def test_the_same_delivery_after_a_restart_is_answered_once(teams: FakeTeams, tmp_path):
    activity = teams.activity(where=CHAT, text="check")
    for _ in range(2):
        running = Running(teams, tmp_path / "irmer.sqlite")
        assert teams.deliver(activity).status == 200
        running.stop()
    form, line = teams.posted(CHAT)
    assert "Is it notifiable?" in form.text
    assert "came to me twice" in line.text, "whether it was answered before is not known"


def test_the_same_id_in_another_conversation_is_another_delivery(teams: FakeTeams, bot: Running):
    one = teams.activity(where=CHAT, text="help")
    other = teams.activity(where="a:sam", who=SAM, text="help") | {"id": one["id"]}
    teams.deliver(one)
    teams.deliver(other)
    bot.settle()
    assert len(teams.posted(CHAT)) == len(teams.posted("a:sam")) == 1


def test_teams_is_answered_at_once_however_slow_it_is_itself(teams: FakeTeams, bot: Running):
    teams.faults.append(Fault(429, retry_after=1, delay=2.0))
    teams.say("help", CHAT)
    assert teams.posted(CHAT) == []  # Teams has its answer, and is still to take the post
    bot.settle()
    assert "check" in teams.last(CHAT).text


@pytest.mark.parametrize("status", [412, 429])
def test_an_answer_that_was_refused_for_now_is_sent_again(teams: FakeTeams, bot: Running, status):
    teams.faults.append(Fault(status, retry_after=1))
    teams.say("help", CHAT)
    bot.settle()
    assert len(teams.posted(CHAT)) == 1


@pytest.mark.parametrize("status", [502, 504, 0])
def test_an_answer_that_was_lost_on_the_way_is_sent_again(teams: FakeTeams, bot: Running, status):
    teams.faults.append(Fault(status))
    teams.say("help", CHAT)
    bot.settle()
    assert len(teams.posted(CHAT)) == 1


@pytest.mark.usefixtures("real_pace")
def test_many_answers_at_once_keep_to_the_pace_that_teams_allows(teams: FakeTeams, bot: Running):
    for _ in range(12):
        teams.say("help", CHAT)
    until(lambda: len(teams.posted(CHAT)) == 12)
    assert teams.refusals == []


def test_where_the_conversation_is_gone_the_bot_goes_on(teams: FakeTeams, bot: Running):
    teams.conversations[CHAT].installed = False
    teams.say("help", CHAT)
    bot.settle()
    reference = bot.store.reference(teams.tenant, "teams", CHAT)
    assert reference is not None
    assert reference.dead
    teams.conversations[CHAT].installed = True
    teams.say("help", CHAT)
    bot.settle()
    again = bot.store.reference(teams.tenant, "teams", CHAT)
    assert again is not None
    assert not again.dead
    assert len(teams.posted(CHAT)) == 1


def test_every_activity_leaves_its_service_address_on_disk_at_once(teams: FakeTeams, bot: Running):
    for kind in ("conversationUpdate", "message"):
        teams.deliver(teams.activity(kind, CHANNEL))
        reference = bot.store.reference(teams.tenant, "teams", CHANNEL)
        assert reference is not None
        assert reference.data["service_url"] == teams.service_url
    moved = teams.service_url + "elsewhere/"
    teams.deliver(teams.activity("typing", CHANNEL) | {"serviceUrl": moved}, teams.token(serviceurl=moved))
    reference = bot.store.reference(teams.tenant, "teams", CHANNEL)
    assert reference is not None
    assert reference.data["service_url"] == moved


def test_a_removed_app_is_remembered_as_removed(teams: FakeTeams, bot: Running):
    teams.say("help", CHAT)
    teams.deliver(teams.activity("installationUpdate", CHAT, action="remove"))
    reference = bot.store.reference(teams.tenant, "teams", CHAT)
    assert reference is not None
    assert reference.dead


@pytest.mark.parametrize("again", [False, True], ids=["told once", "told twice"])
def test_a_bot_that_was_taken_out_of_a_conversation_is_remembered_as_gone(
    teams: FakeTeams, bot: Running, again
):
    teams.say("help", CHANNEL)
    if again:
        teams.deliver(teams.activity("installationUpdate", CHANNEL, action="remove-upgrade"))
    gone = [{"id": f"28:{teams.app_id}"}]
    teams.deliver(teams.activity("conversationUpdate", CHANNEL, membersRemoved=gone))
    reference = bot.store.reference(teams.tenant, "teams", CHANNEL)
    assert reference is not None
    assert reference.dead


def test_a_chat_of_unsaid_kind_is_not_taken_for_one_with_a_single_person(teams: FakeTeams, bot: Running):
    for where in (CHAT, GROUP):
        activity = teams.activity(where=where, text="<at>IRMER</at> check")
        del activity["conversation"]["conversationType"]
        teams.deliver(activity)
        bot.settle()
    assert [m.activity.get("text") for m in teams.posted(GROUP)] == [IN_OUR_CHAT]
    assert len(teams.posted(CHAT)) == 2


def test_whoever_adds_the_bot_is_greeted_in_their_own_chat_only(teams: FakeTeams, bot: Running):
    for where in (CHAT, CHANNEL):
        added = [{"id": f"28:{teams.app_id}"}]
        teams.deliver(teams.activity("conversationUpdate", where, membersAdded=added))
        bot.settle()
    assert [message.conversation for message in teams.posted()] == [CHAT]
    assert "Check an incident" in teams.last(CHAT).text


def test_an_error_of_the_bots_own_is_said_and_not_a_500(teams: FakeTeams, bot: Running, monkeypatch):
    def fail(*_: object) -> list[object]:
        raise RuntimeError("999 123 4560")

    monkeypatch.setattr(bot.bot, "handle", fail)
    assert teams.say("help", CHAT).status == 200
    bot.settle()
    assert "went wrong" in teams.last(CHAT).text
    assert "999" not in teams.last(CHAT).text


@pytest.mark.parametrize("status", [400, 413])
def test_an_answer_that_teams_would_not_take_comes_as_a_line_and_not_as_silence(
    teams: FakeTeams, bot: Running, status
):
    teams.faults.append(Fault(status))
    teams.say("threshold foetal", CHAT)
    bot.settle()
    (answer,) = teams.posted(CHAT)
    assert answer.card == {}
    assert "The rest of it could not be shown here" in answer.text


OLD = "Wrong patient had a mammogram yesterday, 52 years old"
NEW = "Wrong side was treated in radiotherapy on Monday, 61 years old"


@pytest.mark.parametrize("said", [NEW, f"check {NEW}", f"/irmer check {NEW}"])
def test_a_new_incident_never_meets_an_old_check(teams: FakeTeams, bot: Running, said):
    teams.say(f"check {OLD}", CHAT)
    bot.settle()
    teams.say(said, CHAT)
    bot.settle()
    asked = teams.last(CHAT)
    assert "mammogram" in asked.text
    buttons = [node["title"] for _, node in walk(asked.card) if node.get("type") == "Action.Execute"]
    if "Continue" in buttons:
        teams.press(asked, "Continue", next="new")
    else:
        teams.press(asked, "Begin with the new words")
    bot.settle()
    held = [str(draft.state) for draft in bot.store.drafts(teams.tenant)]
    assert any("mammogram" in state for state in held), "the old one waits"
    aged = [bool(re.search(r"\b61\b", state)) for state in held]  # no part of an id
    assert any(aged), "the new one is read"
    assert not any("mammogram" in state and there for state, there in zip(held, aged, strict=True)), (
        "neither is in the other"
    )


def test_an_answer_that_cannot_be_sent_is_not_silence(teams: FakeTeams, bot: Running):
    teams.faults.append(Fault(409))
    teams.say("threshold foetal", CHAT)
    bot.settle()
    assert "Not all of my answer could be sent" in teams.last(CHAT).text
