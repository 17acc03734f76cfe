"""What seems to name a person, in Teams: asked about in the personal chat, before anything is kept."""

from __future__ import annotations

from tests.fakes.teams import FakeTeams
from tests.teams.running import Running

CHAT = "a:alex"
NAME = "Testina Okonkwo"


def test_what_happened_waits_and_is_taken_without_the_name(teams: FakeTeams, bot: Running):
    teams.say(f"check {NAME} had a CT head by mistake", CHAT)
    bot.settle()
    asked = teams.last(CHAT)
    assert NAME in str(asked.card)
    assert bot.store.drafts(teams.tenant) == ()
    teams.press(asked, "Keep without it")
    bot.settle()
    (draft,) = bot.store.drafts(teams.tenant)
    assert "[removed] had a CT head" in str(draft.state)
    assert NAME not in str(draft.state)
    assert NAME not in str([message.card for message in teams.posted(CHAT)])


def test_in_a_channel_it_is_asked_in_the_personal_chat(teams: FakeTeams, bot: Running):
    teams.say(f"check {NAME} had a CT head by mistake")
    bot.settle()
    assert NAME in str(teams.last(CHAT).card)
    assert NAME not in str([message.card for message in teams.posted() if message not in teams.posted(CHAT)])
