from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.sqlite import SqliteStore
from storage.store import Store

if TYPE_CHECKING:
    from tools.postgres import Databases

BOTH = ("sqlite", "postgres")
SERVES = "irmer_test"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked so runs over both stores, unless it looks into the file."""
    if "store" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_stores") and "path" not in metafunc.fixturenames
        metafunc.parametrize("store", BOTH if both else BOTH[:1], indirect=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "irmer.sqlite"


@pytest.fixture(scope="session")
def served(postgres: Databases) -> Iterator[tuple[str, Store]]:
    """A database for one test after the other, and the store that is open on it: each opening is 10 ms."""
    from storage.postgres.server import ServerAddress
    from storage.postgres.store import PostgresStore

    name = postgres.create(empty=False)
    opened = PostgresStore(ServerAddress(postgres.address(name, SERVES)), own_clock=False)
    yield name, opened
    opened.close()
    postgres.drop(name)


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "postgres":
        name, opened = request.getfixturevalue("served")
        request.getfixturevalue("postgres").wipe(name)
        yield opened
        return
    made = SqliteStore(request.getfixturevalue("path"))
    yield made
    made.close()
