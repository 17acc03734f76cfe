"""Words beside a step that ask, deny it or put it off: nothing is done on them, and what is done is done."""

from datetime import date

import pytest

from bot.core.actions.denied import denied
from bot.core.actions.table import BY_NAME
from bot.core.messages import Place, Said, Show
from storage.model import Destination
from tests.core.cases.ward import BEN, CAUTIONED, NOT, NOW, T, Ward
from tests.core.reminders.test_reminders import at, post_all


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


NOT_YET = (
    "we haven't yet", "we have not notified yet", "by portal tomorrow", "next week", "by Friday",
    "once the MPE agrees", "when the dose is known", "unless it is below 25 mSv", "CQC not yet",
    "CQC-77 not yet sent", "CQC-77 tomorrow", "draft saved, not submitted", "draft only", "nearly done",
    "waiting for the MPE", "nobody has", "no one has done this", "who does this", "is anybody doing it",
    "someone needs to", "I'll do it tonight", "we are going to", "could not log in", "tried but portal down",
    "failed", "in progress", "ready to send", "todo", "due today", "cancel that", "sorry, wrong case",
    "just started", "in draft", "it will go off tomorrow", "CQC-12 on my list", "form started",
    "the form has been started", "e-mail begun", "no answer at CQC", "rang CQC, no answer", "voicemail left",
    "left a message for CQC", "left them a voicemail", "on hold", "on hold with CQC for 20 minutes",
    "phoned but could not get through", "phoned 3 times, nobody picked up", "CQC line engaged",
    "no answer by phone",
    "tried 3 times, failed", "called, it rang out", "form to follow", "by portal, form to be finished",
    "attempted", "first attempt at 3pm", "opened the portal", "logged in to the portal",
    "portal account requested", "MPE to report to CQC", "the ward manager to notify CQC",
    "nothing yet, report to follow",
    "will report next week", "not yet reported", "not reported yet, by phone",
    "by phone tomorrow, form to follow",
    "by phone, will report it to CQC tomorrow", "by phone, no answer, form to follow",
    "by portal, form not submitted",
)  # fmt: skip


@pytest.mark.parametrize("words", NOT_YET)
def test_what_is_still_to_come_takes_no_step_wherever_it_says_so(ward: Ward, words: str) -> None:
    ref = ward.case()
    assert "nothing was changed" in ward.say(f"notified {ref} {words}")
    assert "nothing was changed" in ward.say(f"done {ref} notification {words}")
    assert "notify" in ward.due(ref)
    ward.say(f"notified {ref} CQC-1")
    assert "nothing was changed" in ward.say(f"reported {ref} {words}")
    assert "report" in ward.due(ref)


@pytest.mark.parametrize(
    "words",
    [
        "not yet", "tomorrow", "when the report is in", "no", "don't", "if nothing is left", "later",
        "not until they reply", "?", "after the meeting", "at the next board meeting", "on Friday", "Friday",
        "on 12 December", "in two weeks", "in a fortnight", "following the audit", "before the audit",
        "at the end of the month",
    ],
)  # fmt: skip
def test_no_case_is_closed_by_words_that_put_it_off(ward: Ward, words: str) -> None:
    ref = ward.case()
    for said in (f"notified {ref} CQC-1", f"reported {ref}"):
        ward.say(said)
    assert "nothing was changed" in ward.say(f"close {ref} {words}")
    assert ward.store.case(T, ref).state == "reported"
    ward.say(f"close {ref} no further action, learning will be shared at the meeting")
    assert "nothing was changed" in ward.say(f"reopen {ref} was something left?")
    assert ward.store.case(T, ref).state == "closed"


@pytest.mark.parametrize(
    "words",
    [
        "", "discussed at the meeting", "after the meeting agreed", "after all actions were completed",
        "in agreement with the inspector", "on the inspector's advice", "at the request of the inspector",
        "before the audit we checked it all", "one attempt alone was affected", "nothing is left",
        "at the meeting it was agreed",
    ],
)  # fmt: skip
def test_a_case_is_closed_by_words_of_what_was_done(ward: Ward, words: str) -> None:
    ref = ward.case()
    for said in (f"notified {ref} CQC-1", f"reported {ref}", f"close {ref} {words}"):
        ward.say(said)
    assert ward.store.case(T, ref).state == "closed"


@pytest.mark.parametrize("words", ["unless it is below 25 mSv", "waiting for the MPE", "next week", "todo"])
def test_nothing_is_begun_or_stood_down_by_words_that_put_it_off(ward: Ward, words: str) -> None:
    ref = ward.case()
    for verb in ("investigate", "stand down"):
        assert "nothing was changed" in ward.say(f"{verb} {ref} {words}")
    ward.say(f"investigate {ref} who was there: nobody who will have to be told")
    assert ward.store.case(T, ref).state == "investigating"


@pytest.mark.parametrize(
    "words",
    [
        "internally", "to Datix", "in writing", "on Datix", "Datix 12345", "W88101 on Datix", "via LFPSE",
        "to the MPE", "the MPE", "MPE and RPS", "to our governance team", "yesterday to the ward manager",
        "to the patient", "MHRA", "to MHRA by portal", "by e-mail to the head of radiology",
        "it to the board",
        "in-house", "to the trust's incident system", "to the HSE on 24 November", "internally, CQC next",
        "internally, not to CQC", "verbally to the consultant", "to HIW", "HIW-77", "HIS by portal", "RQIA",
        "patient told", "the patient has been told", "I told the patient", "told the referrer",
        "MPE informed",
        "MPE is aware", "matron informed", "emailed the RPA", "phoned the MHRA", "we've phoned the MHRA",
        "Datix completed", "datix form sent", "Datix is done", "completed a Datix", "I have datixed it",
        "with the radiologist", "with the MPE now", "patient's family told", "on-call physicist rung",
        "lead radiographer made aware", "patient notified by letter", "spoke to the MPE",
        "spoken with the GP",
        "superintendent knows", "medical physics informed by e-mail", "all staff told",
        "left a note for the MPE",
        "Patient told. Family informed", "MPE, RPS and patient told", "the patient was told on 24 November",
        "have let the consultant know", "HSE told", "raised on the risk register", "e-mail to the matron",
        "pt informed by phone", "Dr told", "SpR informed", "mum told", "told Datix", "duty of candour done",
        "candour letter sent", "MPE to notify", "the governance lead is dealing with it",
    ],
)  # fmt: skip
def test_what_somebody_else_was_told_is_none_to_the_authority(ward: Ward, words: str) -> None:
    ref = ward.case()
    for verb in (f"notified {ref}", f"done {ref} notification"):
        shown = ward.say(f"{verb} {words}")
        assert "nothing was changed" in shown
        assert ward.store.case(T, ref).state == "opened"
    ward.say(f"notified {ref} CQC-1")
    shown = ward.say(f"reported {ref} {words}")
    assert "nothing was changed" in shown
    assert set(ward.due(ref)) == {"report"}


@pytest.mark.parametrize(
    "words",
    [
        "to CQC", "to the Care Quality Commission in writing", "CQC-7, told the MPE too", "in writing to CQC",
        "to Datix and CQC", "to the inspector", "by e-mail to the authority, and to the ward", "by the MPE",
        "by portal, MHRA told too", "after speaking to the MPE", "MPE's estimate attached", "by telephone",
        "MPE agreed it", "123456, copied to the MPE", "with the MPE's report", "MPE estimate is final",
        "by e-mail, copy to the MPE", "by the governance lead", "the consultant agreed", "the ward too",
        "CQC, and HIW was told of it", "his dose was 2 mSv",
        "according to the MPE", "CQC-77, patient also told", "123456, patient told",
        "by portal, MPE informed",
        "CQC informed, patient told", "patient told, and CQC by portal", "MPE told us it counts",
        "the MPE has notified them", "agreed with the MPE", "jointly with the MPE",
        "with the MPE's agreement",
        "Datix number is W1, by portal", "with the radiologist's account", "told them by phone",
        "MPE informed, submitted by portal", "told the patient and then sent it via the web form",
    ],
)  # fmt: skip
def test_the_authority_is_told_whoever_else_is_named_beside_it(ward: Ward, words: str) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} {words}")
    assert ward.store.case(T, ref).state == "notified"


def test_whoever_reported_to_somebody_else_is_told_how_either_is_kept(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.say(f"notified {ref} CQC-1")
    pressed.say(f"case {ref}")
    pressed.press("Report submitted")
    pressed.submit(note="to Datix")
    assert "somebody else than the Care Quality Commission" in pressed.errors["note"]
    pressed.submit(note="to Datix and to CQC")
    assert pressed.store.case(T, ref).state == "reported"


def test_a_day_of_discovery_that_is_asked_about_moves_no_date(ward: Ward) -> None:
    ref = ward.case()
    assert "nothing was changed" in ward.say(f"discovered {ref} 20 November?")
    assert ward.store.case(T, ref).discovered_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    "reason",
    [
        "is wrong", "I think", "maybe", ", not sure", "if the log is right", "unless the log says otherwise",
        "may be wrong", "not yet confirmed", "probably", "isn't right", "I'm not sure",
    ],
)  # fmt: skip
def test_nor_one_that_is_doubted(pressed: Ward, reason: str) -> None:
    ref = pressed.case()
    assert "nothing was changed" in pressed.say(f"discovered {ref} 20 November {reason}")
    pressed.say(f"case {ref}")
    pressed.press("Discovery date")
    pressed.submit(day="2026-11-20", why=reason.lstrip(", "))
    assert "nothing was changed" in pressed.errors["why"]
    assert pressed.store.case(T, ref).discovered_on == date(2026, 11, 23)
    pressed.submit(
        day="2026-11-20", why="not known to the MPE until the log, which may be incomplete, was read"
    )
    assert pressed.store.case(T, ref).discovered_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    "words",
    [
        "by portal, number to follow", "by portal, their number will follow", "sent, awaiting reference",
        "CQC-12, patient will be told tomorrow", "CQC-12 and the family has not been told yet",
        "CQC-12 and report to follow", "CQC-12, they will ring back", "portal was down so by e-mail",
        "by e-mail as the portal is down", "CQC-12 could not attach the pdf", "as it cannot be ruled out",
        "done", "has been submitted", "did it via the portal", "before the deadline", "with the draft report",
        "after the MPE agreed", "provisional, dose to be confirmed", "no dose, which is not known yet",
        "CQC-77, MPE estimate pending", "CQC-7 as the investigation has started",
        "CQC-7 by portal, details ready",
        "by portal, asked if they need more", "no answer by phone so by portal", "logged in and submitted",
        "logged on the portal",
        "second attempt by portal",
        "voicemail left, then e-mailed",
        "CQC-12, on hold for an hour", "by e-mail, no answer yet", "123456, rang back and no answer",
        "by phone; written form to follow", "by phone, form to follow",
        "by phone, the form will be sent tomorrow",
        "phoned, form not yet sent", "by portal, investigation report due later",
        "by phone. Not yet reported",
        "by phone, not reported yet", "and will report next week", "by portal, we'll report in February",
        "by phone, full report to follow", "by portal, detailed written report to follow",
        "CQC-77, need to report by 15 February", "by phone, written confirmation to follow",
        "by portal, further information to follow", "by portal, more to follow",
        "by portal, update to follow",
        "by e-mail; the MPE's dose report will follow", "by phone, report not started",
        "by portal, outcome tomorrow", "by portal, closing letter to follow", "by post, paper copy to follow",
    ],
)  # fmt: skip
def test_what_is_still_to_come_of_something_else_holds_nothing_up(ward: Ward, words: str) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} {words}")
    assert ward.store.case(T, ref).state == "notified"


@pytest.mark.parametrize(
    "words",
    [
        "by portal, closing letter to follow",
        "by post, further information to follow",
        "outcome letter to follow",
    ],
)
def test_nor_does_it_of_a_report(ward: Ward, words: str) -> None:
    ref = ward.case()
    ward.say(f"notified {ref}")
    for early in ("by phone, form to follow", "by portal, full report to follow", "will report next week"):
        assert "nothing was changed" in ward.say(f"reported {ref} {early}")
    ward.say(f"reported {ref} {words}")
    assert ward.store.case(T, ref).state == "reported"


@pytest.mark.parametrize("note", ["draft saved, not submitted", "draft saved, _not_ submitted", "*Not* yet"])
def test_a_form_is_held_to_what_is_written_into_it(pressed: Ward, note: str) -> None:
    ref = pressed.case()
    pressed.say(f"case {ref}")
    pressed.press("Notified")
    pressed.submit(note=note)
    assert "nothing was changed" in pressed.errors["note"]
    assert pressed.store.case(T, ref).state == "opened"
    pressed.submit(reference="awaited", note="by portal, number to follow")
    case = pressed.store.case(T, ref)
    assert (case.state, case.authority_reference) == ("notified", "")
    assert case.last.note == "awaited by portal, number to follow"
    pressed.say(f"case {ref}")
    pressed.press("Reference number")
    pressed.submit(reference="tbc", note="")
    assert "give it once it is known" in pressed.errors["reference"]


def test_how_it_is_said_once_it_is_so_names_the_deadline(ward: Ward) -> None:
    ref = ward.case()
    assert f"Once it is: done {ref} notification." in ward.say(f"done {ref} notification not yet")
    assert f"Once it is: done {ref} <which>." in ward.say(f"done {ref} report?")
    assert f"Once it is: notified {ref}." in ward.say(f"notified {ref}?")
    assert f"Once it is: notified {ref} CQC-7." in ward.say(f"notified {ref} CQC-7 tomorrow")


@pytest.mark.parametrize(
    "words",
    [
        "not agreed", "as MPE, not agreed", "I disagree", "no", "as MPE except the dose", "tomorrow",
        "as MPE once the dose is final", "as MPE, maybe", "as MPE I think so",
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


@pytest.mark.parametrize("words", ["notification and report", "notification & the report"])
def test_of_two_that_are_named_at_once_none_is_done(ward: Ward, words: str) -> None:
    ref = ward.case()
    shown = ward.say(f"done {ref} {words}")
    assert f"One at a time: done {ref} notification or done {ref} report" in shown
    assert set(ward.due(ref)) == {"notify", "report"}


@pytest.mark.parametrize(
    ("words", "ways"),
    [
        ("notified {0} and reported", "notified {0} or reported {0}"),
        ("notified {0} CQC-7, report submitted too", "notified {0} or reported {0}"),
        ("notified {0} reported 24 November", "notified {0} or reported {0}"),
        ("investigate {0} and notified", "investigate {0} or notified {0}"),
    ],
)
def test_nor_of_two_steps(ward: Ward, words: str, ways: str) -> None:
    ref = ward.case()
    assert f"One at a time: {ways.format(ref)}" in ward.say(words.format(ref))
    assert ward.store.case(T, ref).state == "opened"
    ward.say(f"notified {ref} CQC-7, report attached in draft, investigated by the RPS")
    assert ward.store.case(T, ref).state == "notified"
    assert f"One at a time: reported {ref} or close {ref}" in ward.say(f"reported {ref}, closed")
    assert "report" in ward.due(ref)


def test_done_alone_is_asked_about_where_nothing_was_reminded_of(ward: Ward) -> None:
    ref = ward.case()
    assert f"Which of these is done: done {ref} notification" in ward.say(f"done {ref}")
    assert set(ward.due(ref)) == {"notify", "report"}
    post_all(ward, at(30, month=11))
    ward.say(f"done {ref}")
    assert set(ward.due(ref)) == {"report"}
