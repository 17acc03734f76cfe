"""What is alike is shown, and asked about aloud only where it would hardly be chance."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.register.alike import SHARED, chance_of, counts, likeness
from bot.core.register.alike_words import alike_lines, question_words
from bot.core.register.theme_question import aloud
from storage.model import Assessment, Person
from storage.register_rows import sketch
from storage.sqlite import SqliteStore
from tests.core.cases.ward import NOT, NOW, T, Ward

BY = Person("U1")
DAY = date(2026, 11, 20)
SIDE: dict[str, Any] = {
    "category": "diagnostic",
    "cause": "wrong side",
    "equipment": "CT 2",
    "exposure": "unintended",
}


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "x.sqlite")


def keep(store: SqliteStore, days_before: int, **facts: Any) -> str:
    told = {**SIDE, "occurred_on": (DAY - timedelta(days=days_before)).isoformat(), **facts}
    return store.keep(T, Assessment(told, {"outcome": "do_not_notify"}), by=BY, now=NOW).number


def found(store: SqliteStore, **facts: Any):
    now = sketch({**SIDE, "occurred_on": DAY.isoformat(), **facts}, at=NOW, by=BY)
    return likeness(store, T, now)


def near(store: SqliteStore, **facts: Any) -> dict[str, list[str]]:
    return {one.shared: [m.number for m in one.members if m.number] for one in found(store, **facts).near}


def test_what_shares_cause_kind_and_one_of_four_is_alike(store: SqliteStore) -> None:
    same = keep(store, 10)
    keep(store, 10, cause="wrong timing")
    keep(store, 10, category="interventional")
    keep(store, 10, equipment="CT 3")
    assert near(store) == {"equipment": [same]}


@pytest.mark.parametrize("shared", SHARED)
def test_each_of_the_four_makes_a_set(store: SqliteStore, shared: str) -> None:
    name = {"examination": "examination_performed"}.get(shared, shared)
    value = "ct" if shared == "modality" else "Here"
    other = keep(store, 10, **{"equipment": "", name: value})
    assert near(store, **{"equipment": "", name: value}) == {shared: [other]}


@pytest.mark.parametrize(
    "facts", [{"cause": "other"}, {"cause": ""}, {"category": ""}, {"equipment": ""}, {"equipment": "other"}]
)
def test_what_says_nothing_makes_nothing_alike(store: SqliteStore, facts: dict[str, str]) -> None:
    keep(store, 10, **facts)
    assert near(store, **facts) == {}


def test_half_a_year_is_the_limit(store: SqliteStore) -> None:
    keep(store, 181)
    inside = keep(store, 180)
    assert near(store) == {"equipment": [inside]}


def test_one_set_is_said_once_by_what_is_narrowest(store: SqliteStore) -> None:
    other = keep(store, 10, site="Main", modality="ct")
    assert near(store, site="Main", modality="ct") == {"equipment": [other]}


def test_the_second_fault_of_a_machine_is_asked_about(store: SqliteStore) -> None:
    keep(store, 80, cause="equipment fault")
    asked = found(store, cause="equipment fault").asked
    assert asked is not None
    assert len(asked.members) == 2
    assert found(store).asked is None


def test_a_fault_longer_ago_than_a_quarter_is_not(store: SqliteStore) -> None:
    keep(store, 91, cause="software fault")
    assert found(store, cause="software fault").asked is None


def test_three_that_are_rare_are_asked_about_and_three_that_are_usual_are_not(store: SqliteStore) -> None:
    for days in (5, 60):
        keep(store, days)
    assert found(store).asked is not None
    for n in range(24):  # as many in each quarter before
        keep(store, 95 + 30 * n)
    assert found(store).asked is None


def test_who_was_not_exposed_is_alike_and_never_counted(store: SqliteStore) -> None:
    keep(store, 5, exposure="near_miss")
    keep(store, 6, exposed_person="worker")
    keep(store, 7, exposed_person="carer_or_comforter", individuals_exposed=2)
    asked = found(store).asked
    assert asked is not None
    assert len(asked.members) == 4
    assert [counts(one) for one in asked.members] == [True, False, False, True]
    question = aloud(store, T, asked.members[0], found(store))
    assert question is not None
    assert question.people == 3
    assert "2 of them exposed nobody who counts" in question_words(question)


def test_another_tenants_incidents_are_not_alike(store: SqliteStore) -> None:
    told = {**SIDE, "occurred_on": DAY.isoformat()}
    store.keep("other", Assessment(told, {"outcome": "notify"}), by=BY, now=NOW)
    assert near(store) == {}


def test_the_words_say_which_and_since_when(store: SqliteStore) -> None:
    keep(store, 10)
    [line] = alike_lines(found(store))
    assert line == "Alike since Tue 10 November 2026 (wrong side, equipment CT 2): 2026-0001."


@pytest.mark.parametrize(
    ("count", "before", "chance"),
    [(3, 0, 0.00132), (3, 1, 0.00485), (3, 2, 0.0111), (4, 3, 0.00386), (1, 0, 90 / 820), (0, 5, 1)],
)
def test_the_chance_knows_how_little_is_known_of_the_rate(count: int, before: int, chance: float) -> None:
    assert chance_of(count, before) == pytest.approx(chance, rel=0.02)


def test_the_chance_is_told_of_a_register_of_any_size() -> None:
    assert chance_of(1200, 9700) == pytest.approx(0.5, abs=0.2)
    assert chance_of(2000, 9700) < 1e-9
    assert chance_of(900, 9700) > 0.999


def test_a_department_without_a_theme_is_seldom_asked(store: SqliteStore) -> None:
    """Five years of 72 incidents a year over four machines and six causes, by chance alone."""
    drawn = random.Random(7)
    causes = ["wrong side", "wrong protocol", "wrong timing", "set-up", "wrong examination", "planning"]
    days = sorted(drawn.sample(range(5 * 365), 360), reverse=True)
    asked = 0
    for days_before in days:
        facts = {"cause": drawn.choice(causes), "equipment": f"CT {drawn.randint(1, 4)}",
                 "occurred_on": (DAY - timedelta(days=days_before)).isoformat()}  # fmt: skip
        if days_before < 3 * 365:
            asked += found(store, **facts).asked is not None
        keep(store, days_before, **facts)
    assert asked <= 3 * 2


def test_it_is_said_before_a_verdict_is_kept_with_its_record_and_as_details_are_told(ward: Ward) -> None:
    """As the ward does it: three within a month on one scanner, the cause told afterwards."""
    for n in range(2):
        number = ward.record(NOT)
        ward.say(f"details {number} cause: wrong side")
        assert ("Alike" in ward.say(f"details {number} equipment: CT 2")) == (n > 0)
    number = ward.record(NOT)
    ward.say(f"details {number} cause: wrong side")
    said = ward.say(f"details {number} equipment: CT 2")
    assert "Alike since" in said
    assert "Is it one cause? Were they different people, and how many" in said
    assert "2026-0001" in ward.say(f"record {number}").partition("Alike since")[2]
    assert "Alike" not in ward.say(f"record {ward.record(NOT)}")


def test_a_check_says_what_is_alike_above_the_question_whether_to_keep_it(ward: Ward) -> None:
    number = ward.record(NOT)
    ward.say(f"details {number} cause: wrong side")
    ward.say(f"details {number} modality: CT")
    ward.say("check wrong side CT scanned, adult patient in England, found today")
    shown = ward.shown
    for _ in range(20):
        if "Keep it" in shown:
            break
        answer = "1" if "Was any exposure" in shown else "yes" if "Right?" in shown else "don't know"
        shown = ward.tell(answer)
    assert "Keep it" in shown
    assert "Alike since" in shown.partition("Keep it")[0]
