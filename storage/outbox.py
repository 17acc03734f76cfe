"""Sending, with a lease, so that a ping is neither lost nor sent twice however a worker ends.

due → sending → sent; or back to due (definitely not posted), or unknown (perhaps posted: checked before it
is sent again). A lease that runs out leaves the row as "sending", which its next worker treats as unknown.
An open row waits by its time; once that has come it is made ripe, and among the ripe the earliest deadline
goes first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from storage import fallbacks, leases, masking, pacing, rows
from storage.connection import Base
from storage.deadline_rows import current_deadline
from storage.errors import Duplicate
from storage.model import BOT, Destination
from storage.outbox_rows import OPEN, Noted, add_ping, plan_post
from storage.plans import NO_PAUSE, Batch, Outgoing, PingPlan, PostPlan
from storage.sql import Sql
from storage.times import readable, stamp
from storage.unit_of_work import Work

# How often another worker may be quicker before the next turn is waited for.
TRIES = 10


class Outbox(Base):
    def claim(
        self, tenant: str | Sequence[str] | None, platform: str, *, worker: str, now: datetime,
        lease: timedelta, limit: int = 50, pace: timedelta = NO_PAUSE, busy: Collection[str] = (),
        fresh: bool = False,
    ) -> Batch | None:  # fmt: skip
        one, some = one_or_some(tenant)
        which = leases.Wanted(limit, busy, fresh, some)
        if one is None and self._connections.locks_each:
            return self._claim_of_several(platform, worker, now, lease, pace, which)
        due = self.next_due(tenant, platform)
        if due is None or due > now:
            return None
        return self._claim(one, platform, worker, now, lease, pace, which)

    def _claim_of_several(
        self, platform: str, worker: str, now: datetime, length: timedelta, pace: timedelta,
        which: leases.Wanted,
    ) -> Batch | None:  # fmt: skip
        """One organisation is made ripe, if any is to be, and then the first message of all is taken: each in
        a transaction that is that organisation's from the moment that it is known which."""
        ripened = False
        for _ in range(TRIES):
            with self._connections.write(None) as sql:
                sql.in_order()
                at = sql.clock(now)
                coming, first = leases.whose_turn(sql, platform, at, length, which)
                if coming is not None and (not ripened or first is None):
                    sql.enter(coming)
                    leases.ripen(sql, coming, platform, at)
                    ripened = True
                elif first is None:
                    break
                else:
                    sql.enter(first)
                    if batch := self._leased(sql, first, platform, worker, at, length, pace, which):
                        return batch
        return None

    def _claim(
        self, tenant: str | None, platform: str, worker: str, now: datetime, length: timedelta,
        pace: timedelta, which: leases.Wanted,
    ) -> Batch | None:  # fmt: skip
        with self._connections.write(tenant) as sql:
            sql.in_order()
            now = sql.clock(now)
            leases.ripen(sql, tenant, platform, now)
            return self._leased(sql, tenant, platform, worker, now, length, pace, which)

    def _leased(
        self, sql: Sql, tenant: str | None, platform: str, worker: str, now: datetime, length: timedelta,
        pace: timedelta, which: leases.Wanted,
    ) -> Batch | None:  # fmt: skip
        chosen = leases.choose(sql, tenant, platform, now, length, which)
        if not chosen:
            return None
        where = (platform, chosen[0]["tenant"], chosen[0]["conversation"])
        if not pacing.take(sql, *where, now, length):
            return None
        return leases.lease(sql, chosen, worker, now, length, pace)

    def sent(
        self, tenant: str, batch: Batch, *, message: str, now: datetime,
        then: Sequence[tuple[int, PingPlan]] = (), posts: Sequence[PostPlan] = (),
    ) -> None:  # fmt: skip
        message = masking.machine(message)
        follow = _by_item(then)
        with self._work(tenant, BOT, now) as work:
            asked = [
                work.sql.ahead(
                    """update outbox set state = 'sent', sent_at = ?, message = ?, lease_by = null, ripe =
                    0, error = '' where tenant = ? and id = ? and state != 'sent' returning *""",
                    work.now, message, tenant, item.id,
                )
                for item in batch.items
            ]  # fmt: skip
            for item, changed in zip(batch.items, asked, strict=True):
                found = changed()
                pings = _plan_next(work, item, follow.get(item.id, ()))
                if not found:
                    _note_next(work, item, pings)
                    continue
                row = found[0]
                detail = {"key": row["key"], "message": message} | ({"pings": pings} if pings else {})
                if row["kind"] == "ping" and (gone := fallbacks.give_way(work, row)):
                    detail |= {"superseded": gone}
                work.audit(f"{row['kind']} sent", row["subject"], detail)
                if row["remember"]:
                    place = batch.place
                    thread = Destination(place.platform, place.conversation, place.thread or message)
                    remember(work, row["subject"], thread, message)
            _post_once(work, posts)
            pacing.give_free(work.sql, batch, now)

    def later(self, tenant: str, batch: Batch, *, at: datetime, error: str = "", now: datetime) -> bool:
        # What may have been posted by an earlier try is to be checked again whatever became of this one.
        return self._give_back(
            tenant, batch, "case when before_claim = 'due' then 'due' else 'unknown' end", at, error, now
        )

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
                    stamp(at), masking.text(error), tenant, item.id, batch.worker, stamp(batch.lease_until),
                )  # fmt: skip
            pacing.give_free(work.sql, batch, now)
            return changed > 0

    def undeliverable(
        self, tenant: str, batch: Batch, *, error: str, instead: Sequence[Destination] = (), now: datetime,
        then: Sequence[tuple[int, PingPlan]] = (), posts: Sequence[PostPlan] = (),
    ) -> bool:  # fmt: skip
        follow = _by_item(then)
        with self._work(tenant, BOT, now) as work:
            ended = []
            for item in batch.items:
                ended += work.sql.all(
                    "update outbox set state = 'dead', ripe = 0, next_at = ?, error = ?, lease_by = null "
                    "where tenant = ? and id = ? and state = 'sending' and lease_by = ? and lease_until = ? "
                    "returning *",
                    work.now, masking.text(error), tenant, item.id, batch.worker, stamp(batch.lease_until),
                )  # fmt: skip
            for row in ended:
                key, made = fallbacks.fall_back(work, row, instead)
                detail = {"key": row["key"], "error": row["error"], "fallback": key}
                work.audit(f"{row['kind']} undeliverable", row["subject"], detail | {"pings": made})
            for item in batch.items if ended else ():
                _note_next(work, item, _plan_next(work, item, follow.get(item.id, ())))
            _post_once(work, posts if ended else ())
            pacing.give_free(work.sql, batch, now)
            return bool(ended)

    def try_again(self, tenant: str | None, *, before: datetime, now: datetime) -> int:
        waiting = self.undelivered(tenant)  # most often none, and then nobody is held up
        count = 0
        for owner in sorted({one.tenant for one in waiting}):
            with self._work(owner, BOT, now) as work:
                found = fallbacks.undelivered(work.sql, owner)
                if again := [row for row in found if row["next_at"] <= stamp(before)]:
                    fallbacks.try_again(work, again)
                count += len(again)
        return count

    def late(self, tenant: str | None, *, before: datetime) -> tuple[Outgoing, ...]:
        mine = "" if tenant is None else "and tenant = ?"
        values = (stamp(before),) if tenant is None else (stamp(before), tenant)
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"select * from outbox indexed by outbox_open "
                f"where state in {OPEN} and planned_at < ? {mine} order by planned_at, id",
                *values,
            )
            return tuple(map(rows.outgoing, found))

    def put_off(self, tenant: str | None) -> tuple[Outgoing, ...]:
        mine = "" if tenant is None else "and tenant = ?"
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"select * from outbox indexed by outbox_open where state in {OPEN} and kind = 'ping' "
                f"and \"offset\" like 'snooze %' and due_on <= substr(planned_at, 1, 10) {mine} "
                "order by planned_at, id",
                *(() if tenant is None else (tenant,)),
            )
            return tuple(map(rows.outgoing, found))

    def post(self, tenant: str, plan: PostPlan, *, now: datetime) -> Outgoing:
        with self._work(tenant, BOT, now) as work:
            key = plan_post(work, plan)
            return rows.outgoing(
                work.sql.one("select * from outbox where tenant = ? and key = ?", tenant, key) or {}
            )

    def next_due(self, tenant: str | Sequence[str] | None, platform: str) -> datetime | None:
        one, some = one_or_some(tenant)
        with self._connections.read(one) as sql:
            sql.in_order()
            for ripe in (True, False):
                those, values = leases.waiting(platform, one, some, ripe=ripe)
                order = "due_on nulls first, next_at" if ripe else "next_at"
                found = sql.value(
                    f"select next_at from outbox as this where {those} order by {order} limit 1", *values
                )
                if found is not None:
                    return readable(found)
            return None

    def outgoing(self, tenant: str, subject: str) -> tuple[Outgoing, ...]:
        with self._connections.read(tenant) as sql:
            found = sql.all(
                "select * from outbox where tenant = ? and subject = ? order by planned_at, id",
                tenant,
                subject,
            )
            return tuple(map(rows.outgoing, found))

    def undelivered(self, tenant: str | None) -> tuple[Outgoing, ...]:
        with self._connections.read(tenant) as sql:
            return tuple(map(rows.outgoing, fallbacks.undelivered(sql, tenant)))


def remember(work: Work, subject: str, place: Destination, message: str) -> None:
    work.sql.run(
        """insert into address values (?, ?, ?, ?, ?, ?, ?) on conflict
        (tenant, subject, platform, conversation) do update set
        thread = excluded.thread, message = excluded.message, at = excluded.at""",
        work.tenant, subject, masking.machine(place.platform), masking.machine(place.conversation),
        masking.machine(place.thread), message, work.now,
    )  # fmt: skip


def one_or_some(tenant: str | Sequence[str] | None) -> tuple[str | None, tuple[str, ...]]:
    """One organisation, whose lock is taken where each has its own; or several, or None and nobody: all."""
    if tenant is None or isinstance(tenant, str):
        return tenant, ()
    some = tuple(tenant)
    return (some[0], ()) if len(some) == 1 else (None, some or ("",))


def _by_item(then: Sequence[tuple[int, PingPlan]]) -> dict[int, list[PingPlan]]:
    found: dict[int, list[PingPlan]] = {}
    for item, ping in then:
        found.setdefault(item, []).append(ping)
    return found


def _post_once(work: Work, posts: Sequence[PostPlan]) -> None:
    for post in posts:
        with suppress(Duplicate):  # the same was written down before
            plan_post(work, post)


def _plan_next(work: Work, item: Outgoing, pings: Sequence[PingPlan]) -> Noted:
    """What follows an item, if its deadline is still open and has not been moved."""
    made: Noted = {}
    deadline = current_deadline(work, item.subject, item.rule) if pings else None
    if deadline and deadline["state"] == "open" and deadline["version"] == item.round:
        for ping in pings:
            made |= add_ping(work, deadline, ping)
    return made


def _note_next(work: Work, item: Outgoing, pings: Noted) -> None:
    if pings:
        work.audit("pings planned", item.subject, {"kind": item.rule, "pings": pings})
