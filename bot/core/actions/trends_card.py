"""`trends`: how many incidents there are over time and of what, as a table, in words and as a chart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from bot.core.cards import Block, Bullets, Card, Pairs, Table, Text, Weight
from bot.core.chart import Chart, Level
from bot.core.identifying import LEFT_OUT, find
from bot.core.refused import Refused
from bot.core.register import national
from bot.core.register.filter_values import NOT_KNOWN
from bot.core.register.filters import Filter, description, read_filter
from bot.core.register.national import Published
from bot.core.register.spc import Limits
from bot.core.register.trend_words import (
    BASE,
    days_words,
    finding,
    limits_words,
    number,
    point_words,
    special_words,
    trend_alternative,
)
from bot.core.register.trends import DAYS, DaysTaken, Run, Trend, days_of, shares_by, trend_of
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.phrases import day
from bot.core.words.theme_words import registered
from storage.register_model import By, Which

WORD = "trends"
Key = By | Literal["began_with"]
BY: Mapping[str, Key] = {
    "verdict": "outcome", "outcome": "outcome", "kind": "category", "category": "category",
    "cause": "cause", "site": "site", "equipment": "equipment", "machine": "equipment",
    "modality": "modality", "nation": "nation", "duty holder": "began_with", "began with": "began_with",
}  # fmt: skip
_BY = re.compile(rf"(?:^|\s)by\s+({'|'.join(sorted(BY, key=len, reverse=True))})\s*$", re.I)
_DAYS = re.compile(r"^(?:days(?:\s+to)?\s+(notify|report)|(notify|report)\s+days)\b\s*", re.I)
MOST = 12  # bars, and rows
SHOWN = 24


def trends_of(turn: Turn, text: str) -> tuple[Card, Chart | None]:
    """Raises Refused."""
    permissions.require_reading_everything(turn, WORD)
    text, key, kind = text.strip(), None, ""
    if match := _DAYS.match(text):
        kind, text = (match[1] or match[2]).lower(), text[match.end() :]
    if by := _BY.search(text):
        key, text = BY[by[1].lower()], text[: by.start()]
    elif re.search(r"(?:^|\s)by(?:\s|$)", text, re.I):
        raise Refused(f"trends go by {', '.join(dict.fromkeys(BY))}: {turn.command('trends by cause')}")
    chosen = read_filter(text, turn.request.written, turn.request.user.id)
    what = "Incidents" + "".join(f", {part}" for part in description(_undated(chosen)))
    if kind:
        return _days(turn, kind, chosen.which, what)
    return _by(turn, key, chosen, what) if key else _over_time(turn, chosen, what)


def _undated(chosen: Filter) -> Filter:
    return replace(chosen, which=replace(chosen.which, since=None, until=None))


# Over time


def _over_time(turn: Turn, chosen: Filter, what: str) -> tuple[Card, Chart | None]:
    trend = trend_of(turn.store, turn.tenant, chosen.which, turn.today)
    span = f"{day(trend.period.since)} to {day(trend.period.until)}"
    pairs = [("From, to", span), ("In all", str(trend.total))]
    if trend.running:
        pairs.append((f"This {trend.each} so far", str(trend.running)))
    each = (days_of(turn.store, turn.tenant, kind, chosen.which, turn.today) for kind in DAYS)
    pairs += [(f"Days to {taken.kind}, of {taken.within}", days_words(taken)) for taken in each if taken]
    if trend.unit is None:
        few = tuple(_few(turn, trend, chosen, pairs))
        return Card(f"{what}: {trend.total}, too few for a chart", few), None
    chart = _chart(turn, trend, what)
    limits = trend.run.limits
    assert limits is not None
    pairs.insert(2, (f"A {trend.unit}", f"{number(limits.mean)}, {_limits(trend)}"))
    rows = tuple(_row(trend.run, at) for at in range(len(trend.run.values)))[-SHOWN:]
    blocks: list[Block] = [Pairs(tuple(pairs)), Table((trend.unit.capitalize(), "Incidents", ""), rows)]
    blocks[1:1] = _unusual(trend.run)
    return Card(chart.title, (*blocks, Text(BASE, Weight.SUBTLE), _ways(turn)), summary=chart.title), chart


def _limits(trend: Trend) -> str:
    assert trend.run.limits is not None
    return limits_words(trend.run.limits, len(trend.run.values), f"{trend.unit}s")


def _unusual(run: Run) -> list[Block]:
    lines = tuple(special_words(run))
    return [Text("Unusual, by more than chance:"), Bullets(lines)] if lines else []


def _row(run: Run, at: int) -> tuple[str, str, str]:
    mark = "unusual" if at in run.unusual else ""
    return point_words(run.labels[at]), number(run.values[at]), mark


def _few(turn: Turn, trend: Trend, chosen: Filter, pairs: list[tuple[str, str]]) -> Iterator[Block]:
    yield Pairs(tuple(pairs))
    rows = tuple(
        (point_words(label), number(value))
        for label, value in zip(trend.run.labels, trend.run.values, strict=True) if value
    )  # fmt: skip
    if rows:
        yield Table((trend.each.capitalize(), "Incidents"), rows[-SHOWN:])
    words = f"incidents {chosen.words}".strip()
    yield Text(
        "A chart by month needs three incidents a month, a chart by quarter one a month, over eight months "
        "or quarters at least: with fewer, chance alone looks like a trend. "
        f"{turn.command(words)} lists them."
    )
    yield _ways(turn)


def _ways(turn: Turn) -> Text:
    ways = ("trends by cause", "trends ct last year by site", "trends days to notify")
    return Text(" · ".join(turn.command(one) for one in ways), Weight.SUBTLE)


def _chart(turn: Turn, trend: Trend, what: str) -> Chart:
    run, limits = trend.run, trend.run.limits
    assert limits is not None
    return Chart(
        finding(run, what), f"by {trend.unit}, {_limits(trend)}", run.labels, run.values,
        trend_alternative(trend, what), f"irmer-trends-{turn.today}", levels=_levels(limits),
        unusual=run.unusual, notes=(BASE,),
    )  # fmt: skip


def _levels(limits: Limits) -> tuple[Level, ...]:
    """A count and a length are never below nothing, so a lower limit of nothing says nothing."""
    low = Level(limits.low, f"lower limit {number(limits.low)}", "limit")
    return (
        Level(limits.high, f"upper limit {number(limits.high)}", "limit"),
        Level(limits.mean, f"mean {number(limits.mean)}"),
        *((low,) if limits.low else ()),
    )


# Days until something was done


def _days(turn: Turn, kind: str, which: Which, what: str) -> tuple[Card, Chart | None]:
    taken = days_of(turn.store, turn.tenant, kind, which, turn.today)
    title = f"Days to {kind}"
    said = days_words(taken)
    if not taken.run.values:
        return Card(f"{title}: {said or 'no case yet in which that was done'}", (_ways(turn),)), None
    rows = tuple((ref, number(value), "late" if value > taken.within else "")
                 for ref, value in zip(taken.run.labels, taken.run.values, strict=True))[-SHOWN:]  # fmt: skip
    pairs = Pairs((("Cases of", what.lower()), (f"Of {taken.within} days", said)))
    table = Table(("Case", "Days", ""), rows)
    chart = _days_chart(turn, taken, title, said)
    blocks = (pairs, *_unusual(taken.run), table, _ways(turn))
    return Card(chart.title if chart else f"{title}: {said}", blocks), chart


def _days_chart(turn: Turn, taken: DaysTaken, title: str, said: str) -> Chart | None:
    run, limits = taken.run, taken.run.limits
    if limits is None:
        return None
    levels = (Level(float(taken.within), f"day {taken.within}", "target"), *_levels(limits))
    headline = f"{title}: {taken.assurance or said}"
    alternative = (
        f"{title}, of {taken.within}, by day of discovery: {said}. Mean {number(limits.mean)}, "
        f"{limits_words(limits, len(run.values), 'cases')}. Last: {number(run.values[-1])} days, "
        f"{run.labels[-1]}."
    )
    return Chart(
        headline, f"each case by its day of discovery, {limits_words(limits, len(run.values), 'cases')}",
        run.labels, run.values, alternative, f"irmer-days-to-{taken.kind}-{turn.today}", levels=levels,
        unusual=run.unusual, notes=("Lower is better.",),
    )  # fmt: skip


# Of what


def _by(turn: Turn, key: Key, chosen: Filter, what: str) -> tuple[Card, Chart | None]:
    which = chosen.which
    counted = shares_by(turn.store, turn.tenant, key, which)
    name = key.replace("_", " ").replace("outcome", "verdict").replace("began with", "where it began")
    title = f"{what} by {name}"
    if not counted:
        return Card(f"{title}: none", (_ways(turn),)), None
    total = sum(counted.values())
    shown = list(counted.items())[:MOST]
    rest = total - sum(count for _, count in shown)
    known = [(_named(value, words=key in _IN_WORDS), count) for value, count in shown]
    labels = [*(label for label, _ in known), *(("others",) if rest else ())]
    counts = [*(count for _, count in known), *((rest,) if rest else ())]
    both = tuple(zip(labels, counts, strict=True))
    rows = tuple((label, str(count), _per_cent(count, total)) for label, count in both)
    blocks: list[Block] = [Table((name.capitalize(), "Incidents", "Share"), rows)]
    if key == "cause":
        blocks.append(Text("An incident of several causes counts for each of them.", Weight.SUBTLE))
    blocks += _beside(turn, key, which)
    told = ", ".join(f"{label} {count}" for label, count in both)
    dates = [part for part in description(chosen) if part.startswith(("from ", "to "))]
    chart = Chart(
        f"{title}: most {labels[0]}, {counts[0]}", ", ".join(dates) or "all that are kept", tuple(labels),
        tuple(map(float, counts)), f"{title}: {told}.", f"irmer-trends-by-{key}-{turn.today}", bars=True,
    )  # fmt: skip
    return Card(chart.title, (*blocks, _ways(turn))), chart


# What people wrote, and the others are words of lists.
_IN_WORDS = ("site", "equipment")


def _named(value: str, *, words: bool) -> str:
    """The register has it in small letters, in which a name is not known for one."""
    if words and (find(value) or find(value.title())):
        return LEFT_OUT
    return registered(value) if value else NOT_KNOWN


def _per_cent(count: int, total: int) -> str:
    return f"{100 * count / total:.0f}%" if total else ""


def _both(which: Which, **parts: tuple[str, ...]) -> Which | None:
    """What is chosen, and of these values as well; None where that is nothing."""
    for name, values in parts.items():
        chosen = getattr(which, name) or values
        parts[name] = tuple(value for value in values if value in chosen)
    return replace(which, **parts) if all(parts.values()) else None  # type: ignore[arg-type]


def _beside(turn: Turn, key: Key, which: Which) -> Iterator[Block]:
    """The nation's published shares beside the hospital's own, both of what was notified."""
    published: Mapping[Key, tuple[Published, Which | None]] = {
        "category": (national.CATEGORIES, which),
        "modality": (national.MODALITIES, _both(which, categories=("diagnostic", "interventional"))),
        "began_with": (national.BEGAN_WITH, _both(which, categories=("diagnostic", "interventional"))),
    }
    theirs, of = published.get(key, (None, None))
    notified = _both(of, outcomes=("notify",)) if of else None
    if theirs is None or notified is None or turn.nation != "england":
        return
    own: dict[str, int] = {}
    for value, count in shares_by(turn.store, turn.tenant, key, notified).items():
        name = national.GROUP_OF.get(value, value) if key == "category" else value
        own[name] = own.get(name, 0) + count
    total = sum(own.values())
    if not total:
        return
    rows = tuple(
        (name, f"{own.get(name, 0)} ({_per_cent(own.get(name, 0), total)})", f"{share:.0f}%")
        for name, share in theirs.shares.items()
    )
    yield Text(f"Of the {total} that are notifiable here, beside what the nation notified:")
    yield Table(("", "Here", "England"), rows)
    said = f"{theirs.words(turn.today)}. Shares of what was notified, not of all incidents."
    yield Text(said, Weight.SUBTLE)
