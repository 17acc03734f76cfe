"""Looking after the file: the audit trail, verify, doctor, backup."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from storage import masking, migrations, rows, verify
from storage.deadlines import Deadlines
from storage.errors import Duplicate, ReadOnly, StoreError
from storage.fallbacks import undelivered
from storage.file import cannot_write, connect, sqlite3, translated, wal_safe
from storage.memory_model import AuditEntry, Health
from storage.model import Json, Person
from storage.outbox_rows import OPEN
from storage.sql import Row, Sql
from storage.tables import APPEND_ONLY, AUDIT_KEY
from storage.times import moment, stamp

# What is exported, and in which order its rows come; of the bot's own memory nothing is.
EXPORTED = {**APPEND_ONLY, "outbox": ("id",), "setting": ("key",), "audit": AUDIT_KEY}
AS_JSON = ("facts", "verdict", "sources", "body", "value", "detail")
LATEST = "select at from audit where tenant = ? order by seq desc limit 1"
LATE = timedelta(minutes=15)
BEHIND = timedelta(minutes=5)  # by how much clocks may differ


class Upkeep(Deadlines):
    def log(
        self, tenant: str, what: str, subject: str, detail: Json, *, by: Person, now: datetime
    ) -> AuditEntry:
        with self._work(tenant, by, now) as work:
            plain = {key: value for key, value in detail.items() if key not in verify.OURS}
            masked = json.loads(masking.dump(plain))
            work.audit(masking.text(what), masking.text(subject), masked)
            row = work.sql.one("select * from audit where tenant = ? order by seq desc limit 1", tenant)
            return rows.entry(row or {})

    def audit(
        self, tenant: str, *, subject: str = "", after: int = 0, limit: int = 10_000
    ) -> tuple[AuditEntry, ...]:
        chosen = "and subject = ?" if subject else ""
        with self._connections.read() as sql:
            found = sql.all(
                f"select * from audit where tenant = ? and seq > ? {chosen} order by seq limit ?",
                tenant, after, *((subject,) if subject else ()), limit,
            )  # fmt: skip
            return tuple(map(rows.entry, found))

    def export(self, tenant: str, *, by: Person, now: datetime) -> tuple[Json, ...]:
        with self._work(tenant, by, now) as work:
            work.audit("exported", "", {})
            return tuple(
                {"table": table, **_opened(row)}
                for table, key in EXPORTED.items()
                for row in work.sql.all(
                    f"select * from {table} where tenant = ? order by {', '.join(key)}", tenant
                )
            )

    def verify(self, *, now: datetime | None = None) -> list[str]:
        try:
            with self._connections.snapshot() as sql:
                return verify.problems(sql, now)
        except StoreError as error:  # too damaged to be read to the end
            return [str(error)]

    def doctor(self, *, now: datetime) -> Health:
        unwatched = len(self.unwatched(None))
        with self._connections.snapshot() as sql:
            found = verify.problems(sql, now)
            triggers = not any(problem.startswith("the trigger ") for problem in found)
            overdue = sum(
                sql.value(
                    f"select count(*) from outbox where ripe = {ripe} and state in {OPEN} and planned_at < ?",
                    stamp(now - LATE),
                )
                for ripe in (0, 1)
            )
            dead = len(undelivered(sql, None))
            schema = migrations.version(sql.conn)
            latest = max((sql.value(LATEST, tenant) for tenant in verify.tenants(sql)), default="")
        if unwatched:
            found.append(
                f"{unwatched} open deadline{'' if unwatched == 1 else 's'} without a reminder to come"
            )
        if latest and moment(latest) > now + BEHIND:
            found.append(
                f"the clock says {stamp(now)}, but something was written at {latest}: "
                "set the clock right, or wait until then"
            )
        if not wal_safe():
            found.append(f"SQLite {sqlite3.sqlite_version} is older than 3.51.3: one process at a time")
        chain = not any("audit" in problem for problem in found)
        return Health(
            sqlite3.sqlite_version,
            wal_safe(),
            schema,
            triggers,
            chain,
            overdue,
            dead,
            unwatched,
            tuple(found),
        )

    def backup(self, path: Path, *, now: datetime) -> str:
        partial = path.with_name(path.name + ".partial")
        _refuse_taken(path)
        with self._connections.read() as sql:
            before = verify.heads(sql)
        try:
            os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise Duplicate(
                f"{partial} is there: another backup is running, or was cut short; remove it"
            ) from None
        except OSError as error:
            raise ReadOnly(f"{partial} cannot be written ({error.strerror}): choose another place") from None
        try:
            _copy(self._connections.path, partial)
            told = _checked(partial, before, now)
            os.link(partial, path)  # unlike a rename, this does not overwrite what came there meanwhile
            _sync(path.parent)
        except FileExistsError:
            raise _taken(path) from None
        except OSError as error:
            raise cannot_write(path, error.strerror or str(error)) from None
        finally:
            partial.unlink(missing_ok=True)
        return f"{path}: {told}, checked, {stamp(now)}"

    def close(self) -> None:
        self._connections.close()


def _opened(row: Row) -> Row:
    """What a column holds as JSON, as what it says."""
    return row | {name: json.loads(row[name]) for name in AS_JSON if name in row}


def _refuse_taken(path: Path) -> None:
    if path.exists():
        raise _taken(path)


def _taken(path: Path) -> Duplicate:
    return Duplicate(f"{path} is there already, and a backup overwrites nothing: give another name")


def _copy(source: Path, target: Path) -> None:
    """VACUUM INTO from a connection of its own: it reads one snapshot, and writers go on meanwhile."""
    conn = connect(source)
    try:
        with translated(target):
            conn.execute("vacuum into ?", [str(target)])
    finally:
        conn.close()
    _sync(target)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # cannot be opened there, and need not be
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _checked(copy: Path, before: dict[str, tuple[int, str]], now: datetime) -> str:
    """What is in the copy. Raises StoreError where it is not whole."""
    with translated(copy):
        conn = sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)
        try:
            sql = Sql(conn)
            found = verify.problems(sql, now)
            heads = verify.heads(sql)
            for tenant, (seq, chain_hash) in before.items():
                if (
                    sql.value("select hash from audit where tenant = ? and seq = ?", tenant, seq)
                    != chain_hash
                ):
                    found.append(f"the audit trail of {tenant} is not that of the original")
            counts = {
                name: sql.value(f"select count(*) from {table}")
                for name, table in (("records", "decision_record_latest"), ("cases", "case_file"))
            }
        finally:
            conn.close()
    if found:
        raise StoreError(f"the copy is not whole and was removed: {found[0]}")
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    last = "; ".join(f"{tenant} {seq} {chain_hash[:16]}" for tenant, (seq, chain_hash) in heads.items())
    return f"{told}, audit trail {last or 'empty'}"
