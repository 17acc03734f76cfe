"""Whoever knows no more says so, once, and gets what follows from what they know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.check.answers import ALL_I_KNOW
from bot.core.messages import Command, Said
from rules.facts import FACTS
from tests.core.cases.ward import ANA, BUTTONS, T, Ward
from tests.core.players import CARDS


def ward_of(tmp_path: Path, *face: object) -> Ward:
    ward = Ward(tmp_path / "a.sqlite", *face)  # type: ignore[arg-type]
    ward.say("settings nation england")
    return ward


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = ward_of(tmp_path)
    yield opened
    opened.store.close()


@pytest.mark.parametrize("words", sorted(ALL_I_KNOW))
def test_it_ends_the_asking_at_any_question(ward: Ward, words: str) -> None:
    for said in ("check", "CT", "2", words.capitalize() + "."):
        ward.ask(Said(said, mentioned=True), ANA)
    assert "UNDECIDED" in ward.shown
    assert "To be found out first" in ward.shown
    assert "Nothing more is asked, as you said" in ward.shown


def test_a_check_of_which_nobody_knows_anything_is_kept_too(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "b.sqlite")
    for said in ("check", "that is all I know", "yes"):
        ward.ask(Said(said, mentioned=True), ANA)
    assert "Kept as record 2026-0001, case C26-0001 opened" in ward.shown
    assert ward.store.verify() == []
    ward.store.close()


def test_after_it_a_record_is_kept_and_its_case_opened(ward: Ward) -> None:
    for said in ("check", "that is all I know", "yes"):
        ward.ask(Said(said, mentioned=True), ANA)
    assert "Kept as record 2026-0001, case C26-0001 opened" in ward.shown


@pytest.mark.parametrize(
    ("discovered", "says"),
    [
        ("today", "notify as soon as possible, by Tue 8 December 2026 at the latest; report by"),
        ("2 November 2026", "notify OVERDUE since Mon 16 November 2026: notify now; report by"),
    ],
)
def test_what_is_kept_when_the_days_for_it_are_over_says_so(ward: Ward, discovered: str, says: str) -> None:
    for said in ("check", "edit discovered", discovered, "that is all I know", "yes"):
        ward.ask(Said(said, mentioned=True), ANA)
    assert says in ward.shown


def test_the_asking_can_be_taken_up_again_and_is_where_it_was(ward: Ward) -> None:
    for said in ("check", "CT", "that is all I know"):
        ward.ask(Said(said, mentioned=True), ANA)
    assert "· ask on" in ward.shown
    assert "Was any exposure of this person intended?" in ward.tell("ask on")


def test_a_verdict_that_is_settled_says_so_and_offers_no_more_questions(ward: Ward) -> None:
    for said in ("check", "CT", "near miss", "that is all I know"):
        ward.ask(Said(said, mentioned=True), ANA)
    assert "DO NOT NOTIFY" in ward.shown
    assert "ask on" not in ward.shown


def test_it_is_a_button_of_every_question(tmp_path: Path) -> None:
    ward = ward_of(tmp_path, BUTTONS)
    for said in ("check", "CT"):
        ward.ask(Said(said, mentioned=True), ANA)
        assert ward.button("That is all I know")
    assert "UNDECIDED" in ward.press("That is all I know")
    assert "Was any exposure" in ward.press("Ask what is left")
    ward.store.close()


@pytest.mark.parametrize("face", [BUTTONS, CARDS])
def test_it_is_a_tick_of_every_form(tmp_path: Path, face: object) -> None:
    ward = ward_of(tmp_path, face)
    ward.ask(Command("check"), ANA)
    ward.submit(exposure="unintended", category="diagnostic", enough="enough")
    shown = str(ward.form.blocks) if ward.form else ward.shown
    assert "UNDECIDED" in shown
    (draft,) = ward.store.drafts(T)
    assert draft.state["enough"] is True
    ward.store.close()


# What the words hint at is asked, settled or not


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("CT head twice, 60 mSv in total instead of 4 mSv, patient lost hair in patches", "tissue reaction"),
        ("CT chest repeated by mistake, 60 mSv instead of 2 mSv, skin dose 5 Gy", "tissue reaction"),
        ("CT chest repeated by mistake, 60 mSv instead of 4 mSv, she may be pregnant", "foetus"),
    ],
)
def test_an_effect_or_a_pregnancy_that_is_hinted_at_is_asked_though_it_is_settled(
    ward: Ward, words: str, asks: str
) -> None:
    shown = ward.say(f"check {words}")
    titles = []
    for _ in range(12):
        titles.append(ward.cards[-1].title)
        if "Keep it" in shown:
            break
        shown = ward.tell("none" if "Which of these" in titles[-1] else "don't know")
    assert "NOTIFY" in shown
    assert any(asks in title for title in titles), titles


@pytest.mark.parametrize(
    ("words", "answered", "outcome"),
    [
        ("visitor walked into xray room during exposure, pt exam fine", "public", "NOT FOR IR(ME)R"),
        ("a mother was in the beam holding her child", "carer", ""),
        ("scanner not yet handed over, test exposure made with a volunteer in it", "patient", ""),
    ],
)
def test_who_was_exposed_is_asked_first_where_the_words_speak_of_somebody_else(
    ward: Ward, words: str, answered: str, outcome: str
) -> None:
    ward.say(f"check {words}")
    assert ward.cards[-1].title == "Who was exposed?"
    assert outcome in ward.tell(answered)
    assert ward.cards[-1].title != "Who was exposed?"


@pytest.mark.parametrize(("said", "kept"), [("nobody", []), ("no", []), ("2", ["member_of_public"])])
def test_who_was_exposed_besides_is_asked_before_a_verdict(ward: Ward, said: str, kept: list[str]) -> None:
    ward.say("check Student radiographer, 20, pregnant, walked in on the exposure. Patient ok, 68M")
    for words in ("diagnostic", "4", "none", "none"):
        shown = ward.tell(words)
    assert "Was anybody else exposed" in ward.cards[-1].title
    assert "nobody, don't know" in shown
    ward.tell(said)
    (draft,) = ward.store.drafts(T)
    assert draft.state["facts"]["others_exposed"] == kept


@pytest.mark.parametrize("ended", ["that is all I know", "don't know"])
def test_a_no_names_what_was_hinted_at_and_nobody_answered(ward: Ward, ended: str) -> None:
    ward.say(
        "check knee x-ray repeated in error, intended 0.001 mSv, total 0.002 mSv, 40 year old man, "
        "one patient, no equipment fault, not clinically significant, found yesterday, "
        "a skin lesion became an ulcer"
    )
    assert "tissue reaction" in ward.cards[-1].title
    shown = ward.tell(ended)
    while "DO NOT NOTIFY" not in shown:
        title = ward.cards[-1].title
        assert title == "Is this right?" or "intended" in title
        shown = ward.tell("yes")
    before_the_question, _, _ = shown.partition("Keep it")
    (line,) = [line for line in before_the_question.splitlines() if "Said, and never answered" in line]
    assert "Deterministic effect: Is it transient" in line


def test_what_is_said_not_to_be_known_is_not_asked_twice(ward: Ward) -> None:
    shown = ward.say("check CT head twice, 60 mSv in total instead of 4 mSv, patient lost hair in patches")
    asked = []
    while "Keep it" not in shown and len(asked) < 12:
        asked.append(ward.cards[-1].title)
        shown = ward.tell("?")
    assert len(asked) == len({*asked}) < 12


# Where nobody knows the kind of exposure

_FIRST = ("planning_scans", "images_in_fraction", "geographical_miss", "prescribed_activity")
KINDS = {FACTS[name].ask for name in _FIRST}


def test_each_kind_is_asked_about_by_itself_and_passed_over_in_one_word(ward: Ward) -> None:
    shown, asked = ward.say("check"), []
    while "Keep it" not in shown and len(asked) < 30:
        asked.append(ward.cards[-1].title)
        shown = ward.tell("nothing of this kind" if "each kind is asked about" in shown else "don't know")
    assert "UNDECIDED" in shown
    assert len(asked) <= 14
    of_kinds = [n for n, title in enumerate(asked) if title in KINDS]
    assert of_kinds == list(range(of_kinds[0], of_kinds[0] + 4))
    assert ward.tell("yes").startswith("Kept as record 2026-0001, case C26-0001 opened")


def test_it_is_a_button_too(tmp_path: Path) -> None:
    ward = ward_of(tmp_path, BUTTONS)
    for said in ("check", "?", "2", "?", "?", "?", "?"):
        ward.ask(Said(said, mentioned=True), ANA)
    assert "planning scans" in ward.cards[-1].title
    assert "How many images" in ward.press("Nothing of this kind")
    (draft,) = ward.store.drafts(T)
    assert "planning_scans" in draft.state["skipped"]
    ward.store.close()


def test_it_answers_nothing_where_the_kind_is_known(ward: Ward) -> None:
    for said in ("check", "radiotherapy planning", "2", "nothing of this kind"):
        ward.ask(Said(said, mentioned=True), ANA)
    assert not {*ward.store.drafts(T)[0].state["skipped"]}


def test_whom_the_hospital_names_stands_beside_every_verdict(ward: Ward) -> None:
    ward.say("settings ask_here MPE on call: bleep 0450")
    for said in ("check", "that is all I know"):
        ward.ask(Said(said, mentioned=True), ANA)
    assert "To ask here: MPE on call: bleep 0450" in ward.shown
    ward.tell("yes")
    assert "To ask here: MPE on call: bleep 0450" in ward.say("record 2026-0001")
    ward.say("settings ask_here none")
    assert "To ask here" not in ward.say("record 2026-0001")
