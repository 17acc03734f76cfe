"""`incidents`: what governance looks for first, in one list, by the words one would say."""

from datetime import date, datetime
from typing import Any

import pytest

from bot.core.cards import Table
from bot.core.messages import Pressed, User
from bot.core.register.filters import read_filter
from rules.deadlines import UK
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Person
from tests.core.cases.ward import ANA, BEN, NOT, NOTIFY, NOW, UNDECIDED, T, Ward


def kept(ward: Ward, facts: dict[str, Any], by: User = ANA, number: str = "") -> str:
    verdict = decide(parse(facts, NOW.date())).as_dict()
    given = Assessment(facts, verdict, local_incident_number=number)
    return ward.store.keep(T, given, by=Person(by.id, by.name), now=NOW).number


@pytest.fixture
def year(pressed: Ward) -> Ward:
    """Four incidents: a wrong patient, a wrong side at another site, one undecided, one of last year."""
    kept(
        pressed,
        NOTIFY
        | {
            "cause": "wrong patient identified",
            "modality": "ct",
            "site": "Main Hospital",
            "examination_performed": "CT head",
            "occurred_on": "2026-11-20",
        },
        number="W88101",
    )
    kept(
        pressed,
        NOT
        | {
            "cause": ["wrong side"],
            "modality": "radiography",
            "site": "Annexe",
            "equipment": "Room 3",
            "occurred_on": "2026-06-30",
        },
    )
    kept(pressed, UNDECIDED | {"occurred_on": "2026-03-01"}, BEN)
    kept(pressed, NOT | {"cause": "wrong side", "occurred_on": "2025-12-31", "discovered_on": "2026-01-05"})
    return pressed  # fmt: skip


def found(ward: Ward, words: str) -> list[str]:
    ward.say(f"incidents {words}")
    rows = [
        row for card in ward.cards for block in card.blocks if isinstance(block, Table) for row in block.rows
    ]
    return [row[1][:9] for row in rows]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", "1 2 3 4"), ("all", "1 2 3 4"), ("notify", "1"), ("do not notify", "2 4"), ("undecided", "3"),
        ("2026", "1 2 3"), ("2025/26", "3 4"), ("last year", "4"), ("since June", "1 2"),
        ("until 2026-03-01", "3 4"), ("since 1 June 2026 until 30 June 2026", "2"),
        ("wrong side", "2 4"), ("wrong patient", "1"), ("wrong side in 2026", "2"), ("ct", "1"),
        ("X-ray", "2"),
        ("site Main", ""), ("site Main Hospital", "1"), ('site "annexe"', "2"), ("equipment room 3", "2"),
        ("site Annexe wrong side", "2"), ("site Main Hospital in 2026", "1"), ("equipment Room 3 2026", "2"),
        ("equipment room 3 last year", ""), ("before 2026", "4"), ("equipment room 3 since June", "2"),
        ("site Main Hospital, the last 12 months", "1"),
        ("hospital", "1"), ("head", "1"), ("W88101", "1"), ("w88101", "1"),
        ("mine", "1 2 4"), ("unconfirmed", "1 2 3 4"), ("confirmed", ""), ("imported", ""), ("near miss", ""),
        ("ct, notify; wrong patient", "1"), ("england", "1 2 3 4"), ("diagnostic wales", ""),
    ],
)  # fmt: skip
def test_the_words_one_would_say_find_them(year: Ward, words: str, wanted: str) -> None:
    assert found(year, words) == [f"2026-000{n}" for n in wanted.split()]
    if not wanted:
        assert "none" in year.cards[0].title
        assert "4 in all" in year.shown


def test_each_line_says_what_happened_and_the_list_leads_to_the_record(year: Ward) -> None:
    year.say("incidents wrong patient")
    assert "2026-0001 (W88101)" in year.shown
    assert "CT head, wrong patient identified" in year.shown
    assert "notify, not confirmed" in year.shown
    year.say("1")
    assert "2026-0001" in year.cards[0].title


def test_what_it_cannot_mean_is_refused_in_one_line(year: Ward) -> None:
    for words in ("§§", "site", "since whenever", "page 7", "since"):
        year.say(f"incidents {words}")
        assert len(year.cards) == 1
        assert "Incidents" not in year.cards[0].title or "none" in year.cards[0].title


def test_what_was_understood_says_itself_again(year: Ward) -> None:
    for words in (
        'notify ct "head" site "Main Hospital" since 2026-01-01 mine',
        "do not notify last quarter",
        "W1",
    ):
        chosen = read_filter(words, NOW, ANA.id)
        assert read_filter(chosen.words, NOW, ANA.id) == chosen


def test_a_long_list_comes_in_pages(year: Ward) -> None:
    for _ in range(40):
        kept(year, NOT | {"occurred_on": "2026-02-02"})
    year.say("incidents do not notify")
    assert year.cards[0].title == "Incidents: do not notify: 42, 1 to 20"
    for title in ("21 to 40", "41 to 42"):
        year.ask(Pressed(year.button("More").action, year.button("More").value))
        assert title in year.cards[0].title
    assert year.button("Back")


def test_of_what_is_undecided_that_comes_first_which_could_be_decided_first(ward: Ward) -> None:
    """The auditor's question of last year's: what could still notify?"""
    lacks_more = {name: UNDECIDED[name] for name in ("nation", "discovered_on", "exposure", "category")}
    far = kept(ward, lacks_more | {"occurred_on": "2026-11-19"})
    near = kept(ward, UNDECIDED | {"occurred_on": "2026-03-01"})
    wrong = kept(ward, lacks_more | {"cause": "wrong patient identified", "occurred_on": "2026-02-01"})
    said = ward.say("incidents undecided")
    places = [said.index(number) for number in (wrong, near, far)]
    assert places == sorted(places)
    assert "undecided, lacks total dose, not confirmed" in said
    assert "those that lack the fewest facts" in said
    assert ward.say("incidents").index(far) < ward.shown.index(near)


def test_what_was_kept_after_midnight_in_summer_and_tells_no_day_is_of_the_uk_s_day(ward: Ward) -> None:
    ward.now = datetime(2026, 7, 1, 0, 30, tzinfo=UK)
    ref = ward.case({name: value for name, value in NOTIFY.items() if name != "discovered_on"})
    assert "Wed 1 July 2026" in ward.say("incidents July")
    assert ward.store.case(T, ref).discovered_on == date(2026, 7, 1)
    assert "none" in ward.say("incidents June 2026")
