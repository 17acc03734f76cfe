"""One connection that writes, one that reads, both safe to use from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storage import migrations
from storage.checkpoints import Checkpoint, Signed, origin_of
from storage.errors import StoreError, closed, moved_away, not_written_to
from storage.file import (
    TIMEOUT,
    Connection,
    connect,
    create_privately,
    hold_alone,
    is_closed,
    private_copy,
    sqlite3,
    translated,
    wal_safe,
    which,
)
from storage.model import Person
from storage.signing import Witness
from storage.sql import Sql
from storage.times import stamp
from storage.unit_of_work import Work

SCRUB_WAITS = 500  # milliseconds for whoever reads


class Connections:
    """`alone`: one process alone may have the file open; by default where this SQLite needs it.

    A file that has nothing in it gets its tables. One of an earlier release stays as it is: what is read is a
    copy of it that is brought up to date, of this process alone, made once it is wanted (of all that is kept,
    in memory) and completed by `complete`; what is written goes nowhere but into the trail, whose table is as
    the first release made it."""

    locks_each = Sql.locks_each

    def __init__(
        self, path: Path, *, alone: bool | None = None, complete: Callable[[Sql], object] = lambda _: None
    ) -> None:
        self.path, self._complete = path, complete
        self.older = ""  # how far its schema has come, where it is an earlier release's
        self._closed = False  # all of it went on to a server
        self.unscrubbed = False  # something was deleted, and the log still has it
        self._writing, self._reading = threading.RLock(), threading.RLock()
        create_privately(path)
        self._lock = hold_alone(path) if (not wal_safe() if alone is None else alone) else None
        self._writer: Connection | None = None
        self._reader: Connection | None = None
        try:
            self._writer = connect(path)
            self._file = which(path)
            with translated(path):
                self._closed = is_closed(self._writer)
                there = migrations.version(self._writer)
                if there and migrations.pending(self._writer):
                    self.older = there
                    return
                migrations.create(self._writer)
            self._reader = connect(path)
            self._reader.execute("pragma query_only=on")
        except BaseException:
            self.close()
            raise

    def read_a_copy(self, older: str) -> None:
        """From now on."""
        self.older = older
        if self._reader is not None:
            self._reader.close()
        self._reader = None

    def _copy(self) -> Connection:
        """The file as it is, brought up to date."""
        with closing(connect(self.path)) as conn:
            copy = private_copy(conn)
        try:
            if migrations.pending(copy):
                migrations.apply(copy)
            copy.execute("begin")
            self._complete(Sql(copy))
            copy.execute("commit")
        except BaseException:
            copy.close()
            raise
        return copy

    @contextmanager
    def write(self, tenant: str | None) -> Iterator[Sql]:
        """One transaction of one organisation's, or of every one's, taken at once (a deferred one could not
        be upgraded once another has written)."""
        if self.older:
            raise not_written_to(self.path, self.older)
        with self.write_into_the_trail(tenant) as sql:
            yield sql

    @contextmanager
    def write_into_the_trail(self, _tenant: str | None) -> Iterator[Sql]:
        """As `write`, also in a file of an earlier release: entries without words."""
        with self._writing, translated(self.path):
            conn = self._open(self._writer)
            if self._closed:
                raise closed(self.path)
            conn.execute("begin immediate")
            try:
                yield Sql(conn)
                conn.execute("commit")
            except BaseException:
                conn.rollback()
                raise

    @contextmanager
    def read(self, _tenant: str | None) -> Iterator[Sql]:
        """One snapshot."""
        with self._reading, translated(self.path):
            if self.older and self._reader is None:
                self._open(self._writer)
                self._reader = self._copy()
            conn = self._open(self._reader)
            if conn.in_transaction:  # within a snapshot of a copy, which nobody else writes to
                yield Sql(conn)
                return
            conn.execute("begin")
            try:
                yield Sql(conn)
            finally:
                conn.rollback()

    def data_version(self) -> int | None:
        """By the connection that reads, for which every write is another's. None while somebody reads."""
        if not self._reading.acquire(blocking=False):
            return None
        try:
            conn = self._reader
            if conn is None or self.older or conn.in_transaction:
                return None
            return int(conn.execute("pragma data_version").fetchall()[0][0])
        except sqlite3.Error:  # whoever reads is told of it
            return None
        finally:
            self._reading.release()

    @contextmanager
    def snapshot(self, tenant: str | None) -> Iterator[Sql]:
        """One snapshot by a connection of its own, for what takes long: nobody waits for it."""
        if self.older:
            with self.read(tenant) as sql:
                yield sql
            return
        with self.as_it_is(tenant) as sql:
            yield sql

    @contextmanager
    def as_it_is(self, _tenant: str | None) -> Iterator[Sql]:
        """A snapshot of the file itself, also where it is of an earlier release."""
        self._open(self._writer)
        with translated(self.path):
            conn = connect(self.path)
            try:
                conn.execute("pragma query_only=on")
                conn.execute("begin")
                conn.execute("select 1 from sqlite_schema").fetchone()  # which is when it begins
                yield Sql(conn)
            finally:
                conn.close()

    def scrub(self) -> bool:
        """No byte of what was deleted stays in the log beside the file. False where somebody reads just now:
        to be tried again."""
        with self._writing, translated(self.path):
            conn = self._open(self._writer)
            conn.execute(f"pragma busy_timeout={SCRUB_WAITS}")
            try:
                busy = conn.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
            finally:
                conn.execute(f"pragma busy_timeout={int(1000 * TIMEOUT)}")
            self.unscrubbed = bool(busy)
            return not busy

    def close(self) -> None:
        """The reader first: whoever closes last writes the log back into the file."""
        with self._writing, self._reading:
            if self.unscrubbed and self._writer is not None:
                with suppress(StoreError):  # another process has it open, and looks after it
                    self.scrub()
            for conn in (self._reader, self._writer):
                if conn is not None:
                    conn.close()
            if self._lock is not None:
                self._lock.close()
            self._reader = self._writer = self._lock = None

    def _open(self, conn: Connection | None) -> Connection:
        if conn is None:
            raise StoreError(f"{self.path} was closed")
        try:
            there = which(self.path) == self._file
        except FileNotFoundError:
            there = False
        if not there:  # what is written to a file without a name is gone with the process
            raise moved_away(self.path)
        return conn


class Links(Protocol):
    """What reaches a database, whichever it is: transactions of one organisation's, or of every one's where
    None is given."""

    locks_each: bool
    """Whether each organisation has a lock of its own, where a file has one for all."""
    unscrubbed: bool

    @property
    def older(self) -> str: ...

    def write(self, tenant: str | None, /) -> AbstractContextManager[Sql]: ...

    def write_into_the_trail(self, tenant: str | None, /) -> AbstractContextManager[Sql]: ...

    def read(self, tenant: str | None, /) -> AbstractContextManager[Sql]: ...

    def snapshot(self, tenant: str | None, /) -> AbstractContextManager[Sql]: ...

    def as_it_is(self, tenant: str | None, /) -> AbstractContextManager[Sql]: ...

    def data_version(self) -> int | None: ...

    def scrub(self) -> bool: ...

    def close(self) -> None: ...


class Base:
    """What every part of the store has: its connections, and how to begin a write."""

    _connections: Links
    _witness: Witness | None = None

    def checkpoint(self, tenant: str, *, now: datetime) -> Signed | None:
        if self._witness is None or not self._witness.ready:
            return None
        reading = self._connections.as_it_is if self._connections.older else self._connections.read
        with reading(tenant) as sql:
            last = sql.one("select seq, hash from audit where tenant = ? order by seq desc limit 1", tenant)
        if last is None:
            return None
        return self._witness.sign(Checkpoint(origin_of(tenant), last["seq"], last["hash"], stamp(now)))

    @property
    def older(self) -> str:
        return self._connections.older

    @contextmanager
    def _work(self, tenant: str, by: Person, now: datetime) -> Iterator[Work]:
        with self._connections.write(tenant) as sql:
            work = Work(sql, tenant, by, now)
            yield work
            work.finish()
        self._connections.unscrubbed |= work.deleted

    @contextmanager
    def _entry(self, tenant: str, by: Person, now: datetime) -> Iterator[Work]:
        """As `_work`, for an entry in the trail and nothing else: also in a file of an earlier release."""
        with self._connections.write_into_the_trail(tenant) as sql:
            yield Work(sql, tenant, by, now)
