"""What thousands of stores and bots within one process may share as they begin."""

from __future__ import annotations

import asyncio
import os
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import certifi

from storage import connection
from storage.file import Connection, connect
from storage.sqlite import SqliteStore


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
    """Each begins as a copy of one, which takes 0.3 ms where the steps take 16, and nobody waits for a disk
    that no test pulls the plug of."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "new.sqlite"
        SqliteStore(new).close()
        content = new.read_bytes()
    one_at_a_time = threading.Lock()

    def quick(path: Path) -> Connection:
        with one_at_a_time:
            if path.stat().st_size == 0:
                path.write_bytes(content)
        conn = connect(path)
        conn.execute("pragma synchronous=off")
        return conn

    with patch.object(connection, "connect", quick):
        yield
