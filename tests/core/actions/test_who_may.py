"""Who may do what, as `docs/data.md` says it: every act is tried by five kinds of people, and by who may."""

from __future__ import annotations

from pathlib import Path

from tests.core.actions.who_may import BEGINS, ENDS, HEAD, PAGE, rows, table


def test_the_table_says_what_came_of_every_act_for_each_kind_of_people(tmp_path: Path) -> None:
    written = PAGE.read_text(encoding="utf-8").partition(BEGINS)[2].partition(ENDS)[0]
    assert written == table(tmp_path)


def test_no_row_is_empty_and_none_is_missing() -> None:
    lines = PAGE.read_text(encoding="utf-8").partition(BEGINS)[2].partition(ENDS)[0]
    found = [line.split(" | ") for line in lines.removeprefix(HEAD).splitlines()]
    assert [cells[0].strip("| `") for cells in found] == [name.replace("_", " ") for name in rows()]
    assert all(cell.strip("| ") for cells in found for cell in cells)


def test_whoever_is_not_of_the_organisation_may_look_up_thresholds_and_nothing_else() -> None:
    lines = PAGE.read_text(encoding="utf-8").partition(BEGINS)[2].partition(ENDS)[0]
    for line in lines.removeprefix(HEAD).splitlines():
        name, _, _, guest, other, gone, _ = (cell.strip() for cell in line.strip("|").split(" | "))
        assert {guest, other, gone} == {"yes" if name in ("`threshold`", "`help`") else "no"}, name
