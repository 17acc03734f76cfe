"""Corrective measures: set by whoever leads, reminded of, done, changed and given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.core.cards import Mention
from bot.core.messages import Home, HomeOpened, Place, Pressed, User
from bot.core.settings.holders import held
from bot.terminal.plain import lines
from storage.model import Destination, Person
from tests.core.cases.ward import ANA, BEN, NOT, NOTIFY, TYPED, T, Ward
from tests.core.reminders.test_reminders import at, post_all, words

NUMBER = "2026-0001"


def state(ward: Ward) -> list[tuple[int, str, str, date, str]]:
    return [
        (one.seq, one.what, one.owner.id if one.owner else one.role, one.due_on, one.state)
        for one in ward.store.measures(T, NUMBER)
    ]


def opened(ward: Ward, seq: int = 0) -> dict[str, str]:
    """The form, and what stands in it."""
    ward.ask(Pressed("case.measure", f"{NUMBER}/{seq}:" if seq else NUMBER))
    assert ward.form is not None
    return {one.name: one.value for one in ward.form.inputs}


def test_a_measure_is_reminded_of_calls_its_owner_and_is_done_by_its_button(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} CQC-1")
    ward.say(f"confirm {NUMBER}")
    shown = ward.say(f"measure {ref} U2 by 20 December: two people check the list")
    assert f"{NUMBER}, corrective measure 1. two people check the list" in shown
    post_all(ward, at(30, month=11))
    assert "corrective measure" not in words(post_all(ward, at(12)))
    ((_, card),) = post_all(ward, at(13))
    assert [one.users for one in card.blocks if isinstance(one, Mention)] == [("U2",)]
    said = "\n".join(lines(card))
    assert f"{NUMBER} of {ref} Diagnostic, accidental exposure, 40 years: corrective measure 1" in said
    assert "by Sun 20 December 2026 (7 days left)" in said
    assert "two people check the list" in said
    assert f"done {NUMBER} measure 1" in said
    assert "Corrective measure 1 of 2026-0001: done." in ward.say(f"done {ref} measure 1 printed", BEN)
    assert state(ward)[0][-1] == "met"
    assert words(post_all(ward, at(21))) == ""
    assert ward.store.verify() == []


def test_an_overdue_one_is_reminded_of_by_the_week_and_outlives_its_case(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"measure {ref} U2 by 10 December: two people check the list")
    for step in (f"notified {ref} CQC-1", f"reported {ref}", f"close {ref}"):
        ward.say(step)
    assert ward.store.case(T, ref).state == "closed"
    said = {day: words(post_all(ward, at(day))) for day in range(1, 25)}
    assert [day for day, text in said.items() if "corrective measure 1" in text] == [3, 7, 9, 10, 17, 24]
    assert "is OVERDUE by 7 days" in said[17]
    shown = ward.say("due")
    assert "corrective measure 1" in shown
    assert "1 overdue" in shown


def test_it_is_put_off_and_listed_with_its_own_owner(ward: Ward) -> None:
    ward.case()
    ward.say(f"measure {NUMBER} lead radiographer by 10 December: a poster")
    ward.now = at(9)
    assert "the next reminder comes" in ward.say(f"snooze {NUMBER} measure 1 tomorrow")
    assert "lead radiographer" in ward.say("due")


def test_a_change_says_what_it_was_and_keeps_it(ward: Ward) -> None:
    ward.record(NOT)
    ward.say(f"measure {NUMBER} me by 10 December: a poster")
    shown = ward.say(f"measure {NUMBER} 1 U2 by 5 January: a lock", BEN)
    assert "1. a lock: " in shown
    assert "(it was 1. a poster: Radiographer A, by Thu 10 December 2026)" in shown
    assert state(ward) == [(1, "a lock", "U2", date(2027, 1, 5), "open")]
    shown = ward.say(f"case {NUMBER}")
    assert "Measure 1 set, Tue 24 November 2026 at 09:30, Radiographer A: a poster (Radiographer A)" in shown
    assert "Measure 1 changed, Tue 24 November 2026 at 09:30, Physicist B: a lock" in shown


@pytest.mark.parametrize(
    ("typed", "owner", "role"),
    [
        ("me", "U1", ""), ("me, lead radiographer", "U1", "lead radiographer"), ("U2, MPE", "U2", "MPE"),
        ("<@U2>", "U2", ""), ("<@U2|Ben> (MPE)", "U2", "MPE"),
        ("lead radiographer, CT", "", "lead radiographer, CT"),
    ],
)  # fmt: skip
def test_whose_it_is_may_be_a_person_a_role_or_both(ward: Ward, typed: str, owner: str, role: str) -> None:
    ward.record(NOT)
    ward.say(f"measure {NUMBER} {typed} by 10 December: a poster")
    (one,) = ward.store.measures(T, NUMBER)
    assert (one.owner.id if one.owner else "", one.role) == (owner, role)


def test_one_that_is_given_up_says_why_and_may_be_taken_up_again(ward: Ward) -> None:
    ward.record(NOT)
    ward.say(f"measure {NUMBER} me by 10 December: a poster")
    assert "say why it is given up" in ward.say(f"measure {NUMBER} 1 given up").lower()
    assert f"Measure 1 of {NUMBER} is given up: a poster" in ward.say(
        f"measure {NUMBER} 1 given up: no wall to put it on"
    )
    assert "given up Tue 24 November 2026 at 09:30 by Radiographer A: no wall" in ward.say(
        f"measure {NUMBER}"
    )
    ward.say(f"measure {NUMBER} 1 me by 12 December: a poster")
    assert state(ward) == [(1, "a poster", "U1", date(2026, 12, 12), "open")]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("by Friday: a poster", "A measure wants its owner, its day and what is done: measure 2026-0001 <"),
        ("U2: a poster", "A measure wants its owner, its day and what is done"),
        ("U2 by Friday", "A measure wants its owner, its day and what is done"),
        ("U2 by yesterday: a poster", "Mon 23 November 2026 is over: give a day that is still to come."),
        ("U2 by 20 December 2036: a poster", "is more than five years ahead: check the year."),
        (
            "U2 by soon: a poster",
            "Write by which day, such as Friday, in 3 weeks, 20 December or 2026-12-20.",
        ),
        ("U5GONE by Friday: a poster", "Only colleagues can own a measure, and U5GONE is deactivated"),
        ("U5NOBODY by Friday: a poster", "Only colleagues can own a measure"),
        ("9 U2 by Friday: a poster", "2026-0001 has no measure 9: it has none."),
        ("U2 by Friday: for 999 000 0018", "NHS, CHI or H&C"),
    ],
)
def test_what_is_no_measure_is_refused_in_one_line(ward: Ward, typed: str, answer: str) -> None:
    ward.record(NOT)
    shown = ward.say(f"measure {NUMBER} {typed}")
    assert answer in shown
    assert len(shown.splitlines()) == 1
    assert state(ward) == []


def test_by_the_form_with_a_person_or_a_role(pressed: Ward) -> None:
    pressed.record(NOT)
    assert opened(pressed) == {"what": "", "user": "", "role": "", "day": ""}
    pressed.submit(what="a poster", day="2026-12-10")
    wanted = "a measure wants its owner, its day and what is done: name a person, a role, or both"
    assert pressed.errors["user"].startswith(wanted)
    pressed.submit(what="a poster", day="2026-11-10", user="U2", role="")
    assert list(pressed.errors) == ["day"]
    pressed.submit(what="a poster", day="2026-12-10", role="lead radiographer", user="")
    assert state(pressed) == [(1, "a poster", "lead radiographer", date(2026, 12, 10), "open")]
    opened(pressed)
    shown = pressed.submit(what="a lock", day="2026-12-10", user="U1", role="lead radiographer")
    assert "2. a lock: Radiographer A (lead radiographer), by Thu 10 December 2026" in shown


def test_the_form_of_one_that_is_there_shows_it_changes_it_and_gives_it_up(pressed: Ward) -> None:
    pressed.record(NOT)
    pressed.say(f"measure {NUMBER} U2 by 10 December: a poster")
    pressed.say(f"measure {NUMBER}")
    pressed.press("Change measure 1")
    assert opened(pressed, 1) == {
        "what": "a poster", "user": "U2", "role": "", "day": "2026-12-10", "why": "",
    }  # fmt: skip
    assert "Nothing new was said about measure 1" in pressed.submit()
    opened(pressed, 1)
    pressed.submit(what="a lock", why="no wall")
    assert pressed.errors == {"why": "change it or give it up, and not both at once"}
    pressed.submit(what="a poster", why="no wall")
    assert state(pressed)[0][-1] == "withdrawn"


def test_of_two_who_change_it_at_once_the_second_hears_of_the_first(pressed: Ward) -> None:
    pressed.record(NOT)
    pressed.say(f"measure {NUMBER} U2 by 10 December: a poster")
    opened(pressed, 1)
    form = pressed.form
    pressed.say(f"measure {NUMBER} 1 U2 by 10 December: a lock", BEN)
    pressed.form = form
    assert "measure 1 of 2026-0001 was changed meanwhile by Physicist B" in pressed.submit(
        what="a poster in red"
    ).replace("Measure", "measure")
    assert state(pressed)[0][1] == "a lock"


def test_its_owner_may_read_the_record_and_is_named_to_who_leads_once_gone(ward: Ward) -> None:
    ward.say("settings may_read named")
    ward.record(NOT)
    assert "is read by its owner" in ward.say(f"case {NUMBER}", BEN)
    ward.say(f"measure {NUMBER} U2 by 10 December: a poster")
    assert "Record 2026-0001" in ward.say(f"case {NUMBER}", BEN)
    assert held(ward.store, T)["U2"] == (f"owner of measure 1 of {NUMBER}",)
    ward.say(f"done {NUMBER} measure 1", BEN)
    assert "U2" not in held(ward.store, T)


def test_it_is_taken_out_of_every_change_where_it_names_somebody(ward: Ward) -> None:
    ward.say("settings role_governance U1")
    ward.record(NOT)
    ward.say(f"measure {NUMBER} lead radiographer by 10 December: talk to the porter")
    ward.say(f"measure {NUMBER} 1 lead radiographer by 10 December: talk to the porters")
    assert "Measure 1 of 2026-0001 is taken out" in ward.say(f"redact {NUMBER} measure 1 names a person")
    for one in ward.store.measure_history(T, NUMBER):
        assert one.what.startswith("[taken out")
        assert one.role.startswith("[taken out")
    ward.say(f"details {NUMBER} root cause: the porter")
    assert "The root cause of 2026-0001 is taken out" in ward.say(f"redact {NUMBER} root cause a person")
    assert "porter" not in ward.say(f"case {NUMBER}")
    assert ward.store.verify() == []


def test_reminders_of_measures_move_with_their_schedule_and_stay_under_watch(ward: Ward) -> None:
    """They hang on no case, and still follow the settings and the watch."""
    ward.record(NOT)
    ward.say(f"measure {NUMBER} {ANA.id} by 10 December: a poster")
    ward.say("settings ping_days 5, 0")
    pings = [one for one in ward.store.outgoing(T, NUMBER) if one.rule == "measure:1" and one.state == "due"]
    assert [one.offset for one in pings] == ["-5d", "0d"]
    ward.store.set_setting(
        T, "incidents_channel", {"platform": "pressed", "conversation": "C1"}, by=Person("U1"), now=ward.now
    )
    assert ward.store.unwatched(T) == ()
    assert {one.place for one in pings} == {Destination("typed", "c1")}
    ward.case(NOTIFY)


def test_what_would_go_to_the_direct_messages_of_a_cases_owner_goes_to_the_measures(tmp_path: Path) -> None:
    """Where no channel is set, and also once the case is somebody else's."""
    ward = Ward(tmp_path / "irmer.sqlite", replace(TYPED, direct="[DU]"))
    ward.say(f"open {ward.record(NOTIFY)}", place=Place("C0TALK"))
    ward.say(f"measure {NUMBER} U2 by 10 December: a poster")
    ward.say(f"measure {NUMBER} lead radiographer by 10 December: a lock")

    def places() -> dict[str, set[str]]:
        waiting = [one for one in ward.store.outgoing(T, NUMBER) if one.state == "due" and one.kind == "ping"]
        return {rule: {one.place.conversation for one in waiting if one.rule == rule} for rule in
                ("measure:1", "measure:2")}  # fmt: skip

    assert places() == {"measure:1": {"U2"}, "measure:2": {"U1"}}
    ward.say("assign C26-0001 <@U3>")
    assert places() == {"measure:1": {"U2"}, "measure:2": {"U3"}}
    ward.say(f"measure {NUMBER} 1 U4 by 10 December: a poster")
    assert places()["measure:1"] == {"U4"}
    assert "corrective measure 1" in words(post_all(ward, at(3)))
    assert ward.store.verify() == []
    ward.store.close()


def seen(ward: Ward, user: User) -> str:
    """On the bot's own page."""
    (home,) = (one for one in ward.ask(HomeOpened(), user) if isinstance(one, Home))
    return "\n".join(lines(home.card))


def test_whoever_comes_sees_the_measures_that_are_theirs(ward: Ward) -> None:
    ward.record(NOT)
    ward.say(f"measure {NUMBER} U2 by 10 December: a poster")
    assert f"Your corrective measures: 1 of {NUMBER}" in seen(ward, BEN)
    assert "Your corrective measures" not in seen(ward, ANA)


def test_a_handover_of_cases_says_that_ones_measures_stay(ward: Ward) -> None:
    ward.case()
    ward.say(f"measure {NUMBER} me by 10 December: a poster")
    shown = ward.say("hand over to <@U2>")
    assert f"Your corrective measures stay yours until another owner is named: 1 of {NUMBER}." in shown
