"""The store on a PostgreSQL server."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storage import migrations, verify
from storage.backup import Heads, backup
from storage.copying import into_a_file
from storage.errors import CannotOpen, NewerSchema
from storage.postgres.connections import ServerConnections
from storage.postgres.objects import unexpected
from storage.postgres.rights import BACKUP, SCHEMA, WORKER
from storage.postgres.schema import tables_after
from storage.postgres.server import OLDEST, ServerAddress
from storage.register_rows import BUILT
from storage.release import as_numbers, program_version
from storage.signing import Witness
from storage.sql import Row, Sql
from storage.verbs import Verbs
from storage.verify_shares import MOST

if TYPE_CHECKING:
    from storage.store import Store


class PostgresStore(Verbs):
    """`storage.store.Store`, where the verbs are described. A lock for each organisation; whoever else writes
    for one waits, and readers see what was there when they began."""

    def __init__(
        self, server: ServerAddress, *, witness: Witness | None = None, own_clock: bool = True
    ) -> None:
        self._witness = witness
        self._connections = ServerConnections(server, own_clock=own_clock)
        try:
            with self._connections.as_it_is(None) as sql:  # at once, where a pool would try for a while
                refuse_unfit(sql, server)
                refuse_unready(sql, server)
        except BaseException:
            self.close()
            raise

    def _problems(self, sql: Sql, now: datetime | None) -> list[str]:
        found = [*unexpected(sql, tables_after()), *verify.rows_of_all(sql, now)]
        more = ["and there is more"] if len(found) > MOST else []
        return found[:MOST] + more

    def _copied(self, path: Path, before: Heads, now: datetime) -> str:
        """As a file, which any machine can look into, and `irmer copy` brings to a server again."""

        def write(making: Path) -> None:
            with self._connections.as_it_is(None) as sql:
                into_a_file(sql, making)

        return backup(write, path, before, now)

    def _schema(self, sql: Sql) -> str:
        return str(sql.value("select name from schema_step order by position desc limit 1"))

    def _engine(self) -> tuple[str, bool]:
        with self._connections.read(None) as sql:
            release = str(sql.value("select current_setting('server_version')"))
        return f"PostgreSQL {release.split()[0]}", True


def open_server(server: ServerAddress, *, witness: Witness | None = None) -> Store:
    """Raises StoreError: CannotOpen where this user or this release may not serve what is there."""
    return PostgresStore(server, witness=witness)


def refuse_unfit(sql: Sql, server: ServerAddress) -> None:
    """Whoever is connected is to be held by the rights of the tables. Raises CannotOpen."""
    found = _whoever(sql)
    if found["version"] < OLDEST:
        raise CannotOpen(f"{server} is older than PostgreSQL {OLDEST // 10000}, which is wanted")
    for what, says in (
        ("super", "is a superuser"), ("past", "passes over row-level security"),
        ("owner", "owns the tables"),
    ):  # fmt: skip
        if found[what]:
            raise CannotOpen(
                f"{server}: the user of this address {says}, and would see the rows of everybody: "
                f"give one that has the role {WORKER} and nothing more"
            )
    if not found["made"]:
        raise CannotOpen(f"{server} has no tables of ours: irmer migrate makes them, as their owner")
    if not (found["worker"] or found["backup"]):
        raise CannotOpen(f"{server}: the user of this address lacks the role {WORKER}")


def _whoever(sql: Sql) -> Row:
    def has(role: str) -> str:
        return (
            f"exists (select 1 from pg_roles x where x.rolname = '{role}' "
            "and pg_has_role(current_user, x.oid, 'member'))"
        )

    return sql.one(
        f"""select cast(current_setting('server_version_num') as integer) as version, r.rolsuper as super,
        r.rolbypassrls as past, n.oid is not null as made,
        coalesce(pg_has_role(current_user, n.nspowner, 'member'), false) as owner,
        {has(WORKER)} as worker, {has(BACKUP)} as backup
        from pg_roles r left join pg_namespace n on n.nspname = '{SCHEMA}'
        where r.rolname = current_user"""
    ) or {}  # fmt: skip


def refuse_unready(sql: Sql, server: ServerAddress) -> None:
    """Raises CannotOpen where the tables are another release's, and this one is not among those that can
    serve them."""
    steps = sql.all("select name, oldest_release from schema_step order by position")
    release = as_numbers(program_version())
    needs = max((as_numbers(row["oldest_release"]) for row in steps), default=())
    if release and release < needs:
        raise NewerSchema(
            f"{server} is a database of a later release: it wants {'.'.join(map(str, needs))} or later, "
            f"and this is {program_version()}"
        )
    lacking = set(migrations.NAMES) - {row["name"] for row in steps}
    if lacking or sql.value("select version from register_built") < BUILT:
        last = steps[-1]["name"] if steps else "nothing yet"
        raise CannotOpen(
            f"{server} is of an earlier release ({last}): irmer migrate, as the owner of its tables, "
            "brings it up to date"
        )
