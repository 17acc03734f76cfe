from datetime import timedelta
from pathlib import Path

import pytest

from storage.errors import Conflict, Duplicate, Invalid, NotFound
from storage.memory_model import DraftKey
from storage.model import Destination
from storage.plans import Also
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, BEN, NOW, T, assessment, open_case, several_processes

pytestmark = pytest.mark.both_stores

KEY = DraftKey("chat", "incidents", "U1")


def test_a_delivery_is_new_once_for_each_tenant(store: SqliteStore) -> None:
    assert [store.first_time(T, "Ev1", now=NOW) for _ in range(4)] == [True, False, False, False]
    assert store.first_time("other", "Ev1", now=NOW)
    assert store.first_time(T, "Ev2", now=NOW, result="2026-0001")
    came = [
        store.came_of(tenant, key) for tenant, key in ((T, "Ev2"), (T, "Ev1"), (T, "Ev3"), ("other", "Ev2"))
    ]
    assert came == ["2026-0001", "", "", ""]


def test_old_deliveries_are_forgotten_when_asked(store: SqliteStore) -> None:
    for user, seconds, first in (("U1", 0, True), ("U2", 1, True), ("U1", 5, False), ("U1", 6, True)):
        when = NOW + timedelta(seconds=seconds)
        assert store.first_time(T, f"again:{user}", now=when, within=timedelta(seconds=5.5)) == first
    store.first_time(T, "again:U1", now=NOW + timedelta(days=90), within=timedelta(seconds=5))
    assert store.first_time(T, "again:U1", now=NOW, within=timedelta(seconds=5))  # a clock was ahead
    assert store.forget_deliveries(T, before=NOW + timedelta(days=1), of="again:U1") == 1
    assert store.forget_deliveries(T, before=NOW + timedelta(days=1), of="again:") == 1
    store.first_time(T, "old", now=NOW)
    store.first_time(T, "new", now=NOW + timedelta(days=30))
    assert store.forget_deliveries(T, before=NOW + timedelta(days=1)) == 1
    assert store.first_time(T, "old", now=NOW)
    assert not store.first_time(T, "new", now=NOW)


@several_processes
def test_a_draft_is_taken_up_again_a_week_later_by_another_process(store: SqliteStore, path: Path) -> None:
    state = {"facts": {"category": "diagnostic"}, "asked": ["age_years"], "at": 3}
    store.save_draft(T, KEY, state, now=NOW)
    again = SqliteStore(path)
    found = again.draft(T, KEY)
    again.close()
    assert found is not None
    assert (found.state, found.version, found.updated_at) == (state, 1, NOW)


def test_a_draft_is_one_for_each_holder_in_a_conversation(store: SqliteStore) -> None:
    thread = DraftKey("chat", "incidents", "thread:17")
    store.save_draft(T, KEY, {"n": 1}, now=NOW)
    store.save_draft(T, thread, {"n": 2}, now=NOW + timedelta(seconds=1))
    assert [draft.state for draft in store.drafts(T)] == [{"n": 2}, {"n": 1}]
    assert [draft.key for draft in store.drafts(T, holder="U1")] == [KEY]
    assert store.drafts(T, platform="other") == ()
    assert store.draft("other", KEY) is None
    assert store.drop_draft(T, KEY)
    assert not store.drop_draft(T, KEY)
    assert [draft.key for draft in store.drafts(T)] == [thread]


def test_two_who_answer_at_the_same_moment_do_not_overwrite_each_other(store: SqliteStore) -> None:
    first = store.save_draft(T, KEY, {"n": 1}, now=NOW, expected=0)
    store.save_draft(T, KEY, {"n": 2}, now=NOW, expected=first.version)
    for expected in (0, 1):
        with pytest.raises(Conflict):
            store.save_draft(T, KEY, {"n": 3}, now=NOW, expected=expected)
    assert store.save_draft(T, KEY, {"n": 4}, now=NOW).version == 3


def test_a_discarded_draft_leaves_who_and_when_in_the_trail_and_nothing_that_it_said(
    store: SqliteStore,
) -> None:
    kept = store.save_draft(T, KEY, {"facts": {"account": "a fall in the ward"}}, now=NOW)
    with pytest.raises(Conflict, match="at the same moment"):
        store.discard_draft(T, KEY, by=BEN, now=NOW, expected=kept.version + 1)
    assert store.draft(T, KEY) == kept
    assert store.discard_draft(T, KEY, by=BEN, now=NOW, expected=kept.version)
    assert not store.discard_draft(T, KEY, by=BEN, now=NOW)
    (entry,) = store.audit(T)
    assert (entry.what, entry.by, entry.at) == ("draft discarded", BEN, NOW)
    assert entry.detail == {"platform": "chat", "conversation": "incidents", "holder": "U1"}
    assert store.draft(T, KEY) is None
    assert store.verify() == []


def test_a_record_is_kept_only_of_the_draft_that_was_seen(store: SqliteStore) -> None:
    seen = store.save_draft(T, KEY, {"n": 1}, now=NOW)
    moved = store.save_draft(T, KEY, {"n": 2}, now=NOW)
    for expected in (seen.version, 0):
        with pytest.raises(Conflict, match="at the same moment"):
            store.keep(T, assessment(), by=ANA, now=NOW, also=Also(drop_draft=KEY, draft_version=expected))
    assert store.records(T) == ()
    assert store.audit(T) == ()
    assert store.draft(T, KEY) == moved
    also = Also(delivery="view:1", drop_draft=KEY, draft_version=moved.version)
    store.keep(T, assessment(), by=ANA, now=NOW, also=also)
    assert store.draft(T, KEY) is None
    with pytest.raises(Duplicate):  # a second delivery of what was done is no conflict
        store.keep(T, assessment(), by=ANA, now=NOW, also=also)


def test_settings_are_kept_by_tenant_with_their_history(store: SqliteStore) -> None:
    store.set_setting(T, "nation", "england", by=ANA, now=NOW)
    store.set_setting(T, "nation", "wales", by=BEN, now=NOW)
    store.set_setting(T, "schedule", {"days": [7, 3, 1, 0], "hour": "09:00"}, by=ANA, now=NOW)
    assert store.settings(T) == {"nation": "wales", "schedule": {"days": [7, 3, 1, 0], "hour": "09:00"}}
    assert store.setting(T, "nation") == "wales"
    assert store.setting("other", "nation", "none") == "none"
    assert store.settings("other") == {}
    changes = [(entry.by, entry.detail) for entry in store.audit(T)]
    assert changes[1] == (BEN, {"setting": "nation", "was": "england", "is": "wales"})
    store.set_setting(T, "nation", None, by=ANA, now=NOW)
    assert store.setting(T, "nation") is None
    assert store.verify() == []


def test_a_setting_needs_a_name_and_a_json_value(store: SqliteStore) -> None:
    for key, value in (("", 1), ("x", {1, 2}), ("x", float("inf"))):
        with pytest.raises(Invalid):
            store.set_setting(T, key, value, by=ANA, now=NOW)
    assert store.settings(T) == {}


def test_tenants_are_those_with_a_trail(store: SqliteStore) -> None:
    assert store.tenants() == ()
    for tenant in ("b", "a", "c", "a"):
        store.log(tenant, "export", "", {}, by=ANA, now=NOW)
    assert store.tenants() == ("a", "b", "c")


def test_an_address_finds_its_subject_by_thread_or_message(store: SqliteStore) -> None:
    open_case(store)
    store.remember_address(T, "C26-0001", Destination("chat", "incidents", "t1"), "m1", now=NOW)
    store.remember_address(T, "C26-0001", Destination("other-chat", "room", "t2"), "m2", now=NOW)
    assert store.subject_at(T, Destination("chat", "incidents", "t1")) == "C26-0001"
    assert store.subject_at(T, Destination("chat", "incidents", "m1")) == "C26-0001"
    for nowhere in (
        Destination("chat", "incidents", "t2"),
        Destination("chat", "leads", "t1"),
        Destination("chat", "incidents"),
    ):
        assert store.subject_at(T, nowhere) is None
    assert store.subject_at("other", Destination("chat", "incidents", "t1")) is None
    assert {(address.place.platform, address.message) for address in store.addresses(T, "C26-0001")} == {
        ("chat", "m1"), ("other-chat", "m2"),
    }  # fmt: skip


def test_a_later_message_in_the_same_conversation_takes_the_address(store: SqliteStore) -> None:
    open_case(store)
    for n in (1, 2):
        store.remember_address(T, "C26-0001", Destination("chat", "incidents", f"t{n}"), f"m{n}", now=NOW)
    (address,) = store.addresses(T, "C26-0001")
    assert (address.place.thread, address.message) == ("t2", "m2")
    assert store.subject_at(T, Destination("chat", "incidents", "t1")) is None


def test_a_dead_conversation_comes_back_to_life_when_it_is_heard_of_again(store: SqliteStore) -> None:
    data = {"service_url": "https://smba.example/uk/", "bot": {"id": "28:1"}}
    store.remember_reference(T, "chat", "19:abc", data, now=NOW)
    store.mark_reference_dead(T, "chat", "19:abc", why="403", now=NOW)
    dead = store.reference(T, "chat", "19:abc")
    assert dead is not None
    assert (dead.dead, dead.why, dead.data) == (True, "403", data)
    store.remember_reference(T, "chat", "19:abc", data, now=NOW)
    alive = store.reference(T, "chat", "19:abc")
    assert alive is not None
    assert not alive.dead
    assert store.reference("other", "chat", "19:abc") is None


def test_nobody_gets_an_address_who_is_not_there(store: SqliteStore) -> None:
    with pytest.raises(NotFound):
        store.remember_address(T, "C26-0001", Destination("chat", "incidents"), "m1", now=NOW)
