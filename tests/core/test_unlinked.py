"""Where nothing leads to an organisation a check ends in a verdict, and nothing of it stays."""

from __future__ import annotations

from pathlib import Path

from bot.core.messages import Place, Pressed, Said
from bot.core.words.link_words import NOT_KEPT, NOWHERE
from storage.model import UNLINKED
from tests.core.cases.ward import BUTTONS, TYPED, Ward

SAID = (
    "check CT head of the wrong patient in England yesterday, an adult man of 40, unintended, 25 mSv instead "
    "of 2 mSv"
)


def test_a_check_that_is_typed_ends_in_a_verdict_and_leaves_nothing(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", TYPED)
    ward.say(SAID, tenant=UNLINKED)
    for _ in range(40):
        if NOT_KEPT in ward.shown:
            break
        ward.ask(Said("don't know", mentioned=True), tenant=UNLINKED)
    assert NOT_KEPT in ward.shown
    assert "code 2.2" in ward.shown
    assert ward.store.drafts(UNLINKED) == ()
    assert ward.store.tenants() == ()
    assert sum(one.times for one in ward.store.unlinked(since=ward.now)) > 0


def test_what_keeps_or_looks_up_is_refused_with_how_to_link_it(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    for words in ("cases", "case C26-0001", "settings nation wales", "note C26-0001 more", "digest"):
        assert NOWHERE in ward.say(words, tenant=UNLINKED)
        assert "types link" in ward.shown
    for action, value in (("check.keep", "x:1"), ("case.open", "2026-0001"), ("case.settings", "")):
        ward.ask(Pressed(action, value), tenant=UNLINKED, place=Place("c1"))
        assert NOWHERE in ward.shown
    assert "4.2b" in ward.say("threshold 4.2b", tenant=UNLINKED)
    assert ward.store.tenants() == ()
