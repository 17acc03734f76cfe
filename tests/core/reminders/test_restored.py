"""After a restore: what went out since the copy is known again, however it went out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.model import Person
from storage.restore import restore
from tests.core.cases.ward import BUTTONS, NOTIFY, Ward
from tests.core.reminders.platform import Platform, Time, delivery, drain
from tests.core.reminders.test_reminders import at

ROOT = Person("os:root", "root")


def reminded(ward: Ward, platform: Platform) -> None:
    drain(delivery(ward.store, platform, ward.face))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "irmer.sqlite"


@pytest.mark.parametrize("cases", [1, 3])
@pytest.mark.parametrize("owners", ["no", "also by direct message"])
def test_what_went_out_since_the_copy_does_not_go_out_again(path: Path, cases: int, owners: str) -> None:
    """Reminders of several cases go as one message, and the owner's copies beside them."""
    face = replace(BUTTONS, direct="[DU]")
    ward, copy = Ward(path, face), path.with_name("copy.sqlite")
    ward.say("settings incidents_channel C0INC")
    ward.say(f"settings owner_reminders {owners}")
    for _ in range(cases):
        ward.case(NOTIFY)
    platform = Platform(Time(ward.now))
    reminded(ward, platform)
    ward.store.backup(copy, now=ward.now)
    platform.time.now = at(30, month=11)
    reminded(ward, platform)
    ward.store.close()
    before = [(one.place.conversation, one.words) for one in platform.messages]
    restore(path, copy, last=None, by=ROOT, now=platform.time.now + timedelta(hours=1))
    again = Ward(path, face)
    platform.time.pass_(timedelta(hours=2))
    reminded(again, platform)
    assert [(one.place.conversation, one.words) for one in platform.messages] == before
    assert again.store.verify(now=platform.time.now) == []
    assert not again.store.late(None, before=platform.time.now)
    again.store.close()
