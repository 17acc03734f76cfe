"""`irmer doctor`: the configuration, the database and the platforms, looked at and not touched."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import connectable, platform_answers
from bot.call import Call
from bot.configuration import Settings
from bot.core.reminders.late_and_lost import put_off_past_its_day
from bot.core.words.phrases import moment
from bot.doctor_checks import Gravity, Looked, checked, report
from bot.hosts import PLATFORMS, by_the_systems_certificates, looked_at
from bot.kept_connections import served_connections, wrong_with_secrets
from bot.sources import NAMES, gathered
from bot.usage import NotReady, Usage
from storage.memory_model import BACKED_UP
from storage.sqlite import open_store
from storage.store import Store

# Shown above, or told by the platform; wrong for a monitor alone.
SAID_APART = ("schema", "put off", "credentials", "backup", "before upgrades")
Tried = list[tuple[str, str, bool]]
"""Of each channel that a test was sent to: what it is for, what became of it, and whether it arrived."""


def doctor(call: Call) -> int:
    """As text 1 where something is wrong. As JSON what Nagios takes: 0, 1 for a warning, 2 for what is
    critical."""
    call.nothing_more()
    if "config" in call.options:
        return _config()
    by_the_systems_certificates()
    if "network" in call.options:
        return _network(call)
    tried: Tried = []
    settings, wrong = _settings(call)
    served = settings.platforms if settings else frozenset[str]()
    looked = Looked(call.now(), wrong, served=served)
    try:
        with _opened(call) as store:
            asked = _asked(call, settings, store)
            if settings and "ping" in call.options:
                tried = asyncio.run(platform_answers.ping(settings, store, call.now()))
            health = store.doctor(now=call.now())
            sealed = list(wrong_with_secrets(store, settings)) if settings else []
            served |= {one.platform for one in served_connections(store)}
            before = _before_upgrades(call)
            looked = Looked(call.now(), wrong, (), store, health, served, asked, sealed, before)
            if "json" in call.options:
                return _as_json(looked)
            return _as_text(call, looked, settings, tried)
    except Usage as unusable:
        found = [] if list(wrong) == [str(unusable)] else [str(unusable)]
        looked = Looked(call.now(), wrong, found, served=served)
    if "json" in call.options:
        return _as_json(looked)
    _wrong([*wrong, *found])
    return 1


def _before_upgrades(call: Call) -> dict[str, datetime]:
    """What upgrades have left beside a database in a file, by name, with the time that each was made."""
    path = call.database()
    if not isinstance(path, Path):
        return {}
    left = sorted(path.parent.glob(f"{path.name}.before-m*"))
    return {one.name: datetime.fromtimestamp(one.stat().st_mtime, UTC) for one in left}


def _settings(call: Call) -> tuple[Settings | None, tuple[str, ...]]:
    try:
        return Settings.of(call.all_settings), ()
    except NotReady as wrong:
        return None, wrong.lines


@contextmanager
def _opened(call: Call) -> Iterator[Store]:
    """Where none is there yet, none is made: an empty one stands for it. Raises Usage."""
    if call.is_there():
        with call.store() as store:
            yield store
        return
    above = next(one for one in (call.beside().absolute() / "x").parents if one.exists())
    if not os.access(above, os.W_OK | os.X_OK):
        raise Usage(f"{call.database()} cannot be made: this user may not write to {above}")
    with TemporaryDirectory(prefix="irmer-") as folder:
        store = open_store(Path(folder) / "none.sqlite", witness=call.witness())
        try:
            yield store
        finally:
            store.close()


def _asked(call: Call, settings: Settings | None, store: Store) -> list[platform_answers.PlatformAnswer]:
    if not settings:
        return []
    connectable.find_a_home(call.beside())
    return asyncio.run(platform_answers.checkup(settings, store))


def _as_json(looked: Looked) -> int:
    said = report(checked(looked))
    print(json.dumps(said, ensure_ascii=False))
    return int(Gravity[str(said["state"])])


def _as_text(call: Call, looked: Looked, settings: Settings | None, tried: Tried) -> int:
    health, store = looked.health, looked.store
    assert health
    assert store
    there = "" if call.is_there() else ", not there yet: irmer serve or chat makes it"
    print(f"database   {call.database()}{there}")
    alone = "" if health.wal_safe else ", for one process alone at a time"
    engine, _, release = health.engine.partition(" ")
    print(f"{engine:<10} {release}{alone}")
    older = ", of an earlier release: irmer migrate brings it up to date" if health.older else ""
    print(f"schema     {health.schema}{older}")
    print(f"triggers   {'all there' if health.triggers else 'missing'}")
    print(f"audit      {'chain whole' if health.chain else 'chain broken'}")
    print(f"pings      {health.overdue} overdue, {health.undelivered} given up")
    print(f"deadlines  {health.unwatched} without a ping to come")
    for line in put_off_past_its_day(store, None):
        print(f"put off    {line}")
    last = store.last_entry(BACKED_UP)
    print(f"backup     {f'the last one {moment(last)}, UK time' if last else 'none was made'}")
    found = checked(looked)
    for copy in found["before upgrades"]:
        print(f"before     {copy.says}")
    for what, became, arrived in tried:
        if arrived:
            print(f"test ping  {what}: {became}")
    if "ping" in call.options and not tried:
        print("test ping  none was sent: no platform is configured, or no channel is set")
    for line in settings.in_place if settings else ():
        print(f"not real   {line}")
    witness = call.witness()
    made = (
        f"added to {witness.file}"
        if witness.ready
        else "of the trail are not made: irmer keys makes the key for them"
    )
    print(f"evidence   checkpoints {made}")
    print(f"clock      {moment(call.now())}, UK time")
    for one in looked.asked:
        if one.ahead is not None:
            print(f"clock      {one.name}'s is {round(one.ahead):+} seconds from it")
    for said in SAID_APART:
        del found[said]
    wrong = [one.says for some in found.values() for one in some if one.gravity]
    wrong += [f"test ping, {what}: {became}" for what, became, arrived in tried if not arrived]
    _wrong(wrong)
    return 1 if wrong else 0


def _config() -> int:
    """Where each setting comes from, and never what it is."""
    found = gathered(os.environ)
    for name in NAMES:
        over = f", over {found.over[name]}" if name in found.over else ""
        print(f"{name:21} {found.whence.get(name, 'not set')}{over}")
    for line in found.unused:
        print(f"not used   {line}")
    wrong = list(found.wrong)
    try:
        Settings.of({**os.environ, **found.values})
    except NotReady as unfit:
        wrong += unfit.lines
    _wrong(wrong)
    return 1 if wrong else 0


def _network(call: Call) -> int:
    """Each host of the platforms that are configured, all where none is, asked by nothing but a handshake."""
    settings, _ = _settings(call)
    served = settings.platforms if settings else frozenset[str]()
    well = True
    for line, reached in looked_at(served or PLATFORMS):
        print(f"{'host' if reached else 'wrong':10} {line}")
        well &= reached
    return 0 if well else 1


def _wrong(problems: Iterable[str]) -> None:
    for problem in problems:
        print(f"wrong      {problem}")
