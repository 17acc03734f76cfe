"""Is the file what was written? SQLite's own checks, the schema with every object in it, the chain of the
trail, each row against its digest, what holds now against the rows that it comes from, and what waits or was
sent against what the trail says was planned.

What no check inside the file can see: that the whole end of it was cut off, trail and rows together, or that
all of it was written anew. `heads` gives the last hash of each trail, to be noted outside; a backup's line
holds them too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import chain as chained
from itertools import islice

from storage import migrations
from storage.file import private_copy, sqlite3
from storage.sql import Sql
from storage.times import moment, stamp
from storage.verify_messages import ENDS
from storage.verify_rows import held_against_the_trail
from storage.verify_streams import TABLES
from storage.verify_trail import Told, chain

# What the trail says under these names is its own: digests, and what becomes of messages.
OURS = frozenset({"rows", "pings", "posts", "key", *ENDS})
MOST = 1000  # problems that are told
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


def problems(sql: Sql, now: datetime | None, beside: Sql | None = None) -> list[str]:
    """In plain words; empty where all is well. `now` is the trail's last moment where it is not given. By a
    second connection, `beside`, SQLite looks for damage while the rows are read, a tenth of the work."""
    if beside is None:
        found = list(islice(chained(_sqlite(sql), _all(sql, now)), MOST + 1))
    else:
        from concurrent.futures import ThreadPoolExecutor  # 5 ms, which no other command needs

        with ThreadPoolExecutor(1) as worker:
            damage = worker.submit(lambda: list(islice(_sqlite(beside), MOST + 1)))
            rest = list(islice(_all(sql, now), MOST + 1))
            found = [*damage.result(), *rest]
    return [*found[:MOST], "and there is more"] if len(found) > MOST else found


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
    lacking = {table for table in (*TABLES, "setting", "numbering") if not sql.columns(table)}
    if lacking:  # the rest cannot be read
        return
    for table, column in JSON_COLUMNS:
        for row in sql.each(f"select {sql.ROW} as row, tenant from {table} where not json_valid({column})"):
            yield f"row {row['row']} of {table}, of {row['tenant']}, is damaged: its {column} is no JSON"
    for tenant in _tenants(sql):
        told = Told()
        yield from chain(sql, tenant, told)
        yield from held_against_the_trail(sql, tenant, told, _longest(now, told.last_at))


def _longest(now: datetime | None, last_at: str) -> str:
    """Until when a message that was tried may wait for its next try."""
    try:
        last = moment(last_at)
        return stamp((last if now is None else max(now, last)) + LONGEST_WAIT)
    except ValueError:  # damaged, and named as such
        return last_at


def _sqlite(sql: Sql) -> Iterator[str]:
    for row in sql.each("pragma integrity_check"):
        if row["integrity_check"] != "ok":
            yield f"SQLite finds damage: {' '.join(row['integrity_check'].split())}"
    for table, parent in dict.fromkeys(
        (row["table"], row["parent"]) for row in sql.each("pragma foreign_key_check")
    ):
        yield f"a row of {table} refers to a row of {parent} that is not there"


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
