"""The register: every record in one list, by the day of its incident, found by what it is about."""

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.connection import Connections
from storage.migrating import list_anew
from storage.register_model import Which
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, BEN, NOW, T, assessment, open_case, raw

pytestmark = pytest.mark.both_stores


def kept(store: SqliteStore, outcome: str = "do_not_notify", **facts: Any) -> str:
    return store.keep(T, assessment(outcome, **facts), by=ANA, now=NOW).number


def numbers(store: SqliteStore, **which: Any) -> list[str]:
    found = [entry.number for entry in store.incidents(T, Which(**which))]
    assert store.count_incidents(T, Which(**which)) == len(found)
    return found


def test_every_record_is_listed_by_the_day_of_its_incident(store: SqliteStore) -> None:
    late = kept(store, occurred_on="2026-11-20")
    early = kept(store, occurred_on="2026-01-05T14:05", discovered_on="2026-11-01")
    found_only = kept(store, discovered_on="2026-06-30")
    assert numbers(store) == [late, found_only, early]
    assert numbers(store, since=date(2026, 6, 30), until=date(2026, 6, 30)) == [found_only]
    assert store.tally(T, "month") == {"2026-01": 1, "2026-06": 1, "2026-11": 1}
    assert store.tally(T, "quarter") == {"2026-Q1": 1, "2026-Q2": 1, "2026-Q4": 1}
    assert [entry.number for entry in store.incidents(T, offset=1, limit=1)] == [found_only]


@pytest.mark.parametrize(
    ("facts", "fits", "misses"),
    [
        ({"site": "Main  Site"}, {"sites": ("main site",)}, {"sites": ("main",)}),
        ({"site": "Main Site"}, {"words": ("MAIN",)}, {"words": ("main", "annexe")}),
        ({"equipment": "CT 2"}, {"equipment": ("ct 2",)}, {"equipment": ("ct",)}),
        ({"cause": ["wrong side", "set-up"]}, {"causes": ("set-up",)}, {"causes": ("up",)}),
        ({"cause": "wrong side"}, {"causes": ("planning", "wrong side")}, {"causes": ("planning",)}),
        ({"modality": "ct"}, {"modalities": ("ct", "cbct")}, {"modalities": ("cbct",)}),
        ({"exposure": "near_miss"}, {"exposures": ("near_miss",)}, {"exposures": ("accidental",)}),
        ({"nation": "wales"}, {"nations": ("wales",)}, {"nations": ("england",)}),
        ({}, {"outcomes": ("do_not_notify",)}, {"outcomes": ("notify", "undecided")}),
        ({}, {"categories": ("diagnostic",)}, {"categories": ("interventional",)}),
        ({}, {"by": ANA.id}, {"by": BEN.id}),
        ({}, {"confirmed": False}, {"confirmed": True}),
        ({}, {"imported": False}, {"imported": True}),
        ({}, {"local_number": "w123"}, {"local_number": "w12"}),
        ({}, {"words": ("W123",)}, {"words": ("w12",)}),
        ({}, {"words": ("2026-0001",)}, {"words": ("2026-000",)}),
        ({"site": "St Mary’s"}, {"words": ("mary's",)}, {"words": ("marys",)}),
        ({"site": "St Mary's"}, {"sites": ("st mary’s",)}, {"sites": ("st marys",)}),
        ({"cause": "set-up"}, {"words": ("set-up",)}, {"causes": ("",)}),
        ({}, {"causes": ("", "set-up")}, {"causes": ("set-up",)}),
        (
            {"cause": "planning"},
            {"either": ((("categories", "x"), ("causes", "planning")), (("categories", "diagnostic"),))},
            {"either": ((("categories", "x"), ("causes", "planning")), (("modalities", "ct"),))},
        ),
        ({"examination_performed": "CT head"}, {"words": ("ct head",)}, {"words": ("chest",)}),
    ],
)
def test_a_record_is_found_by_what_it_is_about(
    store: SqliteStore, facts: dict[str, Any], fits: dict[str, Any], misses: dict[str, Any]
) -> None:
    number = kept(store, **facts)
    assert (numbers(store, **fits), numbers(store, **misses)) == ([number], [])


def test_a_record_is_found_by_its_case(store: SqliteStore) -> None:
    kept(store)
    ref = open_case(store)
    assert numbers(store, words=(ref.lower(),)) == list(store.case(T, ref).records)


def test_each_of_several_causes_is_counted_and_so_is_none(store: SqliteStore) -> None:
    kept(store, cause=["wrong side", "set-up"])
    kept(store, cause="wrong side")
    kept(store)
    assert store.tally(T, "cause") == {"": 1, "set-up": 1, "wrong side": 2}


def test_what_was_told_later_stands_in_the_list(store: SqliteStore) -> None:
    number = kept(store, site="Annexe")
    store.give_details(
        T, number, {"site": "Main", "local_incident_number": "DX 7", "cause": "wrong side, set-up"},
        by=BEN, now=NOW,
    )  # fmt: skip
    [entry] = store.incidents(T)
    assert (entry.site, entry.local_number, entry.causes) == ("main", "dx 7", ("wrong side", "set-up"))
    assert entry.kept_by == ANA
    store.give_details(T, number, {"site": ""}, by=BEN, now=NOW)
    assert store.incidents(T)[0].site == ""


def test_a_correction_and_a_confirmation_stand_in_the_list(store: SqliteStore) -> None:
    number = kept(store, "undecided")
    store.correct(T, number, assessment("notify", site="X"), why="dose known", expected=1, by=BEN, now=NOW)
    store.confirm(T, number, revision=2, role="mpe", by=BEN, now=NOW)
    [entry] = store.incidents(T)
    assert (entry.revision, entry.outcome, entry.site, entry.confirmed) == (2, "notify", "x", True)


def test_another_tenants_records_are_in_no_list_of_ours(store: SqliteStore) -> None:
    store.keep("other", assessment(), by=ANA, now=NOW)
    assert (numbers(store), store.tally(T, "outcome")) == ([], {})


def test_made_anew_it_says_the_same(store: SqliteStore, path: Path) -> None:
    kept(store, cause=["wrong side"], equipment_fault=True, individuals_exposed=12)
    number = kept(store, occurred_on="2026-02-03")
    store.give_details(T, number, {"site": "Main"}, by=BEN, now=NOW)
    before = store.incidents(T)
    assert [(entry.individuals, entry.equipment_fault) for entry in before] == [(12, True), (1, False)]
    raw(path).execute("update register_built set version = 0")
    raw(path).execute("delete from incident")
    with closing(SqliteStore(path)) as again:
        assert again.incidents(T) == before


@pytest.mark.parametrize(
    "change",
    ["delete from incident where number = '2026-0002'", "update incident set confirmed = 1",
     "update incident set number = '2026-0009' where number = '2026-0001'", "update incident set hidden = 1"],
)  # fmt: skip
def test_where_it_is_not_what_the_records_say_it_is_made_anew_when_asked(
    store: SqliteStore, path: Path, change: str
) -> None:
    for site in ("East", "West"):
        kept(store, site=site)
    listed, there = numbers(store), store.incidents(T)
    assert list_anew(path) == ()
    raw(path).execute(change)
    assert store.incidents(T) != there
    assert "irmer migrate makes the list anew" in store.verify()[0]
    [line] = list_anew(path)
    assert line.startswith("the register was made anew: ")
    assert line.endswith(" of its entries were not what their records say")
    assert (numbers(store), store.incidents(T), store.verify()) == (listed, there, [])


def test_a_record_that_cannot_be_read_stays_in_the_list(store: SqliteStore, path: Path) -> None:
    number = kept(store)
    conn = raw(path)
    conn.execute("drop trigger decision_record_no_update")
    conn.execute("update decision_record set facts = '{'")
    conn.execute("update register_built set version = 0")
    with closing(SqliteStore(path)) as again:
        assert [(entry.number, entry.outcome) for entry in again.incidents(T)] == [(number, "do_not_notify")]


WORDS = st.sampled_from(["", "CT 2", "ct  2", "Main", "|", "%", "'"])


@given(
    st.lists(st.tuples(WORDS, WORDS, st.sampled_from(["2026-01-31", "2025-12-31", "soon", ""])), max_size=6)
)
def test_counts_and_lists_agree(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str, str]]
) -> None:
    with closing(SqliteStore(tmp_path_factory.mktemp("register") / "x.sqlite")) as store:
        for site, equipment, day in told:
            kept(store, site=site, equipment=equipment, occurred_on=day)
        for by in ("month", "site", "equipment"):
            counts = store.tally(T, by)  # type: ignore[arg-type]
            assert sum(counts.values()) == len(told)
            for key, count in counts.items():
                if by != "month" and key:
                    assert len(numbers(store, **{{"site": "sites"}.get(by, by): (key,)})) == count
        alike = store.count_alike(T)
        assert sum(one.count for one in alike) == len(told)
        assert {(one.site, one.equipment) for one in alike} == {
            (one.site, one.equipment) for one in store.incidents(T)
        }


def test_a_period_is_looked_for_in_one_walk_through_the_table(store: SqliteStore, path: Path) -> None:
    """Each row looked at by the index of days costs six times that, and a period may be all of them."""
    connections = store._connections
    if not isinstance(connections, Connections):
        pytest.skip("a server counts its rows, and chooses by itself")
    kept(store, occurred_on="2026-11-20")
    asked: list[str] = []
    assert connections._reader is not None
    connections._reader.set_trace_callback(asked.append)
    period = Which(since=date(2024, 1, 1), until=date(2026, 12, 31))
    store.tally(T, "month", period)
    store.count_alike(T, period)
    store.count_incidents(T, period)
    assert store.incidents(T, period)
    questions = [sql for sql in asked if "from incident" in sql]
    assert len(questions) == 4
    with closing(raw(path)) as conn:
        plans = [str(conn.execute(f"explain query plan {sql}").fetchall()) for sql in questions]
    assert not [plan for plan in plans if "day>" in plan or "day<" in plan]
