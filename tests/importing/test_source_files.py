"""Files that are none, or that would not fit into memory: one line, and nothing of them is read."""

import codecs
from pathlib import Path

import pytest
import xlsxwriter

from tests.importing.samples import DATIX, MAPPING
from tests.importing.test_import import place, run
from tests.importing.test_rows import COLUMNS, HEADER, tried

__all__ = ["place"]


def refused(place: Path, data: bytes, mapping: str = MAPPING, name: str = "datix.csv") -> str:
    (place / name).write_bytes(data)
    (place / "map.toml").write_text(mapping, encoding="utf-8")
    status, out, err = run(place, file=name)
    assert (status, out, err.count("\n")) == (2, "", 1)
    return err


@pytest.mark.parametrize("data", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b" \r\n\t\r\n"])
def test_a_file_in_which_nothing_stands_is_empty(place: Path, data: bytes) -> None:
    assert "is empty" in refused(place, data)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_what_is_not_in_the_encoding_that_is_said_is_told_so(place: Path, encoding: str) -> None:
    assert f"is not in {encoding}: " in refused(place, DATIX.encode(), f'encoding = "{encoding}"\n{MAPPING}')


@pytest.mark.parametrize("encoding", ["rot13", "hex", "zip", "no\\u0000ne"])
def test_an_encoding_that_is_none_of_a_text_is_none(place: Path, encoding: str) -> None:
    told = refused(place, DATIX.encode(), f'encoding = "{encoding}"\n{MAPPING}')
    assert "is not one that there is for a text" in told


@pytest.mark.parametrize("before", [codecs.BOM_UTF8 + b" \r\n", codecs.BOM_UTF16_LE + b"\n\0"])
def test_a_web_page_is_seen_behind_what_stands_before_it(place: Path, before: bytes) -> None:
    assert "is a web page" in refused(place, before + b"<\0html>", name="report.xls")


@pytest.mark.parametrize("cells", [[(1_048_575, 0), (0, 16_383)], [(99_999, 300)], [(1_048_575, 30)]])
def test_a_workbook_of_which_a_cell_is_far_out_is_not_read(place: Path, cells: list[tuple[int, int]]) -> None:
    book = xlsxwriter.Workbook(str(place / "log.xlsx"))
    sheet = book.add_worksheet("log")
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write_row(1, 0, ["A1", "2026-02-03"])
    for row, column in cells:
        sheet.write(row, column, "x")
    book.close()
    told = refused(place, (place / "log.xlsx").read_bytes(), COLUMNS, "log.xlsx")
    assert "has cells as far out as column" in told


def test_a_workbook_is_read_that_is_wide_or_of_which_empty_cells_have_a_format(place: Path) -> None:
    book = xlsxwriter.Workbook(str(place / "log.xlsx"))
    sheet = book.add_worksheet("log")
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write_row(1, 0, ["A1", "2026-02-03"])
    sheet.write(0, 400, "Remark")
    sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
    book.close()
    (place / "log.toml").write_text(COLUMNS, encoding="utf-8")
    status, out, err = run(place, file="log.xlsx", mapping="log.toml")
    assert (status, err) == (0, "")
    assert "1  new" in out


def test_a_line_of_more_cells_than_a_spreadsheet_has_is_not_taken_apart(place: Path) -> None:
    assert "has a line of 2,000,001 cells: 16,384 are the most" in refused(place, b"Ref" + b"," * 2_000_000)
    assert "has a line of more than 8 MB" in refused(place, DATIX.encode() + b"x" * (9 << 20))


def test_a_reference_that_is_a_number_in_a_workbook_is_said_to_be(place: Path) -> None:
    book = xlsxwriter.Workbook(str(place / "log.xlsx"))
    sheet = book.add_worksheet("log")
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write(1, 0, 123, book.add_format({"num_format": "00000"}))
    sheet.write(1, 1, "2026-02-03")
    book.close()
    (place / "log.toml").write_text(COLUMNS, encoding="utf-8")
    said = "Ref is a number in this workbook: zeros that are only shown before it are not read"
    assert said in run(place, file="log.xlsx", mapping="log.toml")[1]
    assert said not in tried(place, "00123,03/02/2026,2,3,45")[1]


@pytest.mark.parametrize("said", ['"false"', "false", '"No"'])
def test_yes_and_no_may_be_said_for_every_row_in_words(place: Path, said: str) -> None:
    told = f"{COLUMNS}[fact.unintended_foetal_exposure]\nvalue = {said}\n"
    status, out = tried(place, "A1,03/02/2026,2,3,45", mapping=told)
    assert status == 0
    assert "1  new" in out
