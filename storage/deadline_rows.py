"""Deadlines written within another verb's transaction, each with its pings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storage import masking
from storage.errors import Conflict, Invalid
from storage.outbox_rows import OPEN, Noted, add_first_pings, add_ping, cancel, named_anew, noted, ping_key
from storage.plans import DeadlinePlan
from storage.sql import Row
from storage.times import at_local, stamp
from storage.unit_of_work import Work


def current_deadline(work: Work, subject: str, kind: str) -> Row | None:
    return work.sql.one(
        "select * from deadline where tenant = ? and subject = ? and kind = ? order by change desc limit 1",
        work.tenant, subject, kind,
    )  # fmt: skip


def set_deadline(work: Work, subject: str, plan: DeadlinePlan) -> None:
    if not plan.kind or masking.text(plan.kind) != plan.kind:
        raise Invalid("a deadline needs a kind, such as notify or local:datix")
    work.require(subject)
    old = None if work.first(subject, plan.kind) else current_deadline(work, subject, plan.kind)
    due_at = stamp(at_local(plan.due_on, plan.at, plan.zone))
    if (
        old
        and old["state"] == "open"
        and (old["due_on"], old["zone"]) == (plan.due_on.isoformat(), plan.zone)
    ):
        pings, gone = plan_again(work, old, plan)
        work.audit("pings planned", subject, {"kind": plan.kind, "cancelled": gone, "pings": pings})
        return
    cancelled = cancel(work, subject, plan.kind) if old else []
    row: Row = {
        "subject": subject, "kind": plan.kind, "change": old["change"] + 1 if old else 1,
        "version": old["version"] + 1 if old else 1, "due_on": plan.due_on.isoformat(), "zone": plan.zone,
        "local_time": plan.at.isoformat("minutes"), "due_at": due_at, "state": "open",
        "why": masking.text(plan.why), "set_at": work.now, "set_by_id": work.by.id,
        "set_by_name": work.by.name,
    }  # fmt: skip
    made = work.append("deadline", row)
    detail: dict[str, Any] = {"kind": plan.kind, "due_on": row["due_on"]}
    if old:
        detail |= {"was": old["due_on"], "was_state": old["state"], "cancelled": cancelled}
    detail["pings"] = add_first_pings(work, row, plan.pings)
    work.audit("deadline moved" if old else "deadline set", subject, detail, made)


def plan_again(work: Work, deadline: Row, plan: DeadlinePlan) -> tuple[Noted, list[str]]:
    """The open pings of a deadline become the plan's: what is new or other than it was, and the keys of what
    is not wanted any more. What was sent stays, and what was due by now and has not left yet; a snooze and a
    fallback are somebody's own. But where the plan's own pings go, there go those as well that stay."""
    row = deadline | {"local_time": plan.at.isoformat("minutes")}
    before = work.sql.all(
        f"""select id, key from outbox where tenant = ? and subject = ? and rule = ? and round = ?
        and fallback_for = '' and "offset" not like 'snooze %' and state in {OPEN} and planned_at > ?""",
        work.tenant, row["subject"], row["kind"], row["version"], work.now,
    )  # fmt: skip
    wanted = {ping_key(row, named_anew(work, row, ping).offset) for ping in plan.pings}
    gone = [old for old in before if old["key"] not in wanted]
    for old in gone:
        work.sql.run("update outbox set state = 'cancelled', lease_by = null where id = ?", old["id"])
    pings = _moved(work, row, plan)
    for ping in plan.pings:
        pings |= add_ping(work, row, ping, again=True)
    return pings, sorted(old["key"] for old in gone)


def _moved(work: Work, deadline: Row, plan: DeadlinePlan) -> Noted:
    """Those that stay, and are still to be tried, go to the plan's own place."""
    place = next((ping.place for ping in plan.pings if not ping.escalation), None)
    if place is None:
        return {}
    moved = work.sql.all(
        """update outbox set platform = ?, conversation = ?, thread = ? where tenant = ? and subject = ?
        and rule = ? and round = ? and fallback_for = '' and escalation = 0 and state = 'due'
        and ("offset" like 'snooze %' or planned_at <= ?)
        and (platform, conversation) != (?, ?) returning *""",
        *(where := (masking.machine(place.platform), masking.machine(place.conversation))),
        masking.machine(place.thread), work.tenant, deadline["subject"], deadline["kind"],
        deadline["version"], work.now, *where,
    )  # fmt: skip
    return {key: told for row in moved for key, told in noted(row).items()}


def plan_all_again(work: Work, plans: Sequence[DeadlinePlan]) -> int:
    """The reminders of every open deadline of the tenant, with one row in the trail; how many were changed.
    Raises Conflict where the plans are not of the deadlines that are open now."""
    there = {
        (row["subject"], row["kind"]): row
        for row in work.sql.all("select * from deadline_now where tenant = ? and state = 'open'", work.tenant)
    }
    wanted = {(plan.subject, plan.kind): plan for plan in plans}
    if there.keys() != wanted.keys() or any(
        there[one]["due_on"] != plan.due_on.isoformat() for one, plan in wanted.items()
    ):
        raise Conflict("a deadline was set or ended at the same moment: plan the reminders again")
    changed, pings, cancelled = 0, Noted(), list[str]()
    for one, plan in wanted.items():
        made, gone = plan_again(work, there[one], plan)
        changed += bool(made or gone)
        pings |= made
        cancelled += gone
    if changed:
        detail = {"deadlines": changed, "cancelled": sorted(cancelled), "pings": pings}
        work.audit("reminders planned anew", "", detail)
    return changed


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
    detail = {"kind": kind, "due_on": row["due_on"], "cancelled": cancelled}
    work.audit(f"deadline {state}", subject, detail, made)
    return row
