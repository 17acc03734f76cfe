"""A copy in the place of the file: nothing is sent twice, no number is given twice, and all of it is written
down; and where it cannot be done, one line says why and nothing was changed."""

from __future__ import annotations

import os
import shutil
import sqlite3 as plain
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from storage.errors import CannotOpen, Duplicate, InUse, Invalid, NewerSchema, NotADatabase, StoreError
from storage.file import CLOSED_ID, MIGRATION_SET
from storage.model import Person
from storage.restore import restore
from storage.sqlite import SqliteStore
from tests.storage.helpers import (
    ANA,
    BEN,
    DUE,
    NOW,
    ON_THE_DAY,
    T,
    assessment,
    claim,
    claims_nothing,
    keys,
    one_ping,
    open_case,
    plan,
    raw,
    serving,
    several_processes,
    states,
)
from tests.storage.test_audit import tamper

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LATER = ON_THE_DAY + timedelta(hours=3)


def files(path: Path) -> dict[str, bytes]:
    """What is there, byte for byte; what SQLite makes for itself while a file is open is not."""
    return {
        one.name: one.read_bytes()
        for one in path.parent.iterdir()
        if one.is_file() and not one.name.endswith("-shm")
    }


@pytest.fixture
def copy(path: Path, tmp_path: Path) -> Path:
    """A copy made before the ping of C26-0001 was due; then it was sent, and two more cases were opened."""
    store = SqliteStore(path)
    one_ping(store)
    made = tmp_path / "copy.sqlite"
    store.backup(made, now=NOW)
    store.sent(T, claim(store, ON_THE_DAY), message="m1", now=ON_THE_DAY)
    for _ in range(2):
        open_case(store)
    store.keep(T, assessment(), by=ANA, now=ON_THE_DAY)
    store.close()
    return made


def test_a_message_that_was_due_since_the_copy_is_looked_for_before_it_is_sent_again(
    path: Path, copy: Path
) -> None:
    told = restore(path, copy, last=None, by=BEN, now=LATER)
    assert "1 messages are looked for before they are sent again" in told
    store = SqliteStore(path)
    batch = claim(store, LATER)
    assert keys(batch) == [batch.key] == ["C26-0001/notify/1/+0d"]
    assert batch.check_first
    assert batch.first_try <= NOW
    store.sent(T, batch, message="m1", now=LATER)
    assert claims_nothing(store, LATER + DAY)
    assert store.verify(now=LATER) == []
    store.close()


def test_several_that_were_due_are_each_looked_for_in_the_thread_they_would_have_gone_to(
    path: Path, tmp_path: Path
) -> None:
    store = SqliteStore(path)
    refs = [open_case(store) for _ in range(2)]
    for number in range(2):
        store.sent(T, claim(store, NOW), message=f"card{number}", now=NOW)
    store.backup(tmp_path / "copy.sqlite", now=NOW)
    store.close()
    restore(path, tmp_path / "copy.sqlite", last=None, by=BEN, now=ON_THE_DAY)
    store = SqliteStore(path)
    batches = [claim(store, ON_THE_DAY)]
    store.sent(T, batches[0], message="found", now=ON_THE_DAY)
    batches.append(claim(store, ON_THE_DAY + MINUTE))
    assert [(batch.key, batch.place.thread, batch.check_first) for batch in batches] == [
        (f"{ref}/notify/1/+0d", f"card{n}", True) for n, ref in enumerate(refs)
    ]
    assert set(states(store, refs[0]).values()) == {"superseded", "sent"}
    store.close()


def test_a_number_that_was_given_since_the_copy_is_not_given_again(path: Path, copy: Path) -> None:
    told = restore(path, copy, last=None, by=BEN, now=LATER)
    assert "numbers go on after 2026-0004 and C26-0003" in told
    store = SqliteStore(path)
    assert store.keep(T, assessment(), by=ANA, now=LATER).number == "2026-0005"
    assert open_case(store) == "C26-0004"
    assert store.verify(now=LATER) == []
    store.close()


def test_all_of_it_is_in_the_trail(path: Path, copy: Path) -> None:
    restore(path, copy, last=("C26-0009",), by=BEN, now=LATER)
    store = SqliteStore(path)
    entry = store.audit(T)[-1]
    assert (entry.what, entry.by, entry.at) == ("restored", BEN, LATER)
    assert entry.detail["looked_for"] == ["C26-0001/notify/1/+0d"]
    assert entry.detail["skipped"] == {"2026": {"from": 1, "to": 4}, "C26": {"from": 1, "to": 9}}
    assert entry.detail["copy_ended"].startswith("2026-11-23T09:00")
    store.close()


def test_what_was_there_is_put_aside_whole(path: Path, copy: Path) -> None:
    told = restore(path, copy, last=None, by=BEN, now=LATER)
    (aside,) = path.parent.glob("irmer.sqlite.before-*")
    assert str(aside) in told
    assert not path.with_name("irmer.sqlite-wal").exists()
    before = SqliteStore(aside)
    assert [case.ref for case in before.cases(T)] == ["C26-0003", "C26-0002", "C26-0001"]
    assert states(before, "C26-0001") == {"+0d": "sent"}
    before.close()


def test_a_lost_database_wants_the_last_numbers_that_were_seen(path: Path, copy: Path) -> None:
    path.unlink()
    with pytest.raises(Invalid, match="name the last ones that were seen") as error:
        restore(path, copy, last=None, by=BEN, now=LATER)
    assert "\n" not in str(error.value)
    assert not path.exists()
    told = restore(path, copy, last=("c26-0005", "2026-0003"), by=BEN, now=LATER)
    assert "what was there" not in told
    store = SqliteStore(path)
    assert open_case(store) == "C26-0006"
    assert store.case(T, "C26-0006").records == ("2026-0004",)
    store.close()


def test_that_none_was_given_since_can_be_said(path: Path, copy: Path) -> None:
    path.unlink()
    assert "numbers go on as they were" in restore(path, copy, last=(), by=BEN, now=LATER)


@pytest.mark.parametrize("last", ["C26", "27", "C2026-0001", "wrong", "26-0001", "C26-00x1", "999 000 0018"])
def test_what_is_no_number_is_refused(path: Path, copy: Path, last: str) -> None:
    before = files(path)
    with pytest.raises(Invalid, match="is no number of a case or record"):
        restore(path, copy, last=(last,), by=BEN, now=LATER)
    assert files(path) == before


def test_a_damaged_database_is_restored_with_its_numbers_named(path: Path, copy: Path) -> None:
    path.write_bytes(b"\xff" * 8192)
    path.with_name("irmer.sqlite-wal").write_bytes(b"\xff" * 100)
    with pytest.raises(Invalid, match="name the last ones"):
        restore(path, copy, last=None, by=BEN, now=LATER)
    restore(path, copy, last=("C26-0003",), by=BEN, now=LATER)
    (aside, log) = sorted(path.parent.glob("irmer.sqlite.before-*"))
    assert aside.read_bytes() == b"\xff" * 8192
    assert log.name == f"{aside.name}-wal"
    store = SqliteStore(path)
    assert store.verify(now=LATER) == []
    store.close()


def test_a_copy_of_the_release_before_is_brought_up_to_date(path: Path, tmp_path: Path) -> None:
    golden = Path(__file__).parents[1] / "golden" / "0.1.sqlite"
    shutil.copy(golden, tmp_path / "copy.sqlite")
    told = restore(path, tmp_path / "copy.sqlite", last=(), by=BEN, now=LATER)
    assert "7 records, 5 cases; brought up to date from m001_first_release, an earlier release's; " in told
    store = SqliteStore(path)
    assert store.verify(now=LATER) == []
    assert {tenant for tenant in store.tenants() if store.audit(tenant)[-1].what == "restored"} == {
        "T0HOSPITAL", "local",
    }  # fmt: skip
    store.close()
    assert (tmp_path / "copy.sqlite").read_bytes() == golden.read_bytes()


def test_what_was_done_since_the_copy_is_named(path: Path, copy: Path) -> None:
    """It has to be entered again, by whoever knows of it."""
    told = restore(path, copy, last=None, by=BEN, now=LATER)
    assert "what people did since then is not in it, " in told
    assert (
        f"of {T}'s trail, about 2026-0002, 2026-0003, 2026-0004, C26-0002, C26-0003: enter it again" in told
    )
    assert "C26-0001" not in told.split("what people did")[1]  # there the bot alone did something
    assert "taken out" not in told
    store = SqliteStore(path)
    store.backup(path.with_name("next.sqlite"), now=LATER)
    store.close()
    assert "since then" not in restore(
        path, path.with_name("next.sqlite"), last=None, by=BEN, now=LATER + DAY
    )


def test_of_two_that_have_parted_what_the_copy_does_not_have_is_named(path: Path, copy: Path) -> None:
    store = SqliteStore(path)
    store.backup(path.with_name("later.sqlite"), now=LATER)
    store.close()
    restore(path, copy, last=None, by=BEN, now=LATER)
    store = SqliteStore(path)
    assert open_case(store) == "C26-0004"
    store.close()
    told = restore(path, path.with_name("later.sqlite"), last=None, by=BEN, now=LATER + DAY)
    assert "about 2026-0005, C26-0004: enter it again" in told


@pytest.mark.skipif(os.name != "posix", reason="links are for administrators there")
def test_where_the_path_is_a_link_what_it_leads_to_is_replaced(
    path: Path, copy: Path, tmp_path: Path
) -> None:
    """Else there are two from then on, and whoever serves by the other name serves the old one."""
    link = tmp_path / "link" / "irmer.sqlite"
    link.parent.mkdir()
    link.symlink_to(path)
    told = restore(link, copy, last=None, by=BEN, now=LATER)
    (aside,) = path.parent.glob("irmer.sqlite.before-*")
    assert (link.is_symlink(), aside.is_symlink(), str(aside) in told) == (True, False, True)
    store = SqliteStore(path)
    assert store.audit(T)[-1].what == "restored"
    store.close()


def test_a_restore_and_a_copy_are_nothing_to_be_entered_again(path: Path, copy: Path) -> None:
    restore(path, copy, last=None, by=BEN, now=LATER)
    assert "since then" not in restore(path, copy, last=None, by=BEN, now=LATER + DAY)


def test_what_was_taken_out_since_the_copy_is_named(path: Path, copy: Path) -> None:
    store = SqliteStore(path)
    store.redact(T, "2026-0001", "account", why="it names a person", by=ANA, now=LATER)
    store.close()
    told = restore(path, copy, last=None, by=BEN, now=LATER + MINUTE)
    assert "what was taken out since then stands in it again, about 2026-0001: take it out once more" in told


ROOT = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")


@ROOT
@pytest.mark.parametrize("lost", [False, True])
def test_what_root_restores_is_still_the_services(path: Path, copy: Path, lost: bool) -> None:
    for one in (path.parent, path):
        os.chown(one, 12345, 12345)
    if lost:
        path.unlink()
    restore(path, copy, last=(), by=BEN, now=LATER)
    assert (path.stat().st_uid, path.stat().st_gid, path.stat().st_mode & 0o777) == (12345, 12345, 0o600)


@ROOT
def test_what_root_makes_first_is_the_services(tmp_path: Path) -> None:
    folder = tmp_path / "irmer"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    SqliteStore(folder / "irmer.sqlite").close()
    assert (folder / "irmer.sqlite").stat().st_uid == 12345


# What cannot be restored


def refused(path: Path, copy: Path, error: type[StoreError], told: str, **given: object) -> None:
    before = files(path)
    arguments = {"last": None, "by": BEN, "now": LATER} | given
    with pytest.raises(error, match=told) as caught:
        restore(path, copy, **arguments)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert files(path) == before


def test_a_copy_that_is_not_there_is_refused(path: Path, copy: Path) -> None:
    refused(path, path.parent / "none.sqlite", CannotOpen, "there is no file")


def test_the_database_itself_is_no_copy(path: Path, copy: Path) -> None:
    refused(path, path, Invalid, "is the database itself")


def test_a_copy_that_is_no_database_is_refused(path: Path, copy: Path) -> None:
    copy.write_text("words " * 1000)
    refused(path, copy, NotADatabase, "is no copy of a database of ours")


def test_one_that_was_copied_to_a_server_is_named_as_that(path: Path, copy: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed.sqlite"
    shutil.copy(copy, closed)
    conn = raw(closed)
    conn.execute(f"pragma application_id={CLOSED_ID}")
    conn.close()
    refused(path, closed, StoreError, "was copied to a server and is closed")
    refused(closed, copy, StoreError, "was copied to a server and is closed")


def test_what_is_there_and_cannot_be_opened_is_not_taken_for_damaged(path: Path, copy: Path) -> None:
    """Where the numbers are asked for, whoever says none gives them twice."""
    folder = path.with_name("folder")
    folder.mkdir()
    for last in (None, ()):
        refused(folder, copy, StoreError, "cannot be opened", last=last)


@ROOT
@pytest.mark.parametrize("whose", ["database", "copy"])
def test_a_file_of_another_users_is_named_as_one_that_cannot_be_read(
    path: Path, copy: Path, whose: str
) -> None:
    with TemporaryDirectory() as name:
        ours = Path(shutil.copy(path, name)), Path(shutil.copy(copy, name))
        for one in (Path(name), ours[whose == "database"]):
            os.chown(one, 12345, 12345)
        os.seteuid(12345)
        try:
            with pytest.raises(StoreError, match=rf"{ours[whose == 'copy'].name} cannot be (read|opened)"):
                restore(*ours, last=(), by=BEN, now=LATER)
            assert {one.name for one in Path(name).iterdir()} == {one.name for one in ours}
        finally:
            os.seteuid(0)


def test_another_programs_database_is_refused_as_a_copy_and_as_what_is_there(path: Path, copy: Path) -> None:
    others = path.parent / "others.sqlite"
    conn = plain.connect(others)
    conn.execute("create table t (a)")
    conn.commit()
    conn.close()
    refused(path, others, NotADatabase, "is no copy of a database of ours")
    refused(others, copy, NotADatabase, "is another program's database")


def test_a_damaged_copy_is_refused(path: Path, tmp_path: Path) -> None:
    store = SqliteStore(path)
    for _ in range(20):
        store.keep(T, assessment(account="words " * 200), by=ANA, now=NOW)
    copy = tmp_path / "copy.sqlite"
    store.backup(copy, now=NOW)
    store.close()
    content = bytearray(copy.read_bytes())
    for page in range(4096, len(content), 4096):
        if b"words words" in content[page : page + 4096]:
            content[page : page + 100] = b"\xff" * 100
    copy.write_bytes(content)
    refused(path, copy, NotADatabase, "is damaged: give another backup")


def test_a_copy_that_somebody_changed_is_refused(path: Path, copy: Path) -> None:
    tamper(copy, "update decision_record set outcome = 'do_not_notify'")
    refused(path, copy, StoreError, "is not whole, and nothing was changed: decision_record/2026-0001/1")


def test_a_copy_that_a_later_version_wrote_is_refused(path: Path, copy: Path) -> None:
    conn = raw(copy)
    conn.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values (?, 'm999_later', '')",
        (MIGRATION_SET,),
    )
    conn.close()
    refused(path, copy, NewerSchema, "a later version of irmer-bot wrote this")


def test_a_copy_of_another_organisation_is_refused(path: Path, copy: Path, tmp_path: Path) -> None:
    for tenant in ("T0OTHER", T):  # under another name, and under the same
        theirs = tmp_path / f"{tenant}.sqlite"
        store = SqliteStore(theirs)
        store.keep(tenant, assessment(), by=Person("U9", "Another"), now=NOW)
        store.backup(tmp_path / f"{tenant}-copy.sqlite", now=NOW)
        store.close()
        theirs.unlink()
        refused(path, tmp_path / f"{tenant}-copy.sqlite", Invalid, "is another organisation's")


def test_an_empty_copy_is_refused(path: Path, copy: Path, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "new.sqlite")
    store.backup(tmp_path / "empty.sqlite", now=NOW)
    store.close()
    refused(path, tmp_path / "empty.sqlite", Invalid, "nothing was ever kept in it")


def test_a_copy_from_after_this_clock_is_refused(path: Path, copy: Path) -> None:
    refused(path, copy, Invalid, "set the clock right first", now=NOW - DAY)


@several_processes
def test_a_restore_while_a_server_runs_is_refused(path: Path, copy: Path) -> None:
    with serving(path):
        with pytest.raises(InUse, match="stop irmer serve first"):
            restore(path, copy, last=None, by=BEN, now=LATER)
        assert not list(path.parent.glob("*.before-*"))
    restore(path, copy, last=None, by=BEN, now=LATER)


@several_processes
def test_a_server_on_a_file_that_is_damaged_meanwhile_is_seen_too(path: Path, copy: Path) -> None:
    with serving(path) as server:
        with path.open("r+b") as file:
            file.write(b"\xff" * 100)
        with pytest.raises(InUse):
            restore(path, copy, last=(), by=BEN, now=LATER)
        server.kill()
        server.wait()
    restore(path, copy, last=("C26-0003",), by=BEN, now=LATER)


def test_a_second_restore_at_the_same_time_is_refused(path: Path, copy: Path) -> None:
    path.with_name("irmer.sqlite.restoring").touch()
    with pytest.raises(Duplicate, match="another restore is running, or was cut short"):
        restore(path, copy, last=None, by=BEN, now=LATER)


def fails(*args: object, **given: object) -> None:
    raise OSError(28, "no space left")


@pytest.mark.parametrize("step", ["os.link", "Path.replace"])
def test_whatever_fails_at_the_last_leaves_the_database_as_it_was(
    path: Path, copy: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.stat().st_ino
    with monkeypatch.context() as patched:
        patched.setattr(f"storage.restore.{step}", fails)
        with pytest.raises(OSError, match="no space left"):
            restore(path, copy, last=None, by=BEN, now=LATER)
    assert not [*path.parent.glob("*.restoring*"), *path.parent.glob("*.before-*")]
    assert path.stat().st_ino == before
    store = SqliteStore(path)
    assert store.case(T, "C26-0003").ref == "C26-0003"
    assert store.verify(now=LATER) == []
    store.close()


def test_a_damaged_database_keeps_its_log_where_the_last_step_fails(
    path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = path.with_name("irmer.sqlite-wal")
    path.write_bytes(b"\xff" * 8192)
    log.write_bytes(b"log")
    with monkeypatch.context() as patched:
        patched.setattr("storage.restore.Path.replace", fails)
        with pytest.raises(OSError, match="no space left"):
            restore(path, copy, last=(), by=BEN, now=LATER)
    assert (path.read_bytes(), log.read_bytes()) == (b"\xff" * 8192, b"log")
    assert not list(path.parent.glob("*.before-*"))


def test_deadlines_are_kept_and_their_reminders_go_on(path: Path, copy: Path) -> None:
    restore(path, copy, last=None, by=BEN, now=LATER)
    store = SqliteStore(path)
    assert [(one.subject, one.due_on) for one in store.deadlines(T)] == [("C26-0001", DUE)]
    assert store.unwatched(None) == ()
    store.set_deadlines(T, "C26-0001", [plan("notify", DUE, 0, 1)], by=ANA, now=LATER)
    assert states(store, "C26-0001") == {"+0d": "unknown", "+1d": "due"}
    assert store.verify(now=LATER) == []
    store.close()
