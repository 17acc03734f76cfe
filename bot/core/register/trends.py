"""How incidents go over time: which chart the numbers bear, and what of it is more than chance.

A chart by month from three a month on, by quarter from one, else a list: with fewer most points are nought or
one, and the rules find something in chance alone. The month that runs is no point of a chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bot.core.register.periods import Period, months
from bot.core.register.spc import Limits, Special, limits_of, special_causes
from rules.deadlines import NOTIFY_DAYS, REPORT_DAYS, uk_date
from storage.register_model import By, Which
from storage.store import Store

MONTHLY, QUARTERLY = 3.0, 1.0  # incidents a month, at least
MONTHS, QUARTERS = 24, 24  # points, where no period is named
LEAST = 8  # points of a chart
DAYS: dict[str, int] = {"notify": NOTIFY_DAYS, "report": REPORT_DAYS}
Unit = Literal["month", "quarter"]


@dataclass(frozen=True)
class Run:
    """Points one after the other, with what is special of them. `limits` None where there are too few."""

    labels: tuple[str, ...]
    values: tuple[float, ...]
    limits: Limits | None
    special: tuple[Special, ...] = ()

    @property
    def unusual(self) -> frozenset[int]:
        return frozenset(at for one in self.special for at in range(one.first, one.last + 1))


@dataclass(frozen=True)
class Trend:
    """`unit` None: too few for a chart. `each` is what a point is; the one that runs has `running`."""

    period: Period
    total: int
    unit: Unit | None
    run: Run
    each: Unit = "month"
    running: int = 0


@dataclass(frozen=True)
class DaysTaken:
    """Of each case, by its day of discovery: the days until a deadline was met, of `within`; and how many
    have let it pass, and are no point of it yet."""

    kind: str
    within: int
    run: Run
    overdue: int = 0

    def __bool__(self) -> bool:
        return bool(self.run.values or self.overdue)

    @property
    def late(self) -> int:
        return sum(value > self.within for value in self.run.values)

    @property
    def assurance(self) -> str:
        """Whether it will be met by what is usual here; lower is better."""
        limits = self.run.limits
        if limits is None or limits.trial or self.overdue:
            return ""
        if limits.high <= self.within:
            return "it will be met, if nothing changes"
        if limits.low > self.within:
            return "it will be missed, unless something changes"
        return "it may be met or missed, by chance"


def run_of(labels: Sequence[str], values: Sequence[float]) -> Run:
    if len(values) < LEAST:
        return Run(tuple(labels), tuple(values), None)
    limits = limits_of(values)
    return Run(tuple(labels), tuple(values), limits, special_causes(values, limits))


def trend_of(store: Store, tenant: str, which: Which, today: date) -> Trend:
    """Within the period that is named, else of the latest 24 months, or quarters where there are few."""
    last = months(today.year, today.month - 1, 1).until  # the end of the month before
    until = min(which.until, last) if which.until else last
    if which.since and which.since > until:  # nothing but the month that runs: no point of a chart
        asked, total = Period(which.since, which.until or today), store.count_incidents(tenant, which)
        return Trend(asked, total, None, run_of((), ()))
    by_month = store.tally(tenant, "month", replace(which, until=until))
    since = which.since or months(until.year, until.month - MONTHS + 1, 1).since
    first = date.fromisoformat(f"{min(by_month)}-01") if by_month else since
    counts = _points(by_month, "month", Period(max(since, first) if not which.since else since, until))
    mean = sum(counts.values()) / len(counts) if counts else 0.0
    unit: Unit | None = "month" if mean >= MONTHLY else "quarter" if mean >= QUARTERLY else None
    end = _quarter_end(until)
    earliest = months(end.year, end.month - 3 * QUARTERS + 1, 1).since
    begin_quarters = which.since or max(earliest, _whole_quarter(first))
    if unit == "quarter" and begin_quarters > end:  # no quarter is whole yet
        unit = None
    if unit == "quarter":
        since, until = begin_quarters, end
        by_quarter = store.tally(tenant, "quarter", replace(which, since=since, until=until))
        counts = _points(by_quarter, "quarter", Period(since, until))
    each: Unit = unit or "month"
    if len(counts) < LEAST:
        unit = None
    begin = (_quarter_end(last) if each == "quarter" else last) + timedelta(days=1)
    running = 0
    if (which.until or today) >= begin:
        running = store.count_incidents(tenant, replace(which, since=max(begin, which.since or begin)))
    run = run_of(tuple(counts), tuple(map(float, counts.values())))
    period = Period(since if which.since else max(since, first), until)
    run = run if unit else replace(run, limits=None)
    return Trend(period, sum(counts.values()), unit, run, each, running)


def _points(counted: dict[str, int], unit: Unit, period: Period) -> dict[str, int]:
    """Every month or quarter of the period, those without any as well."""
    size, names = (1, _month_name) if unit == "month" else (3, _quarter_name)
    found: dict[str, int] = {}
    begin = period.since.replace(day=1)
    if unit == "quarter":
        begin = months(begin.year, 3 * ((begin.month - 1) // 3) + 1, 3).since
    while begin <= period.until:
        one = months(begin.year, begin.month, size)
        found[names(begin)] = counted.get(names(begin), 0)
        begin = one.until + timedelta(days=1)
    return found


def _month_name(day: date) -> str:
    return day.isoformat()[:7]


def _quarter_name(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _whole_quarter(first: date) -> date:
    """The first day of the first quarter that is no rest of one."""
    quarter = months(first.year, 3 * ((first.month - 1) // 3) + 1, 3)
    return quarter.since if quarter.since == first else quarter.until + timedelta(days=1)


def _quarter_end(until: date) -> date:
    """The last day of the last quarter that is over then."""
    quarter = months(until.year, 3 * ((until.month - 1) // 3) + 1, 3)
    return quarter.until if quarter.until <= until else quarter.since - timedelta(days=1)


def days_of(store: Store, tenant: str, kind: str, which: Which, today: date) -> DaysTaken:
    """`kind` notify or report."""
    found = store.days_taken(tenant, kind, which)
    days = [(one.done_on or uk_date(one.met_at)) - one.discovered_on for one in found]
    values = [float(taken.days) for taken in days]
    overdue = store.count_overdue(tenant, kind, today, which)
    return DaysTaken(kind, DAYS[kind], run_of([one.ref for one in found], values), overdue)


def shares_by(store: Store, tenant: str, by: By | Literal["began_with"], which: Which) -> dict[str, int]:
    """The most first; "" is what is not known."""
    counted = store.tally_detail(tenant, by, which) if by == "began_with" else store.tally(tenant, by, which)
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
