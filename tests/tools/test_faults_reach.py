"""A short version of rows of `make faults-reach`: those that take seconds, where there is a PostgreSQL."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.faults import identity, servers
from tools.faults.reach import replicas, runs
from tools.faults.rows import REACH, Row
from tools.faults.table import OF_SEVERAL, PAGE, quoted

pytestmark = pytest.mark.long
SHORT: dict[str, Callable[[], Row]] = {
    "replicas": lambda: replicas(kills=3, pings=40, seconds=2),
    "server": lambda: servers.stopped_at_once(times=1),
}


def test_an_organisation_goes_on_under_another_id_of_its_workspace(tmp_path: Path) -> None:
    row = identity.changes(tmp_path, times=1)
    assert row.reached, row.found


@pytest.mark.parametrize("name", SHORT)
@pytest.mark.usefixtures("postgres")
def test_a_short_version_reaches_what_the_long_one_is_to_reach(name: str) -> None:
    row = SHORT[name]()
    assert row.reached, row.found


def test_the_page_quotes_rows_that_there_are_in_their_order_and_each_was_reached(
    tmp_path: Path,
) -> None:
    found = quoted(PAGE.read_text(encoding="utf-8"), OF_SEVERAL)
    assert set(runs(tmp_path)) == set(REACH)
    assert found
    assert list(found) == [name for name in REACH if name in found]
    assert [line for line in found.values() if not line.endswith("| ok |")] == []
