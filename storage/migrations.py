"""Which steps a file's schema has been through, and those that are due. A table of the file says so, as
sqlite-utils has it, which took the steps up to m017."""

from __future__ import annotations

from storage.errors import NewerSchema
from storage.file import MIGRATION_SET, TO_VACUUM, Connection, sqlite3

# The steps in `schema_steps`, in their order.
NAMES = (
    "m001_first_release", "m002_what_holds_now", "m003_open_messages_in_the_trail", "m004_who_is_served",
    "m005_details_of_records", "m006_the_register",
    "m007_words_beside_the_trail", "m008_who_people_are", "m009_what_is_brought_in", "m010_themes",
    "m011_the_program_of_records", "m012_corrective_measures",
    "m013_what_is_lacking", "m014_several_processes",
    "m015_organisations", "m016_connections", "m017_people_moved",
)  # fmt: skip

APPLIED = (
    """CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT""",
    """CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name")""",
)
NOTED = """insert into _sqlite_migrations (migration_set, name, applied_at)
    values (?, ?, strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))"""


def create(conn: Connection) -> None:
    """The tables in a file that has none. Raises NewerSchema. Several processes at once are safe: the first
    makes them, the others find them made."""
    if not pending(conn):
        return
    conn.execute("begin immediate")
    try:
        if pending(conn):
            apply(conn)
        conn.execute("commit")
    except BaseException:
        conn.rollback()
        raise


def apply(conn: Connection, *, up_to: str = "") -> None:
    """The steps that are due, up to one and with it, within a transaction of the caller's: all or none."""
    from storage.schema_steps import SCHEMA_STEPS  # 6 ms, which a file of today's schema does without

    if not _listed(conn):
        for statement in APPLIED:
            conn.execute(statement)
    for name in pending(conn):
        if up_to and NAMES.index(name) > NAMES.index(up_to):
            break
        SCHEMA_STEPS[name](conn)
        conn.execute(NOTED, (MIGRATION_SET, name))


def vacuum(conn: Connection) -> None:
    """Once after an upgrade that took something out. Where that cannot be (no space, another process), the
    next start tries again."""
    if conn.execute("pragma user_version").fetchone()[0] != TO_VACUUM:
        return
    try:
        conn.execute("vacuum")
        conn.execute("pragma user_version=0")
        conn.execute("pragma wal_checkpoint(truncate)")
    except sqlite3.Error:
        conn.rollback()


def version(conn: Connection) -> str:
    """The last step, "" in a file that has nothing in it."""
    return (applied(conn) or [""])[-1]


def applied(conn: Connection) -> list[str]:
    if not _listed(conn):
        return []
    found = conn.execute(
        "select name from _sqlite_migrations where migration_set = ? order by rowid", (MIGRATION_SET,)
    )
    return [name for (name,) in found]


def _listed(conn: Connection) -> bool:
    return bool(conn.execute("select 1 from sqlite_schema where name = '_sqlite_migrations'").fetchone())


def pending(conn: Connection) -> tuple[str, ...]:
    """The steps that are due. Raises NewerSchema."""
    there = applied(conn)
    unknown = [name for name in there if name not in NAMES]
    if unknown:
        raise NewerSchema(
            f"a later version of irmer-bot wrote this database ({unknown[-1]}): use that version, "
            "or put back the copy of before it"
        )
    return NAMES[len(there) :]
