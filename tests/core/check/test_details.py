"""A verdict is kept at once, and its details come after, from whoever knows them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.messages import Pressed, Said
from storage.model import Person
from tests.core.cases.ward import ANA, BEN, NOT, NOTIFY, T, Ward


def told(ward: Ward) -> list[tuple[str, str, str]]:
    return [(one.field, one.value, one.by.id) for one in ward.store.record(T, "2026-0001").details]


def test_yes_keeps_the_record_opens_the_case_and_plans_its_reminders_at_once(ward: Ward) -> None:
    ward.say("settings nation england")
    ward.say("check")
    for words in ("CT", "2", "40 mSv", "yesterday", "none"):
        ward.tell(words)
    shown = ward.tell("yes")
    assert "Kept as record 2026-0001, case C26-0001 opened" in shown
    assert {one.kind for one in ward.store.deadlines(T)} == {"notify", "report", "confirm"}
    assert ward.store.to_come(T, after=ward.now)
    assert ward.store.drafts(T) == ()
    still = "Still to be added by whoever knows it, in any order (details 2026-0001): account, happened"
    assert still in shown


def test_details_are_told_by_anybody_in_any_order_and_nothing_is_replaced_without_a_word(ward: Ward) -> None:
    ref = ward.case()
    assert f"details {ref} [what: text]" in ward.say(f"case {ref}")
    assert "Kept with 2026-0001: Site: East." in ward.say("details 2026-0001 site: East", BEN)
    assert "Equipment: CT 2." in ward.say(f"details {ref} equipment CT 2")
    ward.later(minutes=5)
    shown = ward.say("detail 2026-0001 Equipment = CT 1", BEN)
    assert "Equipment: CT 1 (it was CT 2, by Radiographer A, Tue 24 November 2026 at 09:30)" in shown
    assert "Site is taken out (it was East, by Physicist B" in ward.say("details 2026-0001 site: don't know")
    assert told(ward) == [
        ("site", "East", "U2"), ("equipment", "CT 2", "U1"), ("equipment", "CT 1", "U2"), ("site", "", "U1"),
    ]  # fmt: skip
    shown = ward.say("case 2026-0001")
    assert "Equipment: CT 1 — Physicist B, Tue 24 November 2026 at 09:35" in shown
    assert "Site: East" not in shown
    assert ward.store.record(T, "2026-0001").revision == 1


def test_what_is_typed_in_several_lines_is_told_as_several_details(ward: Ward) -> None:
    ward.record(NOTIFY)
    ward.say("details 2026-0001 site: East\nmodality: ct\nwhat happened: two\ncause: 1, wrong side")
    assert [(field, value) for field, value, _ in told(ward)] == [
        ("site", "East"), ("modality", "ct"), ("account", "two"),
        ("cause", "wrong patient referred, wrong side"),
    ]  # fmt: skip
    ward.say("details 2026-0001 account: he was called.\nNobody asked his name.")
    assert told(ward)[-1][1] == "he was called.\nNobody asked his name."


def test_what_stands_between_semicolons_is_so_too_where_each_begins_with_what_it_is(ward: Ward) -> None:
    ward.record(NOTIFY)
    ward.say("details 2026-0001 equipment make: Northbridge; equipment model: X2; candour: yesterday")
    assert [(field, value) for field, value, _ in told(ward)] == [
        ("equipment_make", "Northbridge"), ("equipment_model", "X2"), ("candour", "2026-11-23"),
    ]  # fmt: skip
    for text in ("the list was wrong; site and room as well", "the list; cause: not known; he left"):
        ward.say(f"details 2026-0001 account: {text}")
        assert told(ward)[-1][:2] == ("account", text)


def test_of_what_is_told_twice_at_once_nothing_is_lost(ward: Ward) -> None:
    ward.record(NOTIFY)
    assert "Site is told twice" in ward.say("details 2026-0001 site: East; site: West")
    assert told(ward) == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("colour: red", "Begin with what it is"),
        ("modality: carrot", "Modality: type a number from 1 to 13"),
        ("happened: dinner time", "Happened: not clear as a day"),
        ("happened: 30 November 2026", "in the future"),
        ("site: NHS 999 000 0018", "NHS, CHI or H&C"),
        ("site", "Type it after the command: details 2026-0001 site <text>"),
        ("discovered yesterday", "discovered C26-0001 <day> <why> changes it"),
        ("equipment fault yes", "redecide C26-0001 changes it"),
    ],
)
def test_what_cannot_be_told_is_refused_in_a_line(ward: Ward, words: str, answer: str) -> None:
    ward.case({n: v for n, v in NOTIFY.items() if n not in ("discovered_on", "equipment_fault")})
    assert answer in ward.say(f"details 2026-0001 {words}")
    assert told(ward) == []


def test_a_cause_that_does_not_go_with_the_facts_is_refused(ward: Ward) -> None:
    ward.record({"exposure": "as_intended", "category": "diagnostic", "nation": "england"})
    assert "as intended" in ward.say("details 2026-0001 cause: wrong side")
    assert told(ward) == []


def test_a_fact_that_a_no_did_not_wait_for_makes_its_next_revision(ward: Ward) -> None:
    ward.record({n: v for n, v in NOT.items() if n not in ("discovered_on", "equipment_fault")})
    shown = ward.say("details 2026-0001 equipment fault: yes", BEN)
    assert "Kept with 2026-0001, revision 2: Equipment fault: Yes" in shown
    record = ward.store.record(T, "2026-0001")
    assert (record.outcome, record.why) == ("do_not_notify", "told later: equipment fault")
    assert record.assessment.facts["equipment_fault"] is True
    assert "Medicines and Healthcare products" in str(record.assessment.verdict["also_tell"])
    assert ward.store.verify() == []


def test_an_emptied_input_is_taken_out_and_one_that_stays_as_it_was_is_nobodys_word(pressed: Ward) -> None:
    pressed.record(NOTIFY)
    pressed.say("details 2026-0001 site: East")
    pressed.say("details 2026-0001 equipment CT 2", BEN)
    pressed.say("details 2026-0001")
    pressed.press("Add details")
    pressed.submit(site="", cause="wrong side,planning", account="as it was")
    assert told(pressed)[2:] == [
        ("account", "as it was", "U1"), ("site", "", "U1"), ("cause", "wrong side, planning", "U1"),
    ]  # fmt: skip
    pressed.say("details 2026-0001")
    pressed.press("Add details")
    assert "Nothing new was said" in pressed.submit()


def test_what_somebody_told_while_a_form_was_open_stands_and_what_replaces_it_says_so(pressed: Ward) -> None:
    pressed.record(NOTIFY)
    pressed.say("details 2026-0001")
    pressed.press("Add details")
    form = pressed.form
    pressed.say("details 2026-0001 site: East", BEN)
    pressed.form = form
    pressed.submit(equipment="CT 2")
    assert told(pressed) == [("site", "East", "U2"), ("equipment", "CT 2", "U1")]
    pressed.form = form
    assert "Site: West (it was East, by Physicist B" in pressed.submit(site="West", equipment="CT 2")


def test_a_verdict_is_kept_by_one_press_and_its_card_asks_no_more(pressed: Ward) -> None:
    pressed.say("settings nation england")
    for words in ("check", "CT", "2", "40 mSv", "yesterday", "none"):
        pressed.ask(Said(words, mentioned=True), ANA)
    assert "Kept as record 2026-0001, case C26-0001 opened" in pressed.press("Open a case")
    stands, kept = pressed.cards
    assert (stands.buttons, [button.label for button in kept.buttons]) == (
        (),
        ["Show the case", "Add details"],
    )


def test_record_only_opens_no_case_and_says_that_nobody_is_reminded(pressed: Ward) -> None:
    pressed.say("settings nation england")
    for words in ("check", "CT", "2", "40 mSv", "yesterday", "none"):
        pressed.ask(Said(words, mentioned=True), ANA)
    assert "nobody is reminded of its deadlines" in pressed.press("Record only")
    assert pressed.store.cases(T) == ()


def test_a_no_that_nobody_agreed_to_says_so_on_its_card(ward: Ward) -> None:
    ward.record(NOT)
    assert "agreed to by nobody" not in ward.say("case 2026-0001")
    kept = ward.store.record(T, "2026-0001").assessment
    ward.store.keep(T, replace(kept, sources={}), by=Person("U1"), now=ward.now)
    assert "! By the facts of the source, agreed to by nobody." in ward.say("case 2026-0002")
    read = {name: {"id": "U1", "how": "read", "words": "what was said"} for name in kept.facts}
    ward.store.keep(T, replace(kept, sources=read), by=Person("U1"), now=ward.now)
    assert "! By what was read, agreed to by nobody." in ward.say("case 2026-0003")
    ward.record(NOTIFY)
    assert "agreed to by nobody" not in ward.say("case 2026-0004")


def test_from_the_first_words_to_the_kept_record_it_takes_five_presses_at_most(pressed: Ward) -> None:
    pressed.say("settings nation england")
    pressed.ask(Said("wrong pt had a CT head today, not due anything, 45 year old man", mentioned=True), ANA)
    presses = 0
    while "Kept as record" not in pressed.shown:
        buttons = {button.label: button for card in pressed.cards for button in card.buttons}
        wanted = ("Open a case", "No, none at all", "None of these", "Don't know")
        inputs = [one for card in pressed.cards for one in card.inputs if one.name == "answer"]
        button = next((buttons[label] for label in wanted if label in buttons), None)
        if inputs and "No, none at all" in str(inputs):  # a list to choose from
            pressed.ask(Pressed("check.answer", buttons["Answer"].value, {"answer": "accidental"}), ANA)
        elif button:
            pressed.ask(Pressed(button.action, button.value), ANA)
        presses += 1
        assert presses <= 5, pressed.shown
    assert pressed.store.cases(T)
