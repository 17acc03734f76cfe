"""What was told by mistake is taken back: its deadline runs again, by the day of discovery as it is now."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.core.messages import User
from bot.core.register.columns import KeptIncident
from storage.model import Destination, Person
from tests.core.cases.ward import ANA, BEN, NOTIFY, UNDECIDED, T, Ward
from tests.core.reminders.test_reminders import at, post_all
from tests.core.reminders.test_reminders import words as posted_words

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


LOCAL = "72-hour report"


def with_its_own(ward: Ward, *said: str, facts: dict[str, object] = NOTIFY) -> str:
    """A case that has a deadline of the trust's own, and a corrective measure."""
    ward.say(f"settings local_deadlines {LOCAL}: 3, board report: 9")
    ref = ward.case(facts)
    ward.say(f"measure {ref} me by 20 December: two people check the list")
    for one in said:
        ward.say(one.format(ref))
    return ref


@pytest.mark.parametrize("said", [f"{LOCAL} it was not sent", "the 72 hour report: it was not sent"])
@pytest.mark.parametrize("before", [(), ("notified {} CQC-7",), ("notified {} CQC-7", "reported {}")])
def test_a_trusts_own_deadline_that_was_said_to_be_done_runs_again(
    ward: Ward, before: tuple[str, ...], said: str
) -> None:
    ref = with_its_own(ward, *before, f"done {{}} {LOCAL}")
    state = ward.store.case(T, ref).state
    assert "say why" in ward.say(f"reopen {ref} {LOCAL}").lower()
    shown = ward.say(f"undo {ref} {said}", BEN)
    assert "72-hour report counts as not done: its deadline runs again." in shown
    assert ward.due(ref)[f"local:{LOCAL}"] == date(2026, 11, 26)
    assert ward.store.case(T, ref).state == state
    assert "72-hour report is not done" in ward.say(f"undo {ref} {said}")
    assert "72-hour report" in posted_words(post_all(ward, at(26, month=11)))
    ward.say(f"done {ref} {LOCAL}")
    assert f"local:{LOCAL}" not in ward.due(ref)
    assert ward.store.verify() == []


def test_so_does_a_corrective_measure_of_its_record(ward: Ward) -> None:
    ref = with_its_own(ward, "done {} measure 1", "notified {} CQC-1")
    assert "Corrective measure 1 counts as not done" in ward.say(f"undo {ref} measure 1 nobody did it", BEN)
    (one,) = ward.store.measures(T, "2026-0001")
    assert (one.state, one.due_on) == ("open", date(2026, 12, 20))
    assert ward.store.case(T, ref).state == "notified"
    assert "two people check the list" in posted_words(post_all(ward, at(17)))


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (("notified {} CQC-7",), "report was not sent"),
        (("notified {} CQC-7", f"done {{}} {LOCAL}"), "we never sent the 72-hour report"),
        (("notified {} CQC-7", "reported {}"), "notification went to the wrong place"),
        (("notified {} CQC-7",), "confirmed by mistake"),
    ],
)
def test_words_that_name_another_than_was_told_last_take_nothing_back(
    ward: Ward, before: tuple[str, ...], why: str
) -> None:
    ref = with_its_own(ward)
    ward.later(days=1)
    ward.decide_anew(ref, "total dose 41 mSv")
    for one in before:
        ward.say(one.format(ref))
    case = ward.store.case(T, ref)
    assert "Which of them is taken back" in ward.say(f"reopen {ref} {why}")
    assert ward.store.case(T, ref) == case
    assert ward.say(f"reopen {ref} {'report' if case.state == 'reported' else 'notification'} not so")
    assert ward.store.case(T, ref).state in ("opened", "notified")
    assert ward.store.case(T, ref).state != case.state


def test_an_ended_case_is_reopened_whatever_it_names_but_what_is_done_of_its_own(ward: Ward) -> None:
    ref = with_its_own(ward, "notified {} CQC-7", "reported {}", f"done {{}} {LOCAL}", "close {}")
    assert "Reopened" in ward.say(f"reopen {ref} report was sent to the wrong place")
    assert f"local:{LOCAL}" not in ward.due(ref)
    assert "local:board report" in ward.due(ref)


def closed(ward: Ward) -> str:
    return with_its_own(ward, "notified {} CQC-7", f"done {{}} {LOCAL}", "reported {}", "close {}")


def stood_down(ward: Ward) -> str:
    ward.name_roles()
    ref = with_its_own(ward, f"done {{}} {LOCAL}", facts=UNDECIDED)
    ward.decide_anew(ref, "total dose 4 mSv")
    for words in ("confirm 2026-0001 as mpe", f"stand down {ref} dose was low"):
        ward.say(words, BEN if words.startswith("confirm") else ANA)
    return ref


@pytest.mark.parametrize(("ended", "then"), [(closed, "reported"), (stood_down, "opened")])
@pytest.mark.parametrize("user", [ANA, BEN])
def test_an_ended_case_is_reopened_with_what_is_taken_back_of_its_own(
    ward: Ward, ended: Callable[[Ward], str], then: str, user: User
) -> None:
    ref = ended(ward)
    assert ward.store.case(T, ref).state in ("closed", "stood_down")
    assert "say why" in ward.say(f"reopen {ref} {LOCAL}").lower()
    shown = ward.say(f"reopen {ref} {LOCAL} was not sent", user)
    assert "Reopened: its dates run again. 72-hour report counts as not done." in shown
    case = ward.store.case(T, ref)
    assert case.state == then
    assert ward.due(ref)[f"local:{LOCAL}"] == date(2026, 11, 26)
    assert "local:board report" in ward.due(ref)
    assert f"{user.name} took back that 72-hour report is met: was not sent" in ward.say(f"case {ref}")
    assert "72-hour report is not done" in ward.say(f"reopen {ref} {LOCAL} was not sent", user)
    assert "72-hour report" in posted_words(post_all(ward, at(26, month=11)))
    ward.say(f"done {ref} {LOCAL}")
    assert f"local:{LOCAL}" not in ward.due(ref)
    assert ward.store.verify() == []


def test_a_corrective_measure_runs_on_its_own_once_the_case_is_closed(ward: Ward) -> None:
    ref = with_its_own(ward, "notified {} CQC-7", "reported {}", "done {} measure 1", "close {}")
    assert "Corrective measure 1 counts as not done" in ward.say(f"reopen {ref} measure 1 nobody did it")
    assert ward.store.case(T, ref).state == "closed"
    (one,) = ward.store.measures(T, "2026-0001")
    assert one.state == "open"


def test_a_reminder_that_was_answered_says_that_it_runs_again(pressed: Ward) -> None:
    ref = pressed.case()
    post_all(pressed, pressed.now)
    post_all(pressed, at(30, month=11))
    pressed.say(f"notified {ref} CQC-7")
    post_all(pressed, at(30, 10, month=11))
    pressed.say(f"reopen {ref} it was not sent")
    again = [one.body["shows"] for one in pressed.store.outgoing(T, ref) if one.kind == "update"
             and one.state == "due"]  # fmt: skip
    assert sorted(again) == ["answered", "case"]


def test_the_history_says_who_marked_one_of_the_trusts_own_as_met_and_who_took_it_back(ward: Ward) -> None:
    ref = with_its_own(ward)
    ward.later(days=1)
    ward.say(f"done {ref} {LOCAL} by portal, seen by the board", BEN)
    ward.later(days=1)
    ward.say(f"reopen {ref} {LOCAL} the board never saw it")
    ward.later(days=1)
    ward.say(f"done {ref} {LOCAL}")
    ward.later(hours=1)
    ward.say(f"notified {ref} CQC-7")
    shown = ward.say(f"case {ref}")
    lines = shown[shown.index("History") :].splitlines()[1:6]
    assert [line.split(", ", 1)[1] for line in lines] == [
        "Radiographer A opened it",
        "Physicist B marked 72-hour report as met: by portal, seen by the board",
        "Radiographer A took back that 72-hour report is met: the board never saw it",
        "Radiographer A marked 72-hour report as met",
        "Radiographer A notified the authority (CQC-7)",
    ]
