"""What words ask for: every value by its own word, a number by itself, days by the one grammar of days; and
what seems to be one of these and is none is refused in a line."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.refused import Refused
from bot.core.register.filters import Filter, description, read_filter
from rules.deadlines import UK
from rules.fact_model import CATEGORIES, NATIONS
from rules.facts import CAUSES, FACTS, MODALITIES
from storage.model import Assessment, Person
from tests.core.cases.ward import NOT, NOTIFY, NOW, T, Ward

HOUR = datetime(2026, 11, 24, 9, 30, tzinfo=UK)  # a Tuesday
VALUES = {
    "cause": CAUSES, "modality": MODALITIES, "category": CATEGORIES, "nation": NATIONS,
    "exposure": tuple(answer.value for answer in FACTS["exposure"].answers),
}  # fmt: skip


def kept(ward: Ward, number: str = "", outcome: str = "do_not_notify", **facts: Any) -> str:
    verdict = {"outcome": outcome, "codes": [], "guidance": "2023-04-19"}
    given = Assessment({"account": "told", **facts}, verdict, local_incident_number=number)
    return ward.store.keep(T, given, by=Person("U1"), now=NOW).number


def numbers(ward: Ward, words: str) -> list[str]:
    which = read_filter(words, NOW, "U1").which
    return sorted(one.number for one in ward.store.incidents(T, which))


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in VALUES.items() for v in values])
def test_every_value_that_a_record_has_is_found_by_its_word(ward: Ward, name: str, value: str) -> None:
    one = kept(ward, **{name: [value] if name == "cause" else value})
    kept(ward)
    for word in {value, value.replace("_", " "), value.replace("-", " "), value.title(), f"{name} {value}"}:
        assert numbers(ward, word) == [one], word
    if name != "exposure":
        assert one in ward.say(f"incidents {value.replace('_', ' ')}")


@pytest.mark.parametrize("outcome", ["notify", "do_not_notify", "undecided", "not_irmer"])
def test_every_verdict_is(ward: Ward, outcome: str) -> None:
    one = kept(ward, outcome=outcome)
    for other in {"notify", "do_not_notify", "undecided", "not_irmer"} - {outcome}:
        kept(ward, outcome=other)
    for word in (outcome, outcome.replace("_", " "), f"verdict {outcome}"):
        assert numbers(ward, word) == [one]


def test_a_word_that_is_a_value_of_two_columns_finds_both_and_its_column_tells_them_apart(
    ward: Ward,
) -> None:
    cause = kept(ward, cause="planning")
    kind = kept(ward, category="radiotherapy_planning")
    kept(ward, cause="other", modality="ct")
    assert numbers(ward, "planning") == [cause, kind]
    assert numbers(ward, "cause planning") == [cause]
    assert numbers(ward, "kind: planning") == [kind]
    assert numbers(ward, "other ct") == ["2026-0003"]
    assert numbers(ward, "modality other") == []


def test_the_name_of_a_fault_is_a_cause_and_no_equipment(ward: Ward) -> None:
    fault = kept(ward, cause="equipment fault", equipment="CT 2")
    other = kept(ward, equipment="fault")
    assert numbers(ward, "equipment fault") == [fault]
    assert numbers(ward, '"equipment fault"') == [fault]
    assert numbers(ward, "equipment CT 2 equipment fault") == [fault]
    assert numbers(ward, 'equipment "fault"') == [other]
    assert numbers(ward, "wrong side or equipment fault") == [fault]
    assert numbers(ward, "set up") == numbers(ward, "setup") == []


@pytest.mark.parametrize("local", ["K1", "D1", "ABCDEF", "W 88 999", "W88101", "IR/2025#7", "0912", "2-3"])
def test_a_number_of_the_incident_system_is_found_whatever_it_looks_like(ward: Ward, local: str) -> None:
    one = kept(ward, local)
    kept(ward, f"{local}0")
    for words in (local, local.lower(), f'"{local}"', f"{local} unconfirmed"):
        assert numbers(ward, words) == [one], words
    assert f"{one} ({local})" in ward.say(f"incidents {local}")


def test_the_numbers_that_stand_in_the_list_find_what_they_stand_beside(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    ward.record(NOT)
    for words in ("2026-0001", ref, ref.lower()):
        assert numbers(ward, words) == ["2026-0001"]
    assert numbers(ward, "2026-0002") == ["2026-0002"]
    assert numbers(ward, "2026-000") == []


@pytest.mark.parametrize("name", ["cause", "modality", "category", "nation", "exposure", "site", "equipment"])
def test_what_a_record_does_not_tell_is_found_as_a_chart_calls_it(ward: Ward, name: str) -> None:
    there = {"cause": "set-up", "modality": "ct", "category": "diagnostic", "nation": "wales",
             "exposure": "near_miss", "site": "Main", "equipment": "CT 2"}  # fmt: skip
    kept(ward, **there)
    one = kept(ward, **{n: value for n, value in there.items() if n != name})
    assert numbers(ward, f"{name} not known, unconfirmed") == [one]
    assert (
        read_filter(read_filter(f"{name} not known", HOUR).words, HOUR).which
        == read_filter(f"{name} not known", HOUR).which
    )


def test_a_name_with_quotes_in_it_says_itself_again(ward: Ward) -> None:
    one = kept(ward, site='Ward "Q"')
    words = read_filter('site Ward "Q" unconfirmed', HOUR).words
    assert numbers(ward, words) == [one]
    assert read_filter(words, HOUR).words == words


def test_a_name_with_an_apostrophe_is_found_however_that_is_written(ward: Ward) -> None:
    one, two = kept(ward, site="St Mary's"), kept(ward, site="St Mary’s", equipment="Dr’s unit")
    for words in ("St Mary's", "St Mary’s", "site St Mary's", "site St Mary’s", '"mary’s"'):
        assert numbers(ward, words) == [one, two]
    assert numbers(ward, "equipment Dr's unit") == [two]


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("13 June 2025", "2025-06-13", "2025-06-13"),
        ("June 13 2025", "2025-06-13", "2025-06-13"),
        ("2025-06-13", "2025-06-13", "2025-06-13"),
        ("13/06/2025", "2025-06-13", "2025-06-13"),
        ("on Friday 13 June 2025", "2025-06-13", "2025-06-13"),
        ("13.6.25", "2025-06-13", "2025-06-13"),
        ("13/6", "2026-06-13", "2026-06-13"),
        ("13 January", "2026-01-13", "2026-01-13"),
        ("13 December", "2025-12-13", "2025-12-13"),
        ("today", "2026-11-24", "2026-11-24"),
        ("yesterday", "2026-11-23", "2026-11-23"),
        ("3 days ago", "2026-11-21", "2026-11-21"),
        ("Sunday", "2026-11-22", "2026-11-22"),
        ("between 1 June and 30 June 2025", "2025-06-01", "2025-06-30"),
        ("from 1 June to 30 June 2025", "2025-06-01", "2025-06-30"),
        ("from 1 June 2025 to 30 June", "2025-06-01", "2025-06-30"),
        ("1 to 30 June 2025", "2025-06-01", "2025-06-30"),
        ("1-30 June 2025", "2025-06-01", "2025-06-30"),
        ("2025-06-01 - 2025-06-30", "2025-06-01", "2025-06-30"),
        ("June to August 2025", "2025-06-01", "2025-08-31"),
        ("from December to January", "2025-12-01", "2026-01-31"),
        ("between 1 December and 31 January 2026", "2025-12-01", "2026-01-31"),
        ("1/6 to 30/6/2025", "2025-06-01", "2025-06-30"),
        ("2024 – 2025", "2024-01-01", "2025-12-31"),
        ("from last month to yesterday", "2026-10-01", "2026-11-23"),
        ("since 1 June 2025 until 30 June", "2025-06-01", "2025-06-30"),
        ("from 1 June", "2026-06-01", None),
        ("since 13 January", "2026-01-13", None),
        ("after 2025", "2026-01-01", None),
        ("after 30 June 2025 before September 2025", "2025-07-01", "2025-08-31"),
        ("by 30 June 2025", None, "2025-06-30"),
        ("from June", "2026-06-01", "2026-06-30"),
        ("2026 since June", "2026-06-01", "2026-12-31"),
        ("June-August 2025", "2025-06-01", "2025-08-31"),
        ("1 June-30 June 2025", "2025-06-01", "2025-06-30"),
        ("2025/2026", "2025-04-01", "2026-03-31"),
        ("financial year 2025/26", "2025-04-01", "2026-03-31"),
        ("year 2025", "2025-01-01", "2025-12-31"),
        ("current quarter", "2026-10-01", "2026-12-31"),
        ("last 2 quarters", "2026-05-25", "2026-11-24"),
        ("last 2 fortnights", "2026-10-28", "2026-11-24"),
    ],
)
@pytest.mark.parametrize("before", ["", "ct ", "site Main Hospital "])
def test_a_day_is_a_period_of_one_day_and_two_make_one(
    words: str, since: str, until: str | None, before: str
) -> None:
    if before.startswith("site") and words in ("13/6", "today", "Sunday", "1/6 to 30/6/2025"):
        return  # between the words of a name these may be some of it
    chosen = read_filter(f"{before}{words}, wrong side", HOUR)
    assert (chosen.which.since, chosen.which.until) == (
        date.fromisoformat(since) if since else None,
        date.fromisoformat(until) if until else None,
    )
    assert (chosen.which.causes, chosen.which.words) == (("wrong side",), ())
    again = read_filter(chosen.words, HOUR).which
    assert (again.since, again.until, again.sites) == (
        chosen.which.since,
        chosen.which.until,
        ("Main Hospital",) if before.startswith("site") else (),
    )


def test_a_title_says_which_day(ward: Ward) -> None:
    assert tuple(description(read_filter("ct 13/06/2025", HOUR))) == ("ct", "on Fri 13 June 2025")
    kept(ward, occurred_on="2025-06-13")
    kept(ward, occurred_on="2025-06-14")
    assert "Incidents: on Fri 13 June 2025: 1" in ward.say("incidents 13 June 2025")


@pytest.mark.parametrize(
    "words",
    [
        "2025/27", "2025 Q5", "Q5 2025", "2026-13", "2025-02-30", "31/02/2025", "13/13/2025", "Q3", "3 days",
        "last 0 days", "last few weeks", "2025/2027", "week of 1 June", "year to date",
        "this weekend", "next week", "next year", "2030", "tomorrow",
        "since tomorrow", "Mon 13 June 2025", "yesterday at 14:00", "2025-06-13T14:00", "the other day",
        "between 1 June", "between A and B", "from 30 June 2025 to 1 June 2025", "2024 2025",
        "since whenever", "since", "until", "June 2024 since 2025",
        "site Main 2025/27", "equipment CT 2 June 2025",
        "not ct", "without wrong side", "cause", "cause fish", "kind: wrong side", "confirmed unconfirmed",
        "1/2/0026", "before 0001-01-01", "until 9999-12-31", "last 200 years",
        "imported not imported", "ct or wrong side", "2025 or 2026", "§§", '"', "’",
        "<#C2>", "cause=", "colour=red",
    ],
)  # fmt: skip
def test_what_seems_to_be_a_part_of_a_filter_and_is_none_is_refused_in_a_line(words: str) -> None:
    for text in (words, f"ct {words}") if " or " not in words else (words,):
        with pytest.raises(Refused) as refused:
            read_filter(text, HOUR)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("words", "part", "values"),
    [
        ("not confirmed", "confirmed", False),
        ("not imported", "imported", False),
        ("ct or mammography", "modalities", ("ct", "mammography")),
        ("wrong side, or wrong patient", "causes", ("wrong side", *CAUSES[:2])),
        ('equipment "CT 2" June 2025', "equipment", ("CT 2",)),
        ("equipment Room 3 13 June 2025", "equipment", ("Room 3",)),
        ("equipment Linac 2.1 ct", "equipment", ("Linac 2.1",)),
        ("equipment Room 4/2", "equipment", ("Room 4/2",)),
        ("site Main or site Annexe", "sites", ("Main", "Annexe")),
        ('"2025/27"', "words", ("2025/27",)),
        ("2026-2027", "words", ("2026-2027",)),  # the number of a record
        ("as intended", "exposures", ("as_intended",)),
        ("kind:diagnostic", "categories", ("diagnostic",)),
        ("Site = Main cause:set-up", "causes", ("set-up",)),
        ("pet/ct", "modalities", ("pet_ct",)),
        ("3rd floor", "words", ("3rd", "floor")),
        ("equipment March scanner", "equipment", ("March scanner",)),
        ("equipment 2025 unit", "equipment", ("2025 unit",)),
        ("site Site, with comma", "sites", ("Site, with comma",)),
    ],
)
def test_and_what_means_something_is_taken_so(words: str, part: str, values: object) -> None:
    assert getattr(read_filter(words, HOUR).which, part) == values


@pytest.mark.parametrize(
    ("words", "by", "title"),
    [
        ("by me", "U1", "mine"), ("kept by me ct", "U1", "mine"), ("mine", "U1", "mine"),
        ("me", "U1", "mine"), ("site Main by <@U2|Ben B>", "U2", "kept by Ben B"),
        ("by <@U2|Ben B>", "U2", "kept by Ben B"), ("kept by <@U2> since June", "U2", "kept by U2"),
        ("ct <@U2|>", "U2", "kept by U2"),
    ],
)  # fmt: skip
def test_they_are_found_by_who_kept_them_oneself_or_somebody_who_is_mentioned(
    words: str, by: str, title: str
) -> None:
    chosen = read_filter(words, HOUR, "U1")
    assert (chosen.which.by, chosen.which.words) == (by, ())
    assert title in description(chosen)
    assert read_filter(chosen.words, HOUR, "U1") == chosen


def test_of_two_people_neither_kept_one_record() -> None:
    with pytest.raises(Refused, match="never both"):
        read_filter("mine by <@U2>", HOUR, "U1")


TOKENS = (
    *("ct wrong side patient planning cause kind site equipment Main not or to between since until before "
      "after last this next 2 3 90 days weeks month year quarter Q3 June May 13 2025 2026 2025/26 2025/27 "
      "1-30 13/06/2025 2025-06-13 0001-01-01 9999-12-31 yesterday Monday noon 14:00 mine confirmed imported "
      "W88101 C26-0001 ago 29 February known").split(),
    "'", "St Mary’s", "me", "kept", "<@U2|Ben>",
)  # fmt: skip
FILLS = ('"CT 2"', "and", "from", "by", "on", "the", "of", "–", "-", ",", ";", "(", ")", "§", '"')


def understood(words: str) -> Filter | None:
    with suppress(Refused):
        return read_filter(words, HOUR, "U1")
    return None


@given(st.lists(st.sampled_from((*TOKENS, *FILLS)), max_size=8))
def test_whatever_is_written_is_understood_or_refused(tokens: list[str]) -> None:
    chosen = understood(" ".join(tokens))
    assert chosen is None or not chosen.which.since or chosen.which.since <= HOUR.date()


@given(st.lists(st.sampled_from(TOKENS), max_size=8))
def test_what_is_understood_says_itself_again(tokens: list[str]) -> None:
    if chosen := understood(" ".join(tokens)):
        assert read_filter(chosen.words, HOUR, "U1") == chosen


@pytest.mark.parametrize(
    "words", ["overdue", "notified", "ct notified 2026", "open", "stood down", "reported"]
)
def test_how_a_case_stands_is_no_word_of_an_incident_and_finds_no_false_none(words: str) -> None:
    with pytest.raises(Refused, match="is said of cases, and not of incidents: cases, cases overdue"):
        read_filter(words, NOW)
    assert read_filter('"overdue" site Open MRI', NOW).which.words == ("overdue",)
