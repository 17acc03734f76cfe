"""Settings that hold for the whole suite."""

from __future__ import annotations

import importlib
import os
import ssl
import sys
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import certifi
import pytest
from hypothesis import settings

from storage import connection, migrations
from storage.file import Connection, connect, sqlite3

# How long an example takes says nothing about whether it is right, least of all on a busy machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

if TYPE_CHECKING:
    from tools.postgres import Databases

STEPS = migrations.create


def put_off_the_grammars_of_addresses() -> None:
    """jsonschema imports 38 grammars of web addresses, which takes longer than all else that a worker
    imports. One document of the tests has such an address; what is held against them fetches them."""
    later = ModuleType("rfc3987_syntax")

    def is_valid_syntax(rule: str, text: str) -> bool:
        if sys.modules.get(later.__name__) is later:
            del sys.modules[later.__name__]
        return bool(importlib.import_module(later.__name__).is_valid_syntax(rule, text))

    vars(later)["is_valid_syntax"] = is_valid_syntax
    sys.modules.setdefault(later.__name__, later)


put_off_the_grammars_of_addresses()


@pytest.fixture(scope="session", autouse=True)
def certificates_once() -> Iterator[None]:
    """Each client of httpx reads the 140 certificates that browsers trust, and a bot in Teams has three: nine
    tenths of what its start takes. Within the tests' own process they share one reading."""
    known = {certifi.where(), os.environ.get("SSL_CERT_FILE", certifi.where())}
    made = ssl.create_default_context
    trusted = cache(lambda file: made(cafile=file))

    def context(*given: ssl.Purpose, **more: Any) -> ssl.SSLContext:
        file = more.get("cafile")
        shared = file in known and not given and len(more) == 1
        return trusted(file) if shared else made(*given, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", context)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_stores() -> Iterator[None]:
    """Thousands of stores are made within the tests' own process. Each begins as a copy of one, which takes
    2 ms where the steps take 16, and nobody waits for a disk that no test pulls the plug of. Processes of
    their own do as everywhere; so does what asks for `real_stores`."""
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

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "create", create)
        patch.setattr(connection, "connect", quick)
        yield
    made.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """A server for the whole run of this process. Where none can be had, what wants one is passed over, and
    fails where WANT_POSTGRES is set."""
    from tools import postgres as own

    try:
        with own.databases() as found:
            yield found
    except LookupError as none:
        if os.environ.get("WANT_POSTGRES"):
            raise
        pytest.skip(str(none))


@pytest.fixture(scope="module")
def real_stores() -> Iterator[None]:
    """Made step by step and written to the disk, as everywhere but here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "create", STEPS)
        patch.setattr(connection, "connect", connect)
        yield
