"""The store in an SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storage import migrations, verify
from storage.cases import Cases
from storage.connection import Connections
from storage.corrective_measures import Measures
from storage.imports import Imports
from storage.memory import Memory
from storage.organisations import Organisations
from storage.outbox import Outbox
from storage.record_rows import read_record
from storage.records import Records
from storage.redaction import Redaction
from storage.register import BUILT, Register, bring_up_to_date
from storage.register_export import RegisterExport
from storage.register_trends import RegisterTrends
from storage.retention import Retention
from storage.signing import Witness
from storage.sql import Sql
from storage.themes import Themes
from storage.upkeep import Upkeep
from storage.who_serves import WhoServes

if TYPE_CHECKING:
    from storage.store import Store


class SqliteStore(
    Records, Cases, Outbox, WhoServes, Memory, Redaction, Retention, Upkeep, Register, RegisterExport,
    RegisterTrends, Imports, Themes, Measures, Organisations,
):  # fmt: skip
    """`storage.store.Store`, where the verbs are described. One file, one writer, readers beside it."""

    def __init__(self, path: Path, *, alone: bool | None = None, witness: Witness | None = None) -> None:
        self._witness = witness
        self._connections = Connections(path, alone=alone, complete=_list_incidents)
        try:
            self._see_to_the_register()
        except BaseException:
            self.close()
            raise

    def _see_to_the_register(self) -> None:
        """Its entries are made by today's way: in the file where it is new, else in a copy of it."""
        connections = self._connections
        if connections.older:
            return
        with connections.read(None) as sql:
            if sql.value("select version from register_built") == BUILT:
                return
            new = not verify.tenants(sql)
        if not new:
            connections.read_a_copy(migrations.NAMES[-1])
            return
        with connections.write(None) as sql:
            _list_incidents(sql)


def _list_incidents(sql: Sql) -> None:
    bring_up_to_date(sql, read_record)


def open_store(path: Path, *, alone: bool | None = None, witness: Witness | None = None) -> Store:
    """Opens or makes the file; one of an earlier release is read as it is (see `storage.migrating`). Raises
    CannotOpen, ReadOnly, DiskFull. `alone`: refuse a second process; by default only where this SQLite needs
    that. `witness` signs checkpoints."""
    return SqliteStore(path, alone=alone, witness=witness)
