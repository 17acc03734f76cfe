"""Whole lives over a server as over a file: the model, stories, a server that goes away, statements."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from storage.databases import open_database
from storage.errors import ServerGone, StoreError, Unsettled
from storage.postgres import sql as postgres_sql
from storage.postgres.dialect import statement
from storage.postgres.server import ServerAddress
from storage.postgres.store import PostgresStore
from storage.sqlite import SqliteStore
from storage.verbs import Verbs
from tests.storage.helpers import ANA, NOW, T, assessment, open_case
from tests.storage.test_model import StoreAndModel
from tests.stories import play, stories
from tests.terminal.player import TerminalPlayer
from tools.postgres import SERVES, Databases

STORIES = (
    "a case is opened, pinged, notified, reported and closed",
    "a wrong patient's CT in England at 5 mSv is notified by code 1",
)


@pytest.fixture
def address(postgres: Databases, served: tuple[str, Verbs]) -> ServerAddress:
    """Of the database that the tests share, with nothing in it."""
    postgres.wipe(served[0])
    return ServerAddress(postgres.address(served[0], SERVES))


def opened(address: ServerAddress) -> PostgresStore:
    return PostgresStore(address, own_clock=False)


def test_the_model_says_the_same_of_a_server(postgres: Databases, address: ServerAddress) -> None:
    class OnAServer(StoreAndModel):
        def __init__(self) -> None:
            postgres.wipe(address.name)
            super().__init__()

        def opened(self) -> Verbs:
            return opened(address)

    few = settings(max_examples=4, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(OnAServer, settings=few)


def test_a_server_that_goes_away_under_a_verb_leaves_nothing_half_done(
    postgres: Databases, address: ServerAddress, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """At one statement after the other: one line, nothing kept, and the next verb as if it had not been."""
    store = opened(address)
    open_case(store)
    before = len(store.audit(T))
    left, sent = [0], psycopg.Cursor.execute

    def cut(cursor: psycopg.Cursor, *given: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            postgres.cut(address.name)
        return sent(cursor, *given, **more)

    tried = 0
    for at in range(2, 40, 4):
        with monkeypatch.context() as patch:
            left[0] = at
            patch.setattr(psycopg.Cursor, "execute", cut)
            try:
                open_case(store)
            except ServerGone as gone:
                tried += str(gone).endswith("went away: nothing was changed; try again")
            except Unsettled as unsettled:  # at the commit itself
                tried += "it is not known whether" in str(unsettled)
            else:
                break  # it came to its end before
        assert left[0] <= 0, "it went wrong before the server was cut off"
        assert len(store.audit(T)) == before
    assert tried >= 5
    assert "error ignored" not in caplog.text
    assert store.verify() == []
    store.close()


def test_writers_of_one_organisation_queue_and_those_of_others_do_not(address: ServerAddress) -> None:
    store = opened(address)
    holding, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with store._connections.write(T):
            holding.set()
            go_on.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    assert holding.wait(20)
    assert store.keep("another", assessment(), by=ANA, now=NOW).number == "2026-0001"
    waiting = [threading.Thread(target=store.keep, args=(T, assessment()), kwargs={"by": ANA, "now": NOW})
               for _ in range(4)]  # fmt: skip
    for one in waiting:
        one.start()
    assert store.count_records(T) == 0
    go_on.set()
    for one in (*waiting, holder):
        one.join()
    assert [record.number for record in store.records(T)] == [f"2026-000{n}" for n in (4, 3, 2, 1)]
    assert store.verify() == []
    store.close()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Any, ...]]:
    """Every statement that goes to a server, with values of it."""
    found: dict[str, tuple[Any, ...]] = {}
    sent = psycopg.Cursor.execute

    def noted(cursor: psycopg.Cursor, text: Any, values: Any = None, **more: Any) -> Any:
        if values is not None:
            found[str(text)] = tuple(values)
        return sent(cursor, text, values, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)
    return found


@pytest.mark.parametrize("story", [one for one in stories() if one.name in STORIES])
def test_a_whole_story_is_played_over_a_server_and_no_statement_walks_through_what_lies_behind(
    story: Any, address: ServerAddress, said: dict[str, tuple[Any, ...]], tmp_path: Path
) -> None:
    """EXPLAIN of each of its statements, on both: by an index, but where a table is small by nature."""
    player = TerminalPlayer(address, story.now, story.nation, opened)
    play(story, player)
    assert player.store.verify() == []
    player.store.close()
    originals = {statement(text): text for text in _worded}
    file, store = SqliteStore(tmp_path / "irmer.sqlite"), opened(address)
    looked = 0
    with file._connections.read(None) as here, store._connections.read(T) as there:
        there.run("set local enable_seqscan = off")
        for text, values in list(said.items()):
            original = originals.get(text, "")
            if not original.lstrip().startswith(("select", "insert", "update", "delete")) or _of_a_server(
                text
            ):
                continue
            plan = " ".join(row["detail"] for row in here.all(f"explain query plan {original}", *values))
            assert there.all(f"explain {original}", *values)
            looked += 1
            walked = [
                part for part in plan.split("SCAN ")[1:] if part.split()[0] in LONG and "USING" not in part
            ]
            assert not walked, (original, plan)
    file.close()
    store.close()
    assert looked > 30


def _of_a_server(text: str) -> bool:
    return any(
        word in text
        for word in (
            "skip locked",
            "pg_",
            "information_schema",
            "current_setting",
            "set_config",
            "schema_step",
        )
    )


LONG = ("audit", "outbox", "decision_record", "case_step", "deadline", "note", "confirmation", "remark")
_worded: dict[str, None] = {}


@pytest.fixture(autouse=True)
def worded(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = postgres_sql.statement

    def noted(text: str) -> str:
        _worded[text] = None
        return whole(text)

    monkeypatch.setattr(postgres_sql, "statement", noted)


def test_a_file_and_a_server_are_opened_by_one_name(address: ServerAddress, tmp_path: Path) -> None:
    for where in (address, tmp_path / "irmer.sqlite"):
        store = open_database(where)
        assert store.tenants() == ()
        store.close()
    with pytest.raises(StoreError):
        open_database(ServerAddress("postgresql:///none?host=/nowhere"))
