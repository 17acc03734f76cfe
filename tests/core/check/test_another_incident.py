"""A story that is told while another check is unfinished never meets that check unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.check.free_text import without_tellers
from bot.core.messages import Place, Pressed, Said
from tests.core.cases.ward import ANA, BEN, BUTTONS, T, Ward

OLD = "check wrong protocol, repeated CT head of a 50 year old, 4 mSv"
NEW = "Wrong patient had a chest x-ray, 34 year old"


@pytest.fixture(params=["typed", "pressed"])
def ward(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ward]:
    opened = Ward(tmp_path / "a.sqlite", *([BUTTONS] if request.param == "pressed" else []))
    opened.say("settings nation england")
    opened.ask(Said(OLD, mentioned=True), ANA)
    yield opened
    opened.store.close()


def states(ward: Ward) -> list[dict[str, object]]:
    return [draft.state for draft in ward.store.drafts(T)]


@pytest.mark.parametrize("answers", [(), ("none",), ("none", "yes"), ("none", "yes", "2 mSv", "yes")])
def test_a_story_told_at_a_question_or_a_verdict_leads_to_the_choice(
    ward: Ward, answers: tuple[str, ...]
) -> None:
    for words in answers:
        ward.tell(words)
    before = states(ward)[0]["facts"]
    shown = ward.tell(NEW)
    assert "Another check is unfinished: “wrong protocol, repeated CT head" in shown
    assert f"The new words: {NEW}" in shown
    old, new = sorted(states(ward), key=lambda state: bool(state["waiting"]))
    assert (old["facts"], new["facts"], new["waiting"]) == (before, {}, NEW)


def test_a_story_is_no_answer_though_it_gives_what_was_asked_for(ward: Ward) -> None:
    ward.tell("edit age")
    story = "Head CT turned into trauma whole body. 33M. Only a head was asked for, two requests got merged"
    assert "Another check is unfinished" in ward.tell(story)
    assert [state["facts"]["age_years"] for state in states(ward) if state["facts"]] == [50]  # type: ignore[index]


def test_a_story_that_names_no_examination_and_says_of_whom_it_is_meets_no_old_check(ward: Ward) -> None:
    ward.tell("edit total dose")
    before = states(ward)[0]["facts"]
    story = "Foot pedal stuck down, beam on for minutes. There's now a sore on the scalp, wk 4. 47F"
    assert "Another check is unfinished" in ward.tell(story)
    assert before in [state["facts"] for state in states(ward)]


@pytest.mark.parametrize(
    "words",
    [
        "wedge missing for 1 fraction of her breast tangents. 25 in all. 57F",
        "bladder not filled for 2 of her prostate fractions",
        "the gallium for the PET was drawn up twice",
        "cables of the plate crossed over twice, 34F in resus at 3 am",
        "nobody else exposed. something went wrong with a scan",
        "Something's gone wrong in theatre",
        "there was a problem with an x-ray",
    ],
)
def test_words_that_may_be_of_another_are_not_mixed_into_a_check(ward: Ward, words: str) -> None:
    before = states(ward)[0]["facts"]
    assert "Another check is unfinished" in ward.tell(words)
    assert before in [state["facts"] for state in states(ward)]


def test_a_check_that_nobody_knows_the_kind_of_is_left_alone_too(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "d.sqlite")
    ward.ask(Said("check", mentioned=True), ANA)
    for words in ("?", "2", "that is all I know", "no"):
        ward.tell(words)
    assert "Discard it all the same?" in ward.shown
    before = states(ward)[0]["facts"]
    assert "Another check is unfinished" in ward.tell(NEW)
    assert before in [state["facts"] for state in states(ward)]
    ward.store.close()


def test_words_that_belong_to_the_old_check_after_all_are_read_into_it(ward: Ward) -> None:
    ward.tell(NEW)
    shown = ward.tell("the new words belong to it")
    assert "unfinished" not in shown
    (state,) = states(ward)
    later = f"Radiographer A, Tue 24 November 2026 at 09:30: {NEW}"
    assert state["details"]["account"] == f"{OLD.removeprefix('check ')}\n{later}"  # type: ignore[index]
    assert state["facts"]["age_years"] == 34  # type: ignore[index]


@pytest.mark.parametrize(
    "words",
    [
        "Actually, another incident: wrong patient had a chest CT, 45 year old",
        "sorry, different patient: wrong CT head on a 50 year old today",
        "wait there is another one, a patient had a CTPA meant for someone else",
        "no that is another patient, she had a CT head twice, 60 year old",
        "another patient, CTPA twice",
    ],
)
def test_what_is_said_to_be_another_is_one_whatever_the_words_begin_with(ward: Ward, words: str) -> None:
    before = states(ward)[0]["facts"]
    assert "Another check is unfinished" in ward.tell(words)
    assert before in [state["facts"] for state in states(ward)]


@pytest.mark.parametrize(
    "words",
    [
        "it was a CT head, 2 mSv in all",
        "no, the CT head was meant for another patient",
        "she was 9 weeks pregnant at the time",
        "no, the wrong side of the head",
        "the patient is 52 years old",
        "her age on the request was 52 not 50",
    ],
)
def test_what_answers_or_adds_to_a_check_is_no_other_incident(ward: Ward, words: str) -> None:
    ward.tell("edit total dose")
    assert "unfinished" not in ward.tell(words)
    assert len(states(ward)) == 1


def test_a_yes_with_something_more_keeps_what_is_more(ward: Ward) -> None:
    ward.tell("no")
    shown = ward.tell("yes it is right but she also had a burn on the skin")
    assert "unfinished" not in shown
    assert "burn" in str(states(ward)) or "observable" in str(states(ward))
    assert ward.store.records(T) == ()


def test_a_colleagues_talk_of_another_incident_is_not_taken_and_that_is_said(tmp_path: Path) -> None:
    ward, thread = Ward(tmp_path / "b.sqlite", BUTTONS), Place("c1", thread="th1")
    ward.ask(Said(OLD, mentioned=True), ANA, place=thread)
    before = states(ward)
    ward.ask(Said(NEW), BEN, place=thread)
    assert "That reads like another incident, and nothing of it was taken here" in ward.shown
    assert states(ward) == before
    ward.store.close()


def test_a_story_at_the_first_question_of_an_empty_check_is_read(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "c.sqlite")
    ward.ask(Said("check", mentioned=True), ANA)
    shown = ward.tell(NEW)
    assert "Understood so far" in shown
    (state,) = states(ward)
    assert state["details"]["account"] == NEW  # type: ignore[index]
    ward.store.close()


def test_a_story_of_a_few_words_is_read_at_the_first_question_and_meets_no_old_check(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "e.sqlite")
    ward.ask(Said("check", mentioned=True), ANA)
    assert "Wrong patient: was this person due any exposure of their own?" in ward.tell("wrong patient CT")
    (state,) = states(ward)
    assert state["details"]["account"] == "wrong patient CT"  # type: ignore[index]
    assert "unfinished" not in ward.tell("wrong patient CT")  # the same again is no other
    assert "Another check is unfinished: “wrong patient CT" in ward.tell("wrong side hip film")
    ward.store.close()


def test_what_is_said_later_stands_in_the_account_with_who_said_it_and_when(ward: Ward) -> None:
    ward.tell("she was 9 weeks pregnant at the time")
    assert "To be asked, and not taken from words alone: unintended foetal exposure" in ward.shown
    ward.now += ward.minute
    ward.tell("no, total dose 5 mSv")
    (state,) = states(ward)
    assert state["details"]["account"].splitlines() == [  # type: ignore[index]
        OLD.removeprefix("check "),
        "Radiographer A, Tue 24 November 2026 at 09:30: she was 9 weeks pregnant at the time",
        "Radiographer A, Tue 24 November 2026 at 09:31: no, total dose 5 mSv",
    ]
    assert state["facts"]["total_dose"] == "5 mSv"  # type: ignore[index]
    told = without_tellers(state["details"]["account"]).splitlines()  # type: ignore[index]
    assert told[1:] == [
        "Tue 24 November 2026 at 09:30: she was 9 weeks pregnant at the time",
        "Tue 24 November 2026 at 09:31: no, total dose 5 mSv",
    ]


def test_a_press_on_the_card_of_another_check_shows_what_that_one_holds(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "f.sqlite", BUTTONS)
    thread = Place("c1", thread="th1")
    ward.ask(Said(OLD, mentioned=True), ANA, place=thread)
    button = ward.button("Don't know")
    ward.ask(Said("check new", mentioned=True), ANA, place=thread)
    ward.ask(Pressed(button.action, button.value), ANA, place=thread)
    assert ward.cards[0].title.startswith("What this check holds: “wrong protocol, repeated CT head")
    ward.press("Don't know", place=thread)  # it stands now
    assert not any(card.title.startswith("What this check holds") for card in ward.cards)
    ward.store.close()
