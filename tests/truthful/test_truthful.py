"""Whoever answers truthfully never gets a "no" that the whole incident contradicts, finds no fact in a record
that they did not give, no case touched that they did not name, and in the store what they were told was kept.

Five hundred plays, most of them through core with what each platform can do, and some over each platform's
fake; `make truth` plays a hundred times as many.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sqlite import open_store
from tests.truthful.plays import FACES, OF_CORE, errands, moves, play
from tests.truthful.unhurried import unhurried

pytestmark = pytest.mark.long

# Of each way through core, and of each face: as the time goes that one takes.
PARTS, PLAYS = {"words": 1, "buttons": 2, "thread": 2, "dialogs": 5, "forms": 6, "shared forms": 4}, 25
OVER_A_FACE = 3


@pytest.mark.parametrize(("way", "part"), [(way, part) for way in OF_CORE for part in range(PARTS[way])])
def test_a_truthful_person_is_never_misled(way, part, tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("truth") / "irmer.sqlite")

    @settings(max_examples=PLAYS, derandomize=True)
    @given(st.integers(0, 2**40))
    def plays(number):
        play(OF_CORE[way](store, f"{way}{number}"), number * 5 + part)

    plays()
    assert store.verify() == []
    store.close()


@pytest.mark.parametrize("face", FACES)
def test_nor_on_a_face_itself_whatever_they_do(face, tmp_path):
    """Every kind of move that there is on it is made."""
    made = Counter[str]()
    for number in range(OVER_A_FACE):
        with unhurried():
            door = FACES[face](tmp_path / f"{number}.sqlite")
            possible = moves(door)
            made += play(door, number, errands(door, number, OVER_A_FACE))
            assert door.store.verify() == []
            door.close()
    never_made = {*possible} - {*made}
    assert never_made == set()
