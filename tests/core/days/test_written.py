"""One grammar for everything that people write of days: each row goes through each door. It is Thursday 5
November 2026, 10:30, throughout."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.check.answers import read_answer
from bot.core.days.until import read_until
from bot.core.days.written import leading_day, read_day
from bot.core.patient_numbers import holds_number
from bot.core.reader import read
from bot.core.refused import Refused
from bot.core.words.phrases import DAYS, MONTHS
from rules.deadlines import UK
from tests.core.days.table import ASKED, NOT_THERE, NOW, ROWS
from tests.processes import ROOT

NINE = time(9)
IDS = [row[0] or "nothing" for row in ROWS]
BACK = [(row[0], row[1]) for row in ROWS]


def outcome(door: Callable[[], str], wanted: str) -> str:
    """What comes out of a door, or the refusal where it is the wanted one."""
    try:
        return door()
    except Refused as refused:
        return wanted if wanted[:1] == "!" and wanted[1:] in str(refused) else f"!{refused}"


@pytest.mark.parametrize(("words", "wanted"), BACK, ids=IDS)
def test_an_answer_takes_every_way_of_writing_a_day(words, wanted):
    assert outcome(lambda: str(read_answer("discovered_on", words, NOW)[1]), wanted) == wanted
    assert outcome(lambda: read_day(words.upper(), NOW), wanted) == wanted


@pytest.mark.parametrize(("words", "wanted"), [row for row in BACK if row[0] not in ("", "3", "soon")])
def test_a_day_with_a_reason_after_it_is_the_same_day(words, wanted):
    for lead in (", because ", " ", ": "):
        got = outcome(lambda lead=lead: " | ".join(leading_day(f"{words}{lead}the Log had it", NOW)), wanted)
        assert got == (wanted if wanted[0] == "!" else f"{wanted} | the Log had it")


@pytest.mark.parametrize(("words", "wanted"), [(row[0], row[2]) for row in ROWS], ids=IDS)
def test_a_snooze_takes_every_way_of_writing_a_day_and_what_follows_is_its_reason(words, wanted):
    def until(text):
        moment, why = read_until(text, NOW, NINE)
        return f"{moment.astimezone(UK):%Y-%m-%dT%H:%M}{why and ' | '}{why}"

    assert outcome(lambda: until(words), wanted) == wanted
    if words not in ("", "3"):
        got = outcome(lambda: until(f"until {words.removeprefix('it was ')} waiting for the MPE"), wanted)
        assert got == (wanted if wanted[0] == "!" else f"{wanted} | waiting for the MPE")


@pytest.mark.parametrize(("words", "wanted"), [(r[0], r[3] if len(r) > 3 else r[1]) for r in ROWS], ids=IDS)
@pytest.mark.parametrize(
    "text", ["wrong patient had CT {}, adult", "CT,{},adult,wrong patient", "CT {}. Wrong patient; adult"]
)
def test_a_text_takes_what_is_plainly_a_day_and_asks_where_it_is_not(text, words, wanted):
    found = read(text.format(words.rstrip(".")), NOW)
    told = found.facts.get("occurred_on") or (ASKED if "occurred_on" in found.to_confirm else NOT_THERE)
    alone = ",{}," in text and told == ASKED  # of what nothing beside it tells whether it is that day
    assert told == wanted or alone


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("3 December or 4 December", "one day and one time"),
        ("3 December to 4 December", "one day and one time"),
        ("Friday 3pm-4pm", "one day and one time"),
        ("Friday 3pm or 4pm", "one day and one time"),
        ("Friday 30/12", "the day of the week does not fit"),
        ("tomorrow on Monday", "one day and one time"),
        ("Friday evening 6ish", "one day and one time"),
        ("Friday 2 hours", "one day and one time"),
        ("15h", "a time, or so many hours"),
        ("Friday at 3", "at what time"),
        ("Friday 3", "one day and one time"),
        ("Friday 3, she is off", "one day and one time"),
        ("3 December 3 p", "one day and one time"),
        ("2 hoursx", "write until when"),
        ("fridayish", "write until when"),
        ("a few hours", "how long is that?"),
    ],
)
def test_a_time_that_is_not_clear_is_no_reason_and_neither_is_a_second_one(typed, wanted):
    with pytest.raises(Refused, match=wanted):
        read_until(typed, NOW, NINE)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("3 December 3 patients wait", "3 patients wait"),
        ("tomorrow, because of leave", "of leave"),
        ("Friday, Monday's meeting decides", "Monday's meeting decides"),
        ("Friday 2 days of leave", "2 days of leave"),
        ("Friday now that the MPE is back", "now that the MPE is back"),
        ("in two days' time: leave", "leave"),
        ("tomorrow please", ""),
        ("Friday - the MPE is back on Monday", "the MPE is back on Monday"),
        ("Friday (the MPE is off)", "(the MPE is off)"),
        ("2 hours until the MPE calls", "until the MPE calls"),
    ],
)
def test_what_is_no_time_is_the_reason(typed, why):
    assert read_until(typed, NOW, NINE)[1] == why


def test_hours_are_hours_that_pass_in_the_nights_in_which_the_clocks_change():
    for day in ((2026, 10, 25), (2027, 3, 28)):
        now = datetime(*day, 0, 30, tzinfo=UK)
        assert read_until("2 hours", now, NINE)[0] == now.astimezone(UTC) + timedelta(hours=2)
        assert read_day("2 hours ago", now) == (date(*day) - timedelta(days=1)).isoformat()
    again = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 01:45, for the first time
    assert read_until("01:30", again, NINE)[0].astimezone(UTC) == again.replace(hour=1, minute=30)
    assert read_until("01:50", again, NINE)[0].astimezone(UTC) == again.replace(minute=50)


def test_the_clocks_of_two_people_may_differ_by_some_minutes():
    assert read_day("10:55", NOW) == "2026-11-05T10:55"
    assert read_day("11:05", NOW) == "2026-11-04T11:05"
    assert read_day("23:50", NOW.replace(hour=0, minute=20)) == "2026-11-04T23:50"


@pytest.mark.parametrize("words", ["last night", "tonight", "this evening"])
def test_in_the_small_hours_last_night_is_asked_for(words):
    with pytest.raises(Refused, match="before midnight, or after"):
        read_day(words, NOW.replace(hour=3))
    assert read_day(f"{words} at 23:40", NOW.replace(hour=3)) == "2026-11-04T23:40"
    assert read_day(f"{words} at 2am", NOW.replace(hour=3)) == "2026-11-05T02:00"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Tue, 03 Nov 2026 14:05:00 GMT", "Tue 3 November 2026 at 14:05"),
        ("Tue Nov  3 14:05:00 2026", "Tue 3 November 2026 at 14:05"),
        ("3 11 2026", "Tue 3 November 2026"),
        ("2 days and 3 hours ago", "Tue 3 November 2026"),
        ("3 Novemebr", "Tue 3 November 2026"),
        ("yesteday at 2pm", "Wed 4 November 2026 at 14:00"),
        ("last fridya", "Fri 30 October 2026"),
    ],
)
def test_what_is_nearly_a_day_is_offered_and_not_taken(typed, meant):
    with pytest.raises(Refused, match=rf"^not clear as a day: if you mean {meant}, write it so$"):
        read_day(typed, NOW)


@pytest.mark.parametrize(
    "typed", ["40 mSv", "2026 November 3", "5 4 3", "2 years ago", "9434765919", "tomorow"]
)
def test_nothing_is_offered_that_was_not_lately(typed):
    with pytest.raises(Refused) as refused:
        read_day(typed, NOW)
    assert "if you mean" not in str(refused.value)


def test_a_day_that_is_understood_imports_no_library():
    code = (
        "import sys; from datetime import *; from bot.core.days.written import read_day;"
        "read_day('yesterday 3pm', datetime.now(UTC)); print({'dateparser', 'rapidfuzz'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "set()\n"


def written(day: date, form: str) -> str:
    month, weekday = MONTHS[day.month - 1], DAYS[day.weekday()]
    return form.format(
        d=day.day, m=day.month, y=day.year, yy=day.year % 100, month=month, mon=month[:3], wd=weekday
    )


FORMS = st.sampled_from(
    [
        "{d}/{m}/{y}", "{d:02}/{m:02}/{yy:02}", "{d}.{m}.{y}", "{d}-{m}-{y}", "{d}–{m}–{yy:02}",
        "{y}-{m:02}-{d:02}", "{d} {month} {y}", "{d} {mon} '{yy:02}", "{d}-{mon}-{yy:02}", "{month} {d}, {y}",
        "{wd} {d} {month} {y}", "{d} {month}", "{wd} {d} {mon}",
    ]
)  # fmt: skip
TIMES = st.sampled_from(["", " 14:05", " at 14.05", ", 2:05pm", " 1405", " at 1405hrs", " 2.05 p.m."])
MOMENTS = st.datetimes(datetime(2023, 9, 1), datetime(2035, 12, 31))  # noqa: DTZ001


@settings(max_examples=100)
@given(MOMENTS, st.integers(1, 150), FORMS, TIMES)
def test_a_day_is_read_back_as_it_was_written_by_every_door(now, days, form, clock):
    now = now.replace(tzinfo=UK)
    for way in (-days, days):
        day = now.date() + timedelta(days=way)
        words = written(day, form) + clock
        value = f"{day}T14:05" if clock else day.isoformat()
        if way < 0:
            assert read_day(words, now) == value
            assert leading_day(f"{words} in the log", now) == (value, "in the log")
            if not holds_number(words):  # "31/08/23 1405" is masked as a patient's number may be
                found = read(f"wrong patient had CT on {words}, adult", now)
                assert found.facts.get("occurred_on") == value
        else:
            until, why = read_until(f"{words} in the log", now, time(14, 5))
            assert (f"{until.astimezone(UK):%Y-%m-%dT%H:%M}", why) == (f"{day}T14:05", "in the log")


PIECES = (
    "3/11 29 feb 31st may 2026 '26 at on the last next friday sat week ago 2 hours half an hour noon "
    "midnight 24:00 12am 13pm 1430 3.11 yesterday tonight night morning a fortnight months 999 Z T - , ½ 1/2"
).split()


@settings(max_examples=100)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join)), MOMENTS)
def test_any_words_are_a_day_or_are_refused(text, now):
    now = now.replace(tzinfo=UK)
    for door in (read_day, leading_day, lambda words, now: read_until(words, now, NINE)):
        told = outcome(lambda door=door: str(door(text, now)), "")
        assert told
        assert "\n" not in told


def test_the_ways_of_writing_a_day_that_the_document_gives_are_taken_and_the_doubtful_ones_asked():
    text = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
    section = text.partition("## Days and hours")[2].partition("\n## ")[0]
    given, _, asked = section.partition("is asked and never guessed")
    ways, doubtful = (re.findall(r"`([^`]+)`", part.replace("\n", " ")) for part in (given, asked))
    assert len(ways) > 8
    for words in ways:
        assert read_day(words, NOW)
    for words in doubtful:
        with pytest.raises(Refused, match=r"\?"):
            read_day(words, NOW)


@pytest.mark.parametrize(
    "left",
    ["noonish", "early", "COB", "end of day", "at lunch", "before noon", "3 in the afternoon",
     "half 3", "three pm", "15 00", "three o clock", "tea time", "after 3pm", "between 2 and 3pm",
     "10-11am", "10 to 11", "3pm sharp", "3pm-ish", "3pm or so", "at 3pm GMT",
     "first thing in the morning", "half three", "any time", "from 3 pm"],
)  # fmt: skip
def test_what_is_left_of_a_time_is_no_reason(left: str) -> None:
    for day in ("8 December", "tomorrow", "2026-12-08"):
        with pytest.raises(Refused, match="one day and one time are wanted"):
            read_until(f"{day} {left}", NOW, NINE)


@pytest.mark.parametrize(
    "left", ["after 3pm, the MPE is away", "three pm: waiting", "10-11am, the meeting", "15 00 for the board"]
)
def test_a_time_that_is_not_read_is_not_left_out_before_a_reason(left: str) -> None:
    with pytest.raises(Refused, match="one day and one time are wanted"):
        read_until(f"8 December {left}", NOW, NINE)


@pytest.mark.parametrize(
    "why", ["after the audit", "late report", "the morning list", "all of the dose is to be estimated",
            "before the board meets", "3 reports to come", "half of it is there", "from physics"],
)  # fmt: skip
def test_a_reason_may_hold_words_of_time(why: str) -> None:
    assert read_until(f"8 December {why}", NOW, NINE)[1] == why
