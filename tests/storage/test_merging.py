"""One organisation goes on as another: nothing under way is lost, and nothing is reminded of twice."""

from datetime import timedelta

import pytest

from storage.errors import Conflict, Invalid
from storage.model import Destination, Step
from storage.organisation_model import Outside
from storage.plans import Also
from storage.store import Store
from tests.storage.helpers import (
    ANA,
    BEN,
    DUE,
    LEASE,
    NOW,
    ON_THE_DAY,
    WARD,
    T,
    assessment,
    measure_plan,
    open_case,
    plan,
)

pytestmark = pytest.mark.both_stores
INTO = "united"
WORKSPACE = Outside("slack", "workspace", "T1")


@pytest.fixture
def two(store: Store) -> Store:
    store.add_organisation(T, "Northern Trust", by=ANA, now=NOW)
    store.add_organisation(INTO, "United Trust", by=ANA, now=NOW)
    store.bind(T, WORKSPACE, how="", by=ANA, now=NOW)
    open_case(store, tenant=INTO)  # which has the number of the other's first
    return store


def open_deadlines(store: Store, tenant: str) -> list[tuple[str, object]]:
    return sorted((one.kind, one.due_on) for one in store.deadlines(tenant) if one.state == "open")


def to_come(store: Store, tenant: str) -> list[tuple[str, str, object, Destination]]:
    found = {one.subject for one in store.deadlines(tenant)}
    every = [
        one
        for subject in found
        for one in store.outgoing(tenant, subject)
        if (one.kind, one.state) == ("ping", "due")
    ]
    return sorted((one.rule, one.offset, one.planned_at, one.place) for one in every)


def test_what_is_under_way_goes_on_with_every_deadline_and_reminder_once(two: Store) -> None:
    ref = open_case(two)
    two.take_step(T, ref, Step("notify", authority_reference="CQC-7"), expected=None, by=BEN, now=NOW)
    two.remember_address(T, ref, WARD, "m1", now=NOW)
    number = two.keep(T, assessment(), by=ANA, now=NOW).number
    two.give_details(T, number, {"site": "East"}, by=ANA, now=NOW)
    two.set_measure(T, number, measure_plan(), by=ANA, now=NOW)
    deadlines, pings = open_deadlines(two, T), to_come(two, T)
    before = open_deadlines(two, INTO), to_come(two, INTO)
    merged = two.merge(T, INTO, by=BEN, now=NOW)
    (named,) = merged.cases
    case = two.case(INTO, named[1])
    assert named == (ref, "C26-0002")
    assert (case.state, case.authority_reference) == ("notified", "CQC-7")
    assert two.addresses(INTO, case.ref)[0].message == "m1"
    new = dict(merged.records)[number]
    assert {one.field: one.value for one in two.record(INTO, new).details} == {"site": "East"}
    assert [one.what for one in two.measures(INTO, new)] == ["two people check the list"]
    assert open_deadlines(two, INTO) == sorted([*before[0], *deadlines])
    assert to_come(two, INTO) == sorted([*before[1], *pings])
    assert open_deadlines(two, T) == to_come(two, T) == []
    assert two.verify() == []


def test_both_trails_stay_and_the_one_that_ended_is_read_and_not_changed(two: Store) -> None:
    ref = open_case(two)
    trail = two.audit(T)
    two.merge(T, INTO, by=BEN, now=NOW)
    assert two.audit(T)[: len(trail)] == trail
    assert two.case(T, ref).title == "Wrong patient, CT head"
    assert two.organisation(T).merged_into == INTO
    assert two.bound([WORKSPACE]) == INTO
    for change in (
        lambda: two.keep(T, assessment(), by=ANA, now=NOW),
        lambda: two.add_note(T, ref, "more", by=ANA, now=NOW),
        lambda: two.set_setting(T, "nation", "wales", by=ANA, now=NOW),
        lambda: two.bind(T, Outside("slack", "workspace", "T2"), how="", by=ANA, now=NOW),
    ):
        with pytest.raises(Invalid, match="merged into united"):
            change()
    assert "organisation merged into this one" in [entry.what for entry in two.audit(INTO)]
    for old, into in ((T, INTO), (INTO, INTO), (INTO, T)):
        with pytest.raises(Invalid, match="name two that are active"):
            two.merge(old, into, by=BEN, now=NOW)
    assert two.verify() == []


def test_while_a_message_is_in_hand_nothing_is_merged(two: Store) -> None:
    open_case(two, also=Also(deadlines=(plan("notify", DUE, 0),)))
    batch = two.claim(T, "chat", worker="w1", now=ON_THE_DAY, lease=LEASE)
    assert batch is not None
    trails = two.audit(T), two.audit(INTO)
    with pytest.raises(Conflict, match="not known yet whether they arrived"):
        two.merge(T, INTO, by=BEN, now=ON_THE_DAY)
    assert (two.audit(T), two.audit(INTO)) == trails
    two.sent(T, batch, message="m1", now=ON_THE_DAY)
    two.merge(T, INTO, by=BEN, now=ON_THE_DAY + timedelta(minutes=5))
    assert [one for one in two.outgoing(INTO, "C26-0002") if one.kind == "ping"] == []  # it went out once
    assert two.verify() == []


def test_a_case_that_was_stood_down_and_has_something_to_be_done_is_stood_down_there_too(two: Store) -> None:
    ref = open_case(two)
    (number,) = two.case(T, ref).records
    two.set_deadlines(T, ref, [plan("learning", DUE, -7, 0)], by=ANA, now=NOW)
    step = Step("stand_down", "it was ruled out", record=number)
    two.take_step(T, ref, step, expected=None, by=BEN, now=NOW, also=Also(withdraw=("notify",)))
    due = open_deadlines(two, T)
    assert ("learning", DUE) in due
    ((_, new),) = two.merge(T, INTO, by=BEN, now=NOW).cases
    assert two.case(INTO, new).state == "stood_down"
    assert [one.kind for one in two.deadlines(INTO, subject=new)] == [kind for kind, _ in due]
    assert two.verify() == []
