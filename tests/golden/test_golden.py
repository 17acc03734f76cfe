"""A database of each release, made by that release's code, opens and means the same.

A release adds `<version>.sqlite`, `<version>.json` (what its own verbs told of it) and the script that made
them; none is ever changed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.actions.delivery_cards import CaseContents
from bot.slack.capabilities import FORMS
from storage.migrating import migrate
from storage.sqlite import SqliteStore
from tests.processes import chat, irmer_here

RELEASES = sorted(Path(__file__).parent.glob("*.sqlite"))
LATER = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(params=RELEASES, ids=lambda found: found.stem)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(request.param, tmp_path))


@pytest.fixture
def told(path: Path) -> dict[str, Any]:
    file = Path(__file__).with_name(f"{path.stem}.json")
    return dict(json.loads(file.read_text(encoding="utf-8")))


def meaning(store: SqliteStore) -> dict[str, Any]:
    """What the database says, by today's verbs, in the names of the JSON files."""
    tenants = {}
    for tenant in store.tenants():
        cases, records = store.cases(tenant), store.records(tenant)
        subjects = [*(case.ref for case in cases), *(record.number for record in records)]
        tenants[tenant] = {
            "cases": [asdict(case) for case in cases],
            "steps": {case.ref: [asdict(step) for step in store.steps(tenant, case.ref)] for case in cases},
            "records": [asdict(one) for record in records for one in store.revisions(tenant, record.number)],
            "notes": {one: [asdict(note) for note in store.notes(tenant, one)] for one in subjects},
            "deadlines": [asdict(one) for one in store.deadlines(tenant, state="", history=True)],
            "outgoing": {one: [asdict(row) for row in store.outgoing(tenant, one)] for one in subjects},
            "addresses": {one: [asdict(row) for row in store.addresses(tenant, one)] for one in subjects},
            "drafts": [asdict(draft) for draft in store.drafts(tenant)],
            "settings": store.settings(tenant),
            "audit": [asdict(entry) for entry in store.audit(tenant)],
        }
    return {
        "next_due": {face: store.next_due(None, face) for face in ("terminal", "slack", "teams")},
        "verify": store.verify(),
        "tenants": tenants,
        "unwatched": [(tenant, asdict(deadline)) for tenant, deadline in store.unwatched(None)],
        "undelivered": [one.key for one in store.undelivered(None)],
    }


def lost(was: Any, now: Any, where: str = "") -> list[str]:
    """What the release said and today's code does not; what a later release adds is nothing lost."""
    if isinstance(was, dict) and isinstance(now, dict):
        return [
            one
            for name, value in was.items()
            for one in (lost(value, now[name], f"{where}/{name}") if name in now else [f"{where}/{name}"])
        ]
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        return [one for n, value in enumerate(was) for one in lost(value, now[n], f"{where}/{n}")]
    return [] if was == now else [f"{where}: {was!r} is {now!r}"]


def test_the_database_of_the_release_before_is_there() -> None:
    assert "0.1" in [found.stem for found in RELEASES]


# What the trail of the first release held in words; they have left it, and stand in their rows alone.
WORDS = ("text", "correction_reason", "role", "note", "title", "authority_reference", "why")


def without_words(entry: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in entry["detail"].items() if name not in (*WORDS, "rows")}
    return entry | {"detail": kept}


def upgraded(path: Path) -> SqliteStore:
    migrate(path, now=LATER)
    return SqliteStore(path)


@pytest.mark.parametrize("opened", [upgraded, SqliteStore], ids=["upgraded", "as it is"])
def test_it_means_what_it_meant(path: Path, told: dict[str, Any], opened: Callable[[Path], Any]) -> None:
    store = opened(path)
    now = json.loads(json.dumps(meaning(store), default=str, ensure_ascii=False))
    store.close()
    for tenant, was in told["tenants"].items():  # opening it may add to the trail
        now["tenants"][tenant]["audit"] = now["tenants"][tenant]["audit"][: len(was["audit"])]
        was["audit"] = [without_words(entry) for entry in was["audit"]]
    assert told["verify"] == []
    assert lost(told, now) == []


def test_no_words_are_left_in_its_trail_nor_in_old_pages(path: Path, told: dict[str, Any]) -> None:
    entries = [entry for tenant in told["tenants"].values() for entry in tenant["audit"]]
    said = {entry["detail"].get(name) for entry in entries for name in WORDS} - {None, "", "mpe", "MPE"}
    assert len(said) > 10
    store = upgraded(path)
    trail = [entry for tenant in store.tenants() for entry in store.audit(tenant)]
    details = json.dumps([entry.detail for entry in trail], ensure_ascii=False)
    assert [one for one in said if one in details] == []
    assert [entry.said for entry in trail if entry.said] == ["on leave"]
    assert store.verify() == []
    copy = path.with_name("copy.sqlite")
    store.backup(copy, now=LATER)
    store.close()
    for file in (path, copy):
        found = file.read_bytes()
        for one in ("told by telephone", "two requests on one screen", "as the table has it", "on leave"):
            assert found.count(one.encode()) == 1  # in its own row


def test_every_kind_of_row_is_in_it(path: Path, told: dict[str, Any]) -> None:
    """A golden database that holds little would prove little."""
    rows = [row for tenant in told["tenants"].values() for row in tenant["outgoing"].values()]
    states = {one["state"] for row in rows for one in row}
    assert states == {"due", "sending", "unknown", "sent", "superseded", "cancelled", "dead"}
    steps = {
        step["kind"]
        for tenant in told["tenants"].values()
        for one in tenant["steps"].values()
        for step in one
    }
    assert {"open", "notify", "report", "close", "reopen", "stand_down", "assign", "redecide"} <= steps
    assert all(tenant[name] for tenant in told["tenants"].values() for name in ("drafts", "settings"))


def waiting(told: dict[str, Any]) -> set[str]:
    """The keys of what had not left yet."""
    rows = [row for tenant in told["tenants"].values() for row in tenant["outgoing"].values()]
    return {one["key"] for row in rows for one in row if one["state"] in ("due", "sending", "unknown")}


def test_what_waits_in_it_still_goes_out_with_its_case(path: Path, told: dict[str, Any]) -> None:
    store = upgraded(path)
    contents = CaseContents(store, FORMS)
    left = []
    for face in ("terminal", "slack"):
        at = LATER
        while batch := store.claim(None, face, worker="w", now=at, lease=timedelta(seconds=120), limit=50):
            assert contents.card(batch, at, repeat=False).title
            left += [item.key for item in batch.items]
            store.sent(batch.tenant, batch, message=f"m{len(left)}", now=at)
            at += timedelta(seconds=1)
    assert waiting(told) >= set(left)
    assert {key.split("/")[1] for key in left} >= {
        "notify",
        "report",
        "confirm",
        "learning",
        "card:slack:C0INCIDENTS#1",
    }
    assert store.next_due(None, "slack") is None
    assert store.verify() == []
    store.close()


def test_the_command_line_shows_what_is_in_it(path: Path, told: dict[str, Any]) -> None:
    local = told["tenants"]["local"]
    refs = [case["ref"] for case in local["cases"]]
    now = ("--now", "2026-11-10T15:00")
    status, out, err = chat(path, *(f"case {ref}" for ref in refs), "cases all", "due", args=now)
    assert (status, err) == (0, "")
    for case in local["cases"]:
        assert f"{case['ref']} {case['title']}" in out
    assert irmer_here("verify", database=path)[0] == 0


def test_the_check_that_was_not_finished_goes_on(path: Path) -> None:
    status, out, err = chat(path, "check", "yes", args=("--now", "2026-11-10T14:30"), LOGNAME="a.ward")
    assert (status, err) == (0, "")
    assert "is unfinished" in out
    assert "Was any exposure of this person intended?" in out


def test_a_role_of_before_that_holds_a_word_is_named_and_nobody_has_it(path: Path) -> None:
    status, out, _ = chat(path, "settings", "confirm 2026-0002 as MPE", args=("--now", "2026-11-10T14:30"))
    assert status == 0
    assert "Role_mpe names a.ward, who is nobody that is known here: name somebody else." in out
    assert "until then nobody confirms" in out
