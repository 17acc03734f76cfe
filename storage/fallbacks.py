"""Where a message goes that a place has refused: to the next of several places, and once all have refused it,
back to where it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage import masking
from storage.model import Destination
from storage.outbox_rows import FALLBACK, OPEN, Noted, insert_outgoing, noted
from storage.sql import Row, Sql
from storage.unit_of_work import Work


def fall_back(work: Work, row: Row, places: Sequence[Destination]) -> tuple[str, Noted]:
    """The key of what is sent instead of a row that was just given up, and it where it is new or moved: one
    row stands in for a message, and goes from place to place. Empty where no place is left; `undelivered`
    shows the message then."""
    if row["kind"] == "update":
        return "", {}
    first, instead = row, _by_key(work, row["key"] + FALLBACK)
    if row["fallback_for"]:
        first, instead = _by_key(work, row["fallback_for"]) or row, row
    if instead is not None and instead["state"] not in ("dead", "cancelled", "superseded"):
        return instead["key"], {}
    place = _next(row, first, places)
    if place is None:
        return "", {}
    made: Row = {
        "platform": masking.machine(place.platform), "conversation": masking.machine(place.conversation),
        "thread": masking.machine(place.thread), "next_at": work.now, "state": "due",
    }  # fmt: skip
    if instead is None:
        names = ("kind", "subject", "rule", "round", "offset", "due_on", "body", "escalation", "planned_at")
        made |= {name: row[name] for name in names} | {
            "tenant": work.tenant, "key": row["key"] + FALLBACK, "remember": 0, "fallback_for": row["key"],
        }  # fmt: skip
        insert_outgoing(work, made)
    else:
        work.sql.run(
            "update outbox set platform = ?, conversation = ?, thread = ?, next_at = ?, state = ?, ripe = 0 "
            "where id = ?",
            *made.values(), instead["id"],
        )  # fmt: skip
        made = instead | made
    return made["key"], noted(made)


def _next(row: Row, first: Row, places: Sequence[Destination]) -> Destination | None:
    """The place after the row's own, in the order of `places`, where it belongs left out. What stands in
    somewhere else (the settings were changed meanwhile) has no next one."""
    others = [p for p in places if (p.platform, p.conversation) != _place(first)]
    known = [(masking.machine(p.platform), masking.machine(p.conversation)) for p in others]
    if row["fallback_for"]:
        after = known.index(_place(row)) + 1 if _place(row) in known else len(known)
    else:
        after = 0
    return others[after] if after < len(others) else None


def _place(row: Row) -> tuple[str, str]:
    return row["platform"], row["conversation"]


def _by_key(work: Work, key: str) -> Row | None:
    return work.sql.one("select * from outbox where tenant = ? and key = ?", work.tenant, key)


def try_again(work: Work, given_up: Iterable[Row]) -> None:
    """What is perhaps there is looked for first, as before it was given up."""
    again: Noted = {}
    for row in given_up:
        state = "due" if row["before_claim"] == "due" else "unknown"
        work.sql.run("update outbox set state = ?, next_at = ? where id = ?", state, work.now, row["id"])
        again |= noted(row | {"next_at": work.now})
    work.audit("tried again", "", {"pings": again})


def give_way(work: Work, sent: Row) -> list[str]:
    """The keys of what stood in for an earlier reminder of a deadline of which one has now arrived."""
    gone = work.sql.all(
        """update outbox set state = 'superseded', ripe = 0 where tenant = ? and subject = ? and rule = ?
        and escalation = ? and fallback_for != '' and state in ('due', 'unknown') and planned_at < ?
        returning key""",
        *(sent[name] for name in ("tenant", "subject", "rule", "escalation", "planned_at")),
    )  # fmt: skip
    return sorted(row["key"] for row in gone)


def undelivered(sql: Sql, tenant: str | None) -> list[Row]:
    """Messages that were given up where they belong and matter still: nothing stands in for them, their
    deadline is open, no later ping got through. What lies behind is not walked: of the dead pings only those
    of open deadlines are looked at."""
    mine = "" if tenant is None else "and o.tenant = ?"
    return sql.all(
        f"""select o.* from deadline_current d indexed by deadline_open
          cross join outbox o indexed by outbox_dead_pings
          on o.tenant = d.tenant and o.subject = d.subject and o.rule = d.kind and o.state = 'dead'
          and o.kind = 'ping'
        where d.state = 'open' {mine} and {_NOTHING_INSTEAD} and not exists (select 1 from outbox p
          where p.tenant = o.tenant and p.subject = o.subject and p.rule = o.rule and p.kind = 'ping'
          and p.state = 'sent' and p.planned_at >= o.planned_at)
        union all
        select o.* from outbox o where o.state = 'dead' and o.kind = 'post' {mine} and {_NOTHING_INSTEAD}
        order by planned_at, id""",
        *(() if tenant is None else (tenant, tenant)),
    )  # fmt: skip


_NOTHING_INSTEAD = f"""o.fallback_for = '' and not exists (select 1 from outbox f where f.tenant = o.tenant
  and f.subject = o.subject and f.fallback_for = o.key and (f.state = 'sent' or f.state in {OPEN}))"""
