"""What is to be sent (pings, posts, updates), written within another verb's transaction.

Whatever is written here gives back what the trail is to hold of it, by its key (`noted`): `verify` holds the
rows against that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from storage import masking
from storage.errors import Duplicate
from storage.model import Destination, Json
from storage.plans import PingPlan, PostPlan
from storage.sql import Row
from storage.times import at_local, stamp
from storage.unit_of_work import Work

# By which clocks may differ.
APART = timedelta(minutes=5)
LAST_MINUTE = time(23, 59)
OPEN = "('due', 'sending', 'unknown')"
FALLBACK = "/fallback"  # ends the key of what stands in for a message, after that one's own
Noted = dict[str, Json]
# As most pings have it.
_USUAL: tuple[tuple[str, Any], ...] = (
    ("kind", "ping"), ("due_on", None), ("body", "{}"), ("escalation", 0), ("remember", 0),
    ("fallback_for", ""),
)  # fmt: skip


def noted(row: Row) -> Noted:
    """By its key: when it is to go, where to, and whatever else is not usual in a ping."""
    told: dict[str, Any] = {"at": row["planned_at"], "to": [row["platform"], row["conversation"]]}
    told["to"] += [row["thread"]] if row["thread"] else []
    if row["next_at"] != row["planned_at"]:
        told["from"] = row["next_at"]
    return {row["key"]: told | {name: row[name] for name, usual in _USUAL if row[name] != usual}}


def cancel(work: Work, subject: str, rule: str) -> list[str]:
    """The keys. A ping that a worker is sending right now may still arrive; it is then written down as
    sent."""
    found = work.sql.all(
        f"update outbox set state = 'cancelled', lease_by = null "
        f"where tenant = ? and subject = ? and rule = ? and state in {OPEN} returning key",
        work.tenant, subject, rule,
    )  # fmt: skip
    return sorted(row["key"] for row in found)


def ping_key(deadline: Row, offset: str) -> str:
    return _key(deadline, masking.machine(offset))


def _key(deadline: Row, offset: str) -> str:
    return f"{deadline['subject']}/{deadline['kind']}/{deadline['version']}/{offset}"


def named_anew(work: Work, deadline: Row, ping: PingPlan) -> PingPlan:
    """The plan under a name of its own where the row of its name ended before its time: a clock was ahead
    then. What somebody has put off did not end so."""
    while work.sql.value(
        """select 1 from outbox this where tenant = ? and key = ? and planned_at > ?
        and state in ('sent', 'superseded', 'dead') and not exists (select 1 from outbox o
          where o.tenant = this.tenant and o.subject = this.subject and o.rule = this.rule
          and o."offset" like 'snooze %' and o.planned_at > this.planned_at)""",
        work.tenant, ping_key(deadline, ping.offset), stamp(work.at + APART),
    ):  # fmt: skip
        ping = replace(ping, offset=f"{ping.offset} again")
    return ping


def add_first_pings(work: Work, deadline: Row, pings: Sequence[PingPlan]) -> Noted:
    """Of a deadline of this very moment, so that there are none yet. Of two of one name the first."""
    rows: dict[str, Row] = {}
    for ping in pings:
        row = _ping_row(work, deadline, ping)
        rows.setdefault(row["key"], row)
    work.sql.insert_all("outbox", list(rows.values()))
    return {key: told for row in rows.values() for key, told in noted(row).items()}


def add_ping(work: Work, deadline: Row, ping: PingPlan, *, again: bool = False) -> Noted:
    """`again`: one of this key that waits, or was cancelled, takes on the new place and time. Empty where
    nothing was changed."""
    row = _ping_row(work, deadline, named_anew(work, deadline, ping))
    there = work.sql.one("select * from outbox where tenant = ? and key = ?", work.tenant, row["key"])
    if there is None:
        insert_outgoing(work, row)
        return noted(row)
    if not again or there["state"] not in ("due", "cancelled") or row.items() <= there.items():
        return {}
    work.sql.run(
        "update outbox set platform = ?, conversation = ?, thread = ?, body = ?, escalation = ?, "
        "planned_at = ? where id = ?",
        row["platform"], row["conversation"], row["thread"], row["body"], row["escalation"],
        row["planned_at"], there["id"],
    )  # fmt: skip
    revive(work, there["id"], row["next_at"])
    return noted(row)


def _ping_row(work: Work, deadline: Row, ping: PingPlan) -> Row:
    hour, zone = ping.at or time.fromisoformat(deadline["local_time"]), deadline["zone"]
    at = at_local(ping.on, hour, zone)
    offset = masking.machine(ping.offset)
    later = {}
    if ping.spread:  # and on the same day: it may be the last on which something is to be done
        last = max(at, at_local(ping.on, LAST_MINUTE, zone))
        later["next_at"] = stamp(min(at + _share(work.tenant, ping.spread), last))
    return outgoing_row(
        work, "ping", _key(deadline, offset), ping.place, at, ping.body, subject=deadline["subject"],
        rule=deadline["kind"], round=deadline["version"], offset=offset, due_on=deadline["due_on"],
        escalation=int(ping.escalation), **later,
    )  # fmt: skip


def _share(tenant: str, spread: timedelta) -> timedelta:
    """Of so much, an organisation's own part: always the same."""
    drawn = int(hashlib.sha256(tenant.encode()).hexdigest()[:8], 16)
    return timedelta(seconds=drawn % (int(spread.total_seconds()) + 1))


def revive(work: Work, ping: int, next_at: str) -> None:
    """Wanted again after all. A worker that had it may have posted it, or be about to under its lease."""
    work.sql.run(
        """update outbox set ripe = 0,
        state = case when state = 'due' or attempts = 0 then 'due' else 'unknown' end,
        next_at = case when state != 'due' and lease_until > ? then lease_until else ? end where id = ?""",
        next_at, next_at, ping,
    )  # fmt: skip


def plan_post(work: Work, plan: PostPlan, subject: str = "") -> str:
    """Its key. Raises Duplicate where a post of this key is queued or sent; one that was given up is tried
    afresh."""
    subject = plan.subject or subject
    if subject:
        work.require(subject)
    key = f"{subject}/{masking.machine(plan.key)}" if subject else masking.machine(plan.key)
    superseded: list[str] = []
    if plan.kind == "update":
        key, superseded = _next_update(work, key)
    row = outgoing_row(
        work, plan.kind, key, plan.place, work.at, plan.body, subject=subject, remember=int(plan.remember)
    )
    asked = "select id, state from outbox where tenant = ? and key = ?"
    there = None if work.first(subject, key) else work.sql.one(asked, work.tenant, row["key"])
    if there is None:
        insert_outgoing(work, row)
    elif there["state"] not in ("dead", "cancelled"):
        raise Duplicate("this message is posted already, or about to be", result=subject)
    else:
        work.sql.run(
            "update outbox set platform = ?, conversation = ?, thread = ?, body = ?, remember = ?, "
            "planned_at = ?, next_at = ?, ripe = 0, attempts = 0, state = 'due', error = '' where id = ?",
            row["platform"], row["conversation"], row["thread"], row["body"], row["remember"],
            row["planned_at"], row["next_at"], there["id"],
        )  # fmt: skip
    detail: dict[str, Any] = {"posts": noted(row)} | ({"superseded": superseded} if superseded else {})
    work.audit(f"{plan.kind} queued", subject, detail)
    return key


def _next_update(work: Work, key: str) -> tuple[str, list[str]]:
    """The key of the next update of one message, and those that were waiting and give way to it."""
    same = (work.tenant, key + "#", key + "$")
    gone = work.sql.all(
        "update outbox set state = 'superseded' where tenant = ? and key >= ? and key < ? and state = 'due' "
        "returning key",
        *same,
    )
    count = work.sql.value("select count(*) from outbox where tenant = ? and key >= ? and key < ?", *same)
    return f"{key}#{count + 1}", sorted(row["key"] for row in gone)


def outgoing_row(
    work: Work, kind: str, key: str, place: Destination, at: datetime, body: Json, **given: Any
) -> Row:
    planned_at = stamp(at)
    row: Row = {
        "tenant": work.tenant, "kind": kind, "key": key, "subject": "", "rule": "", "round": 0,
        "offset": "", "due_on": None, **_kept(work, place),
        "body": masking.dump(body) if body else "{}", "escalation": 0, "remember": 0,
        "fallback_for": "", "planned_at": planned_at, "next_at": planned_at, "state": "due",
    }  # fmt: skip
    return row | given


def _kept(work: Work, place: Destination) -> Row:
    """Most rows of one transaction go to one place."""
    if place not in work.places:
        work.places[place] = {
            "platform": masking.machine(place.platform),
            "conversation": masking.machine(place.conversation), "thread": masking.machine(place.thread),
        }  # fmt: skip
    return work.places[place]


def insert_outgoing(work: Work, row: Row) -> None:
    work.sql.insert("outbox", row)
