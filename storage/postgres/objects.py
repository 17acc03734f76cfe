"""Is the schema of a PostgreSQL database as it was made? A right more or a trigger less would do unseen what
is refused. In the words of `storage.verify`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from storage.postgres.rights import SCHEMA
from storage.postgres.schema import (
    FUNCTION_BODIES,
    Tables,
    body,
    made_functions,
    of_tenants,
    triggers,
)
from storage.sql import Sql
from storage.verify import HARM

Objects = dict[tuple[str, str], str]


def unexpected(sql: Sql, wanted: Tables) -> Iterator[str]:
    should, found = _wanted(wanted), _found(sql)
    for kind, name in sorted(should.keys() | found.keys()):
        if (kind, name) not in found:
            yield f"the {kind} {name} is gone: {HARM[kind]}"
        elif (kind, name) not in should:
            yield f"the {kind} {name} is none of ours: whoever put it there can change what we keep"
        elif should[kind, name] != found[kind, name]:
            yield f"the {kind} {name} has been changed"
    yield from _seen_by_others(sql, of_tenants(wanted))


def _wanted(wanted: Tables) -> Objects:
    made: Objects = {}
    columns: Mapping[str, Mapping[str, str]] = wanted.columns
    for table, names in columns.items():
        made["table", table] = " ".join(sorted(names))
    made["table", "schema_step"] = "at name oldest_release position release"
    for name in wanted.names("index"):
        made["index", name] = ""
    for name in wanted.names("view"):
        made["view", name] = "{security_invoker=true}"
    for name, (_, _, text) in triggers(wanted).items():
        made["trigger", name] = text
    for name in made_functions(wanted):
        made["function", name] = FUNCTION_BODIES.get(name) or body(wanted, name)
    return made


def _found(sql: Sql) -> Objects:
    found: Objects = {}
    for row in sql.all(
        """select c.relname as name, c.relkind as kind, coalesce(cast(c.reloptions as text), '') as options,
        (select string_agg(cast(a.attname as text), ' ' order by cast(a.attname as text) collate "C")
          from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = ? and c.relkind in ('r', 'p', 'f', 'v', 'm')""",
        SCHEMA,
    ):
        view = row["kind"] == "v"
        found["view" if view else "table", row["name"]] = row["options"] if view else row["columns"]
    for row in sql.all(
        """select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = ? and not i.indisprimary
        and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)""",
        SCHEMA,
    ):
        found["index", row["name"]] = ""
    for row in sql.all(
        """select t.tgname as name, pg_get_triggerdef(t.oid) as text, t.tgenabled as enabled
        from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = ? and not t.tgisinternal""",
        SCHEMA,
    ):
        found["trigger", row["name"]] = row["text"] if row["enabled"] == "O" else "not in force"
    for row in sql.all(
        """select p.proname as name, p.prosrc as text from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace where n.nspname = ?""",
        SCHEMA,
    ):
        found["function", row["name"]] = row["text"]
    return found


def _seen_by_others(sql: Sql, tables: list[str]) -> Iterator[str]:
    """Row-level security in force, by our policies and no other."""
    known = {"mine", "across", "whole", "told", "named"}
    for row in sql.all(
        """select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as held,
        (select string_agg(cast(p.polname as text), ' ') from pg_policy p where p.polrelid = c.oid)
          as policies
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = ? and c.relkind = 'r'""",
        SCHEMA,
    ):
        if row["name"] not in tables:
            continue
        if not row["held"] or not {"mine", "across", "whole"} <= set((row["policies"] or "").split()):
            yield f"the table {row['name']} shows one organisation's rows to another"
        if set((row["policies"] or "").split()) - known:
            yield f"the table {row['name']} has a policy that is none of ours"
