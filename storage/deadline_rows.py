"""Deadlines written within another verb's transaction, each with its pings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storage import masking
from storage.connection import Row
from storage.errors import Invalid
from storage.outbox_rows import OPEN, add_ping, cancel, ping_key
from storage.plans import DeadlinePlan, PingPlan
from storage.times import at_local, stamp
from storage.unit_of_work import Work, require_subject


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
