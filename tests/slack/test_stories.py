"""The same stories as on every face, played in Slack: by the form over HTTP, in words over Socket Mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.slack.player import FormPlayer, SlackPlayer, WordsPlayer
from tests.stories import Story, play, stories


@pytest.mark.parametrize("player", [FormPlayer, WordsPlayer])
@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_the_story_comes_out_as_told(story: Story, player: type[SlackPlayer], tmp_path: Path) -> None:
    one = player(tmp_path / "store.sqlite", story.now, story.nation)
    try:
        play(story, one)
        assert one.store.verify() == []
    finally:
        one.close()
