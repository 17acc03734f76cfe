"""People and channels are picked in Teams: what its pickers offer, and what they send back."""

from __future__ import annotations

import pytest

from tests.fakes.card_limits import walk
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import (
    ALEX,
    CHANNEL,
    CHANNELS,
    GROUP,
    OTHER_CHANNEL,
    ROBIN,
    SAM,
    TEAM,
    Channel,
    Message,
)
from tests.teams.player import CHAT, TeamsPlayer
from tests.teams.running import NOW, Running

SERIOUS = {
    "exposure": "no", "category": "1", "total_dose": "5 mSv", "age_years": "40", "flags": [],
    "discovered_on": "2026-11-30",
}  # fmt: skip
BOARD = CHANNELS[-1].id
ROBINS = f"a:{ROBIN.id[3:]}"


def settings_form(teams: FakeTeams, bot: Running) -> Message:
    teams.say("settings", CHAT)
    bot.settle()
    teams.press(teams.last(CHAT), "Change")
    bot.settle()
    return teams.last(CHAT)


def offered(message: Message, name: str) -> dict[str, str]:
    node = next(node for _, node in walk(message.card) if node.get("id") == name)
    return {choice["title"]: choice["value"] for choice in node.get("choices", [])}


def test_a_role_is_given_by_typing_a_name_of_the_organisation(teams: FakeTeams, bot: Running):
    """Robin has never written to the bot, nor is in any conversation that it is in."""
    teams.conversations[ROBINS].installed = True  # as an administrator does for everybody
    form = settings_form(teams, bot)
    robin = teams.find(form, "role_mpe", "robin")
    teams.press(form, "Save", role_mpe=f"{robin.upper()},{teams.find(form, 'role_mpe', 'sam')}")
    bot.settle()
    assert bot.store.settings(teams.tenant)["role_mpe"] == [ROBIN.object_id, SAM.object_id]
    assert "Medical physics experts: Robin Governance, Sam Physicist" in form.text
    assert robin not in form.text


def test_whoever_is_picked_where_the_app_is_not_is_to_write_to_it_first(teams: FakeTeams, bot: Running):
    form = settings_form(teams, bot)
    robin = teams.find(form, "role_mpe", "robin")
    teams.press(form, "Save", role_mpe=robin)
    bot.settle()
    assert "role_mpe" not in bot.store.settings(teams.tenant)
    assert "pick them in the form, once they have written to me" in form.text
    teams.conversations[ROBINS].installed = True
    teams.say("help", ROBINS, who=ROBIN)
    teams.press(form, "Save", role_mpe=robin)
    bot.settle()
    assert bot.store.settings(teams.tenant)["role_mpe"] == [ROBIN.object_id]


def test_those_who_are_set_stand_there_by_their_names_and_stay(teams: FakeTeams, bot: Running):
    teams.conversations[ROBINS].installed = True
    form = settings_form(teams, bot)
    teams.press(form, "Save", role_rps=ROBIN.object_id)
    bot.settle()
    again = settings_form(teams, bot)
    assert offered(again, "role_rps")["Robin Governance"] == ROBIN.object_id
    teams.press(again, "Save", ping_days="7, 1")
    bot.settle()
    kept = bot.store.settings(teams.tenant)
    assert (kept["role_rps"], kept["ping_days"]) == ([ROBIN.object_id], [7, 1])


def test_a_channel_is_chosen_by_its_name_among_those_of_the_teams_that_the_app_is_in(
    teams: FakeTeams, bot: Running
):
    teams.say("help", CHANNEL)
    bot.settle()
    form = settings_form(teams, bot)
    assert offered(form, "incidents_channel") == {
        "None": "none", "General": TEAM, "Governance": OTHER_CHANNEL, "Incidents": CHANNEL,
    }  # fmt: skip
    teams.press(form, "Save", incidents_channel=OTHER_CHANNEL)
    bot.settle()
    assert "Incidents channel: Governance" in form.text
    assert "careful" not in form.text, "the bot is in every channel of its team that is for all"
    again = settings_form(teams, bot)
    teams.press(again, "Save", incidents_channel="none")
    bot.settle()
    assert not bot.store.settings(teams.tenant).get("incidents_channel")


def test_no_channel_is_offered_once_where_the_form_comes_again(teams: FakeTeams, bot: Running):
    """What a card offers is looked at by the fake as well: no two choices of one value."""
    teams.say("help", CHANNEL)
    form = settings_form(teams, bot)
    teams.press(form, "Save", nation="France")
    assert "⚠ nation wants one of" in form.text
    assert [*offered(form, "incidents_channel")] == ["None", "General", "Governance", "Incidents"]


@pytest.mark.parametrize("named", ["nowhere", "Governance", "a:robin", ROBIN.object_id, "here"])
def test_only_a_channel_is_set_as_one(teams: FakeTeams, bot: Running, named: str):
    """`here` is said in one's own chat with the bot."""
    teams.say(f"settings incidents_channel {named}", CHAT)
    bot.settle()
    assert "Name a channel: here, in the channel itself" in teams.last(CHAT).text
    assert "incidents_channel" not in bot.store.settings(teams.tenant)


def test_a_form_that_is_sent_as_it_came_changes_nothing(teams: FakeTeams, bot: Running):
    teams.say("settings incidents_channel here", CHANNEL)
    bot.settle()
    form = settings_form(teams, bot)
    teams.press(form, "Save")
    assert "Nothing was changed." in form.text


def test_a_private_channel_is_offered_once_the_bot_was_heard_in_it(teams: FakeTeams, bot: Running):
    teams.say("help", CHANNEL)
    bot.settle()
    assert "Board" not in offered(settings_form(teams, bot), "incidents_channel")
    activity = teams.activity("conversationUpdate", CHANNEL)
    activity["conversation"]["id"] = BOARD
    activity["channelData"]["channel"] = {"id": BOARD, "name": "Board", "type": "private"}
    teams.deliver(activity)
    assert offered(settings_form(teams, bot), "incidents_channel")["Board"] == BOARD


def test_channels_of_several_teams_say_whose_they_are(teams: FakeTeams, bot: Running):
    other = "19:other@thread.tacv2"
    teams.teams[other] = [Channel(other, None)]
    teams.say("help", CHANNEL)
    activity = teams.activity("conversationUpdate", CHANNEL)
    activity["conversation"]["id"] = other
    activity["channelData"] |= {"team": {"id": other}, "channel": {"id": other}}
    teams.deliver(activity)
    bot.settle()
    names = offered(settings_form(teams, bot), "incidents_channel")
    assert "Radiation safety: Incidents" in names
    assert "General" not in names


def test_a_channel_is_told_of_by_its_name_where_no_message_says_it(teams: FakeTeams, bot: Running):
    teams.say("settings incidents_channel here", CHANNEL)
    bot.settle()
    assert "Incidents channel: Incidents." in teams.last(CHAT).text
    teams.say("settings fallback_channel here", GROUP)
    bot.settle()
    assert GROUP not in teams.last(CHAT).text


def test_where_no_channel_is_known_it_is_typed(teams: FakeTeams, bot: Running):
    form = settings_form(teams, bot)
    node = next(node for _, node in walk(form.card) if node.get("id") == "incidents_channel")
    assert node["type"] == "Input.Text"
    assert teams.refusals == []


def test_a_team_that_teams_does_not_list_leaves_what_is_known(teams: FakeTeams, bot: Running):
    teams.teams.clear()
    activity = teams.activity("conversationUpdate", CHANNEL)
    activity["channelData"]["channel"]["name"] = "Incidents"
    teams.deliver(activity)
    assert offered(settings_form(teams, bot), "incidents_channel") == {"None": "none", "Incidents": CHANNEL}


def test_in_a_channel_those_are_searched_who_are_in_it(teams: FakeTeams, tmp_path):
    """The whole organisation Teams searches in a chat with the bot alone."""
    player = TeamsPlayer(teams, tmp_path / "irmer.sqlite", NOW, "england")
    teams.deliver(teams.activity("conversationUpdate", CHANNEL))
    player.say(f"settings incidents_channel {CHANNEL}")
    player.check("", SERIOUS)
    player.press("Open a case")
    player.wait(player.now)
    card = teams.last(CHANNEL)
    teams.press(card, "Assign")
    player.bot.settle()
    form = teams.last(CHANNEL, card.id)
    with pytest.raises(ValueError, match="not enough values"):
        teams.find(form, "user", "robin")
    teams.press(form, "Save", user=teams.find(form, "user", "sam"))
    player.bot.settle()
    owner = player.store.case(teams.tenant, "C26-0001").owner
    assert owner is not None
    assert owner.name == SAM.name
    player.stop()


def test_cases_are_handed_over_to_somebody_who_is_picked_and_never_wrote(teams: FakeTeams, tmp_path):
    teams.conversations[ROBINS].installed = True
    player = TeamsPlayer(teams, tmp_path / "irmer.sqlite", NOW, "england")
    player.check("", SERIOUS)
    player.press("Open a case")
    player.say("take C26-0001")
    player.say("hand over")
    player.press("Ask them", user=teams.find(player.card, "user", "robin"))
    assert "Robin Governance is asked to take over 1 case" in player.card.text
    player.wait(player.now)
    offer = teams.last(ROBINS)
    assert f"{ALEX.name} asks you to take over 1 case" in offer.text
    teams.press(offer, "Accept", ROBIN)
    player.bot.settle()
    owner = player.store.case(teams.tenant, "C26-0001").owner
    assert owner is not None
    assert (owner.id, owner.name) == (ROBIN.object_id, ROBIN.name)
    assert "yours now" in offer.text
    player.wait(player.now)
    assert "Robin Governance has taken over 1 case of yours." in teams.last(CHAT).text
    player.stop()
