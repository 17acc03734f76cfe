"""A record is corrected beside its case: what the correction says of the case holds, and no date is lost."""

from __future__ import annotations

from datetime import date, timedelta

from bot.core.messages import Place, Said
from bot.core.register.columns import KeptIncident
from storage.model import Person
from tests.core.cases.ward import ANA, BEN, NOT, NOTIFY, UNDECIDED, T, Ward


def stood_down(ward: Ward) -> str:
    """A case that the estimate ruled out, and that was ended on it."""
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    ward.say(f"redecide {ref} total dose 4 mSv")
    answer_on(ward, "the estimate")
    ward.say("confirm 2026-0001 as mpe", BEN)
    assert "Stood down" in ward.say(f"stand down {ref} ruled out by the estimate")
    return ref


def answer_on(ward: Ward, why: str) -> str:
    """Whatever is asked is agreed to, up to the verdict, which is kept for this reason."""
    while "Keep it" not in ward.shown:
        ward.tell("yes" if "Is this right?" in ward.shown else "don't know")
    ward.tell("yes")
    return ward.tell(why)


def corrected(ward: Ward, words: str, why: str = "it was another dose") -> str:
    ward.say("correct 2026-0001")
    ward.tell(words)
    return answer_on(ward, why)


def given_by(ward: Ward, name: str) -> dict[str, str]:
    given = ward.store.record(T, "2026-0001").assessment.sources.get(name, {})
    return {key: str(value) for key, value in given.items()}


def test_a_correction_that_makes_it_notifiable_after_its_case_was_stood_down_opens_one(ward: Ward) -> None:
    ref = stood_down(ward)
    ward.say("correct 2026-0001")
    assert "and open its case? yes · record only" in ward.tell("no, total dose 50 mSv")
    shown = answer_on(ward, "it was another dose")
    assert "revision 3, case C26-0002 opened" in shown
    assert ward.due("C26-0002")["notify"] == date(2026, 12, 7)
    assert ward.store.case(T, ref).state == "stood_down"
    assert "C26-0002" in ward.say("due")


def test_what_leaves_and_what_is_said_of_the_record_is_of_the_case_that_runs(ward: Ward) -> None:
    stood_down(ward)
    corrected(ward, "no, total dose 50 mSv")
    with ward.store.register(T, told={}, by=Person(ANA.id), now=ward.now) as (_, found):
        (row,) = [KeptIncident.of(one) for one in found]
    assert row.case is not None
    assert (row.case.ref, row.case.state) == ("C26-0002", "opened")
    assert "discovered C26-0002 <day> <why>" in ward.say("details 2026-0001 discovered: 2026-11-20")


def test_it_runs_from_the_day_of_discovery_that_the_case_before_was_corrected_to(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    ward.say(f"discovered {ref} 2026-11-18 it stood in the log", BEN)
    ward.say(f"redecide {ref} total dose 4 mSv")
    answer_on(ward, "the estimate")
    ward.say("confirm 2026-0001 as mpe", BEN)
    ward.say(f"stand down {ref} ruled out")
    corrected(ward, "no, total dose 50 mSv")
    assert ward.due("C26-0002")["notify"] == date(2026, 12, 2)


def test_a_theme_after_it_was_stood_down_runs_from_that_day_as_well(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    ward.say(f"discovered {ref} 2026-11-18 it stood in the log", BEN)
    ward.say(f"redecide {ref} total dose 4 mSv")
    answer_on(ward, "the estimate")
    ward.say("confirm 2026-0001 as mpe", BEN)
    ward.say(f"stand down {ref} ruled out")
    ward.record({**NOT, "discovered_on": "2026-11-01"})
    ward.say("theme 2026-0001 yes, 2 different people, with 2026-0002")
    assert ward.due("C26-0002")["notify"] == date(2026, 12, 2)
    assert given_by(ward, "discovered_on")["id"] == BEN.id


def test_kept_as_a_record_only_beside_a_case_that_was_stood_down_it_says_that_nobody_is_reminded(
    ward: Ward,
) -> None:
    stood_down(ward)
    ward.say("correct 2026-0001")
    ward.tell("no, total dose 50 mSv")
    ward.tell("record only")
    assert "nobody is reminded of its deadlines: open 2026-0001 opens one" in ward.tell("another dose")
    assert "Opened as case C26-0002" in ward.say("open 2026-0001")
    assert ward.due("C26-0002")["notify"] == date(2026, 12, 7)
    assert "has its case already" in ward.say("open 2026-0001", BEN)
    assert len(ward.store.cases(T, states=("opened",))) == 1


def test_a_case_that_is_stood_down_while_its_record_is_corrected_is_told_and_nothing_is_kept(
    ward: Ward,
) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    ward.say(f"redecide {ref} total dose 4 mSv")
    answer_on(ward, "the estimate")
    ward.say("confirm 2026-0001 as mpe", BEN)
    place = Place("dm-U1", personal=True)
    ward.say("correct 2026-0001", place=place)
    for said in ("no, total dose 50 mSv", "yes"):
        ward.ask(Said(said, mentioned=True), ANA, place=place)
    ward.say(f"stand down {ref} ruled out", BEN)
    ward.ask(Said("another dose", mentioned=True), ANA, place=place)
    assert f"{ref} is stood down" in ward.shown
    assert ward.store.record(T, "2026-0001").outcome == "do_not_notify"


def test_a_day_of_discovery_in_a_correction_moves_nothing_and_is_told_before_it_is_kept(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    ward.say("correct 2026-0001")
    shown = ward.tell("it was discovered on 12 November 2026")
    assert f"The day of discovery stays Mon 23 November 2026: discovered {ref} 2026-11-12 <why>" in shown
    assert "by Mon 7 December 2026" in shown  # and by no other day
    assert "26 November" not in shown
    answer_on(ward, "it stood in the log")
    assert ward.due(ref)["notify"] == date(2026, 12, 7)
    assert "12" not in given_by(ward, "discovered_on").get("words", "")
    assert given_by(ward, "discovered_on")["at"] == "2026-11-24T09:30:00+00:00"


def test_the_day_of_a_case_is_the_word_of_whoever_corrected_it(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    ward.now += timedelta(hours=3)
    ward.name_roles()
    ward.say(f"discovered {ref} 2026-11-12 it stood in the log", BEN)
    ward.now += timedelta(hours=3)
    ward.say(f"redecide {ref} total dose 4 mSv")
    answer_on(ward, "the estimate")
    given = given_by(ward, "discovered_on")
    assert (given["id"], given["at"]) == (BEN.id, "2026-11-24T12:30:00+00:00")


def test_where_nobody_gave_the_day_it_is_said_to_be_that_of_opening(ward: Ward) -> None:
    ref = ward.case({name: value for name, value in UNDECIDED.items() if name != "discovered_on"})
    ward.later(hours=3)
    ward.say(f"redecide {ref} total dose 4 mSv")
    answer_on(ward, "the estimate")
    given = given_by(ward, "discovered_on")
    assert (given["how"], given["words"]) == ("assumed", "the day of opening")
    assert "the day of opening" in ward.say("case 2026-0001")


def test_what_cannot_stand_beside_the_day_of_its_case_is_told_and_not_taken(ward: Ward) -> None:
    ref = ward.case()
    ward.later(days=5)
    ward.say(f"redecide {ref} total dose 41 mSv")
    shown = ward.tell("it happened on 25 November 2026")
    assert "Taken out, since it cannot be beside that day: Happened" in shown
    answer_on(ward, "another dose")
    facts = ward.store.record(T, "2026-0001").assessment.facts
    assert (facts["total_dose"], facts.get("occurred_on")) == ("41 mSv", None)


def test_what_is_new_may_follow_a_correction_in_words(ward: Ward) -> None:
    ward.record(NOT)
    shown = ward.say("correct 2026-0001 total dose 50 mSv")
    assert "NOTIFY — code 2.2" in shown
    place = Place("c2", personal=True)
    assert "could not be read" in ward.say("correct 2026-0001 some words", BEN, place=place)


def test_no_case_was_discovered_after_it_was_opened(ward: Ward) -> None:
    ref = ward.case()
    ward.later(days=15)
    shown = ward.say(f"discovered {ref} 2026-11-25 it was looked at again then")
    assert f"{ref} was opened on Tue 24 November 2026, and was known of by then" in shown
    assert ward.due(ref)["notify"] == date(2026, 12, 7)
    assert "The day of discovery is corrected" in ward.say(f"discovered {ref} 2026-11-24 on the day itself")


def moved_to(ward: Ward, ref: str, nation: str) -> str:
    ward.say(f"redecide {ref} it was in {nation}")
    return answer_on(ward, "it is another board's")


def test_a_case_that_falls_to_another_authority_once_notified_has_to_be_notified_again(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    due = ward.due(ref)
    ward.say(f"notified {ref} CQC-7")
    shown = moved_to(ward, ref, "Scotland")
    assert "It falls to Healthcare Improvement Scotland now: notify it by the same dates." in shown
    assert "The Care Quality Commission was notified: tell it so." in shown
    case = ward.store.case(T, ref)
    assert (case.state, case.authority_reference) == ("opened", "")
    assert ward.due(ref) == due
    assert "(CQC-7)" in ward.say(f"case {ref}")
    assert "Notified, with the authority's reference HIS-3" in ward.say(f"notified {ref} HIS-3")
    assert ward.due(ref).keys() == {"report"}
    assert ward.store.verify() == []


def test_a_closed_one_that_falls_to_another_authority_has_a_case_opened_for_it(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    for words in (f"notified {ref} CQC-7", f"reported {ref}", f"close {ref}"):
        ward.say(words)
    corrected(ward, "no, total dose 41 mSv")
    assert len(ward.store.cases(T)) == 1
    corrected(ward, "it was in Scotland")
    assert ward.store.case(T, "C26-0002").state == "opened"
    assert ward.due("C26-0002")["notify"] == date(2026, 12, 7)
    assert ward.store.case(T, ref).state == "closed"


def test_so_has_one_whose_report_was_submitted_and_its_report_again(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    for words in (f"investigate {ref}", f"notified {ref} CQC-7", f"reported {ref}"):
        ward.say(words)
    moved_to(ward, ref, "Wales")
    assert ward.store.case(T, ref).state == "investigating"
    assert ward.due(ref).keys() >= {"notify", "report"}


def test_a_case_that_falls_to_scotland_asks_about_the_portal_s_account(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    shown = moved_to(ward, ref, "Scotland")
    assert "It falls to Healthcare Improvement Scotland now: notify it by the same dates." in shown
    assert "was notified" not in shown
    waiting = [one for one in ward.store.outgoing(T, ref) if one.rule == "notify" and one.state == "due"]
    assert "account" in [one.offset for one in waiting]


def test_what_stays_with_its_authority_stays_notified(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    ward.say(f"notified {ref} CQC-7")
    ward.say(f"redecide {ref} total dose 41 mSv")
    shown = answer_on(ward, "the estimate")
    assert "It falls to" not in shown
    assert ward.store.case(T, ref).state == "notified"
    assert "notify" not in ward.due(ref)


def test_what_was_notified_and_is_ruled_out_says_what_is_next_on_its_card_too(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    ward.say(f"notified {ref} CQC-7")
    ward.say(f"redecide {ref} total dose 4 mSv")
    answer_on(ward, "the estimate")
    shown = ward.say(f"case {ref}")
    assert "Next: confirm the verdict, then tell the authority and stand the case down" in shown
    ward.say("confirm 2026-0001 as mpe", BEN)
    assert "Next: tell the authority and stand the case down with the reason" in ward.say(f"case {ref}")
