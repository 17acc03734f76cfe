"""A copy takes the place of the file, and what happened since is not done twice.

A message that was due since the copy may have been sent: it is looked for before it is sent again. A number
that was given since is in somebody's hands: it is not given again. Both stand in the trail. Until the copy is
ready, whole and ours, the file is not touched; then it and what belongs to it are put aside in one step.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from storage import verify
from storage.backup import copy_whole, counted, sync
from storage.connection import Connections
from storage.errors import CannotOpen, Duplicate, Invalid, StoreError
from storage.file import create_privately, give_to_the_owner_of, translated
from storage.held_for_restore import Numbers, There, Trail, beside, held, trails_of
from storage.leases import known_thread
from storage.left_behind import left_behind
from storage.masking import text
from storage.memory_model import RESTORED
from storage.migrating import bring_up_to_date
from storage.model import Person
from storage.sql import Sql
from storage.times import moment, stamp
from storage.unit_of_work import Work

AHEAD = timedelta(minutes=5)  # by how much clocks may differ


def restore(path: Path, copy: Path, *, last: Sequence[str] | None, by: Person, now: datetime) -> str:
    """One line that says what was done. `last` are the numbers last seen (C26-0005, 2026-0007), () where none
    was given since, None where nobody knows: then the file has to be there and tell. Raises StoreError, and
    nothing was changed then."""
    path = path.resolve()  # what a link leads to
    if not copy.is_file():
        raise CannotOpen(f"there is no file {copy}: give the copy that irmer backup made")
    if path.exists() and path.samefile(copy):
        raise Invalid(f"{copy} is the database itself: give a copy of it")
    seen = _numbers(last or ())
    with held(path) as there:
        if there.trails is None and last is None:
            raise Invalid(
                f"{path} does not tell which numbers were given since the copy: name the last ones that were "
                "seen, as --last C26-0005,2026-0007, or --last none"
            )
        return _replace(path, copy, there, seen, by, now)


def _replace(path: Path, copy: Path, there: There, seen: Numbers, by: Person, now: datetime) -> str:
    ready = path.with_name(path.name + ".restoring")
    try:
        os.close(os.open(ready, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise Duplicate(
            f"{ready} is there: another restore is running, or was cut short; remove it"
        ) from None
    try:
        give_to_the_owner_of(path if path.exists() else path.parent, ready)
        copy_whole(copy, ready)
        told = _make_ready(ready, copy, there, seen, by, now)
        sync(ready)
        aside = _swap(path, there, ready, now)
    finally:
        for name in (ready, *beside(ready), ready.with_name(ready.name + "-lock")):
            name.unlink(missing_ok=True)
    return f"{path}: {told}{f'; what was there is {aside}' if aside else ''}"


def _make_ready(ready: Path, copy: Path, found: There, seen: Numbers, by: Person, now: datetime) -> str:
    """The prepared copy, as it is to be; what was done to it."""
    there, behind = found.trails or {}, list[str]()
    older = bring_up_to_date(ready, copy.name, now)
    connections = Connections(ready)
    try:
        with connections.write(None) as sql:
            trails = trails_of(sql)
            if not trails:
                raise Invalid(f"{copy} is empty: nothing was ever kept in it")
            _refuse_anothers(copy, trails, there)
            last = max(trail.at for trail in trails.values())
            if moment(last) > now + AHEAD:
                raise Invalid(
                    f"{copy} goes on to {last}, and the clock says {stamp(now)}: set the clock right first"
                )
            looked_for, goes_on = 0, Numbers()
            for tenant, trail in trails.items():
                if found.conn is not None and tenant in there:
                    behind += left_behind(Sql(found.conn), sql, tenant)
                given = dict(seen)
                for series, number in there[tenant].numbers.items() if tenant in there else ():
                    given[series] = max(number, given.get(series, 0))
                work = Work(sql, tenant, by, now)
                skipped, unknown = _skip(work, trail.numbers, given), _unsure(work, trail.at)
                looked_for += len(unknown)
                goes_on |= {series: one["to"] for series, one in skipped.items()}
                detail = {"copy_ended": trail.at, "skipped": skipped, "looked_for": unknown}
                work.audit(RESTORED, "", detail)
        with connections.snapshot(None) as sql:
            problems = verify.problems(sql, now)
            counts = counted(sql)
    finally:
        connections.close()
    if problems:
        raise StoreError(f"{copy} is not whole, and nothing was changed: {problems[0]}")
    after = " and ".join(f"{series}-{number:04}" for series, number in sorted(goes_on.items()))
    told = [
        f"restored as it stood at {last}, {counts}",
        *([f"brought up to date from {older}, an earlier release's"] if older else []),
        f"numbers go on after {after}" if after else "numbers go on as they were",
        f"{looked_for} messages are looked for before they are sent again",
        *(f"of {tenant} nothing is in the copy" for tenant in sorted(there.keys() - trails.keys())),
        *behind,
    ]
    return "; ".join(told)


def _refuse_anothers(copy: Path, trails: Mapping[str, Trail], there: Mapping[str, Trail]) -> None:
    same = [name for name, trail in trails.items() if name in there and there[name].begins == trail.begins]
    if there and not same:
        raise Invalid(
            f"{copy} is another organisation's: it is of {', '.join(trails)}, what is there is of "
            f"{', '.join(there)}, and their trails do not begin alike"
        )


def _skip(work: Work, numbers: Numbers, given: Numbers) -> dict[str, dict[str, int]]:
    skipped: dict[str, dict[str, int]] = {}
    for series, number in sorted(given.items()):
        if number > numbers.get(series, 0):
            work.sql.run("insert or replace into numbering values (?, ?, ?)", work.tenant, series, number)
            skipped[series] = {"from": numbers.get(series, 0), "to": number}
    return skipped


def _unsure(work: Work, since: str) -> list[str]:
    """What was due may have been sent since: each is looked for on its own, where it would have gone. An
    update does no harm twice."""
    found = work.sql.all(
        "select * from outbox where tenant = ? and state = 'due' and kind != 'update' and next_at <= ?",
        work.tenant, work.now,
    )  # fmt: skip
    for row in found:
        work.sql.run(
            "update outbox set state = 'unknown', ripe = 0, attempts = attempts + 1, batch = key, "
            "batch_thread = ?, first_try = coalesce(first_try, ?) where id = ?",
            known_thread(work.sql, row), min(since, row["next_at"]), row["id"],
        )  # fmt: skip
    return sorted(row["key"] for row in found)


def _numbers(last: Sequence[str]) -> Numbers:
    """Raises Invalid."""
    found = Numbers()
    for given in last:
        series, _, number = given.strip().upper().rpartition("-")
        year = series.removeprefix("C").removeprefix("T")
        if not (year.isdecimal() and len(year) == (2 if series != year else 4) and number.isdecimal()):
            raise Invalid(f"{text(given[:20])} is no number of a case or record: give one like C26-0005")
        found[series] = max(int(number), found.get(series, 0))
    return found


def _swap(path: Path, there: There, ready: Path, now: datetime) -> Path | None:
    """The copy in the place of the file; where what was there is now."""
    create_privately(path)
    if path.stat().st_size == 0:
        ready.replace(path)
        return None
    if there.conn is not None:
        with translated(path):
            there.conn.rollback()
            there.conn.execute("pragma journal_mode=delete")  # the log goes back into the file
            there.conn.execute("begin exclusive")
    aside = path.with_name(f"{path.name}.before-{stamp(now)[:19].replace(':', '')}Z")
    made: dict[Path, Path] = {}
    try:
        for old in (path, *beside(path)):
            if old.exists():
                new = aside.with_name(aside.name + old.name.removeprefix(path.name))
                os.link(old, new)
                made[old] = new
        for old in beside(path):  # never beside the copy: SQLite would take it for its log
            old.unlink(missing_ok=True)
        ready.replace(path)
    except FileExistsError:
        raise Duplicate(f"{aside} is there already: move it away first") from None
    except OSError:
        for old, new in made.items():
            new.unlink() if old.exists() else new.rename(old)
        raise
    sync(path.parent)
    return aside
