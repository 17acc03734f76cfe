"""The store in an SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storage.cases import Cases
from storage.connection import Connections
from storage.imports import Imports
from storage.memory import Memory
from storage.outbox import Outbox
from storage.record_rows import read_record
from storage.records import Records
from storage.redaction import Redaction
from storage.register import BUILT, Register, bring_up_to_date
from storage.register_export import RegisterExport
from storage.retention import Retention
from storage.signing import Witness
from storage.themes import Themes
from storage.upkeep import Upkeep
from storage.who_serves import WhoServes

if TYPE_CHECKING:
    from storage.store import Store


class SqliteStore(
    Records, Cases, Outbox, WhoServes, Memory, Redaction, Retention, Upkeep, Register, RegisterExport,
    Imports, Themes,
):  # fmt: skip
    """`storage.store.Store`, where the verbs are described. One file, one writer, readers beside it."""

    def __init__(self, path: Path, *, alone: bool | None = None, witness: Witness | None = None) -> None:
        self._witness = witness
        self._connections = Connections(path, alone=alone)
        try:
            with self._connections.read() as sql:
                built = sql.value("select version from register_built")
            if built != BUILT:
                with self._connections.write() as sql:
                    bring_up_to_date(sql, read_record)
        except BaseException:
            self.close()
            raise


def open_store(path: Path, *, alone: bool | None = None, witness: Witness | None = None) -> Store:
    """Opens, makes or migrates the file. Raises CannotOpen, ReadOnly, DiskFull. `alone`: refuse a second
    process; by default only where this SQLite needs that. `witness` signs checkpoints."""
    return SqliteStore(path, alone=alone, witness=witness)
