"""What is late or has reached nobody, in lines for whoever looks after the bot: `/health` and `irmer doctor`
say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.core.reminders.owner_copies import COPY, items_of
from bot.core.reminders.patience import LATE
from bot.core.words.case_words import label
from bot.core.words.phrases import day, moment
from rules.deadlines import uk_date
from storage.plans import Outgoing
from storage.store import Store

MOST = 5


def findings(store: Store, tenant: str | None, now: datetime) -> list[str]:
    """Empty where everything arrived in time. None: every tenant."""
    late = [one for one in store.late(tenant, before=now - LATE) if one.tenant]
    return [*_named(late, late_line), *_named(store.undelivered(tenant), lost_line)]


def _named(found: Sequence[Outgoing], line: Callable[[Outgoing], str]) -> list[str]:
    lines = [line(one) for one in found[:MOST]]
    if len(found) > MOST:
        lines.append(f"and {len(found) - MOST} more like the last")
    return lines


def late_line(item: Outgoing) -> str:
    """`C26-0001: the reminder to notify the authority by Mon 7 December 2026 should have left Mon 7 December
    2026 at 09:00, and has not: is_archived`."""
    why = item.error or (
        "no answer yet" if item.attempts else "nobody has tried to send it: is irmer serve running?"
    )
    return f"{what(item)} should have left {moment(item.planned_at)}, and has not: {why}"


def put_off_past_its_day(store: Store, tenant: str | None) -> list[str]:
    """What nobody hears of on its day where they would have: no fault, and to be known."""
    return _named([one for one in store.put_off(tenant) if is_past_its_day(one)], put_off_line)


def is_past_its_day(item: Outgoing) -> bool:
    return item.due_on is not None and uk_date(item.planned_at) > item.due_on


def put_off_line(item: Outgoing) -> str:
    return f"{what(item)} is put off past its day, to {moment(item.planned_at)}"


def lost_line(item: Outgoing) -> str:
    why = item.error or "unknown"
    return f"{what(item)} reached nobody: {why}; see to the channel, or name a fallback channel"


def dropped_line(item: Outgoing, error: str) -> str:
    return f"{what(item)} was given up: {error}"


def what(item: Outgoing) -> str:
    about = f"{item.subject}: " if item.subject else ""
    if item.kind == "update":
        return f"{about}the card's change"
    if item.body.get("shows") == COPY:
        return "the owner's copy of " + ", ".join(
            f"{one[0]} ({label(one[1])})" for one in items_of(item.body)
        )
    if item.kind == "post":
        return f"{about}the card" if item.body.get("shows") else f"{about}a message"
    by = f" by {day(item.due_on)}" if item.due_on else ""
    return f"{about}the reminder to {label(item.rule)}{by}"
