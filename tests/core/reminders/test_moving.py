"""Reminders follow a case to its new owner, and go to a channel that is set later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.messages import Place
from bot.core.reminders.sending import NotPosted
from storage.model import UNNAMED, Person
from tests.core.cases.ward import ANA, BEN, BUTTONS, NOTIFY, TYPED, UNDECIDED, T, Ward
from tests.core.reminders.platform import Platform, Time, delivery, drain
from tests.core.reminders.test_reminders import at, post_all, words

ANA_KEPT = Person(ANA.id, ANA.name)
SHARED = Place("C0TALK")  # where others read: what is asked there goes to the person alone


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    """Nobody has set a channel, so that a case goes to the direct messages of whoever opened it."""
    return Ward(tmp_path / "irmer.sqlite", replace(TYPED, direct="[DU]"))


def opened(ward: Ward, facts: dict[str, object] = NOTIFY, place: Place = SHARED) -> str:
    ward.say(f"open {ward.record(facts)}", place=place)
    return ward.store.cases(T)[0].ref


def places(ward: Ward, ref: str) -> set[str]:
    """Where what waits goes."""
    subjects = (ref, *ward.store.case(T, ref).records)
    every = [one for subject in subjects for one in ward.store.outgoing(T, subject)]
    return {one.place.conversation for one in every if one.kind == "ping" and one.state == "due"}


@pytest.mark.parametrize("command", ["take over {ref}", "assign {ref} <@U2>"])
def test_what_goes_to_its_owners_direct_messages_goes_to_the_new_owners(ward: Ward, command: str) -> None:
    ref = opened(ward, UNDECIDED)
    post_all(ward, ward.now)
    assert places(ward, ref) == {"U1"}
    ward.say(command.format(ref=ref), BEN if command.startswith("take") else ANA)
    assert places(ward, ref) == {"U2"}
    posted = post_all(ward, at(26, month=11))
    assert {place.conversation for place, _ in posted} == {"U2"}
    cards = [card for place, card in posted if place.conversation == "U2"]
    assert [card.title for card in cards] == [
        f"{ref} Diagnostic, unintended exposure, 40 years: open",
        cards[1].title,
    ]
    assert "estimate" in cards[1].title
    assert ward.store.verify(now=ward.now) == []


def test_a_direct_message_goes_by_the_conversations_id_as_well(ward: Ward) -> None:
    ref = opened(ward, place=Place("D0ANA", personal=True))
    assert places(ward, ref) == {"D0ANA"}
    ward.say(f"take over {ref}", BEN)
    assert places(ward, ref) == {"U2"}


def test_taken_over_and_back_it_is_where_it_was_with_one_card_each(ward: Ward) -> None:
    ref = opened(ward)
    for user in (BEN, ANA, BEN, ANA):
        ward.say(f"take over {ref}", user)
    assert places(ward, ref) == {"U1"}
    titles = [place.conversation for place, card in post_all(ward, ward.now) if "open" in card.title]
    assert sorted(titles) == ["U1", "U2"]
    ((place, _),) = post_all(ward, at(30, month=11))
    assert place.conversation == "U1"


def test_what_was_put_off_and_what_is_late_goes_with_it(ward: Ward) -> None:
    ref = opened(ward)
    post_all(ward, ward.now)
    ward.say(f"snooze {ref} report 2 days")
    ward.now = at(30, month=11)  # and nothing was sent that morning
    ward.say(f"take over {ref}", BEN)
    assert places(ward, ref) == {"U2"}
    assert "7 of 14 days used" in words(
        [one for one in post_all(ward, ward.now) if one[0].conversation == "U2"]
    )


def test_what_goes_to_a_channel_stays_there(ward: Ward) -> None:
    ward.say("settings incidents_channel C0INC")
    ref = opened(ward)
    before = ward.store.outgoing(T, ref)
    ward.say(f"take over {ref}", BEN)
    after = ward.store.outgoing(T, ref)
    assert [one for one in after if one.kind == "ping"] == [one for one in before if one.kind == "ping"]


def test_an_answer_in_the_thread_of_a_direct_message_is_about_its_case(ward: Ward) -> None:
    ref = opened(ward)
    post_all(ward, ward.now)
    ward.say("note the patient was told", place=Place("D0ANA", "m1", personal=True))
    assert [note.text for note in ward.store.notes(T, ref)] == ["the patient was told"]


# A channel that is set later


def test_a_channel_that_is_set_later_takes_over_what_was_planned(ward: Ward) -> None:
    ref, record = opened(ward), ward.record(NOTIFY)
    post_all(ward, ward.now)
    assert "their reminders follow" in ward.say("settings incidents_channel C0INC")
    assert places(ward, ref) == {"C0INC"}
    posted = [place.conversation for place, _ in post_all(ward, ward.now)]
    assert posted == ["C0INC"]
    ((place, ping),) = post_all(ward, at(30, month=11))
    assert (place.conversation, place.thread) == ("C0INC", "m2")
    assert ref in ping.title
    assert record
    assert ward.store.verify(now=ward.now) == []


def test_another_channel_takes_over_from_the_one_before(ward: Ward) -> None:
    ward.say("settings incidents_channel C0OLD")
    ref = opened(ward)
    talked_over = opened(ward, place=Place("C0TALK", "th1"))
    ward.store.set_setting(T, "incidents_channel", None, by=ANA_KEPT, now=ward.now)
    kept = opened(ward, place=Place("C0TALK", "th2"))
    ward.store.set_setting(
        T,
        "incidents_channel",
        {"platform": ward.face.name, "conversation": "C0OLD"},
        by=ANA_KEPT,
        now=ward.now,
    )
    ward.say("settings incidents_channel C0NEW")
    assert (places(ward, ref), places(ward, talked_over)) == ({"C0NEW"}, {"C0NEW"})
    assert places(ward, kept) == {"C0TALK"}


def test_an_escalation_channel_that_is_set_later_is_told_too(ward: Ward) -> None:
    ref = opened(ward)
    post_all(ward, ward.now)
    for day in (7, 8):
        post_all(ward, at(day))
    ward.say("settings escalation_channel C0LEADS")
    assert places(ward, ref) == {"U1", "C0LEADS"}
    assert {place.conversation for place, _ in post_all(ward, at(9))} == {"U1", "C0LEADS"}


# An owner who left


def test_the_reminder_of_an_owner_who_left_goes_to_the_fallback_and_says_so(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", replace(BUTTONS, direct="[DU]"))
    ward.say("settings fallback_channel C0FALL")
    ward.say("settings role_governance U9")
    ref = opened(ward)
    platform = Platform(Time(at(30, month=11)))
    platform.answer = lambda place: NotPosted("user_disabled") if place.conversation == "U1" else None
    drain(delivery(ward.store, platform, ward.face))
    (ping,) = platform.said("C0FALL", "7 of 14 days used, 7 left)")
    assert "could not be delivered to its owner (user_disabled): see who takes it over" in ping.words
    assert f"@{UNNAMED}" in ping.words, "and called by the id that the platform knows"
    (card,) = platform.said("C0FALL", f"{ref} Diagnostic, accidental exposure, 40 years: open")
    assert "could not be delivered to its owner" in card.words
    ward.say(f"take over {ref}", BEN)
    platform.time.pass_(timedelta(days=4))
    drain(delivery(ward.store, platform, ward.face))
    assert len(platform.said("U2", "3 left)")) == 1
    ward.store.close()
