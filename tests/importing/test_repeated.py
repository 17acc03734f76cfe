"""What of a file is repeated in a line or in a list of rows that fail: nothing that may be somebody."""

import csv
from pathlib import Path

import pytest

from bot.importing.mapping import read_mapping
from bot.importing.repeated import is_name_of_column, may_be_quoted, seems_somebody
from bot.usage import Usage
from tests.importing.samples import DATIX, MAPPING
from tests.importing.test_import import code, opened, place, run
from tests.importing.test_rows import COLUMNS, HEADER, tried

__all__ = ["place"]
HEADINGS = """#,%,ID,Ref,Sub category,Incident date (dd/mm/yyyy),Reported,Opened date,Exact location,Severity,
Handler,Description,Action taken,Dose (mSv),CTDIvol,DLP,Approval status,inc_dincident,recordid,inc_ourref,
lfpse_id,
Cause Group,Incident Affecting?,Dose mGy·cm,Directorate,Root cause,Harm (1-5),Reported to CQC on,Ward,
Consultant,Date of birth,NHS number,Lead investigator"""
NO_HEADINGS = (
    "Smith",
    "Jones, Ann",
    "Mrs Ann Jones",
    "03/02/2026",
    "9991234560",
    "12345",
    "dob 01/02/1950",
    "R\0ef",
)


def test_names_of_columns_are_told_from_what_stands_in_them() -> None:
    assert [one for one in HEADINGS.replace("\n", "").split(",") if not is_name_of_column(one)] == []
    assert [one for one in NO_HEADINGS if is_name_of_column(one)] == []


SOMEBODY = (
    "Mrs Ann Jones", "Jones, A", "Smith, John", "JONES", "acc 12345", "01/02/1950", "07700 900123",
    "dob 010250",
)  # fmt: skip
NOBODY = (
    "W88101", "INC-2026-0001", "IR1-00231", "CT/2026/33", "Radiology-12", "WEB123456", "2026-02-03-01", "A",
    "12/02/2026-1", "LFPSE-1234567", "NM-3 (Leeds)", "Log No 7", "1234567", "Datix 12345",
)  # fmt: skip


@pytest.mark.parametrize("ref", SOMEBODY)
def test_a_reference_that_seems_to_tell_who_somebody_is_fails_its_row(place: Path, ref: str) -> None:
    status, out = tried(place, f'"{ref}",03/02/2026,2,3,45', "A2,03/02/2026,2,3,45")
    assert status == 1
    assert "row 2 Ref: seems to tell who somebody is" in out
    assert "1  new" in out
    assert ref not in out


def test_a_reference_as_systems_have_them_is_nobody() -> None:
    assert [one for one in NOBODY if seems_somebody(one)] == []


@pytest.mark.parametrize(
    "said", ["Jones, A", "999 000 0018", "Testperson, Mr T, d.o.b. 01/02/1970", "rang her son"]
)
@pytest.mark.parametrize("column", ["Wong side", "31/02/2026", "09:30"])
def test_what_stands_in_a_cell_is_in_no_line_and_in_no_list(place: Path, said: str, column: str) -> None:
    (place / "datix.csv").write_bytes(DATIX.replace(column, f'"{said}"').encode())
    _, out, _ = run(place)
    failed = (place / "datix.failed.csv").read_text(encoding="utf-8")
    assert said not in out + failed
    assert len(list(csv.reader(failed.splitlines()))) == 3 + (column == "09:30")


def test_a_value_without_a_translation_is_shown_where_it_is_everybodys_and_of_several_rows(
    place: Path,
) -> None:
    header, *_ = DATIX.splitlines()
    row = "1,W{n},Radiation,{said},03/02/2026,,04/02/2026,CT,9 mSv,x,H"
    said = ["Wrong protocol", "Wrong protocol", "Wrong room", '"Jones, A"', '"Jones, A"', "Smith", "Smith"]
    rows = [row.format(n=n, said=one) for n, one in enumerate(said)]
    (place / "datix.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    _, out, _ = run(place)
    assert "without a translation: Sub category “Wrong protocol” in 2 rows\n" in out
    assert "“Wrong protocol”" not in (place / "datix.failed.csv").read_text(encoding="utf-8")
    assert may_be_quoted("Wrong patient exposed")
    assert not any(
        map(
            may_be_quoted,
            ("Wong side", "King", "Brown, Grace", "Room 3", "Testperson was scanned", "wrong " * 20),
        )
    )


@pytest.mark.parametrize(
    "first", ['"Smith, John",9991234560,1950-02-01,CT head', "Ref,Smith John,dob 01/02/1950,Age"]
)
def test_a_file_without_a_header_is_not_quoted(place: Path, first: str) -> None:
    (place / "log.csv").write_text(f"{first}\n{first}\n", encoding="utf-8")
    (place / "log.toml").write_text(COLUMNS, encoding="utf-8")
    status, out, err = run(place, file="log.csv", mapping="log.toml")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "has no column called" in err
    for secret in ("Smith", "999", "1950", "head"):
        assert secret not in err


def test_no_name_that_the_mapping_has_for_a_column_is_repeated_where_it_names_somebody(place: Path) -> None:
    told = COLUMNS.split("[fact.occurred")[0] + '[fact.age_years]\ncolumn = "Ann Jones"\n'
    (place / "log.toml").write_text(told, encoding="utf-8")
    for column in ("Ann Jones", "Age"):
        (place / "log.csv").write_text(f"Ref,{column}\nA1,one\n", encoding="utf-8")
        _, out, err = run(place, file="log.csv", mapping="log.toml")
        assert "Jones" not in out + err
    assert "has no column called one that is not named here: it has Ref, Age" in err


@pytest.mark.parametrize("source", ["9991234560", "mrs-jones", "john-smith", "123456789"])
def test_a_source_is_a_system_and_nobody(source: str) -> None:
    with pytest.raises(Usage, match="source: wants a short name of the system") as refused:
        read_mapping(MAPPING.replace('"datix"', f'"{source}"'))
    assert source not in str(refused.value)


@pytest.mark.parametrize(
    "source", ["datix", "once-for-wales", "meg", "st-marys", "rad_log", "log-2026", "log20260203"]
)
def test_a_system_is_called_as_it_is(source: str) -> None:
    assert read_mapping(MAPPING.replace('"datix"', f'"{source}"')).source == source


def test_a_header_that_is_wide_enough_is_named(place: Path) -> None:
    (place / "log.csv").write_text(f"{HEADER.replace('Date', 'Datum')}\nA1,x,1,2,3\n", encoding="utf-8")
    (place / "log.toml").write_text(COLUMNS, encoding="utf-8")
    err = run(place, file="log.csv", mapping="log.toml")[2]
    assert "log.csv has no column called Date: it has Ref, Datum, Intended mSv, Total mSv, Age" in err


def test_a_number_of_the_incident_beside_its_reference_is_nobody_either(place: Path) -> None:
    told = f'{COLUMNS}[detail.local_incident_number]\ncolumn = "No."\n'
    rows = [f"{ref},03/02/2026,2,3,45,{no}" for ref, no in (("A1", "Mrs Ann Jones"), ("A2", "W88101"))]
    _, out = tried(place, *rows, header=f"{HEADER},No.", mapping=told)
    assert "1 text seems to name somebody; left out: No. 1" in out
    run(place, "--go", code(out), file="log.csv", mapping="log.toml")
    store = opened(place)
    assert sorted(one.local_number for one in store.incidents("local")) == ["a1", "w88101"]
    store.close()
