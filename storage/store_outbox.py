"""The store's verbs for what is sent: see `storage.store`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from storage.model import Destination, Person
from storage.plans import NO_PAUSE, Batch, Outgoing, PingPlan, PostPlan


class Outbox(Protocol):
    def claim(
        self,
        tenant: str | Sequence[str] | None,
        platform: str,
        *,
        worker: str,
        now: datetime,
        lease: timedelta,
        limit: int = 50,
        pace: timedelta = NO_PAUSE,
        busy: Collection[str] = (),
        fresh: bool = False,
    ) -> Batch | None:
        """The next message to send on a platform, held under a lease: posts first, then pings by deadline;
        of several overdue pings of one subject, rule and place only the latest, the earlier become
        superseded. Tenant None: all; several may be named.

        Its conversation is nobody else's until the lease ends, or for `pace` after it was tried. None where
        nothing is due, or only in conversations that are not free, of the tenants in `busy` or, where it is
        to be `fresh`, of what was tried before."""

    def sent(
        self,
        tenant: str,
        batch: Batch,
        *,
        message: str,
        now: datetime,
        then: Sequence[tuple[int, PingPlan]] = (),
        posts: Sequence[PostPlan] = (),
    ) -> None:
        """It is posted, as `message` (its id). Written even where the lease ran out or it was cancelled
        meanwhile. `then` plans what follows an item (its id, and the ping), if its deadline is still open;
        `posts` go out beside it, each key once."""

    def later(self, tenant: str, batch: Batch, *, at: datetime, error: str = "", now: datetime) -> bool:
        """Definitely not posted: try again at `at`. False where the lease was lost: nothing changes then."""

    def unknown(self, tenant: str, batch: Batch, *, at: datetime, error: str = "", now: datetime) -> bool:
        """Perhaps posted: check at `at`. False where the lease was lost: nothing changes then."""

    def undeliverable(
        self, tenant: str, batch: Batch, *, error: str, instead: Sequence[Destination] = (), now: datetime,
        then: Sequence[tuple[int, PingPlan]] = (), posts: Sequence[PostPlan] = (),
    ) -> bool:  # fmt: skip
        """Not posted, and given up there. Each ping and post goes to the next of the places in `instead` at
        once, one after the other (updates do not). False where the lease was lost: nothing changes then."""

    def try_again(self, tenant: str | None, *, before: datetime, now: datetime) -> int:
        """What every place refused, the last one before then, begins anew where it belongs; how many."""

    def late(self, tenant: str | None, *, before: datetime) -> tuple[Outgoing, ...]:
        """Whatever was planned for before then and is still to leave, the oldest first."""

    def put_off(self, tenant: str | None) -> tuple[Outgoing, ...]:
        """Reminders still to come that somebody has put off to their deadline's day or past it."""

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
        """Ping about this deadline again at `until`, and not before; escalations stay as they are, and
        `then` adds to them. `kind` is the deadline's. Conflict where the deadline is no longer open."""

    def post(self, tenant: str, plan: PostPlan, *, now: datetime) -> Outgoing:
        """Queue a message that belongs to no other verb. Duplicate where a post of this key is queued or
        sent."""

    def next_due(self, tenant: str | Sequence[str] | None, platform: str) -> datetime | None:
        """From when on something is due, leases that run out included; None where nothing is to come."""

    def outgoing(self, tenant: str, subject: str) -> tuple[Outgoing, ...]:
        """All pings, posts and updates of a subject, in the order they were planned for."""

    def serves(self, tenant: str, platform: str, *, now: datetime) -> None:
        """Somebody sends this tenant's messages on this platform: to be said again every minute."""

    def served(self, *, since: datetime) -> frozenset[tuple[str, str]]:
        """Tenants and platforms of which that was said since then."""

    def waiting(self, *, but: Collection[str] = ()) -> tuple[tuple[str, str, int], ...]:
        """Tenants and platforms for which messages wait, whenever they are to leave, and how many; without
        the platforms in `but`."""

    def tenants_with_deadlines(self) -> tuple[tuple[str, int], ...]:
        """Tenants that have open deadlines, and how many."""

    def undelivered(self, tenant: str | None) -> tuple[Outgoing, ...]:
        """Given up, with nothing instead that is sent or still to come. None: every tenant."""
