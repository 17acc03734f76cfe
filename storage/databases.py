"""A database, whichever it is: a file, or one on a server."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storage.postgres.server import ServerAddress
from storage.signing import Witness

if TYPE_CHECKING:
    from storage.store import Store

Database = Path | ServerAddress


def open_database(database: Database, *, witness: Witness | None = None) -> Store:
    """Raises StoreError; see `storage.sqlite.open_store` and `storage.postgres.store.open_server`."""
    if isinstance(database, ServerAddress):
        from storage.postgres.store import open_server  # 100 ms, and an extra, which a file does without

        return open_server(database, witness=witness)
    from storage.sqlite import open_store  # 50 ms, which a server does without

    return open_store(database, witness=witness)


def migrate_database(database: Database, *, now: datetime, lists: bool = False) -> tuple[str, ...]:
    """What was done to one of an earlier release, and with `lists` to the register where it is not what the
    records say; a line each. Raises StoreError, and nothing was changed then."""
    if isinstance(database, ServerAddress):
        from storage.postgres.owner import migrate_server  # 100 ms, and an extra, as above

        return migrate_server(database, now=now)
    from storage.migrating import list_anew, migrate  # 50 ms, as above

    done = migrate(database, now=now)
    return (*(done.lines if done else ()), *(list_anew(database) if lists else ()))
