"""A file of an earlier release is brought up to date: alone, after a copy that was checked, or not at all.

Whoever only looks reads such a file as it is (`storage.connection`), so that the release before can go on
with it. Going back is to put the copy in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage import masking, migrations, register_anew, verify
from storage.backup import backup, partial, vacuum
from storage.errors import InUse, StoreError, closed
from storage.file import Connection, connect, hold_alone, is_closed, prepare, sqlite3, translated, wal_safe
from storage.model import BOT
from storage.register_rows import built_by_today
from storage.release import program_version
from storage.sql import Sql
from storage.unit_of_work import Work

DONE = "brought up to date"  # as the trail has it


@dataclass(frozen=True)
class Migrated:
    """`before` and `after` are the last steps that the schema has been through, `copy` the line of the copy
    that was made, and `wrong` what was wrong with the file before and is so still."""

    before: str
    after: str
    copy: str
    wrong: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        done = f"the database was brought up to date, from {self.before} to {self.after}"
        return (done, f"as it was: {self.copy}", *(f"wrong already before: {one}" for one in self.wrong))


def migrate(path: Path, *, now: datetime) -> Migrated | None:
    """None where there is nothing to do. Raises StoreError, and nothing was changed then: InUse while another
    process has the file open."""
    if not path.exists() or path.stat().st_size == 0 or not _due(path):
        return None
    lock = None if wal_safe() else hold_alone(path)
    try:
        with held_alone(path) as conn:
            return _migrated(conn, path, now)
    finally:
        if lock is not None:
            lock.close()


def list_anew(path: Path) -> tuple[str, ...]:
    """Makes the register's entries anew where any is not what its record says; what was done, in a line."""
    with translated(path), closing(connect(path)) as conn:
        if not migrations.version(conn) or migrations.pending(conn):
            return ()
        conn.execute("begin immediate")
        try:
            done = register_anew.as_the_records_say(Sql(conn))
            conn.execute("commit")
        except BaseException:
            conn.rollback()
            raise
    return done


def bring_up_to_date(path: Path, copy: str, now: datetime) -> str:
    """A file that nobody else has, and that is a copy already. The step that it had come to, "" where none
    was due."""
    with translated(path), closing(connect(path)) as conn:
        before, due = migrations.version(conn), migrations.pending(conn)
        _take_steps(conn, copy, now)
        return before if due else ""


def _due(path: Path) -> bool:
    with translated(path), closing(connect(path)) as conn:
        if is_closed(conn):
            raise closed(path)
        if not migrations.version(conn):
            return False
        if migrations.pending(conn) or not built_by_today(Sql(conn)):
            return True
        migrations.vacuum(conn)
        return False


def _migrated(conn: Connection, path: Path, now: datetime) -> Migrated | None:
    due, before = migrations.pending(conn), migrations.version(conn)
    if not due:  # the register's entries alone are made anew, or another was quicker
        _take_steps(conn, "", now)
        return None
    sql = Sql(conn)
    wrong = tuple(verify.problems(sql, now))
    copy = _free(path.with_name(f"{path.name}.before-{due[0].partition('_')[0]}"))
    partial(copy).unlink(missing_ok=True)  # of an upgrade that was cut short: nobody else is at it
    told = backup(lambda target: vacuum(conn, target), copy, verify.heads(sql), now, stands=wrong)
    try:
        _take_steps(conn, copy.name, now)
    except BaseException:
        copy.unlink(missing_ok=True)  # the file is as it was
        raise
    return Migrated(before, migrations.version(conn), told, wrong)


def _take_steps(conn: Connection, copy: str, now: datetime) -> None:
    """Every step, and what the trail says of it, in one transaction."""
    before = migrations.version(conn)
    sql = Sql(conn)
    conn.execute("begin immediate")
    try:
        if migrations.pending(conn):
            migrations.apply(conn)
            told = {"from": before, "to": migrations.version(conn), "program": program_version()}
            for tenant in verify.tenants(sql):
                Work(sql, tenant, BOT, now).audit(DONE, "", {**told, "file": masking.machine(copy)})
        register_anew.by_today(sql)
        conn.execute("commit")
    except (ValueError, TypeError, KeyError) as error:
        conn.rollback()
        raise StoreError(
            f"a row is damaged ({type(error).__name__}), and nothing was changed: irmer verify names it"
        ) from None
    except BaseException:
        conn.rollback()
        raise
    migrations.vacuum(conn)


def _free(path: Path) -> Path:
    """A name that no copy of an earlier upgrade has."""
    names = (path, *(path.with_name(f"{path.name}-{number}") for number in range(2, 100)))
    return next((name for name in names if not name.exists()), path)


@contextmanager
def held_alone(path: Path) -> Iterator[Connection]:
    """Nobody else has the file open, nor opens it until the block ends."""
    with translated(path):
        conn = sqlite3.connect(str(path), timeout=0, isolation_level=None)
        try:
            conn.execute("pragma locking_mode=exclusive")
            try:
                conn.execute("begin immediate")
                conn.rollback()
            except sqlite3.OperationalError as error:
                if not str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_BUSY"):
                    raise
                raise InUse(
                    f"{path} is of an earlier release, and open in another process: stop that one, and it is "
                    "brought up to date"
                ) from None
            prepare(conn)
            yield conn
        finally:
            conn.close()
