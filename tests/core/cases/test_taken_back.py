"""What was told by mistake is taken back: its deadline runs again, by the day of discovery as it is now."""

from datetime import date, timedelta

from bot.core.register.columns import KeptIncident
from storage.model import Destination, Person
from tests.core.cases.ward import ANA, BEN, NOTIFY, T, Ward

HOUR = timedelta(hours=1)


def test_a_case_notified_by_mistake_is_to_be_notified_again_and_frees_the_number(ward: Ward) -> None:
    ref, right = ward.case(), ward.case()
    ward.say(f"notified {ref} CQC-7")
    assert f"reopen {ref} <why>" in ward.say(f"notified {ref} wrong case")
    assert "say why" in ward.say(f"reopen {ref}").lower()
    shown = ward.say(f"reopen {ref} it was the other case")
    assert "It counts as not notified: its deadline runs again." in shown
    case = ward.store.case(T, ref)
    assert (case.state, case.authority_reference) == ("opened", "")
    assert ward.due(ref)["notify"] == date(2026, 12, 7)
    waiting = [p for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]
    assert {p.offset for p in waiting} == {"-7d", "-3d", "-1d", "0d"}
    assert "CQC-7" in ward.say(f"notified {right} CQC-7")
    assert ward.store.case(T, right).state == "notified"
    assert ward.store.verify() == []


def test_a_report_told_by_mistake_is_to_be_submitted_and_then_the_notification(ward: Ward) -> None:
    ref = ward.case()
    for words in (f"investigate {ref}", f"notified {ref} CQC-7", f"reported {ref}"):
        ward.say(words)
    assert "It counts as not reported" in ward.say(f"reopen {ref} only the draft went off")
    case = ward.store.case(T, ref)
    assert (case.state, case.authority_reference) == ("notified", "CQC-7")
    assert set(ward.due(ref)) == {"report"}
    assert "It counts as not notified" in ward.say(f"reopen {ref} that neither")
    assert ward.store.case(T, ref).state == "investigating"
    assert set(ward.due(ref)) == {"notify", "report"}


def test_of_two_who_reopen_a_case_the_second_is_told_and_takes_nothing_back(ward: Ward) -> None:
    ref = ward.case()
    for words in (f"notified {ref} CQC-7", f"reported {ref}", f"close {ref}"):
        ward.say(words)
    ward.say(f"reopen {ref} a second patient")
    for user in (BEN, None):
        shown = ward.say(f"reopen {ref} a second patient", *filter(None, [user]))
        assert "(Radiographer A reopened it)" in shown
    assert ward.store.case(T, ref).state == "reported"
    ward.say(f"assign {ref} <@U2>")
    ward.say(f"reopen {ref} not sent")
    assert "reopened it" in ward.say(f"reopen {ref} not sent", BEN)
    assert ward.store.case(T, ref).state == "notified"


def test_it_runs_by_the_discovery_as_it_was_corrected_since(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} CQC-7")
    ward.say(f"discovered {ref} 2026-11-16 the log")
    ward.say(f"undo {ref} it was never sent")
    assert ward.due(ref) == {"notify": date(2026, 11, 30), "report": date(2027, 2, 8)}


def test_so_does_what_falls_to_another_authority(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    ward.say(f"notified {ref} CQC-7")
    ward.say(f"discovered {ref} 2026-11-16 the log")
    ward.decide_anew(ref, "it was in Scotland")
    assert ward.due(ref) == {"notify": date(2026, 11, 30), "report": date(2027, 2, 8)}


def test_what_was_reminded_of_today_is_not_reminded_of_twice(ward: Ward) -> None:
    ref = ward.case()
    ward.later(days=15)
    waiting = [p for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]
    assert waiting
    batch = ward.store.claim(None, "typed", worker="w", now=ward.now, lease=HOUR)
    assert batch is not None
    ward.store.sent(T, batch, message="m1", now=ward.now, then=[], posts=())
    ward.say(f"notified {ref} CQC-7")
    ward.say(f"reopen {ref} not sent")
    waiting = [p for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]
    assert [p.offset for p in waiting] == ["+2d"]
    assert Destination("typed", "c1") in {p.place for p in waiting}


def test_the_day_that_was_told_with_it_is_taken_back_too(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} CQC-7 on 23 November")
    ward.say(f"reopen {ref} not sent")
    with ward.store.register(T, told={}, by=Person(ANA.id), now=ward.now) as (_, found):
        (row,) = map(KeptIncident.of, found)
    assert row.done_on("notify") is None
    assert "is corrected" in ward.say(f"discovered {ref} 24 November nobody knew before")
