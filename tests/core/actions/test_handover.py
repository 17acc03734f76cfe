"""`hand over to <person>`: offered, answered, and only then somebody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.actions import handover
from bot.core.messages import Place, Pressed
from bot.core.reminders.sending import NotPosted
from storage.errors import Conflict
from storage.model import Person
from storage.plans import Also
from tests.core.cases.ward import BEN, BUTTONS, NOTIFY, UNDECIDED, T, Ward
from tests.core.reminders.platform import Platform, Time, delivery, drain
from tests.core.reminders.test_moving import opened, places
from tests.core.reminders.test_reminders import post_all


@pytest.fixture
def hands(tmp_path: Path) -> Ward:
    """Two cases of Ana's, whose reminders go to her direct messages."""
    ward = Ward(tmp_path / "irmer.sqlite", replace(BUTTONS, direct="[DU]"))
    opened(ward, NOTIFY)
    opened(ward, UNDECIDED)
    post_all(ward, ward.now)
    return ward


def owners(ward: Ward) -> list[str]:
    return [case.owner.id for case in ward.store.cases(T) if case.owner]


def offered(ward: Ward, words: str = "hand over to <@U2>") -> None:
    """Ana offers, and Ben has the card before him."""
    ward.say(words)
    ward.later(minutes=1)
    (card,) = (card for place, card in post_all(ward, ward.now) if place.conversation == BEN.id)
    ward.cards = [card]


def told(ward: Ward, user: str) -> str:
    cards = [card for place, card in post_all(ward, ward.now) if place.conversation == user]
    ward.cards = cards
    return ward.shown


def test_nothing_changes_until_it_is_accepted_and_then_all_of_it_does(hands: Ward) -> None:
    shown = hands.say("hand over to <@U2>")
    assert "is asked to take over 2 cases" in shown
    assert "C26-0001" in shown
    assert owners(hands) == ["U1", "U1"]
    hands.later(minutes=1)
    offer = told(hands, "U2")
    assert "Radiographer A asks you to take over 2 cases" in offer
    assert "C26-0002 Diagnostic, unintended exposure, 40 years" in offer
    assert places(hands, "C26-0001") == {"U1"}
    shown = hands.press("Accept", BEN)
    assert "They are yours now: 2 cases" in shown
    assert owners(hands) == ["U2", "U2"]
    assert (places(hands, "C26-0001"), places(hands, "C26-0002")) == ({"U2"}, {"U2"})
    assert hands.store.steps(T, "C26-0001")[-1].note == "handed over by Radiographer A"
    hands.later(minutes=1)
    heard = told(hands, "U1")
    assert "Physicist B has taken over 2 cases of yours" in heard
    assert "C26-0002" in heard
    assert hands.store.verify(now=hands.now) == []


def test_declining_changes_nothing_and_is_told(hands: Ward) -> None:
    offered(hands)
    accept = hands.button("Accept")
    assert "Declined: the cases stay with Radiographer A" in hands.press("Decline", BEN)
    hands.later(minutes=1)
    assert "did not take over your cases" in told(hands, "U1")
    hands.ask(Pressed(accept.action, accept.value), BEN)
    assert "You declined that already" in hands.shown
    assert owners(hands) == ["U1", "U1"]


def test_what_was_closed_meanwhile_is_left_out_and_said(hands: Ward) -> None:
    offered(hands)
    accept = hands.button("Accept")
    hands.say("notified C26-0001 CQC-1")
    hands.say("reported C26-0001")
    hands.say("close C26-0001")
    hands.ask(Pressed(accept.action, accept.value), BEN)
    assert "It is yours now: 1 case" in hands.shown
    assert "Left out: C26-0001 is closed" in hands.shown
    hands.later(minutes=1)
    assert "left out: C26-0001 is closed" in told(hands, "U1")
    assert owners(hands) == ["U2", "U1"]


def test_accepted_twice_it_is_done_once(hands: Ward) -> None:
    offered(hands)
    accept = hands.button("Accept")
    hands.press("Accept", BEN)
    hands.ask(Pressed(accept.action, accept.value), BEN)
    assert "You accepted that already" in hands.shown
    assert [step.kind for step in hands.store.steps(T, "C26-0001")] == ["open", "assign"]


def test_only_who_was_asked_answers_and_only_the_latest_offer(hands: Ward) -> None:
    offered(hands)
    accept = hands.button("Accept")
    hands.ask(Pressed(accept.action, accept.value), replace(BEN, id="U3", name="Radiographer C"))
    assert "can answer this" in hands.shown
    hands.say("hand over to <@U3>")
    hands.ask(Pressed(accept.action, accept.value), BEN)
    assert "has made a new offer since" in hands.shown
    hands.ask(Pressed(handover.ACCEPT, "unknown"), BEN)
    assert "not known any more" in hands.shown
    assert owners(hands) == ["U1", "U1"]


def test_all_or_none(hands: Ward) -> None:
    """A case that somebody changes between the look and the write takes back the others."""
    one, two = (hands.store.case(T, ref) for ref in ("C26-0001", "C26-0002"))
    stale = replace(two, version=two.version + 1)
    owner = Person("U2")
    with pytest.raises(Conflict):
        hands.store.hand_over(T, [(one, owner, Also()), (stale, owner, Also())], by=owner, now=hands.now)
    assert owners(hands) == ["U1", "U1"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("hand over to <@U1>", "They are yours already: name somebody else"),
        ("hand over to me", "They are yours already"),
        ("hand over to <@U5GUEST>", "Only colleagues can own a case"),
        ("hand over to <@U5BOT>", "Only colleagues can own a case"),
        ("hand over to <@U5GONE>", "Only colleagues can own a case"),
        ("hand over to Ben from CT", "Name one person to hand over to"),
        ("hand over to U6", "cannot be found out"),
        ("hand over accept", "Nobody has asked you to take over any case"),
    ],
)
def test_bad_input_gets_one_line(hands: Ward, words: str, line: str) -> None:
    shown = hands.say(words)
    assert line in shown
    assert len(shown.strip().splitlines()) == 1
    assert all(one.body.get("shows") != handover.SHOWS for one in hands.store.outgoing(T, ""))


def test_who_owns_nothing_is_told_so(hands: Ward) -> None:
    assert "You own no open case" in hands.say("hand over to <@U1>", BEN)
    assert "You own no open case" in hands.say("hand over", BEN)
    assert hands.form is None


@pytest.mark.parametrize("words", ["handover", "hand over", "hand over to", "hand over my cases"])
def test_a_person_is_picked_in_a_form(hands: Ward, words: str) -> None:
    hands.say(words)
    hands.submit(user="U5GUEST")
    assert "only colleagues" in hands.errors["user"]
    hands.submit(user="U2")
    assert "is asked to take over 2 cases" in hands.shown


@pytest.mark.parametrize(
    "story", ["hand x-ray of the wrong patient", "hand over the wrong patient had a CT head 2 mSv"]
)
def test_a_story_that_begins_with_a_hand_is_none(hands: Ward, story: str) -> None:
    hands.say(story)
    assert "over to" not in hands.shown
    assert all(one.body.get("shows") != handover.SHOWS for one in hands.store.outgoing(T, ""))


def test_where_things_are_typed_it_is_answered_in_words(ward: Ward) -> None:
    ward.case()
    ward.say("hand over all my cases to <@U2>")
    ward.later(minutes=1)
    assert "hand over accept takes them" in told(ward, "U2")
    assert "It is yours now: 1 case" in ward.say("hand over accept", BEN)
    assert owners(ward) == ["U2"]


def test_who_cannot_be_reached_is_asked_where_it_was_offered(hands: Ward) -> None:
    hands.say("hand over to <@U2>", place=Place("C0TALK", "th1"))
    platform = Platform(Time(hands.now + timedelta(minutes=1)))
    platform.answer = lambda place: NotPosted("user_disabled") if place.conversation == "U2" else None
    drain(delivery(hands.store, platform, hands.face))
    (asked,) = platform.said("C0TALK", "asks")
    assert "could not reach" in asked.words
    assert "40 years" not in asked.words
    assert "C26-0002" in asked.words
    hands.later(minutes=2)
    assert "They are yours now" in hands.say("hand over accept", BEN)
