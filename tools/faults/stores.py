"""Where a store is that several processes open."""

from __future__ import annotations

import logging
from pathlib import Path

from storage.postgres.server import ServerAddress
from storage.postgres.store import PostgresStore
from storage.sqlite import SqliteStore
from storage.store import Store

Where = Path | ServerAddress


def opened(where: Where) -> Store:
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # that a server is away is done on purpose
    return PostgresStore(where) if isinstance(where, ServerAddress) else SqliteStore(where)
