"""Which rows of a file are incidents: none is thrown away unsaid, and none is read in another's columns."""

from pathlib import Path

import pytest

from tests.importing.test_import import code, place, run

__all__ = ["place"]

HEADER = "Ref,Date,Intended mSv,Total mSv,Age"
COLUMNS = """
source = "log"
ref = "Ref"
dates = "%d/%m/%Y"
[fact.nation]
value = "england"
[fact.category]
value = "diagnostic"
[fact.exposure]
value = "unintended"
[fact.occurred_on]
column = "Date"
[fact.intended_dose]
column = "Intended mSv"
unit = "mSv"
[fact.total_dose]
column = "Total mSv"
unit = "mSv"
[fact.age_years]
column = "Age"
"""


def tried(place: Path, *rows: str, header: str = HEADER, mapping: str = COLUMNS) -> tuple[int, str]:
    (place / "log.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    (place / "log.toml").write_text(mapping, encoding="utf-8")
    status, out, err = run(place, file="log.csv", mapping="log.toml")
    assert err == ""
    return status, out


def test_a_decimal_comma_moves_no_cell_into_another_column(place: Path) -> None:
    status, out = tried(
        place, "A1,03/02/2026,1,5,30,45", 'A2,03/02/2026,"1,5",30,45', "A3,03/02/2026,1,2,45,,"
    )
    assert status == 1
    assert "row 2 has more cells than there are columns with a name" in out
    assert "2  new" in out
    assert "1 NOTIFY · 1 UNDECIDED" in out


def test_a_row_that_ends_early_fails_unless_the_mapping_says_that_it_may(place: Path) -> None:
    short = ("A1,03/02/2026 1,5,30", "A2,03/02/2026,2", "")
    status, out = tried(place, *short)
    assert status == 1
    assert "row 2 has fewer cells than there are columns with a name: short_rows = true" in out
    assert "0  new" in out
    status, out = tried(place, *short[1:], mapping="short_rows = true\n" + COLUMNS)
    assert status == 0
    assert "1  new" in out
    assert "1  empty" in out


def test_a_row_without_a_reference_fails_where_it_holds_anything_that_is_read(place: Path) -> None:
    status, out = tried(place, ",03/02/2026,2,30,45", ",,,,", "A3,03/02/2026,2,3,45")
    assert status == 1
    assert "row 2 Ref: is empty" in out
    assert "1  new" in out
    assert "1  empty" in out


@pytest.mark.parametrize(
    "row",
    ["Grand total,,,45,", "Total:,,,45,", "Sum,,,45,", "TOTALS,,,45,", "Sub-total 2025,,,45,",
     "Total incidents: 12,,,45,", "Total,45", "Total number of incidents,,,2,"],
)  # fmt: skip
def test_a_sum_below_the_others_is_no_incident_and_is_named(place: Path, row: str) -> None:
    status, out = tried(place, "A1,03/02/2026,2,3,45", row)
    assert status == 0
    assert "1  a total of others: rows 3" in out
    assert "1  new" in out


def test_a_sum_is_seen_by_its_first_cell_where_it_has_no_reference(place: Path) -> None:
    header = "Month," + HEADER
    status, out = tried(
        place, "May,A1,03/02/2026,2,3,45", "Grand total,,,,45,", "Total,A2,03/02/2026,2,3,45", header=header
    )
    assert status == 0
    assert "1  a total of others: rows 3" in out
    assert "2  new" in out
    assert code(out)


def test_a_reference_that_only_begins_with_total_is_one(place: Path) -> None:
    _, out = tried(place, "Total hip 12,03/02/2026,2,3,45", "SUM-2026-A,03/02/2026,2,3,45")
    assert "2  new" in out


def test_what_changed_since_is_left_and_says_how_to_set_it_right(place: Path) -> None:
    _, out = tried(place, "A1,03/02/2026,1,5,45", "A2,03/02/2026,1,2,45", "A3,03/02/2026,1,2,45")
    run(place, "--go", code(out), file="log.csv", mapping="log.toml")
    status, out = tried(place, "A1,03/02/2026,1.5,30,45", "A2,03/02/2026,1.5,2,45", "A3,03/02/2026,1,2,45")
    assert status == 0
    assert "2  known, changed since: 2026-0001, 2026-0002 (left as they are here)" in out
    assert "NOTIFY by the file, UNDECIDED here: 2026-0001" in out
    assert "look at each: correct 2026-0001 sets one right" in out


def test_rows_of_one_reference_and_other_content_fail_and_alike_ones_come_in_once(place: Path) -> None:
    first, other = "A1,03/02/2026,1,5,45", "A1,03/02/2026,1,30,45"
    status, out = tried(place, first, other, first, "A2,03/02/2026,1,5,45")
    assert status == 1
    assert "row 3 Ref: row 2 has the same, and not the same content" in out
    assert "1  twice in the file, the first is taken: rows 4" in out
    assert "2  new" in out


def test_a_row_with_a_day_is_no_sum_whatever_its_reference_says(place: Path) -> None:
    status, out = tried(place, "Total,03/02/2026,2,30,45", "A2,03/02/2026,2,3,45", "Total,,,33,")
    assert status == 1
    assert "1  fail: row 2 Ref: is the word of a sum: give the row a number of its own" in out
    assert "1  a total of others: rows 4" in out
