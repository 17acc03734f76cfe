"""A case from opening to its end, typed; and everything that can be typed wrong."""

from datetime import date, datetime, timedelta

import pytest

from bot.core.actions.denied import denied
from bot.core.actions.table import BY_NAME
from bot.core.messages import Place, Said, Show
from bot.core.register.columns import KeptIncident
from bot.core.register.trends import days_of
from rules.deadlines import UK
from storage.model import Destination, Person
from storage.register_model import EVERY
from tests.core.cases.ward import ANA, BEN, CAUTIONED, NOT, NOTIFY, NOW, UNDECIDED, T, Ward


def test_a_case_is_opened_from_a_record_with_its_deadlines_its_pings_and_its_card(ward: Ward) -> None:
    shown = ward.say(f"open {ward.record(NOTIFY)}")
    assert "Opened as case C26-0001" in shown
    shown = ward.say("case C26-0001")
    assert "as soon as possible, by Mon 7 December 2026 at the latest" in shown
    case = ward.store.case(T, "C26-0001")
    assert (case.owner, case.discovered_on) == (Person(ANA.id, ANA.name), date(2026, 11, 23))
    assert ward.due("C26-0001") == {"notify": date(2026, 12, 7), "report": date(2027, 2, 15)}
    planned = ward.store.outgoing(T, "C26-0001")
    assert {p.offset for p in planned if p.rule == "notify"} == {"-7d", "-3d", "-1d", "0d"}
    (card,) = [p for p in planned if p.kind == "post"]
    assert (card.remember, card.place) == (True, Destination("typed", "c1"))


def test_the_card_goes_to_the_incidents_channel_once_there_is_one(ward: Ward) -> None:
    ward.say("settings incidents_channel <#C0INCIDENTS|incidents>")
    ref = ward.case()
    assert {p.place for p in ward.store.outgoing(T, ref)} == {Destination("typed", "C0INCIDENTS")}


def test_a_case_goes_from_open_to_closed_with_each_step_in_the_trail(ward: Ward) -> None:
    ref = ward.case()
    assert "investigation has begun" in ward.say(f"investigate {ref} asked the physicist")
    assert "reference CQC-77" in ward.say(f"notified {ref} CQC-77", BEN)
    assert ward.states(ref) == {"notify": "met", "report": "open"}
    assert "report is submitted" in ward.say(f"reported {ref}")
    assert "Closed" in ward.say(f"close {ref} nothing left")
    assert [(s.kind, s.by.id) for s in ward.store.steps(T, ref)] == [
        ("open", "U1"), ("investigate", "U1"), ("notify", "U2"), ("report", "U1"), ("close", "U1"),
    ]  # fmt: skip
    assert [what for what in ward.trail(ref) if what.startswith("case step")] == [
        "case step: investigate", "case step: notify", "case step: report", "case step: close",
    ]  # fmt: skip
    assert "Physicist B notified the authority" in ward.say(f"case {ref}")


def test_the_authoritys_number_may_follow_later(ward: Ward) -> None:
    ref = ward.case()
    assert "as soon as it is known" in ward.say(f"notified {ref}")
    assert "not known yet" in ward.say(f"case {ref}")
    assert "CQC-9" in ward.say(f"notified {ref} CQC-9")
    assert ward.store.case(T, ref).authority_reference == "CQC-9"


def test_a_step_out_of_order_is_told_with_where_the_case_stands(ward: Ward) -> None:
    ref = ward.case()
    shown = ward.say(f"reported {ref}")
    assert "C26-0001 is open (Radiographer A opened it): this step is for a case that is notified" in shown
    assert ward.store.case(T, ref).version == 1


def test_a_closed_case_says_who_closed_it_and_can_be_reopened(ward: Ward) -> None:
    ref = ward.case()
    for words in (f"notified {ref} X1", f"reported {ref}", f"close {ref}"):
        ward.say(words)
    assert "is closed (Radiographer A closed it): reopen it first" in ward.say(f"notified {ref} X2", BEN)
    assert "say why" in ward.say(f"reopen {ref}").lower()
    assert "Reopened" in ward.say(f"reopen {ref} a second patient was found")
    assert ward.store.case(T, ref).state == "reported"


def test_one_reference_number_belongs_to_one_case(ward: Ward) -> None:
    first, second = ward.case(), ward.case()
    ward.say(f"notified {first} CQC-1")
    shown = ward.say(f"notified {second} cqc-1")
    assert f"is that of {first} already" in shown
    assert ward.store.case(T, second).state == "opened"


@pytest.mark.parametrize("words", ["case C26-0099", "notified C26-0099 X", "snooze C26-0099 tomorrow"])
def test_a_case_that_does_not_exist_is_told_in_one_line(ward: Ward, words: str) -> None:
    ward.case()
    assert ward.say(words).strip().rstrip(".") == "There is no case C26-0099 here: check its number"


def test_another_tenants_case_looks_like_none(ward: Ward) -> None:
    ref = ward.case()
    for words in (f"case {ref}", f"notified {ref} X", f"note {ref} hello", f"close {ref}"):
        assert "There is no case" in ward.say(words, tenant="another")
    assert ward.store.case(T, ref).version == 1


def test_a_step_without_a_case_says_how_it_is_named(ward: Ward) -> None:
    assert ward.say("notified").strip() == (
        "Name the case by its reference, such as notified C26-0001 "
        "[the authority's number] [on <day>] [a note]."
    )


def test_a_record_is_opened_once(ward: Ward) -> None:
    number = ward.record(NOTIFY)
    ward.say(f"open {number}")
    assert "has its case already" in ward.say(f"open {number}", BEN)
    assert len(ward.store.cases(T)) == 1


def test_a_verdict_of_not_notifiable_opens_no_case(ward: Ward) -> None:
    assert "a case is for what is notifiable or undecided" in ward.say(f"open {ward.record(NOT)}")


def test_in_the_thread_of_a_case_its_reference_need_not_be_named(ward: Ward) -> None:
    ref = ward.case()
    ward.store.remember_address(T, ref, Destination("typed", "c1", "m1"), "m1", now=NOW)
    ward.say("note the patient was told", place=Place("c1", thread="m1"))
    assert [note.text for note in ward.store.notes(T, ref)] == ["the patient was told"]


def test_a_patients_number_in_a_note_is_refused_and_not_repeated(ward: Ward) -> None:
    ref = ward.case()
    shown = ward.say(f"note {ref} seen with 999 000 0026")
    assert "was not kept" in shown
    assert "999" not in shown
    assert ward.store.notes(T, ref) == ()


@pytest.mark.parametrize(
    "words", ["notified {} CQC 999 000 0018 by portal", "done {} notification 999 000 0018"]
)
def test_a_patients_number_is_no_authoritys_number_and_a_note(ward: Ward, words: str) -> None:
    ref = ward.case()
    assert "was not kept" in ward.say(words.format(ref))
    case = ward.store.case(T, ref)
    assert (case.state, case.authority_reference) == ("opened", "")


@pytest.mark.parametrize(
    "words",
    [
        "notified {}?", "notified {} not yet", "notified {} tomorrow", "notified {} will be sent tomorrow",
        "notified {} no", "notified {}: hasn't been sent", "notified {} to be sent", "done {}?",
        "done {} notification not yet", "done {} notification?", "done {} notification later",
        "notified {} CQC-77?", "notified {} is it?", "investigate {} not needed",
    ],
)  # fmt: skip
def test_what_is_not_done_yet_or_only_asked_takes_no_step(ward: Ward, words: str) -> None:
    ref = ward.case()
    assert "nothing was changed" in ward.say(words.format(ref))
    assert ward.store.case(T, ref).version == 1
    assert "notify" in ward.due(ref)


def test_how_it_is_said_once_it_is_so_names_the_deadline(ward: Ward) -> None:
    ref = ward.case()
    assert f"Once it is: done {ref} notification." in ward.say(f"done {ref} notification not yet")
    assert f"Once it is: done {ref} <which>." in ward.say(f"done {ref} report?")
    assert f"Once it is: notified {ref}." in ward.say(f"notified {ref}?")


@pytest.mark.parametrize(
    "words",
    [
        "not agreed", "as MPE, not agreed", "I disagree", "no", "as MPE except the dose", "tomorrow",
        "not as MPE", "as MPE, don't", "as MPE, the dose is wrong", "as MPE?", "subject to the estimate",
    ],
)  # fmt: skip
def test_no_verdict_is_confirmed_by_words_that_doubt_it(ward: Ward, words: str) -> None:
    ward.name_roles()
    ref = ward.case()
    assert "nothing was changed" in ward.say(f"confirm {ref} {words}", BEN)
    assert denied(BY_NAME["done"], words, "confirm")
    assert ward.store.record(T, "2026-0001").status == "provisional"
    assert "is confirmed by the MPE" in ward.say(f"confirm {ref} as MPE, no comments, seen", BEN)


def test_compared_is_none_that_says_it_was_not(ward: Ward) -> None:
    ward.name_roles()
    ward.record(CAUTIONED)
    ward.say("confirm 2026-0001 as MPE, not compared with the live table", BEN)
    assert not ward.store.record(T, "2026-0001").compared


@pytest.mark.parametrize("words", ["to follow", "none", "none yet", "tbc", "n/a", "not yet", "pending"])
def test_what_is_still_to_be_learnt_is_no_learning(ward: Ward, words: str) -> None:
    number = ward.record(NOT)
    for act in ("learning", "analysis"):
        assert "nothing was changed" in ward.say(f"{act} {number} {words}")
    assert ward.store.notes(T, number) == ()
    ward.say(f"learning {number} none: it was one slip of one hand")
    assert [note.kind for note in ward.store.notes(T, number)] == ["learning"]


@pytest.mark.parametrize("words", ["no number yet", "no reference so far", "not by portal but by e-mail", ""])
def test_what_is_done_without_its_number_is_done(ward: Ward, words: str) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} {words}")
    assert ward.store.case(T, ref).state == "notified"


def test_a_note_may_say_that_there_is_nothing_more(ward: Ward) -> None:
    ref = ward.case()
    for words in (f"notified {ref} CQC-1", f"reported {ref} no changes", f"close {ref} no further action"):
        ward.say(words)
    assert ward.store.case(T, ref).state == "closed"
    assert "nothing was changed" in ward.say(f"confirm {ref} as MPE?", BEN)


# Standing down


def test_an_undecided_case_cannot_be_stood_down_on_its_verdict(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    shown = ward.say(f"stand down {ref} it was nothing")
    assert "only a verdict that rules notifying out allows standing down" in shown
    assert ward.store.case(T, ref).state == "opened"


def test_standing_down_wants_the_reason_and_a_confirmed_verdict(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    decide_anew(ward, ref, "total dose 4 mSv")
    assert "is provisional" in ward.say(f"stand down {ref} dose was low")
    ward.say("confirm 2026-0001 as mpe", BEN)
    assert "needs the reason" in ward.say(f"stand down {ref}")
    assert "Stood down" in ward.say(f"stand down {ref} dose was low")
    case = ward.store.case(T, ref)
    assert (case.state, case.last.record) == ("stood_down", "2026-0001")
    assert ward.due(ref) == {}
    assert [d.kind for d in ward.store.deadlines(T, subject="2026-0001")] == ["learning"]


def test_a_reopened_case_has_its_dates_running_again(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    decide_anew(ward, ref, "total dose 4 mSv")
    ward.say("confirm 2026-0001 as mpe", BEN)
    ward.say(f"stand down {ref} dose was low")
    ward.say(f"reopen {ref} the dose was misread")
    assert ward.due(ref) == {"notify": date(2026, 12, 7), "report": date(2027, 2, 15)}
    assert [p for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]


def test_a_cautioned_verdict_allows_standing_down_only_once_compared(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case({n: v for n, v in CAUTIONED.items() if n != "total_dose"})
    decide_anew(ward, ref, "total dose 30 mSv")
    assert "compare it with the authority's live table" in ward.say("confirm 2026-0001 as mpe", BEN)
    assert "provisional" in ward.say(f"stand down {ref} it was expected")
    ward.say("confirm 2026-0001 as mpe compared with the live table", BEN)
    assert "Stood down" in ward.say(f"stand down {ref} it was expected")


# Deciding anew


def decide_anew(ward: Ward, ref: str, text: str, why: str = "the physicist estimated it") -> str:
    shown = ward.say(f"redecide {ref} {text}")
    while "Keep it" not in shown:
        shown = ward.tell("yes" if "Is this right?" in shown else "don't know")
    ward.tell("yes")
    return ward.tell(why)


def test_a_new_estimate_shows_what_changed_and_why_and_meets_the_wait_for_it(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    assert ward.due(ref)["mpe_estimate"] == date(2026, 11, 26)
    shown = decide_anew(ward, ref, "total dose 30 mSv")
    assert "decided anew: the outcome has changed" in shown
    assert "Total dose: 30 mSv, was not known" in shown
    assert "Was: UNDECIDED" in shown
    assert "Is: NOTIFY — code 2.2" in shown
    assert "The same edition judged both (Wed 19 April 2023)" in shown
    case = ward.store.case(T, ref)
    assert case.discovered_on == date(2026, 11, 23)
    assert ward.states(ref)["mpe_estimate"] == "met"
    assert ward.due(ref)["notify"] == date(2026, 12, 7)
    assert [r.revision for r in ward.store.revisions(T, "2026-0001")] == [1, 2]


def test_deciding_anew_never_moves_the_day_of_discovery(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    ward.say(f"redecide {ref} total dose 30 mSv")
    ward.tell("edit discovered")
    ward.tell("today")
    ward.tell("yes")
    ward.tell("because")
    assert ward.store.case(T, ref).discovered_on == date(2026, 11, 23)
    assert ward.store.record(T, "2026-0001").assessment.facts["discovered_on"] == "2026-11-23"


def test_what_is_still_undecided_goes_on_waiting_for_the_estimate(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    shown = decide_anew(ward, ref, "age 41")
    assert "the outcome stays" in shown
    assert ward.states(ref)["mpe_estimate"] == "open"


def test_what_becomes_undecided_again_asks_for_the_estimate(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    decide_anew(ward, ref, "total dose 30 mSv")
    decide_anew(ward, ref, "total dose 10-40 mSv")
    assert ward.states(ref)["mpe_estimate"] == "open"


def test_a_correction_of_a_cases_record_decides_the_case_anew(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    ward.say("correct 2026-0001")
    ward.tell("edit total dose")
    ward.tell("30 mSv")
    ward.tell("yes")
    assert "decided anew" in ward.tell("it was measured")
    assert ward.store.case(T, ref).last.kind == "redecide"


# A corrected day of discovery


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


def test_what_was_done_in_time_and_told_later_is_not_called_late(ward: Ward) -> None:
    ref = ward.case()
    ward.later(days=17)
    shown = ward.say(f"notified {ref} CQC-7 on 4 December")
    assert "Notify the authority: done (was due Mon 7 December 2026)" in shown


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


def test_without_a_channel_a_case_from_a_place_that_others_see_goes_to_its_owner_alone(ward: Ward) -> None:
    number = ward.record(NOTIFY)
    ward.say(f"open {number}", place=Place("c-shared"))
    assert {p.place.conversation for p in ward.store.outgoing(T, "C26-0001")} == {ANA.id}


def test_what_people_say_among_themselves_in_a_cases_thread_takes_no_step(ward: Ward) -> None:
    ref = ward.case()
    ward.store.remember_address(T, ref, Destination("typed", "c1", "m1"), "m1", now=NOW)
    thread = Place("c1", thread="m1")
    for words in (
        "done, thanks",
        "close the door please",
        "open to ideas",
        "due to a fault we stopped",
        "report?",
    ):
        told = ward.ask(Said(words), BEN, place=thread)
        assert all(isinstance(one, Show) and one.private and one.refused for one in told), words
        assert len(told) <= 1
    assert ward.store.case(T, ref).version == 1
    ward.ask(Said("note the relatives were told"), BEN, place=thread)
    assert [note.text for note in ward.store.notes(T, ref)] == ["the relatives were told"]
    ward.ask(Said(f"investigate {ref}"), BEN, place=thread)
    assert ward.store.case(T, ref).state == "investigating"


@pytest.mark.parametrize(
    ("words", "reference", "note"),
    [
        ("CQC-77", "CQC-77", ""),
        ("CQC 77 by portal", "CQC 77", "by portal"),
        ("by telephone", "", "by telephone"),
        ("12345, by portal", "12345", "by portal"),
        ("ref 77 by portal", "77", "by portal"),
        ("reference: CQC-12345", "CQC-12345", ""),
        ("number CQC-12345, by phone", "CQC-12345", "by phone"),
        ("CQC ref. 12345 by portal", "12345", "CQC by portal"),
        ("via portal, reference is 2026/445", "2026/445", "via portal"),
        ("by portal, our ref W123", "", "by portal, our ref W123"),
        ("by portal, incident number W123", "", "by portal, incident number W123"),
        ("not CQC-1 but CQC-2", "", "not CQC-1 but CQC-2"),
        ("1 page form", "", "1 page form"),
        ("IR/26/12", "IR/26/12", ""),
        ("on 24 November", "", ""),
        ("2026-11-12", "", "2026-11-12"),
        ("12/11/2026 by portal", "", "12/11/2026 by portal"),
        ("12th November, by portal", "", "12th November, by portal"),
        ("3pm", "", "3pm"),
        ("10.30 am by portal", "", "10.30 am by portal"),
        ("14:30", "", "14:30"),
        ("10 minutes ago", "", "10 minutes ago"),
        ("by 2 of us", "", "by 2 of us"),
        ("", "", ""),
    ],
)
def test_the_authoritys_number_is_told_from_a_note(ward: Ward, words: str, reference: str, note: str) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} {words}")
    case = ward.store.case(T, ref)
    assert (case.authority_reference, case.last.note) == (reference, note)


def test_an_estimate_on_what_was_corrected_meanwhile_is_told_of_it(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    ward.say(f"redecide {ref} total dose 30 mSv", ANA)
    ward.ask(Said("yes", mentioned=True), ANA)
    ward.say(f"redecide {ref} total dose 4 mSv", BEN)
    for words in ("yes", "yes", "measured again"):
        ward.tell(words, BEN)
    ward.tell("the estimate", ANA)
    assert "has changed meanwhile: Physicist B decided it anew" in ward.shown
    assert ward.store.case(T, ref).version == 2


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


def test_the_authoritys_number_can_be_put_right_and_the_history_has_both(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} CQC-1")
    assert "has CQC-1 as its reference already" in ward.say(f"notified {ref} CQC-1")
    assert "The authority's reference is CQC-2" in ward.say(f"notified {ref} CQC-2")
    shown = ward.say(f"case {ref}")
    assert "notified the authority (CQC-1)" in shown
    assert "gave the authority's reference number (CQC-2)" in shown


def decided_anew(ward: Ward, ref: str, words: str) -> str:
    shown = ward.say(f"redecide {ref} {words}")
    right = ("yes",) if "Is this right?" in shown else ()
    for said in (*right, "yes", "what the physicist found"):
        ward.tell(said)
    return shown


def test_a_day_of_discovery_in_a_new_decision_moves_nothing_and_is_told_how_to(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    shown = decided_anew(ward, ref, "discovered 12 November, total dose 4 mSv")
    assert f"The day of discovery stays Mon 23 November 2026: discovered {ref} 2026-11-12 <why>" in shown
    assert ward.store.case(T, ref).discovered_on == date(2026, 11, 23)
    assert ward.due(ref)["notify"] == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("words", "on", "note"),
    [
        ("notified {} CQC-12 on 23 November by portal", date(2026, 11, 23), "by portal"),
        ("notified {} CQC-12, on 23/11", date(2026, 11, 23), ""),
        ("notified {} on Monday by portal", date(2026, 11, 23), "by portal"),
        ("notified {} CQC-12 yesterday by portal", date(2026, 11, 23), "by portal"),
        ("notified {} CQC-12 on 24 November", None, ""),
        ("notified {} CQC-12 by portal", None, "by portal"),
        ("notified {} CQC-12 on the portal", None, "on the portal"),
        ("reported {} yesterday by post", date(2026, 11, 23), "by post"),
        ("reported {} on 23 November", date(2026, 11, 23), ""),
        ("reported {}", None, ""),
    ],
)
def test_a_step_that_is_told_later_says_on_which_day_it_was(
    ward: Ward, words: str, on: date | None, note: str
) -> None:
    ref = ward.case()
    if words.startswith("reported"):
        ward.say(f"notified {ref}")
    shown = ward.say(words.format(ref))
    last = ward.store.case(T, ref).last
    assert (last.done_on, last.note, last.at) == (on, note, NOW)
    assert ("It counts from Mon 23 November 2026, as you say" in shown) is (on is not None)
    ward.say(f"investigate {ref}" if last.kind == "notify" else f"close {ref}")
    assert ("on Mon 23 November 2026)" in ward.say(f"case {ref}")) is (on is not None)
    assert ward.store.verify() == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("notified {} CQC-12 on 25 November 2026", "is still to come"),
        ("notified {} CQC-12 on 20 November", "before anybody knew of it, on Mon 23 November 2026"),
        ("reported {} yesterday", "Notify the authority first"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_nothing_is_done(ward: Ward, words: str, says: str) -> None:
    ref = ward.case()
    shown = ward.say(words.format(ref))
    assert says in shown or words.startswith("reported")
    assert ward.store.case(T, ref).state == "opened"


def test_a_day_that_only_stands_in_the_note_is_named_and_does_not_count(ward: Ward) -> None:
    ref = ward.case()
    shown = ward.say(f"notified {ref} CQC-12 by portal, they rang on 23 November")
    assert "It counts from today, when it was told here; Mon 23 November 2026 is kept in its note" in shown
    assert ward.store.case(T, ref).last.done_on is None


def test_its_form_asks_for_the_day_and_the_days_taken_count_from_it(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.now += timedelta(days=20)
    pressed.say(f"case {ref}")
    pressed.press("Notified")
    pressed.submit(reference="CQC-12", day="2026-12-20")
    assert "is still to come" in pressed.errors["day"]
    pressed.submit(reference="CQC-12", day="2026-12-01")
    (taken,) = pressed.store.days_taken(T, "notify")
    assert taken.done_on == date(2026, 12, 1)
    assert days_of(pressed.store, T, "notify", EVERY).run.values == (8.0,)
    with pressed.store.register(T, told={}, by=Person(ANA.id), now=pressed.now) as (_, found):
        (row,) = map(KeptIncident.of, found)
    assert (row.done_on("notify"), row.days_to("notify")) == (date(2026, 12, 1), 8)


def test_what_has_to_be_notified_after_all_waits_for_no_learning_of_its_own(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    decided_anew(ward, ref, "total dose 4 mSv")
    assert "Next: confirm the verdict, then stand the case down" in ward.say(f"case {ref}")
    ward.say("confirm 2026-0001 as mpe", BEN)
    assert "Next: stand the case down with the reason" in ward.say(f"case {ref}")
    ward.say(f"stand down {ref} ruled out by the estimate")
    assert "learning" in {d.kind for d in ward.store.deadlines(T, subject="2026-0001")}
    ward.say(f"reopen {ref} the estimate was wrong")
    decided_anew(ward, ref, "total dose 50 mSv")
    assert {d.kind for d in ward.store.deadlines(T, subject="2026-0001")} == {"confirm"}


def test_a_correction_that_makes_it_notifiable_opens_its_case(ward: Ward) -> None:
    ward.record(NOT)
    ward.say("correct 2026-0001")
    ward.tell("edit total dose")
    shown = ward.tell("50 mSv")
    assert "Keep it as a correction of record 2026-0001 and open its case? yes · record only" in shown
    ward.tell("yes")
    before = len(ward.store.audit(T))
    kept = ward.tell("the dose was of another patient")
    assert "Kept as record 2026-0001, revision 2, case C26-0001 opened" in kept
    assert set(ward.due("C26-0001")) == {"notify", "report"}
    assert {d.kind for d in ward.store.deadlines(T, subject="2026-0001")} == {"confirm"}
    # One transaction: a crash leaves either no correction, or one with its case.
    written = [e.what for e in ward.store.audit(T, after=before)]
    assert written[:2] == ["record corrected", "case opened"]


def test_of_two_who_correct_a_record_at_once_the_second_is_told_and_opens_nothing(ward: Ward) -> None:
    ward.record(NOT)
    for user in (ANA, BEN):
        place = Place(f"dm-{user.id}", personal=True)
        ward.say("correct 2026-0001", user, place=place)
        for said in ("edit total dose", "50 mSv", "yes"):
            ward.ask(Said(said, mentioned=True), user, place=place)
    why = Said("the dose was of another patient", mentioned=True)
    ward.ask(why, ANA, place=Place("dm-U1", personal=True))
    assert "case C26-0001 opened" in ward.shown
    ward.ask(why, BEN, place=Place("dm-U2", personal=True))
    assert "C26-0001 has changed meanwhile: Radiographer A" in ward.shown
    assert len(ward.store.cases(T)) == 1


def test_a_correction_that_changes_no_outcome_opens_none(ward: Ward) -> None:
    ward.record(NOTIFY)
    ward.say("correct 2026-0001")
    for said in ("edit total dose", "41 mSv"):
        shown = ward.tell(said)
    assert "open its case?" not in shown
    ward.tell("yes")
    assert "revision 2" in ward.tell("a slip")
    assert ward.store.cases(T) == ()


def test_whose_name_is_not_known_is_not_called_by_an_id(ward: Ward) -> None:
    ref = ward.case()
    shown = ward.say(f"assign {ref} <@U7>")
    assert "It is theirs now. Their name is not known here yet." in shown
    assert "somebody whose name is not known here" in shown
    assert "U7" not in shown + ward.say("cases")
    ward.store.remember_person(T, ward.face.name, "U9", "member", "Physicist D", now=ward.now)
    assert "It is Physicist D's now." in ward.say(f"assign {ref} U9")


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
