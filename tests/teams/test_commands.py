"""What people write to the bot, and where it answers."""

from __future__ import annotations

import pytest

from tests.fakes.teams import FakeTeams
from tests.teams.running import Running

CHAT = "a:alex"


@pytest.mark.parametrize("said", ["threshold foetal", "/irmer threshold foetal", "irmer threshold foetal"])
def test_a_command_in_the_personal_chat_is_answered_there(teams: FakeTeams, bot: Running, said):
    assert teams.say(said, CHAT).status == 200
    bot.settle()
    assert "10 mGy" in teams.last(CHAT).text
