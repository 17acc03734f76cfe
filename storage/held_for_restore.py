"""The file that a restore finds: whose it is, which numbers it has given, and held so that nobody opens it
meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from storage import verify
from storage.errors import InUse, NotADatabase, closed
from storage.file import (
    APPLICATION_ID,
    Connection,
    hold_alone,
    is_closed,
    sqlite3,
    translated,
    wal_safe,
)
from storage.sql import Sql

MAGIC = b"SQLite format 3\0"
FIRST_LOCK_BYTE, LOCK_BYTES = 0x40000000, 512  # sqlite.org/fileformat.html, the lock-byte page
CANNOT_TELL = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_FULL", "SQLITE_IOERR")
Numbers = dict[str, int]
"""Of each series ("2026", "C26") the last number that was given."""


@dataclass
class Trail:
    """What tells a tenant's trail from any other: how it begins. `at` is its last moment."""

    begins: str
    at: str = ""
    numbers: Numbers = field(default_factory=dict)


@dataclass
class There:
    """The file as it is found: `trails` None where it is not there, or too damaged to be read. `conn` holds
    it, so that nobody opens it meanwhile."""

    trails: Mapping[str, Trail] | None = None
    conn: Connection | None = None


@contextmanager
def held(path: Path) -> Iterator[There]:
    """Raises InUse, and NotADatabase where it is another program's."""
    if not path.exists() or path.stat().st_size == 0:
        yield There()
        return
    alone = None if wal_safe() else hold_alone(path)
    with translated(path):
        conn = sqlite3.connect(str(path), timeout=0, isolation_level=None)
    try:
        trails = _trails_alone(conn, path) if _looks_whole(path) else None
        if trails is None:
            conn.close()
            _refuse_open_elsewhere(path)
        yield There(trails, None if trails is None else conn)
    finally:
        conn.close()
        if alone is not None:
            alone.close()


def _looks_whole(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _trails_alone(conn: Connection, path: Path) -> Mapping[str, Trail] | None:
    """From here on nobody else can open it. None where it is too damaged."""
    try:
        conn.execute("pragma locking_mode=exclusive")
        if conn.execute("pragma application_id").fetchone()[0] != APPLICATION_ID:
            raise (
                closed(path)
                if is_closed(conn)
                else NotADatabase(f"{path} is another program's database: give the path of ours")
            )
        conn.execute("begin immediate")
        return trails_of(Sql(conn))
    except sqlite3.Error as error:
        name = str(getattr(error, "sqlite_errorname", ""))
        if name.startswith("SQLITE_BUSY"):
            raise _in_use(path) from None
        if name.startswith(CANNOT_TELL):  # which says nothing of what is in it
            with translated(path):
                raise
        return None


def _refuse_open_elsewhere(path: Path) -> None:
    """Whoever has a file in WAL mode open holds a lock on these bytes, damaged or not. No connection of this
    process may be open: closing it would drop the lock."""
    if sys.platform == "win32":  # a file that is open cannot be replaced there
        return
    import fcntl  # not on Windows

    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCK_BYTES, FIRST_LOCK_BYTE)
        except OSError:
            raise _in_use(path) from None


def _in_use(path: Path) -> InUse:
    return InUse(f"{path} is open in another process: stop irmer serve first")


def trails_of(sql: Sql) -> dict[str, Trail]:
    found: dict[str, Trail] = {}
    for tenant in verify.tenants(sql):
        begins = sql.value("select hash from audit where tenant = ? order by seq limit 1", tenant)
        at = sql.value("select at from audit where tenant = ? order by seq desc limit 1", tenant)
        rows = sql.all("select series, last from numbering where tenant = ?", tenant)
        found[tenant] = Trail(begins, at, {row["series"]: row["last"] for row in rows})
    return found


def beside(path: Path) -> tuple[Path, Path]:
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
