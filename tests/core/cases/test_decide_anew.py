"""A case decided anew by a new estimate, or by a correction of its record."""

from datetime import date

from bot.core.messages import Place, Said
from tests.core.cases.ward import ANA, BEN, NOT, NOTIFY, UNDECIDED, T, Ward


def test_a_new_estimate_shows_what_changed_and_why_and_meets_the_wait_for_it(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    assert ward.due(ref)["mpe_estimate"] == date(2026, 11, 26)
    shown = ward.decide_anew(ref, "total dose 30 mSv")
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
    shown = ward.decide_anew(ref, "age 41")
    assert "the outcome stays" in shown
    assert ward.states(ref)["mpe_estimate"] == "open"


def test_what_becomes_undecided_again_asks_for_the_estimate(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    ward.decide_anew(ref, "total dose 30 mSv")
    ward.decide_anew(ref, "total dose 10-40 mSv")
    assert ward.states(ref)["mpe_estimate"] == "open"


def test_a_correction_of_a_cases_record_decides_the_case_anew(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    ward.say("correct 2026-0001")
    ward.tell("edit total dose")
    ward.tell("30 mSv")
    ward.tell("yes")
    assert "decided anew" in ward.tell("it was measured")
    assert ward.store.case(T, ref).last.kind == "redecide"


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


def test_a_day_of_discovery_in_a_new_decision_moves_nothing_and_is_told_how_to(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    shown = ward.say(f"redecide {ref} discovered 12 November, total dose 4 mSv")
    for words in ("yes", "yes", "what the physicist found"):
        ward.tell(words)
    assert f"The day of discovery stays Mon 23 November 2026: discovered {ref} 2026-11-12 <why>" in shown
    assert ward.store.case(T, ref).discovered_on == date(2026, 11, 23)
    assert ward.due(ref)["notify"] == date(2026, 12, 7)


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
