"""What `docs/data.md` says is told of each way to change the file is what is told."""

from pathlib import Path

import pytest

from tests.storage.test_insider import live
from tests.storage.ways import BEGINS, CHANGES, ENDS, HEAD, PAGE, row, told

TABLE = PAGE.read_text(encoding="utf-8").partition(BEGINS)[2].partition(ENDS)[0]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live(tmp_path_factory.mktemp("lived"))


@pytest.mark.parametrize("way", CHANGES)
def test_each_row_of_the_table_is_what_is_told(lived: Path, tmp_path: Path, way: str) -> None:
    assert row(way, told(lived, tmp_path, way)) in TABLE.splitlines(keepends=True)


def test_the_table_has_a_row_for_each_way_and_no_other() -> None:
    assert TABLE.startswith(HEAD)
    assert [line.split(" | ")[0][2:] for line in TABLE.splitlines()[2:]] == list(CHANGES)
