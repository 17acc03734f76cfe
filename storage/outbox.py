"""Sending, with a lease, so that a ping is neither lost nor sent twice however a worker ends.

due → sending → sent; or back to due (definitely not posted), or unknown (perhaps posted: checked before it
is sent again). A lease that runs out leaves the row as "sending", which its next worker treats as unknown.
An open row waits by its time; once that has come it is made ripe, and among the ripe the earliest deadline
goes first.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from storage import gate, rows
from storage.connection import Row, Sql
from storage.model import BOT, Place
from storage.planning import OPEN, add_ping, current_deadline, insert_outgoing, plan_post
from storage.plans import Batch, Outgoing, PingPlan, PostPlan
from storage.times import moment, stamp
from storage.work import Base, Work

# How long after its lease has ended a row may be taken up: clocks of two processes differ a little.
SETTLE = timedelta(seconds=1)


class Outbox(Base):
    def claim(
        self, tenant: str | None, platform: str, *, worker: str, now: datetime, lease: timedelta,
        limit: int = 50, skip: Collection[str] = (),
    ) -> Batch | None:  # fmt: skip
        due = self.next_due(tenant, platform)
        if due is None or due > now:
            return None
        with self._connections.write() as sql:
            _ripen(sql, platform, now)
            chosen = _choose(sql, tenant, platform, stamp(now), limit, json.dumps(list(skip)))
            return _lease(sql, chosen, worker, now, lease) if chosen else None

    def sent(
        self, tenant: str, batch: Batch, *, message: str, now: datetime,
        then: Sequence[tuple[int, PingPlan]] = (),
    ) -> None:  # fmt: skip
        message = gate.machine(message)
        with self._work(tenant, BOT, now) as work:
            for item in batch.items:
                row = work.sql.one(
                    """update outbox set state = 'sent', sent_at = ?, message = ?, lease_by = null, ripe =
                    0, error = '' where tenant = ? and id = ? and state != 'sent' returning *""",
                    work.now, message, tenant, item.id,
                )  # fmt: skip
                if row is not None:
                    work.audit(f"{row['kind']} sent", row["subject"], {"key": row["key"], "message": message})
                    if row["remember"]:
                        _remember(work, row["subject"], batch.place, message)
            _plan_then(work, batch, then)

    def later(self, tenant: str, batch: Batch, *, at: datetime, error: str = "", now: datetime) -> bool:
        # What may have been posted by an earlier try is to be checked again whatever became of this one.
        return self._give_back(tenant, batch, "iif(before_claim = 'due', 'due', 'unknown')", at, error, now)

    def unknown(self, tenant: str, batch: Batch, *, at: datetime, error: str = "", now: datetime) -> bool:
        return self._give_back(tenant, batch, "'unknown'", at, error, now)

    def _give_back(
        self, tenant: str, batch: Batch, state: str, at: datetime, error: str, now: datetime
    ) -> bool:
        with self._work(tenant, BOT, now) as work:
            changed = 0
            for item in batch.items:
                changed += work.sql.run(
                    f"update outbox set state = {state}, ripe = 0, next_at = ?, error = ?, lease_by = null "
                    "where tenant = ? and id = ? and state = 'sending' and lease_by = ? and lease_until = ?",
                    stamp(at), gate.text(error), tenant, item.id, batch.worker, stamp(batch.lease_until),
                )  # fmt: skip
            return changed > 0

    def undeliverable(
        self, tenant: str, batch: Batch, *, error: str, fallback: Place | None, now: datetime,
        then: Sequence[tuple[int, PingPlan]] = (),
    ) -> bool:  # fmt: skip
        with self._work(tenant, BOT, now) as work:
            ended = []
            for item in batch.items:
                ended += work.sql.all(
                    "update outbox set state = 'dead', ripe = 0, error = ?, lease_by = null where tenant = ? "
                    "and id = ? and state = 'sending' and lease_by = ? and lease_until = ? returning *",
                    gate.text(error), tenant, item.id, batch.worker, stamp(batch.lease_until),
                )  # fmt: skip
            for row in ended:
                instead = _fall_back(work, row, fallback)
                detail = {"key": row["key"], "error": row["error"], "fallback": instead}
                work.audit(f"{row['kind']} undeliverable", row["subject"], detail)
            if ended:
                _plan_then(work, batch, then)
            return bool(ended)

    def post(self, tenant: str, plan: PostPlan, *, now: datetime) -> Outgoing:
        with self._work(tenant, BOT, now) as work:
            row = work.sql.one("select * from outbox where id = ?", plan_post(work, plan)) or {}
            return rows.outgoing(row)

    def next_due(self, tenant: str | None, platform: str) -> datetime | None:
        with self._connections.read() as sql:
            mine = "" if tenant is None else "and tenant = ?"
            values = (platform,) if tenant is None else (platform, tenant)
            for ripe in (1, 0):
                found = sql.value(
                    f"select next_at from outbox where platform = ? and ripe = {ripe} and state in {OPEN} "
                    f"{mine} order by {'due_on, ' if ripe else ''}next_at limit 1",
                    *values,
                )  # fmt: skip
                if found:
                    return moment(found)
            return None

    def outgoing(self, tenant: str, subject: str) -> tuple[Outgoing, ...]:
        with self._connections.read() as sql:
            found = sql.all(
                "select * from outbox where tenant = ? and subject = ? order by planned_at, id",
                tenant,
                subject,
            )
            return tuple(map(rows.outgoing, found))

    def undelivered(self, tenant: str | None) -> tuple[Outgoing, ...]:
        with self._connections.read() as sql:
            return tuple(map(rows.outgoing, undelivered(sql, tenant)))


def undelivered(sql: Sql, tenant: str | None) -> list[Row]:
    """Dead rows that matter still: nothing stands in for them, their deadline is open, no later ping got
    through."""
    return sql.all(
        f"""select * from outbox o where state = 'dead' and kind != 'update' and (?1 is null or tenant = ?1)
        and not exists (select 1 from outbox f where f.tenant = o.tenant and f.subject = o.subject
          and f.fallback_for = o.key and (f.state = 'sent' or f.state in {OPEN}))
        and (kind = 'post' or exists (select 1 from deadline_now d where d.tenant = o.tenant
          and d.subject = o.subject and d.kind = o.rule and d.state = 'open'))
        and not exists (select 1 from outbox p where p.tenant = o.tenant and p.subject = o.subject
          and p.rule = o.rule and p.kind = 'ping' and o.kind = 'ping' and p.state = 'sent'
          and p.planned_at >= o.planned_at)
        order by planned_at, id""",
        tenant,
    )  # fmt: skip


def _ripen(sql: Sql, platform: str, now: datetime) -> None:
    """Whatever's time has come; of several pings of one subject, rule and place the latest alone stays."""
    fresh = sql.all(
        f"""update outbox set ripe = 1 where platform = ? and ripe = 0 and state in {OPEN} and next_at <= ?
        returning tenant, subject, rule, kind, platform, conversation""",
        platform, stamp(now),
    )  # fmt: skip
    groups: dict[tuple[Any, ...], None] = {
        (row["tenant"], row["subject"], row["rule"], row["platform"], row["conversation"]): None
        for row in fresh
        if row["kind"] == "ping"
    }
    gone: dict[str, list[str]] = {}
    for group in groups:
        for row in sql.all(_SUPERSEDE, *group):
            gone.setdefault(row["tenant"], []).append(row["key"])
    for tenant, keys in gone.items():
        Work(sql, tenant, BOT, now).audit("pings superseded", "", {"keys": keys})


_SAME = "tenant = ?1 and subject = ?2 and rule = ?3 and platform = ?4 and conversation = ?5 and kind = 'ping'"
_SUPERSEDE = f"""
update outbox set state = 'superseded', ripe = 0
where {_SAME} and ripe = 1 and state in ('due', 'unknown') and (planned_at, id) < (
  select planned_at, id from outbox
  where {_SAME} and (ripe = 1 and state in ('due', 'unknown') or state in ('sending', 'sent'))
  order by planned_at desc, id desc limit 1)
returning tenant, key"""


def _choose(sql: Sql, tenant: str | None, platform: str, now: str, limit: int, skip: str) -> list[Row]:
    ripe = f"platform = ? and ripe = 1 and state in {OPEN}"
    mine = "" if tenant is None else "and tenant = ?"
    first = sql.one(
        f"select * from outbox where {ripe} and next_at <= ? "
        f"and conversation not in (select value from json_each(?)) {mine} "
        "order by due_on, next_at, id limit 1",
        platform, now, skip, *(() if tenant is None else (tenant,)),
    )  # fmt: skip
    if first is None or first["kind"] != "ping":
        return [first] if first else []
    place = (platform, first["tenant"], first["conversation"])
    if first["state"] != "due":
        # One message took these along when it was tried: they are looked for, and sent again, as one message.
        together, more = "state != 'due' and batch = ?", first["batch"]
    else:
        together, more = "state = 'due' and next_at <= ?", now
    return sql.all(
        f"select * from outbox where {ripe} and tenant = ? and conversation = ? and kind = 'ping' "
        f"and {together} order by due_on, next_at, id limit ?",
        *place, more, limit,
    )  # fmt: skip


def _lease(sql: Sql, chosen: list[Row], worker: str, now: datetime, lease: timedelta) -> Batch:
    first, until = chosen[0], now + lease
    again = first["state"] != "due"
    key = first["batch"] if again else first["key"]
    thread = first["batch_thread"] if again else _thread(sql, chosen)
    for row in chosen:
        sql.run(
            """update outbox set before_claim = state, state = 'sending', ripe = 0, next_at = ?, lease_by = ?,
            lease_until = ?, attempts = attempts + 1, first_try = iif(state = 'due', ?, first_try), batch = ?,
            batch_thread = ? where id = ?""",
            stamp(until + SETTLE), worker, stamp(until), stamp(now), key, thread, row["id"],
        )  # fmt: skip
    place = Place(first["platform"], first["conversation"], thread)
    items = tuple(_item(sql, row) for row in chosen)
    first_try = moment(first["first_try"]) if again else now
    return Batch(key, first["tenant"], place, items, again, first_try, until, worker)


def _item(sql: Sql, row: Row) -> Outgoing:
    known = _address(sql, row)
    message = str(known["message"]) if known and row["kind"] == "update" else ""
    seen = {
        "state": "sending",
        "attempts": row["attempts"] + 1,
        "thread": _own_thread(sql, row),
        "message": message,
    }
    return rows.outgoing(row | seen)


def _thread(sql: Sql, chosen: list[Row]) -> str:
    """The thread, where all belong to one subject; several subjects make one message in the conversation
    itself."""
    threads = {_own_thread(sql, row) for row in chosen}
    return threads.pop() if len(threads) == 1 else ""


def _own_thread(sql: Sql, row: Row) -> str:
    if row["thread"] or row["kind"] == "post":
        return str(row["thread"])
    known = _address(sql, row)
    return str(known["thread"] or known["message"]) if known else ""


def _address(sql: Sql, row: Row) -> Row | None:
    return sql.one(
        "select thread, message from address "
        "where tenant = ? and subject = ? and platform = ? and conversation = ?",
        row["tenant"], row["subject"], row["platform"], row["conversation"],
    )  # fmt: skip


def _remember(work: Work, subject: str, place: Place, message: str) -> None:
    remember(work, subject, Place(place.platform, place.conversation, place.thread or message), message)


def remember(work: Work, subject: str, place: Place, message: str) -> None:
    work.sql.run(
        """insert into address values (?, ?, ?, ?, ?, ?, ?) on conflict do update set thread =
        excluded.thread, message = excluded.message, at = excluded.at""",
        work.tenant, subject, gate.machine(place.platform), gate.machine(place.conversation),
        gate.machine(place.thread), message, work.now,
    )  # fmt: skip


def _plan_then(work: Work, batch: Batch, then: Sequence[tuple[int, PingPlan]]) -> None:
    items = {item.id: item for item in batch.items}
    for item_id, ping in then:
        item = items[item_id]
        deadline = current_deadline(work, item.subject, item.rule)
        if deadline and deadline["state"] == "open" and deadline["version"] == item.round:
            add_ping(work, deadline, ping)


def _fall_back(work: Work, row: Row, place: Place | None) -> str:
    """The key of what is sent instead. A fallback has no fallback of its own: `undelivered` shows it."""
    if place is None or row["kind"] == "update" or row["fallback_for"]:
        return ""
    key = f"{row['key']}/fallback"
    if work.sql.value("select 1 from outbox where tenant = ? and key = ?", work.tenant, key):
        return key
    names = ("kind", "subject", "rule", "round", "offset", "due_on", "body", "escalation", "planned_at")
    insert_outgoing(
        work,
        {
            **{name: row[name] for name in names}, "tenant": work.tenant, "key": key, "remember": 0,
            "platform": gate.machine(place.platform), "conversation": gate.machine(place.conversation),
            "thread": gate.machine(place.thread), "fallback_for": row["key"], "next_at": work.now,
            "state": "due",
        },
    )  # fmt: skip
    return key
