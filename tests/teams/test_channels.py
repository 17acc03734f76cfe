"""What becomes of channels and teams, and of the names of people and channels."""

from __future__ import annotations

import pytest

from bot.core.cards import Card
from bot.teams.contacts import Contacts
from storage.model import Destination
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX, CHANNEL, GROUP, OTHER_CHANNEL
from tests.teams.running import Running

TEAM = "19:general@thread.tacv2"


def happened(teams: FakeTeams, event: str, channel: str = "", name: str = "") -> None:
    """Teams tells the bot in the team's own conversation."""
    activity = teams.activity("conversationUpdate", CHANNEL)
    activity["conversation"]["id"] = TEAM
    activity["channelData"] |= {"eventType": event, "team": {"id": TEAM}}
    activity["channelData"].pop("channel")
    if channel:
        activity["channelData"]["channel"] = {"id": channel, "name": name}
    assert teams.deliver(activity).status == 200


def problems(bot: Running) -> list[str]:
    return list(bot.run(bot.service.problems()))


@pytest.fixture
def incidents(teams: FakeTeams, bot: Running) -> None:
    teams.say("settings incidents_channel here", CHANNEL)
    teams.say("settings fallback_channel here", OTHER_CHANNEL)
    bot.settle()
    assert problems(bot) == []


@pytest.mark.parametrize(
    ("event", "channel", "gone"),
    [
        ("channelDeleted", CHANNEL, ["incidents"]),
        ("teamDeleted", "", ["incidents", "fallback"]),
        ("teamHardDeleted", "", ["incidents", "fallback"]),
        ("teamArchived", "", ["incidents", "fallback"]),
        ("channelDeleted", "19:unknown@thread.tacv2", []),
        ("channelCreated", CHANNEL, []),
    ],
)
def test_a_channel_that_is_gone_is_named_before_a_ping_fails(
    teams: FakeTeams, bot: Running, incidents, event, channel, gone
):
    happened(teams, event, channel)
    assert problems(bot) == [
        f"Teams: the bot has no place in the {name} channel any more: add the app to its team again"
        for name in gone
    ]
    teams.say("help", CHANNEL)  # it was restored: what is heard from there can be written to
    assert not any("incidents" in line for line in problems(bot))


@pytest.mark.parametrize("where", [CHANNEL, TEAM])
def test_the_channels_of_a_team_go_and_come_back_with_the_app(
    teams: FakeTeams, bot: Running, incidents, where
):
    teams.remove_app(where)
    assert [line.partition(" channel")[0] for line in problems(bot)] == [
        "Teams: the bot has no place in the incidents",
        "Teams: the bot has no place in the fallback",
    ]
    teams.add_app(where)
    assert problems(bot) == [], "nobody has to write there first"
    bot.run(bot.service.sender.send(teams.tenant, Destination("teams", CHANNEL), Card("Due"), ["k"]))
    assert "Due" in teams.last(CHANNEL).text


@pytest.mark.parametrize(
    ("gone", "back", "channel"),
    [
        ("channelDeleted", "channelRestored", CHANNEL),
        ("teamArchived", "teamUnarchived", ""),
        ("teamDeleted", "teamRestored", ""),
    ],
)
def test_what_is_restored_can_be_written_to_at_once(
    teams: FakeTeams, bot: Running, incidents, gone, back, channel
):
    happened(teams, gone, channel)
    assert problems(bot)
    happened(teams, back, channel)
    assert problems(bot) == []


@pytest.mark.parametrize("where", [GROUP, "a:alex"])
def test_the_app_that_goes_from_one_chat_goes_from_no_other(teams: FakeTeams, bot: Running, incidents, where):
    teams.say("help", GROUP)
    teams.say("help", "a:alex")
    teams.remove_app(where)
    dead = {one.conversation for one in bot.store.references(teams.tenant, "teams", dead=True)}
    assert dead == {where}
    teams.add_app(where)
    assert bot.store.references(teams.tenant, "teams", dead=True) == ()
    bot.settle()


def test_a_team_that_is_deleted_takes_nobody_elses_conversations_along(
    teams: FakeTeams, bot: Running, incidents
):
    teams.say("help", GROUP)
    happened(teams, "teamDeleted")
    known = bot.store.reference(teams.tenant, "teams", GROUP)
    assert known is not None
    assert not known.dead


def test_a_channel_and_a_person_go_by_the_names_they_have_now(teams: FakeTeams, bot: Running, incidents):
    happened(teams, "channelRenamed", CHANNEL, "Radiation incidents")
    found = Contacts(bot.store).conversation(teams.tenant, CHANNEL)
    assert found is not None
    assert found.name == "Radiation incidents"
    activity = teams.activity(where=CHANNEL, text="<at>IRMER</at> help")
    activity["from"]["name"] = "Alex Superintendent"
    teams.deliver(activity)
    assert Contacts(bot.store).names(teams.tenant, frozenset({ALEX.object_id})) == {
        ALEX.object_id: "Alex Superintendent"
    }
