"""Whose messages a process sends, and what becomes of those that nobody sends."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.actions.delivery_cards import CaseContents
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.serving import NotServed, unserved
from bot.core.reminders.watch import Watch
from bot.core.whose import leads_nowhere, not_to_be_begun
from storage.model import Destination, Person
from storage.organisation_model import Outside
from tests.core.cases.ward import ANA, BUTTONS, NOTIFY, T, Ward
from tests.core.reminders.platform import TIMINGS, Platform, Time, delivery, drain, run
from tests.core.reminders.test_reminders import at

OTHER = "other-trust"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path / "irmer.sqlite", BUTTONS)


def case_of(ward: Ward, tenant: str) -> str:
    number = ward.record(NOTIFY, tenant)
    ward.say(f"open {number}", tenant=tenant)
    return ward.store.cases(tenant)[0].ref


def test_a_delivery_sends_the_messages_of_its_own_tenant_alone(ward: Ward) -> None:
    refs = {tenant: case_of(ward, tenant) for tenant in (T, OTHER)}
    assert refs[T] == refs[OTHER]  # numbers are each tenant's own
    platform = Platform(Time(at(30, month=11)))
    drain(delivery(ward.store, platform, BUTTONS, tenant=lambda: T))
    assert {message.tenant for message in platform.messages} == {T}
    assert {one.state for one in ward.store.outgoing(OTHER, refs[OTHER])} == {"due"}
    drain(delivery(ward.store, platform, BUTTONS, tenant=lambda: ""))  # who it is is not known yet
    assert {message.tenant for message in platform.messages} == {T}


class Served:
    """A process that serves one tenant on one platform, with its watch."""

    def __init__(self, ward: Ward, face: str = BUTTONS.name) -> None:
        self.platform = Platform(Time(ward.now), face)
        self.time = self.platform.time
        clock = Clock(self.time.wall, self.time.monotonic)
        self.worker = delivery(ward.store, self.platform, BUTTONS, clock=clock, tenant=lambda: T)

        def instead(tenant: str, name: str) -> Delivery:
            return Delivery(
                ward.store, NotServed(name), CaseContents(ward.store, BUTTONS), worker="w", clock=clock,
                timings=TIMINGS, tenant=lambda: tenant,
            )  # fmt: skip

        here, mine = Destination(face, face), frozenset({(T, face)})
        self.watch = Watch(ward.store, here, clock, mine=lambda: mine, instead=instead)

    def look(self) -> str:
        drain(self.worker)
        lines = self.watch.look()
        asyncio.run(self.watch.move_on())
        return lines

    def until(self, when: datetime) -> None:
        while self.time.now < when:
            run(self.worker, self.time, self.time.now + MINUTE)
            self.look()


def elsewhere(ward: Ward, key: str, platform: str, conversation: str) -> None:
    value = {"platform": platform, "conversation": conversation}
    ward.store.set_setting(T, key, value, by=Person(ANA.id, ANA.name), now=ward.now)


def test_a_place_on_a_platform_that_nobody_serves_is_red_with_its_name_and_goes_elsewhere_in_time(
    ward: Ward,
) -> None:
    elsewhere(ward, "incidents_channel", "pigeons", "loft")
    elsewhere(ward, "fallback_channel", BUTTONS.name, "C0FALL")
    ref = ward.case()
    served = Served(ward)
    assert "pigeons is not served, and 10 messages wait for it, of trust" in served.look()
    served.until(ward.now + 2 * HOUR)
    assert len(served.platform.said("C0FALL", f"{ref} Diagnostic", "could not be delivered")) == 1
    served.time.pass_(at(30, month=11) - served.time.now)
    served.until(at(30, month=11) + 2 * HOUR)
    (ping,) = served.platform.said("C0FALL", "7 of 14 days used, 7 left)")
    assert "pigeons is not served" in ping.words
    assert ward.store.verify(now=served.time.now) == []


def test_whatever_goes_wrong_with_what_is_moved_on_the_watch_goes_on_and_says_so(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere(ward, "incidents_channel", "pigeons", "loft")
    elsewhere(ward, "fallback_channel", BUTTONS.name, "C0FALL")
    ward.case()
    served = Served(ward)

    async def broken(_: Delivery) -> bool:
        raise ValueError("9990000018")

    drain(served.worker)
    served.watch.look()
    with monkeypatch.context() as now:
        now.setattr(Delivery, "step", broken)
        asyncio.run(served.watch.move_on())
    assert served.watch.health == "what is not served is held up (ValueError): see the log"
    served.until(ward.now + 2 * HOUR)
    assert "held up" not in served.watch.health
    assert served.platform.said("C0FALL", "could not be delivered")
    served.time.pass_(at(30, month=11) - served.time.now)
    served.until(at(30, month=11) + 2 * HOUR)
    tried = {(platform, became) for _, platform, became in served.watch.outcomes}
    assert tried == {("pigeons", "put off"), ("pigeons", "given up")}
    assert any(became == "sent" for _, _, became in served.worker.outcomes)


def test_a_platform_that_another_process_serves_is_left_to_it(ward: Ward) -> None:
    elsewhere(ward, "incidents_channel", "pigeons", "loft")
    ward.case()
    served, other = Served(ward), Served(ward, face="pigeons")
    other.look()
    assert [message.place.conversation for message in other.platform.messages] == ["loft"]
    assert served.look() == ""
    served.time.pass_(timedelta(minutes=6))  # of which nothing is heard any more
    drain(served.worker)
    assert "pigeons is not served" in served.watch.look()


def test_a_tenant_with_open_deadlines_that_nobody_serves_is_named_with_what_joins_them(ward: Ward) -> None:
    case_of(ward, OTHER)
    served = Served(ward)
    line = "other-trust has 2 open deadlines, and nobody serves it"
    assert line in served.look()
    assert "irmer org list shows what leads to it" in served.watch.look()
    assert unserved(ward.store, (), ward.now)[1][0].startswith(line)
    for deadline in ward.store.deadlines(OTHER):
        ward.store.withdraw(
            OTHER, deadline.subject, deadline.kind, why="over", by=deadline.set_by, now=ward.now
        )
    assert served.look() == ""


def test_what_waits_at_a_terminal_is_served_by_whoever_sits_at_it(ward: Ward) -> None:
    ward.case()
    assert len(unserved(ward.store, (), ward.now)[1]) == 1
    assert unserved(ward.store, (), ward.now, at_hand=(BUTTONS.name,)) == ([], [])


def test_an_id_without_data_is_told_of_those_that_have_some_and_what_binds_it(ward: Ward) -> None:
    new = Outside("slack", "workspace", "T0NEW")
    assert leads_nowhere(ward.store, "T0NEW", new) == not_to_be_begun(ward.store, "T0NEW") == ""
    ward.case()
    line = leads_nowhere(ward.store, "T0NEW", new)
    assert "Nothing is kept in the name of T0NEW, but in that of trust" in line
    assert "irmer org bind trust slack workspace T0NEW" in line
    assert "IRMER_TENANT=trust goes on with it" in not_to_be_begun(ward.store, "T0NEW")
    assert leads_nowhere(ward.store, T, new) == not_to_be_begun(ward.store, T) == ""
    ward.store.add_organisation("T0NEW", "New Trust", by=Person("os:root"), now=ward.now)
    assert leads_nowhere(ward.store, "T0NEW", new) == not_to_be_begun(ward.store, "T0NEW") == ""
