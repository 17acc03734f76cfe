"""A ward where things are typed, and the same with buttons: imported, it is the `ward` of a file's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cases.ward import BUTTONS, TYPED, Ward


@pytest.fixture(name="ward", params=[TYPED, BUTTONS], ids=["typed", "with buttons"])
def typed_and_pressed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ward]:
    made = Ward(tmp_path / "a.sqlite", request.param)
    yield made
    assert made.store.verify() == []
    made.store.close()
