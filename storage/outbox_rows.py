"""What is to be sent (pings, posts, updates), written within another verb's transaction."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from storage import masking
from storage.connection import Row
from storage.errors import Duplicate
from storage.model import Destination, Json
from storage.plans import PingPlan, PostPlan
from storage.times import at_local, stamp
from storage.unit_of_work import Work, require_subject

OPEN = "('due', 'sending', 'unknown')"


def cancel(work: Work, subject: str, rule: str) -> int:
    """A ping that a worker is sending right now may still arrive; it is then written down as sent."""
    return work.sql.run(
        f"update outbox set state = 'cancelled', lease_by = null "
        f"where tenant = ? and subject = ? and rule = ? and state in {OPEN}",
        work.tenant, subject, rule,
    )  # fmt: skip


def ping_key(deadline: Row, offset: str) -> str:
    return f"{deadline['subject']}/{deadline['kind']}/{deadline['version']}/{masking.machine(offset)}"


def add_ping(work: Work, deadline: Row, ping: PingPlan, *, again: bool = False) -> None:
    """`again`: one of this key that waits, or was cancelled, takes on the new place and time."""
    at = at_local(ping.on, ping.at or time.fromisoformat(deadline["local_time"]), deadline["zone"])
    key = ping_key(deadline, ping.offset)
    row = outgoing_row(
        work, "ping", key, ping.place, at, ping.body,
        subject=deadline["subject"], rule=deadline["kind"], round=deadline["version"],
        offset=masking.machine(ping.offset), due_on=deadline["due_on"], escalation=int(ping.escalation),
    )  # fmt: skip
    there = work.sql.one("select id, state from outbox where tenant = ? and key = ?", work.tenant, row["key"])
    if there is None:
        insert_outgoing(work, row)
    elif again and there["state"] in ("due", "cancelled"):
        work.sql.run(
            "update outbox set platform = ?, conversation = ?, thread = ?, body = ?, escalation = ?, "
            "planned_at = ? where id = ?",
            row["platform"], row["conversation"], row["thread"], row["body"], row["escalation"],
            row["planned_at"], there["id"],
        )  # fmt: skip
        revive(work, there["id"], row["next_at"])


def revive(work: Work, ping: int, next_at: str) -> None:
    """Wanted again after all. A worker that had it may have posted it, or be about to under its lease."""
    work.sql.run(
        """update outbox set ripe = 0, state = iif(state = 'due' or attempts = 0, 'due', 'unknown'),
        next_at = iif(state = 'due', ?1, max(?1, coalesce(lease_until, ''))) where id = ?2""",
        next_at, ping,
    )  # fmt: skip


def plan_post(work: Work, plan: PostPlan, subject: str = "") -> int:
    """Raises Duplicate where a post of this key is queued or sent; one that was given up is tried afresh."""
    subject = plan.subject or subject
    if subject:
        require_subject(work.sql, work.tenant, subject)
    key = f"{subject}/{masking.machine(plan.key)}" if subject else masking.machine(plan.key)
    if plan.kind == "update":
        key = _next_update(work, key)
    row = outgoing_row(
        work, plan.kind, key, plan.place, work.at, plan.body, subject=subject, remember=int(plan.remember)
    )
    there = work.sql.one("select id, state from outbox where tenant = ? and key = ?", work.tenant, row["key"])
    if there is None:
        return insert_outgoing(work, row)
    if there["state"] not in ("dead", "cancelled"):
        raise Duplicate("this message is posted already, or about to be", result=subject)
    work.sql.run(
        "update outbox set platform = ?, conversation = ?, thread = ?, body = ?, next_at = ?, ripe = 0, "
        "state = 'due', error = '' where id = ?",
        row["platform"], row["conversation"], row["thread"], row["body"], row["next_at"], there["id"],
    )  # fmt: skip
    return int(there["id"])


def _next_update(work: Work, key: str) -> str:
    """Updates of one message: those still waiting give way to the new one."""
    same = (work.tenant, key + "#", key + "$")
    work.sql.run(
        "update outbox set state = 'superseded' where tenant = ? and key >= ? and key < ? and state = 'due'",
        *same,
    )
    count = work.sql.value("select count(*) from outbox where tenant = ? and key >= ? and key < ?", *same)
    return f"{key}#{count + 1}"


def outgoing_row(
    work: Work, kind: str, key: str, place: Destination, at: datetime, body: Json, **given: Any
) -> Row:
    row: Row = {
        "tenant": work.tenant, "kind": kind, "key": key, "subject": "", "rule": "", "round": 0,
        "offset": "", "due_on": None, "platform": masking.machine(place.platform),
        "conversation": masking.machine(place.conversation), "thread": masking.machine(place.thread),
        "body": masking.dump(body), "escalation": 0, "remember": 0,
        "fallback_for": "", "planned_at": stamp(at), "next_at": stamp(at), "state": "due",
    }  # fmt: skip
    return row | given


def insert_outgoing(work: Work, row: Row) -> int:
    work.sql.insert("outbox", row)
    return int(work.sql.value("select last_insert_rowid()"))
