"""Every story, in the terminal."""

import pytest

from tests.stories import play, stories
from tests.terminal.player import TerminalPlayer


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_the_story_comes_out_as_told(story, tmp_path):
    player = TerminalPlayer(tmp_path / "store.sqlite", story.now, story.nation)
    play(story, player)
    assert player.store.verify() == []
