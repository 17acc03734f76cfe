"""Who may do what in a PostgreSQL database: roles of the server, and what each may see of a table.

The owner makes and changes the tables (`irmer migrate`, `irmer copy`) and is nobody that serves. A row is
seen by whoever has set the transaction to its organisation; a transaction that has set none sees no row. Who
sends for every organisation sees beyond that, and says so in the transaction. A backup sees all and changes
nothing. A text is taken out, and a case let go, by a role that is taken on for that alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from storage.tables import APPEND_ONLY

SCHEMA = "irmer"
APP, WORKER, BACKUP, ERASER = "irmer_app", "irmer_worker", "irmer_backup", "irmer_eraser"
# Nothing in these is changed by whoever serves.
KEPT = frozenset({*APPEND_ONLY, "audit"})
# Nothing in these is changed by whoever serves either.
OF_THE_OWNER = frozenset({"register_built", "schema_step"})
# What is asked before it is known whose something is, and what processes say to one another: no row of these
# tells of an incident, and each is seen and changed by whoever serves.
OF_ALL = frozenset({
    "binding_open", "link_code", "link_try", "unlinked", "chosen_organisation", "person_alias",
    "process", "turn",
})  # fmt: skip
# Seen by whoever serves, and changed by its own: an organisation's name, and its code, which is no other's.
SEEN_BY_ALL = frozenset({"organisation"})
# Beside the rows that are only ever added to, those that go by themselves once they have served.
PASSING = frozenset({"draft", "setting", "delivery", "chat_secret"})
_MINE = "tenant = nullif(current_setting('irmer.tenant', true), '')"
_ACROSS = "current_setting('irmer.across', true) = 'on'"


def roles() -> str:
    """Makes those that are not there: the server's, not one database's."""
    made = "".join(
        f"if not exists (select 1 from pg_roles where rolname = '{name}') then create role {name} {how}; "
        f"{then} end if; "
        for name, how, then in (
            (ERASER, "nologin", ""),
            (APP, "nologin noinherit", f"grant {ERASER} to {APP};"),
            (WORKER, "nologin", f"grant {APP} to {WORKER};"),
            (BACKUP, "nologin", ""),
        )
    )
    return f"do $$ begin {made} end $$"


def rights(tables: Collection[str], of_tenants: Collection[str], views: Collection[str]) -> Iterator[str]:
    """Statements, to be run by the owner whenever there is a table more. `of_tenants`: those of the tables
    whose rows are an organisation's each."""
    everybody = f"{APP}, {WORKER}, {BACKUP}, {ERASER}"
    yield f"revoke all on schema {SCHEMA} from public"
    yield f"grant usage on schema {SCHEMA} to {everybody}"
    yield f"grant usage on all sequences in schema {SCHEMA} to {APP}, {ERASER}"
    for view in views:
        yield f"grant select on {view} to {everybody}"
    for table in sorted(tables):
        yield f"revoke all on {table} from {everybody}"
        yield f"grant select on {table} to {everybody}"
        if table == "audit":
            yield f"grant insert on audit to {APP}, {BACKUP}, {ERASER}"
        elif table not in OF_THE_OWNER:
            may = "insert" if table in KEPT else "insert, update"
            may += ", delete" if table in PASSING | OF_ALL else ""
            yield f"grant {may} on {table} to {APP}"
            yield f"grant select, insert, update, delete on {table} to {ERASER}"
        if table in of_tenants:
            yield from _policies(table)


def _policies(table: str) -> Iterator[str]:
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    for name, act, who, seen in (
        ("mine", "all", f"{APP}, {ERASER}", _MINE),
        ("across", "select", WORKER, _ACROSS),
        ("whole", "select", BACKUP, "true"),
    ):
        yield f"drop policy if exists {name} on {table}"
        yield f"create policy {name} on {table} for {act} to {who} using ({seen})"
    if table in SEEN_BY_ALL:
        yield f"drop policy if exists named on {table}"
        yield f"create policy named on {table} for select to {APP} using (true)"
    if table == "audit":  # that a backup was made
        yield f"drop policy if exists told on {table}"
        yield f"create policy told on {table} for insert to {BACKUP} with check ({_MINE})"
