"""Which steps a file's schema has been through, and those that are due. Nothing of sqlite-utils is needed to
see that none is, nor for a new file: its import takes 64 ms, and all steps 24 where their outcome takes 6."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from storage.errors import NewerSchema
from storage.file import MIGRATION_SET, TO_VACUUM, Connection, sqlite3

# The steps in `schema_steps`, in their order.
NAMES = (
    "m001_first_release", "m002_what_holds_now", "m003_open_messages_in_the_trail", "m004_who_is_served",
    "m005_details_of_records", "m006_the_register",
    "m007_words_beside_the_trail", "m008_who_people_are", "m009_what_is_brought_in", "m010_themes",
    "m011_the_program_of_records", "m012_corrective_measures",
    "m013_what_is_lacking", "m014_several_processes",
    "m015_organisations", "m016_connections", "m017_people_moved", "m018_claims_of_one",
    "m019_the_day_of_a_step",
)  # fmt: skip

# What all of them make together, a statement after the other: `python -m tools.schema` writes it.
NEW_FILE = Path(__file__).with_name("new_file.sql")
APART = "\n--\n"


def create(conn: Connection) -> None:
    """The tables in a file that has none. Raises NewerSchema. Several processes at once are safe: the first
    makes them, the others find them made."""
    if not pending(conn):
        return
    conn.execute("begin immediate")
    try:
        if not applied(conn):
            for statement in NEW_FILE.read_text(encoding="utf-8").split(APART):
                conn.execute(statement)
        if pending(conn):
            apply(conn)
        conn.execute("commit")
    except BaseException:
        conn.rollback()
        raise


def apply(conn: Connection, *, up_to: str = "") -> None:
    """The steps that are due, up to one and with it; within a transaction of the caller's where they are to
    be taken together."""
    from storage import schema_steps  # sqlite-utils takes 64 ms, see above

    schema_steps.apply(conn, stop_before=following(up_to))


def following(name: str) -> str | None:
    """The step after one of them, None where it is the last or none is named."""
    return dict(pairwise(NAMES)).get(name)


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
    if not conn.execute("select 1 from sqlite_schema where name = '_sqlite_migrations'").fetchone():
        return []
    found = conn.execute(
        "select name from _sqlite_migrations where migration_set = ? order by rowid", (MIGRATION_SET,)
    )
    return [name for (name,) in found]


def pending(conn: Connection) -> tuple[str, ...]:
    """The steps that are due. Raises NewerSchema."""
    there = applied(conn)
    unknown = [name for name in there if name not in NAMES]
    if unknown:
        raise NewerSchema(
            f"a later version of irmer-bot wrote this database ({unknown[-1]}): use that version, "
            "or irmer restore the copy of before it"
        )
    return NAMES[len(there) :]
