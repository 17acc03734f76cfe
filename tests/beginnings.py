"""What thousands of stores and bots within one process may share as they begin."""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import certifi

from storage import connection, migrations
from storage.file import Connection, connect, sqlite3

STEPS = migrations.create


@contextmanager
def certificates_once() -> Iterator[None]:
    """Each client of httpx reads the 140 certificates that browsers trust, and a bot in Teams has three: nine
    tenths of what its start takes. They share one reading."""
    known = {certifi.where(), os.environ.get("SSL_CERT_FILE", certifi.where())}
    made = ssl.create_default_context
    trusted = cache(lambda file: made(cafile=file))

    def context(*given: ssl.Purpose, **more: Any) -> ssl.SSLContext:
        file = more.get("cafile")
        shared = file in known and not given and len(more) == 1
        return trusted(file) if shared else made(*given, **more)

    with patch.object(ssl, "create_default_context", context):
        yield


@contextmanager
def quick_ends() -> Iterator[None]:
    """uvicorn looks ten times a second whether it is to end, and waits two tenths more as it does, for each
    of hundreds of servers."""
    hurried = ModuleType(asyncio.__name__)
    vars(hurried).update(vars(asyncio), sleep=lambda seconds: asyncio.sleep(seconds / 5))
    with patch("uvicorn.server.asyncio", hurried):
        yield


@contextmanager
def quick_stores() -> Iterator[None]:
    """Each begins as a copy of one, which takes 2 ms where the steps take 16, and nobody waits for a disk
    that no test pulls the plug of."""
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrations.create(made)
    one_at_a_time = threading.Lock()

    def create(conn: Connection) -> None:
        if migrations.version(conn):
            STEPS(conn)
            return
        with one_at_a_time:
            made.backup(conn)

    def quick(path: Path) -> Connection:
        conn = connect(path)
        conn.execute("pragma synchronous=off")
        return conn

    with patch.object(migrations, "create", create), patch.object(connection, "connect", quick):
        yield
    made.close()
