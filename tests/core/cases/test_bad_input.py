"""Whatever is typed, pressed or sent off: an answer in plain words, the record unharmed."""

import pytest

from bot.core.actions.table import BY_WORD
from bot.core.messages import Command, Pressed, Submitted
from bot.core.word_table import LISTS
from tests.core.cases.ward import TYPED, UNDECIDED, T, Ward

TAILS = (
    "", "{ref}", "{number}", "{ref} x", "{ref} 2026-12-99", "{ref} \u202eabc \U0001f480", "{number} as king",
    "C26-0000", "C99-99999999999", "x" * 40_000, "{ref} tomorrow 25:00", "{ref} 0 hours", "{ref} 31 February",
    "{ref} report 9999-12-31 why", "{ref} 999 days because", "{number} compared",
)  # fmt: skip
VALUES = ("", "{ref}", "{ref}:1", "{ref}:99", "{ref}:1:notify", "{ref}:x:confirm", "{number}:0:learning",
          "C26-9999:1", "2026-9999:1", ":::")  # fmt: skip
ACTIONS = tuple(
    "show investigate close take redecide open done snooze confirm learning notify report stand_down reopen "
    "assign note discovered due settings nonsense".split()
)
WRONG = {
    "reference": "x" * 5_000,
    "day": "nonsense",
    "until": "?",
    "role": "king",
    "compared": "x",
    "kind": "no",
}


@pytest.mark.parametrize("word", [*BY_WORD, *LISTS, "stand down", "take over"])
def test_every_word_with_whatever_follows_is_answered(pressed: Ward, word: str) -> None:
    ref, number = pressed.case(UNDECIDED), "2026-0001"
    for face in (pressed.face, TYPED):
        pressed.face = face
        for tail in TAILS:
            assert pressed.ask(Command(f"{word} {tail.format(ref=ref, number=number)}".strip())), tail[:40]
            assert "Traceback" not in pressed.shown
    assert pressed.store.case(T, ref).discovered_on.isoformat() == "2026-11-23"


@pytest.mark.parametrize("action", ACTIONS)
def test_every_button_and_form_with_whatever_it_holds_is_answered(pressed: Ward, action: str) -> None:
    ref, number = pressed.case(UNDECIDED), "2026-0001"
    for value in VALUES:
        about = value.format(ref=ref, number=number)
        assert pressed.ask(Pressed(f"case.{action}", about)), about
        for inputs in ({}, {"note": ""}, WRONG):
            assert pressed.ask(Submitted(f"case.{action}", about, inputs)), (about, inputs)
    assert pressed.store.case(T, ref).discovered_on.isoformat() == "2026-11-23"
