"""What becomes of a message when its worker dies, pauses, or cannot tell whether it was posted."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from storage.errors import Duplicate
from storage.model import Destination, NewCase, Person
from storage.plans import Also, DeadlinePlan, PingPlan, PostPlan
from storage.sqlite import SqliteStore
from tests.storage.helpers import (
    ANA,
    DUE,
    LEADS,
    LEASE,
    NOW,
    ON_THE_DAY,
    WARD,
    T,
    claim,
    claims_nothing,
    keys,
    one_ping,
    open_case,
    plan,
    send,
    states,
)

pytestmark = pytest.mark.both_stores

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def test_nothing_is_claimed_before_its_time(store: SqliteStore) -> None:
    ref = one_ping(store)
    assert store.next_due(None, "chat") == ON_THE_DAY
    assert claims_nothing(store, ON_THE_DAY - SECOND)
    assert keys(claim(store, ON_THE_DAY)) == [f"{ref}/notify/1/+0d"]


def test_what_is_claimed_is_held_until_the_lease_ends(store: SqliteStore) -> None:
    one_ping(store)
    first = claim(store, ON_THE_DAY)
    assert (first.check_first, first.lease_until, first.worker, first.tenant) == (
        False,
        ON_THE_DAY + LEASE,
        "w1",
        T,
    )
    assert claims_nothing(store, ON_THE_DAY + LEASE)
    again = claim(store, ON_THE_DAY + LEASE + SECOND, "w2")
    assert (again.check_first, again.first_try, again.key) == (True, ON_THE_DAY, first.key)


def test_what_was_sent_is_never_claimed_again(store: SqliteStore) -> None:
    ref = one_ping(store)
    store.sent(T, claim(store, ON_THE_DAY), message="m1", now=ON_THE_DAY)
    assert claims_nothing(store, ON_THE_DAY + 400 * DAY)
    assert store.next_due(None, "chat") is None
    (ping,) = store.outgoing(T, ref)
    assert (ping.state, ping.message, ping.sent_at, ping.attempts) == ("sent", "m1", ON_THE_DAY, 1)
    assert store.audit(T, subject=ref)[-1].what == "ping sent"


def test_what_was_definitely_not_posted_is_sent_later_without_a_check(store: SqliteStore) -> None:
    one_ping(store)
    assert store.later(T, claim(store, ON_THE_DAY), at=ON_THE_DAY + MINUTE, error="429", now=ON_THE_DAY)
    assert claims_nothing(store, ON_THE_DAY + MINUTE - SECOND)
    assert not claim(store, ON_THE_DAY + MINUTE).check_first


def test_what_was_perhaps_posted_is_checked_first(store: SqliteStore) -> None:
    one_ping(store)
    first = claim(store, ON_THE_DAY)
    assert store.unknown(T, first, at=ON_THE_DAY + 5 * MINUTE, error="reset", now=ON_THE_DAY)
    assert claims_nothing(store, ON_THE_DAY + 4 * MINUTE)
    again = claim(store, ON_THE_DAY + 5 * MINUTE)
    assert (again.check_first, again.first_try, again.key) == (True, ON_THE_DAY, first.key)


def test_a_doubt_once_raised_stays_until_it_is_settled(store: SqliteStore) -> None:
    """A 429 to the second try says nothing about the first."""
    one_ping(store)
    store.unknown(T, claim(store, ON_THE_DAY), at=ON_THE_DAY, now=ON_THE_DAY)
    store.later(T, claim(store, ON_THE_DAY), at=ON_THE_DAY, now=ON_THE_DAY)
    assert claim(store, ON_THE_DAY).check_first


def test_a_worker_that_slept_through_its_lease_changes_nothing(store: SqliteStore) -> None:
    ref = one_ping(store)
    slept = claim(store, ON_THE_DAY)
    after = ON_THE_DAY + LEASE + SECOND
    awake = claim(store, after, "w2")
    assert not store.later(T, slept, at=after, now=after)
    assert not store.unknown(T, slept, at=after, now=after)
    assert not store.undeliverable(T, slept, error="gone", instead=[LEADS], now=after)
    store.sent(T, awake, message="m2", now=after)
    assert states(store, ref) == {"+0d": "sent"}


def test_the_same_worker_name_does_not_share_a_lease(store: SqliteStore) -> None:
    one_ping(store)
    slept = claim(store, ON_THE_DAY)
    claim(store, ON_THE_DAY + LEASE + SECOND)
    assert not store.later(T, slept, at=NOW, now=NOW)


def test_sent_is_written_down_even_when_the_lease_was_lost(store: SqliteStore) -> None:
    ref = one_ping(store)
    slept = claim(store, ON_THE_DAY)
    awake = claim(store, ON_THE_DAY + LEASE + SECOND, "w2")
    store.sent(T, slept, message="m1", now=ON_THE_DAY)
    store.sent(T, awake, message="m2", now=ON_THE_DAY)
    (ping,) = store.outgoing(T, ref)
    assert (ping.state, ping.message) == ("sent", "m1")
    assert [entry.what for entry in store.audit(T, subject=ref)].count("ping sent") == 1


def test_a_ping_that_leaves_while_its_deadline_is_met_is_written_down_as_sent(store: SqliteStore) -> None:
    ref = one_ping(store)
    batch = claim(store, ON_THE_DAY)
    store.meet(T, ref, "notify", by=ANA, now=ON_THE_DAY)
    assert states(store, ref) == {"+0d": "cancelled"}
    assert not store.later(T, batch, at=ON_THE_DAY, now=ON_THE_DAY)
    store.sent(
        T, batch, message="m", now=ON_THE_DAY, then=[(batch.items[0].id, PingPlan("+1d", DUE + DAY, WARD))]
    )
    assert states(store, ref) == {"+0d": "sent"}


def test_a_ping_that_was_tried_cancelled_and_is_wanted_again_is_checked_first(store: SqliteStore) -> None:
    """Its first worker may have posted it, or may yet do so while its lease lasts."""
    ref = one_ping(store)
    first, slow = claim(store, ON_THE_DAY), ON_THE_DAY - SECOND
    store.set_deadlines(T, ref, [plan("notify", DUE)], by=ANA, now=slow)  # by whose clock it is to come
    assert states(store, ref) == {"+0d": "cancelled"}
    store.set_deadlines(T, ref, [plan("notify", DUE, 0)], by=ANA, now=ON_THE_DAY)
    assert claims_nothing(store, first.lease_until - SECOND)
    second = claim(store, first.lease_until + SECOND, "w2")
    assert (second.check_first, second.key, second.first_try) == (True, first.key, ON_THE_DAY)


def test_what_was_due_is_sent_whatever_is_planned_anew_meanwhile(store: SqliteStore) -> None:
    ref = one_ping(store)
    store.later(T, claim(store, ON_THE_DAY), at=ON_THE_DAY + MINUTE, now=ON_THE_DAY)
    store.set_deadlines(T, ref, [plan("notify", DUE, 1)], by=ANA, now=ON_THE_DAY)
    assert states(store, ref) == {"+0d": "due", "+1d": "due"}
    assert keys(claim(store, ON_THE_DAY + MINUTE)) == [f"{ref}/notify/1/+0d"]


def test_a_snooze_taken_up_again_is_checked_first_where_it_was_tried(store: SqliteStore) -> None:
    ref = one_ping(store)
    until = NOW + DAY
    tried = store.snooze(T, ref, "notify", until=until, by=ANA, now=NOW)
    store.unknown(T, claim(store, until), at=until + 5 * MINUTE, now=until)
    store.snooze(T, ref, "notify", until=until + DAY, by=ANA, now=NOW)
    assert states(store, ref)[tried.offset] == "superseded"
    store.snooze(T, ref, "notify", until=until, by=ANA, now=NOW)
    assert states(store, ref)[tried.offset] == "unknown"


def test_the_next_ping_is_planned_with_the_sending_of_the_last(store: SqliteStore) -> None:
    ref = one_ping(store)
    for day in range(3):
        now = ON_THE_DAY + day * DAY
        batch = claim(store, now)
        following = PingPlan(f"+{day + 1}d", DUE + (day + 1) * DAY, WARD)
        store.sent(T, batch, message=f"m{day}", now=now, then=[(batch.items[0].id, following)])
    assert states(store, ref) == {"+0d": "sent", "+1d": "sent", "+2d": "sent", "+3d": "due"}
    assert store.unwatched(T) == ()


def test_a_post_goes_before_pings_and_its_id_becomes_the_cases_thread(store: SqliteStore) -> None:
    card = PostPlan("card", WARD, {"shows": "case"}, remember=True)
    ref = open_case(store, also=Also(deadlines=(plan("notify", DUE, 0),), posts=(card,)))
    post = claim(store, ON_THE_DAY)
    assert [(item.kind, item.body) for item in post.items] == [("post", {"shows": "case"})]
    store.sent(T, post, message="1767225600.000100", now=ON_THE_DAY)
    ping = claim(store, ON_THE_DAY)
    assert ping.place.thread == "1767225600.000100"
    (address,) = store.addresses(T, ref)
    assert (address.message, address.place.thread) == ("1767225600.000100", "1767225600.000100")
    assert store.subject_at(T, Destination("chat", "incidents", "1767225600.000100")) == ref


def test_posts_are_sent_one_by_one(store: SqliteStore) -> None:
    for key in ("a", "b"):
        store.post(T, PostPlan(key, WARD), now=NOW)
    assert [keys(send(store, NOW)) for _ in range(2)] == [["a"], ["b"]]


def test_the_same_post_twice_is_refused(store: SqliteStore) -> None:
    store.post(T, PostPlan("hello", WARD), now=NOW)
    with pytest.raises(Duplicate):
        store.post(T, PostPlan("hello", WARD), now=NOW)
    store.post("other", PostPlan("hello", WARD), now=NOW)


def test_a_post_that_was_given_up_can_be_tried_afresh(store: SqliteStore) -> None:
    store.post(T, PostPlan("hello", WARD), now=NOW)
    store.undeliverable(T, claim(store, NOW), error="archived", now=NOW)
    assert [item.key for item in store.undelivered(T)] == ["hello"]
    store.post(T, PostPlan("hello", LEADS), now=NOW)
    assert claim(store, NOW).place == LEADS
    assert store.undelivered(T) == ()


def test_of_several_updates_waiting_the_latest_alone_is_sent(store: SqliteStore) -> None:
    ref = open_case(store, also=Also(posts=(PostPlan("card", WARD, remember=True),)))
    store.sent(T, claim(store, NOW), message="m1", now=NOW)
    for version in (1, 2, 3):
        store.post(T, PostPlan("card", WARD, {"version": version}, "update", subject=ref), now=NOW)
    batch = claim(store, NOW)
    (item,) = batch.items
    assert (item.kind, item.body, item.message, item.place.thread) == ("update", {"version": 3}, "m1", "m1")
    assert claims_nothing(store, NOW)
    store.post(T, PostPlan("card", WARD, {"version": 4}, "update", subject=ref), now=NOW)
    store.sent(T, batch, message="m1", now=NOW)
    assert claim(store, NOW).items[0].body == {"version": 4}


def test_a_ping_that_cannot_be_delivered_goes_to_the_fallback_channel(store: SqliteStore) -> None:
    ref = one_ping(store)
    assert store.undeliverable(
        T, claim(store, ON_THE_DAY), error="channel archived", instead=[LEADS], now=ON_THE_DAY
    )
    batch = claim(store, ON_THE_DAY)
    (item,) = batch.items
    assert (batch.place, item.subject, item.rule, item.fallback_for) == (
        LEADS,
        ref,
        "notify",
        f"{ref}/notify/1/+0d",
    )
    assert store.undelivered(None) == ()
    assert store.doctor(now=ON_THE_DAY).undelivered == 0


def test_what_is_about_nothing_goes_to_another_place_too_and_the_trail_says_so(store: SqliteStore) -> None:
    store.post(T, PostPlan("digest:2026-W48", WARD), now=NOW)
    store.undeliverable(T, claim(store, NOW), error="channel archived", instead=[LEADS], now=NOW)
    assert store.verify() == [], "while it waits"
    store.sent(T, claim(store, NOW), message="m1", now=NOW)
    assert store.verify() == []


HERE, THERE = Destination("chat", "here"), Destination("other", "there")


def refused(store: SqliteStore, at: datetime, platform: str = "chat") -> Destination:
    """The next message is given up where it is; where that was."""
    batch = store.claim(None, platform, worker="w", now=at, lease=LEASE)
    assert batch is not None
    instead = [WARD, LEADS, HERE, THERE]
    assert store.undeliverable(T, batch, error=f"not {batch.place.conversation}", instead=instead, now=at)
    return batch.place


def test_what_no_place_takes_goes_from_each_to_the_next_and_is_then_told_of(store: SqliteStore) -> None:
    ref = one_ping(store)
    places = [refused(store, ON_THE_DAY) for _ in range(3)] + [refused(store, ON_THE_DAY, "other")]
    assert places == [WARD, LEADS, HERE, THERE]
    assert claims_nothing(store, ON_THE_DAY + DAY)
    (given_up,) = store.undelivered(None)
    assert given_up.key == f"{ref}/notify/1/+0d"
    assert given_up.error == "not incidents"
    assert store.doctor(now=ON_THE_DAY).undelivered == 1
    assert store.verify() == []


def test_what_no_place_took_begins_anew_where_it_belongs_after_a_while(store: SqliteStore) -> None:
    one_ping(store)
    for platform in ("chat", "chat", "chat", "other"):
        refused(store, ON_THE_DAY, platform)
    soon, later = ON_THE_DAY + MINUTE, ON_THE_DAY + 15 * MINUTE
    assert store.try_again(T, before=ON_THE_DAY - MINUTE, now=soon) == 0
    assert store.try_again("other", before=ON_THE_DAY, now=later) == 0
    assert store.try_again(None, before=ON_THE_DAY, now=later) == 1
    assert store.undelivered(None) == ()
    assert [refused(store, later), refused(store, later)] == [WARD, LEADS]
    batch = claim(store, later)
    assert batch.place == HERE
    store.sent(T, batch, message="m", now=later)
    assert store.undelivered(None) == ()
    assert store.try_again(None, before=later, now=later + DAY) == 0
    assert claims_nothing(store, later + DAY)
    assert store.verify() == []


def test_what_perhaps_arrived_is_looked_for_when_it_begins_anew(store: SqliteStore) -> None:
    one_ping(store)
    store.unknown(T, claim(store, ON_THE_DAY), at=ON_THE_DAY, now=ON_THE_DAY)
    store.undeliverable(T, claim(store, ON_THE_DAY), error="unknown twice", now=ON_THE_DAY)
    store.try_again(None, before=ON_THE_DAY, now=ON_THE_DAY + MINUTE)
    batch = claim(store, ON_THE_DAY + MINUTE)
    assert (batch.check_first, batch.first_try) == (True, ON_THE_DAY)


def test_what_stands_in_gives_way_to_a_later_one_that_stands_in_or_arrived(store: SqliteStore) -> None:
    for arrived in (True, False):
        due = plan("notify", DUE, 0, 1)
        ref = open_case(store, also=Also(deadlines=(due,)))
        store.undeliverable(T, claim(store, ON_THE_DAY), error="gone", instead=[LEADS], now=ON_THE_DAY)
        store.post(T, PostPlan(f"in the way, {arrived}", LEADS), now=ON_THE_DAY)
        in_the_way = claim(store, ON_THE_DAY + DAY)
        batch = claim(store, ON_THE_DAY + DAY)
        store.sent(T, in_the_way, message="m", now=ON_THE_DAY + DAY)
        if arrived:
            store.sent(T, batch, message="m", now=ON_THE_DAY + DAY)
        else:
            store.undeliverable(T, batch, error="gone", instead=[LEADS], now=ON_THE_DAY + DAY)
        left = store.claim(None, "chat", worker="w", now=ON_THE_DAY + DAY, lease=LEASE)
        assert (left is None) == arrived
        assert {o.offset: o.state for o in store.outgoing(T, ref) if o.fallback_for}["+0d"] == "superseded"
        if left is not None:
            assert [item.offset for item in left.items] == ["+1d"]


def test_the_second_place_does_not_silence_the_first_where_both_are_one(store: SqliteStore) -> None:
    on = DUE + DAY
    pings = (PingPlan("+1d", on, WARD), PingPlan("+1d!", on, WARD, escalation=True))
    ref = open_case(store, also=Also(deadlines=(DeadlinePlan("notify", DUE, pings),)))
    batch = claim(store, ON_THE_DAY + DAY)
    assert sorted(item.offset for item in batch.items) == ["+1d", "+1d!"]
    assert set(states(store, ref).values()) == {"sending"}


def test_what_is_late_is_judged_by_the_time_that_it_was_planned_for(store: SqliteStore) -> None:
    ref = one_ping(store)
    store.later(T, claim(store, ON_THE_DAY), at=ON_THE_DAY + DAY, error="ratelimited", now=ON_THE_DAY)
    assert store.late(None, before=ON_THE_DAY) == ()
    (late,) = store.late(T, before=ON_THE_DAY + MINUTE)
    assert (late.subject, late.error) == (ref, "ratelimited")
    assert store.late("other", before=ON_THE_DAY + MINUTE) == ()
    store.meet(T, ref, "notify", by=ANA, now=ON_THE_DAY)
    assert store.late(None, before=ON_THE_DAY + DAY) == ()


def test_an_undeliverable_ping_does_not_end_the_daily_ones(store: SqliteStore) -> None:
    ref = one_ping(store)
    batch = claim(store, ON_THE_DAY)
    following = [(batch.items[0].id, PingPlan("+1d", DUE + DAY, WARD))]
    store.undeliverable(T, batch, error="gone", now=ON_THE_DAY, then=following)
    assert states(store, ref) == {"+0d": "dead", "+1d": "due"}
    assert len(store.undelivered(T)) == 1
    store.sent(T, claim(store, ON_THE_DAY + DAY), message="m", now=ON_THE_DAY + DAY)
    assert store.undelivered(T) == ()


def test_a_ping_of_a_deadline_that_is_over_is_no_longer_missed(store: SqliteStore) -> None:
    ref = one_ping(store)
    store.undeliverable(T, claim(store, ON_THE_DAY), error="gone", now=ON_THE_DAY)
    store.meet(T, ref, "notify", by=ANA, now=ON_THE_DAY)
    assert store.undelivered(T) == ()


def test_reminders_of_many_organisations_leave_over_some_minutes_and_are_judged_by_their_hour(
    store: SqliteStore,
) -> None:
    ten = timedelta(minutes=10)
    pings = (PingPlan("0d", DUE, WARD, spread=ten),)
    for number in range(40):
        also = Also(deadlines=(DeadlinePlan("notify", DUE, pings),))
        open_case(store, tenant=f"trust {number}", also=also)
    rows = [one for number in range(40) for one in store.outgoing(f"trust {number}", "C26-0001")]
    after = {one.next_at - one.planned_at for one in rows if one.kind == "ping"}
    assert {one.planned_at for one in rows if one.kind == "ping"} == {ON_THE_DAY}
    assert len(after) > 30
    assert timedelta() <= min(after) < timedelta(minutes=1)
    assert timedelta(minutes=9) < max(after) <= ten
    assert store.late(None, before=ON_THE_DAY) == ()
    last = (PingPlan("0d", DUE, WARD, at=time(23, 58), spread=ten),)
    for number in range(10):
        ref = open_case(
            store, tenant=f"trust {number}", also=Also(deadlines=(DeadlinePlan("report", DUE, last),))
        )
        (ping,) = [one for one in store.outgoing(f"trust {number}", ref) if one.kind == "ping"]
        assert ping.next_at - ping.planned_at <= timedelta(minutes=1), "on its own day"
    assert store.verify() == []


def test_a_conversation_is_one_workers_while_it_is_written_to_and_left_alone_for_a_pause(
    store: SqliteStore, path: Path
) -> None:
    beside = SqliteStore(path, alone=False)
    pause = timedelta(seconds=1)
    for place in (WARD, LEADS):
        for number in range(2):
            store.post(T, PostPlan(f"{place.conversation} {number}", place), now=NOW)
    first = claim(store, NOW, pace=pause)
    other = claim(beside, NOW, pace=pause)
    assert {first.place, other.place} == {WARD, LEADS}
    assert claims_nothing(store, NOW, pace=pause)
    assert claims_nothing(beside, NOW, pace=pause)
    store.sent(T, first, message="m", now=NOW)
    beside.later(T, other, at=NOW + pause / 2, now=NOW)
    assert claims_nothing(beside, NOW + pause / 2, pace=pause)
    assert {claim(one, NOW + pause, pace=pause).place for one in (store, beside)} == {WARD, LEADS}
    beside.close()


def test_what_was_sent_after_its_lease_was_lost_frees_no_conversation(store: SqliteStore) -> None:
    for number in range(2):
        store.post(T, PostPlan(f"{number}", WARD), now=NOW)
    lost = claim(store, NOW)
    after = lost.lease_until + timedelta(seconds=2)
    assert claim(store, after).place == WARD
    store.sent(T, lost, message="m", now=after)
    assert claims_nothing(store, after)


def test_a_clock_that_was_wrong_holds_no_conversation_up(store: SqliteStore) -> None:
    store.post(T, PostPlan("early", WARD), now=NOW)
    store.sent(T, claim(store, NOW + 365 * DAY), message="m", now=NOW + 365 * DAY)
    store.post(T, PostPlan("now", WARD), now=NOW)
    assert claim(store, NOW).place == WARD


def test_an_organisation_that_has_its_share_and_what_was_tried_before_are_passed_over(
    store: SqliteStore,
) -> None:
    for tenant in (T, "other"):
        store.post(tenant, PostPlan("hello", WARD), now=NOW)
    for busy, gets in (({T}, "other"), ({"other"}, T), (set(), T)):
        batch = claim(store, NOW, busy=busy)
        assert batch.tenant == gets
        store.later(gets, batch, at=NOW, error="ratelimited", now=NOW)
        assert claims_nothing(store, NOW, busy={T, "other"})
    assert claims_nothing(store, NOW, fresh=True)
    store.post("other", PostPlan("again", LEADS), now=NOW)
    assert claim(store, NOW, fresh=True).place == LEADS


def test_a_worker_takes_its_own_platform_and_tenant(store: SqliteStore) -> None:
    one_ping(store)
    new = NewCase("x", NOW.date())
    elsewhere = plan("notify", DUE, 0, place=Destination("other-chat", "incidents"))
    store.open_case("other", new, by=Person("U9"), now=NOW, also=Also(deadlines=(elsewhere,)))
    assert store.claim("other", "chat", worker="w", now=ON_THE_DAY, lease=LEASE) is None
    assert store.next_due("other", "chat") is None
    assert store.next_due("other", "other-chat") == ON_THE_DAY
    batch = store.claim("other", "other-chat", worker="w", now=ON_THE_DAY, lease=LEASE)
    assert batch is not None
    assert batch.tenant == "other"
    assert claim(store, ON_THE_DAY).tenant == T


def test_a_clock_that_jumped_ahead_and_back_sends_nothing_early(store: SqliteStore) -> None:
    refs = [one_ping(store), one_ping(store, place=LEADS)]
    store.later(T, claim(store, ON_THE_DAY), at=ON_THE_DAY, now=ON_THE_DAY)
    assert claims_nothing(store, ON_THE_DAY - DAY)
    assert {claim(store, ON_THE_DAY).items[0].subject for _ in refs} == set(refs)


def test_overdue_messages_are_counted(store: SqliteStore) -> None:
    one_ping(store)
    assert store.doctor(now=ON_THE_DAY + 15 * MINUTE).overdue == 0
    assert store.doctor(now=ON_THE_DAY + 16 * MINUTE).overdue == 1
