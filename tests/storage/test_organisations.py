from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.errors import Conflict, Duplicate, Invalid, NotFound
from storage.model import MACHINE, UNLINKED, Destination
from storage.organisation_model import Outside
from storage.organisations import LETTERS
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, BEN, NOW, T, assessment, open_case, raw

pytestmark = pytest.mark.both_stores

pytestmark = pytest.mark.both_stores

WORKSPACE = Outside("slack", "workspace", "T1")
TEAM = Outside("teams", "team", "19:abc@thread.tacv2")
HERE = Destination("slack", "C1")


@pytest.fixture
def two(store: SqliteStore) -> Iterator[SqliteStore]:
    """Two organisations."""
    store.add_organisation(T, "Northern Trust", ods_code="RXX", by=ANA, now=NOW)
    store.add_organisation("other", "Southern Trust", by=ANA, now=NOW)
    yield store
    assert store.verify() == []


def test_whatever_has_a_trail_is_an_organisation_and_goes_by_its_id_until_it_is_named(
    store: SqliteStore,
) -> None:
    store.keep(T, assessment(), by=ANA, now=NOW)
    store.log(MACHINE, "looked", "", {}, by=ANA, now=NOW)
    assert [one.called for one in store.organisations()] == [T]
    store.add_organisation(T, "Northern Trust", by=ANA, now=NOW)
    assert [one.called for one in store.organisations()] == [f"Northern Trust ({T})"]
    with pytest.raises(Conflict, match="already"):
        store.add_organisation(T, "Another name", by=ANA, now=NOW)
    with pytest.raises(NotFound, match="there is no organisation nowhere: irmer org list"):
        store.organisation("nowhere")
    assert store.verify() == []


def test_an_organisation_wants_an_id_and_a_name_of_its_own(two: SqliteStore) -> None:
    for id_, name, code in (
        ("", "A", ""), ("two words", "A", ""), (MACHINE, "A", ""), (UNLINKED, "A", ""), ("-x", "A", ""),
        ("a" * 65, "A", ""), ("9990000034", "A", ""), ("fine", " ", ""), ("fine", "A", "RXX"),
    ):  # fmt: skip
        with pytest.raises((Invalid, Conflict)):
            two.add_organisation(id_, name, ods_code=code, by=ANA, now=NOW)


def test_what_is_bound_leads_to_one_organisation_until_it_is_unbound(two: SqliteStore) -> None:
    two.bind(T, WORKSPACE, how="by hand", by=ANA, now=NOW)
    with pytest.raises(Duplicate):
        two.bind(T, WORKSPACE, how="again", by=ANA, now=NOW)
    with pytest.raises(Conflict, match="bound to another organisation") as told:
        two.bind("other", WORKSPACE, how="by hand", by=ANA, now=NOW)
    assert T not in str(told.value)
    with pytest.raises(NotFound):
        two.unbind("other", WORKSPACE, how="by hand", by=ANA, now=NOW)
    two.unbind(T, WORKSPACE, how="by hand", by=BEN, now=NOW)
    assert two.bound([WORKSPACE]) == ""
    two.bind("other", WORKSPACE, how="by hand", by=BEN, now=NOW)
    assert two.bound([WORKSPACE]) == "other"
    assert two.leads() == (("other", WORKSPACE),)
    assert [(one.outside, one.by) for one in two.bindings("other")] == [(WORKSPACE, BEN)]
    assert two.bindings(T) == ()
    assert [one.what for one in two.audit(T)] == ["organisation added", "bound", "unbound"]


def test_the_first_that_is_bound_decides_and_of_one_what_is_bound_for_its_app(two: SqliteStore) -> None:
    through = Outside("slack", "workspace", "T1", app="A1")
    two.bind(T, WORKSPACE, how="", by=ANA, now=NOW)
    two.bind("other", through, how="", by=ANA, now=NOW)
    two.bind("other", TEAM, how="", by=ANA, now=NOW)
    wanted = {
        (WORKSPACE, TEAM): T, (TEAM, WORKSPACE): "other", (through,): "other",
        (Outside("slack", "workspace", "T1", app="A2"),): T,
    }  # fmt: skip
    for asked, organisation in wanted.items():
        assert two.bound(asked) == organisation
    assert two.bound([Outside("teams", "workspace", "T1")]) == ""


def test_a_code_binds_one_thing_once_and_stands_in_both_trails(two: SqliteStore, path: Path) -> None:
    code = two.ask_link(T, HERE, by=ANA, now=NOW)
    assert len(code) == 8
    assert set(code) <= set(LETTERS)
    given = f" {code[:4].lower()}-{code[4:]}"
    asked, made = two.link(given, TEAM, typed_in="19:x", before="other", by=BEN, now=NOW)
    assert (asked.organisation, asked.conversation, asked.by) == (T, "C1", ANA)
    assert (made.organisation, made.outside, made.by) == (T, TEAM, BEN)
    with pytest.raises(Invalid, match="used already"):
        two.link(code, WORKSPACE, typed_in="C9", by=BEN, now=NOW)
    assert [one.what for one in two.audit(T)][1:] == ["link code made", "bound", "link code used"]
    assert [one.what for one in two.audit("other")][1:] == ["linked by a code"]
    assert code.encode() not in path.read_bytes()


def test_a_code_lasts_a_quarter_of_an_hour(two: SqliteStore) -> None:
    code = two.ask_link(T, HERE, by=ANA, now=NOW)
    with pytest.raises(Invalid, match="too old"):
        two.link(code, TEAM, typed_in="19:x", by=BEN, now=NOW + timedelta(minutes=15, seconds=1))
    two.link(code, TEAM, typed_in="19:y", by=ANA, now=NOW + timedelta(minutes=15))
    assert [one.what for one in two.audit(UNLINKED)] == ["linked by a code"]


def test_after_five_wrong_codes_none_is_tried_by_that_person_or_in_that_place(two: SqliteStore) -> None:
    code = two.ask_link(T, HERE, by=ANA, now=NOW)
    for number in range(5):
        at = NOW + timedelta(seconds=number)
        with pytest.raises(Invalid, match="no such code"):
            two.link(f"WRONG{number}", TEAM, typed_in="19:x", by=BEN, now=at)
    for where, who in (("19:x", ANA), ("19:z", BEN)):
        with pytest.raises(Invalid, match="too many codes"):
            two.link(code, TEAM, typed_in=where, by=who, now=NOW + timedelta(minutes=1))
    assert two.leads() == ()
    two.link(code, TEAM, typed_in="19:z", by=ANA, now=NOW + timedelta(minutes=1))


def test_a_code_that_cannot_be_used_where_it_is_typed_stays_good_elsewhere(two: SqliteStore) -> None:
    two.bind("other", TEAM, how="", by=ANA, now=NOW)
    code = two.ask_link(T, HERE, by=ANA, now=NOW)
    with pytest.raises(Conflict):
        two.link(code, TEAM, typed_in="19:x", by=BEN, now=NOW)
    two.link(code, WORKSPACE, typed_in="C2", by=BEN, now=NOW)


def test_what_leads_to_none_is_counted_by_the_day_and_keeps_nothing(store: SqliteStore) -> None:
    for hours in (0, 1, 30):
        store.note_unlinked(TEAM, now=NOW + timedelta(hours=hours))
    found = [(one.day, one.times) for one in store.unlinked(since=NOW)]
    assert found == [("2026-11-24", 1), ("2026-11-23", 2)]
    store.forget_links(before=NOW + timedelta(days=1))
    assert [one.times for one in store.unlinked(since=NOW)] == [1]
    with pytest.raises(Invalid, match="leads to no organisation"):
        store.keep(UNLINKED, assessment(), by=ANA, now=NOW)
    with pytest.raises(Invalid, match="leads to no organisation"):
        open_case(store, tenant=UNLINKED)
    with pytest.raises(Invalid, match="leads to no organisation"):
        store.set_setting(UNLINKED, "nation", "england", by=ANA, now=NOW)
    assert store.audit(UNLINKED) == ()


def test_which_organisation_a_chat_is_about_is_remembered_and_may_change(store: SqliteStore) -> None:
    assert store.chosen_organisation("teams", "a:1") == ""
    store.choose_organisation("teams", "a:1", T, now=NOW)
    store.choose_organisation("teams", "a:1", "other", now=NOW)
    assert store.chosen_organisation("teams", "a:1") == "other"


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ("update binding_open set tenant = 'other'", "binding_open/workspace/1 of "),
        ("delete from binding_open", "binding_open/workspace/1 of trust is not what its rows say"),
        (
            "insert into binding_open values ('slack', '', 'workspace', 'T2', 'other', 1)",
            "binding_open/workspace/1 of other",
        ),
        (
            "insert into binding values ('other', 'workspace', 1, 'slack', '', 'T2', 'open', '', '', '', '')",
            "binding/workspace/1 of other is not in the audit trail",
        ),
    ],
)
def test_whoever_leads_elsewhere_behind_the_stores_back_is_found_out(
    store: SqliteStore, path: Path, how: str, problem: str
) -> None:
    store.add_organisation(T, "Northern Trust", by=ANA, now=NOW)
    store.bind(T, WORKSPACE, how="", by=ANA, now=NOW)
    raw(path).execute(how)
    assert any(line.startswith(problem) for line in store.verify())
