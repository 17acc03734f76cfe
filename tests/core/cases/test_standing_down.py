"""A case is stood down on a verdict that rules notifying out, and reopened."""

from datetime import date

from tests.core.cases.ward import BEN, CAUTIONED, NOT, UNDECIDED, T, Ward


def test_an_undecided_case_cannot_be_stood_down_on_its_verdict(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    shown = ward.say(f"stand down {ref} it was nothing")
    assert "only a verdict that rules notifying out allows standing down" in shown
    assert ward.store.case(T, ref).state == "opened"


def test_standing_down_wants_the_reason_and_a_confirmed_verdict(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    ward.decide_anew(ref, "total dose 4 mSv")
    assert "is provisional" in ward.say(f"stand down {ref} dose was low")
    ward.say("confirm 2026-0001 as mpe", BEN)
    assert "needs the reason" in ward.say(f"stand down {ref}")
    assert "Stood down" in ward.say(f"stand down {ref} dose was low")
    case = ward.store.case(T, ref)
    assert (case.state, case.last.record) == ("stood_down", "2026-0001")
    assert ward.due(ref) == {}
    assert [d.kind for d in ward.store.deadlines(T, subject="2026-0001")] == ["learning"]


def test_a_reopened_case_has_its_dates_running_again(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    ward.decide_anew(ref, "total dose 4 mSv")
    ward.say("confirm 2026-0001 as mpe", BEN)
    ward.say(f"stand down {ref} dose was low")
    assert ward.due(ref) == {}
    ward.say(f"reopen {ref} the dose was misread")
    assert ward.due(ref) == {"notify": date(2026, 12, 7), "report": date(2027, 2, 15)}
    assert [p for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]


def test_a_cautioned_verdict_allows_standing_down_only_once_compared(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case({n: v for n, v in CAUTIONED.items() if n != "total_dose"})
    ward.decide_anew(ref, "total dose 30 mSv")
    assert "compare it with the authority's live table" in ward.say("confirm 2026-0001 as mpe", BEN)
    assert "provisional" in ward.say(f"stand down {ref} it was expected")
    ward.say("confirm 2026-0001 as mpe compared with the live table", BEN)
    assert "Stood down" in ward.say(f"stand down {ref} it was expected")


def test_what_has_to_be_notified_after_all_waits_for_no_learning_of_its_own(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    ward.decide_anew(ref, "total dose 4 mSv")
    assert "Next: confirm the verdict, then stand the case down" in ward.say(f"case {ref}")
    ward.say("confirm 2026-0001 as mpe", BEN)
    assert "Next: stand the case down with the reason" in ward.say(f"case {ref}")
    ward.say(f"stand down {ref} ruled out by the estimate")
    assert "learning" in {d.kind for d in ward.store.deadlines(T, subject="2026-0001")}
    ward.say(f"reopen {ref} the estimate was wrong")
    ward.decide_anew(ref, "total dose 50 mSv")
    assert {d.kind for d in ward.store.deadlines(T, subject="2026-0001")} == {"confirm"}


def test_what_was_learnt_already_is_not_asked_for_again(ward: Ward) -> None:
    ward.name_roles()
    ref, number = ward.case(UNDECIDED), ward.record(NOT)
    for one in ("2026-0001", number):
        ward.say(f"analysis {one} the list was mixed up")
        ward.say(f"learning {one} two people check, and it was shared")
    ward.decide_anew(ref, "total dose 4 mSv")
    ward.say("confirm 2026-0001 as mpe", BEN)
    assert "Stood down" in ward.say(f"stand down {ref} ruled out by the estimate")
    ward.say(f"correct {number} total dose 3.9 mSv")
    while "Keep it" not in ward.shown:
        ward.tell("yes" if "Is this right?" in ward.shown else "don't know")
    ward.tell("yes")
    ward.tell("another dose")
    assert ward.store.record(T, number).revision == 2
    for one in ("2026-0001", number):
        assert "learning" not in {d.kind for d in ward.store.deadlines(T, subject=one)}
