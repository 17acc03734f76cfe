"""What people say in a case's own thread without calling the bot."""

import pytest

from bot.core.messages import Capabilities, Place, Said, Show
from tests.core.cases.ward import BEN, T, Ward
from tests.core.reminders.test_reminders import at, post_all

SHARED = Place("c1", thread="m1")


@pytest.fixture
def talk(ward: Ward) -> Ward:
    """A case whose card stands in a channel, reminded of once."""
    ward.say("settings local_deadlines 72-hour report: 10")
    ward.say("settings incidents_channel c1")
    ward.case()
    post_all(ward, ward.now)
    ward.now = at(30, month=11)
    return ward


def state(ward: Ward) -> tuple[object, ...]:
    (case,) = ward.store.cases(T)
    notes = len(ward.store.notes(T, case.ref))
    open_ = {d.kind for d in case.deadlines if d.state == "open"}
    pings = [(p.rule, p.planned_at, p.state) for p in ward.store.outgoing(T, case.ref) if p.kind == "ping"]
    return case.state, case.version, case.owner, notes, open_, pings


@pytest.mark.parametrize(
    "words",
    [
        "notified CQC-77", "Notified CQC 2026/77.", "snooze tomorrow", "snooze 2 hours", "take over",
        "done 72-hour report", "investigate", "assign <@U2>", "note the patient was told",
    ],
)  # fmt: skip
def test_words_that_are_a_command_through_and_through_are_one(talk: Ward, words: str) -> None:
    before = state(talk)
    replies = talk.ask(Said(words), BEN, place=SHARED)
    assert replies
    assert state(talk) != before


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Done, thanks", False), ("done", True), ("Notified the ward manager", True),
        ("notified 2 patients", True),
        ("Close to the end of my shift, I call you tomorrow about all of this", False),
        ("close the door please", True), ("report is nearly there", False), ("reported", True),
        ("assign it to somebody who is here", True), ("confirm with physics please", True),
        ("Take over from me at eight", True), ("Hi all", False), ("the patient was told", False),
        ("snooze is what I need now, what a night", False), ("case closed, I hope", False),
    ],
)  # fmt: skip
def test_talk_takes_no_step_and_what_may_have_been_meant_is_asked_back_alone(
    talk: Ward, words: str, asked: bool
) -> None:
    before = state(talk)
    replies = talk.ask(Said(words), BEN, place=SHARED)
    assert state(talk) == before
    shown = [one for one in replies if isinstance(one, Show)]
    assert [(one.private, one.card.blocks) for one in shown] == ([(True, ())] if asked else [])


@pytest.mark.parametrize("dose", ["12 mSv", "15000 µSv", "0.012 Sv", "12 millisieverts", "5 Gy"])
def test_redecide_with_a_dose_in_whatever_unit_is_meant(talk: Ward, dose: str) -> None:
    (reply,) = talk.ask(Said(f"redecide it was {dose}"), BEN, place=SHARED)
    assert isinstance(reply, Show)
    assert "taken as talk" not in reply.card.title


def test_a_call_that_was_not_understood_is_answered_in_one_line_to_its_author(talk: Ward) -> None:
    (reply,) = talk.ask(Said("wibble", mentioned=True), BEN, place=SHARED)
    assert isinstance(reply, Show)
    assert reply.private
    assert reply.card.blocks == ()
    assert reply.card.title == "“wibble” is no command. help lists the commands."


def test_a_command_that_was_not_understood_whole_is_not_called_none(talk: Ward) -> None:
    (reply,) = talk.ask(Said("due yesterday", mentioned=True), BEN, place=SHARED)
    assert isinstance(reply, Show)
    assert reply.card.title == "That is no command. Did you mean due? help lists the commands."


def test_hints_are_in_the_ways_of_the_face_that_they_are_given_on(talk: Ward) -> None:
    talk.face = Capabilities(
        dialogs=False, private_answers=True, hears_everything=True, command="@IRMER", name=talk.face.name
    )
    (reply,) = talk.ask(Said("reported"), BEN, place=SHARED)
    assert isinstance(reply, Show)
    assert "@IRMER reported" in reply.card.title
    assert "/irmer" not in reply.card.title
