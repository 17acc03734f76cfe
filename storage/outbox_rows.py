"""Deadlines and what is to be sent, written within another verb's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from itertools import product
from typing import Any

from storage import masking
from storage.connection import Row, Sql
from storage.errors import Duplicate, Invalid
from storage.model import Json, Place
from storage.plans import Also, DeadlinePlan, DraftKey, PingPlan, PostPlan
from storage.times import at_local, stamp
from storage.unit_of_work import Work, require_subject

OPEN = "('due', 'sending', 'unknown')"


def seen_before(work: Work, also: Also) -> None:
    """To be called first. Raises Duplicate, with what the first delivery made."""
    if not also.delivery:
        return
    result = work.sql.value(
        "select result from delivery where tenant = ? and key = ?",
        work.tenant,
        masking.machine(also.delivery),
    )
    if result is not None:
        made = f": it made {result}" if result else ""
        raise Duplicate(f"this was done already{made}", result=result)


def also_do(work: Work, subject: str, also: Also, records: Sequence[str] = ()) -> None:
    """To be called last, when the subject is there. `records`: those that were written with it."""
    for kinds, state in ((also.meet, "met"), (also.withdraw, "withdrawn")):
        for one, kind in product((subject, *records), kinds):
            end_deadline(work, one, kind, state, "")
    for plan in also.deadlines:
        set_deadline(work, plan.subject or subject, plan)
    for number, plan in product(records, also.record_deadlines):
        set_deadline(work, number, plan)
    for post in also.posts:
        plan_post(work, post, subject)
    if also.drop_draft:
        drop_draft(work.sql, work.tenant, also.drop_draft)
    if also.delivery:
        row = {
            "tenant": work.tenant,
            "key": masking.machine(also.delivery),
            "at": work.now,
            "result": subject,
        }
        work.sql.insert("delivery", row)


def drop_draft(sql: Sql, tenant: str, key: DraftKey) -> bool:
    return bool(
        sql.run(
            "delete from draft where tenant = ? and platform = ? and conversation = ? and holder = ?",
            tenant, *draft_key(key),
        )
    )  # fmt: skip


def draft_key(key: DraftKey) -> tuple[str, str, str]:
    return masking.machine(key.platform), masking.machine(key.conversation), masking.machine(key.holder)


def current_deadline(work: Work, subject: str, kind: str) -> Row | None:
    return work.sql.one(
        "select * from deadline where tenant = ? and subject = ? and kind = ? order by change desc limit 1",
        work.tenant, subject, kind,
    )  # fmt: skip


def set_deadline(work: Work, subject: str, plan: DeadlinePlan) -> None:
    if not plan.kind or masking.text(plan.kind) != plan.kind:
        raise Invalid("a deadline needs a kind, such as notify or local:datix")
    require_subject(work.sql, work.tenant, subject)
    old = current_deadline(work, subject, plan.kind)
    due_at = stamp(at_local(plan.due_on, plan.at, plan.zone))
    if (
        old
        and old["state"] == "open"
        and (old["due_on"], old["zone"]) == (plan.due_on.isoformat(), plan.zone)
    ):
        _replan(work, old | {"local_time": plan.at.isoformat("minutes")}, plan.pings)
        return
    cancelled = cancel(work, subject, plan.kind) if old else 0
    row: Row = {
        "subject": subject, "kind": plan.kind, "change": old["change"] + 1 if old else 1,
        "version": old["version"] + 1 if old else 1, "due_on": plan.due_on.isoformat(), "zone": plan.zone,
        "local_time": plan.at.isoformat("minutes"), "due_at": due_at, "state": "open",
        "why": masking.text(plan.why), "set_at": work.now, "set_by_id": work.by.id,
        "set_by_name": work.by.name,
    }  # fmt: skip
    made = work.append("deadline", row)
    for ping in plan.pings:
        add_ping(work, row, ping)
    detail: dict[str, Any] = {"kind": plan.kind, "due_on": row["due_on"], "why": row["why"]}
    if old:
        detail |= {"was": old["due_on"], "was_state": old["state"], "pings_cancelled": cancelled}
    detail["pings"] = [masking.machine(ping.offset) for ping in plan.pings]
    work.audit("deadline moved" if old else "deadline set", subject, detail, made)


def _replan(work: Work, row: Row, pings: Sequence[PingPlan]) -> None:
    """The open pings become those given. What was sent stays; a snooze and a fallback are somebody's own."""
    before = work.sql.all(
        f"""select id, key, offset from outbox where tenant = ? and subject = ? and rule = ? and round = ?
        and fallback_for = '' and offset not like 'snooze %' and state in {OPEN}""",
        work.tenant, row["subject"], row["kind"], row["version"],
    )  # fmt: skip
    wanted = {ping_key(row, ping.offset) for ping in pings}
    gone = [old for old in before if old["key"] not in wanted]
    for old in gone:
        work.sql.run("update outbox set state = 'cancelled', lease_by = null where id = ?", old["id"])
    for ping in pings:
        add_ping(work, row, ping, again=True)
    offsets = {
        "pings": [masking.machine(p.offset) for p in pings],
        "pings_cancelled": [old["offset"] for old in gone],
    }
    work.audit("pings planned", row["subject"], {"kind": row["kind"], **offsets})


def end_deadline(work: Work, subject: str, kind: str, state: str, why: str) -> Row | None:
    """Met or withdrawn. None, and nothing done, where there is none or it is over already."""
    old = current_deadline(work, subject, kind)
    if old is None or old["state"] != "open":
        return None
    row = {name: value for name, value in old.items() if name != "tenant"} | {
        "change": old["change"] + 1, "state": state, "why": masking.text(why),
        "set_at": work.now, "set_by_id": work.by.id, "set_by_name": work.by.name,
    }  # fmt: skip
    made = work.append("deadline", row)
    cancelled = cancel(work, subject, kind)
    detail = {"kind": kind, "due_on": row["due_on"], "why": row["why"], "pings_cancelled": cancelled}
    work.audit(f"deadline {state}", subject, detail, made)
    return row


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
    work: Work, kind: str, key: str, place: Place, at: datetime, body: Json, **given: Any
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
