"""Every story, through the core as each kind of face would ask it."""

import pytest

from tests.core.players import CARDS, DIALOGS, ButtonPlayer, FormPlayer
from tests.stories import play, stories

FACES = {"dialogs": (FormPlayer, DIALOGS), "cards": (FormPlayer, CARDS), "buttons": (ButtonPlayer, DIALOGS)}


@pytest.mark.parametrize("kind", FACES)
@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_the_story_comes_out_as_told(story, kind, tmp_path):
    player, face = FACES[kind]
    one = player(face, tmp_path / "store.sqlite", story.now, story.nation)
    play(story, one)
    assert one.store.verify() == []
