"""From any released schema to today's, each step a small named function. A released step is never changed."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from storage.file import APPLICATION_ID, MIGRATION_SET, Connection
from storage.tables import FIRST, triggers

steps = Migrations(MIGRATION_SET)


@steps()
def m001_first_release(db: Database) -> None:
    # One by one: executescript() would commit the transaction that holds the other processes off.
    for statement in _statements(FIRST):
        db.execute(statement)
    for trigger in triggers().values():
        db.execute(trigger)
    db.execute(f"pragma application_id={APPLICATION_ID}")


def apply(conn: Connection) -> None:
    """Within a transaction of the caller's."""
    steps.apply(Database(conn, execute_plugins=False, strict=True))


def _statements(script: str) -> list[str]:
    return [statement for part in script.split(";\n") if (statement := part.strip())]
