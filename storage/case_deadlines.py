"""Deadlines as a person sees them: set, met, withdrawn, put off, listed. How they are written is in
`deadline_rows`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from storage import rows
from storage.also import also_do, seen_before
from storage.connection import Base
from storage.deadline_rows import current_deadline, end_deadline, set_deadline
from storage.errors import Conflict, Invalid, NotFound
from storage.model import Deadline, Destination, Person
from storage.outbox_rows import OPEN, Noted, add_ping, insert_outgoing, noted, outgoing_row, ping_key, revive
from storage.plans import NOTHING_ELSE, Also, DeadlinePlan, Outgoing, PingPlan
from storage.sql import Row
from storage.times import moment, readable, stamp
from storage.unit_of_work import Work, require_subject


class Deadlines(Base):
    def set_deadlines(
        self, tenant: str, subject: str, plans: Sequence[DeadlinePlan], *, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> tuple[Deadline, ...]:  # fmt: skip
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            require_subject(work.sql, tenant, subject)
            for plan in plans:
                set_deadline(work, plan.subject or subject, plan)
            also_do(work, subject, also)
            found = work.sql.all(
                "select * from deadline_now where tenant = ? and subject = ? order by due_at, kind",
                tenant,
                subject,
            )
            return tuple(map(rows.deadline, found))

    def meet(
        self, tenant: str, subject: str, kind: str, *, note: str = "", by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Deadline:  # fmt: skip
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            row = _end(work, subject, kind, "met", note)
            also_do(work, subject, also)
            return rows.deadline(row)

    def withdraw(
        self, tenant: str, subject: str, kind: str, *, why: str, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Deadline:  # fmt: skip
        if not why.strip():
            raise Invalid("withdrawing a deadline needs a reason")
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            row = _end(work, subject, kind, "withdrawn", why)
            also_do(work, subject, also)
            return rows.deadline(row)

    def deadlines(
        self, tenant: str, *, subject: str = "", state: str = "open", until: date | None = None,
        history: bool = False, offset: int = 0, limit: int = 1000,
    ) -> tuple[Deadline, ...]:  # fmt: skip
        of = "d" if history else "c"
        plain = "+" if subject else ""  # of one subject there are few: no index need give the order
        chosen, values = _chosen(of, tenant, subject, state, until)
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"""select d.*, d.change = c.change as current
                from deadline_current c cross join deadline d on d.tenant = c.tenant and d.subject = c.subject
                  and d.kind = c.kind {"" if history else "and d.change = c.change"}
                where {chosen} order by {plain}{of}.due_on, {of}.due_at, {of}.subject, {of}.kind, {of}.change
                limit ? offset ?""",
                *values, limit, offset,
            )  # fmt: skip
            return tuple(rows.deadline(row, current=bool(row["current"])) for row in found)

    def count_deadlines(
        self, tenant: str, *, subject: str = "", state: str = "open", until: date | None = None
    ) -> int:
        chosen, values = _chosen("c", tenant, subject, state, until)
        with self._connections.read(tenant) as sql:
            return int(sql.value(f"select count(*) from deadline_current c where {chosen}", *values))

    def unwatched(self, tenant: str | None) -> tuple[tuple[str, Deadline], ...]:
        mine = "" if tenant is None else "and c.tenant = ?"
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"""select d.* from deadline_current c indexed by deadline_open
                  cross join deadline d on d.tenant = c.tenant
                  and d.subject = c.subject and d.kind = c.kind and d.change = c.change
                where c.state = 'open' {mine} and not exists (select 1 from outbox o where o.tenant = c.tenant
                  and o.subject = c.subject and o.rule = c.kind and o.state in {OPEN}) order by c.due_at""",
                *(() if tenant is None else (tenant,)),
            )  # fmt: skip
            return tuple((row["tenant"], rows.deadline(row)) for row in found)

    def to_come(self, tenant: str, *, after: datetime) -> dict[tuple[str, str], tuple[datetime, bool]]:
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"""select subject, rule, min(planned_at) as first,
                max(case when "offset" like 'snooze %' then 1 else 0 end) as put_off
                from outbox where tenant = ? and kind = 'ping' and state in {OPEN} and planned_at > ?
                and escalation = 0 and fallback_for = '' group by subject, rule""",
                tenant, stamp(after),
            )  # fmt: skip
        return {
            (row["subject"], row["rule"]): (readable(row["first"]), bool(row["put_off"])) for row in found
        }

    def snooze(
        self,
        tenant: str,
        subject: str,
        kind: str,
        *,
        until: datetime,
        why: str = "",
        by: Person,
        now: datetime,
        then: Sequence[PingPlan] = (),
    ) -> Outgoing:
        if stamp(until) <= stamp(now):
            raise Invalid("a reminder can only be put off to a time that is still to come")
        with self._work(tenant, by, now) as work:
            deadline = _open_deadline(work, subject, kind)
            put_off = work.sql.all(
                """update outbox set state = 'superseded', ripe = 0 where tenant = ? and subject = ? and
                rule = ? and escalation = 0 and state in ('due', 'unknown') and next_at < ? returning key
                """,
                tenant, subject, kind, stamp(until),
            )  # fmt: skip
            row, pings = _ping_at(work, deadline, until)
            for ping in then:
                pings |= add_ping(work, deadline, ping)
            detail: dict[str, Any] = {"kind": kind, "until": stamp(until)}
            detail |= {"superseded": sorted(old["key"] for old in put_off), "pings": pings}
            work.audit("ping snoozed", subject, detail, said=why)
            return rows.outgoing(row)


def _chosen(of: str, tenant: str, subject: str, state: str, until: date | None) -> tuple[str, list[str]]:
    """Which deadlines: a condition for a table called as `of` says, and its values. "open" stands in it as it
    is: the index of what is open serves only a condition that says the same."""
    chosen, values = f"{of}.tenant = ?", [tenant]
    if state == "open":
        chosen += f" and {of}.state = 'open'"
    for condition, value in (
        ("subject =", subject), ("state =", "" if state == "open" else state), ("due_on <=", until),
    ):  # fmt: skip
        if value:
            chosen += f" and {of}.{condition} ?"
            values.append(str(value))
    return chosen, values


def _end(work: Work, subject: str, kind: str, state: str, why: str) -> Row:
    _open_deadline(work, subject, kind)
    row = end_deadline(work, subject, kind, state, why)
    assert row is not None  # it was open a line ago, in this very transaction
    return row


def _open_deadline(work: Work, subject: str, kind: str) -> Row:
    """Raises NotFound, and Conflict where somebody has ended it."""
    require_subject(work.sql, work.tenant, subject)
    row = current_deadline(work, subject, kind)
    if row is None:
        raise NotFound(f"{subject} has no deadline of this kind")
    if row["state"] != "open":
        who = Person(row["set_by_id"], row["set_by_name"]).called
        did = "marked it as met" if row["state"] == "met" else "withdrew it"
        message = f"this deadline of {subject} is {row['state']} already: {who} {did}"
        raise Conflict(message, did=did, by=who, at=moment(row["set_at"]))
    return row


def _ping_at(work: Work, deadline: Row, until: datetime) -> tuple[Row, Noted]:
    """One more ping, where the latest one about this deadline went or was to go; and what is new in it."""
    latest = work.sql.one(
        """select platform, conversation, thread, body from outbox where tenant = ? and subject = ? and rule
        = ? and escalation = 0 and fallback_for = '' order by planned_at desc, id desc limit 1""",
        work.tenant, deadline["subject"], deadline["kind"],
    )  # fmt: skip
    if latest is None:
        raise NotFound(f"{deadline['subject']} has no reminders of this deadline to put off")
    offset = f"snooze {stamp(until)}"
    place = Destination(latest["platform"], latest["conversation"], latest["thread"])
    key = ping_key(deadline, offset)
    row = outgoing_row(
        work, "ping", key, place, until, json.loads(latest["body"]), subject=deadline["subject"],
        rule=deadline["kind"], round=deadline["version"], offset=offset, due_on=deadline["due_on"],
    )  # fmt: skip
    there = work.sql.one("select id, state from outbox where tenant = ? and key = ?", work.tenant, key)
    if there is None:
        insert_outgoing(work, row)
    elif there["state"] in ("cancelled", "superseded"):
        revive(work, there["id"], row["next_at"])
    made = work.sql.one("select * from outbox where tenant = ? and key = ?", work.tenant, key) or row
    return made, noted(made) if there is None or there["state"] in ("cancelled", "superseded") else {}
