"""The stories that every face plays, in Teams: the same facts, verdicts and records come of them."""

from __future__ import annotations

import pytest

from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL
from tests.stories import play, stories
from tests.teams.player import CHAT, TeamsPlayer


@pytest.mark.parametrize("where", [CHAT, CHANNEL], ids=["personal chat", "channel"])
@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_the_story_comes_out_as_told(teams: FakeTeams, tmp_path, story, where):
    player = TeamsPlayer(teams, tmp_path / "irmer.sqlite", story.now, story.nation, where)
    play(story, player)
    assert player.store.verify() == []
    player.stop()
