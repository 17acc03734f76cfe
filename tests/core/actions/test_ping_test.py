"""`settings test_ping`: is there a way for reminders to where they are to go?"""

from bot.core.actions.delivery_cards import CaseContents
from storage.model import Destination
from tests.core.cases.ward import BEN, T, Ward
from tests.core.reminders.test_reminders import claim, post_all


def test_each_place_gets_one_message_that_is_marked_as_a_test(ward: Ward) -> None:
    ward.say("settings incidents_channel C0INC")
    ward.say("settings fallback_channel C0FALL")
    ward.say("settings escalation_channel C0FALL")
    shown = ward.say("settings test_ping")
    assert "the incidents channel: still to be sent" in shown
    posted = post_all(ward, ward.now)
    assert {place.conversation for place, _ in posted} == {"C0INC", "C0FALL", "U1"}
    assert len(posted) == 3
    assert all(card.title.startswith("TEST by Radiographer A") for _, card in posted)
    ward.later(minutes=1)
    after = ward.say("settings test_ping")
    assert "the fallback channel, the escalation channel: arrived" in after
    assert "you, by direct message: arrived" in after
    assert post_all(ward, ward.now) == []
    ward.say("settings test_ping new")
    assert len(post_all(ward, ward.now)) == 3


def test_what_did_not_arrive_says_why(ward: Ward) -> None:
    ward.say("settings incidents_channel C0INC")
    ward.say("settings test_ping")
    contents = CaseContents(ward.store, ward.face)
    while batch := claim(ward, ward.now):
        gone = batch.place == Destination(ward.face.name, "C0INC")
        if gone:
            ward.store.undeliverable(T, batch, error="channel_not_found", instead=(), now=ward.now)
        else:
            assert "TEST" in contents.card(batch, ward.now, repeat=False).title
            ward.store.sent(T, batch, message="m1", now=ward.now)
    ward.later(minutes=1)
    assert "the incidents channel: not delivered: channel_not_found" in ward.say("settings test_ping")


def test_what_stands_in_for_one_that_did_not_arrive_is_told_apart_from_it(ward: Ward) -> None:
    ward.say("settings incidents_channel C0INC")
    ward.say("settings fallback_channel C0FALL")
    ward.say("settings test_ping")
    contents = CaseContents(ward.store, ward.face)
    while batch := claim(ward, ward.now):
        if batch.place.conversation == "C0INC":
            instead = contents.instead(batch)
            ward.store.undeliverable(T, batch, error="channel_not_found", instead=instead, now=ward.now)
        else:
            ward.store.sent(T, batch, message="m1", now=ward.now)
    ward.later(minutes=1)
    shown = ward.say("settings test_ping")
    assert "the incidents channel: not delivered: channel_not_found" in shown
    assert "instead of the incidents channel: the fallback channel: arrived" in shown
    assert "the incidents channel: arrived" not in shown
    assert "by then" not in shown, "nothing is still to come"


def test_who_may_not_change_settings_sends_none(ward: Ward) -> None:
    ward.say("settings may_settings me")
    ward.say("settings test_ping", BEN)
    assert post_all(ward, ward.now) == []
