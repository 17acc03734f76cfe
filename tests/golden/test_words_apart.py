"""The upgrade that takes words out of the trail launders nothing: what was changed before it is told after
it, and so is what is done afterwards to entries that it left in another form."""

import json
import shutil
from pathlib import Path

import pytest

from storage.checkpoints import Checkpoint, origin_of
from storage.migrating import migrate
from storage.signing import SigningKeys, make_key
from storage.sqlite import SqliteStore
from tests.storage.helpers import NOW, raw
from tests.storage.test_audit import tamper

GOLDEN = Path(__file__).with_name("0.1.sqlite")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(GOLDEN, tmp_path))


def change(path: Path, statement: str) -> None:
    """In the file of the release before: its triggers are put aside and put back."""
    conn = raw(path)
    triggers = conn.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
    for name, _ in triggers:
        conn.execute(f"drop trigger {name}")
    assert conn.execute(statement).rowcount == 1
    for _, sql in triggers:
        conn.execute(sql)
    conn.close()


def upgraded(path: Path) -> SqliteStore:
    migrate(path, now=NOW)
    return SqliteStore(path)


def problems(path: Path) -> list[str]:
    store = upgraded(path)
    found = store.verify()
    store.close()
    return found


BEFORE = {
    "update note set text = 'nobody was told' where subject = 'C26-0001' and seq = 1":
    "note/C26-0001/1 of local is not what the audit trail says was written",
    "update decision_record set outcome = 'x' where tenant = 'local' and number = '2026-0001'":
    "decision_record/2026-0001/1 of local is not what the audit trail says was written",
    "update audit set by_name = 'X' where tenant = 'local' and seq = 3":
    "audit entry 3 of local has been changed",
    "update audit set detail = 'oops' where tenant = 'local' and seq = 3":
    "audit entry 3 of local is damaged: it says nothing that can be read",
}  # fmt: skip


@pytest.mark.parametrize("statement", BEFORE)
def test_what_was_changed_before_the_upgrade_is_told_after_it(path: Path, statement: str) -> None:
    change(path, statement)
    assert BEFORE[statement] in problems(path)


def test_what_is_done_to_the_entries_that_it_left_is_told(path: Path) -> None:
    assert problems(path) == []
    (last,) = raw(path).execute("select seq from audit where tenant = 'local' and what = 'erased'").fetchone()
    tamper(path, "update audit set by_name = 'X' where tenant = 'local' and seq = 3")
    told = (
        f"audit entry 1 to {last - 1}, which an upgrade had left in another form, of local has been changed"
    )
    assert problems(path) == [told]


def test_nobody_says_a_second_time_how_older_entries_are_to_be_read(path: Path) -> None:
    store = upgraded(path)
    (entry,) = [one for one in store.audit("local") if one.what == "erased"]
    last = store.audit("local")[-1]
    store.close()
    conn = raw(path)
    columns = "tenant, at, by_id, by_name, what, subject, detail"
    conn.execute(
        f"insert into audit ({columns}, seq, previous_hash, hash) select {columns}, ?, ?, 'x' "
        "from audit where tenant = 'local' and seq = ?",
        [last.seq + 1, last.hash, entry.seq],
    )
    conn.close()
    told = f"audit entry {last.seq + 1}, which would have others read anew, of local has been changed"
    assert told in problems(path)


def test_checkpoints_are_made_after_the_upgrade_and_hold(path: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "key")
    keys, store = SigningKeys.of(tmp_path / "key"), upgraded(path)
    last = store.audit("local")[-1]
    note = keys.sign(Checkpoint(origin_of("local"), last.seq, last.hash, "2026-11-29T09:00:00.000000Z")).note
    assert store.held_to(note, keys) == []
    store.close()


def test_entries_without_words_keep_their_form(path: Path) -> None:
    was = {
        seq: (detail, hashed)
        for seq, detail, hashed in raw(path).execute(
            "select seq, detail, hash from audit where tenant = 'local'"
        )
    }
    upgraded(path).close()
    for seq, detail, hashed in raw(path).execute(
        f"select seq, detail, hash from audit where tenant = 'local' and seq <= {max(was)}"
    ):
        assert hashed == was[seq][1]  # what was noted elsewhere still stands
        before = json.loads(was[seq][0])
        assert detail == was[seq][0] or "rows" in before or "why" in before
