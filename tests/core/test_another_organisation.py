"""Through no door is anything of another organisation read or written: every word, button and form is tried
with its ids, and the store is watched meanwhile."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from bot.core.messages import Capabilities, Pressed, Request, mark_of
from storage.model import Person
from tests.core.cases.ward import ANA, BUTTONS, TYPED, Ward
from tests.foreign.ids import NUMBERS, OTHER, SECRET, Walk, fill, watching
from tests.foreign.walks import by_slack, by_teams, by_the_core


@pytest.mark.parametrize("face", [BUTTONS, TYPED], ids=lambda face: face.name)
def test_no_word_button_or_form_reads_or_writes_anothers(tmp_path: Path, face: Capabilities) -> None:
    walk = by_the_core(tmp_path / "irmer.sqlite", face)
    assert walk.tried > 2000
    assert walk.clean, walk


async def test_nor_does_what_slack_brings(tmp_path: Path) -> None:
    walk = await by_slack(tmp_path / "irmer.sqlite", every=30)
    assert walk.tried > 90
    assert walk.clean, walk


def test_nor_does_what_teams_brings_out_of_a_directory_of_several(tmp_path: Path) -> None:
    walk = by_teams(tmp_path / "irmer.sqlite", every=30)
    assert walk.tried > 60
    assert walk.clean, walk


def test_what_is_left_of_a_card_of_another_organisation_is_refused_and_says_why(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    fill(ward)
    ward.say(f"case {NUMBERS['case']}", tenant=OTHER)
    button = ward.cards[0].buttons[0]
    trail = ward.store.audit(OTHER)
    for user in (ANA, replace(ANA, id="U2")):
        ward.ask(Pressed(button.action, button.value, tenant=mark_of(OTHER)), user)
        assert "made in another organisation's name" in ward.shown
    assert ward.store.audit(OTHER) == trail


def test_nothing_of_a_request_is_lost_once_it_is_known_whose_it_is() -> None:
    values = {field.name: field.name for field in fields(Request)}
    request = Request(**values)
    assert request.of("t", "w", ("s",)) == replace(request, tenant="t", whence="w", several=("s",))


def test_a_look_up_bears_the_mark_of_whoever_asks_it(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    for tenant in ("trust", OTHER, "trust"):
        ward.say("threshold foetal", tenant=tenant)
        assert [card.tenant for card in ward.cards] == [mark_of(tenant)]


def test_what_was_merged_into_this_one_is_shown_by_its_name_and_not_changed(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    fill(ward)
    assert "seen by the other" not in ward.say(f"case {OTHER}:{NUMBERS['case']}")
    ward.store.merge(OTHER, "trust", by=Person("os:root"), now=ward.now)
    shown = ward.say(f"case {OTHER}:{NUMBERS['case']}")
    assert SECRET in shown
    assert f"{OTHER}:{NUMBERS['case']}" in shown
    assert not ward.cards[0].buttons
    trail = ward.store.audit(OTHER)
    assert "it can be shown, and not changed" in ward.say(f"note {OTHER}:{NUMBERS['case']} more")
    assert ward.store.audit(OTHER) == trail
    assert len(ward.store.cases("trust")) == 1 + 7  # those of both
    assert ward.store.verify() == []


def test_the_walk_tells_what_was_read_written_and_shown(tmp_path: Path) -> None:
    ward, walk = Ward(tmp_path / "irmer.sqlite", BUTTONS), Walk()
    fill(ward)
    with watching(ward.store, walk):
        ward.store.cases(OTHER)
        ward.store.add_note(OTHER, NUMBERS["case"], "one more", by=Person("U1"), now=ward.now)
        walk.saw(ward.say(f"case {NUMBERS['case']}", tenant=OTHER))
    assert walk.read > 1
    assert walk.written >= 2  # the note and the trail
    assert walk.shown
