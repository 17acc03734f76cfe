"""Reminders planned anew: by a changed schedule, or for a deadline that lacks its next one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.reminders.patience import LONGEST
from bot.core.reminders.placing import home_of
from bot.core.reminders.schedule import Channels, Planner
from bot.core.settings.chosen import Chosen
from bot.core.trouble import note
from bot.core.words.deadline_kinds import ACCOUNT, CONFIRM, LEARNING, NOTIFY, REPORT
from rules.deadlines import uk_date
from storage.errors import Damaged, StoreError
from storage.model import BOT, Deadline, Destination
from storage.plans import DeadlinePlan, PingPlan
from storage.store import Store
from storage.times import at_local

WAITS = ("due", "sending", "unknown")
ALL = 1_000_000
APART = timedelta(minutes=5)
"""By which clocks may differ."""

log = logging.getLogger(__name__)


def plans_of(
    store: Store, tenant: str, chosen: Chosen, today: date, here: Destination,
    moved: Callable[[Destination, Deadline], Destination] = lambda place, _: place,
) -> tuple[DeadlinePlan, ...]:  # fmt: skip
    """All open deadlines of a tenant, planned by these settings, each where `moved` puts it."""
    places = ((one, place_of(store, tenant, one, chosen, here)) for one in store.deadlines(tenant, limit=ALL))
    return tuple(planned_at(store, tenant, chosen, one, today, moved(place, one)) for one, place in places)


def rewatch(store: Store, tenant: str | None, here: Destination, now: datetime) -> list[str]:
    """Deadlines that are open and have no reminder to come get theirs again. What kept one from it, in
    lines."""
    return _set_again(store, store.unwatched(tenant), here, now)


def by_schedule(store: Store, tenant: str, here: Destination, now: datetime) -> list[str]:
    """The same of every deadline whose next reminder lies later than its schedule says: one was sent or
    planned under a clock that was ahead, a change of the schedule was cut short, or the one before never came
    to an end."""
    chosen, problem = _chosen(store, tenant)
    to_come = store.to_come(tenant, after=now - LONGEST)
    lacking = []
    for deadline in store.deadlines(tenant, limit=ALL):
        first, put_off = to_come.get((deadline.subject, deadline.kind), (None, False))
        expected = _expected(chosen, deadline, now)
        if first is None or (not put_off and expected and first > expected + APART):
            lacking.append((tenant, deadline))
    return [*problem, *_set_again(store, lacking, here, now)]


def _set_again(
    store: Store, found: Sequence[tuple[str, Deadline]], here: Destination, now: datetime
) -> list[str]:
    problems: list[str] = []
    for tenant, deadline in found:
        chosen, problem = _chosen(store, tenant)
        problems += problem
        try:
            place = place_of(store, tenant, deadline, chosen, here)
            plan = planned_at(store, tenant, chosen, deadline, uk_date(now), place)
            store.set_deadlines(tenant, deadline.subject, (plan,), by=BOT, now=now)
        except Exception as error:
            if isinstance(error, StoreError) and not isinstance(error, Damaged):
                raise
            note(log, error)
            problems.append(f"{deadline.subject}: its reminders cannot be planned ({type(error).__name__})")
    if found:
        log.warning("%(count)d deadlines lacked their next reminder: planned anew", {"count": len(found)})
    return problems


def _chosen(store: Store, tenant: str) -> tuple[Chosen, list[str]]:
    """The settings; where they cannot be read what holds without any, and a line that says so."""
    try:
        return Chosen(store.settings(tenant)), []
    except ValueError:
        return Chosen({}), [f"the settings of {tenant} cannot be read: the usual values hold until then"]


def _expected(chosen: Chosen, deadline: Deadline, now: datetime) -> datetime | None:
    """When the next reminder comes by the schedule, at the latest."""
    nowhere = Destination("", "")
    planner = Planner(chosen, Channels(nowhere), uk_date(now))
    pings: list[PingPlan] = []
    if deadline.due_on >= planner.today:
        days = (0,) if deadline.kind in (CONFIRM, LEARNING) else None
        pings += planner.plan(deadline.kind, deadline.due_on, days=days).pings
    if deadline.due_on <= planner.today:
        pings += planner.overdue(deadline.kind, deadline.due_on)
    times = (at_local(ping.on, ping.at or deadline.at, deadline.zone) for ping in pings)
    return min((at for at in times if at > now), default=None)


def planned_at(
    store: Store, tenant: str, chosen: Chosen, deadline: Deadline, today: date, place: Destination
) -> DeadlinePlan:
    """An open deadline with the reminders that are still to come, in that place."""
    planner = Planner(chosen, Channels(place, chosen.place("escalation_channel")), today)
    plan = _plan(store, tenant, planner, deadline)
    if deadline.due_on <= today:  # today's own may have been sent: the next one follows
        plan = replace(plan, pings=(*plan.pings, *planner.overdue(deadline.kind, deadline.due_on)))
    return replace(with_second_place(store, tenant, planner, deadline, plan), subject=deadline.subject)


def with_second_place(
    store: Store, tenant: str, planner: Planner, deadline: Deadline, plan: DeadlinePlan
) -> DeadlinePlan:
    """`plan` of a deadline as it is, with what the second place is still to be told: today, and on every day
    for which somebody has put the reminder off, since that was planned at once and nothing follows it."""
    there = [
        one
        for one in store.outgoing(tenant, deadline.subject)
        if (one.kind, one.rule, one.round) == ("ping", deadline.kind, deadline.version) and one.state in WAITS
    ]
    place, planned = planner.channels.escalation, {ping.offset for ping in plan.pings}
    put_off = any(one.offset.startswith("snooze ") for one in there)
    spread = timedelta(minutes=planner.chosen.get("ping_spread"))
    kept = [
        PingPlan(one.offset, on, place, planner.chosen.ping_hour, True, one.body, spread=spread)
        for one in there
        if place and one.escalation and not one.fallback_for and one.offset not in planned
        if (on := uk_date(one.planned_at)) == planner.today or put_off
    ]
    return replace(plan, pings=(*plan.pings, *kept))


def _plan(store: Store, tenant: str, planner: Planner, deadline: Deadline) -> DeadlinePlan:
    if deadline.kind in (CONFIRM, LEARNING):
        return planner.plan(deadline.kind, deadline.due_on, days=(0,))
    if deadline.kind in (NOTIFY, REPORT):
        case = store.case(tenant, deadline.subject)
        waits = any(o.offset == ACCOUNT and o.state in WAITS for o in store.outgoing(tenant, case.ref))
        nation = "scotland" if waits else ""  # what was to be asked about its portal is still to be asked
        return planner.again(deadline.kind, deadline.due_on, case.discovered_on, nation=nation)
    return planner.plan(deadline.kind, deadline.due_on)


def place_of(store: Store, tenant: str, deadline: Deadline, chosen: Chosen, here: Destination) -> Destination:
    """Where its reminders went so far."""
    known = [o for o in store.outgoing(tenant, deadline.subject) if o.kind == "ping" and not o.escalation]
    own = [o.place for o in known if not o.fallback_for and o.rule == deadline.kind]
    if own:
        return Destination(own[-1].platform, own[-1].conversation)
    return home_of(store, tenant, deadline.subject) or chosen.place("incidents_channel") or here
