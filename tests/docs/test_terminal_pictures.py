"""The pictures of the terminal show what the program says now."""

import pytest

from tools.pictures.terminal import PICTURES, SCENES, draw


@pytest.mark.parametrize("name", SCENES)
def test_the_picture_is_what_the_program_draws(name: str) -> None:
    title, lines = SCENES[name]
    assert (PICTURES / f"{name}.svg").read_text() == draw(title, lines), "make pictures brings it up to date"
