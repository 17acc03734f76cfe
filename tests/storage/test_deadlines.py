from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest

from storage.errors import Conflict, Invalid, NotFound
from storage.model import BOT, Destination
from storage.plans import Also, DeadlinePlan, PingPlan
from storage.sqlite import SqliteStore
from tests.storage.helpers import (
    ANA,
    BEN,
    DUE,
    FOUND,
    LEADS,
    NOW,
    WARD,
    T,
    claim,
    claims_nothing,
    keys,
    open_case,
    plan,
    states,
)

pytestmark = pytest.mark.both_stores


def nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def test_a_deadline_is_a_date_with_its_zone_and_hour(store: SqliteStore) -> None:
    ref = open_case(
        store,
        also=Also(
            deadlines=(DeadlinePlan("local:datix", date(2027, 7, 1), zone="Europe/London", at=time(8, 30)),)
        ),
    )
    (found,) = store.deadlines(T, subject=ref)
    assert (found.due_on, found.at, found.zone) == (date(2027, 7, 1), time(8, 30), "Europe/London")
    assert found.due_at == datetime(2027, 7, 1, 7, 30, tzinfo=UTC)
    assert (found.state, found.set_by, found.set_at, found.current) == ("open", ANA, NOW, True)


def test_deadlines_are_listed_soonest_first(store: SqliteStore) -> None:
    one = open_case(store)
    two = open_case(store, also=Also(deadlines=(plan("notify", date(2026, 12, 1)),)))
    listed = [(d.subject, d.kind) for d in store.deadlines(T)]
    assert listed == [(two, "notify"), (one, "notify"), (one, "report")]
    assert [d.subject for d in store.deadlines(T, until=DUE)] == [two, one]
    assert [d.subject for d in store.deadlines(T, until=DUE - timedelta(days=1))] == [two]
    assert [d.subject for d in store.deadlines(T, limit=1)] == [two]
    assert [(d.subject, d.kind) for d in store.deadlines(T, limit=1, offset=2)] == [(one, "report")]
    assert store.count_deadlines(T) == 3
    assert store.count_deadlines(T, until=DUE) == 2
    assert store.count_deadlines(T, subject=one, state="") == 2
    assert store.count_deadlines(T, state="met") == 0


def test_a_deadline_that_is_met_is_over_and_says_who_met_it(store: SqliteStore) -> None:
    ref = open_case(store)
    met = store.meet(T, ref, "notify", note="by phone", by=BEN, now=NOW)
    assert (met.state, met.why, met.set_by) == ("met", "by phone", BEN)
    assert [d.kind for d in store.deadlines(T, subject=ref)] == ["report"]
    assert set(states(store, ref).values()) == {"cancelled"}
    for act in (
        lambda: store.meet(T, ref, "notify", by=ANA, now=NOW),
        lambda: store.withdraw(T, ref, "notify", why="x", by=ANA, now=NOW),
        lambda: store.snooze(T, ref, "notify", until=NOW + timedelta(hours=1), by=ANA, now=NOW),
    ):
        with pytest.raises(Conflict, match="Physicist B marked it as met"):
            act()


def test_withdrawing_a_deadline_needs_a_reason(store: SqliteStore) -> None:
    ref = open_case(store)
    with pytest.raises(Invalid):
        store.withdraw(T, ref, "notify", why="", by=BEN, now=NOW)
    assert store.withdraw(T, ref, "notify", why="stood down", by=BEN, now=NOW).state == "withdrawn"


def test_a_deadline_that_is_not_there_is_not_found(store: SqliteStore) -> None:
    ref = open_case(store)
    with pytest.raises(NotFound):
        store.meet(T, ref, "mpe_estimate", by=ANA, now=NOW)


def test_a_deadline_set_again_after_it_was_met_is_the_next_version(store: SqliteStore) -> None:
    ref = open_case(store)
    store.meet(T, ref, "report", by=ANA, now=NOW)
    store.set_deadlines(T, ref, [plan("report", date(2027, 2, 12), -7)], by=ANA, now=NOW)
    (again,) = store.deadlines(T, subject=ref, until=date(2027, 3, 1))[1:]
    assert (again.kind, again.version, again.state) == ("report", 2, "open")
    assert [o.offset for o in store.outgoing(T, ref) if o.rule == "report" and o.state == "due"] == ["-7d"]


def test_setting_the_same_date_again_changes_the_open_pings_and_not_the_version(store: SqliteStore) -> None:
    ref = open_case(store)
    first = claim(store, NOW)  # the card
    store.sent(T, first, message="m1", now=NOW)
    then = nine(date(2026, 11, 27))
    store.sent(T, claim(store, then), message="m2", now=then)
    elsewhere = Destination("chat", "other-channel")
    changed = plan("notify", DUE, -7, -2, 0, place=elsewhere)
    (found, _) = store.set_deadlines(T, ref, [changed], by=BEN, now=then)
    assert found.version == 1
    assert states(store, ref) == {
        "-7d": "sent",
        "-3d": "cancelled",
        "-1d": "cancelled",
        "-2d": "due",
        "+0d": "due",
    }
    places = {
        item.offset: item.place.conversation for item in store.outgoing(T, ref) if item.rule == "notify"
    }
    assert (places["-7d"], places["-2d"], places["+0d"]) == ("incidents", "other-channel", "other-channel")
    store.set_deadlines(T, ref, [plan("notify", DUE, -1)], by=BEN, now=then)
    assert states(store, ref)["-1d"] == "due"


def test_another_hour_moves_the_pings_and_not_the_deadline(store: SqliteStore) -> None:
    ref = open_case(store, also=Also(deadlines=(plan("notify", DUE, -1, 0),)))
    later = plan("notify", DUE, -1, 0, at=time(16, 30))
    (found,) = store.set_deadlines(T, ref, [later], by=BEN, now=NOW)
    assert (found.version, found.due_on) == (1, DUE)
    assert {item.next_at.time() for item in store.outgoing(T, ref)} == {time(16, 30)}


def test_a_ping_may_have_an_hour_of_its_own(store: SqliteStore) -> None:
    ping = PingPlan("-1d", date(2027, 6, 30), WARD, at=time(16, 15))
    ref = open_case(store, also=Also(deadlines=(DeadlinePlan("notify", date(2027, 7, 1), (ping,)),)))
    (found,) = store.outgoing(T, ref)
    assert found.planned_at == datetime(2027, 6, 30, 15, 15, tzinfo=UTC)


def test_a_snooze_takes_the_place_of_what_was_due_before_it(store: SqliteStore) -> None:
    ref = open_case(store, also=Also(deadlines=(plan("notify", DUE, -7, -3, -1, 0),)))
    until = nine(date(2026, 12, 2))
    ping = store.snooze(T, ref, "notify", until=until, why="waiting for physics", by=BEN, now=NOW)
    assert ping.next_at == until
    assert states(store, ref) == {
        "-7d": "superseded", "-3d": "superseded", ping.offset: "due", "-1d": "due", "+0d": "due",
    }  # fmt: skip
    assert claims_nothing(store, until - timedelta(seconds=1))
    assert keys(claim(store, until)) == [ping.key]
    assert store.audit(T, subject=ref)[-1].said == "waiting for physics"


def test_a_ping_that_was_sent_can_be_put_off_to_an_hour(store: SqliteStore) -> None:
    ref = open_case(store, also=Also(deadlines=(plan("notify", DUE, -7),)))
    now = nine(date(2026, 11, 27))
    store.sent(T, claim(store, now), message="m", now=now)
    again = store.snooze(T, ref, "notify", until=now + timedelta(hours=5), by=BEN, now=now)
    assert again.place.conversation == "incidents"
    assert keys(claim(store, now + timedelta(hours=5))) == [again.key]


def test_the_same_snooze_twice_is_one_ping(store: SqliteStore) -> None:
    ref = open_case(store)
    until = NOW + timedelta(hours=2)
    assert store.snooze(T, ref, "notify", until=until, by=BEN, now=NOW).id == (
        store.snooze(T, ref, "notify", until=until, by=ANA, now=NOW).id
    )


def test_a_snooze_leaves_escalations_alone(store: SqliteStore) -> None:
    late = DUE + timedelta(days=1)
    pings = (PingPlan("+1d", late, WARD), PingPlan("escalate +1d", late, LEADS, escalation=True))
    ref = open_case(store, also=Also(deadlines=(DeadlinePlan("notify", DUE, pings),)))
    store.snooze(T, ref, "notify", until=nine(late + timedelta(days=3)), why="x", by=BEN, now=NOW)
    assert {o: s for o, s in states(store, ref).items() if "snooze" not in o} == {
        "+1d": "superseded", "escalate +1d": "due",
    }  # fmt: skip


def test_a_snooze_into_the_past_is_refused(store: SqliteStore) -> None:
    ref = open_case(store)
    with pytest.raises(Invalid, match="still to come"):
        store.snooze(T, ref, "notify", until=NOW, by=BEN, now=NOW)


def test_a_deadline_without_reminders_cannot_be_snoozed_and_is_shown_as_unwatched(store: SqliteStore) -> None:
    ref = open_case(store, also=Also(deadlines=(plan("notify", DUE),)))
    with pytest.raises(NotFound):
        store.snooze(T, ref, "notify", until=NOW + timedelta(days=1), by=BEN, now=NOW)
    assert [(tenant, d.subject, d.kind) for tenant, d in store.unwatched(None)] == [(T, ref, "notify")]
    assert store.unwatched("other") == ()


def test_a_moved_deadline_cancels_the_old_pings_snoozed_ones_too(store: SqliteStore) -> None:
    ref = open_case(store, also=Also(deadlines=(plan("notify", DUE, -7),)))
    store.snooze(T, ref, "notify", until=NOW + timedelta(days=1), by=BEN, now=NOW)
    store.set_deadlines(T, ref, [plan("notify", FOUND + timedelta(days=10), -1)], by=BEN, now=NOW)
    assert [(o.round, o.offset) for o in store.outgoing(T, ref) if o.state == "due"] == [(2, "-1d")]


def test_a_deadline_of_a_record_works_as_one_of_a_case(store: SqliteStore) -> None:
    open_case(store)
    store.set_deadlines(T, "2026-0001", [plan("learning", DUE, 0)], by=BOT, now=NOW)
    assert [d.subject for d in store.deadlines(T) if d.kind == "learning"] == ["2026-0001"]


def scheduled(store: SqliteStore, *offsets: int) -> list[DeadlinePlan]:
    """A plan for every open deadline."""
    return [replace(plan(one.kind, one.due_on, *offsets), subject=one.subject) for one in store.deadlines(T)]


def test_a_changed_schedule_is_one_transaction_with_one_row_for_all_reminders(store: SqliteStore) -> None:
    refs = [open_case(store) for _ in range(3)]
    before = len(store.audit(T))
    changed = store.change_settings(
        T, {"ping_days": [2, 0], "ping_hour": "09:00"}, plans=scheduled(store, -2, 0), by=BEN, now=NOW
    )
    assert changed == 6
    assert store.settings(T) == {"ping_days": [2, 0], "ping_hour": "09:00"}
    for ref, kind in product(refs, ("notify", "report")):
        found = states(store, ref, kind)
        assert {offset for offset, state in found.items() if state == "due"} == {"-2d", "+0d"}
        assert {offset for offset, state in found.items() if state == "cancelled"} == {"-7d", "-3d", "-1d"}
    new = store.audit(T)[before:]
    assert [entry.what for entry in new] == ["setting changed", "setting changed", "reminders planned anew"]
    assert len(new[-1].detail["cancelled"]) == 18
    assert store.verify() == []


def test_a_schedule_that_changes_nothing_leaves_no_row(store: SqliteStore) -> None:
    open_case(store)
    store.change_settings(T, {"x": 1}, plans=scheduled(store, -2, 0), by=BEN, now=NOW)
    before = len(store.audit(T))
    assert store.change_settings(T, {}, plans=scheduled(store, -2, 0), by=BEN, now=NOW) == 0
    assert len(store.audit(T)) == before


def test_a_schedule_planned_for_other_deadlines_than_are_open_by_now_changes_nothing(
    store: SqliteStore,
) -> None:
    ref = open_case(store)
    plans = scheduled(store, -2, 0)
    meanwhile = [
        lambda: store.set_deadlines(T, ref, [plan("local:board", DUE, 0)], by=ANA, now=NOW),
        lambda: store.withdraw(T, ref, "local:board", why="mistaken", by=ANA, now=NOW),
        lambda: store.set_deadlines(T, ref, [plan("notify", DUE - timedelta(days=1), 0)], by=ANA, now=NOW),
    ]
    for act, told in zip(meanwhile, (True, False, True), strict=True):
        act()
        before = (states(store, ref), store.settings(T), store.audit(T))
        if told:
            with pytest.raises(Conflict, match="plan the reminders again"):
                store.change_settings(T, {"ping_days": [2, 0]}, plans=plans, by=BEN, now=NOW)
            assert (states(store, ref), store.settings(T), store.audit(T)) == before
        else:
            assert store.change_settings(T, {}, plans=plans, by=BEN, now=NOW) == 2
            plans = scheduled(store, -2, 0)
    assert store.verify() == []
