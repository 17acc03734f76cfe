"""Reminders planned anew: by a changed schedule, or for a deadline that somehow has none to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.core.reminders.placing import home_of
from bot.core.reminders.schedule import Channels, Planner
from bot.core.settings.definitions import Chosen
from bot.core.words.deadline_kinds import ACCOUNT, CONFIRM, LEARNING, NOTIFY, REPORT
from rules.deadlines import uk_date
from storage.model import BOT, Deadline, Destination
from storage.plans import DeadlinePlan
from storage.store import Store

WAITS = ("due", "sending", "unknown")


def plans_of(
    store: Store, tenant: str, chosen: Chosen, today: date, here: Destination
) -> tuple[DeadlinePlan, ...]:
    """All open deadlines of a tenant, planned by these settings."""
    found = store.deadlines(tenant, limit=100_000)
    return tuple(_plan_again(store, tenant, chosen, one, today, here) for one in found)


def rewatch(store: Store, tenant: str | None, here: Destination, now: datetime) -> int:
    """Deadlines that are open and have no reminder to come get theirs again; how many."""
    found = store.unwatched(tenant)
    for owner, deadline in found:
        chosen = Chosen(store.settings(owner))
        plan = _plan_again(store, owner, chosen, deadline, uk_date(now), here)
        store.set_deadlines(owner, deadline.subject, (plan,), by=BOT, now=now)
    return len(found)


def _plan_again(
    store: Store, tenant: str, chosen: Chosen, deadline: Deadline, today: date, here: Destination
) -> DeadlinePlan:
    place = _place(store, tenant, deadline, chosen, here)
    planner = Planner(chosen, Channels(place, chosen.place("escalation_channel")), today)
    plan = _plan(store, tenant, planner, deadline)
    if deadline.due_on <= today:  # today's own may have been sent: the next one follows
        plan = replace(plan, pings=(*plan.pings, *planner.overdue(deadline.kind, deadline.due_on)))
    return replace(plan, subject=deadline.subject)


def _plan(store: Store, tenant: str, planner: Planner, deadline: Deadline) -> DeadlinePlan:
    if deadline.kind in (CONFIRM, LEARNING):
        return planner.plan(deadline.kind, deadline.due_on, days=(0,))
    if deadline.kind in (NOTIFY, REPORT):
        case = store.case(tenant, deadline.subject)
        waits = any(o.offset == ACCOUNT and o.state in WAITS for o in store.outgoing(tenant, case.ref))
        nation = "scotland" if waits else ""  # what was to be asked about its portal is still to be asked
        return planner.again(deadline.kind, deadline.due_on, case.discovered_on, nation=nation)
    return planner.plan(deadline.kind, deadline.due_on)


def _place(store: Store, tenant: str, deadline: Deadline, chosen: Chosen, here: Destination) -> Destination:
    """Where its reminders went so far."""
    known = [o for o in store.outgoing(tenant, deadline.subject) if o.kind == "ping" and not o.escalation]
    own = [o.place for o in known if not o.fallback_for and o.rule == deadline.kind]
    if own:
        return Destination(own[-1].platform, own[-1].conversation)
    return home_of(store, tenant, deadline.subject) or chosen.place("incidents_channel") or here
