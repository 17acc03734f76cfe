"""A bare number picks from the list that was shown last, or answers the question that stands, or is asked
about; and commands while a check is unfinished."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.messages import Command, Place, Pressed, Said
from bot.core.shown import bare_number
from tests.core.cases.ward import ANA, BEN, BUTTONS, NOTIFY, TYPED, T, Ward

CHANNEL = Place("C9")


def say(ward: Ward, words: str, **how: object) -> str:
    ward.ask(Said(words, mentioned=True), **how)  # type: ignore[arg-type]
    return ward.shown


@pytest.fixture(params=[TYPED, BUTTONS], ids=["typed", "with buttons"])
def hospital(request: pytest.FixtureRequest, tmp_path: Path) -> Ward:
    ward = Ward(tmp_path / "a.sqlite", request.param)
    ward.case()
    ward.later(minutes=1)
    ward.case()
    return ward


@pytest.mark.parametrize("number", ["2", " 2.", "(2)", "#2", "２"])
def test_a_number_after_a_list_shows_what_it_stands_for(hospital: Ward, number: str) -> None:
    say(hospital, "cases")
    assert say(hospital, number).startswith("C26-0002 Diagnostic")
    # The list no longer stands: what is shown now is the case.
    assert "2 of what? There is no question and no list here" in say(hospital, "2")


def test_the_numbers_of_a_page_are_its_own(hospital: Ward) -> None:
    for _ in range(20):
        hospital.record(NOTIFY)
    say(hospital, "cases unconfirmed 2")
    assert "The list goes from 21 to 22." in say(hospital, "2")
    assert say(hospital, "21").startswith("Record 2026-0002")


def test_a_list_is_for_whom_and_where_it_was_shown(hospital: Ward) -> None:
    say(hospital, "cases")
    assert "of what?" in say(hospital, "1", user=BEN)
    hospital.ask(Command("1"), place=CHANNEL)
    assert "of what?" in hospital.shown
    assert say(hospital, "1").startswith("C26-0001")


def test_a_list_that_nobody_remembers_is_asked_about(hospital: Ward) -> None:
    say(hospital, "due")
    hospital.later(hours=13)
    assert "of what?" in say(hospital, "1")


def test_at_a_question_it_answers_that_question_though_a_list_was_shown_before(hospital: Ward) -> None:
    say(hospital, "check")
    shown = say(hospital, "cases")
    assert shown.index("Open cases") < shown.index("1.")
    say(hospital, "1")
    (draft,) = hospital.store.drafts(T)
    assert draft.state["facts"]


def test_after_a_list_alone_it_answers_no_question_that_stands_elsewhere(hospital: Ward) -> None:
    say(hospital, "check")
    (before,) = hospital.store.drafts(T)
    hospital.ask(Command("cases"), place=CHANNEL)
    hospital.ask(Command("2"), place=CHANNEL)
    assert hospital.shown.startswith("C26-0002")
    hospital.ask(Command("2"), place=CHANNEL)
    assert "of what?" in hospital.shown
    assert hospital.store.drafts(T) == (before,)


@pytest.mark.parametrize("text", ["C26-0001", "c26 0001.", "the case C26-0001", "2026-0001"])
def test_a_reference_alone_shows_what_it_is_of(ward: Ward, text: str) -> None:
    ward.case()
    shown = ward.say("case 2026-0001" if text[0] == "2" else "case C26-0001")
    assert "NOTIFY — code 1" in shown
    assert ward.say(text) == ward.tell(text) == shown
    assert "There is no case C26-0009 here" in ward.say("C26-0009")


def test_what_people_say_among_themselves_picks_nothing(hospital: Ward) -> None:
    thread = Place("C9", thread="t1")
    hospital.ask(Command("cases"), place=thread)
    assert hospital.ask(Said("2"), place=thread) == []


def test_a_list_in_the_place_of_a_pressed_one_is_the_last(hospital: Ward) -> None:
    for _ in range(20):
        hospital.record(NOTIFY)
    say(hospital, "cases unconfirmed")
    hospital.ask(Pressed("look", "cases unconfirmed 2"), ANA)
    assert say(hospital, "22").startswith("Record 2026-0001")


@pytest.mark.parametrize("text", ["-2", "2 mSv", "2,5", "two", "", "12345", "2?", "C26-0002"])
def test_what_is_more_than_a_number_is_none(text: str) -> None:
    assert bare_number(text) is None


# Commands while a check is unfinished

WHY = "Why is the record corrected?"


def test_a_command_typed_where_free_text_is_asked_is_a_command(ward: Ward) -> None:
    ref = ward.case()
    at_why(ward)
    shown = say(ward, f"note {ref} the relatives were told")
    assert f"Noted on {ref}" in shown
    assert [note.text for note in ward.store.notes(T, ref)] == ["the relatives were told"]
    assert asked(ward) == WHY
    for words in ("due", "cases overdue", "threshold 4.2b", "help", "what is CSAUE"):
        say(ward, words)
        assert len(ward.cards) == 2
        assert asked(ward) == WHY


@pytest.mark.parametrize(
    "reason",
    [
        "Check of the identity was left out, the wrong patient was scanned",
        "Due to a fault the scan was repeated",
        "Note that the list was read wrongly",
        "Help was called at once and the scan stopped",
        "Cases were mixed up in the list",
        "Threshold of the alarm was set too high by the vendor",
        "Reported by the night shift",
        "Close to the end of the list two names were exchanged",
        "What is not clear yet is who checked the list",
    ],
)
def test_a_reason_that_begins_with_a_word_of_ours_is_a_reason(ward: Ward, reason: str) -> None:
    at_why(ward)
    say(ward, reason)
    assert ward.store.record(T, "2026-0001").why == reason


def at_why(ward: Ward) -> None:
    """At the reason for a correction, the one text that is asked for."""
    ward.record(NOTIFY)
    for words in ("correct 2026-0001", "edit total dose", "41 mSv", "yes"):
        say(ward, words)
    assert asked(ward) == WHY


def asked(ward: Ward) -> str:
    return ward.cards[-1].title


def test_a_check_that_was_set_aside_stands_in_the_way_of_no_command(ward: Ward) -> None:
    ref = ward.case()
    say(ward, "check wrong patient had a CT head, 3 mSv")
    say(ward, "quit")
    (before,) = [draft.state for draft in ward.store.drafts(T)]
    ward.now += timedelta(days=1)
    assert "Name the case by its reference" in say(ward, "notified")
    assert "Notified" in say(ward, f"notified {ref} CQC-1")
    assert say(ward, "due").startswith("Due")
    assert say(ward, f"case {ref}").startswith(ref)
    (after,) = [draft.state for draft in ward.store.drafts(T)]
    assert after["facts"] == before["facts"]


def test_hello_among_people_is_no_call_for_help(ward: Ward) -> None:
    thread = Place("C9", thread="t1")
    for words in ("Hi all, the patient was told", "hello", "check with Ben please", "help is on the way",
                  "what is the plan", "What happened to him?",
                  "threshold of pain is high in this one I think", "due to the fault"):  # fmt: skip
        assert ward.ask(Said(words), place=thread) == [], words
    for words in ("due", "cases mine", "threshold foetal", "help"):
        assert ward.ask(Said(words), place=thread), words


@pytest.mark.parametrize("number", ["9991234560", "999 123 4560", "９９９１２３４５６０"])
def test_a_patients_number_is_repeated_by_none_of_them(hospital: Ward, number: str) -> None:
    assert "4560" not in say(hospital, number)
    for words in ("check CT head on the wrong patient, 40 year old man, 2 mSv, nothing was intended", number):
        hospital.tell(words)
    assert "4560" not in hospital.shown
