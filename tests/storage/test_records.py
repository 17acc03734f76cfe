import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.errors import Conflict, Duplicate, Invalid, NotFound
from storage.identifiers import mask
from storage.memory_model import DraftKey
from storage.model import Assessment
from storage.plans import Also
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, BEN, NOW, NUMBERS, T, assessment, claim, open_case, plan, raw, states

pytestmark = pytest.mark.both_stores


def test_a_record_comes_back_as_it_was_kept(store: SqliteStore) -> None:
    given = Assessment(
        {"category": "diagnostic", "account": "wrong side", "examination_intended": "left hip"},
        {"outcome": "undecided", "guidance": "2023-04-19", "reasons": [{"words": "é ✓ מיקרו"}]},
        {"category": {"id": "U1", "at": "2026-11-23T09:00:00Z"}},
        "W1", "DAP 12 Gy cm²", "MPE", "from DAP", "told the team",
    )  # fmt: skip
    kept = store.keep(T, given, by=ANA, now=NOW)
    assert kept.assessment == given
    assert (kept.number, kept.revision, kept.corrects, kept.status, kept.by, kept.at) == (
        "2026-0001", 1, None, "provisional", ANA, NOW,
    )  # fmt: skip
    assert (kept.outcome, kept.edition) == ("undecided", "2023-04-19")
    assert store.record(T, "2026-0001") == kept


def test_numbers_count_up_by_tenant_and_year(store: SqliteStore) -> None:
    new_year = datetime(2027, 1, 1, 0, 30, tzinfo=UTC)
    given = [
        store.keep(tenant, assessment(), by=ANA, now=now).number
        for tenant, now in ((T, NOW), (T, NOW), ("other", NOW), (T, new_year), (T, NOW))
    ]
    assert given == ["2026-0001", "2026-0002", "2026-0001", "2027-0001", "2026-0003"]


def test_numbers_go_on_past_four_digits(store: SqliteStore, path: Path) -> None:
    raw(path).execute("insert into numbering values (?, '2026', 9998)", (T,))
    given = [store.keep(T, assessment(), by=ANA, now=NOW).number for _ in range(2)]
    assert given == ["2026-9999", "2026-10000"]
    assert [found.number for found in store.records(T)] == ["2026-10000", "2026-9999"]


def test_a_correction_is_a_new_revision_that_names_the_old_one(store: SqliteStore) -> None:
    first = store.keep(T, assessment(), by=ANA, now=NOW)
    second = store.correct(
        T, first.number, assessment("do_not_notify"), why="dose was 2 mSv", expected=1, by=BEN, now=NOW
    )
    assert (second.number, second.revision, second.corrects, second.why) == (
        "2026-0001",
        2,
        1,
        "dose was 2 mSv",
    )
    before, after = store.revisions(T, first.number)
    assert (before.outcome, before.latest, after.outcome, after.latest) == (
        "notify",
        False,
        "do_not_notify",
        True,
    )
    assert store.record(T, first.number, 1) == before


def test_a_correction_needs_a_reason(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    with pytest.raises(Invalid, match="reason"):
        store.correct(T, number, assessment(), why=" ", expected=1, by=ANA, now=NOW)
    assert len(store.revisions(T, number)) == 1


def test_the_second_of_two_who_correct_is_told_what_the_first_did(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    store.correct(T, number, assessment(), why="dose", expected=1, by=BEN, now=NOW)
    with pytest.raises(Conflict, match="corrected meanwhile by Physicist B") as error:
        store.correct(T, number, assessment(), why="age", expected=1, by=ANA, now=NOW)
    assert (error.value.by, error.value.did, error.value.at) == ("Physicist B", "corrected it", NOW)


def test_a_record_is_provisional_until_somebody_confirms_it(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    later = NOW + timedelta(hours=1)
    found = store.confirm(T, number, revision=1, role="MPE", note="agreed", by=BEN, now=later)
    assert found.status == "confirmed"
    assert not found.compared
    (confirmed,) = found.confirmations
    assert (confirmed.by, confirmed.role, confirmed.at, confirmed.note) == (BEN, "MPE", later, "agreed")


def test_a_correction_is_provisional_again(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    store.confirm(T, number, revision=1, role="MPE", by=BEN, now=NOW)
    assert (
        store.correct(T, number, assessment(), why="dose", expected=1, by=ANA, now=NOW).status
        == "provisional"
    )
    assert store.record(T, number, 1).status == "confirmed"


def test_an_outdated_revision_cannot_be_confirmed(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    store.correct(T, number, assessment(), why="dose", expected=1, by=ANA, now=NOW)
    with pytest.raises(Conflict, match="look at revision 2"):
        store.confirm(T, number, revision=1, role="MPE", by=BEN, now=NOW)


def test_a_second_confirmation_must_add_the_comparison_with_the_live_table(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    store.confirm(T, number, revision=1, role="MPE", by=BEN, now=NOW)
    with pytest.raises(Conflict, match="confirmed already, by Physicist B"):
        store.confirm(T, number, revision=1, role="RPS", by=ANA, now=NOW)
    both = store.confirm(T, number, revision=1, role="RPS", compared=True, by=ANA, now=NOW)
    assert (len(both.confirmations), both.compared) == (2, True)
    with pytest.raises(Conflict):
        store.confirm(T, number, revision=1, role="RPS", compared=True, by=ANA, now=NOW)


def test_analysis_and_learning_are_added_and_stay(store: SqliteStore) -> None:
    number = store.keep(T, assessment("do_not_notify"), by=ANA, now=NOW).number
    store.add_note(T, number, "two patients of one name", kind="analysis", by=ANA, now=NOW)
    store.add_note(T, number, "three-point check", kind="learning", by=BEN, now=NOW)
    notes = store.record(T, number).notes
    assert [(note.seq, note.kind, note.text, note.by) for note in notes] == [
        (1, "analysis", "two patients of one name", ANA), (2, "learning", "three-point check", BEN),
    ]  # fmt: skip
    assert store.notes(T, number) == notes


def test_an_empty_note_is_refused(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    with pytest.raises(Invalid):
        store.add_note(T, number, "  ", by=ANA, now=NOW)


def test_details_are_given_in_any_order_and_the_last_of_each_holds(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    later = NOW + timedelta(days=1)
    store.give_details(T, number, {"equipment": "CT 2", "site": "East"}, by=ANA, now=NOW)
    record = store.give_details(T, number, {"equipment": "CT 1", "site": ""}, by=BEN, now=later)
    assert [(one.seq, one.field, one.value, one.by, one.at) for one in record.details] == [
        (1, "equipment", "CT 2", ANA, NOW),
        (2, "site", "East", ANA, NOW),
        (3, "equipment", "CT 1", BEN, later),
        (4, "site", "", BEN, later),
    ]
    assert (record.revision, store.record(T, number)) == (1, record)
    assert store.verify() == []


def test_a_details_words_stand_in_its_row_and_not_in_the_trail(store: SqliteStore, path: Path) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    same = {"equipment": "the old scanner by the window", f"made up {NUMBERS[0]}": f"of {NUMBERS[1]}"}
    for _ in range(2):
        store.give_details(T, number, same, by=ANA, now=NOW)
    trail = raw(path).execute("select detail from audit where what = 'details given'").fetchall()
    assert all("window" not in detail and '"equipment"' in detail for (detail,) in trail)
    digests = [digest for (detail,) in trail for digest in json.loads(detail)["rows"].values()]
    assert len({*digests}) == 4  # of the same words, too
    kept = [text for one in store.record(T, number).details for text in (one.field, one.value)]
    assert [mask(text) for text in kept] == kept


def test_a_detail_of_nothing_and_of_no_record_is_refused(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    with pytest.raises(Invalid, match="name one"):
        store.give_details(T, number, {}, by=ANA, now=NOW)
    for tenant, other in ((T, "2026-0009"), ("other", number)):
        with pytest.raises(NotFound):
            store.give_details(tenant, other, {"site": "East"}, by=ANA, now=NOW)


def test_records_are_listed_by_outcome_status_time_and_what_they_lack(store: SqliteStore) -> None:
    day = timedelta(days=1)
    one = store.keep(T, assessment("notify"), by=ANA, now=NOW).number
    two = store.keep(T, assessment("do_not_notify"), by=ANA, now=NOW + day).number
    three = store.keep(T, assessment("do_not_notify"), by=ANA, now=NOW + 2 * day).number
    store.confirm(T, two, revision=1, role="MPE", by=BEN, now=NOW + 3 * day)
    store.add_note(T, three, "learnt", kind="learning", by=BEN, now=NOW + 3 * day)
    store.correct(T, one, assessment("undecided"), why="dose", expected=1, by=ANA, now=NOW + 4 * day)

    def listed(**given: Any) -> list[str]:
        assert store.count_records(T, **given) == len(store.records(T, **given))
        return [record.number for record in store.records(T, **given)]

    assert listed() == [three, two, one]
    assert listed(outcome="do_not_notify") == [three, two]
    assert listed(outcome="undecided") == [one]
    assert listed(status="provisional") == [three, one]
    assert listed(status="confirmed") == [two]
    assert listed(outcome="do_not_notify", lacking="learning") == [two]
    assert listed(since=NOW + day, until=NOW + 2 * day) == [two]
    assert [record.number for record in store.records(T, limit=1)] == [three]
    assert [record.number for record in store.records(T, limit=1, offset=2)] == [one]


def test_another_tenants_record_is_not_found(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    for act in (
        lambda: store.record("other", number),
        lambda: store.revisions("other", number),
        lambda: store.notes("other", number),
        lambda: store.correct("other", number, assessment(), why="x", expected=1, by=ANA, now=NOW),
        lambda: store.confirm("other", number, revision=1, role="MPE", by=ANA, now=NOW),
        lambda: store.add_note("other", number, "x", by=ANA, now=NOW),
    ):
        with pytest.raises(NotFound, match="there is no record"):
            act()
    assert store.records("other") == ()
    assert store.audit("other") == ()


def test_a_revision_that_is_not_there_is_not_found(store: SqliteStore) -> None:
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    with pytest.raises(NotFound):
        store.record(T, number, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        Assessment({}, {"outcome": "notify"}),
        Assessment({"category": "diagnostic"}, {}),
        Assessment({"category": float("nan")}, {"outcome": "notify"}),
        Assessment({"category": {1, 2}}, {"outcome": "notify"}),
        Assessment({1: "x"}, {"outcome": "notify"}),  # type: ignore[dict-item]
    ],
)
def test_what_is_no_assessment_is_refused_and_takes_no_number(store: SqliteStore, wrong: Assessment) -> None:
    with pytest.raises(Invalid):
        store.keep(T, wrong, by=ANA, now=NOW)
    assert store.keep(T, assessment(), by=ANA, now=NOW).number == "2026-0001"
    assert store.verify() == []


def test_a_time_without_a_zone_is_refused(store: SqliteStore) -> None:
    with pytest.raises(Invalid, match="zone"):
        store.keep(T, assessment(), by=ANA, now=datetime(2026, 11, 23))  # noqa: DTZ001


def test_a_delivery_repeated_makes_one_record_and_tells_which(store: SqliteStore) -> None:
    once = Also(delivery="Ev123")
    number = store.keep(T, assessment(), by=ANA, now=NOW, also=once).number
    for _ in range(3):
        with pytest.raises(Duplicate) as error:
            store.keep(T, assessment(), by=ANA, now=NOW, also=once)
        assert error.value.result == number
    assert len(store.records(T)) == 1
    store.keep("other", assessment(), by=ANA, now=NOW, also=once)


def test_what_is_kept_takes_its_deadlines_with_it_and_drops_the_draft(store: SqliteStore) -> None:
    key = DraftKey("chat", "incidents", "U1")
    store.save_draft(T, key, {"facts": {}}, now=NOW)
    confirm = plan("confirm", NOW.date() + timedelta(days=7), 0)
    number = store.keep(
        T, assessment(), by=ANA, now=NOW, also=Also(deadlines=(confirm,), drop_draft=key)
    ).number
    assert store.draft(T, key) is None
    (deadline,) = store.deadlines(T, subject=number)
    assert (deadline.kind, deadline.state) == ("confirm", "open")
    store.confirm(T, number, revision=1, role="MPE", by=BEN, now=NOW, also=Also(meet=("confirm", "learning")))
    assert store.deadlines(T, subject=number) == ()
    assert states(store, number, "confirm") == {"+0d": "cancelled"}


def test_a_record_names_its_cases(store: SqliteStore) -> None:
    ref = open_case(store)
    assert store.record(T, "2026-0001").cases == (ref,)
    assert claim(store, NOW).items[0].subject == ref


def test_an_auditor_reads_a_record_with_plain_sql(store: SqliteStore, path: Path) -> None:
    number = store.keep(
        T,
        assessment(examination_intended="chest", equipment="CT 1", discovered_on="2026-11-20"),
        by=ANA,
        now=NOW,
    ).number
    store.confirm(T, number, revision=1, role="MPE", by=BEN, now=NOW)
    found = raw(path).execute(
        "select number, revision, status, outcome, codes, guidance_edition, what_happened, "
        "examination_intended, equipment, discovered_on, recorded_at, recorded_by_name "
        "from decision_record_latest"
    )
    assert found.fetchall() == [
        (number, 1, "confirmed", "notify", "2.2", "2023-04-19", "wrong patient scanned", "chest", "CT 1",
         "2026-11-20", "2026-11-23T09:00:00.000000Z", "Radiographer A")
    ]  # fmt: skip
