"""Whoever answers truthfully never gets a "no" that the whole incident contradicts, finds no fact in a record
that they did not give, and in the store what they were told was kept.

Five hundred plays; `make truth` plays a hundred times as many.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sqlite import open_store
from tests.truthful.plays import FACES, play

PARTS, PLAYS = 5, 25


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("face", FACES)
def test_a_truthful_person_is_never_misled(face, part, tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("truth") / "irmer.sqlite")

    @settings(max_examples=PLAYS, derandomize=True)
    @given(st.integers(0, 2**40))
    def plays(number):
        play(store, face, number * PARTS + part)

    plays()
    assert store.verify() == []
    store.close()
