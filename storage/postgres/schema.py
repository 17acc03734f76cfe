"""The tables in PostgreSQL, out of those that SQLite has: there is one definition of each, in
`storage.tables` and `storage.later_tables`, and what differs is in `dialect` and `rights` beside this.

A new database gets what a new file has. One of an earlier release gets what came since: tables, columns,
indexes, and the views and triggers anew. `schema_step` says which steps it has been through, by which
release, and which release is the oldest that can still be served from it: what a release takes away or asks
for, the one before it does without already, so that two releases may serve at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from storage import migrations
from storage.file import sqlite3
from storage.postgres.dialect import definition
from storage.postgres.rights import ERASER, OF_ALL, SCHEMA, rights
from storage.sql import Sql
from storage.tables import APPEND_ONLY

# The first release that has PostgreSQL; a step after which an earlier one cannot serve names its own.
FIRST = "0.1.0"
OLDEST: Mapping[str, str] = {}
STEPS = f"""create table if not exists {SCHEMA}.schema_step (
  name text primary key, position bigint not null, release text not null, oldest_release text not null,
  at text not null)"""
# Named as SQLite names them, so that a statement need not differ.
FUNCTIONS = {
    "instr": "(text, text) returns integer language sql immutable strict parallel safe",
    "json_valid": "(text) returns boolean language plpgsql immutable strict parallel safe",
    "append_only": "() returns trigger language plpgsql",
}
FUNCTION_BODIES = {
    "instr": "select strpos($1, $2)",
    "json_valid": "begin perform cast($1 as json); return true; exception when others then return false; end",
    # A row that was kept stays as it is; but for the role that takes a text out, and only while it does.
    "append_only": f"""begin
  if current_user = '{ERASER}' and tg_op != 'TRUNCATE' and tg_table_name != 'audit' then
    if tg_op = 'DELETE' then return old; end if;
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end""",
}
_APPEND_ONLY = re.compile(r".*_no_(update|delete|replace)")
_TRIGGER = re.compile(
    r"create trigger \w+ after insert on (\w+)(?: when new\.(\w+) = ('\w+'))? begin(.*)end\Z", re.S | re.I
)
_VIEW = re.compile(r"create view (\w+) as\b", re.I)
_KEY = re.compile(r"primary key \(([^)]*)\)")


class Tables(NamedTuple):
    """As SQLite has them after a step: objects by kind and name, columns by table, their primary keys, and
    the rows that a new file comes with."""

    objects: Mapping[tuple[str, str], str]
    columns: Mapping[str, Mapping[str, str]]
    keys: Mapping[str, list[str]]
    rows: Mapping[str, list[dict[str, Any]]]

    def names(self, kind: str) -> list[str]:
        return [name for of, name in self.objects if of == kind]


@cache
def tables_after(step: str = "") -> Tables:
    """After one of the steps, or after them all."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrations.apply(conn, up_to=step)
        sql = Sql(conn)
        objects = {
            (row["type"], row["name"]): row["sql"]
            for row in sql.all("select * from sqlite_schema where sql is not null")
            if not row["tbl_name"].startswith(("_sqlite", "sqlite_"))
        }
        names = [name for kind, name in objects if kind == "table"]
        every = {name: sql.all(f"pragma table_info({name})") for name in names}
        columns = {name: {one["name"]: one["type"] for one in found} for name, found in every.items()}
        keys = {name: _key_of(found) for name, found in every.items()}
        rows = {name: found for name in names if (found := sql.all(f"select * from {name}"))}
    finally:
        conn.close()
    return Tables(objects, columns, keys, rows)


def _key_of(columns: list[dict[str, Any]]) -> list[str]:
    """Of its primary key, which every table has but those of one row."""
    chosen = sorted((one for one in columns if one["pk"]), key=lambda one: int(one["pk"]))
    return [one["name"] for one in chosen] or [one["name"] for one in columns]


def made(wanted: Tables, there: Tables | None = None) -> Iterator[str]:
    """Statements for the owner: all of it, or what is more than `there`."""
    before: Mapping[tuple[str, str], str] = there.objects if there else {}
    for view in there.names("view") if there else ():
        yield f"drop view if exists {view}"
    for (kind, name), text in wanted.objects.items():
        if kind == "table" and (kind, name) not in before:
            yield definition(text)
        elif kind == "table" and there:
            for column in wanted.columns[name].keys() - there.columns[name].keys():
                yield f"alter table {name} add column {definition(_added(text, column))}"
    for kind, name in before.keys() - wanted.objects.keys():
        if kind in ("table", "index"):
            yield f"drop {kind} {name}"
    for (kind, name), text in wanted.objects.items():
        if kind == "index" and before.get((kind, name)) != text:
            if (kind, name) in before:
                yield f"drop index {name}"
            yield _index(text)
    yield from views(wanted).values()
    for name in made_functions(wanted):
        head = FUNCTIONS.get(name, "() returns trigger language plpgsql")
        does = FUNCTION_BODIES.get(name) or body(wanted, name)
        yield f"create or replace function {name}{head} as $${does}$$"
    for name, (table, _, text) in triggers(wanted).items():
        yield f"drop trigger if exists {name} on {table}"
        yield text
    yield from rights([*wanted.names("table"), "schema_step"], of_tenants(wanted), wanted.names("view"))


def _added(table: str, column: str) -> str:
    """How a column that was added stands at the end of its table's definition."""
    found = re.search(rf",\s*({column} [^,]*(?:\([^)]*\)+[^,]*)*?)\s*(?=,\s*\w+ \w+|\)\s*strict)", table)
    assert found is not None, f"{column} of a table is added as SQLite writes it"
    return found[1]


def _index(text: str) -> str:
    made = definition(text)
    # Posts have no day, and go first in both.
    return made.replace("due_on", "due_on nulls first", 1) if " on outbox " in made else made


def of_tenants(wanted: Tables) -> list[str]:
    """Tables whose rows are an organisation's each."""
    return [name for name, columns in wanted.columns.items() if "tenant" in columns and name not in OF_ALL]


def views(wanted: Tables) -> dict[str, str]:
    """A view of the owner's would show whoever may read it all that the owner may."""
    return {
        name: _VIEW.sub(r"create view \1 with (security_invoker = true) as", wanted.objects["view", name])
        for name in wanted.names("view")
    }


def triggers(wanted: Tables) -> dict[str, tuple[str, str, str]]:
    """By name: the table, the function, and what makes it, as PostgreSQL writes it down again."""
    found: dict[str, tuple[str, str, str]] = {}
    for table in (*APPEND_ONLY, "audit"):
        if table not in wanted.columns:
            continue
        for act, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            name = f"{table}_no_{act}"
            found[name] = table, "append_only", (
                f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {SCHEMA}.{table} "
                f"FOR EACH {each} EXECUTE FUNCTION append_only()"
            )  # fmt: skip
    for name, (table, column, value, _) in _becoming(wanted).items():
        when = f"WHEN ((new.{column} = {value}::text)) " if column else ""
        found[name] = table, name, (
            f"CREATE TRIGGER {name} AFTER INSERT ON {SCHEMA}.{table} "
            f"FOR EACH ROW {when}EXECUTE FUNCTION {name}()"
        )  # fmt: skip
    return found


def _becoming(wanted: Tables) -> dict[str, tuple[str, str, str, str]]:
    """Those that write down what holds now: their table, which column has to have which value, and their
    statements as SQLite has them."""
    found = {}
    for name in wanted.names("trigger"):
        if _APPEND_ONLY.fullmatch(name):
            continue
        parts = _TRIGGER.fullmatch(wanted.objects["trigger", name].strip())
        assert parts is not None, f"{name} is a trigger of another form"
        found[name] = parts[1], parts[2] or "", parts[3] or "", parts[4]
    return found


def made_functions(wanted: Tables) -> list[str]:
    return [*FUNCTIONS, *_becoming(wanted)]


def body(wanted: Tables, name: str) -> str:
    def with_key(found: re.Match[str]) -> str:
        key = _KEY.search(wanted.objects["table", found[1]])
        assert key is not None
        return f"{found[0]} ({key[1]})"

    statements = re.sub(r"\+(?=state\b)", "", _becoming(wanted)[name][3])
    statements = re.sub(r"insert into (\w+)\s[^;]*?on conflict", with_key, statements)
    return f"begin{statements}return null; end"
