from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.messages import Capabilities
from storage.sql import Sql
from storage.verify import rows_of_all
from tests.core.cases.ward import BUTTONS, TYPED, Ward
from tests.storage.helpers import raw


def warded(path: Path, face: Capabilities) -> Iterator[Ward]:
    """In the end every row is as the trail says. What `verify` looks at besides, the schema and SQLite's own
    pages, is half of its work, and nothing that is said to the bot could change it."""
    made = Ward(path, face)
    yield made
    made.store.close()
    with closing(raw(path)) as conn:
        assert list(rows_of_all(Sql(conn), None)) == []


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """Where things are typed."""
    yield from warded(tmp_path / "irmer.sqlite", TYPED)


@pytest.fixture
def pressed(tmp_path: Path) -> Iterator[Ward]:
    """Where there are buttons and forms."""
    yield from warded(tmp_path / "irmer.sqlite", BUTTONS)
