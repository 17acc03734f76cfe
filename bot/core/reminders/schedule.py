"""Which deadlines an incident has, and on which days its pings go out. Dates in, dates out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.core.settings.chosen import Chosen
from bot.core.words.deadline_kinds import (
    ACCOUNT,
    CONFIRM,
    INSPECTOR,
    INSPECTOR_WEEK,
    LEARNING,
    LOCAL,
    MPE,
    NOTIFY,
    REPORT,
    is_weekly,
)
from rules.deadlines import notify_by, report_by
from storage.model import Destination
from storage.plans import DeadlinePlan, PingPlan

STATUTORY = (NOTIFY, REPORT)


@dataclass(frozen=True)
class Channels:
    """Where pings of one subject go: its own place, and the one beside it once they are overdue."""

    own: Destination
    escalation: Destination | None = None


@dataclass(frozen=True)
class Planner:
    """Deadlines with their pings, by a tenant's settings. `today` is the UK day on which they are planned."""

    chosen: Chosen
    channels: Channels
    today: date

    def for_case(
        self, outcome: str, discovered: date, *, nation: str = "", opened: date | None = None
    ) -> tuple[DeadlinePlan, ...]:
        """Of a case: notify and report, the MPE's estimate while undecided, and the trust's own."""
        plans = [self._statutory(NOTIFY, notify_by(discovered), tuple(self._first_day(nation)))]
        plans.append(self._statutory(REPORT, report_by(discovered), (self._inspector(discovered),)))
        if outcome == "undecided":
            due = (opened or self.today) + timedelta(days=self.chosen.get("mpe_days"))
            plans.append(self.plan(MPE, min(due, max(notify_by(discovered), self.today))))
        for name, days in self.chosen.local_deadlines.items():
            plans.append(self.plan(f"{LOCAL}{name}", discovered + timedelta(days=days)))
        return tuple(plans)

    def again(self, kind: str, due: date, discovered: date, *, nation: str = "") -> DeadlinePlan:
        """A deadline that a case has already, with all the pings that are its own."""
        for plan in self.for_case("", discovered, nation=nation):
            if (plan.kind, plan.due_on) == (kind, due):
                return plan
        return self.plan(kind, due)

    def confirmation(self, kept: date) -> DeadlinePlan:
        """A kept verdict is provisional until a person with the role confirms it."""
        return self.plan(CONFIRM, kept + timedelta(days=self.chosen.get("confirm_days")), days=(0,))

    def learning(self, kept: date) -> DeadlinePlan:
        """Regulation 8(3): what is not notifiable is analysed too."""
        return self.plan(LEARNING, kept + timedelta(days=self.chosen.get("learning_days")), days=(0,))

    def plan(self, kind: str, due: date, *, days: tuple[int, ...] | None = None) -> DeadlinePlan:
        """A deadline with the pings that are still to come; one that is past or due today pings at once."""
        pings = tuple(self._before(kind, due, self.chosen.ping_days if days is None else days))
        return DeadlinePlan(kind, due, pings, at=self.chosen.ping_hour)

    def _statutory(self, kind: str, due: date, more: tuple[PingPlan, ...]) -> DeadlinePlan:
        plan = self.plan(kind, due)
        return DeadlinePlan(plan.kind, plan.due_on, (*plan.pings, *more), at=plan.at)

    def _before(self, kind: str, due: date, days: tuple[int, ...]) -> Iterator[PingPlan]:
        """One ping a day at most: on the offset's own day or, where that is quiet, on the nearest before that
        is not. The deadline's own day is never quiet; and no quiet day costs a statutory deadline a ping: one
        that would be too late, or meet another, comes on its own day."""
        if due < self.today:
            yield self._ping(self.overdue_offset(due, self.today), self.today)
            return
        taken: set[date] = set()
        others = {due - timedelta(days=offset) for offset in days}
        for offset in sorted(days):
            own = due - timedelta(days=offset)
            on = self._not_quiet(own, -1) if offset else own
            if kind in STATUTORY and (on < self.today or on in taken | others):
                on = own
            if on >= self.today and on not in taken:
                taken.add(on)
                yield self._ping(f"-{offset}d" if offset else "0d", on)

    def _not_quiet(self, on: date, step: int) -> date:
        """The nearest day that is not quiet, back or ahead; the day itself where none is within a quarter."""
        near = (on + timedelta(days=step * days) for days in range(92))
        return next((day for day in near if day not in self.chosen.quiet_days), on)

    def _ping(self, offset: str, on: date, body: Mapping[str, Any] | None = None) -> PingPlan:
        spread = timedelta(minutes=self.chosen.get("ping_spread"))
        return PingPlan(offset, on, self.channels.own, self.chosen.ping_hour, body=body or {}, spread=spread)

    def _first_day(self, nation: str) -> Iterator[PingPlan]:
        if nation == "scotland":
            yield self._ping(ACCOUNT, self.today, {"about": ACCOUNT})

    def _inspector(self, discovered: date) -> PingPlan:
        on = max(discovered + timedelta(weeks=INSPECTOR_WEEK), self.today)
        return self._ping(INSPECTOR, on, {"about": INSPECTOR})

    def overdue(self, kind: str, due: date) -> tuple[PingPlan, ...]:
        """The next ones: overdue pings come daily, and in a second place as well where there is one. What no
        law dates is reminded of by the week."""
        on = self._next_overdue(kind, due)
        return (self._ping(self.overdue_offset(due, on), on), *self.escalation(kind, due))

    def escalation(self, kind: str, due: date) -> tuple[PingPlan, ...]:
        """The next one in the second place, if there is one: also of what its owner has put off."""
        if self.channels.escalation is None:
            return ()
        on, place = self._next_overdue(kind, due), self.channels.escalation
        offset = f"{self.overdue_offset(due, on)}!"
        spread = timedelta(minutes=self.chosen.get("ping_spread"))
        return (PingPlan(offset, on, place, self.chosen.ping_hour, escalation=True, spread=spread),)

    def _next_overdue(self, kind: str, due: date) -> date:
        on = max(self.today, due) + timedelta(days=7 if is_weekly(kind) else 1)
        return on if kind in STATUTORY else self._not_quiet(on, 1)

    @staticmethod
    def overdue_offset(due: date, on: date) -> str:
        return f"+{(on - due).days}d"
