"""What seems to name a person is shown to whoever wrote it, and asked about before it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.messages import Command, Done, Open, Place, Pressed, Replace, Said, Show, Submitted
from storage.errors import DiskFull
from storage.model import Person
from tests.core.cases.ward import ANA, BEN, BUTTONS, NOT, NOTIFY, TYPED, T, Ward

NAME = "Testina Okonkwo"
TEXT = f"rang the ward, {NAME} was told by the consultant"


class WithFile(Ward):
    def __init__(self, folder, face):
        self.folder = folder
        super().__init__(folder / "a.sqlite", face)


@pytest.fixture(params=[TYPED, BUTTONS], ids=["typed", "pressed"])
def ward(request, tmp_path):
    return WithFile(tmp_path, request.param)


def notes(ward, subject):
    return [note.text for note in ward.store.notes(T, subject)]


def stored(ward):
    """Is the name anywhere in the file?"""
    return any(b"Okonkwo" in entry.read_bytes() for entry in ward.folder.glob("a.sqlite*"))


def shown(replies):
    return str([reply.card for reply in replies if isinstance(reply, Show | Replace)])


def choose(ward, replies, way):
    """The button of that name, or its number where there are none."""
    labels = {"keep": "1", "nobodys": "2", "change": "3"}
    (card,) = (r.card for r in replies if isinstance(r, Show) and "Does this tell" in r.card.title)
    assert any(r.private for r in replies if isinstance(r, Show) and r.card is card)
    if not card.buttons:
        return ward.ask(Said(labels[way], mentioned=True))
    (button,) = (one for one in card.buttons if one.action == f"gate.{way}")
    return ward.ask(Pressed(button.action, button.value))


def test_nothing_is_kept_until_it_is_answered(ward):
    case = ward.case(NOTIFY)
    replies = ward.ask(Command(f"note {case} {TEXT}"))
    assert NAME in shown(replies)
    assert "a name" in shown(replies)
    assert "Nothing of it is kept" in shown(replies)
    assert notes(ward, case) == []
    assert not stored(ward)


def test_it_is_kept_without_the_words_and_the_file_does_not_hold_them(ward):
    case = ward.case(NOTIFY)
    choose(ward, ward.ask(Command(f"note {case} {TEXT}")), "keep")
    assert notes(ward, case) == ["rang the ward, [removed] was told by the consultant"]
    assert not stored(ward)


def test_it_is_kept_as_it_was_where_somebody_says_so_and_the_trail_says_that(ward):
    case = ward.case(NOTIFY)
    choose(ward, ward.ask(Command(f"note {case} {TEXT}")), "nobodys")
    assert notes(ward, case) == [TEXT]
    (entry,) = (e for e in ward.store.audit(T) if e.what == "said to be nobody's")
    assert (entry.subject, entry.by, entry.detail) == (
        case, Person(ANA.id, ANA.name), {"seemed": ["a name"]},
    )  # fmt: skip


def test_it_may_be_written_anew(ward):
    case = ward.case(NOTIFY)
    replies = choose(ward, ward.ask(Command(f"note {case} {TEXT}")), "change")
    assert "write it again" in shown(replies)
    assert NAME not in shown(replies)
    ward.ask(Command(f"note {case} rang the ward"))
    assert notes(ward, case) == ["rang the ward"]
    assert not stored(ward)


def test_whoever_goes_on_with_something_else_hears_that_it_was_not_kept(ward):
    case = ward.case(NOTIFY)
    ward.ask(Command(f"note {case} {TEXT}"))
    assert "was not kept" in shown(ward.ask(Said("due", mentioned=True)))
    assert "was not kept" not in shown(ward.ask(Said("due", mentioned=True)))
    assert notes(ward, case) == []


@pytest.mark.parametrize(
    "words", ["ok", "keep", "4", "dunno", "sure, fine", "what?", "don't know", "not a clue"]
)
def test_what_answers_none_of_the_three_is_asked_again_and_loses_nothing(ward, words):
    case = ward.case(NOTIFY)
    ward.ask(Command(f"note {case} {TEXT}"))
    again = ward.ask(Said(words, mentioned=True))
    assert "answers none of the three" in shown(again)
    assert NAME in shown(again)
    ward.ask(Said("2", mentioned=True))
    assert notes(ward, case) == [TEXT]


@pytest.mark.parametrize(
    "words", ["quit", "due", "check new", "12 mSv", "help", "a patient had the wrong CT scan"]
)
def test_what_is_meant_for_something_else_is_no_answer_to_it(ward, words):
    case = ward.case(NOTIFY)
    ward.ask(Command(f"note {case} {TEXT}"))
    assert "was not kept" in shown(ward.ask(Said(words, mentioned=True)))
    ward.ask(Said("2", mentioned=True))
    assert notes(ward, case) == []


def test_a_question_is_its_authors_and_of_its_day(tmp_path):
    ward = WithFile(tmp_path, BUTTONS)
    case = ward.case(NOTIFY)
    replies = ward.ask(Command(f"note {case} {TEXT}"))
    (button, *_) = replies[-1].card.buttons
    assert "over" in shown(ward.ask(Pressed(button.action, button.value), BEN))
    ward.now += timedelta(hours=15)
    assert "over" in shown(ward.ask(Pressed(button.action, button.value)))
    assert notes(ward, case) == []


def test_what_happened_is_asked_about_before_it_is_read(ward):
    replies = ward.ask(Command(f"check {NAME} had a CT head instead of a chest X-ray, 2 mSv"))
    assert NAME in shown(replies)
    assert ward.store.drafts(T) == ()
    after = choose(ward, replies, "keep")
    assert NAME not in str(after)
    (draft,) = ward.store.drafts(T)
    assert "[removed] had a CT head" in str(draft.state)
    assert not stored(ward)


def test_an_answer_is_asked_about_and_the_check_goes_on_where_it_stood(ward):
    ward.ask(Said("check new", mentioned=True))
    before = ward.store.drafts(T)
    replies = ward.ask(Said(f"it was a diagnostic exposure. {NAME} was there", mentioned=True))
    assert ward.store.drafts(T) == before
    choose(ward, replies, "keep")
    assert ward.store.drafts(T)[0].state["facts"] == {"category": "diagnostic"}
    assert not stored(ward)


@pytest.mark.parametrize("way", ["keep", "nobodys", "change", "silence"])
def test_a_step_with_a_date_is_done_at_once_and_its_words_follow(ward, way):
    """No notification waits for an answer that nobody gives, and no ping goes on for what was done."""
    case = ward.case(NOTIFY)
    replies = ward.ask(Command(f"notified {case} CQC-77 {NAME} took the call"))
    assert ward.store.case(T, case).authority_reference == "CQC-77"
    assert ward.states(case)["notify"] == "met"
    assert not stored(ward)
    if way != "silence":
        choose(ward, replies, way)
    kept = [step.note for step in ward.store.steps(T, case) if step.kind == "notify"]
    assert kept == ["[removed] took the call"]
    assert notes(ward, case) == (["CQC-77 " + NAME + " took the call"] if way == "nobodys" else [])
    assert stored(ward) == (way == "nobodys")


def test_a_form_comes_again_with_the_question_beside_what_was_filled_in(tmp_path):
    ward = WithFile(tmp_path, BUTTONS)
    case = ward.case(NOTIFY)
    (opened,) = ward.ask(Pressed("case.note", f"{case}:1:"))
    (again,) = ward.ask(Submitted("case.note", opened.form.key, {"note": TEXT}))
    assert isinstance(again, Open)
    by_name = {one.name: one for one in again.form.inputs}
    assert by_name["note"].value == TEXT
    assert NAME in by_name["note"].error
    assert [option.value for option in by_name["gate"].options] == ["keep", "nobodys"]
    assert notes(ward, case) == []
    assert not stored(ward)
    changed = ward.ask(Submitted("case.note", opened.form.key, {"note": "the ward was told", "gate": ""}))
    assert isinstance(changed[0], Done)
    assert notes(ward, case) == ["the ward was told"]
    ward.ask(Pressed("case.note", f"{case}:2:"))
    ward.ask(Submitted("case.note", opened.form.key, {"note": TEXT}))
    ward.ask(Submitted("case.note", opened.form.key, {"note": TEXT, "gate": "keep"}))
    assert notes(ward, case)[-1] == "rang the ward, [removed] was told by the consultant"
    assert not stored(ward)


def test_a_choice_that_was_never_offered_lets_nothing_through(tmp_path):
    ward = WithFile(tmp_path, BUTTONS)
    case = ward.case(NOTIFY)
    ward.ask(Submitted("case.note", f"{case}:1:", {"note": TEXT, "gate": "nobodys"}))
    assert notes(ward, case) == []


def test_what_is_said_among_people_is_taken_without_the_words_and_its_author_is_told(tmp_path):
    ward = WithFile(tmp_path, BUTTONS)
    thread = Place("c1", thread="t1")
    ward.ask(Said("check new", mentioned=True), place=thread)
    ward.ask(Said("diagnostic", mentioned=True), place=thread)
    assert ward.ask(Said(f"{NAME} is off today"), place=thread) == []
    replies = ward.ask(Said(f"accidental, {NAME} had 12 mSv total dose"), place=thread)
    told = [reply.private for reply in replies if "without that" in shown([reply])]
    assert told == [True]
    assert not stored(ward)


def test_people_who_are_named_as_people_are_not_asked_about(ward):
    case = ward.case(NOTIFY)
    replies = ward.ask(Command(f"assign {case} <@U2|{NAME}>"))
    assert "Does this tell" not in shown(replies)
    assert ward.store.case(T, case).owner.id == "U2"


def test_a_look_asks_nothing(ward):
    record = ward.record(NOT)
    assert "Does this tell" not in shown(ward.ask(Command(f"record {record}")))
    assert "Does this tell" not in shown(ward.ask(Command(f"cases {NAME}")))


def test_a_press_twice_does_it_once(tmp_path):
    ward = WithFile(tmp_path, BUTTONS)
    case = ward.case(NOTIFY)
    (asked,) = ward.ask(Command(f"note {case} {TEXT}"))
    button = next(one for one in asked.card.buttons if one.action == "gate.keep")
    ward.ask(Pressed(button.action, button.value))
    assert ward.ask(Pressed(button.action, button.value)) == []
    assert len(notes(ward, case)) == 1


def test_where_the_store_is_full_it_can_be_pressed_again(tmp_path, monkeypatch):
    ward = WithFile(tmp_path, BUTTONS)
    case = ward.case(NOTIFY)
    (asked,) = ward.ask(Command(f"note {case} {TEXT}"))
    button = next(one for one in asked.card.buttons if one.action == "gate.keep")
    with monkeypatch.context() as full:
        full.setattr(ward.store, "add_note", _full)
        assert "full" in shown(ward.ask(Pressed(button.action, button.value)))
    ward.ask(Pressed(button.action, button.value))
    assert len(notes(ward, case)) == 1


def _full(*_args, **_more):
    raise DiskFull("the disk is full")


def test_asked_in_ones_own_chat_it_is_answered_where_it_was_written(tmp_path):
    ward = WithFile(tmp_path, BUTTONS)
    thread = Place("c1", thread="t1")
    (asked,) = ward.ask(
        Said(f"check the wrong person had a CT head. {NAME} saw", mentioned=True), place=thread
    )
    button = next(one for one in asked.card.buttons if one.action == "gate.keep")
    replies = ward.ask(Pressed(button.action, button.value), place=Place("d1", personal=True))
    open_to_all = [one for one in replies if isinstance(one, Show) and not one.private]
    assert open_to_all
    assert {one.place for one in open_to_all} == {thread}
    assert [draft.key.holder for draft in ward.store.drafts(T)] == ["thread:t1"]


def test_and_what_can_be_typed_is_shown_as_it_is_typed_there(tmp_path):
    ward = WithFile(tmp_path, replace(BUTTONS, hears_everything=False, command="@IRMER"))
    thread = Place("c1", thread="t1")
    (asked,) = ward.ask(
        Said(f"check the wrong person had a CT head. {NAME} saw", mentioned=True), place=thread
    )
    button = next(one for one in asked.card.buttons if one.action == "gate.keep")
    ward.face = replace(ward.face, command="")
    ward.ask(Pressed(button.action, button.value), place=Place("d1", personal=True))
    assert "in words that begin with @IRMER." in ward.shown


def test_the_trail_holds_with_what_was_said_of_it(ward):
    case = ward.case(NOTIFY)
    choose(ward, ward.ask(Command(f"note {case} {TEXT}")), "nobodys")
    assert ward.store.verify() == []


@pytest.mark.parametrize(("said", "kept"), [("no", TEXT), ("No.", TEXT), ("yes", "rang the ward, [removed]")])
def test_yes_and_no_answer_what_stands_there(ward, said, kept):
    """As somebody tired answers it."""
    case = ward.case(NOTIFY)
    ward.ask(Command(f"note {case} {TEXT}"))
    ward.ask(Said(said, mentioned=True))
    assert [note.startswith(kept) for note in notes(ward, case)] == [True]
