"""Which steps a file's schema has been through, and those that are due. Nothing of sqlite-utils is needed to
see that none is: it takes 0.1 s to import, and a start is 0.2."""

from __future__ import annotations

from storage.errors import NewerSchema
from storage.file import MIGRATION_SET, TO_VACUUM, Connection, sqlite3

# The steps in `schema_steps`, in their order.
NAMES = (
    "m001_first_release", "m002_what_holds_now", "m003_open_messages_in_the_trail", "m004_who_is_served",
    "m005_details_of_records", "m006_the_register",
    "m007_words_beside_the_trail", "m008_who_people_are", "m009_what_is_brought_in", "m010_themes",
)  # fmt: skip


def apply(conn: Connection) -> None:
    """Raises NewerSchema. Several processes at once are safe: the first migrates, the others find it done."""
    if not _pending(conn):
        _vacuum(conn)
        return
    from storage import schema_steps  # sqlite-utils takes 64 ms, see above

    conn.execute("begin immediate")
    try:
        if _pending(conn):
            schema_steps.apply(conn)
        conn.execute("commit")
    except BaseException:
        conn.rollback()
        raise
    _vacuum(conn)


def _vacuum(conn: Connection) -> None:
    """Once after an upgrade that took something out. Where that cannot be (no space, another process), the
    next start tries again, and `doctor` says so."""
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
    if not conn.execute("select 1 from sqlite_schema where name = '_sqlite_migrations'").fetchone():
        return []
    found = conn.execute(
        "select name from _sqlite_migrations where migration_set = ? order by rowid", (MIGRATION_SET,)
    )
    return [name for (name,) in found]


def _pending(conn: Connection) -> bool:
    there = applied(conn)
    unknown = [name for name in there if name not in NAMES]
    if unknown:
        raise NewerSchema(
            f"a later version of irmer-bot wrote this database ({unknown[-1]}): use that version"
        )
    return len(there) < len(NAMES)
