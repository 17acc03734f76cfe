"""Days and times: what happened when, whatever the day it is read on."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.reader import read
from rules.deadlines import UK

THURSDAY = datetime(2026, 5, 14, 10, 30, tzinfo=UK)


def occurred(words, now=THURSDAY):
    return read(f"wrong patient had CT {words}", now).facts.get("occurred_on")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("yesterday", "2026-05-13"),
        ("yesterday at 2pm", "2026-05-13T14:00"),
        ("yesterday at 2.15 pm", "2026-05-13T14:15"),
        ("at 12am yesterday", "2026-05-13T00:00"),
        ("at noon yesterday", "2026-05-13T12:00"),
        ("on 13/5/26 at 1405hrs", "2026-05-13T14:05"),
        ("on 2026-05-13", "2026-05-13"),
        ("on 2026-05-13T14:05", "2026-05-13T14:05"),
        ("on Wednesday", "2026-05-13"),
        ("on Friday", "2026-05-08"),
        ("last Friday", "2026-05-08"),
        ("on Wed 13 May", "2026-05-13"),
        ("on 13th of May 2026", "2026-05-13"),
        ("on May 13th", "2026-05-13"),
        ("on 3/4/26", "2026-04-03"),
        ("on 31.12.2025", "2025-12-31"),
        ("3 days ago", "2026-05-11"),
        ("three days ago", "2026-05-11"),
        ("an hour ago", "2026-05-14"),
        ("the day before yesterday", "2026-05-12"),
        ("on Monday last week", "2026-05-04"),
    ],
)
def test_a_day_is_told_with_its_time_where_one_was_given(words, value):
    assert occurred(words) == value


@pytest.mark.parametrize(
    "words",
    [
        "on the 25th", "on Thursday", "last Monday", "tomorrow", "on 20 May 2026", "on 31 April",
        "on 5/13/26",
        "last week", "two weeks ago", "on Mon 12 May", "on 3 or 4 May", "between 3 and 5 May",
        "overnight", "recently",
        "on 12 May or 13 May", "today at 23:50", "in May", "on 20 June",
    ],
)  # fmt: skip
def test_what_could_be_two_days_or_is_to_come_is_never_certain(words):
    assert occurred(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "may have been exposed twice", "sun damage", "10 mSv", "in bay 4/5", "pain 8/10", "34/40 pregnant",
        "ref 2026-0042", "born 3/4/2012", "for 2 hours", "LMP 3/4/26", "second scan", "March on",
        "at 90 kV",
    ],
)  # fmt: skip
def test_doses_ages_and_verbs_are_no_days(words):
    assert occurred(words) is None


def test_before_noon_last_night_is_yesterday_and_in_the_small_hours_it_is_asked():
    assert occurred("last night") == "2026-05-13"
    assert occurred("last night at 23:15") == "2026-05-13T23:15"
    assert occurred("last night at 2am") == "2026-05-14T02:00"
    for words in ("last night", "tonight", "earlier tonight", "this evening"):
        assert occurred(words, THURSDAY.replace(hour=3)) is None
    assert occurred("tonight at 2am", THURSDAY.replace(hour=3)) == "2026-05-14T02:00"
    assert occurred("this evening at 22:30", THURSDAY.replace(hour=0)) == "2026-05-13T22:30"
    assert occurred("tonight", THURSDAY.replace(hour=23)) == "2026-05-14"


@pytest.mark.parametrize(
    ("now", "value"),
    [
        (datetime(2026, 3, 29, 10, 0, tzinfo=UK), "2026-03-28T14:00"),  # the night the clocks went forward
        (datetime(2026, 10, 25, 10, 0, tzinfo=UK), "2026-10-24T14:00"),  # the night they went back
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "2026-06-30T14:00"),  # already 1 July in the UK
    ],
)
def test_the_clock_time_is_the_one_on_the_wall_across_a_clock_change(now, value):
    assert occurred("yesterday at 2pm", now) == value


def test_a_time_that_no_clock_showed_is_asked():
    found = read("wrong patient had CT on 29 March 2026 at 01:30", THURSDAY)
    assert "occurred_on" in found.to_confirm
    assert "clocks changed" in found.doubts["occurred_on"]


@pytest.mark.parametrize(
    ("text", "happened", "discovered"),
    [
        ("happened on 3 May, discovered on 11 May, CT", "2026-05-03", "2026-05-11"),
        ("discovered yesterday that the wrong patient was scanned on 3 May", "2026-05-03", "2026-05-13"),
        ("CT done 29/4, picked up at discrepancy meeting 11/5, wrong side", "2026-04-29", "2026-05-11"),
        ("CT on 3 May, noticed today, wrong patient", "2026-05-03", "2026-05-14"),
        ("wrong patient had CT on 3 May; reported to the MPE on 12 May", "2026-05-03", None),
        ("referred on 1 May, wrong patient had CT on 6 May", "2026-05-06", None),
        ("wrong patient had CT on 6 May, review booked for 12 May", "2026-05-06", None),
    ],
)
def test_when_it_happened_is_kept_apart_from_when_it_was_discovered(text, happened, discovered):
    facts = read(text, THURSDAY).facts
    assert (facts.get("occurred_on"), facts.get("discovered_on")) == (happened, discovered)


def test_a_report_is_no_discovery_for_certain():
    found = read("wrong patient had CT, reported to me at 14:05 yesterday", THURSDAY)
    assert "discovered_on" in found.to_confirm


MOMENTS = st.datetimes(datetime(2023, 5, 1), datetime(2035, 12, 31))  # noqa: DTZ001


@settings(max_examples=40)
@given(MOMENTS, st.sampled_from("Mon Tuesday Wed Thu Friday Saturday Sunday".split()))
def test_a_weekday_is_the_last_one_and_todays_is_asked(now, name):
    told = occurred(f"on {name}", now.replace(tzinfo=UK))
    if now.strftime("%a") == name[:3]:
        assert told is None
    else:
        day = datetime.fromisoformat(told).date()
        assert day.strftime("%a") == name[:3]
        assert 0 < (now.date() - day).days < 7
