"""Looking after the file: the audit trail, verify, doctor, backup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from storage import masking, rows, verify
from storage.backup import Heads
from storage.case_deadlines import Deadlines
from storage.checkpoints import Checkpoint, KnownKeys, held_against, origin_of
from storage.errors import StoreError
from storage.fallbacks import undelivered
from storage.memory_model import BACKED_UP, AuditEntry, Health
from storage.model import BOT, UNLINKED, Json, Person
from storage.outbox_rows import OPEN
from storage.sql import Row, Sql
from storage.tables import APPEND_ONLY, AUDIT_KEY
from storage.times import moment, readable, stamp
from storage.unit_of_work import Work

# What is exported, and in which order its rows come; of the bot's own memory nothing is.
EXPORTED = {**APPEND_ONLY, "outbox": ("id",), "setting": ("key",), "audit": AUDIT_KEY}
AS_JSON = ("facts", "verdict", "sources", "body", "value", "detail")
LATEST = "select at from audit where tenant = ? order by seq desc limit 1"
LAST_OF = "select at from audit where tenant = ? and subject = '' and what = ? order by seq desc limit 1"
LATE = timedelta(minutes=15)
BEHIND = timedelta(minutes=5)  # by how much clocks may differ


class Upkeep(Deadlines):
    def log(
        self, tenant: str, what: str, subject: str, detail: Json, *, by: Person, now: datetime
    ) -> AuditEntry:
        with self._entry(tenant, BOT if tenant == UNLINKED else by, now) as work:
            plain = {key: value for key, value in detail.items() if key not in verify.OURS}
            masked = json.loads(masking.dump(plain))
            work.audit(masking.text(what), masking.text(subject), masked)
            row = work.sql.one("select * from audit where tenant = ? order by seq desc limit 1", tenant)
            return rows.entry(row or {})

    def audit(
        self, tenant: str, *, subject: str = "", after: int = 0, limit: int = 10_000
    ) -> tuple[AuditEntry, ...]:
        chosen = "and a.subject = ?" if subject else ""
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"""select a.*, r.text as said from audit a left join remark r on r.tenant = a.tenant
                and r.subject = a.subject and r.seq = a.seq
                where a.tenant = ? and a.seq > ? {chosen} order by a.seq limit ?""",
                tenant, after, *((subject,) if subject else ()), limit,
            )  # fmt: skip
            return tuple(map(rows.entry, found))

    @contextmanager
    def export(self, tenant: str, *, by: Person, now: datetime) -> Iterator[Iterator[Json]]:
        with ExitStack() as open_while_read:
            with self._entry(tenant, by, now) as work:
                # Begun while nobody else can write: all that was there before this entry, and no more.
                sql = open_while_read.enter_context(self._connections.as_it_is(tenant))
                entry = work.audit("exported", "", {})
            last = [_as_exported("audit", entry)]
            if self._witness is not None:
                head = Checkpoint(origin_of(tenant), entry["seq"], entry["hash"], stamp(now))
                if (made := self._witness.sign(head)) is not None:
                    last.append({"table": "checkpoint", "tenant": tenant, "note": made.note})
            yield chain(_rows(sql, tenant), last)

    def signs(self) -> bool:
        return self._witness is not None and self._witness.ready

    def not_signed(self) -> str:
        return self._witness.trouble if self._witness is not None else ""

    def held_to(self, text: str, keys: KnownKeys) -> list[str]:
        with self._connections.as_it_is(None) as sql:
            return list(held_against(sql, verify.tenants(sql), text, keys))

    def verify(self, *, now: datetime | None = None) -> list[str]:
        try:
            with self._connections.as_it_is(None) as sql:
                return self._problems(sql, now)
        except StoreError as error:  # too damaged to be read to the end
            return [str(error)]

    def _problems(self, sql: Sql, now: datetime | None) -> list[str]:
        """Where the database does not agree with its own trail, or is not as it was made."""
        raise NotImplementedError

    def _schema(self, sql: Sql) -> str:
        """The last step that it has been through."""
        raise NotImplementedError

    def _engine(self) -> tuple[str, bool]:
        """Its name and release, and whether several processes are safe on it."""
        raise NotImplementedError

    def _copied(self, path: Path, before: Heads, now: datetime) -> str:
        """Copies it all into a file, checks that, and says what is in it."""
        raise NotImplementedError

    def doctor(self, *, now: datetime) -> Health:
        unwatched = len(self.unwatched(None))
        with self._connections.as_it_is(None) as sql:
            found = self._problems(sql, now)
            schema = self._schema(sql)
        triggers = not any(problem.startswith("the trigger ") for problem in found)
        with self._connections.snapshot(None) as sql:
            overdue = sum(
                sql.value(
                    f"select count(*) from outbox where ripe = {ripe} and state in {OPEN} and planned_at < ?",
                    stamp(now - LATE),
                )
                for ripe in (0, 1)
            )
            dead = len(undelivered(sql, None))
            latest = _last_written(sql)
        if unwatched:
            found.append(
                f"{unwatched} open deadline{'' if unwatched == 1 else 's'} without a reminder to come"
            )
        if latest and moment(latest) > now + BEHIND:
            found.append(
                f"the clock says {stamp(now)}, but something was written at {latest}: "
                "set the clock right, or wait until then"
            )
        engine, for_several = self._engine()
        if not for_several:
            found.append(f"{engine} is older than 3.51.3: one process at a time")
        whole = not any("audit" in problem for problem in found)
        return Health(
            engine,
            for_several,
            schema,
            bool(self.older),
            triggers,
            whole,
            overdue,
            dead,
            unwatched,
            tuple(found),
        )

    def backup(self, path: Path, *, now: datetime) -> str:
        with self._connections.as_it_is(None) as sql:
            before = verify.heads(sql)
        told = self._copied(path, before, now)
        # Whoever takes a text out has to know where it stands still.
        with self._connections.write_into_the_trail(None) as sql:
            for tenant in before:
                Work(sql, tenant, BOT, now).audit(BACKED_UP, "", {"file": masking.machine(path.name)})
        return told

    def last_entry(self, what: str) -> datetime | None:
        with self._connections.read(None) as sql:
            found = max((sql.value(LAST_OF, one, what) or "" for one in verify.tenants(sql)), default="")
            return readable(found) if found else None

    def trail_rows(self) -> int:
        with self._connections.read(None) as sql:
            return sum(seq for seq, _ in verify.heads(sql).values())

    def last_written(self) -> datetime | None:
        with self._connections.read(None) as sql:
            found = _last_written(sql)
            return readable(found) if found else None

    def close(self) -> None:
        self._connections.close()


def _last_written(sql: Sql) -> str:
    return max((sql.value(LATEST, tenant) for tenant in verify.tenants(sql)), default="")


def _rows(sql: Sql, tenant: str) -> Iterator[Json]:
    for table, key in EXPORTED.items():
        if not sql.columns(table):  # of a later release
            continue
        mine = "+tenant = ?" if key == ("id",) else "tenant = ?"  # as they lie: no index is in that order
        for row in sql.each(f"select * from {table} where {mine} order by {', '.join(key)}", tenant):
            yield _as_exported(table, row)


def _as_exported(table: str, row: Row) -> Json:
    """What a column holds as JSON, as what it says; where it is damaged, as it stands."""
    opened: Row = {"table": table, **row}
    for name in AS_JSON:
        if name in row:
            try:
                opened[name] = json.loads(row[name])
            except ValueError:
                continue
    return opened
