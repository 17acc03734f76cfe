"""`trends`: the chart that the numbers bear, in neutral words, beside the nation's where that compares."""

from datetime import date, timedelta

import pytest

from bot.core.chart import Chart
from bot.core.messages import Command, Picture
from bot.core.register.periods import months
from bot.core.register.trends import trend_of
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Person
from storage.register_model import EVERY, Which
from tests.core.cases.ward import BEN, NOT, NOTIFY, NOW, T, Ward

BY = Person("U1", "Radiographer A")
FIRST = date(2024, 11, 1)  # 24 whole months before the month that runs


def keep(ward: Ward, day: date, facts: dict[str, object] = NOT, **more: object) -> str:
    told = {**facts, "occurred_on": day.isoformat(), "discovered_on": day.isoformat(), **more}
    verdict = decide(parse({**facts, "discovered_on": day.isoformat()}, NOW.date())).as_dict()
    return ward.store.keep(T, Assessment(told, verdict), by=BY, now=ward.now).number


def monthly(ward: Ward, counts: list[int], first: date = FIRST, **more: object) -> None:
    """So many in each month from the first on."""
    for at, count in enumerate(counts):
        month = months(first.year, first.month + at, 1).since
        for n in range(count):
            keep(ward, month.replace(day=n + 1), **more)


def chart_of(ward: Ward, words: str) -> Chart:
    replies = ward.ask(Command(words))
    (picture,) = [one for one in replies if isinstance(one, Picture)]
    return picture.chart


def test_a_month_with_many_more_is_named_and_marked_and_neutral(ward: Ward) -> None:
    counts = [4, 3] * 12
    counts[20] = 9
    monthly(ward, counts)
    chart = chart_of(ward, "trends")
    assert chart.title == "Incidents: July 2026: 9, more than expected (beyond the upper limit of 7.5)"
    assert chart.unusual == {20}
    assert chart.alternative == (
        "Incidents by month, November 2024 to October 2026: 89 in all, mean 3.7, limits 0 to 7.5 (from all "
        "24 months). Unusual: July 2026: 9, more than expected (beyond the upper limit of 7.5). Last: 3 in "
        "October 2026."
    )
    for word in (
        "July 2026",
        "unusual",
        "From, to: Fri 1 November 2024 to Sat 31 October 2026",
        "In all: 89",
    ):
        assert word in ward.shown
    for word in ("worse", "better", "bad", "alarm"):
        assert word not in ward.shown.lower()


def test_nothing_unusual_is_said_as_well(ward: Ward) -> None:
    monthly(ward, [4, 3] * 12)
    assert chart_of(ward, "trends").title == "Incidents: nothing unusual"


def test_the_month_that_runs_is_no_point_and_is_told(ward: Ward) -> None:
    monthly(ward, [4] * 24)
    keep(ward, NOW.date())
    assert "2026-11" not in chart_of(ward, "trends").labels
    assert "This month so far: 1" in ward.shown


def test_the_quarter_that_runs_is_told_whole_of_few_and_of_fewer(ward: Ward) -> None:
    monthly(ward, [2, 1] * 18, date(2023, 11, 1))
    keep(ward, NOW.date())  # and one in October, which no point of a quarter holds
    for words, points in (("trends", "2026 Q3"), ("trends 2026", "2026 Q1")):
        said = ward.say(words)
        assert "This quarter so far: 2" in said
        assert points in said
        assert "Month" not in said
        assert "This month" not in said


def test_few_go_by_quarter_and_fewer_are_a_list(ward: Ward) -> None:
    monthly(ward, [2, 1] * 18, date(2023, 11, 1))
    trend = trend_of(ward.store, T, EVERY, NOW.date())
    assert trend.unit == "quarter"
    assert trend.run.labels[0] == "2024-Q1"  # of the quarter before some may never have been kept
    said = ward.say("trends near miss")
    assert "too few for a chart" in said


def test_a_list_says_why_and_which(ward: Ward) -> None:
    for days in (10, 200, 400):
        keep(ward, NOW.date() - timedelta(days=40 + days))
    said = ward.say("trends")
    assert "Incidents: 3, too few for a chart" in said
    assert "chance alone looks like a trend. incidents lists them." in said
    assert not [one for one in ward.ask(Command("trends")) if isinstance(one, Picture)]


def test_the_same_words_as_of_the_list_choose(ward: Ward) -> None:
    monthly(ward, [4] * 24, modality="ct")
    monthly(ward, [3] * 24, modality="radiography")
    assert trend_of(ward.store, T, Which(modalities=("ct",)), NOW.date()).total == 96
    chart = chart_of(ward, "trends ct 2025")
    assert chart.title == "Incidents, ct, 2025: nothing unusual"
    assert (chart.labels[0], chart.labels[-1], sum(chart.values)) == ("2025-01", "2025-12", 48)


@pytest.mark.parametrize(
    ("words", "span", "count"),
    [
        ("this week", "Mon 23 November 2026 to Sun 29 November 2026", 2),
        ("this month", "Sun 1 November 2026 to Mon 30 November 2026", 3),
        ("since 10 November", "Tue 10 November 2026 to Tue 24 November 2026", 2),
        ("23 November", "Mon 23 November 2026 to Mon 23 November 2026", 1),
    ],
)
def test_of_the_month_that_runs_alone_it_says_how_many_and_never_runs_backwards(
    ward: Ward, words: str, span: str, count: int
) -> None:
    for day in (date(2026, 10, 5), date(2026, 11, 2), date(2026, 11, 23), NOW.date()):
        keep(ward, day)
    said = ward.say(f"trends {words}")
    assert f"From, to: {span}" in said
    assert f"In all: {count}" in said
    assert "too few for a chart" in said
    assert "This month so far" not in said


def test_what_is_of_no_whole_quarter_goes_by_month(ward: Ward) -> None:
    keep(ward, date(2026, 10, 20))
    keep(ward, date(2026, 10, 21))
    assert "From, to: Thu 15 October 2026 to Sat 31 October 2026" in ward.say("trends since 15 October")
    assert "October 2026" in ward.shown.split("In all: 2")[1]


def test_what_is_yet_to_come_has_no_trend(ward: Ward) -> None:
    assert "yet to come" in ward.say("trends 2030")
    assert "last 0 days" in ward.say("trends last 0 days")


def test_of_what_they_are_is_counted_and_the_sums_are_right(ward: Ward) -> None:
    monthly(ward, [2] * 24, cause=["wrong side"])
    monthly(ward, [1] * 24, cause=["set-up"])
    chart = chart_of(ward, "trends by cause")
    assert dict(zip(chart.labels, chart.values, strict=True)) == {"wrong side": 48, "set-up": 24}
    assert chart.bars
    assert "wrong side  48         67%" in ward.shown


@pytest.mark.parametrize(("nation", "there"), [("england", True), ("wales", False), ("", False)])
def test_the_nations_shares_stand_beside_where_they_compare(ward: Ward, nation: str, there: bool) -> None:
    if nation:
        ward.store.set_setting(T, "nation", nation, by=BY, now=NOW)
    keep(ward, date(2026, 10, 1), NOTIFY)
    keep(ward, date(2026, 10, 2), NOT)
    said = ward.say("trends by kind")
    assert ("Of the 1 that are notifiable here, beside what the nation notified" in said) == there
    if there:
        assert "diagnostic        1 (100%)  55%" in said
        assert "April 2023 to March 2024" in said
        assert "more than 2 years old" in said


@pytest.mark.parametrize(
    "words",
    ["do not notify by kind", "undecided by modality", "radiotherapy by modality", "planning ct by kind"],
)
def test_they_do_not_where_what_is_chosen_leaves_none_that_compare(ward: Ward, words: str) -> None:
    ward.store.set_setting(T, "nation", "england", by=BY, now=NOW)
    keep(ward, date(2026, 10, 1), NOTIFY, modality="ct")
    keep(ward, date(2026, 10, 2), NOT, modality="ct")
    assert "notifiable here" in ward.say("trends notify ct by modality")
    assert "notifiable here" not in ward.say(f"trends {words}")


def test_a_place_that_seems_to_name_somebody_stands_in_no_picture(ward: Ward) -> None:
    keep(ward, FIRST, site="Ward of Mr John Testperson")
    chart = chart_of(ward, "trends by site")
    for said in (chart.title, chart.alternative, *chart.labels, ward.shown):
        assert "testperson" not in said.lower()
    assert chart.labels == ("[removed]",)


def test_where_it_began_is_counted_by_what_was_told_last(ward: Ward) -> None:
    ward.store.set_setting(T, "nation", "england", by=BY, now=NOW)
    one, two = keep(ward, date(2026, 10, 1), NOTIFY), keep(ward, date(2026, 10, 2), NOTIFY)
    for value in ("referrer", "operator"):
        ward.store.give_details(T, one, {"began_with": value}, by=BY, now=NOW)
    ward.store.give_details(T, two, {"began_with": "operator"}, by=BY, now=NOW)
    assert ward.store.tally_detail(T, "began_with") == {"operator": 2}
    said = ward.say("trends by duty holder")
    assert "operator      2 (100%)  41%" in said


def test_days_are_held_against_fourteen_and_eighty_four(ward: Ward) -> None:
    for n in range(9):
        ref = ward.case(NOTIFY)
        ward.say(f"notified {ref} CQC-{n}")
    assert "Days to notify, of 14: 9 cases, 1 days in the middle, all within 14 days" in ward.say("trends")
    chart = chart_of(ward, "trends days to notify")
    assert {level.label for level in chart.levels if level.kind == "target"} == {"day 14"}
    assert set(chart.values) == {1.0}
    assert "no case yet" in ward.say("trends days to report")


@pytest.mark.parametrize("today", [date(2026, 8, 10), date(2026, 9, 1), date(2026, 7, 1), date(2026, 12, 31)])
@pytest.mark.parametrize(
    "days", [[date(2026, 6, 3), date(2026, 6, 20)], [date(2026, 5, 31), date(2026, 6, 30)]]
)
def test_no_incident_is_lost_before_a_quarter_is_whole(ward: Ward, days: list[date], today: date) -> None:
    for day in days:
        keep(ward, day)
    trend = trend_of(ward.store, T, EVERY, today)
    assert trend.period.since <= trend.period.until
    assert trend.total + trend.running == 2


def test_what_is_overdue_and_not_done_is_told_beside_the_days_that_others_took(ward: Ward) -> None:
    refs = [ward.case(NOTIFY) for _ in range(11)]
    ward.say(f"notified {refs[0]} CQC-0")
    ward.later(days=13)  # on the last day none is
    assert "overdue" not in ward.say("trends days to notify")
    ward.later(days=1)
    said = "1 case, 1 days in the middle, all within 14 days; 10 more overdue, and not done yet"
    for words in ("trends", "trends days to notify"):
        assert said in ward.say(words)
    assert "overdue" not in ward.say("trends do not notify days to notify")
    for ref in refs[1:10]:
        ward.say(f"notified {ref} on 24 November")
    assert "it will be met" not in ward.say("trends days to notify")
    assert "1 more overdue, and not done yet" in chart_of(ward, "trends days to notify").title
    ward.say(f"notified {refs[10]} on 24 November")
    assert "it will be met, if nothing changes" not in ward.say("trends days to notify")


def test_where_none_was_done_what_is_overdue_is_told(ward: Ward) -> None:
    ward.case(NOTIFY)
    ward.later(days=100)
    assert "Days to report: 1 overdue, and not done yet" in ward.say("trends days to report")
    assert "Days to report, of 84: 1 overdue, and not done yet" in ward.say("trends")


def test_of_days_every_limit_is_drawn_that_a_day_is_held_against(ward: Ward) -> None:
    for n in range(9):
        ref = ward.case(NOTIFY)
        ward.say(f"notified {ref} CQC-{n}")
    chart = chart_of(ward, "trends days to notify")
    assert [level.label for level in chart.levels if level.kind == "limit"] == [
        "upper limit 1",
        "lower limit 1",
    ]


def test_an_abbreviation_is_written_as_one_and_nothing_else_is_guessed(ward: Ward) -> None:
    for modality, equipment in (("ct", "CT 2"), ("pet_ct", "PET-CT North"), ("ct", "CT 2")):
        keep(ward, date(2026, 10, 1), modality=modality, equipment=equipment)
    assert chart_of(ward, "trends by modality").labels == ("CT", "PET CT")
    assert chart_of(ward, "trends by equipment").labels == ("CT 2", "PET-CT north")


def test_what_it_does_not_go_by_is_named(ward: Ward) -> None:
    assert "Trends go by verdict" in ward.say("trends by colour")
    assert "trends by cause" in ward.shown


def test_who_may_not_read_every_record_sees_none(ward: Ward) -> None:
    ward.store.set_setting(T, "may_read", [BEN.id], by=BY, now=NOW)
    assert "who may read every record" in ward.say("trends")
