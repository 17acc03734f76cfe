"""Claiming: what is due becomes ripe, what was overtaken is superseded, the first message gets a lease."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from storage import rows
from storage.model import BOT, Destination
from storage.outbox_rows import OPEN
from storage.plans import Batch, Outgoing
from storage.sql import Row, Sql
from storage.times import readable, stamp
from storage.unit_of_work import Work

# How long after its lease has ended a row may be taken up: clocks of two processes differ a little.
SETTLE = timedelta(seconds=1)


def ripen(sql: Sql, platform: str, now: datetime) -> None:
    """Whatever's time has come; of several pings of one subject, rule and place the latest alone stays."""
    fresh = sql.run(
        f"update outbox set ripe = 1 where platform = ? and ripe = 0 and state in {OPEN} and next_at <= ?",
        platform, stamp(now),
    )  # fmt: skip
    gone: dict[str, list[str]] = {}
    for row in sql.all(_SUPERSEDE, platform, stamp(now)) if fresh else ():
        gone.setdefault(row["tenant"], []).append(row["key"])
    for tenant, keys in gone.items():
        Work(sql, tenant, BOT, now).audit("pings superseded", "", {"keys": sorted(keys)})


# The latest of them is never superseded itself, so it does not matter in which order the rows are looked at.
# What stands in for a message goes from place to place, so a later one that stands in is later anywhere; and
# what was sent ahead of its time, by a clock that was ahead, is not later yet. The index is of use only where
# its own condition stands word for word.
_SUPERSEDE = f"""
update outbox as this set state = 'superseded', ripe = 0
where platform = ?1 and ripe = 1 and state in {OPEN} and state != 'sending' and kind = 'ping' and exists (
  select 1 from outbox as later
  where later.tenant = this.tenant and later.subject = this.subject and later.rule = this.rule
    and later.escalation = this.escalation and later.kind = 'ping' and (
      later.platform = this.platform and later.conversation = this.conversation
      or this.fallback_for != '' and later.fallback_for != '')
    and (later.planned_at, later.id) > (this.planned_at, this.id) and later.planned_at <= ?2
    and (later.ripe = 1 and later.state in ('due', 'unknown') or later.state in ('sending', 'sent')))
returning tenant, key"""


def choose(
    sql: Sql, tenant: str | None, platform: str, now: datetime, limit: int, skip: Collection[str]
) -> list[Row]:
    ripe = f"platform = ? and ripe = 1 and state in {OPEN}"
    mine = "" if tenant is None else "and tenant = ?"
    first = sql.one(
        f"select * from outbox where {ripe} and next_at <= ? "
        f"and conversation not in (select value from json_each(?)) {mine} "
        "order by due_on, next_at, id limit 1",
        platform, stamp(now), json.dumps(list(skip)), *(() if tenant is None else (tenant,)),
    )  # fmt: skip
    if first is None or first["kind"] != "ping":
        return [first] if first else []
    place = (platform, first["tenant"], first["conversation"])
    if first["state"] != "due":
        # One message took these along when it was tried: they are looked for, and sent again, as one message.
        together, more = "state != 'due' and batch = ?", first["batch"]
    else:
        together, more = "state = 'due' and next_at <= ?", stamp(now)
    return sql.all(
        f"select * from outbox where {ripe} and tenant = ? and conversation = ? and kind = 'ping' "
        f"and {together} order by due_on, next_at, id limit ?",
        *place, more, limit,
    )  # fmt: skip


def lease(sql: Sql, chosen: list[Row], worker: str, now: datetime, length: timedelta) -> Batch:
    first, until = chosen[0], now + length
    again = first["state"] != "due"
    items = tuple(_item(sql, row) for row in chosen)
    # Several subjects make one message in the conversation itself. A second try goes where the first went.
    threads = {item.place.thread for item in items}
    thread = first["batch_thread"] if again else threads.pop() if len(threads) == 1 else ""
    key = first["batch"] if again else first["key"]
    sql.run(
        """update outbox set before_claim = state, state = 'sending', ripe = 0, next_at = ?, lease_by = ?,
        lease_until = ?, attempts = attempts + 1, first_try = iif(state = 'due', ?, first_try), batch = ?,
        batch_thread = ? where id in (select value from json_each(?))""",
        stamp(until + SETTLE), worker, stamp(until), stamp(now), key, thread,
        json.dumps([item.id for item in items]),
    )  # fmt: skip
    first_try = readable(first["first_try"], now) if again else now
    place = Destination(first["platform"], first["conversation"], thread)
    return Batch(key, first["tenant"], place, items, again, first_try, until, worker)


def known_thread(sql: Sql, row: Row) -> str:
    """Where a message goes within its conversation: its own thread, or that of the card it is about."""
    known = _known(sql, row)
    return str(row["thread"] or known["thread"] or known["message"])


def _known(sql: Sql, row: Row) -> Row:
    """The posted card of a message's subject, or of the case of its record."""
    found = None if row["kind"] == "post" else sql.one(
        "select thread, message from address where tenant = ?1 and subject in "
        "(select ?4 union all select ref from case_record where tenant = ?1 and number = ?4) "
        "and +platform = ?2 and +conversation = ?3 order by subject = ?4 desc, at desc limit 1",
        row["tenant"], row["platform"], row["conversation"], row["subject"],
    )  # fmt: skip
    return found or {"thread": "", "message": ""}


def _own_message(row: Row) -> str:
    """Of an update that is not of the subject's card, but of a message that it names."""
    with suppress(ValueError, TypeError, AttributeError):
        return str(json.loads(row["body"]).get("message") or "")
    return ""


def _item(sql: Sql, row: Row) -> Outgoing:
    known = _known(sql, row)
    seen: Row = {"state": "sending", "attempts": row["attempts"] + 1}
    seen["thread"] = row["thread"] or known["thread"] or known["message"]
    if row["kind"] == "update":
        seen["message"] = _own_message(row) or known["message"]
    return rows.outgoing(row | seen)
