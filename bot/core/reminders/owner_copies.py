"""Reminders that go to a case's owner by direct message as well, where `owner_reminders` says so.

A copy is a post beside the reminder, planned in the transaction that writes down what became of that: no
reminder is moved, held up or counted by it. Where it cannot be delivered it goes nowhere else, and `/health`
names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from storage.model import Destination, Json
from storage.plans import Batch, Outgoing, PostPlan
from storage.store import Store

COPY = "owner_copy"
Item = tuple[str, str, date]  # subject, kind of deadline, the day that it is due


def items_of(body: Json) -> list[Item]:
    return [(str(one[0]), str(one[1]), date.fromisoformat(one[2])) for one in body.get("items", ())]


def copies_of(store: Store, batch: Batch, owned: Iterable[tuple[Outgoing, str]]) -> tuple[PostPlan, ...]:
    """One message for each owner of what these pings are about. What could not reach them before is in it."""
    by_owner: dict[str, list[Item]] = {}
    for item, owner in owned:
        if item.due_on:
            by_owner.setdefault(owner, []).append((item.subject, item.rule, item.due_on))
    return tuple(_plan(store, batch, owner, items) for owner, items in by_owner.items())


def _plan(store: Store, batch: Batch, owner: str, items: list[Item]) -> PostPlan:
    key, known = f"{COPY}:{owner}:{batch.key.replace('/', ':')}", store.person(batch.tenant, owner)
    place = Destination(known.platform if known else batch.place.platform, owner)
    for one in store.outgoing(batch.tenant, ""):
        if one.body.get("shows") == COPY and one.state == "dead" and one.place.conversation == owner:
            key, items = one.key, list(dict.fromkeys((*items_of(one.body), *items)))
    told = [[subject, kind, due.isoformat()] for subject, kind, due in items]
    return PostPlan(key, place, {"shows": COPY, "items": told})
