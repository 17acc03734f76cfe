"""From any released schema to today's, each step a small named function. A released step is never changed."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database, Migrations

from storage.errors import NewerSchema
from storage.file import APPLICATION_ID
from storage.tables import FIRST, triggers

steps = Migrations("irmer-bot")


@steps()
def m001_first_release(db: Database) -> None:
    # One by one: executescript() would commit the transaction that holds the other processes off.
    for statement in _statements(FIRST):
        db.execute(statement)
    for trigger in triggers().values():
        db.execute(trigger)
    db.execute(f"pragma application_id={APPLICATION_ID}")


def apply(db: Database) -> None:
    """Raises NewerSchema. Several processes at once are safe: the first migrates, the others find it done."""
    _refuse_newer(db)
    if not steps.pending(db):
        return
    db.execute("begin immediate")
    try:
        _refuse_newer(db)
        steps.apply(db)
        db.execute("commit")
    except BaseException:
        db.rollback()
        raise


def version(db: Database) -> str:
    applied: list[Any] = steps.applied(db)
    return str(applied[-1].name) if applied else ""


def _refuse_newer(db: Database) -> None:
    known = [migration.name for migration in steps._migrations]
    unknown = [migration.name for migration in steps.applied(db) if migration.name not in known]
    if unknown:
        raise NewerSchema(
            f"a later version of irmer-bot wrote this database ({unknown[-1]}): use that version"
        )


def _statements(script: str) -> list[str]:
    return [statement for part in script.split(";\n") if (statement := part.strip())]
