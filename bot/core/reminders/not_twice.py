"""Reminders that are planned anew on a day on which some went out already: no date is told twice that day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.core.reminders.schedule import Planner
from bot.core.turn import Turn
from bot.core.words.deadline_kinds import ACCOUNT, INSPECTOR
from rules.deadlines import uk_date
from storage.plans import DeadlinePlan

ASKED = (ACCOUNT, INSPECTOR)
"""What is asked beside a date, and not each time that the date moves."""


def not_twice(
    turn: Turn, plan: Planner, ref: str, planned: DeadlinePlan, asked: Collection[str] = ASKED
) -> DeadlinePlan:
    """`planned` of a case without what was said today, and without what of `asked` was asked before. Of what
    is overdue any reminder today was one of it, however often its date is corrected; the next one follows."""
    pings = [one for one in turn.store.outgoing(turn.tenant, ref) if one.kind == "ping" and one.sent_at]
    sent = [one for one in pings if one.rule == planned.kind]
    over = planned.due_on < turn.today
    told = any(
        one.offset not in ASKED
        and uk_date(one.sent_at) == turn.today
        and (over or one.due_on == planned.due_on)
        for one in sent
        if one.sent_at
    )
    gone = {one.offset for one in sent if one.offset in asked}
    kept = [
        ping
        for ping in planned.pings
        if ping.on > turn.today or (ping.offset not in gone if ping.offset in ASKED else not told)
    ]
    if told and planned.due_on <= turn.today:
        kept += plan.overdue(planned.kind, planned.due_on)
    return replace(planned, pings=tuple(kept))
