"""Who people are by Teams' roster: guests, people of other organisations, and those who are gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.model import Assessment, NewCase, Person
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX, CHANNEL, SAM, TENANT, Conversation, Member
from tests.teams.player import TeamsPlayer

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
KEPT = Assessment({"category": "diagnostic"}, {"outcome": "notify", "codes": ["1"]})


class Clocked(TeamsPlayer):
    def case(self, owner: str) -> str:
        new = NewCase("CT head", NOW.date(), (KEPT,), owner=Person(owner, "Owner"))
        return self.store.open_case(self.tenant, new, by=Person(owner), now=self.now).ref

    def ten_minutes_later(self) -> None:
        self.now += timedelta(minutes=11)


@pytest.fixture
def player(teams: FakeTeams, tmp_path: Any) -> Any:
    made = Clocked(teams, tmp_path / "irmer.sqlite", NOW, "england")
    yield made
    made.stop()


def test_a_guest_of_the_roster_reads_nothing_and_looks_up_thresholds(
    teams: FakeTeams, player: Clocked
) -> None:
    ref = player.case(ALEX.object_id)
    teams.roles[ALEX.object_id] = "guest"
    for words in (f"case {ref}", "cases", f"take over {ref}", "check CT of the wrong patient"):
        assert "serves the staff of the organisation" in player.say(words), words
    assert player.store.drafts(player.tenant) == ()
    assert "10 mGy" in player.say("threshold foetal")


@pytest.mark.parametrize("who", ["guest", "of another organisation"])
def test_a_visitor_in_a_channel_is_turned_away_there_and_not_told_to_add_the_app(
    teams: FakeTeams, player: Clocked, who: str
) -> None:
    directory = "88888888-aaaa-bbbb-cccc-dddddddddddd" if who != "guest" else TENANT
    kim = Member("29:kim", "00000000-0000-0000-0000-0000000000d1", "Kim Visitor", "guest", directory)
    teams.people[kim.id] = kim
    teams.conversations["a:kim"] = Conversation("a:kim", "personal", {kim.id}, installed=False)
    teams.conversations[CHANNEL].members.add(kim.id)
    teams.say("check CT of the wrong patient", CHANNEL, who=kim)
    teams.say("hello", CHANNEL)
    root = teams.messages[-1].id
    teams.say("check", CHANNEL, thread=root)
    player.bot.settle()
    told = [one.text for one in teams.posted(CHANNEL) if "serves the staff" in one.text]
    assert len(told) == 1
    answer = teams.press(teams.last(CHANNEL, root), "Continue", kim, exposure="accidental")
    player.bot.settle()
    assert "serves the staff" in str(answer.body["value"])
    assert not any("add the app" in one.text for one in teams.posted())
    (draft,) = player.store.drafts(player.tenant)
    assert "exposure" not in draft.state["facts"]


def test_a_member_who_becomes_a_guest_is_one_within_ten_minutes(teams: FakeTeams, player: Clocked) -> None:
    ref = player.case(ALEX.object_id)
    assert ref in player.say("cases")
    teams.roles[ALEX.object_id] = "guest"
    player.ten_minutes_later()
    assert "serves the staff of the organisation" in player.say("cases")
    (changed,) = [one.detail for one in player.store.audit(player.tenant) if one.what == "person changed"]
    assert (changed["id"], changed["was"], changed["is"]) == (ALEX.object_id, "member", "guest")


def test_a_role_is_held_by_who_is_in_the_directory(teams: FakeTeams, player: Clocked) -> None:
    nobody = "00000000-0000-0000-0000-0000000000ff"
    assert "is nobody that is known here" in player.say(f"settings role_mpe {nobody}")
    assert "Who bob is cannot be found out" in player.say("settings role_mpe bob")
    teams.roles[SAM.object_id] = "guest"
    assert "is a guest account" in player.say(f"settings role_mpe {SAM.object_id}")
    assert player.store.settings(player.tenant) == {}
    del teams.roles[SAM.object_id]
    player.ten_minutes_later()
    player.say(f"settings role_mpe {SAM.object_id}")
    assert player.store.setting(player.tenant, "role_mpe") == [SAM.object_id]


def test_where_nobody_is_named_nobody_administers_and_the_refusal_says_how(
    teams: FakeTeams, player: Clocked
) -> None:
    player.bot.bot.__init__(player.store)  # type: ignore[misc]  # as where IRMER_ADMIN is not set
    shown = player.say("settings role_mpe me")
    assert f"irmer admin add teams:{ALEX.object_id}, on the machine, makes you one" in shown


def test_an_owner_who_is_in_no_roster_any_more_is_named_as_gone(teams: FakeTeams, player: Clocked) -> None:
    player.say("cases")  # whereby the bot has a chat with them
    ref = player.case(ALEX.object_id)
    teams.deleted.add(ALEX.object_id)
    player.bot.run(player.bot.service.people.review(player.tenant))
    known = player.store.person(player.tenant, ALEX.object_id)
    assert known is not None
    assert (known.standing, known.name) == ("gone", ALEX.name)
    assert (ALEX.object_id, ref) in player.store.owners(player.tenant)


def test_a_shared_channel_is_warned_of_when_it_is_set(teams: FakeTeams, player: Clocked) -> None:
    shared = teams.activity("message", CHANNEL, text="<at>IRMER</at> settings incidents_channel here")
    shared["entities"] = [{"type": "mention", "mentioned": shared["recipient"], "text": "<at>IRMER</at>"}]
    shared["channelData"]["channel"] = {"id": CHANNEL, "type": "shared"}
    teams.deliver(shared)
    player.bot.settle()
    assert any("is shared with another organisation" in message.text for message in teams.posted())


def test_cases_are_handed_over_to_who_is_in_the_directory(teams: FakeTeams, player: Clocked) -> None:
    ref = player.case(ALEX.object_id)
    assert "is asked to take over 1 case" in player.say(f"hand over to {SAM.object_id}")
    (offer,) = (one for one in player.store.outgoing(player.tenant, "") if one.body.get("offer"))
    assert (offer.place.conversation, offer.body["refs"]) == (SAM.object_id, [ref])
    assert offer.body["to"]["name"] == SAM.name
    teams.roles[SAM.object_id] = "guest"
    player.ten_minutes_later()
    assert "only colleagues can own a case" in player.say(f"hand over to {SAM.object_id}").lower()
    assert player.store.case(player.tenant, ref).owner == Person(ALEX.object_id, "Owner")
