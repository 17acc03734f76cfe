"""Is the file what was written? SQLite's own checks, the schema with every object in it, the chain of the
trail, each row against its digest, what holds now against the rows that it comes from, and what waits or was
sent against what the trail says was planned.

What no check inside the file can see: that the whole end of it was cut off, trail and rows together, or that
all of it was written anew. `heads` gives the last hash of each trail, to be noted outside; a backup's line
holds them too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import chain as chained
from itertools import islice
from pathlib import Path

from storage import migrations
from storage.file import private_copy, sqlite3, wal_safe
from storage.sql import Sql
from storage.times import moment, stamp
from storage.verify_messages import ENDS
from storage.verify_rows import held_against_the_trail, held_as_a_whole
from storage.verify_shares import (
    MOST,
    MUCH,
    OfOneTenant,
    Plan,
    SecondProcess,
    bound_of,
    by_sqlite,
    first_share,
    last_of,
    nothing_collected,
)
from storage.verify_streams import TABLES, Subjects
from storage.verify_trail import Told, chain, told_beside

# What the trail says under these names is its own: digests, and what becomes of messages.
OURS = frozenset({"rows", "pings", "posts", "key", *ENDS})
# A message that is tried again waits for minutes; one that waits longer was put off by nobody we know.
LONGEST_WAIT = timedelta(days=1)
# By leaps through the index: the trail has many rows a tenant.
TENANTS = """with recursive each(tenant) as (
  select min(tenant) from {table}
  union all
  select (select min(a.tenant) from {table} a where a.tenant > each.tenant) from each
  where tenant is not null)
select tenant from each where tenant is not null"""
JSON_COLUMNS = (("draft", "state"), ("conversation_reference", "data"), ("outbox", "body"))


def problems(sql: Sql, now: datetime | None, path: Path | None = None) -> list[str]:
    """In plain words; empty where all is well. `now` is the trail's last moment where it is not given.
    `path`: where the file is, so that a second process may take its share of what is much."""
    if path is not None and _is_much(sql):
        found = list(islice(_by_two(sql, now, path), MOST + 1))
    else:
        found = list(islice(chained(by_sqlite(sql), _all(sql, now)), MOST + 1))
    return [*found[:MOST], "and there is more"] if len(found) > MOST else found


def _is_much(sql: Sql) -> bool:
    if not wal_safe() or migrations.pending(sql.conn) or _lacking(sql):
        return False
    return sum(seq for seq, _ in heads(sql).values()) >= MUCH


def _by_two(sql: Sql, now: datetime | None, path: Path) -> Iterator[str]:
    with nothing_collected(), SecondProcess(path) as second:
        plans = {
            one: Plan(bound_of(sql, one), _latest(sql, one, now), last_of(sql, one)) for one in _tenants(sql)
        }
        second.begin(plans)
        mine, told = {tenant: OfOneTenant() for tenant in plans}, {tenant: Told() for tenant in plans}
        ours = list(islice(chained(schema(sql), _no_json(sql)), MOST + 1))
        for tenant, found in mine.items():
            found.rows += told_beside(sql, tenant, told[tenant])
            which = Subjects(plans[tenant].bound)
            rows = held_against_the_trail(
                sql, tenant, told[tenant], plans[tenant].latest, found.numbers, which
            )
            found.rows += islice(rows, MOST + 1)
        damage, theirs = second.share() or first_share(sql, plans)
    yield from (*damage, *ours)
    for tenant, found in mine.items():
        first = theirs[tenant]
        yield from (*first.chain, *first.rows, *found.rows)
        yield from held_as_a_whole(sql, tenant, told[tenant], first.numbers + found.numbers)


def _all(sql: Sql, now: datetime | None) -> Iterator[str]:
    yield from schema(sql)
    if not migrations.pending(sql.conn):
        yield from rows_of_all(sql, now)
        return
    # Of an earlier release: what it will be once it is brought up to date, which launders nothing.
    try:
        conn = private_copy(sql.conn)
    except sqlite3.Error as error:
        yield f"it cannot be copied: {error}"
        return
    try:
        migrations.apply(conn)
        yield from rows_of_all(Sql(conn), now)
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        yield f"it cannot be brought up to date: {type(error).__name__} at a row that is damaged"
    finally:
        conn.close()


def rows_of_all(sql: Sql, now: datetime | None) -> Iterator[str]:
    if _lacking(sql):  # the rest cannot be read
        return
    yield from _no_json(sql)
    for tenant in _tenants(sql):
        told, numbers = Told(), Counter[str]()
        yield from chain(sql, tenant)
        yield from told_beside(sql, tenant, told)
        yield from held_against_the_trail(sql, tenant, told, _latest(sql, tenant, now), numbers)
        yield from held_as_a_whole(sql, tenant, told, numbers)


def _lacking(sql: Sql) -> set[str]:
    return {*TABLES, "setting", "numbering"}.difference(sql.tables())


def _no_json(sql: Sql) -> Iterator[str]:
    for table, column in JSON_COLUMNS:
        for row in sql.each(f"select {sql.ROW} as row, tenant from {table} where not json_valid({column})"):
            yield f"row {row['row']} of {table}, of {row['tenant']}, is damaged: its {column} is no JSON"


def _latest(sql: Sql, tenant: str, now: datetime | None) -> str:
    """Until when a message that was tried may wait for its next try."""
    last_at = str(sql.value("select max(at) from audit where tenant = ?", tenant) or "")
    try:
        last = moment(last_at)
        return stamp((last if now is None else max(now, last)) + LONGEST_WAIT)
    except ValueError:  # damaged, and named as such
        return last_at


def schema(sql: Sql) -> Iterator[str]:
    """Every object is ours, and as the release that the file is of made it: a trigger more would do unseen
    what a trigger less allows."""
    wanted, found = _made_anew(migrations.version(sql.conn)), objects(sql)
    for kind, name in sorted(wanted.keys() | found.keys()):
        if (kind, name) not in found:
            yield f"the {kind} {name} is gone: {HARM[kind]}"
        elif (kind, name) not in wanted:
            yield f"the {kind} {name} is none of ours: whoever put it there can change what we keep"
        elif wanted[kind, name] != found[kind, name] and name != "_sqlite_migrations":
            yield f"the {kind} {name} has been changed"


HARM = {
    "table": "nothing can be kept in it",
    "index": "what is to be found through it is found late, or twice",
    "trigger": "rows could be changed unseen",
    "view": "what is current cannot be read",
    "function": "what rests on it cannot be done",
}


def objects(sql: Sql) -> dict[tuple[str, str], str | None]:
    return {(row["type"], row["name"]): row["sql"] for row in sql.each("select * from sqlite_schema")}


@cache
def _made_anew(version: str) -> dict[tuple[str, str], str | None]:
    """What a new file has, or had."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(conn, up_to=version)
    return objects(Sql(conn))


def _tenants(sql: Sql) -> list[str]:
    found: set[str] = set()
    for table in (*TABLES, "setting", "numbering"):
        found |= {row["tenant"] for row in sql.each(TENANTS.format(table=table))}
    return sorted(found)


def tenants(sql: Sql) -> list[str]:
    """Those that have a trail."""
    return [row["tenant"] for row in sql.all(TENANTS.format(table="audit"))]


def heads(sql: Sql) -> dict[str, tuple[int, str]]:
    """Per tenant the trail's last number and hash."""
    found: dict[str, tuple[int, str]] = {}
    for tenant in tenants(sql):
        for row in sql.all("select * from audit where tenant = ? order by seq desc limit 1", tenant):
            found[tenant] = (row["seq"], row["hash"])
    return found
