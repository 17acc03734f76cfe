from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from storage.case_states import ACTIVE, STEPS, StepKind
from storage.errors import Conflict, Duplicate, Invalid, NotFound, OutOfOrder
from storage.model import Correction, NewCase, Step
from storage.plans import Also
from storage.sqlite import SqliteStore
from tests.storage.helpers import (
    ANA,
    BEN,
    DUE,
    FOUND,
    NOW,
    T,
    assessment,
    both_deadlines,
    claim,
    open_case,
    plan,
    states,
)  # fmt: skip

pytestmark = pytest.mark.both_stores

# A step of each kind that lacks nothing; the record of a case opened by `open_case` is 2026-0001.
WHOLE: dict[StepKind, Step] = {
    "investigate": Step("investigate"),
    "notify": Step("notify", authority_reference="REF-1"),
    "report": Step("report"),
    "close": Step("close"),
    "stand_down": Step("stand_down", note="below the threshold", record="2026-0001"),
    "reopen": Step("reopen", note="new dose"),
    "assign": Step("assign", owner=BEN),
    "redecide": Step(
        "redecide", note="MPE's estimate", record="2026-0001", assessment=assessment("do_not_notify")
    ),
    "correct_discovery": Step(
        "correct_discovery", note="seen by night staff", discovered_on=date(2026, 11, 18)
    ),
    "reference": Step("reference", authority_reference="REF-2"),
}
WAY_TO = {
    "opened": (),
    "investigating": ("investigate",),
    "notified": ("notify",),
    "reported": ("notify", "report"),
    "closed": ("notify", "report", "close"),
    "stood_down": ("stand_down",),
}


def take(store: SqliteStore, ref: str, *kinds: StepKind) -> None:
    for kind in kinds:
        store.take_step(T, ref, WHOLE[kind], expected=None, by=ANA, now=NOW)


def test_a_case_is_opened_with_its_records_deadlines_pings_and_card(store: SqliteStore) -> None:
    kept = store.keep(T, assessment(), by=ANA, now=NOW).number
    at = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    new = NewCase("Wrong patient", FOUND, (kept, assessment("undecided")), at, ANA, "told by phone")
    case = store.open_case(T, new, by=BEN, now=NOW, also=both_deadlines())
    assert (case.ref, case.state, case.version, case.owner, case.opened_by) == (
        "C26-0001",
        "opened",
        1,
        ANA,
        BEN,
    )
    assert (case.discovered_on, case.discovered_at) == (FOUND, new.discovered_at)
    assert case.records == (kept, "2026-0002")
    assert [(deadline.kind, deadline.due_on) for deadline in case.deadlines] == [
        ("notify", date(2026, 12, 4)), ("report", date(2027, 2, 12)),
    ]  # fmt: skip
    assert [item.key for item in store.outgoing(T, case.ref)][:2] == [
        "C26-0001/card",
        "C26-0001/notify/1/-7d",
    ]
    assert case.last.note == "told by phone"
    assert store.case(T, case.ref) == case


def test_no_case_reference_looks_like_a_record_number(store: SqliteStore) -> None:
    refs = {open_case(store) for _ in range(3)}
    numbers = {record.number for record in store.records(T)}
    assert refs == {"C26-0001", "C26-0002", "C26-0003"}
    assert not any(ref.lstrip("C") in numbers for ref in refs)


def test_an_unknown_record_opens_no_case(store: SqliteStore) -> None:
    with pytest.raises(NotFound):
        store.open_case(T, NewCase("x", FOUND, ("2026-0009",)), by=ANA, now=NOW)
    assert store.cases(T) == ()
    assert open_case(store) == "C26-0001"


def test_a_case_needs_a_title(store: SqliteStore) -> None:
    with pytest.raises(Invalid):
        store.open_case(T, NewCase(" ", FOUND), by=ANA, now=NOW)


def test_a_case_goes_from_opened_to_closed_with_who_when_and_a_note(store: SqliteStore) -> None:
    ref = open_case(store)
    steps = (
        Step("investigate", "images checked"), Step("notify", "by the portal", authority_reference="REF-1"),
        Step("report"), Step("close", "all actions done"),
    )  # fmt: skip
    for n, step in enumerate(steps, 1):
        store.take_step(T, ref, step, expected=n, by=BEN, now=NOW + timedelta(days=n))
    assert store.case(T, ref).state == "closed"
    assert store.case(T, ref).authority_reference == "REF-1"
    taken = store.steps(T, ref)
    assert [(step.version, step.kind, step.state, step.note) for step in taken] == [
        (1, "open", "opened", ""), (2, "investigate", "investigating", "images checked"),
        (3, "notify", "notified", "by the portal"), (4, "report", "reported", ""),
        (5, "close", "closed", "all actions done"),
    ]  # fmt: skip
    assert [step.at for step in taken[1:]] == [NOW + timedelta(days=n) for n in range(1, 5)]
    assert {step.by for step in taken[1:]} == {BEN}


@pytest.mark.parametrize("state", WAY_TO)
def test_each_step_is_taken_in_its_order_and_no_other(store: SqliteStore, state: str) -> None:
    """Each of a case of its own."""
    for kind in WHOLE:
        ref = open_case(store)
        own = {
            name: replace(
                step,
                record=step.record and store.case(T, ref).records[0],
                authority_reference=step.authority_reference and f"{name} {ref}",
            )
            for name, step in WHOLE.items()
        }
        for name in WAY_TO[state]:
            store.take_step(T, ref, own[name], expected=None, by=ANA, now=NOW)  # type: ignore[index]
        before = store.steps(T, ref)
        allowed, leads_to = STEPS[kind]
        if state in allowed:
            after = store.take_step(T, ref, own[kind], expected=len(before), by=ANA, now=NOW)
            back = {"notified": "opened", "reported": "notified"} if kind == "reopen" else {}
            goes_on = {"stood_down": "opened", "closed": "reported", **back}.get(state, state)
            assert (kind, after.state, after.version) == (kind, leads_to or goes_on, len(before) + 1)
        else:
            with pytest.raises(OutOfOrder) as error:
                store.take_step(T, ref, own[kind], expected=len(before), by=ANA, now=NOW)
            assert ref in str(error.value)
            assert ("reopen it first" in str(error.value)) == (state not in ACTIVE), kind
            assert store.steps(T, ref) == before
    assert store.verify() == []


@pytest.mark.parametrize("kind", ["stand_down", "assign", "redecide", "correct_discovery", "reference"])
def test_a_step_that_lacks_what_it_needs_is_refused(store: SqliteStore, kind: StepKind) -> None:
    ref = open_case(store)
    if kind == "reference":
        take(store, ref, "notify")
    before = store.steps(T, ref)
    with pytest.raises(Invalid, match="this step needs"):
        store.take_step(T, ref, Step(kind), expected=None, by=ANA, now=NOW)
    assert store.steps(T, ref) == before


def test_a_stand_down_rests_on_the_record_revision_of_that_moment(store: SqliteStore) -> None:
    ref = open_case(store)
    store.correct(T, "2026-0001", assessment("do_not_notify"), why="dose", expected=1, by=BEN, now=NOW)
    take(store, ref, "stand_down")
    last = store.steps(T, ref)[-1]
    assert (last.record, last.revision, last.note) == ("2026-0001", 2, "below the threshold")


def test_a_record_of_another_case_allows_no_stand_down(store: SqliteStore) -> None:
    ref = open_case(store)
    other = store.keep(T, assessment("do_not_notify"), by=ANA, now=NOW).number
    with pytest.raises(NotFound, match="does not belong"):
        store.take_step(T, ref, Step("stand_down", "x", record=other), expected=None, by=ANA, now=NOW)


def test_a_new_estimate_corrects_the_record_and_leaves_the_discovery_date(store: SqliteStore) -> None:
    ref = open_case(store)
    case = store.take_step(T, ref, WHOLE["redecide"], expected=1, by=BEN, now=NOW)
    assert (case.last.record, case.last.revision, case.discovered_on) == ("2026-0001", 2, FOUND)
    assert store.record(T, "2026-0001").why == "MPE's estimate"
    assert case.deadlines == store.deadlines(T, subject=ref)


def test_a_second_category_adds_a_record_to_the_case(store: SqliteStore) -> None:
    ref = open_case(store)
    case = store.take_step(T, ref, replace(WHOLE["redecide"], record=""), expected=1, by=BEN, now=NOW)
    assert case.records == ("2026-0001", "2026-0002")


def test_a_corrected_discovery_date_moves_the_deadlines_and_keeps_the_old_ones(store: SqliteStore) -> None:
    ref = open_case(store)
    moved = plan("notify", date(2026, 12, 2), -7, -3, -1, 0, why="found earlier")
    case = store.take_step(
        T, ref, WHOLE["correct_discovery"], expected=1, by=BEN, now=NOW, also=Also(deadlines=(moved,))
    )
    assert case.discovered_on == date(2026, 11, 18)
    current = [(deadline.kind, deadline.due_on) for deadline in case.deadlines]
    assert current == [("notify", date(2026, 12, 2)), ("report", date(2027, 2, 12))]
    kept = store.deadlines(T, subject=ref, history=True, state="")
    assert [(d.kind, d.version, d.due_on, d.current) for d in kept] == [
        ("notify", 2, date(2026, 12, 2), True), ("notify", 1, date(2026, 12, 4), False),
        ("report", 1, date(2027, 2, 12), True),
    ]  # fmt: skip
    assert [step.discovered_on for step in store.steps(T, ref)] == [FOUND, date(2026, 11, 18)]
    by_round = {(item.round, item.state) for item in store.outgoing(T, ref) if item.rule == "notify"}
    assert by_round == {(1, "cancelled"), (2, "due")}


def test_the_second_of_two_who_act_is_told_what_the_first_did(store: SqliteStore) -> None:
    ref = open_case(store)
    store.take_step(T, ref, WHOLE["notify"], expected=1, by=BEN, now=NOW)
    with pytest.raises(Conflict, match="Physicist B notified the authority") as error:
        store.take_step(T, ref, WHOLE["stand_down"], expected=1, by=ANA, now=NOW)
    assert (error.value.by, error.value.did, error.value.at) == ("Physicist B", "notified the authority", NOW)
    assert store.case(T, ref).state == "notified"


def test_an_authority_reference_belongs_to_one_case(store: SqliteStore) -> None:
    one, two = open_case(store), open_case(store)
    take(store, one, "notify")
    for given in ("REF-1", " ref-1 "):
        with pytest.raises(Duplicate, match=one) as error:
            store.take_step(T, two, Step("notify", authority_reference=given), expected=None, by=ANA, now=NOW)
        assert error.value.result == one
    assert store.case(T, two).state == "opened"
    other = open_case(store, tenant="other")
    store.take_step("other", other, WHOLE["notify"], expected=None, by=ANA, now=NOW)


def test_a_corrected_reference_is_free_again(store: SqliteStore) -> None:
    one, two = open_case(store), open_case(store)
    take(store, one, "notify", "reference")
    assert store.case(T, one).authority_reference == "REF-2"
    take(store, two, "notify")
    assert store.case(T, two).authority_reference == "REF-1"


def test_a_reference_may_come_after_the_notification(store: SqliteStore) -> None:
    refs = [open_case(store), open_case(store)]
    for ref in refs:
        store.take_step(T, ref, Step("notify"), expected=None, by=ANA, now=NOW)
    take(store, refs[0], "reference")
    assert [store.case(T, ref).authority_reference for ref in refs] == ["REF-2", ""]


def test_a_reference_that_looks_like_a_patients_number_is_refused_without_an_echo(store: SqliteStore) -> None:
    ref = open_case(store)
    with pytest.raises(Invalid) as error:
        store.take_step(
            T, ref, Step("notify", authority_reference="999 000 0026"), expected=1, by=ANA, now=NOW
        )
    assert "999" not in str(error.value)
    assert store.case(T, ref).state == "opened"


def test_cases_are_listed_by_state_and_owner(store: SqliteStore) -> None:
    mine, theirs, over = open_case(store, owner=ANA), open_case(store, owner=BEN), open_case(store, owner=ANA)
    take(store, over, "stand_down") if store.case(T, over).records == ("2026-0001",) else store.take_step(
        T,
        over,
        Step("stand_down", "x", record=store.case(T, over).records[0]),
        expected=None,
        by=ANA,
        now=NOW,
    )

    def listed(**given: Any) -> list[str]:
        assert store.count_cases(T, **given) == len(store.cases(T, **given))
        return [case.ref for case in store.cases(T, **given)]

    assert listed() == [over, theirs, mine]
    assert listed(states=ACTIVE) == [theirs, mine]
    assert listed(states=("stood_down",)) == [over]
    assert listed(owner="U1") == [over, mine]
    assert listed(owner="U1", states=ACTIVE) == [mine]
    assert [case.ref for case in store.cases(T, limit=1)] == [over]
    assert [case.ref for case in store.cases(T, limit=1, offset=1)] == [theirs]
    store.take_step(T, mine, Step("assign", owner=BEN), expected=None, by=BEN, now=NOW)
    assert listed(owner="U2") == [theirs, mine]


def test_what_is_late_is_found_however_many_newer_cases_there_are(store: SqliteStore) -> None:
    late = open_case(store, also=Also(deadlines=(plan("notify", FOUND), plan("report", DUE))))
    met = open_case(store, also=Also(deadlines=(plan("notify", FOUND), plan("report", DUE))))
    store.meet(T, met, "notify", by=ANA, now=NOW)
    for _ in range(3):
        open_case(store)
    found = store.cases(T, states=ACTIVE, due_before=FOUND + timedelta(days=1), limit=1)
    assert [case.ref for case in found] == [late]
    assert store.count_cases(T, due_before=FOUND + timedelta(days=1)) == 1
    assert store.count_cases(T, due_before=FOUND) == 0
    assert store.count_cases(T, due_before=DUE + timedelta(days=1)) == 5
    assert store.count_cases("other", due_before=DUE) == 0


def test_another_tenants_case_is_not_found(store: SqliteStore) -> None:
    ref = open_case(store)
    for act in (
        lambda: store.case("other", ref),
        lambda: store.steps("other", ref),
        lambda: store.take_step("other", ref, Step("investigate"), expected=None, by=ANA, now=NOW),
        lambda: store.add_note("other", ref, "x", by=ANA, now=NOW),
        lambda: store.set_deadlines("other", ref, [plan("notify", FOUND)], by=ANA, now=NOW),
        lambda: store.meet("other", ref, "notify", by=ANA, now=NOW),
        lambda: store.snooze("other", ref, "notify", until=NOW + timedelta(days=1), by=ANA, now=NOW),
    ):
        with pytest.raises(NotFound, match="there is no case"):
            act()
    assert store.cases("other") == ()
    assert store.outgoing("other", ref) == ()
    assert store.deadlines("other") == ()


def test_the_same_delivery_four_times_makes_one_case(store: SqliteStore) -> None:
    new, once = NewCase("x", FOUND, (assessment(),)), Also(delivery="Ev9")
    ref = store.open_case(T, new, by=ANA, now=NOW, also=once).ref
    for _ in range(3):
        with pytest.raises(Duplicate) as error:
            store.open_case(T, new, by=ANA, now=NOW, also=once)
        assert error.value.result == ref
    assert [case.ref for case in store.cases(T)] == [ref]
    assert len(store.records(T)) == 1


def test_a_case_that_is_refused_half_way_leaves_nothing(store: SqliteStore) -> None:
    bad = Also(deadlines=(plan("notify", FOUND, 0), plan("report", FOUND, 0, zone="Mars/Olympus")))
    with pytest.raises(Invalid, match="time zone"):
        store.open_case(T, NewCase("x", FOUND, (assessment(),)), by=ANA, now=NOW, also=bad)
    assert (store.cases(T), store.records(T), store.audit(T)) == ((), (), ())


def test_meeting_a_deadline_by_a_step_cancels_its_pings_alone(store: SqliteStore) -> None:
    ref = open_case(store)
    store.take_step(T, ref, WHOLE["notify"], expected=1, by=ANA, now=NOW, also=Also(meet=("notify",)))
    assert set(states(store, ref, "notify").values()) == {"cancelled"}
    assert set(states(store, ref, "report").values()) == {"due"}


CONFIRM = plan("confirm", date(2026, 11, 30), 0)


def of(store: SqliteStore, number: str) -> dict[str, str]:
    return {d.kind: d.state for d in store.deadlines(T, subject=number, state="")}


def test_a_records_own_deadlines_go_to_what_is_kept_with_the_case_and_to_nothing_else(
    store: SqliteStore,
) -> None:
    there = store.keep(T, assessment("undecided"), by=ANA, now=NOW).number
    new = NewCase("Wrong patient", FOUND, (there, assessment()))
    ref = store.open_case(T, new, by=ANA, now=NOW, also=Also(record_deadlines=(CONFIRM,))).ref
    (made,) = set(store.case(T, ref).records) - {there}
    assert of(store, made) == {"confirm": "open"}
    assert of(store, there) == of(store, ref) == {}


def test_a_new_decision_sets_and_ends_the_deadlines_of_its_record_in_the_same_step(
    store: SqliteStore,
) -> None:
    ref = open_case(store)
    store.set_deadlines(T, "2026-0001", [plan("learning", date(2026, 12, 21), 0)], by=ANA, now=NOW)
    also = Also(record_deadlines=(CONFIRM,), withdraw=("learning",))
    store.take_step(T, ref, WHOLE["redecide"], expected=1, by=BEN, now=NOW, also=also)
    assert of(store, "2026-0001") == {"confirm": "open", "learning": "withdrawn"}
    assert of(store, ref) == {"notify": "open", "report": "open"}


def test_a_records_reminder_goes_into_the_thread_of_its_case(store: SqliteStore) -> None:
    also = replace(both_deadlines(), record_deadlines=(CONFIRM,), deadlines=())
    ref = open_case(store, also=also)
    card = claim(store, NOW)
    store.sent(T, card, message="m1", now=NOW)
    store.keep(T, assessment(), by=ANA, now=NOW, also=Also(deadlines=(CONFIRM,)))
    reminder = claim(store, NOW + timedelta(days=8))
    assert [(item.subject, item.place.thread) for item in reminder.items] == [
        ("2026-0001", "m1"), ("2026-0002", ""),
    ]  # fmt: skip
    assert store.addresses(T, ref)[0].message == "m1"


def test_a_correction_and_its_case_are_kept_together_or_not_at_all(store: SqliteStore) -> None:
    store.keep(T, assessment("do_not_notify"), by=ANA, now=NOW)
    for revision, told in ((1, ""), (1, "corrected meanwhile by Radiographer A")):
        corrected = Correction("2026-0001", assessment(), "the dose was another's", revision)
        new = NewCase("Wrong patient", FOUND, (corrected,))
        if told:
            with pytest.raises(Conflict, match=told):
                store.open_case(T, new, by=BEN, now=NOW)
        else:
            store.open_case(T, new, by=ANA, now=NOW)
    assert [record.outcome for record in store.revisions(T, "2026-0001")] == ["do_not_notify", "notify"]
    assert [case.records for case in store.cases(T)] == [("2026-0001",)]
    assert store.verify() == []
