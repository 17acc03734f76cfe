"""Reminders that go to a case's owner as well: beside, once each, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.messages import Place
from bot.core.reminders.late_and_lost import findings
from bot.core.reminders.sending import NotPosted
from storage.model import Destination
from tests.core.cases.ward import BEN, BUTTONS, NOTIFY, T, Ward
from tests.core.reminders.platform import Platform, Time, delivery, drain
from tests.core.reminders.test_moving import opened
from tests.core.reminders.test_reminders import at


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    made = Ward(tmp_path / "irmer.sqlite", replace(BUTTONS, direct="[DU]"))
    made.say("settings incidents_channel C0INC")
    made.say("settings owner_reminders also by direct message")
    return made


def reminded(ward: Ward, platform: Platform) -> None:
    drain(delivery(ward.store, platform, ward.face))


def copies(platform: Platform, user: str = "U1") -> list[str]:
    return [one.words for one in platform.said(user, "Reminder: ")]


def test_the_owner_gets_each_beside_the_channel_once_and_with_dates_alone(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    platform = Platform(Time(ward.now))
    reminded(ward, platform)
    assert copies(platform) == []  # a card is no reminder
    platform.time.now = at(30, month=11)
    reminded(ward, platform)
    reminded(ward, platform)
    (copy,) = copies(platform)
    assert f"Reminder: {ref}: notify the authority, by Mon 7 December 2026" in copy
    assert "left" not in copy
    assert len(platform.said("C0INC", "7 of 14 days used")) == 1
    platform.time.now = at(8)
    reminded(ward, platform)
    assert len(copies(platform)) == 2
    assert ward.store.verify(now=platform.time.now) == []


def test_no_reminder_of_the_channel_is_other_than_without_it(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    platform = Platform(Time(at(30, month=11)))
    reminded(ward, platform)
    home = {one.place for one in ward.store.outgoing(T, ref)}
    assert {one.conversation for one in home} == {"C0INC"}
    ward.now = at(30, month=11)
    ward.say(f"take over {ref}", BEN)
    platform.time.now = at(4)
    reminded(ward, platform)
    assert len(copies(platform)) == 1
    assert len(copies(platform, "U2")) == 1
    assert len(platform.said("C0INC", "11 of 14 days used")) == 1


def test_what_goes_to_the_owner_alone_is_not_doubled(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", replace(BUTTONS, direct="[DU]"))
    ward.say("settings owner_reminders yes")
    opened(ward, place=Place("D0ANA", personal=True))
    platform = Platform(Time(at(30, month=11)))
    reminded(ward, platform)
    assert copies(platform) == []


def test_a_copy_that_fails_goes_nowhere_else_is_named_and_comes_with_the_next(ward: Ward) -> None:
    ward.say("settings fallback_channel C0FALL")
    ref = ward.case(NOTIFY)
    platform = Platform(Time(at(30, month=11)))
    platform.answer = lambda place: NotPosted("user_disabled") if place.conversation == "U1" else None
    reminded(ward, platform)
    assert len(platform.said("C0INC", "7 of 14 days used")) == 1
    assert platform.said("C0FALL") == []
    (line,) = findings(ward.store, T, platform.time.now)
    assert f"the owner's copy of {ref} (notify the authority) reached nobody: user_disabled" in line
    platform.answer = lambda _: None
    platform.time.now = at(4)
    reminded(ward, platform)
    assert len(copies(platform)) == 1
    assert findings(ward.store, T, platform.time.now + timedelta(minutes=1)) == []


def test_a_channel_that_refuses_keeps_nothing_from_the_owner(ward: Ward) -> None:
    ward.say("settings fallback_channel C0FALL")
    ward.case(NOTIFY)
    platform = Platform(Time(at(30, month=11)))
    platform.answer = lambda place: NotPosted("is_archived") if place.conversation == "C0INC" else None
    reminded(ward, platform)
    assert len(platform.said("C0FALL", "7 of 14 days used")) == 1
    assert len(copies(platform)) == 1


def test_what_is_over_by_the_time_that_it_leaves_says_so(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    platform = Platform(Time(at(30, month=11)))
    platform.answer = lambda place: NotPosted("later", passes=True) if place.conversation == "U1" else None
    reminded(ward, platform)
    ward.now = at(30, month=11)
    ward.say(f"notified {ref} CQC-1")
    platform.answer = lambda _: None
    platform.time.pass_(timedelta(minutes=5))
    reminded(ward, platform)
    (copy,) = copies(platform)
    assert f"{ref}: notify the authority is over by now" in copy
    assert Destination(ward.face.name, "U1") in {one.place for one in platform.messages}
