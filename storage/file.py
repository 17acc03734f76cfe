"""Opening the file: the one place that imports SQLite, since two copies of it in one process would drop
each other's locks. `sqlite3` here is pysqlite3 where that is installed, and Python's own elsewhere, as
sqlite-utils has it too."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import Busy, CannotOpen, DiskFull, InUse, NotADatabase, ReadOnly, StoreError, no_text

if TYPE_CHECKING:
    import sqlite3 as sqlite3
else:
    try:
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3


Connection = sqlite3.Connection
# Up to 3.51.2 two connections that write and checkpoint at the same moment can lose committed pages in WAL
# mode (sqlite.org/wal.html#walresetbug).
WAL_SAFE = (3, 51, 3)
APPLICATION_ID = 0x49524D52  # "IRMR"
CLOSED_ID = 0x49524D43  # "IRMC": all that it holds went on to a server; it is looked at and not written to
# In user_version: the file still has free pages of before an upgrade, and what was deleted in them.
TO_VACUUM = 1
MIGRATION_SET = "irmer-bot"
OLDEST = (3, 37)  # knows STRICT tables
TIMEOUT = 30.0
# As many as the store has, and more: one that is prepared anew costs up to ten times what it does.
STATEMENTS = 512
# Why no file can be made there, however much space there is.
NO_PLACE = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EEXIST,
    errno.ENOTDIR,
    errno.ENOENT,
    errno.ENAMETOOLONG,
)


def wal_safe() -> bool:
    return tuple(sqlite3.sqlite_version_info) >= WAL_SAFE


def create_privately(path: Path) -> None:
    """An empty file that only its owner can read; SQLite gives its side files the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if new:
            give_to_the_owner_of(path.parent, path)
    except IsADirectoryError:
        raise NotADatabase(f"{path} is a directory: give the path of a file") from None
    except OSError as error:
        if error.errno in NO_PLACE:
            raise ReadOnly(f"{path} cannot be written to ({error.strerror}): choose another place") from None
        raise cannot_write(path, error.strerror or str(error)) from None


def give_to_the_owner_of(known: Path, path: Path) -> None:
    """What root makes the service is to open. Anybody else's is their own."""
    if os.name == "posix" and os.geteuid() == 0:
        found = known.stat()
        os.chown(path, found.st_uid, found.st_gid)


def write_privately(path: Path, content: bytes, *, owner: Path) -> None:
    """A new file, whole or not at all, for its owner alone: whoever owns the other. Raises OSError."""
    made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(made, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        give_to_the_owner_of(owner, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def connect(path: Path) -> Connection:
    """A connection in the settings that all of ours have. Raises CannotOpen and ReadOnly."""
    if tuple(sqlite3.sqlite_version_info) < OLDEST:
        raise CannotOpen(f"SQLite {sqlite3.sqlite_version} is too old: install pysqlite3, or a newer Python")
    with translated(path):
        while True:
            before, conn = which(path), _opened(path)
            if which(path) == before:  # not while it waited for a restore, which puts another in its place
                break
            conn.close()
        try:
            prepare(conn)
        except BaseException:
            conn.close()
            raise
        return conn


def prepare(conn: Connection) -> None:
    _enter_wal(conn)
    for pragma in (
        "synchronous=full",
        "secure_delete=on",  # what is deleted leaves no byte
        "foreign_keys=on",
        "trusted_schema=off",
        "mmap_size=0",
        "cache_size=-16000",
    ):
        conn.execute(f"pragma {pragma}")


def which(path: Path) -> tuple[int, int]:
    """The file itself, whatever it is called."""
    found = path.stat()
    return found.st_dev, found.st_ino


def _opened(path: Path) -> Connection:
    conn = sqlite3.connect(
        str(path),
        timeout=TIMEOUT,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    try:
        _check_ours(conn, path)
    except BaseException:
        conn.close()
        raise
    return conn


def private_copy(conn: Connection) -> Connection:
    """What a file holds now, in one beside it that has no name and is gone with the connection. Not in
    memory: a service has little of that, and years of records may be more."""
    if os.name != "posix":  # where an open file keeps its name, memory has to do
        copy = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        conn.backup(copy)
        return copy
    _, _, path = conn.execute("pragma database_list").fetchone()
    handle, name = tempfile.mkstemp(prefix=".irmer-", dir=Path(path).parent)  # its owner's alone
    os.close(handle)
    try:
        if conn.in_transaction:
            with closing(connect(Path(path))) as another:
                another.execute("vacuum into ?", [name])
        else:
            conn.execute("vacuum into ?", [name])
        copy = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
        copy.execute("pragma journal_mode=off")  # it is thrown away where something goes wrong
        copy.execute("pragma cache_size=-16000")
    finally:
        Path(name).unlink()
    return copy


def _check_ours(conn: sqlite3.Connection, path: Path) -> None:
    tables = conn.execute("select count(*) from sqlite_schema").fetchone()[0]
    if tables and conn.execute("pragma application_id").fetchone()[0] not in (APPLICATION_ID, CLOSED_ID):
        raise NotADatabase(f"{path} is another program's database: give the path of a new file, or of ours")


def is_closed(conn: Connection) -> bool:
    return bool(conn.execute("pragma application_id").fetchone()[0] == CLOSED_ID)


def set_application_id(conn: Connection, given: int = APPLICATION_ID) -> None:
    conn.execute(f"pragma application_id={given}")


def _enter_wal(conn: sqlite3.Connection) -> None:
    """SQLite does not wait for a lock here, so we do."""
    give_up = time.monotonic() + TIMEOUT
    while True:
        try:
            conn.execute("pragma journal_mode=wal")
            return
        except sqlite3.OperationalError as error:
            if not _name(error).startswith("SQLITE_BUSY") or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def hold_alone(path: Path) -> sqlite3.Connection:
    """A lock that ends with this process, however it ends. Raises InUse."""
    lock = path.with_name(path.name + "-lock")
    create_privately(lock)
    conn = sqlite3.connect(str(lock), timeout=0, isolation_level=None, check_same_thread=False)
    try:
        conn.execute("pragma journal_mode=memory")
        conn.execute("begin exclusive")
    except sqlite3.OperationalError:
        conn.close()
        version = sqlite3.sqlite_version
        raise InUse(
            f"{path} is open in another process, and SQLite {version} is safe for one alone: "
            "stop that one, or install pysqlite3"
        ) from None
    return conn


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(path, error) from error
    except UnicodeEncodeError:
        raise no_text() from None


def _ours(path: Path, error: sqlite3.Error) -> StoreError:
    name = _name(error)
    if name == "SQLITE_FULL":
        return cannot_write(path, "no space left")
    # A quota or a limit on the file's size comes as this; pysqlite3 does not tell which I/O error it was.
    if name.startswith("SQLITE_IOERR"):
        return cannot_write(path, str(error))
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
        return ReadOnly(f"{path} or its directory is read-only: make both writable, or choose another place")
    if name.startswith("SQLITE_CANTOPEN"):
        return ReadOnly(
            f"{path} cannot be opened: it must be this user's, and its directory there and writable"
        )
    if name.startswith("SQLITE_NOTADB"):
        return NotADatabase(f"{path} is not a database: give the path of a new file, or of ours")
    if name.startswith("SQLITE_CORRUPT"):
        return NotADatabase(f"{path} is damaged ({error}): restore the latest backup")
    if name.startswith("SQLITE_BUSY"):
        return Busy(f"{path} was held by another process for {TIMEOUT:g} seconds: try again")
    return StoreError(f"{path}: {error}")


def cannot_write(path: Path, why: str) -> DiskFull:
    return DiskFull(f"{path} could not be written to ({why}): nothing was changed; make space and try again")


def _name(error: BaseException) -> str:
    return str(getattr(error, "sqlite_errorname", ""))
