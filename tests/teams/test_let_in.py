"""What is let in, although much of it is not to be done anything with."""

from __future__ import annotations

import json

import pytest

from bot.teams.door import MAX_BODY
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX, CHANNEL, SAM
from tests.teams.running import Running

CHAT = "a:alex"


def test_a_body_just_within_the_limit_is_taken(teams: FakeTeams, bot: Running):
    activity = teams.activity(where=CHAT, text="help", padding="")
    activity["padding"] = "x" * (MAX_BODY - len(json.dumps(activity)))
    assert teams.deliver(activity).status == 200


def test_a_genuine_token_is_taken(teams: FakeTeams, bot: Running):
    assert teams.deliver(teams.activity(where=CHAT, text="help")).status == 200
    bot.settle()
    assert teams.posted(CHAT)


def test_where_the_keys_cannot_be_fetched_nothing_is_let_in(teams: FakeTeams, tmp_path):
    running = Running(teams, tmp_path / "irmer.sqlite", login_url="http://127.0.0.1:9")
    assert teams.deliver(teams.activity(where=CHAT, text="help")).status == 401
    running.stop()


@pytest.mark.parametrize(
    "change",
    [
        {"entities": "x"},
        {"entities": [7, {"type": "mention"}]},
        {"recipient": 7},
        {"membersAdded": {"id": 1}},
        {"value": 3},
    ],
    ids=str,
)
def test_parts_that_do_not_matter_may_be_anything(teams: FakeTeams, bot: Running, change):
    assert teams.deliver(teams.activity(where=CHAT, text="help") | change).status == 200


@pytest.mark.parametrize("kind", ["typing", "messageReaction", "event", "somethingNew", "installationUpdate"])
def test_what_is_none_of_the_bots_business_is_taken_and_left(teams: FakeTeams, bot: Running, kind):
    assert teams.deliver(teams.activity(kind, CHAT)).status == 200
    bot.settle()
    assert teams.posted() == []


def test_an_unknown_invoke_is_not_implemented(teams: FakeTeams, bot: Running):
    assert teams.deliver(teams.activity("invoke", CHAT, name="task/fetch", value={})).status == 501


def test_whoever_has_no_id_in_the_directory_gets_no_answer(teams: FakeTeams, bot: Running):
    activity = teams.activity(where=CHAT, text="threshold foetal")
    del activity["from"]["aadObjectId"]
    assert teams.deliver(activity).status == 200
    bot.settle()
    assert "directory" in teams.last(CHAT).text
    assert "mGy" not in teams.last(CHAT).text


def test_people_are_known_by_their_id_in_the_directory_and_by_nothing_else(teams: FakeTeams, bot: Running):
    teams.say("settings may_settings me", CHAT)
    somebody_else = {"id": ALEX.id, "name": ALEX.name, "aadObjectId": SAM.object_id}
    themselves = {"id": "29:new", "name": "", "aadObjectId": ALEX.object_id.upper()}
    for sender, nation, kept in ((somebody_else, "wales", None), (themselves, "scotland", "scotland")):
        activity = teams.activity(where=CHAT, text=f"settings nation {nation}") | {"from": sender}
        assert teams.deliver(activity).status == 200
        assert bot.store.settings(teams.tenant).get("nation") == kept
    bot.settle()


@pytest.mark.parametrize("text", ["help \ud800", "help \x00", "help \udfff\ud800", "‮help", "h\u0301elp"])
def test_text_that_is_hardly_text_does_no_harm(teams: FakeTeams, bot: Running, text):
    assert teams.deliver(teams.activity(where=CHAT, text=text)).status == 200
    bot.settle()
    assert teams.posted(CHAT)


@pytest.mark.parametrize(
    "text", ["<at>" * 6_000, "check " + "CT head, " * 2_300, "<at>IRMER</at> " + ", " * 11_000]
)
def test_what_is_too_long_for_anything_is_refused_in_a_line(teams: FakeTeams, bot: Running, text):
    assert teams.deliver(teams.activity(where=CHAT, text=text)).status == 200
    bot.settle()
    assert "too long, and nothing of it was taken" in teams.last(CHAT).text
    assert bot.store.drafts(teams.tenant) == ()


STANDS = "what you wrote first stands"


@pytest.mark.parametrize("where", [CHAT, CHANNEL])
def test_a_message_that_is_changed_or_deleted_stands_and_its_author_is_told(
    teams: FakeTeams, bot: Running, where
):
    for how in ("edit", "edit again", "delete"):
        teams.say("threshold foetal", where)
        message = [one for one in teams.messages if not one.by_bot][-1]
        if how == "edit again":
            teams.edit(message, "threshold")
        answer = teams.delete(message) if how == "delete" else teams.edit(message, "threshold 4.2b")
        assert answer.status == 200
        bot.settle()
        told = [one for one in teams.posted() if STANDS in one.text]
        assert len(told) == {"edit": 1, "edit again": 3, "delete": 4}[how]
        assert ("deleted" in told[-1].text) == (how == "delete")
    assert not [one for one in teams.posted() if "4.2b" in one.text]


def test_who_asks_in_a_thread_whose_first_message_was_deleted_is_told_in_their_own_chat(
    teams: FakeTeams, bot: Running
):
    teams.say("threshold foetal", CHANNEL)
    bot.settle()
    first = [one for one in teams.messages if not one.by_bot][-1]
    teams.delete(first)
    bot.settle()
    before = len(teams.posted())
    assert teams.say("threshold 4.2b", CHANNEL, thread=first.id).status == 200
    bot.settle()
    told = teams.posted()[before:]
    assert [one.text.partition(":")[0] for one in told] == ["I cannot write in that thread any more"]
    assert [teams.conversations[one.conversation].kind for one in told] == ["personal"]
