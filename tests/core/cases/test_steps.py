"""A case from opening to its end, typed; and everything that can be typed wrong."""

from datetime import date

import pytest

from bot.core.messages import Place
from storage.model import Destination, Person
from tests.core.cases.ward import ANA, BEN, NOT, NOTIFY, NOW, UNDECIDED, T, Ward


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


def test_without_a_channel_a_case_from_a_place_that_others_see_goes_to_its_owner_alone(ward: Ward) -> None:
    number = ward.record(NOTIFY)
    ward.say(f"open {number}", place=Place("c-shared"))
    assert {p.place.conversation for p in ward.store.outgoing(T, "C26-0001")} == {ANA.id}


def test_whose_name_is_not_known_is_not_called_by_an_id(ward: Ward) -> None:
    ref = ward.case()
    shown = ward.say(f"assign {ref} <@U7>")
    assert "It is theirs now. Their name is not known here yet." in shown
    assert "somebody whose name is not known here" in shown
    assert "U7" not in shown + ward.say("cases")
    ward.store.remember_person(T, ward.face.name, "U9", "member", "Physicist D", now=ward.now)
    assert "It is Physicist D's now." in ward.say(f"assign {ref} U9")


def test_what_an_ended_case_leaves_undone_of_the_trusts_own_is_named(ward: Ward) -> None:
    ward.name_roles()
    ward.say("settings local_deadlines audit: 5, board report: 9")
    ref, other, third = ward.case(), ward.case(UNDECIDED), ward.case()
    for one in (ref, third):
        for said in (f"notified {one} CQC-{one[-1]}", f"reported {one}", f"done {one} board report"):
            ward.say(said)
    ward.say(f"done {third} audit")
    assert "Closed. Withdrawn with it, and not reminded of any more: audit." in ward.say(f"close {ref}")
    assert "Withdrawn" not in ward.say(f"close {third}").partition("Verdict")[0]
    ward.decide_anew(other, "total dose 4 mSv")
    ward.say("confirm 2026-0002 as mpe", BEN)
    shown = ward.say(f"stand down {other} ruled out")
    assert "Stood down. Withdrawn with it, and not reminded of any more: audit and board report." in shown
