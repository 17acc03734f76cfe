"""What reminders say, and what they are answered with: done, snooze, take over."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.actions.delivery_cards import CaseContents
from bot.core.cards import Card, Mention
from bot.core.messages import Pressed
from bot.core.reminders.late_and_lost import put_off_past_its_day
from bot.core.reminders.schedule import Channels, Planner
from bot.core.settings.chosen import Chosen
from bot.slack.blocks import message
from bot.terminal.plain import lines
from rules.deadlines import UK
from storage.model import Destination, Person
from storage.plans import Batch
from storage.times import at_local
from tests.core.cases.ward import BEN, NOTIFY, UNDECIDED, T, Ward

LEASE = timedelta(minutes=2)


def claim(ward: Ward, on: datetime) -> Batch | None:
    return ward.store.claim(T, ward.face.name, worker="w", now=on, lease=LEASE)


def post_all(ward: Ward, on: datetime) -> list[tuple[Destination, Card]]:
    """Everything new that is due, as a delivery would post it; `ward.now` is then. What is brought up to date
    is, and is not among it."""
    ward.now, contents, posted = on, CaseContents(ward.store, ward.face), []
    while batch := claim(ward, on):
        card, message = contents.card(batch, on, repeat=batch.check_first), batch.items[0].message
        if batch.items[0].kind != "update":
            posted.append((batch.place, card))
            ward.posts += 1
            message = f"m{ward.posts}"
        then = [(i.id, p) for i in batch.items if i.kind == "ping" for p in contents.follow(i, on)]
        ward.store.sent(T, batch, message=message, now=on, then=then)
    return posted


def words(posted: list[tuple[Destination, Card]]) -> str:
    return "\n".join(line for _, card in posted for line in lines(card))


def at(day: int, hour: int = 9, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, 1, tzinfo=UK)


def test_a_ping_is_in_the_cases_thread_calls_its_owner_and_says_days_used_first(ward: Ward) -> None:
    ref = ward.case()
    ((place, _),) = post_all(ward, ward.now)
    assert place.thread == ""
    ((place, ping),) = post_all(ward, at(30, month=11))
    assert place.thread == "m1"
    assert (
        f"{ref} Diagnostic, accidental exposure, 40 years: notify the authority, as soon as possible"
        in ping.title
    )
    assert "(7 of 14 days used, 7 left)" in ping.title
    assert [b.users for b in ping.blocks if isinstance(b, Mention)] == [("U1",)]
    assert f"done {ref}" in words([(place, ping)])


def test_several_due_in_one_channel_make_one_message(pressed: Ward) -> None:
    refs = [pressed.case(), pressed.case()]
    post_all(pressed, pressed.now)
    ((_, ping),) = post_all(pressed, at(30, month=11))
    assert "2 deadlines" in ping.title
    assert all(ref in words([(Destination("", ""), ping)]) for ref in refs)
    assert [b.label for b in ping.buttons if b.label.startswith("Done")] == [f"Done {ref}" for ref in refs]


def test_overdue_pings_come_daily_and_in_a_second_channel_calling_who_leads(ward: Ward) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ward.say("settings role_governance U9")
    ward.case()
    post_all(ward, ward.now)
    post_all(ward, at(7))
    posted = post_all(ward, at(8))
    assert {place.conversation for place, _ in posted} == {"c1", "C0LEADS"}
    for place, card in posted:
        assert "OVERDUE by 1 day" in card.title
        if place.conversation == "C0LEADS":
            assert "Escalated" in words([(place, card)])
            assert [b.users for b in card.blocks if isinstance(b, Mention)] == [("U9",)]
    for day in (9, 10, 11):
        assert f"OVERDUE by {day - 7} days" in words(post_all(ward, at(day)))


def test_one_channel_for_incidents_and_escalation_keeps_both_chains(ward: Ward) -> None:
    ward.say("settings incidents_channel C0INC")
    ward.say("settings escalation_channel C0INC")
    ward.say("settings role_governance U9")
    ward.case()
    post_all(ward, at(7))
    for day in (8, 9, 10):
        ((_, card),) = post_all(ward, at(day))
        told = words([(Destination("", ""), card)])
        assert told.count(f"OVERDUE by {day - 7} day") == 1
        assert "Escalated" in told
        assert [b.users for b in card.blocks if isinstance(b, Mention)] == [("U1", "U9")]


def test_a_date_that_is_corrected_is_told_though_a_later_hour_s_reminder_of_the_old_one_went_out(
    ward: Ward,
) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ref = ward.case({**NOTIFY, "discovered_on": "2026-11-06"})
    for day in (24, 25):
        post_all(ward, at(day, 10, month=11))
    ward.say("settings ping_hour 08:30")
    ward.say(f"discovered {ref} 2026-11-11 it was another patient's log")
    assert "today is the last day" in words(post_all(ward, ward.now))
    assert "OVERDUE by 1 day" in words(post_all(ward, at(26, month=11)))


def test_ten_corrections_of_a_discovery_give_one_overdue_reminder_that_day(ward: Ward) -> None:
    ref = ward.case()
    post_all(ward, ward.now)
    posted = []
    for day in range(1, 11):
        ward.say(f"discovered {ref} 2026-10-{day:02} it was on the list of that day")
        posted += [
            card for _, card in post_all(ward, ward.now) if "OVERDUE" in card.title and "notify" in card.title
        ]
    assert len(posted) == 1
    assert ward.store.unwatched(T) == ()
    ((_, card),) = post_all(ward, at(25, month=11))
    assert "notify the authority is OVERDUE by 32 days" in words([(Destination("", ""), card)])


@pytest.mark.parametrize("day", [4, 7, 9])  # three days before, the last one, and overdue
@pytest.mark.parametrize("notified", [False, True])
def test_a_case_that_falls_to_another_authority_is_reminded_of_once_a_day_and_each_day(
    ward: Ward, day: int, notified: bool
) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ref = ward.case(NOTIFY)
    for on in (at(30, month=11), *(at(one) for one in range(1, day + 1))):
        post_all(ward, on)
    ward.later(hours=1)
    if notified:
        ward.say(f"notified {ref} CQC-7")
    ward.say(f"redecide {ref} it was in Scotland")
    ward.tell("yes")
    ward.tell("it is another board's")
    assert "It falls to Healthcare Improvement Scotland now" in ward.shown
    shown = words(post_all(ward, ward.now))
    assert shown.count("notify the authority") == 1  # about its portal, or once more what was to be done
    assert shown.count("portal that needs an account") == 1
    for later in range(day + 1, 12):
        told = [(place, card) for place, card in post_all(ward, at(later)) if place.conversation == "c1"]
        due = later > 7 or later in (4, 6, 7)
        assert words(told).count("notify the authority") == int(due), later


def test_after_an_outage_one_message_the_latest(ward: Ward) -> None:
    ward.case()
    post_all(ward, ward.now)
    ((_, card),) = post_all(ward, at(6, 14))
    assert "13 of 14 days used, 1 left" in card.title


def test_after_an_outage_over_the_last_day_the_second_channel_hears_of_it_the_same_day(ward: Ward) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ward.case()
    for day in (24, 30):
        post_all(ward, at(day, 10, month=11))
    places = [place.conversation for place, _ in post_all(ward, at(10, 14))]
    assert sorted(places) == ["C0LEADS", "c1"]
    places = [place.conversation for place, _ in post_all(ward, at(11))]
    assert sorted(places) == ["C0LEADS", "c1"]


def test_a_case_that_is_opened_when_it_is_overdue_leaves_its_owner_a_day(ward: Ward) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ward.case({**NOTIFY, "discovered_on": "2026-11-02"})
    assert "C0LEADS" not in [place.conversation for place, _ in post_all(ward, ward.now)]
    assert "C0LEADS" in [place.conversation for place, _ in post_all(ward, at(25, month=11))]


def test_on_the_last_day_an_undecided_case_says_notify_now(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    post_all(ward, at(6))
    assert "this is the last day to notify: notify now" in words(post_all(ward, at(7)))
    ward.now = at(7)
    assert "this is the last day to notify: notify now" in ward.say(f"case {ref}")


def test_the_estimate_is_asked_for_by_its_own_pings_which_call_the_physicist(ward: Ward) -> None:
    ward.say("settings role_mpe U2")
    ward.case(UNDECIDED)
    post_all(ward, ward.now)
    posted = post_all(ward, at(26, month=11))
    assert "the medical physics expert's estimate, by Thu 26 November 2026" in words(posted)
    assert [b.users for _, c in posted for b in c.blocks if isinstance(b, Mention)] == [("U1", "U2")]


def test_the_reminder_to_confirm_comes_in_the_cases_thread_and_calls_who_can(ward: Ward) -> None:
    ward.say("settings role_mpe U2")
    ward.say("settings nation England")
    ward.say("check")
    for said in ("CT", "2", "40 mSv", "yesterday", "none", "yes"):
        ward.tell(said)
    (case,) = ward.store.cases(T)
    (place,) = [place for place, card in post_all(ward, ward.now) if case.ref in card.title]
    assert place.thread == ""
    ((place, ping),) = post_all(ward, at(1))
    assert place.thread == "m1"
    told = words([(place, ping)])
    assert f"2026-0001 of {case.ref} Diagnostic, accidental exposure: confirm the verdict" in told
    assert [b.users for b in ping.blocks if isinstance(b, Mention)] == [("U1", "U2")]
    assert f"done 2026-0001 confirm · snooze 2026-0001 confirm tomorrow · take over {case.ref}" in told
    assert "the next reminder comes Wed 2 December 2026" in ward.say(
        f"snooze {case.ref} confirm tomorrow busy"
    )


def test_scotland_is_asked_about_its_portal_account_on_the_first_day(ward: Ward) -> None:
    ward.case({**NOTIFY, "nation": "scotland"})
    assert "portal that needs an account" in words(post_all(ward, ward.now))


def test_a_changed_schedule_keeps_the_question_about_the_account(ward: Ward) -> None:
    ward.now = ward.now.replace(hour=3)
    ref = ward.case({**NOTIFY, "nation": "scotland"})
    ward.say("settings ping_days 10, 5")
    waiting = [p.offset for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]
    assert waiting == ["account", "-10d", "-5d", "0d"]
    assert "portal that needs an account" in words(post_all(ward, ward.now.replace(hour=9)))
    ward.say("settings ping_days 7, 3")
    waiting = [p.offset for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]
    assert waiting == ["-7d", "-3d", "0d"]


def test_a_changed_schedule_leaves_no_overdue_deadline_without_its_next_reminder(ward: Ward) -> None:
    ward.case()
    for day in (7, 8, 9):
        post_all(ward, at(day))
    ward.say("settings ping_hour 10:00")
    assert ward.store.unwatched(T) == ()
    assert "OVERDUE by 3 days" in words(post_all(ward, at(10, 10)))
    assert len(post_all(ward, at(11, 10))) == 1


def test_a_reopened_case_has_all_its_reminders_again(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    before = {p.key.rsplit("/", 1)[1] for p in ward.store.outgoing(T, ref) if p.rule == "report"}
    assert "inspector" in before
    ward.say(f"redecide {ref} total dose 3 mSv")
    for said in ("yes", "yes", "the estimate came"):
        ward.tell(said)
    ward.say("confirm 2026-0001 as mpe", BEN)
    assert "Stood down" in ward.say(f"stand down {ref} ruled out")
    assert ward.due(ref) == {}
    ward.say(f"reopen {ref} a second patient was found")
    again = {p.offset for p in ward.store.outgoing(T, ref) if p.rule == "report" and p.state == "due"}
    assert again == before


def test_after_nine_weeks_an_unfinished_report_prompts_to_speak_to_the_inspector(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} X")
    post_all(ward, ward.now)
    nine = datetime(2027, 1, 25, 9, 1, tzinfo=UK)
    assert post_all(ward, nine - timedelta(days=1)) == []
    assert "speak to the authority's inspector" in words(post_all(ward, nine))
    assert "speak to the authority's inspector now if it may be late" in ward.say(f"case {ref}")
    late = at_local(date(2027, 2, 16), ward.now.time(), "Europe/London")
    assert "The report is late: speak to the authority's inspector" in words(post_all(ward, late))
    assert "if it may be late" not in ward.say(f"case {ref}")


LOCALS = "72-hour report: 3, notify patient: 5, board report: 9, board: 10"


@pytest.mark.parametrize(
    ("words_of_it", "met"),
    [
        ("72 hour report", "local:72-hour report"), ("72-Hour Report sent", "local:72-hour report"),
        ("board report", "local:board report"), ("board", "local:board"), ("boards", ""),
        ("patient notification", ""), ("the report to the board", ""), ("the corrective measures", ""),
        ("report to the board", ""), ("by portal", "notify"), ("CQC-77 by portal", "notify"), ("", "notify"),
        ("notification to the board too", "notify"), ("notification, report follows", "notify"),
    ],
)  # fmt: skip
def test_no_words_that_may_be_of_another_deadline_are_a_note_on_the_statutory_one(
    ward: Ward, words_of_it: str, met: str
) -> None:
    ward.say(f"settings local_deadlines {LOCALS}")
    ref = ward.case(NOTIFY)
    ward.say(f"measure {ref} me by 20 December: two people check the list")
    before = ward.due(ref).keys()
    for day in (30, 1, 2, 3, 4, 6):  # that of the notification comes alone, and last
        post_all(ward, at(day, month=11 if day == 30 else 12))
    shown = ward.say(f"done {ref} {words_of_it}")
    assert before - ward.due(ref).keys() == ({met} if met else set())
    assert bool(met) or f"Which of these is done: done {ref} notification" in shown


def test_where_nothing_was_reminded_of_yet_a_note_names_what_is_done(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    assert "which of these is done" in ward.say(f"done {ref} phone call to the ward").lower()
    assert "Notified" in ward.say(f"done {ref} notification")


def test_what_may_have_arrived_already_says_so(ward: Ward) -> None:
    ward.case()
    assert claim(ward, ward.now) is not None
    later = ward.now + LEASE * 2
    ((_, card),) = post_all(ward, later)
    assert "may have reached you already" in words([(Destination("", ""), card)])


def test_what_cannot_be_delivered_goes_to_the_fallback_channel_and_says_so(ward: Ward) -> None:
    ward.say("settings fallback_channel C0FALL")
    ward.case()
    post_all(ward, ward.now)
    ward.now = at(30, month=11)
    batch = claim(ward, ward.now)
    assert batch is not None
    instead = CaseContents(ward.store, ward.face).instead(batch)
    ward.store.undeliverable(T, batch, error="is_archived", instead=instead, now=ward.now)
    ((place, card),) = post_all(ward, ward.now)
    assert place.conversation == "C0FALL"
    assert "could not be delivered where it belongs" in words([(place, card)])


def test_a_changed_schedule_reaches_the_cases_that_are_there(ward: Ward) -> None:
    ref = ward.case()
    assert "their reminders follow" in ward.say("settings ping_days 10, 5")
    due = [p.offset for p in ward.store.outgoing(T, ref) if p.rule == "notify" and p.state == "due"]
    assert due == ["-10d", "-5d", "0d"]
    ward.say("settings ping_hour 07:30")
    hours = {p.planned_at.astimezone(UK).strftime("%H:%M") for p in pending(ward, ref)}
    assert hours == {"07:30"}
    ward.say("settings quiet_days saturday, sunday")
    days = {p.planned_at.astimezone(UK).weekday() for p in pending(ward, ref) if p.offset != "inspector"}
    assert days <= {0, 1, 2, 3, 4}


def pending(ward: Ward, ref: str) -> list[object]:
    return [p for p in ward.store.outgoing(T, ref) if p.kind == "ping" and p.state == "due"]


def test_a_trusts_own_deadline_is_kept_and_done_by_a_word(ward: Ward) -> None:
    ward.say("settings local_deadlines 72-hour report: 3")
    ref = ward.case()
    assert ward.due(ref)["local:72-hour report"] == date(2026, 11, 26)
    assert "72-hour report: done" in ward.say(f"done {ref} 72-hour report")
    assert ward.states(ref)["local:72-hour report"] == "met"
    assert "marked it as met" in ward.say(f"done {ref} 72-hour report", BEN)


def test_done_by_two_people_does_not_submit_the_report(ward: Ward) -> None:
    """The second means what the first has done already, and not the next deadline."""
    ref = ward.case()
    post_all(ward, ward.now)
    post_all(ward, at(30, month=11))
    assert "Notified" in ward.say(f"done {ref} CQC-1")
    shown = ward.say(f"done {ref} CQC-1", BEN)
    assert "Notify the authority is over, Radiographer A marked it as met" in shown
    assert f"name what is done, such as done {ref} report" in shown
    assert ward.states(ref)["report"] == "open"
    assert "The report is submitted" in ward.say(f"done {ref} report", BEN)


def test_done_before_any_reminder_is_the_notification(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} CQC-1")
    assert "is over" in ward.say(f"done {ref}")
    assert ward.states(ref)["report"] == "open"


# Snooze


def test_a_snooze_to_an_hour_and_to_a_day(ward: Ward) -> None:
    ref = ward.case()
    post_all(ward, at(30, month=11))
    assert "Mon 30 November 2026 at 11:01" in ward.say(f"snooze {ref} 2 hours")
    assert "Tue 1 December 2026 at 09:00" in ward.say(f"snooze {ref} tomorrow")
    assert "Thu 3 December 2026 at 14:30" in ward.say(f"snooze {ref} Thursday 14:30")
    assert post_all(ward, at(2)) == []
    assert len(post_all(ward, at(3, 15))) == 1


def test_a_snooze_past_the_deadline_wants_the_reason(ward: Ward) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ref = ward.case()
    post_all(ward, at(3))
    before = ward.store.outgoing(T, ref)
    shown = ward.say(f"snooze {ref} 2026-12-09")
    assert "past the deadline of Mon 7 December 2026: say why" in shown
    assert ward.store.outgoing(T, ref) == before
    assert "The deadline stays" in ward.say(f"snooze {ref} 2026-12-09 the authority gave us until then")
    (entry,) = [e for e in ward.store.audit(T, subject=ref) if e.what == "ping snoozed"]
    assert entry.said == "the authority gave us until then"


def test_a_snooze_past_the_deadline_does_not_silence_those_who_lead(ward: Ward) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ward.say("settings role_governance U9")
    ref = ward.case()
    post_all(ward, ward.now)
    post_all(ward, at(6))
    ward.say(f"snooze {ref} 12 December waiting for the report of the physicist")
    for day in (7, 8, 9, 10, 11):
        ((place, card),) = post_all(ward, at(day))
        assert place.conversation == "C0LEADS"
        assert "Escalated" in words([(place, card)])
    assert {place.conversation for place, _ in post_all(ward, at(12))} == {"c1", "C0LEADS"}
    assert {place.conversation for place, _ in post_all(ward, at(13))} == {"c1", "C0LEADS"}


@pytest.mark.parametrize(
    "change",
    [
        "settings ping_days 5, 1", "settings escalation_channel C0OTHER", "settings quiet_days sat-sun",
        "settings ping_hour 10:00", "settings incidents_channel C0INC", "settings ping_spread 5",
        "assign {} <@U2>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("day", [6, 8])
def test_nor_once_the_reminders_are_planned_anew_meanwhile(ward: Ward, day: int, change: str) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ref = ward.case()
    for on in (at(24, 10, month=11), at(30, month=11), *(at(one) for one in range(1, day + 1))):
        post_all(ward, on)
    ward.say(f"snooze {ref} notification 12 December waiting for the physicist")
    ward.later(hours=1)
    ward.say(change.format(ref))
    second = "C0OTHER" if "C0OTHER" in change else "C0LEADS"
    for later in range(day + 1, 12):
        ((place, _),) = [one for one in post_all(ward, at(later, 11)) if "notify the auth" in one[1].title]
        assert place.conversation == second, later
    both = {p.conversation for p, card in post_all(ward, at(12, 11)) if "notify the auth" in card.title}
    assert second in both
    assert len(both) == 2


def test_nor_where_the_case_falls_to_another_authority_meanwhile(ward: Ward) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ref = ward.case(NOTIFY)
    for on in (at(24, 10, month=11), at(30, month=11), *(at(one) for one in range(1, 9))):
        post_all(ward, on)
    ward.say(f"snooze {ref} notification 12 December waiting for the physicist")
    ward.later(hours=1)
    ward.decide_anew(ref, "it was in Scotland")
    post_all(ward, ward.now)
    for later in range(9, 12):
        assert "C0LEADS" in [place.conversation for place, _ in post_all(ward, at(later))], later


@pytest.mark.parametrize("change", ["settings ping_hour 10:00", "settings ping_days 5, 1"])
def test_what_the_second_place_is_to_be_told_today_is_told_though_a_schedule_changes(
    ward: Ward, change: str
) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ward.case()
    for on in (at(24, 10, month=11), at(30, month=11), *(at(one) for one in range(1, 9))):
        post_all(ward, on)
    ward.now = at(9, 8)
    ward.say(change)
    assert sorted(place.conversation for place, _ in post_all(ward, at(9, 11))) == ["C0LEADS", "c1"]


def test_the_second_place_is_not_taken_away_while_it_alone_is_reminded(ward: Ward) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ref = ward.case()
    post_all(ward, at(7))
    ward.say(f"snooze {ref} notification 9 December waiting for the physicist")
    shown = ward.say("settings escalation_channel none")
    assert f"{ref} (notify the authority, to Wed 9 December 2026 at 09:00). Name another channel" in shown
    assert "reminded of there alone" in ward.say("settings escalation_channel default")
    assert "Escalation channel: C0OTHER" in ward.say("settings escalation_channel C0OTHER")
    ward.say(f"notified {ref} CQC-1")
    assert "Escalation channel: not set" in ward.say("settings escalation_channel none")


def test_nothing_is_put_off_for_more_than_a_week(ward: Ward) -> None:
    ref = ward.case()
    post_all(ward, at(30, month=11))
    before = ward.store.outgoing(T, ref)
    for words in ("report 8 December", "report 2 weeks", "report in 9 days because we wait"):
        assert "for a week at most: until Mon 7 December 2026" in ward.say(f"snooze {ref} {words}")
    assert ward.store.outgoing(T, ref) == before
    assert "the next reminder comes Mon 7 December 2026" in ward.say(f"snooze {ref} report 7 December")


def test_past_the_deadline_nothing_is_put_off_where_nobody_else_is_reminded(ward: Ward) -> None:
    ref = ward.case()
    post_all(ward, at(7))
    before = ward.store.outgoing(T, ref)
    shown = ward.say(f"snooze {ref} notification tomorrow we wait for the physicist")
    assert "where nobody else is reminded meanwhile: settings escalation_channel names who is" in shown
    assert ward.store.outgoing(T, ref) == before
    post_all(ward, at(8))
    assert "comes Tue 8 December 2026 at 11:01" in ward.say(f"snooze {ref} notification 2 hours in theatre")


def test_what_is_put_off_past_its_day_stands_in_the_list_of_what_is_due(ward: Ward) -> None:
    ward.say("settings escalation_channel C0LEADS")
    ref = ward.case()
    post_all(ward, at(7))
    assert "PUT OFF" not in ward.say("due")
    ward.say(f"snooze {ref} notification Friday waiting for the physicist")
    assert "PUT OFF past its day, to Fri 11 December 2026 at 09:00" in ward.say("due")
    assert put_off_past_its_day(ward.store, None) == [  # which the doctor says
        f"{ref}: the reminder to notify the authority by Mon 7 December 2026 is put off past its day, to "
        "Fri 11 December 2026 at 09:00"
    ]
    ward.say(f"notified {ref} X")
    assert "PUT OFF" not in ward.say("due")
    assert put_off_past_its_day(ward.store, None) == []


@pytest.mark.parametrize("words", ["", "whenever", "2026-11-01", "yesterday", "25:99"])
def test_a_snooze_to_no_time_is_told_what_is_wanted(ward: Ward, words: str) -> None:
    ref = ward.case()
    shown = ward.say(f"snooze {ref} {words}")
    assert len(ward.cards) == 1
    assert any(told in shown for told in ("rite until when", "still to come", "no such time")), shown


def test_a_snooze_of_what_is_over_says_who_ended_it(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"notified {ref} X", BEN)
    assert "Physicist B marked it as met" in ward.say(f"snooze {ref} notify tomorrow")


def test_a_choice_and_a_day_of_ones_own_are_never_weighed_against_one_another(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.ask(Pressed("case.snooze", f"{ref}:1:notify"))
    for own in ("2026-11-29", "T14:30", "2026-11-29T14:30"):
        pressed.submit(until="1 hour", day=own)
        assert "which is it?" in pressed.errors["day"]
    pressed.submit(until="own", day="")
    assert "write until when" in pressed.errors["day"]
    assert "Sun 29 November 2026 at 09:00" in pressed.submit(until="own", day="2026-11-29")


def test_a_time_alone_is_the_next_such_time_in_a_snooze(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.ask(Pressed("case.snooze", f"{ref}:1:notify"))
    assert f"the next reminder comes {pressed.now:%a %-d %B %Y} at 23:30" in pressed.submit(day="T23:30")


def test_the_buttons_of_a_ping_do_what_they_say(pressed: Ward) -> None:
    ref = pressed.case()
    post_all(pressed, pressed.now)
    ((_, ping),) = post_all(pressed, at(30, month=11))
    pressed.cards = [ping]
    pressed.press("Take over", BEN)
    assert pressed.store.case(T, ref).owner is not None
    assert pressed.store.case(T, ref).owner.id == "U2"  # type: ignore[union-attr]
    pressed.cards = [ping]
    pressed.press("Snooze")
    pressed.submit(until="tomorrow")
    assert "Tue 1 December 2026 at 09:00" in pressed.shown
    pressed.cards = [ping]
    pressed.press("Snooze")
    pressed.submit(day="2026-12-10")
    assert "for a week at most" in pressed.errors["day"]
    post_all(pressed, at(4))
    pressed.submit(day="2026-12-10")
    assert "past the deadline" in pressed.errors["why"]
    pressed.submit(day="2026-12-10", why="agreed with the authority")
    assert "nobody else is reminded meanwhile" in pressed.errors["day"]
    pressed.ask(Pressed("case.snooze", f"{ref}:1:notify"))
    pressed.store.set_setting(
        T, "escalation_channel", {"platform": "pressed", "conversation": "C9"},
        by=Person("U1"), now=pressed.now,
    )  # fmt: skip
    pressed.submit(day="2026-12-10", why="agreed with the authority")
    assert "Thu 10 December 2026" in pressed.shown
    pressed.ask(Pressed("case.show", ref))
    pressed.press("Notified")
    pressed.submit(reference="CQC-5", note="by telephone")
    assert pressed.store.case(T, ref).authority_reference == "CQC-5"
    pressed.cards = [ping]
    pressed.press("Snooze")
    assert "is over" in pressed.shown


# Any day


DAYS = st.dates(date(2026, 1, 1), date(2035, 12, 31))


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(0, 90), st.sampled_from(["notify", "undecided"]))
def test_whatever_the_day_of_discovery_pings_come_at_nine_uk_time_and_never_in_the_past(
    found: date, gone: int, outcome: str
) -> None:
    today = found + timedelta(days=gone)
    planner = Planner(Chosen({}), Channels(Destination("typed", "c1")), today)
    for plan in planner.for_case(outcome, found, opened=today):
        assert plan.pings, plan
        for ping in plan.pings:
            shown = at_local(ping.on, ping.at or plan.at, plan.zone).astimezone(UK)
            assert (shown.hour, shown.minute, shown.date()) == (9, 0, ping.on)
            assert ping.on >= today
        if plan.due_on >= today:
            assert plan.due_on in {ping.on for ping in plan.pings}


def test_of_fifty_in_one_message_every_one_is_there_on_every_face(pressed: Ward) -> None:
    number = pressed.record(UNDECIDED)
    kept = pressed.store.record(T, number).assessment
    facts = {**kept.facts, "examination_performed": "abdomen and pelvis, three phases, with contrast " * 2}
    for _ in range(50):
        pressed.store.keep(T, replace(kept, facts=facts), by=Person("U1", "Ana"), now=pressed.now)
    refs = []
    for record in pressed.store.records(T)[:50]:
        pressed.say(f"open {record.number}")
        refs.append(pressed.store.cases(T)[0].ref)
    post_all(pressed, pressed.now)
    posted = [card for _, card in post_all(pressed, at(9)) if "deadlines" in card.title]
    for ref in refs:
        for rule in ("notify the authority is OVERDUE", "estimate is OVERDUE"):
            assert sum(f"{ref} abdomen" in line and rule in line for c in posted for line in lines(c)) == 1
    for card in posted:
        sent = json.dumps(message(card))
        shown = [ref for ref in refs if any(f"{ref} abdomen" in line for line in lines(card))]
        assert all(ref in sent for ref in shown)


def test_two_deadlines_of_one_case_have_buttons_that_say_which(pressed: Ward) -> None:
    ref = pressed.case(UNDECIDED)
    post_all(pressed, pressed.now)
    ((_, ping),) = post_all(pressed, at(30, month=11))
    assert [b.label for b in ping.buttons] == [
        f"Done {ref}: the medical physics expert's estimate",
        f"Snooze {ref}: the medical physics expert's estimate",
        f"Take over {ref}",
        f"Done {ref}: notify the authority",
        f"Snooze {ref}: notify the authority",
    ]
