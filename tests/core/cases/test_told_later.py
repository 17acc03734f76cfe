"""The authority's number, and the day on which something was done, as they are told afterwards."""

from datetime import date, timedelta

import pytest

from bot.core.register.columns import KeptIncident
from bot.core.register.trends import days_of
from storage.model import Person
from storage.register_model import EVERY
from tests.core.cases.ward import ANA, BEN, NOW, T, Ward


def test_the_authoritys_number_may_follow_later(ward: Ward) -> None:
    ref = ward.case()
    assert "as soon as it is known" in ward.say(f"notified {ref}")
    assert "not known yet" in ward.say(f"case {ref}")
    assert "CQC-9" in ward.say(f"notified {ref} CQC-9")
    assert ward.store.case(T, ref).authority_reference == "CQC-9"


def test_one_reference_number_belongs_to_one_case(ward: Ward) -> None:
    first, second = ward.case(), ward.case()
    ward.say(f"notified {first} CQC-1")
    shown = ward.say(f"notified {second} cqc-1")
    assert f"is that of {first} already" in shown
    assert ward.store.case(T, second).state == "opened"


def test_what_was_done_in_time_and_told_later_is_not_called_late(ward: Ward) -> None:
    ref = ward.case()
    ward.later(days=17)
    shown = ward.say(f"notified {ref} CQC-7 on 4 December")
    assert "Notify the authority: done (was due Mon 7 December 2026)" in shown


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
        ("on 24 November CQC-12 by portal", "CQC-12", "by portal"),
        ("today, CQC 12", "CQC 12", ""),
        ("today at 3pm CQC-12 by portal", "CQC-12", "by portal"),
        ("by portal CQC-12", "CQC-12", "by portal"),
        ("by portal this morning, CQC-12 it says", "CQC-12", "by portal this morning it says"),
        ("in place of CQC-1 and CQC-2", "", "in place of CQC-1 and CQC-2"),
        ("yesterday, CQC 12", "CQC 12", ""),
        ("on 24 November 3 of us rang", "", "3 of us rang"),
        ("dated 24 November by portal", "", "by portal"),
        ("letter 24 Nov", "", "letter 24 Nov"),
        ("letter of 24 Nov", "", "letter of 24 Nov"),
        ("portal 23/11", "", "portal 23/11"),
        ("23/11 by portal", "", "23/11 by portal"),
        ("phone 14:30", "", "phone 14:30"),
        ("form 3 of 3", "", "form 3 of 3"),
        ("page 2", "", "page 2"),
        ("pages 1-3 by portal", "", "pages 1-3 by portal"),
        ("version 1.2 by portal", "", "version 1.2 by portal"),
        ("rang 3 times, then by portal", "", "rang 3 times, then by portal"),
        ("CQC 12", "CQC 12", ""),
        ("submitted 12345 by portal", "12345", "submitted by portal"),
        ("sent 24 November, 12345", "12345", "sent"),
        ("12/26", "12/26", ""),
        ("case 12345", "case 12345", ""),
        ("no. 12345", "no. 12345", ""),
        ("“CQC-12”, by portal", "CQC-12", "by portal"),
        ("`CQC-12`", "CQC-12", ""),
        ("", "", ""),
    ],
)
def test_the_authoritys_number_is_told_from_a_note(ward: Ward, words: str, reference: str, note: str) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} {words}")
    case = ward.store.case(T, ref)
    assert (case.authority_reference, case.last.note) == (reference, note)


def test_the_authoritys_number_can_be_put_right_and_the_history_has_both(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} CQC-1")
    assert "has CQC-1 as its reference already" in ward.say(f"notified {ref} CQC-1")
    assert "The authority's reference is CQC-2" in ward.say(f"notified {ref} CQC-2")
    shown = ward.say(f"case {ref}")
    assert "notified the authority (CQC-1)" in shown
    assert "gave the authority's reference number (CQC-2)" in shown


@pytest.mark.parametrize(
    "number", ["W88101", "w88101 by portal", "12345", "2026-0001", "record 2026-0001", "C26-0001", "T26-0001"]
)
def test_a_number_of_ones_own_is_none_of_the_authority_s(pressed: Ward, number: str) -> None:
    ref = pressed.case()
    pressed.say("details 2026-0001 local incident number: W88101; lfpse number: 12345")
    assert "and not the authority's: nothing was changed" in pressed.say(f"notified {ref} {number}")
    assert pressed.store.case(T, ref).state == "opened"
    pressed.say(f"case {ref}")
    pressed.press("Notified")
    pressed.submit(reference=number)
    assert "not the authority's" in pressed.errors["reference"]
    pressed.submit(reference="2026-0445")  # which is no record here
    assert "not the authority's" in pressed.say(f"notified {ref} {number}")
    assert pressed.store.case(T, ref).authority_reference == "2026-0445"


def test_another_number_says_whose_it_takes_the_place_of(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref}")
    assert "in the place" not in ward.say(f"notified {ref} CQC-1", BEN)
    shown = ward.say(f"notified {ref} CQC-2")
    assert "The authority's reference is CQC-2, in the place of CQC-1, which Physicist B gave." in shown


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("CQC-1 on 24 November", "CQC-2 on 23 November"), ("CQC-1", "CQC-1 on 23 November"),
        ("", "CQC-2 on 23 November"), ("on 23 November", "CQC-2 on 24 November"),
        ("on 23 November", "on 24 November"), ("on 24 November", "yesterday"),
    ],
)  # fmt: skip
def test_another_day_than_was_told_for_the_notification_is_asked_about(
    ward: Ward, first: str, then: str
) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} {first}")
    case = ward.store.case(T, ref)
    shown = ward.say(f"notified {ref} {then}", BEN)
    assert "It was notified on " in shown
    assert "as Radiographer A told it: which of them is right?" in shown
    assert f"reopen {ref} <why>" in shown
    assert ward.store.case(T, ref) == case


def test_another_day_than_was_told_for_the_report_is_asked_about(ward: Ward) -> None:
    ref = ward.case()
    for one in ("notified {}", "reported {} on 24 November"):
        ward.say(one.format(ref))
    ward.later(days=1)
    shown = ward.say(f"reported {ref} on 25 November", BEN)
    assert "It was submitted on Tue 24 November 2026, as Radiographer A told it" in shown


def test_a_number_that_comes_on_another_day_tells_no_day(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref}")
    ward.later(days=1)
    assert "The authority's reference is CQC-2" in ward.say(f"notified {ref} CQC-2 by post", BEN)
    ward.say(f"reported {ref}")
    ward.later(days=1)
    assert "is reported (Radiographer A submitted the report)" in ward.say(f"reported {ref}", BEN)


def test_the_same_day_with_the_number_is_no_other(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} on 23 November")
    assert "The authority's reference is CQC-2" in ward.say(f"notified {ref} CQC-2 on 23 November", BEN)
    assert ward.store.case(T, ref).done_on == {"notify": date(2026, 11, 23)}


@pytest.mark.parametrize(
    ("words", "on", "note"),
    [
        ("notified {} CQC-12 on 23 November by portal", date(2026, 11, 23), "by portal"),
        ("notified {} CQC-12, on 23/11", date(2026, 11, 23), ""),
        ("notified {} on Monday by portal", date(2026, 11, 23), "by portal"),
        ("notified {} CQC-12 yesterday by portal", date(2026, 11, 23), "by portal"),
        ("notified {} dated 23 November by portal", date(2026, 11, 23), "by portal"),
        ("notified {} dated 23/11", date(2026, 11, 23), ""),
        ("notified {} submitted 23/11/2026", date(2026, 11, 23), "submitted"),
        ("notified {} sent on 23 Nov by portal", date(2026, 11, 23), "sent by portal"),
        ("notified {} CQC-12, submitted yesterday", date(2026, 11, 23), "submitted"),
        ("notified {} sent 23 November, patient told", date(2026, 11, 23), "sent patient told"),
        ("notified {} by portal, sent 24 November", None, "by portal, sent 24 November"),
        ("reported {} submitted 23 November by post", date(2026, 11, 23), "submitted by post"),
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
    assert days_of(pressed.store, T, "notify", EVERY, pressed.now.date()).run.values == (8.0,)
    with pressed.store.register(T, told={}, by=Person(ANA.id), now=pressed.now) as (_, found):
        (row,) = map(KeptIncident.of, found)
    assert (row.done_on("notify"), row.days_to("notify")) == (date(2026, 12, 1), 8)


def test_no_report_is_told_to_be_submitted_before_the_notification(ward: Ward) -> None:
    ref = ward.case()
    ward.later(days=5)
    ward.say(f"notified {ref} CQC-1 on 27 November")
    shown = ward.say(f"reported {ref} on 25 November")
    assert "Wed 25 November 2026 is before it was notified, on Fri 27 November 2026" in shown
    assert ward.store.case(T, ref).state == "notified"
    ward.say(f"reported {ref} on 27 November")
    assert ward.store.case(T, ref).state == "reported"


def test_a_trusts_own_deadline_is_not_done_on_a_day_to_come_and_says_where_a_day_is_kept(ward: Ward) -> None:
    ward.say("settings local_deadlines 72-hour report: 3")
    ref = ward.case()
    ward.say(f"measure {ref} me by 20 December: two people check the list")
    for what, of in (("72-hour report", ref), ("measure 1", "2026-0001")):
        before = ward.store.deadlines(T, subject=of)
        assert "is still to come" in ward.say(f"done {ref} {what} on 30 November 2026")
        assert ward.store.deadlines(T, subject=of) == before
        shown = ward.say(f"done {ref} {what} on 23 November")
        assert "It counts from today, when it was told here; Mon 23 November 2026 is kept" in shown
        assert len(ward.store.deadlines(T, subject=of)) == len(before) - 1
