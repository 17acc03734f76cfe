"""Every door has one limit of length: what is longer is told so in a line, and nothing of it is taken."""

import pytest

from bot.core.messages import Changed, Command, Done, Open, Place, Pressed, Replace, Said, Submitted
from bot.core.refused import LONGEST_TEXT
from tests.core.cases.ward import NOTIFY, T, Ward

LONG = "," * (LONGEST_TEXT + 1)
THREAD = Place("c1", thread="th1")


def kept(ward: Ward) -> object:
    return [
        (ward.store.records(T), ward.store.cases(T), ward.store.settings(T), ward.store.audit(T)),
        [(draft.key, draft.state, draft.version) for draft in ward.store.drafts(T)],
    ]


@pytest.mark.parametrize(
    "made",
    [
        lambda ref, key: Command(f"edit discovered on {LONG}"),
        lambda ref, key: Command(f"note {ref} {LONG}"),
        lambda ref, key: Said(LONG, mentioned=True),
        lambda ref, key: Pressed(LONG),
        lambda ref, key: Pressed("case.show", f"{ref}:{LONG}"),
        lambda ref, key: Pressed("check.answer", key, {"answer": LONG}),
        lambda ref, key: Submitted("case.note", f"{ref}:1:", {"note": LONG}),
        lambda ref, key: Submitted("case.note", LONG, {"note": "seen"}),
        lambda ref, key: Submitted("check", key, {"total_dose": LONG}),
        lambda ref, key: Submitted("check", key, {LONG: ""}),
        lambda ref, key: Changed("check", key, "total_dose", {"total_dose": LONG}),
    ],
)
def test_what_is_too_long_changes_nothing_closes_nothing_and_is_told(pressed: Ward, made) -> None:
    ref = pressed.case(NOTIFY)
    pressed.say("check")
    assert pressed.form is not None
    what, before = made(ref, pressed.form.key), kept(pressed)
    replies = pressed.ask(what)
    assert f"nothing of it was taken: write it in at most {LONGEST_TEXT:,} characters." in pressed.shown
    assert len(pressed.cards) == 1
    assert not any(isinstance(reply, Done | Open | Replace) for reply in replies)
    assert kept(pressed) == before


def test_what_is_just_short_enough_is_kept_whole(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    text = "a" * (LONGEST_TEXT - len(f"note {ref} "))
    ward.say(f"note {ref} {text}")
    assert [note.text for note in ward.store.notes(T, ref)] == [text]


def test_people_s_own_long_talk_is_let_be(ward: Ward) -> None:
    assert ward.ask(Said(LONG), place=THREAD) == []


def test_a_number_of_more_figures_than_python_reads_is_asked_again(ward: Ward) -> None:
    ward.say("check")
    ward.tell("edit age in years")
    assert len(ward.tell("1" * 9_000)) < 2_000
    assert ward.store.drafts(T)
