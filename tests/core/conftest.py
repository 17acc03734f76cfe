from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cases.ward import BUTTONS, Ward


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """Where things are typed."""
    made = Ward(tmp_path / "irmer.sqlite")
    yield made
    assert made.store.verify() == []
    made.store.close()


@pytest.fixture
def pressed(tmp_path: Path) -> Iterator[Ward]:
    """Where there are buttons and forms."""
    made = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    yield made
    assert made.store.verify() == []
    made.store.close()
