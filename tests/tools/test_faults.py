"""A short version of each row of `make faults`, without its figures for time: those depend on the machine."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.faults import clocks, killing, withheld, writing
from tools.faults.__main__ import runs
from tools.faults.rows import ROWS, Row
from tools.faults.table import PAGE, quoted, with_rows

pytestmark = pytest.mark.long
SHORT: dict[str, Callable[[Path], Row]] = {
    "kills": lambda place: killing.kills(place, kills=6, pings=80, seconds=4),
    "incoming": lambda place: writing.kills_while_cases_come_in(place, kills=5),
    "pauses": lambda place: killing.pauses(place, pauses=1, pings=80),
    "deliveries": lambda place: writing.deliveries(place, count=30),
    "outage": lambda place: clocks.outage(place, pings=400, places=20),
    "years": lambda place: clocks.ten_years(step=30),
    "jumps": lambda place: clocks.jumps(place),
    "full": lambda place: writing.full_disks(place, points=3),
    "migrations": lambda place: writing.migrations(place, times=2),
    "refusals": lambda place: withheld.refusals(place, every=20),
    "ahead": lambda place: withheld.ahead(place),
    "asleep": lambda place: withheld.asleep(place),
    "poisoned": lambda place: withheld.poisoned(place),
    "restored": lambda place: withheld.restored(place, times=2),
    "schedules": lambda place: withheld.schedules(place, kills=2, cases=4),
}
# The due poll is all time, and has its index looked at instead; the model is a test of its own.
ELSEWHERE = {"polls", "model"}


@pytest.mark.parametrize("name", SHORT)
def test_a_short_version_reaches_what_the_long_one_is_to_reach(name: str, tmp_path: Path) -> None:
    row = SHORT[name](tmp_path)
    assert row.reached, row.found


def test_every_row_has_a_short_version(tmp_path: Path) -> None:
    assert set(runs(tmp_path)) == set(ROWS) == set(SHORT) | ELSEWHERE


def test_the_page_quotes_rows_that_there_are_in_their_order_and_each_was_reached() -> None:
    found = quoted(PAGE.read_text(encoding="utf-8"))
    assert list(found) == list(ROWS)
    assert [line for line in found.values() if not line.endswith("| ok |")] == []


def test_the_readme_quotes_the_page() -> None:
    readme = " ".join((PAGE.parents[1] / "README.md").read_text(encoding="utf-8").split())
    kills = re.findall(r"\d+ kills,[^()]+", readme)
    assert len(kills) == 2
    assert [one for one in kills if f"| {one}, integrity ok |" not in PAGE.read_text(encoding="utf-8")] == []


def test_what_is_found_anew_takes_the_place_of_what_was_found_before() -> None:
    page = PAGE.read_text(encoding="utf-8")
    again = with_rows(page, [Row("jumps", "nothing at all", reached=False)])
    assert with_rows(again, []) == again
    changed = [(a, b) for a, b in zip(page.splitlines(), again.splitlines(), strict=True) if a != b]
    assert [b.split(" | ")[2:] for _, b in changed] == [["nothing at all", "FAILED |"]]
