"""A kept record shows what to do next and what it rests on; the reasons are asked for, or fold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.cards import Folded
from bot.core.messages import Capabilities
from tests.core.cases.ward import BUTTONS, NOTIFY, TYPED, Ward


@pytest.mark.parametrize("face", [TYPED, BUTTONS], ids=["typed", "with buttons"])
def test_the_reasons_of_a_record_are_shown_where_they_are_asked_for(
    face: Capabilities, tmp_path: Path
) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", face)
    number = ward.record(NOTIFY)
    shown = ward.say(f"case {number}")
    assert "Criteria met" not in shown
    assert "What it rests on" in shown
    if face.buttons:
        why = ward.press("Show reasons")
    else:
        assert f"case {number} reasons: why the verdict is what it is" in shown
        why = ward.say(f"case {number} reasons")
    assert why.startswith(f"Record {number}, reasons: NOTIFY")
    assert "Criteria met" in why
    ward.say(f"open {number}")
    assert "Criteria met" in ward.say("case C26-0001 reasons"), "of a case it is the last record"
    ward.store.close()


def test_they_fold_on_the_card_where_it_can(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", replace(BUTTONS, folds=True))
    ward.say(f"case {ward.record(NOTIFY)}")
    (card,) = ward.cards
    assert any(isinstance(block, Folded) for block in card.blocks)
    assert "Show reasons" not in [button.label for button in card.buttons]
    ward.store.close()
