"""A theme is kept by its answers: who said of which incidents that they are one cause, or are not."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.errors import Conflict, Duplicate, Invalid, NotFound, OutOfOrder
from storage.model import NewCase
from storage.plans import Also
from storage.retention_model import Before
from storage.sqlite import SqliteStore
from storage.theme_model import LIVING
from tests.storage.helpers import ANA, BEN, FOUND, NOW, T, assessment, theme_answer
from tests.storage.test_redaction import bytes_of

pytestmark = pytest.mark.both_stores

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def kept(store: SqliteStore) -> SqliteStore:
    """Three records, in no case."""
    for _ in range(3):
        store.keep(T, assessment(), by=ANA, now=NOW)
    return store


def test_an_answer_opens_a_theme_and_another_adds_to_it(kept: SqliteStore) -> None:
    one = kept.answer_theme(T, theme_answer(why="two rooms"), by=ANA, now=NOW)
    assert (one.ref, one.state, one.version, one.numbers) == (
        "T26-0001", "one_cause", 1, ("2026-0001", "2026-0002"),
    )  # fmt: skip
    answer = one.answer
    assert (answer.one_cause, answer.different_people, answer.people, answer.why, answer.by) == (
        "yes", "yes", 2, "two rooms", ANA,
    )  # fmt: skip
    more = theme_answer("2026-0003", "2026-0001", one_cause="no", people=None, ref=one.ref, expected=1)
    two = kept.answer_theme(T, more, by=BEN, now=LATER)
    assert (two.state, two.version, two.numbers[-1], len(two.steps)) == ("apart", 2, "2026-0003", 2)
    assert kept.theme(T, one.ref) == two
    assert kept.themes_of(T, ["2026-0003"]) == (two,)
    assert kept.verify() == []
    assert [e.what for e in kept.audit(T, subject=one.ref)] == ["theme opened", "theme answered"]


def test_themes_are_listed_by_their_state_newest_first(kept: SqliteStore) -> None:
    for said in ("yes", "no", "not_known"):
        given = theme_answer("2026-0001", "2026-0003", one_cause=said)
        if said != "yes":
            given = theme_answer("2026-0002", "2026-0003" if said == "no" else "2026-0001", one_cause=said)
        kept.answer_theme(T, given, by=ANA, now=NOW)
    assert [theme.ref for theme in kept.themes(T)] == ["T26-0003", "T26-0002", "T26-0001"]
    assert [theme.ref for theme in kept.themes(T, states=LIVING)] == ["T26-0003", "T26-0001"]
    assert [theme.ref for theme in kept.themes(T, offset=1, limit=1)] == ["T26-0002"]
    assert (kept.count_themes(T), kept.count_themes(T, states=("apart",))) == (3, 1)
    assert kept.themes("other") == ()


def test_it_is_closed_with_what_was_learnt_and_once(kept: SqliteStore) -> None:
    kept.answer_theme(T, theme_answer(), by=ANA, now=NOW)
    with pytest.raises(Invalid, match="what was learnt"):
        kept.close_theme(T, "T26-0001", " ", expected=1, by=ANA, now=NOW)
    closed = kept.close_theme(T, "T26-0001", "two read the side", expected=1, by=BEN, now=LATER)
    assert (closed.state, closed.version, closed.answer.one_cause) == ("closed", 2, "yes")
    assert [(note.kind, note.text) for note in kept.notes(T, "T26-0001")] == [
        ("learning", "two read the side")
    ]
    with pytest.raises(OutOfOrder, match="T26-0001 is closed already"):
        kept.close_theme(T, "T26-0001", "again", expected=2, by=ANA, now=LATER)
    again = kept.answer_theme(T, theme_answer("2026-0003", ref="T26-0001"), by=ANA, now=LATER)
    assert again.state == "one_cause"
    assert kept.verify() == []


def test_two_people_who_are_asked_at_once_open_one_theme(kept: SqliteStore) -> None:
    kept.answer_theme(T, theme_answer(), by=ANA, now=NOW)
    with pytest.raises(Conflict, match="T26-0001 is of these incidents: Radiographer A answered it"):
        kept.answer_theme(T, theme_answer(one_cause="no"), by=BEN, now=NOW)
    kept.answer_theme(T, theme_answer("2026-0003", ref="T26-0001", expected=1), by=ANA, now=NOW)
    with pytest.raises(Conflict, match="T26-0001 has changed meanwhile"):
        kept.answer_theme(T, theme_answer(one_cause="no", ref="T26-0001", expected=1), by=BEN, now=NOW)


def test_the_same_delivery_answers_once(kept: SqliteStore) -> None:
    also = Also("d1")
    kept.answer_theme(T, theme_answer(), by=ANA, now=NOW, also=also)
    with pytest.raises(Duplicate) as again:
        kept.answer_theme(T, theme_answer(), by=ANA, now=NOW, also=also)
    assert again.value.result == "T26-0001"


def test_with_a_case_it_is_one_transaction(kept: SqliteStore) -> None:
    new = NewCase("Wrong side", FOUND, ("2026-0002",))
    case = kept.open_case(T, new, by=ANA, now=NOW, also=Also(theme=theme_answer()))
    (theme,) = kept.themes(T)
    assert theme.cases == (case.ref,)
    wrong = Also(theme=theme_answer("2026-0001", "2026-0099"))
    with pytest.raises(NotFound, match="2026-0099"):
        kept.open_case(T, NewCase("Wrong side", FOUND, ("2026-0003",)), by=ANA, now=NOW, also=wrong)
    assert (len(kept.cases(T)), kept.count_themes(T)) == (1, 1)
    assert kept.verify() == []


@pytest.mark.parametrize("numbers", [("2026-0001",), ("2026-0001", "2026-0001")])
def test_one_incident_is_no_theme(kept: SqliteStore, numbers: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="two incidents at least"):
        kept.answer_theme(T, theme_answer(*numbers), by=ANA, now=NOW)


def test_what_is_no_theme_of_this_tenant_is_not_found(kept: SqliteStore) -> None:
    kept.answer_theme(T, theme_answer(), by=ANA, now=NOW)
    with pytest.raises(NotFound, match="there is no theme T26-0001 here"):
        kept.theme("other", "T26-0001")


def test_a_reason_is_taken_out_and_the_trail_holds(kept: SqliteStore, path: Path) -> None:
    name = "it was Mr Testperson both times"
    kept.answer_theme(T, theme_answer(why=name), by=ANA, now=NOW)
    kept.add_note(T, "T26-0001", name, by=ANA, now=NOW)
    assert kept.texts(T, "T26-0001") == ("what it is about", "reasons", "note 1")
    kept.redact(T, "T26-0001", "reasons", why="a name", by=BEN, now=LATER)
    kept.redact(T, "T26-0001", "note 1", why="a name", by=BEN, now=LATER)
    assert kept.theme(T, "T26-0001").answer.why == "[taken out 2026-11-23]"
    assert name.encode() not in bytes_of(path)
    assert kept.verify() == []


def test_it_goes_when_it_is_over_and_holds_its_incidents_until_then(kept: SqliteStore) -> None:
    kept.answer_theme(T, theme_answer(), by=ANA, now=NOW)
    kept.answer_theme(T, theme_answer("2026-0002", "2026-0003", one_cause="no"), by=ANA, now=NOW)
    long_after = NOW + timedelta(days=3660)
    before = Before(cases=long_after - timedelta(days=3650), records=long_after - timedelta(days=3650))
    found = kept.outdated(T, before)
    assert (found.themes, found.records) == (("T26-0002",), ("2026-0003",))
    assert set(found.staying) == {"T26-0001", "2026-0001", "2026-0002"}
    kept.let_go(T, before, by=BEN, now=long_after)
    assert [theme.ref for theme in kept.themes(T)] == ["T26-0001"]
    assert kept.verify() == []
