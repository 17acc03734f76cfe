"""What a chart tells, in words: neutral, since more reports are no worse a department."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.register.spc import Limits, Special
from bot.core.register.trends import DaysTaken, Run, Trend
from bot.core.words.phrases import MONTHS, counted, days, listed

UNITS: Mapping[str, str] = {"month": "months", "quarter": "quarters"}
BASE = "Special causes by the rules of NHS England's Making Data Count: a question to look into, no finding."


def point_words(label: str) -> str:
    """`March 2026` of `2026-03`; a quarter and a case as they are."""
    year, dash, month = label.partition("-")
    if dash and month.isdecimal() and len(month) == 2 and year.isdecimal():
        return f"{MONTHS[int(month) - 1]} {year}"
    return f"{year} {month}" if month.startswith("Q") else label


def number(value: float) -> str:
    """`4` and `4.2`."""
    return f"{value:.1f}".removesuffix(".0")


def special_words(run: Run) -> Iterator[str]:
    """A line for each special cause."""
    for one in run.special:
        yield _special(run, one)


def _special(run: Run, one: Special) -> str:
    begin, end = point_words(run.labels[one.first]), point_words(run.labels[one.last])
    span, many = f"{begin} to {end}", one.last - one.first + 1
    limits = run.limits
    assert limits is not None
    match one.rule:
        case "beyond":
            how, limit = ("more", "upper") if one.above else ("fewer", "lower")
            level = limits.high if one.above else limits.mean - limits.spread
            value = number(run.values[one.first])
            return f"{begin}: {value}, {how} than expected (beyond the {limit} limit of {number(level)})"
        case "one side":
            return f"{span}: {many} in a row {'above' if one.above else 'below'} the mean"
        case "trend":
            return f"{span}: {many} in a row {'rising' if one.above else 'falling'}"
    return f"{span}: two of three near the {'upper' if one.above else 'lower'} limit"


def limits_words(limits: Limits, points: int, what: str) -> str:
    of = f"all {points}" if limits.of == points else f"the first {limits.of}"
    trial = "; trial limits, since they are few" if limits.trial else ""
    return f"limits {number(limits.low)} to {number(limits.high)} (from {of} {what}{trial})"


def finding(run: Run, what: str) -> str:
    """The headline: what is unusual, by the same rules that mark it."""
    if not run.special:
        return f"{what}: nothing unusual"
    last = run.special[-1]
    return (
        f"{what}: {_special(run, last)}"
        if len(run.special) == 1
        else (f"{what}: {len(run.special)} things unusual, last {_special(run, last)}")
    )


def trend_alternative(trend: Trend, what: str) -> str:
    """All of the picture, in words."""
    run, limits = trend.run, trend.run.limits
    assert limits is not None
    assert trend.unit is not None
    span = f"{point_words(run.labels[0])} to {point_words(run.labels[-1])}"
    unusual = listed(tuple(special_words(run))) or "nothing"
    return (
        f"{what} by {trend.unit}, {span}: {trend.total} in all, mean {number(limits.mean)}, "
        f"{limits_words(limits, len(run.values), UNITS[trend.unit])}. Unusual: {unusual}. "
        f"Last: {number(run.values[-1])} in {point_words(run.labels[-1])}."
    )


def days_words(taken: DaysTaken) -> str:
    """`12 cases, 9 days in the middle, 2 after day 14`, and how many are overdue beside them."""
    values = sorted(taken.run.values)
    more = f"{taken.overdue} {'more ' if values else ''}overdue, and not done yet" if taken.overdue else ""
    if not values:
        return more
    middle = values[len(values) // 2] if len(values) % 2 else sum(values[len(values) // 2 - 1 :][:2]) / 2
    late = f"{taken.late} after day {taken.within}" if taken.late else f"all within {days(taken.within)}"
    usual = f"; {taken.assurance}" if taken.assurance else ""
    done = f"{counted(len(values), 'case')}, {number(middle)} days in the middle, {late}{usual}"
    return f"{done}; {more}" if more else done
