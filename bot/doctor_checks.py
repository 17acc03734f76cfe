"""What `irmer doctor` looks at: a row a check. Each says what it finds in lines, and how grave it is, as
Nagios means it; a check more is a function and a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from bot.connectable import lost_line
from bot.core.reminders.clock import APART
from bot.core.reminders.late_and_lost import findings, put_off_past_its_day
from bot.core.reminders.serving import unserved
from bot.core.settings.chosen import settings_that_do_not_fit
from bot.importing.import_run import not_finished
from bot.platform_answers import PlatformAnswer
from storage.memory_model import BACKED_UP, Health
from storage.store import Store

TERMINAL = ("terminal",)  # served by whoever sits at it
BACKUP_OLD, BACKUP_TOO_OLD = timedelta(days=2), timedelta(days=7)
GONE_BACK = timedelta(days=30)  # by then nobody goes back any more
ENDS_SOON, ENDS_NOW = timedelta(days=30), timedelta(days=14)


class Gravity(IntEnum):
    """The exit status of a Nagios plugin."""

    OK = 0
    WARNING = 1
    CRITICAL = 2


@dataclass(frozen=True)
class CheckResult:
    """One line, with the figure that it rests on where there is one."""

    gravity: Gravity
    says: str
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Looked:
    """What was found out before anything is judged. `health` and `store` are None where the database could
    not be opened; `unusable` says why in lines."""

    now: datetime
    settings: Sequence[str] = ()
    unusable: Sequence[str] = ()
    store: Store | None = None
    health: Health | None = None
    served: frozenset[str] = field(default_factory=frozenset)
    asked: Sequence[PlatformAnswer] = ()
    sealed: Sequence[str] = ()  # what is wrong with the secrets of connections
    before: Mapping[str, datetime] = field(default_factory=dict)
    """The copies that upgrades have left beside the database, by name, and when each was made."""


def _critical(lines: Sequence[str]) -> Iterator[CheckResult]:
    yield from (CheckResult(Gravity.CRITICAL, line) for line in lines)


def _configuration(looked: Looked) -> Iterator[CheckResult]:
    yield from _critical(looked.settings)


def _database(looked: Looked) -> Iterator[CheckResult]:
    yield from _critical(looked.unusable)
    if looked.health:
        yield from _critical(looked.health.problems)


def _schema(looked: Looked) -> Iterator[CheckResult]:
    if looked.health and looked.health.older:
        line = f"the database is of an earlier release ({looked.health.schema}): irmer migrate"
        yield CheckResult(Gravity.WARNING, f"{line} brings it up to date")


def _reminders(looked: Looked) -> Iterator[CheckResult]:
    if looked.store and looked.health:
        for line in findings(looked.store, None, looked.now):
            yield CheckResult(Gravity.CRITICAL, line)
        yield CheckResult(Gravity.OK, "reminders that are late", looked.health.overdue)
        yield CheckResult(Gravity.OK, "reminders that reached nobody", looked.health.undelivered)


def _put_off(looked: Looked) -> Iterator[CheckResult]:
    if looked.store:
        for line in put_off_past_its_day(looked.store, None):
            yield CheckResult(Gravity.WARNING, line)


def _served(looked: Looked) -> Iterator[CheckResult]:
    if looked.store:
        lines = unserved(looked.store, (), looked.now, platforms=looked.served, at_hand=TERMINAL)[1]
        yield from _critical(lines)


def _settings(looked: Looked) -> Iterator[CheckResult]:
    if looked.store:
        for line in settings_that_do_not_fit(looked.store):
            yield CheckResult(Gravity.WARNING, line)


def _platforms(looked: Looked) -> Iterator[CheckResult]:
    for one in looked.asked:
        yield from _critical(one.wrong)


def _connections(looked: Looked) -> Iterator[CheckResult]:
    """Those that `irmer connect` has made, beside what their platforms say of them."""
    lost = looked.store.connections() if looked.store else ()
    yield from _critical(
        [lost_line(one) for one in lost if one.state == "revoked" and not one.by_environment]
    )
    for line in looked.sealed:
        yield CheckResult(Gravity.WARNING, line)


def _clock(looked: Looked) -> Iterator[CheckResult]:
    """A clock that is wrong holds every reminder up."""
    for one in looked.asked:
        if one.ahead is not None:
            wrong = abs(one.ahead) > APART.total_seconds()
            line = f"{one.name}'s clock is {one.ahead:+.0f} seconds from this machine's"
            yield CheckResult(Gravity.CRITICAL if wrong else Gravity.OK, line, round(one.ahead, 1), "s")


def _credentials(looked: Looked) -> Iterator[CheckResult]:
    for one in looked.asked:
        if one.ends is not None:
            left = one.ends - looked.now.date()
            line = f"what {one.name} is signed in to with ends on {one.ends.isoformat()}"
            yield CheckResult(_by_age(-left, -ENDS_SOON, -ENDS_NOW), line, left.days, "days")


def _backup(looked: Looked) -> Iterator[CheckResult]:
    if looked.store:
        last = looked.store.last_entry(BACKED_UP)
        if last is not None:
            age = looked.now - last
            line = f"the last backup was made on {last:%Y-%m-%d at %H:%M} UTC"
            gravity = _by_age(age, BACKUP_OLD, BACKUP_TOO_OLD)
            yield CheckResult(gravity, line, round(age.total_seconds()), "s")
        elif looked.store.tenants():
            yield CheckResult(Gravity.WARNING, "no backup was ever made: irmer backup FILE makes one")


def _before_upgrades(looked: Looked) -> Iterator[CheckResult]:
    """They are for going back, and nobody takes them away: what is taken out or let go still stands there."""
    for name, made in looked.before.items():
        age = looked.now - made
        line = f"{name}, of before an upgrade, is {age.days} days old: delete it once nobody goes back to it"
        yield CheckResult(Gravity.WARNING if age > GONE_BACK else Gravity.OK, line, age.days, "days")


def _imports(looked: Looked) -> Iterator[CheckResult]:
    """Incidents that were brought in and are in no list. A database of an earlier release may lack them."""
    if looked.store and not (looked.health and looked.health.older):
        for tenant in looked.store.tenants():
            for one in looked.store.unfinished_imports(tenant):
                ends = f"the next irmer import of {one.source} with --go finishes it"
                yield CheckResult(Gravity.WARNING, f"{tenant}: {not_finished(one)}: {ends}", one.count)


def _evidence(looked: Looked) -> Iterator[CheckResult]:
    if looked.store and (line := looked.store.not_signed()):
        yield CheckResult(Gravity.WARNING, line)


def _by_age(age: timedelta, warning: timedelta, critical: timedelta) -> Gravity:
    return Gravity.CRITICAL if age > critical else Gravity.WARNING if age > warning else Gravity.OK


CHECKS: Mapping[str, Callable[[Looked], Iterator[CheckResult]]] = {
    "configuration": _configuration, "database": _database, "schema": _schema,
    "reminders": _reminders, "put off": _put_off,
    "served": _served, "settings": _settings, "platforms": _platforms,
    "connections": _connections, "clock": _clock, "credentials": _credentials, "backup": _backup,
    "before upgrades": _before_upgrades, "imports": _imports,
    "evidence": _evidence,
}  # fmt: skip


def checked(looked: Looked) -> dict[str, list[CheckResult]]:
    """What each check finds."""
    return {name: list(check(looked)) for name, check in CHECKS.items()}


def report(found: Mapping[str, Sequence[CheckResult]]) -> dict[str, object]:
    """As JSON: how grave it is in all, the gravest line, and each finding."""
    every = [(name, one) for name, some in found.items() for one in some]
    worst = max((one.gravity for _, one in every), default=Gravity.OK)
    first = next((one.says for _, one in every if one.gravity == worst and worst), "all is well")
    more = sum(one.gravity > Gravity.OK for _, one in every) - 1
    return {
        "state": worst.name,
        "line": f"IRMER {worst.name}: {first}{f' (and {more} more)' if more > 0 else ''}",
        "checks": [
            {
                "check": name, "state": one.gravity.name, "says": one.says,
                **({} if one.value is None else {"value": one.value, "unit": one.unit}),
            }
            for name, one in every
        ],
    }  # fmt: skip
