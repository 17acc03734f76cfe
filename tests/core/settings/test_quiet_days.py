"""Quiet days, as people write them and as reminders keep them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.refused import Refused
from bot.core.reminders.schedule import Channels, Planner
from bot.core.settings.chosen import Chosen
from bot.core.settings.quiet_days import read_quiet_days
from bot.core.words.deadline_kinds import MPE, NOTIFY, REPORT
from storage.model import Destination
from tests.core.cases.ward import T, Ward


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("none", []),
        ("saturday, sunday", ["saturday", "sunday"]),
        ("sat-sun", ["saturday", "sunday"]),
        ("Sat – Sun", ["saturday", "sunday"]),
        ("sat sun", ["saturday", "sunday"]),
        ("sundays and mondays", ["monday", "sunday"]),
        ("weekends", ["saturday", "sunday"]),
        ("fri to mon", ["monday", "friday", "saturday", "sunday"]),
        ("25 December", ["25 December"]),
        ("Christmas Day, Boxing Day", ["25 December", "26 December"]),
        ("24 dec - 2 jan", ["24 December to 2 January"]),
        ("24/12-2/1", ["24 December to 2 January"]),
        ("24-27 December", ["24 December to 27 December"]),
        ("24 Dec 2026 to 2 Jan 2027", ["24 December 2026 to 2 January 2027"]),
        ("24 Dec to 2 Jan 2027", ["24 December 2026 to 2 January 2027"]),
        ("2026-12-24 - 2027-01-02", ["24 December 2026 to 2 January 2027"]),
        ("24-12-2026", ["24 December 2026"]),
        ("bank holidays in Scotland", ["bank holidays in Scotland"]),
        ("Welsh bank holidays; sun", ["sunday", "bank holidays in Wales"]),
        ("bank holidays", ["bank holidays in England"]),
        ("sat-sun, 24 Dec - 2 Jan, public holidays",
         ["saturday", "sunday", "24 December to 2 January", "bank holidays in England"]),
    ],
)  # fmt: skip
def test_quiet_days_are_read_as_people_write_them_and_read_again_as_they_are_kept(typed, kept):
    found = read_quiet_days(typed, "england")
    assert found.words == kept
    assert read_quiet_days(", ".join(kept)) == found


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("satur", "“satur” is not a day or days"),
        ("sat-sunx", "“sat-sunx” is not a day or days"),
        ("satnav", "is not a day or days"),
        ("sat, soon", "“soon” is not a day or days"),
        ("mon-sun", "one day of the week must be left"),
        ("30 February", "is not a day or days"),
        ("25 December at 3pm", "is not a day or days"),
        ("1 June to 31 August", "at most 31 days"),
        ("2 Jan 2027 to 24 Dec 2026", "from the first day to the last"),
        ("24 Dec 2026 to 2 Jan", "from the first day to the last"),
        ("French bank holidays", "whose bank holidays"),
        ("bank holidays", "whose bank holidays"),
    ],
)
def test_an_unknown_rest_of_a_word_and_what_cannot_be_are_refused(typed, wanted):
    with pytest.raises(Refused, match=wanted):
        read_quiet_days(typed)


def test_a_span_of_every_year_and_of_one():
    yearly, once = read_quiet_days("24 Dec - 2 Jan"), read_quiet_days("24 Dec 2026 - 2 Jan 2027")
    for day, every, only in (
        (date(2026, 12, 23), False, False), (date(2026, 12, 24), True, True), (date(2027, 1, 2), True, True),
        (date(2027, 1, 3), False, False), (date(2030, 12, 31), True, False), (date(2026, 1, 1), True, False),
    ):  # fmt: skip
        assert (day in yearly, day in once) == (every, only)


def test_bank_holidays_are_the_nations_own():
    st_andrew, st_patrick, christmas = date(2026, 11, 30), date(2027, 3, 17), date(2026, 12, 25)
    substitute = date(2026, 12, 28)  # for Boxing Day, a Saturday
    for nation, quiet in {
        "England": {christmas, substitute}, "Wales": {christmas, substitute},
        "Scotland": {st_andrew, christmas, substitute},
        "Northern Ireland": {st_patrick, christmas, substitute},
    }.items():  # fmt: skip
        days = read_quiet_days(f"bank holidays in {nation}")
        assert {day for day in (st_andrew, st_patrick, christmas, substitute) if day in days} == quiet


QUIET = st.lists(
    st.sampled_from(
        ["saturday", "sunday", "monday", "friday", "24 December to 2 January", "1 January to 31 January",
         "1 December to 31 December", "bank holidays in Scotland"]
    ),
    max_size=5,
)  # fmt: skip
HERE = Channels(Destination("typed", "c1"), Destination("typed", "c2"))


@settings(max_examples=150)
@given(
    QUIET,
    st.dates(date(2026, 10, 1), date(2027, 3, 1)),
    st.integers(0, 90),
    st.sampled_from([NOTIFY, REPORT]),
)
def test_quiet_days_cost_a_statutory_deadline_no_reminder_and_delay_none(quiet, found, gone, kind):
    today = found + timedelta(days=gone)
    planned = {}
    for name, kept in (("quiet", {"quiet_days": quiet}), ("loud", {})):
        planner = Planner(Chosen(kept), HERE, today)
        (plan,) = (one for one in planner.for_case("notify", found) if one.kind == kind)
        planned[name] = {ping.offset: ping.on for ping in (*plan.pings, *planner.overdue(kind, plan.due_on))}
    quieter, loud = planned["quiet"], planned["loud"]
    assert quieter.keys() == loud.keys()
    assert all(today <= quieter[offset] <= loud[offset] for offset in loud)
    assert len({day for offset, day in quieter.items() if offset[0] in "-0"}) == len(
        {day for offset, day in loud.items() if offset[0] in "-0"}
    )


@settings(max_examples=100)
@given(QUIET, st.dates(date(2026, 10, 1), date(2027, 3, 1)))
def test_what_no_law_dates_is_reminded_of_on_its_day_and_else_on_no_quiet_one(quiet, due):
    chosen = Chosen({"quiet_days": quiet})
    planner = Planner(chosen, HERE, due - timedelta(days=8))
    pings = planner.plan(MPE, due).pings
    assert due in {ping.on for ping in pings}
    overdue = [one.on for one in planner.overdue(MPE, due)]
    near = [due + timedelta(days=step) for step in range(-92, 93)]
    if any(day not in chosen.quiet_days for day in near[:92]) and any(
        d not in chosen.quiet_days for d in near[93:]
    ):
        assert not [ping.on for ping in pings if ping.on != due and ping.on in chosen.quiet_days]
        assert not [day for day in overdue if day in chosen.quiet_days]


def test_over_christmas_an_overdue_notification_is_reminded_of_daily_and_an_estimate_is_not(
    ward: Ward,
) -> None:
    ward.say("settings quiet_days 24 December - 2 January, sat-sun")
    planner = Planner(Chosen(ward.store.settings(T)), HERE, date(2026, 12, 24))
    assert [ping.on for ping in planner.overdue(NOTIFY, date(2026, 12, 23))] == [date(2026, 12, 25)] * 2
    assert [ping.on for ping in planner.overdue(MPE, date(2026, 12, 23))] == [date(2027, 1, 4)] * 2
