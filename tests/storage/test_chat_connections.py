"""Connections to chat platforms: made, made anew, taken away and ended, and their secrets sealed."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.chat_connection_model import ConnectionPlan
from storage.errors import Duplicate, Invalid, NotFound, StoreError
from storage.model import MACHINE, Person
from storage.secret_box import CannotUnseal, SecretBox, new_key
from storage.sqlite import SqliteStore
from tests.storage.helpers import NOW, T, raw

pytestmark = pytest.mark.both_stores
ROOT = Person("os:root", "root")
CANARY = "xoxb-canary-7d1f"
WARD = ConnectionPlan("slack", "A0IRMER", "T0WARD", "", "U0IRMER", "Ward", "chat:write", T)
KEY, OLD, OTHER = (urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"o", b"x"))
LATER = timedelta(hours=1)


@pytest.fixture
def box() -> SecretBox:
    return SecretBox([KEY])


def connected(store: SqliteStore, box: SecretBox, plan: ConnectionPlan = WARD, *, after=timedelta()) -> str:
    secrets = {"SLACK_BOT_TOKEN": CANARY, "SLACK_APP_TOKEN": "xapp-canary"}
    made = store.connect(plan, secrets, box, installed_at=NOW + after, by=ROOT, now=NOW + after)
    return made.id


def states(store: SqliteStore) -> dict[str, str]:
    return {one.id: one.state for one in store.connections()}


def told(store: SqliteStore, tenant: str) -> list[str]:
    return [
        f"{entry.what} {entry.subject or entry.detail.get('connection')}" for entry in store.audit(tenant)
    ]


def test_a_connection_is_kept_with_its_secrets_sealed_and_told_in_both_trails(
    store: SqliteStore, box: SecretBox, path: Path
) -> None:
    store.log(T, "begun", "", {}, by=ROOT, now=NOW)
    name = connected(store, box)
    (one,) = store.connections()
    assert (name, one.state, one.plan, one.installed_at) == ("slack-1", "live", WARD, NOW)
    assert [(row.name, box.open(name, row.name, row.sealed)) for row in store.sealed_secrets(name)] == [
        ("SLACK_APP_TOKEN", "xapp-canary"), ("SLACK_BOT_TOKEN", CANARY),
    ]  # fmt: skip
    assert told(store, MACHINE) == told(store, T)[1:] == ["connected slack-1"]
    assert store.verify() == []
    assert CANARY not in f"{box!r} {store.connections()} {store.sealed_secrets()}"
    store.close()
    assert not [file for file in path.parent.iterdir() if b"canary" in file.read_bytes()]


def test_the_same_app_in_the_same_place_is_the_same_connection_and_of_the_same_organisation(
    store: SqliteStore, box: SecretBox
) -> None:
    name = connected(store, box)
    store.end_connection(name, "revoked", "removed", by=ROOT, now=NOW)
    assert states(store) == {name: "revoked"}
    again = store.connect(
        replace(WARD, organisation=""), {"SLACK_BOT_TOKEN": "xoxb-2"}, box, installed_at=NOW + LATER, by=ROOT,
        now=NOW + LATER,
    )  # fmt: skip
    assert (again.id, again.state, again.organisation) == (name, "live", T)
    (kept,) = store.sealed_secrets(name)
    assert box.open(name, kept.name, kept.sealed) == "xoxb-2"
    assert connected(store, box, replace(WARD, team="T0OTHER")) == "slack-2"


def test_what_slack_tells_of_before_it_was_installed_anew_changes_nothing(
    store: SqliteStore, box: SecretBox
) -> None:
    store.log(T, "begun", "", {}, by=ROOT, now=NOW)
    name = connected(store, box, after=LATER)

    def revoked(after: timedelta) -> object:
        return store.end_connection(
            name, "revoked", "removed", told_at=NOW + after, by=ROOT, now=NOW + 2 * LATER
        )

    assert revoked(LATER - timedelta(seconds=1)) is None
    assert states(store) == {name: "live"}
    assert revoked(LATER + timedelta(seconds=1)) is not None
    assert revoked(LATER + timedelta(seconds=2)) is None, "it is so already"
    assert told(store, T)[1:] == ["connected slack-1", "connection revoked slack-1"]
    assert len(store.sealed_secrets(name)) == 2, "it may be taken again"


def test_another_app_in_the_workspace_takes_the_place_of_the_first_but_not_in_a_directory_of_many(
    store: SqliteStore, box: SecretBox
) -> None:
    connected(store, box)
    connected(store, box, replace(WARD, app="A0NEW"))
    assert states(store) == {"slack-1": "replaced", "slack-2": "live"}
    assert not store.sealed_secrets("slack-1")
    for app in ("app-one", "app-two"):
        connected(store, box, ConnectionPlan("teams", app, "directory"))
    assert states(store) | {"teams-1": "live", "teams-2": "live"} == states(store)


def test_an_end_leaves_no_byte_of_a_secret(store: SqliteStore, box: SecretBox, path: Path) -> None:
    name = connected(store, box)
    sealed = store.sealed_secrets(name)[0].sealed
    assert store.end_connection(name, "ended", "", by=ROOT, now=NOW)
    assert store.end_connection(name, "revoked", "late", by=ROOT, now=NOW) is None
    assert (states(store), store.sealed_secrets()) == ({name: "ended"}, ())
    assert store.verify() == []
    store.close()
    assert not [file for file in path.parent.iterdir() if sealed.encode() in file.read_bytes()]


def test_the_connection_of_the_environment_has_no_secret_and_is_nobodys_twin(
    store: SqliteStore, box: SecretBox
) -> None:
    store.connect(WARD, {}, None, id="slack", installed_at=NOW, by=ROOT, now=NOW)
    connected(store, box, replace(WARD, app="A0NEW"))
    assert states(store) == {"slack": "live", "slack-1": "live"}
    assert not store.sealed_secrets("slack")


def test_a_change_that_is_none_leaves_no_row(store: SqliteStore, box: SecretBox) -> None:
    store.log(T, "begun", "", {}, by=ROOT, now=NOW)
    name = connected(store, box)
    assert store.connection_changed(name, {"enterprise": ""}, by=ROOT, now=NOW) is None
    changed = store.connection_changed(name, {"enterprise": "E0TRUST"}, by=ROOT, now=NOW)
    assert changed
    assert (changed.plan.enterprise, changed.change) == ("E0TRUST", 2)
    assert told(store, T)[-1] == "connection changed slack-1"


def test_what_is_none_is_refused_in_a_line(store: SqliteStore, box: SecretBox) -> None:
    with pytest.raises(NotFound, match="there is no connection slack-9: irmer connect list"):
        store.end_connection("slack-9", "ended", "", by=ROOT, now=NOW)
    with pytest.raises(Invalid, match="one of: slack, teams"):
        connected(store, box, replace(WARD, platform="irc"))
    with pytest.raises(Invalid, match="own ids"):
        connected(store, box, replace(WARD, team="943 476 5919"))
    assert store.connections() == ()


# Keys


def test_a_sealed_text_in_another_row_is_refused(store: SqliteStore, box: SecretBox, path: Path) -> None:
    for team in ("T0ONE", "T0TWO"):
        connected(store, box, replace(WARD, team=team))
    conn = raw(path)
    there = {(row.connection, row.name): row.sealed for row in store.sealed_secrets()}
    for one, other in (("slack-1", "slack-2"), ("slack-2", "slack-1")):
        for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
            swap = "update chat_secret set sealed = ? where connection = ? and name = ?"
            conn.execute(swap, (there[other, name], one, name))
    conn.commit()
    conn.close()
    for row in store.sealed_secrets():
        with pytest.raises(CannotUnseal, match=f"{row.name} of {row.connection} was sealed for another row"):
            box.open(row.connection, row.name, row.sealed)


def test_a_new_key_seals_the_old_one_opens_and_rotate_seals_anew(store: SqliteStore) -> None:
    name = connected(store, SecretBox([OLD]))
    both = SecretBox([KEY, OLD])
    assert both.open(name, "SLACK_BOT_TOKEN", store.sealed_secrets(name)[1].sealed) == CANARY
    assert store.seal_anew(both, by=ROOT, now=NOW) == 2
    assert store.seal_anew(both, by=ROOT, now=NOW) == 0
    alone = SecretBox([KEY])
    assert {row.key_id for row in store.sealed_secrets()} == {alone.key_id}
    assert alone.open(name, "SLACK_BOT_TOKEN", store.sealed_secrets(name)[1].sealed) == CANARY
    assert told(store, MACHINE)[-1].startswith("secrets sealed anew")


def test_where_one_cannot_be_opened_none_is_sealed_anew(store: SqliteStore, box: SecretBox) -> None:
    connected(store, box)
    connected(store, SecretBox([OTHER]), replace(WARD, team="T0OTHER"))
    before = store.sealed_secrets()
    with pytest.raises(CannotUnseal, match="of slack-2 is sealed by a key that is not there"):
        store.seal_anew(SecretBox([OLD, KEY]), by=ROOT, now=NOW)
    assert store.sealed_secrets() == before


@pytest.mark.parametrize("text", ["", "\n", "no key", f"{KEY}x", "é" * 44])
def test_what_is_no_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(StoreError, match="a key of 44 characters a line") as refused:
        SecretBox.of(text)
    assert not text.strip() or text.strip() not in str(refused.value)


def test_a_new_key_stands_first_and_its_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "secrets.key"
    first = new_key(file)
    sealed = SecretBox.of(file.read_text()).seal("slack-1", "A", CANARY)
    second = new_key(file)
    now = SecretBox.of(file.read_text())
    assert (now.key_id, now.knows(first)) == (second, True)
    assert now.open("slack-1", "A", sealed) == CANARY
    assert file.stat().st_mode & 0o777 == 0o600
    file.with_name("secrets.key.new").touch()
    with pytest.raises(Duplicate):
        new_key(file)
    file.write_text("no key\n")
    file.with_name("secrets.key.new").unlink()
    with pytest.raises(StoreError, match="a key of 44 characters"):
        new_key(file)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_a_key_that_root_adds_is_still_the_services(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    new_key(path)
    os.chown(path, 12345, 12345)
    new_key(path)
    assert (path.stat().st_uid, len(path.read_text().split())) == (12345, 2)
