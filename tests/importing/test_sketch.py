"""`irmer import FILE --sketch`: a mapping that can be read, of what the columns bear out and no more."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.importing.test_import import NOW, place, run
from tests.processes import irmer_here

__all__ = ["place"]


def sketched(place: Path, file: str) -> str:
    status, out, err = irmer_here("import", str(place / file), "--sketch", *NOW, database=place / "a.sqlite")
    assert (status, err) == (0, "")
    return out


def of(place: Path, *rows: str) -> dict[str, Any]:
    (place / "log.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    return tomllib.loads(sketched(place, "log.csv"))


def test_no_column_is_the_reference_in_which_a_value_stands_twice(place: Path) -> None:
    told = of(place, "Incident Affecting?,Ref,Date", "Patient,A1,03/02/2026", "Patient,A2,03/02/2026")
    assert told["ref"] == "Ref"
    for rows in (
        ("Incident Affecting?,Cause,Date", "Patient,x,03/02/2026", "Patient,y,03/02/2026"),
        ("Ref,Cause,Date", "Patient,x,03/02/2026", "Patient,y,03/02/2026"),
        ("Patient number,Cause,Date", "77,x,03/02/2026", "78,y,03/02/2026"),
        ("Ref,Cause,Date", "Mrs Ann Jones,x,03/02/2026", "A2,y,03/02/2026"),
    ):
        assert "ref" not in of(place, *rows)
    (place / "log.toml").write_text(sketched(place, "log.csv"), encoding="utf-8")
    assert "the mapping: ref: Field required" in run(place, file="log.csv", mapping="log.toml")[2]


def test_no_day_is_the_discovery_but_one_that_is_called_so(place: Path) -> None:
    told = of(place, "Ref,Date,Reported to CQC on,Cause", "A1,03/02/2026,04/02/2026,x", "A2,03/02/2026,,y")
    assert set(told["fact"]) == {"nation", "occurred_on", "cause"}
    told = of(
        place, "Ref,Date,Reported,Dose,Context", "A1,03/02/2026,by the ward,high,x", "A2,3 Feb 2026,,,x"
    )
    assert set(told["fact"]) == {"nation", "occurred_on"}
    assert "detail" not in told
    told = of(
        place, "Ref,Incident date,Reported,Dose", "A1,03/02/2026,2026-02-04 09:30,<1", "A2,46056,,2 mSv"
    )
    assert {name: one.get("column") for name, one in told["fact"].items()} == {
        "nation": None, "occurred_on": "Incident date", "discovered_on": "Reported", "total_dose": "Dose",
    }  # fmt: skip


def test_a_header_with_breaks_and_quotation_marks_comes_in_by_its_sketch(place: Path) -> None:
    (place / "log.csv").write_text(
        'Ref,Date,"Sub category\n(""old"")","Dose\\ "\nA1,2026-02-03,wrong side,2\n', encoding="utf-8"
    )
    sketch = sketched(place, "log.csv")
    assert tomllib.loads(sketch)["fact"]["cause"]["column"] == 'Sub category ("old")'
    (place / "log.toml").write_text(sketch, encoding="utf-8")
    status, out, err = run(place, file="log.csv", mapping="log.toml")
    assert (status, err) == (0, "")
    assert "1  new" in out
    broken = sketch.replace("Sub category (", "Sub category\\n  (")
    (place / "log.toml").write_text(broken, encoding="utf-8")
    assert "1  new" in run(place, file="log.csv", mapping="log.toml")[1]
    (place / "log.toml").write_text(sketch.replace("Sub category", "Cause"), encoding="utf-8")
    assert run(place, file="log.csv", mapping="log.toml")[2].count("\n") == 1


def test_of_several_sheets_the_first_with_a_header_is_sketched_and_the_others_are_named(place: Path) -> None:
    book = xlsxwriter.Workbook(str(place / "log.xlsx"))
    for name in ("Read me", "Log 2026", "Mrs Ann Jones"):
        sheet = book.add_worksheet(name)
        if name == "Read me":
            sheet.write(0, 0, "Of 2026, kept by the department")
        if name == "Log 2026":
            sheet.write_row(0, 0, ["Ref", "Date", "Cause"])
            sheet.write_row(1, 0, ["A1", "2026-02-03", "wrong side"])
    book.close()
    sketch = sketched(place, "log.xlsx")
    assert 'sheet = "Log 2026"  # there is also Read me and 1 more' in sketch
    (place / "log.toml").write_text(sketch, encoding="utf-8")
    assert "1  new" in run(place, file="log.xlsx", mapping="log.toml")[1]


@pytest.mark.parametrize(
    "first", ['"Smith, John",9991234560,1950-02-01,CT head', "A1,03/02/2026,wrong side,Main"]
)
def test_a_file_without_a_header_has_no_sketch(place: Path, first: str) -> None:
    (place / "log.csv").write_text(f"{first}\nC1,a,b,c\n", encoding="utf-8")
    words = ("import", str(place / "log.csv"), "--sketch", *NOW)
    status, out, err = irmer_here(*words, database=place / "a.sqlite")
    assert (status, out) == (2, "")
    assert err.endswith(
        "log.csv has no row that looks like the names of columns: write the mapping by hand\n"
    )


def test_a_title_above_the_header_is_none(place: Path) -> None:
    told = of(
        place, "Incidents,from 01/01/2026,to,31/12/2026", "", "Ref,Date,Cause,Dose,Age", "A1,2026-02-03,x,1,2"
    )
    assert told["ref"] == "Ref"
