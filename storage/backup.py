"""A verified copy of the file, while others write."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from storage import verify
from storage.errors import CannotOpen, Duplicate, NotADatabase, ReadOnly, StoreError, closed
from storage.file import APPLICATION_ID, CLOSED_ID, Connection, cannot_write, sqlite3, translated
from storage.sql import Sql
from storage.times import stamp

Heads = dict[str, tuple[int, str]]


def backup(
    write: Callable[[Path], object], path: Path, before: Heads, now: datetime, *, stands: Sequence[str] = ()
) -> str:
    """One line that says what is in the copy, which `write` writes into an empty file. `before`: the heads of
    the trails, which it has to have; `stands`: what is known to be wrong in the original, and so in the
    copy."""
    making = partial(path)
    if path.exists():
        raise _taken(path)
    try:
        os.close(os.open(making, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise Duplicate(
            f"{making} is there: another backup is running, or was cut short; remove it"
        ) from None
    except OSError as error:
        raise ReadOnly(f"{making} cannot be written ({error.strerror}): choose another place") from None
    try:
        write(making)
        told = _checked(making, before, now, stands)
        os.link(making, path)  # unlike a rename, this does not overwrite what came there meanwhile
        sync(path.parent)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise cannot_write(path, error.strerror or str(error)) from None
    finally:
        making.unlink(missing_ok=True)
    return f"{path}: {told}, checked, {stamp(now)}"


def partial(path: Path) -> Path:
    """Where a copy is while it is made and checked."""
    return path.with_name(path.name + ".partial")


def copy_whole(copy: Path, target: Path) -> None:
    """A copy of a copy, which is only read. Raises NotADatabase where it is none of ours or cannot be read to
    its end."""
    try:
        with copy.open("rb"):
            conn = sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    except OSError as error:
        raise CannotOpen(f"{copy} cannot be read: {error.strerror}") from None
    try:
        which = conn.execute("pragma application_id").fetchone()[0]
    except sqlite3.Error:
        which = None
    if which != APPLICATION_ID:
        conn.close()
        if which == CLOSED_ID:
            raise closed(copy)
        raise NotADatabase(f"{copy} is no copy of a database of ours: give one that irmer backup made")
    try:
        vacuum(conn, target)
    except NotADatabase:
        raise NotADatabase(f"{copy} is damaged: give another backup") from None
    finally:
        conn.close()


def sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # cannot be opened there, and need not be
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def vacuum(conn: Connection, target: Path) -> None:
    """It reads one snapshot, and writers go on meanwhile."""
    with translated(target):
        conn.execute("vacuum into ?", [str(target)])
    sync(target)


def _taken(path: Path) -> Duplicate:
    return Duplicate(f"{path} is there already, and a backup overwrites nothing: give another name")


def _checked(copy: Path, before: Heads, now: datetime, stands: Sequence[str]) -> str:
    """What is in the copy. Raises StoreError where it is not whole."""
    with translated(copy):
        conn = sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)
        try:
            sql = Sql(conn)
            found = [one for one in verify.problems(sql, now, copy) if one not in stands]
            heads = verify.heads(sql)
            for tenant, (seq, chain_hash) in before.items():
                there = sql.value("select hash from audit where tenant = ? and seq = ?", tenant, seq)
                if there != chain_hash:
                    found.append(f"the audit trail of {tenant} is not that of the original")
            told = counted(sql)
        finally:
            conn.close()
    if found:
        raise StoreError(f"the copy is not whole and was removed: {found[0]}")
    last = "; ".join(f"{tenant} {seq} {chain_hash[:16]}" for tenant, (seq, chain_hash) in heads.items())
    return f"{told}, audit trail {last or 'empty'}"


def counted(sql: Sql) -> str:
    records = sql.value("select count(*) from decision_record where revision = 1")
    return f"{records} records, {sql.value('select count(*) from case_file')} cases"
