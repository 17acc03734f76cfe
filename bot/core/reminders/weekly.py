"""The weekly digest: planned once a week for each tenant with a channel for it, whatever was down when."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.settings.chosen import Chosen
from rules.deadlines import UK
from storage.errors import Duplicate
from storage.plans import PostPlan
from storage.store import Store

DIGEST = "digest"


def week_of(now: datetime, chosen: Chosen) -> str:
    """The week whose digest is due: from Monday on, at the hour at which reminders come."""
    local = now.astimezone(UK)
    monday = local.date() - timedelta(days=local.weekday())
    if local < datetime.combine(monday, chosen.ping_hour, UK):
        monday -= timedelta(days=7)
    return monday.isoformat()


def plan_digest(store: Store, tenant: str, now: datetime) -> str:
    """The week that is seen to; empty where no channel is set. The store takes one of a week alone."""
    chosen = Chosen(store.settings(tenant))
    place = chosen.place("governance_channel")
    if place is None:
        return ""
    week = week_of(now, chosen)
    try:
        store.post(tenant, PostPlan(f"{DIGEST}:{week}", place, {"shows": DIGEST}), now=now)
    except Duplicate:
        pass
    return week
