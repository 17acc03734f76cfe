"""Claiming: what is due becomes ripe, what was overtaken is superseded, the first message gets a lease."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from storage import pacing, rows
from storage.model import BOT, Destination
from storage.outbox_rows import OPEN
from storage.pacing import SETTLE
from storage.plans import Batch, Outgoing
from storage.sql import Row, Sql
from storage.times import readable, stamp
from storage.unit_of_work import Work


class Wanted(NamedTuple):
    """See `storage.store_outbox.Outbox.claim`."""

    limit: int
    busy: Collection[str]
    fresh: bool
    some: tuple[str, ...] = ()  # of these organisations alone, where any is named


def ripen(sql: Sql, tenant: str | None, platform: str, now: datetime) -> None:
    """Whatever's time has come; of several pings of one subject, rule and place the latest alone stays."""
    those, values = waiting(platform, tenant, (), ripe=False)
    fresh = sql.tuples(
        f"update outbox as this set ripe = 1 where {those} and next_at <= ? "
        "returning tenant, subject, rule, kind",
        *values, stamp(now),
    )  # fmt: skip
    # Only by a row that has become ripe another is overtaken, or itself.
    about = sorted({one[:3] for one in fresh if one[3] == "ping"})
    gone: dict[str, list[str]] = {}
    for start in range(0, len(about), AT_ONCE):
        some = about[start : start + AT_ONCE]
        later = _SUPERSEDE.format(some=", ".join(["(?, ?, ?)"] * len(some)))
        for row in sql.all(later, *(value for one in some for value in one), stamp(now)):
            gone.setdefault(row["tenant"], []).append(row["key"])
    for tenant, keys in gone.items():
        Work(sql, tenant, BOT, now).audit("pings superseded", "", {"keys": sorted(keys)})


def whose_turn(
    sql: Sql, platform: str, now: datetime, lease: timedelta, which: Wanted
) -> tuple[str | None, str | None]:
    """Where each organisation has a lock of its own: of which something is to be made ripe first, and of
    which the first message is that is ripe."""
    those, values = waiting(platform, None, which.some, ripe=False)
    coming = sql.ahead(
        f"select tenant from outbox as this where {those} and next_at <= ? order by next_at limit 1",
        *values, stamp(now),
    )  # fmt: skip
    first = _first(sql, None, platform, now, lease, which)
    return next((str(row["tenant"]) for row in coming()), None), str(first["tenant"]) if first else None


AT_ONCE = 200  # subjects and rules in a statement
# The latest of them is never superseded itself, so it does not matter in which order the rows are looked at.
# What stands in for a message goes from place to place, so a later one that stands in is later anywhere; and
# what was sent ahead of its time, by a clock that was ahead, is not later yet, nor what was said of the date
# that the deadline had before. Worded so that both are found by their subject, whatever a server takes to be
# the shorter way.
_SUPERSEDE = """
update outbox as this set state = 'superseded', ripe = 0
where (tenant, subject, rule) in (values {some})
and ripe + 0 = 1 and state in ('due', 'unknown') and kind = 'ping' and (
  select 1 from outbox as later
  where later.tenant = this.tenant and later.subject = this.subject and later.rule = this.rule
    and later.round >= this.round and later.escalation = this.escalation and later.kind = 'ping' and (
      later.platform = this.platform and later.conversation = this.conversation
      or this.fallback_for != '' and later.fallback_for != '')
    and (later.planned_at, later.id) > (this.planned_at, this.id) and later.planned_at <= ?
    and (later.ripe = 1 and later.state in ('due', 'unknown') or later.state in ('sending', 'sent'))
  limit 1) is not null
returning tenant, key"""


def choose(
    sql: Sql, tenant: str | None, platform: str, now: datetime, lease: timedelta, which: Wanted
) -> list[Row]:
    first = _first(sql, tenant, platform, now, lease, which)
    if first is None or first["kind"] != "ping":
        return [first] if first else []
    place = (platform, first["tenant"], first["conversation"])
    if first["state"] != "due":
        # One message took these along when it was tried: they are looked for, and sent again, as one message.
        together, more = "state != 'due' and batch = ?", first["batch"]
    else:
        together, more = "state = 'due' and next_at <= ?", stamp(now)
    return sql.all(
        f"select * from outbox where platform = ? and ripe = 1 and state in {OPEN} and tenant = ? "
        f"and conversation = ? and kind = 'ping' and {together} "
        "order by due_on nulls first, next_at, id limit ?",
        *place, more, which.limit,
    )  # fmt: skip


def _first(
    sql: Sql, tenant: str | None, platform: str, now: datetime, lease: timedelta, which: Wanted
) -> Row | None:
    those, values = waiting(platform, tenant, which.some, ripe=True)
    only = f"and +this.tenant not in ({', '.join('?' * len(which.busy))})" if which.busy else ""
    only += " and this.state = 'due' and this.error = ''" if which.fresh else ""
    return sql.one(
        f"select * from outbox as this where {those} and next_at <= ? "
        f" and {pacing.FREE} {only} order by due_on nulls first, next_at, id limit 1",
        *values, stamp(now), *pacing.held(now, lease), *which.busy,
    )  # fmt: skip


def waiting(
    platform: str, tenant: str | None, some: Sequence[str], *, ripe: bool
) -> tuple[str, tuple[str, ...]]:
    """Rows `this` of a platform's that wait, of one organisation, of several or of all, and the values. One's
    are found by the index of whose they are, all by that of their order: a condition is worded as its index
    has it."""
    if tenant is not None:
        ours = f"this.tenant = ? and this.platform = ? and ripe {'> 0' if ripe else '< 1'}"
        return f"{ours} and state in {OPEN}", (tenant, platform)
    found = f"this.platform = ? and ripe = {int(ripe)} and state in {OPEN}"
    marks = ", ".join("?" * len(some))
    return found + (f" and this.tenant || '' in ({marks})" if some else ""), (platform, *some)


def lease(
    sql: Sql, chosen: list[Row], worker: str, now: datetime, length: timedelta, pace: timedelta
) -> Batch:
    first, until = chosen[0], now + length
    again = first["state"] != "due"
    asked = [_asked(sql, row) for row in chosen]
    items = tuple(_item(row, known()) for row, known in zip(chosen, asked, strict=True))
    # Several subjects make one message in the conversation itself. A second try goes where the first went.
    threads = {item.place.thread for item in items}
    thread = first["batch_thread"] if again else threads.pop() if len(threads) == 1 else ""
    key = first["batch"] if again else first["key"]
    sql.tell(
        f"""update outbox set before_claim = state, state = 'sending', ripe = 0, next_at = ?, lease_by = ?,
        lease_until = ?, attempts = attempts + 1,
        first_try = case when state = 'due' then ? else first_try end, batch = ?,
        batch_thread = ? where id in ({", ".join("?" * len(items))})""",
        stamp(until + SETTLE), worker, stamp(until), stamp(now), key, thread,
        *(item.id for item in items),
    )  # fmt: skip
    first_try = readable(first["first_try"], now) if again else now
    place = Destination(first["platform"], first["conversation"], thread)
    return Batch(key, first["tenant"], place, items, again, first_try, until, worker, pace)


def known_thread(sql: Sql, row: Row) -> str:
    """Where a message goes within its conversation: its own thread, or that of the card it is about."""
    known = _first_of(_asked(sql, row)())
    return str(row["thread"] or known["thread"] or known["message"])


def _asked(sql: Sql, row: Row) -> Callable[[], list[Row]]:
    """The posted card of a message's subject, or of the case of its record."""
    if row["kind"] == "post":
        return list
    return sql.ahead(
        "select thread, message from address where tenant = ? and subject in "
        "(select ? union all select ref from case_record where tenant = ? and number = ?) "
        "and +platform = ? and +conversation = ? order by subject = ? desc, at desc limit 1",
        *(row["tenant"], row["subject"]) * 2, row["platform"], row["conversation"], row["subject"],
    )  # fmt: skip


def _first_of(found: list[Row]) -> Row:
    return found[0] if found else {"thread": "", "message": ""}


def _own_message(row: Row) -> str:
    """Of an update that is not of the subject's card, but of a message that it names."""
    with suppress(ValueError, TypeError, AttributeError):
        return str(json.loads(row["body"]).get("message") or "")
    return ""


def _item(row: Row, found: list[Row]) -> Outgoing:
    known = _first_of(found)
    seen: Row = {"state": "sending", "attempts": row["attempts"] + 1}
    seen["thread"] = row["thread"] or known["thread"] or known["message"]
    if row["kind"] == "update":
        seen["message"] = _own_message(row) or known["message"]
    return rows.outgoing(row | seen)
