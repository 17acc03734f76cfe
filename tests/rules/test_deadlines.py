"""What hangs on the day of discovery: two and twelve weeks, in UK time, and the edition of the guidance."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.april_2023 import EDITION
from rules.deadlines import UK, notify_by, report_by, uk_date, uk_moment
from rules.deciding import decide
from rules.editions import EDITIONS, NoEdition, edition_for
from rules.parsing import parse

FIRST, LAST = date(2023, 4, 19), date(2035, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
LONDON = ZoneInfo("Europe/London")


def test_both_dates_fall_on_the_weekday_of_discovery_on_every_day_to_2035():
    for day in DAYS:
        assert (notify_by(day) - day).days == 14
        assert (report_by(day) - day).days == 84
        assert day.weekday() == notify_by(day).weekday() == report_by(day).weekday()


def test_any_moment_of_a_uk_day_is_that_day_also_when_the_clocks_change():
    for day in DAYS:
        for hour, minute in ((0, 0), (0, 59), (1, 30), (12, 0), (23, 59)):
            here = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)
            assert uk_date(here.astimezone(UTC)) == day
            assert uk_date(here.astimezone(ZoneInfo("Pacific/Auckland"))) == day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T23:59:00+00:00", "2026-03-28"),  # the last minute before the night the clocks go forward
        ("2026-03-29T00:00:00+00:00", "2026-03-29"),
        ("2026-03-29T23:00:00+00:00", "2026-03-30"),  # summer time now: midnight in the UK
        ("2026-10-24T22:59:59+00:00", "2026-10-24"),
        ("2026-10-24T23:00:00+00:00", "2026-10-25"),
        ("2026-10-25T23:30:00+00:00", "2026-10-25"),  # winter again: half past eleven
        ("2026-06-30T23:30:00Z", "2026-07-01"),
        ("2026-06-30T23:30:00", "2026-06-30"),  # without an offset it is UK time
        ("2026-07-01T00:30:00+02:00", "2026-06-30"),
        ("2026-07-01T08:00:00+13:00", "2026-06-30"),
    ],
)
def test_the_clock_runs_from_the_uk_day_of_discovery(moment, day):
    facts = parse({"discovered_on": moment}, date(2026, 11, 23))
    verdict = decide(facts)
    assert facts.discovered_on == date.fromisoformat(day)
    assert verdict.notify_by == facts.discovered_on + timedelta(days=14)
    assert verdict.report_by == facts.discovered_on + timedelta(days=84)


@pytest.mark.parametrize(
    ("facts", "runs"),
    [
        ({"exposure": "accidental", "nation": "wales"}, True),
        ({}, True),
        ({"exposure": "near_miss"}, False),
        ({"exposed_person": "worker"}, False),
    ],
)
def test_dates_stand_where_there_is_something_to_notify_or_it_is_not_ruled_out(facts, runs):
    verdict = decide(parse({**facts, "discovered_on": "2026-11-03"}, date(2026, 11, 23)))
    assert verdict.notify_by == (date(2026, 11, 17) if runs else None)
    assert verdict.report_by == (date(2027, 1, 26) if runs else None)
    assert decide(parse(facts, date(2026, 11, 23))).notify_by is None


def test_today_is_not_the_future_and_tomorrow_is():
    now = date(2026, 11, 23)
    assert parse({"discovered_on": "2026-11-23"}, now).discovered_on == now
    # Half past midnight in the UK of the 24th, which is still the 23rd in universal time in summer.
    with pytest.raises(ValueError, match="in the future"):
        parse({"discovered_on": "2026-07-23T23:30:00+00:00"}, date(2026, 7, 23))
    assert parse({"discovered_on": "2026-07-23T22:59:00+00:00"}, date(2026, 7, 23)).discovered_on


def test_an_incident_is_judged_by_the_edition_in_force_when_it_was_discovered():
    assert edition_for(date(2023, 4, 19)) is EDITION
    assert edition_for(date(2026, 11, 23)) is EDITION
    assert edition_for(None) is EDITION
    assert EDITIONS == (EDITION,)
    with pytest.raises(NoEdition, match="19 April 2023"):
        edition_for(date(2023, 4, 18))


@pytest.mark.parametrize(
    ("text", "uk"),
    [
        ("2026-11-03T14:30", "2026-11-03T14:30:00+00:00"),
        ("2026-06-30T14:30", "2026-06-30T14:30:00+01:00"),
        ("2026-06-30T23:30:00Z", "2026-07-01T00:30:00+01:00"),
        ("2026-11-03T14:30:00+05:00", "2026-11-03T09:30:00+00:00"),
        ("1901-01-01T00:00", "1901-01-01T00:00:00+00:00"),
        ("8999-12-31T12:00", "8999-12-31T12:00:00+00:00"),
    ],
)
def test_a_moment_is_in_uk_time_whatever_its_offset(text, uk):
    moment = uk_moment(text)
    assert (moment.isoformat(), moment.tzinfo) == (uk, UK)


@pytest.mark.parametrize(
    "text", ["1900-12-31T12:00", "9000-01-01T12:00", "9999-12-31T23:30:00-05:00", "noon"]
)
def test_what_names_no_moment_or_one_at_the_calendars_end_is_refused(text):
    with pytest.raises(ValueError, match=text):
        uk_moment(text)
