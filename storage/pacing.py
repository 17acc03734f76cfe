"""Which conversation is free to be written to: one row each, for every process that sends.

Whoever claims a message of a conversation has it until its lease ends, or until what became of the message is
written down and the platform's pause is over. A time further ahead than any lease, by more than clocks may
differ, was written by one that was wrong, and holds nobody up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.outbox_rows import APART
from storage.plans import Batch
from storage.sql import Sql
from storage.times import stamp

SETTLE = timedelta(seconds=1)
"""How long after its lease has ended a row may be taken up: clocks of two processes differ a little."""

FREE = (
    "(select 1 from pace where pace.platform = this.platform and pace.tenant = this.tenant "
    "and pace.conversation = this.conversation and pace.free_at > ? and pace.free_at <= ?) is null"
)
"""Of a row `this` of the outbox; its values are `held`. Not as an exists, which a server would make a join of
that goes through all of `pace` for each row."""


def held(now: datetime, lease: timedelta) -> tuple[str, str]:
    """Between which times a conversation that is not free becomes free."""
    return stamp(now), stamp(now + lease + SETTLE + APART)


def take(sql: Sql, platform: str, tenant: str, conversation: str, now: datetime, lease: timedelta) -> bool:
    """False where another has taken it meanwhile."""
    since, latest = held(now, lease)
    taken = sql.run(
        "insert into pace values (?, ?, ?, ?) on conflict (platform, tenant, conversation) do update "
        "set free_at = excluded.free_at where pace.free_at <= ? or pace.free_at > ?",
        platform, tenant, conversation, stamp(now + lease + SETTLE), since, latest,
    )  # fmt: skip
    return taken == 1


def give_free(sql: Sql, batch: Batch, now: datetime) -> None:
    """Once the platform's pause is over; where the lease was lost, another has it."""
    sql.run(
        "update pace set free_at = ? where platform = ? and tenant = ? and conversation = ? and free_at = ?",
        stamp(sql.clock(now) + batch.pace), batch.place.platform, batch.tenant, batch.place.conversation,
        stamp(batch.lease_until + SETTLE),
    )  # fmt: skip
