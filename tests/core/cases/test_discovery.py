"""A case's day of discovery is corrected: what it moves, what it does not, and what is no day."""

from datetime import date, datetime

import pytest

from rules.deadlines import UK
from tests.core.cases.ward import NOTIFY, UNDECIDED, T, Ward


def test_a_corrected_discovery_moves_what_is_open_says_so_and_keeps_what_was(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    shown = ward.say(f"discovered {ref} 20 November 2026 it stood in the log of Friday")
    assert "Notify the authority: by Fri 4 December 2026, was Mon 7 December 2026" in shown
    assert "Submit the report: by Fri 12 February 2027, was Mon 15 February 2027" in shown
    assert ward.due(ref)["notify"] == date(2026, 12, 4)
    old = [d for d in ward.store.deadlines(T, subject=ref, state="", history=True) if d.kind == "notify"]
    assert [d.due_on for d in old] == [date(2026, 12, 4), date(2026, 12, 7)]
    assert "Dates that were" in ward.say(f"case {ref}")
    open_ = [p for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]
    assert {p.due_on for p in open_} == {date(2026, 12, 4)}


def test_what_was_met_is_held_against_the_day_of_discovery_as_it_was_corrected(ward: Ward) -> None:
    ref = ward.case()
    ward.later(days=13)
    shown = ward.say(f"notified {ref} X")
    assert "Notify the authority: done (was due Mon 7 December 2026)" in shown
    shown = ward.say(f"discovered {ref} 2026-11-20 the log")
    assert "Notify the authority: done (was due Fri 4 December 2026, 3 days late)" in shown
    assert "Due: Fri 4 December 2026" in ward.say(f"paper {ref} notification as text")


def test_a_met_deadline_stays_met_when_the_discovery_is_corrected(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} X")
    ward.say(f"discovered {ref} 2026-11-20 the log")
    assert ward.states(ref)["notify"] == "met"
    assert ward.due(ref) == {"report": date(2027, 2, 12)}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("2026-11-20", "say why"),
        ("2026-11-30 later", "future"),
        ("2026-11-23 the same", "already"),
        ("2020-01-01 long ago", "19 April 2023"),
        ("someday", "give the day and why"),
    ],
)
def test_a_discovery_that_cannot_be_is_refused(ward: Ward, words: str, told: str) -> None:
    ref = ward.case()
    assert told.lower() in ward.say(f"discovered {ref} {words}").lower()
    assert ward.store.case(T, ref).version == 1


def test_a_late_discovery_pings_at_once(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"discovered {ref} 2026-11-03 it was reported then")
    (late,) = [p for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]
    assert late.offset == "+7d"
    assert late.planned_at <= datetime(2026, 11, 24, 9, 30, tzinfo=UK)


def test_the_cards_go_by_the_day_of_discovery_as_it_was_corrected(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    ward.say(f"discovered {ref} 20 November found in the log")
    shown = ward.say(f"case {ref}")
    assert "the clock has been running since Fri 20 November 2026" in shown
    assert "corrected the discovery date (Fri 20 November 2026): found in the log" in shown
    assert "since Mon 23 November" not in shown
    assert f"{ref} runs from Fri 20 November 2026" in ward.say("case 2026-0001")


def test_a_day_of_discovery_still_to_come_is_not_taken_for_last_years(ward: Ward) -> None:
    ref = ward.case()
    shown = ward.say(f"discovered {ref} 26 November found in the log")
    assert "Which year was that? write its year if it was Wed 26 November 2025" in shown
    assert ward.store.case(T, ref).discovered_on == date(2026, 11, 23)


def test_an_estimate_is_never_due_after_the_last_day_to_notify(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    assert ward.due(ref)["mpe_estimate"] == date(2026, 11, 26)
    ward.say(f"discovered {ref} 11 November found in the log")
    assert ward.due(ref)["notify"] == ward.due(ref)["mpe_estimate"] == date(2026, 11, 25)


@pytest.mark.parametrize("words", ["about 10 November", "around 10 November", "by 10 November"])
def test_a_day_of_discovery_that_is_about_right_moves_no_date(ward: Ward, words: str) -> None:
    ref = ward.case()
    before = ward.due(ref)
    assert "write the first day that it may have been" in ward.say(
        f"discovered {ref} {words} found in the log"
    )
    assert ward.due(ref) == before
    ward.say(f"discovered {ref} 10 November found in the log, about the same time as the audit")
    assert ward.due(ref) != before


@pytest.mark.parametrize(
    ("done", "told"),
    [
        ("notified {} CQC-7 on 21 November", "Sat 21 November 2026 is before anybody knew of it"),
        ("details {} candour: 21 November", "Candour: Sat 21 November 2026 is before it was discovered"),
    ],
)
def test_no_discovery_is_moved_behind_what_was_done_about_it(ward: Ward, done: str, told: str) -> None:
    ref = ward.case({**NOTIFY, "discovered_on": "2026-11-20"})
    ward.say(done.format(ref))
    assert f"{told}, on Mon 23 November 2026" in ward.say(f"discovered {ref} 23 November the log")
    assert ward.store.case(T, ref).discovered_on == date(2026, 11, 20)
    assert "is corrected" in ward.say(f"discovered {ref} 21 November the log")


def test_the_register_goes_by_the_day_as_it_was_corrected(ward: Ward) -> None:
    ref = ward.case()
    assert ": none" in ward.say("incidents October")
    ward.say(f"discovered {ref} 30 October the log")
    assert "2026-0001" in ward.say("incidents October")
    ward.say("details 2026-0001 site: East")  # which makes its entry anew
    assert "Fri 30 October 2026" in ward.say("incidents")
    ward.say("details 2026-0001 happened: 29 October")
    assert "Thu 29 October 2026" in ward.say("incidents")
