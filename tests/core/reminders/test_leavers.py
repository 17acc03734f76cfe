"""Whoever left and holds a role or a case still: named once to who leads, and in health until mended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.reminders.clock import Clock
from bot.core.reminders.leavers import named_to_who_leads
from bot.core.reminders.sending import NotPosted
from bot.core.reminders.watch import Watch
from storage.model import Destination, Standing
from tests.core.cases.ward import ANA, BEN, BUTTONS, TYPED, T, Ward
from tests.core.reminders.platform import Platform, Time, delivery, drain
from tests.core.reminders.test_reminders import at


def heard(ward: Ward, user: str, standing: Standing) -> None:
    ward.store.remember_person(T, TYPED.name, user, standing, f"Name of {user}", now=ward.now)


def told(ward: Ward) -> list[tuple[str, str]]:
    """Whom, and what."""
    found = ward.store.outgoing(T, "")
    return [(one.place.conversation, str(one.body["text"])) for one in found]


@pytest.mark.parametrize(("standing", "word"), [("gone", "deactivated"), ("guest", "a guest account")])
def test_what_they_held_is_named_once_to_the_governance_lead(
    ward: Ward, standing: Standing, word: str
) -> None:
    ward.name_roles(mpe="U1", governance="U2")
    ref = ward.case()
    heard(ward, "U1", "member")
    heard(ward, "U2", "member")
    assert named_to_who_leads(ward.store, TYPED.name, ward.now) == []
    heard(ward, "U1", standing)
    line = f"Name of U1 (U1) is {word} and is still named in role_mpe and owner of {ref}"
    for _ in range(2):
        assert named_to_who_leads(ward.store, TYPED.name, ward.now) == [f"{T}: {line}"]
    assert told(ward) == [("U2", told(ward)[0][1])]
    assert told(ward)[0][1].startswith(line.replace(" (U1)", "")), "people are told no id"
    assert [e.detail for e in ward.store.audit(T) if e.what == "person changed"] == [
        {"platform": TYPED.name, "id": "U1", "was": "member", "is": standing}
    ]
    ward.name_roles(mpe="U4", governance="U2")
    ward.say(f"take over {ref}", BEN)
    assert named_to_who_leads(ward.store, TYPED.name, ward.now) == []


def test_without_a_lead_it_goes_to_a_channel_that_is_set_and_always_into_health(ward: Ward) -> None:
    ward.name_roles(governance="U2")
    heard(ward, "U2", "gone")
    assert len(named_to_who_leads(ward.store, TYPED.name, ward.now)) == 1
    assert told(ward) == []
    ward.say("settings escalation_channel C0LEADS")
    assert len(named_to_who_leads(ward.store, TYPED.name, ward.now)) == 1
    assert [place for place, _ in told(ward)] == ["C0LEADS"]


def test_a_reminder_in_a_channel_says_that_its_owner_left_and_calls_who_leads(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    ward.say("settings incidents_channel C0INC")
    ward.name_roles(governance="U2")
    ward.case()
    heard(ward, ANA.id, "gone")
    heard(ward, "U2", "member")
    platform = Platform(Time(at(30, month=11)))
    drain(delivery(ward.store, platform, ward.face))
    (ping,) = platform.said("C0INC", "is not here any more")
    assert (
        "Its owner is not here any more (Radiographer A is deactivated): see who takes it over." in ping.words
    )
    assert "@Name of U2" in ping.words
    ward.store.close()


@pytest.mark.parametrize("standing", ["gone", "guest"])
@pytest.mark.parametrize(("fallback", "goes_to"), [("C0FALL", "C0FALL"), ("none", "U2")])
def test_nothing_comes_to_the_direct_messages_of_an_owner_who_left(
    tmp_path: Path, standing: Standing, fallback: str, goes_to: str
) -> None:
    """No incidents channel is set, so it belongs there; a deactivated account takes it and nobody sees it."""
    ward = Ward(tmp_path / "irmer.sqlite", replace(BUTTONS, direct="[cU]"))
    ward.say(f"settings fallback_channel {fallback}")
    ward.name_roles(governance="U2")
    ref = ward.case()
    heard(ward, ANA.id, standing)
    heard(ward, "U2", "member")
    platform = Platform(Time(at(30, month=11)))
    drain(delivery(ward.store, platform, ward.face))
    assert platform.said(goes_to, f"{ref} ")
    assert platform.said(goes_to, "see who takes it over")
    assert {one.place.conversation for one in platform.messages} == {goes_to}
    assert ward.store.undelivered(T) == ()
    ward.store.close()


def test_what_no_channel_takes_comes_to_who_leads_where_its_owner_left(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    ward.say("settings incidents_channel C0INC")
    ward.name_roles(governance="U2")
    ward.case()
    heard(ward, ANA.id, "gone")
    heard(ward, "U2", "member")
    archived = {"C0INC": NotPosted("is_archived")}
    platform = Platform(Time(at(30, month=11)), answer=lambda place: archived.get(place.conversation))
    drain(delivery(ward.store, platform, ward.face))
    assert platform.said("U2", "notify the authority")
    assert {one.place.conversation for one in platform.messages} == {"U2"}
    ward.store.close()


def test_the_watch_looks_for_them_every_ten_minutes_and_says_it_until_then(ward: Ward) -> None:
    ward.name_roles(governance="U2")
    heard(ward, "U2", "gone")
    time = Time(ward.now)
    clock = Clock(time.wall, time.monotonic)
    clock.believe()
    watch = Watch(ward.store, Destination(TYPED.name, "c1"), clock)
    for _ in range(10):
        assert "is deactivated and is still named" in watch.look()
    ward.name_roles(governance="U3")
    assert "is still named" not in watch.look()
