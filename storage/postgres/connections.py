"""A pool of connections to a PostgreSQL server, in the words of `storage.connection`.

A write begins with the lock of its organisation, as its first statement and at READ COMMITTED: so that what
it reads is what the one before it left. A snapshot that is older than the lock would not be. Whatever is set
ends with the transaction, so that a pooler between may give the connection to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from storage.postgres import server as servers
from storage.postgres.server import ServerAddress, translated
from storage.postgres.sql import PostgresSql, begin
from storage.sql import Sql

if TYPE_CHECKING:
    import psycopg

    Link = psycopg.Connection[tuple[Any, ...]]


class ServerConnections:
    """`own_clock`: leases go by the server's clock, and not by what whoever claims gives as now."""

    locks_each = True
    older = ""
    unscrubbed = False

    def __init__(self, server: ServerAddress, *, own_clock: bool = True) -> None:
        self.path, self._own_clock = server, own_clock
        self._pool = servers.pool(server)

    @contextmanager
    def write(self, tenant: str | None) -> Iterator[Sql]:
        with (
            translated(self.path),
            self._pool.connection() as conn,
            self._transaction(conn, tenant, writes=True) as sql,
        ):
            yield sql

    write_into_the_trail = write

    @contextmanager
    def read(self, tenant: str | None) -> Iterator[Sql]:
        with (
            translated(self.path),
            self._pool.connection() as conn,
            self._transaction(conn, tenant) as sql,
        ):
            yield sql

    @contextmanager
    def snapshot(self, tenant: str | None) -> Iterator[Sql]:
        """By a connection of its own, for what takes long."""
        conn = servers.connect(self.path)
        try:
            with translated(self.path), self._transaction(conn, tenant, long=True) as sql:
                yield sql
        finally:
            conn.close()

    as_it_is = snapshot

    def data_version(self) -> int | None:
        """The server would have to be asked, which is no less than to read."""
        return None

    @contextmanager
    def _transaction(
        self, conn: Link, tenant: str | None, *, writes: bool = False, long: bool = False
    ) -> Iterator[Sql]:
        try:
            if not writes:
                begin(conn, tenant, long=long)
                yield PostgresSql(conn, tenant, own_clock=self._own_clock)
                conn.execute("commit")
                return
            with ExitStack() as ending:
                # Most of a write asks for no answer, and need not wait for one.
                waiting = ending.enter_context(conn.pipeline())
                begin(conn, tenant, writes=True)
                yield PostgresSql(conn, tenant, own_clock=self._own_clock, waiting=waiting)
                with translated(self.path, committing=True):
                    conn.execute("commit")
                    ending.close()
        except BaseException:
            with suppress(Exception):  # the connection is lost, and with it all that was begun
                conn.execute("rollback")
            raise

    def scrub(self) -> bool:
        """The server sees to what lies in its files."""
        return True

    def close(self) -> None:
        self._pool.close()
