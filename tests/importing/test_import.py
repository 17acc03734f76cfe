"""`irmer import`: tried first, done for what was tried, once; what is wrong is one line and harms nothing."""

import sys
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlsxwriter

from bot.importing import workbooks
from bot.importing.mapping import read_mapping
from bot.importing.source_bytes import source_bytes
from bot.importing.source_files import read_table
from bot.importing.trial import attempt
from bot.terminal.session import user
from bot.usage import Usage
from storage.errors import DiskFull
from storage.imports import BroughtIn
from storage.model import Person
from storage.register_model import Which
from storage.sqlite import SqliteStore, open_store
from storage.store import Store
from tests.core.cases.ward import NOW as THEN
from tests.importing.samples import DATIX, MAPPING
from tests.processes import irmer_here

NOW = ("--now", "2026-11-24T09:30")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    store = open_store(tmp_path / "a.sqlite")
    store.set_setting("local", "may_export", [user(tmp_path / "a.sqlite").id], by=Person("U1"), now=THEN)
    store.close()
    (tmp_path / "datix.csv").write_bytes(DATIX.encode())
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def run(place: Path, *more: str, file: str = "datix.csv", mapping: str = "map.toml") -> tuple[int, str, str]:
    words = ("import", str(place / file), "--map", str(place / mapping), *more, *NOW)
    return irmer_here(*words, database=place / "a.sqlite")


def opened(place: Path) -> Store:
    return open_store(place / "a.sqlite")


def code(out: str) -> str:
    return out.split("--go ")[1].split()[0]


def test_a_trial_says_what_each_row_would_become_and_writes_nothing(place: Path) -> None:
    before = (place / "a.sqlite").read_bytes()
    status, out, err = run(place)
    assert (status, err) == (1, "")
    for line in (
        "datix.csv, 6 rows, mapping map.toml, nothing was written", "3  new", "1  left out (Category)",
        "1  a total of others: rows 9", "2  fail: row 6 Incident date: no day by %d/%m/%Y",
        "row 7 Sub category: a value has no translation", "1 NOTIFY · 2 UNDECIDED", "2 lack total_dose",
        "1 text holds a patient's number, which is masked", "columns not used: ID, Handler",
        "It opens no case, sets no deadline and reminds nobody. To do it: --go ",
    ):  # fmt: skip
        assert line in out, line
    assert "999" not in out
    store = opened(place)
    assert store.count_incidents("local") == 0
    store.close()
    assert (place / "a.sqlite").read_bytes() == before
    failed = (place / "datix.failed.csv").read_text(encoding="utf-8")
    assert failed.splitlines()[0] == "row,why"
    assert len(failed.splitlines()) == 3
    assert "Handler" not in failed


def test_the_list_of_rows_that_failed_goes_once_none_fails_and_no_other_file_of_that_name(
    place: Path,
) -> None:
    failed, other = place / "datix.failed.csv", place / "other.failed.csv"
    assert run(place)[0] == 1
    assert failed.exists()
    mended = DATIX.replace("31/02/2026", "28/02/2026").replace("Wong side", "Wrong side")
    (place / "datix.csv").write_bytes(mended.encode())
    (place / "other.csv").write_bytes(mended.encode())
    other.write_text("somebody's own\n", encoding="utf-8")
    status, out, _ = run(place)
    assert (status, failed.exists()) == (0, False)
    assert f"no row fails any more: {failed} of an earlier run was removed" in out
    assert "was removed" not in run(place)[1]
    assert "was removed" not in run(place, file="other.csv")[1]
    assert other.read_text(encoding="utf-8") == "somebody's own\n"


MORE = """
[detail.root_cause]
column = "Root cause"
[detail.began_with]
column = "Began"
values = { "Radiographer" = "operator" }
[detail.ukhsa_code]
column = "Code"
"""


def test_what_papers_want_comes_in_as_told_of_the_record(place: Path) -> None:
    header = DATIX.splitlines()[0]
    first = "1,W101,Radiation,Wrong patient exposed,03/02/2026,1405,04/02/2026,CT 2,9 mSv,CT head,Handler A"
    told = (
        "two lists with one name,Radiographer,PRIA24/L1/E1",
        "none,Radiographer,PRIA1",
        "told by Mr John Smith,,",
    )
    rows = [f"{first.replace('W101', f'W10{n}')},{more}" for n, more in enumerate(told, 1)]
    (place / "more.csv").write_text("\n".join([f"{header},Root cause,Began,Code", *rows]), encoding="utf-8")
    (place / "more.toml").write_text(MAPPING.rstrip() + MORE, encoding="utf-8")
    _, out, err = run(place, file="more.csv", mapping="more.toml")
    assert "Code: a UKHSA code begins with PRIA and two figures" in out, err
    run(place, "--go", code(out), file="more.csv", mapping="more.toml")
    store = opened(place)
    held = [
        {detail.field: detail.value for detail in store.record("local", one.number).details}
        for one in reversed(store.incidents("local"))
    ]
    assert held == [
        {"root_cause": "two lists with one name", "began_with": "operator", "ukhsa_code": "PRIA24/L1/E1"},
        {"root_cause": "[text left in datix, W103]"},
    ]
    assert store.verify() == []
    store.close()


def test_it_is_done_for_what_was_tried_and_only_once(place: Path) -> None:
    tried = code(run(place)[1])
    status, out, err = run(place, "--go", tried)
    assert (status, err) == (1, "")
    assert "3 incidents were brought in" in out
    assert "it takes about" not in out
    store = opened(place)
    assert store.count_incidents("local", Which(imported=True)) == 3
    assert store.tally("local", "outcome") == {"notify": 1, "undecided": 2}
    assert (store.cases("local"), store.deadlines("local"), store.next_due(None, "terminal")) == (
        (),
        (),
        None,
    )
    assert store.records("local", status="provisional") == ()
    record = store.record("local", store.incidents("local", Which(local_number="W101"))[0].number)
    assert record.assessment.facts["occurred_on"].startswith("2026-02-03T14:05")
    assert record.assessment.facts["account"] == "CT head for a request\nmade on another patient"
    assert store.verify() == []
    store.close()
    assert b"9990000018" not in (place / "a.sqlite").read_bytes().replace(b" ", b"")
    status, out, _ = run(place)
    assert "0  new" in out
    assert "3  known already" in out
    assert "There is nothing new to bring in." in out
    assert "--go" not in out
    shown = irmer_here("incidents", "imported", "notify", *NOW, database=place / "a.sqlite")[1]
    assert "W101" in shown
    opens = irmer_here("open", record.number, *NOW, database=place / "a.sqlite")[1]
    assert "C26-0001" in opens


def test_what_was_brought_in_waits_for_nobody_until_somebody_here_decides_it_anew(place: Path) -> None:
    run(place, "--go", code(run(place)[1]))
    store = opened(place)
    (one,) = [
        store.record("local", row.number) for row in store.incidents("local", Which(outcomes=("notify",)))
    ]
    waits = {"outcome": "notify", "lacking": "learning"}
    assert (store.count_records("local", status="provisional"), store.count_records("local", **waits)) == (
        0,
        0,
    )
    store.correct(
        "local", one.number, one.assessment, why="read again", expected=1, by=Person("U1"), now=THEN
    )
    assert [r.number for r in store.records("local", status="provisional")] == [one.number]
    assert [r.number for r in store.records("local", **waits)] == [one.number]
    store.close()


def test_what_was_read_of_a_row_is_kept_under_seal_and_goes_with_a_text_that_is_taken_out(
    place: Path,
) -> None:
    run(place, "--go", code(run(place)[1]))
    store = opened(place)
    known = list(store.known_imports("local", "datix").values())
    assert len({one.kept for one in known}) == len(known) == 3
    record = store.incidents("local", Which(local_number="W101"))[0].number
    store.redact("local", record, "account", why="it tells who", by=Person("U1"), now=THEN)
    kept = {one.number: one.kept for one in store.known_imports("local", "datix").values()}
    assert [number for number, left in kept.items() if not left] == [record]
    store.close()
    (place / "datix.csv").write_bytes(
        DATIX.replace("Left wrist", "Right wrist").replace("request", "x").encode()
    )
    out = run(place)[1]
    assert "2  known already" in out
    assert "1  known, changed since: 2026-0002" in out


def test_no_row_is_known_by_a_patients_number(place: Path) -> None:
    (place / "datix.csv").write_bytes(DATIX.replace("W102", "999 000 0018").encode())
    status, out, _ = run(place)
    assert status == 1
    assert "2  new" in out
    assert "Ref: holds a patient's number, by which no row is known again" in out
    assert "999" not in out


def test_where_nothing_is_kept_yet_it_says_what_comes_first(place: Path) -> None:
    open_store(place / "new.sqlite").close()
    words = ("import", str(place / "datix.csv"), "--map", str(place / "map.toml"), *NOW)
    status, out, err = irmer_here(*words, database=place / "new.sqlite")
    assert (status, out) == (2, "")
    assert "nothing has been kept yet: set its nation first" in err
    first = err.split("here with irmer ")[1].split()
    assert irmer_here(*first, *NOW, database=place / "new.sqlite")[0] == 0
    assert "3  new" in irmer_here(*words, database=place / "new.sqlite")[1]


@pytest.mark.parametrize("change", ["file", "mapping", "code"])
def test_what_was_changed_since_the_trial_is_not_brought_in(place: Path, change: str) -> None:
    tried = code(run(place)[1])
    if change == "file":
        (place / "datix.csv").write_bytes(DATIX.replace("9 mSv", "1 mSv").encode())
    if change == "mapping":
        (place / "map.toml").write_text(MAPPING.replace('"adult"', '"child"'), encoding="utf-8")
    status, out, err = run(place, "--go", tried if change != "code" else "0" * 12)
    assert (status, out) == (1, "")
    assert "is not what was tried" in err
    store = opened(place)
    assert store.count_incidents("local") == 0
    store.close()


def test_one_that_was_cut_short_shows_nothing_and_goes_on(place: Path) -> None:
    tried = code(run(place)[1])
    store = opened(place)
    one = store.begin_import("local", "datix", tried, by=Person("U1"), now=THEN)
    mapping = read_mapping(MAPPING)
    rows: list[BroughtIn] = []
    with source_bytes(place / "datix.csv") as source:
        attempt(read_table(source, mapping), mapping, {}, THEN.date(), keep_texts=False, to=rows.append)
    store.bring_in("local", one, rows[:1], by=Person("U1"), now=THEN)
    assert store.count_incidents("local") == 0
    store.give_details("local", "2026-0001", {"site": "Main"}, by=Person("U1"), now=THEN)
    assert store.count_incidents("local") == 0
    store.close()
    assert "2  new" in run(place)[1]
    assert run(place, "--go", tried)[0] == 1
    store = opened(place)
    assert store.count_incidents("local") == 3
    store.close()


@pytest.mark.parametrize("keeps", [False, True])
def test_what_seems_to_name_somebody_stays_behind_in_whatever_column_it_stands(
    place: Path, keeps: bool
) -> None:
    rows = DATIX.replace("Left wrist imaged", "told by Mrs Testperson").replace("CT 2", "CT 2 Dr Testperson")
    (place / "datix.csv").write_bytes(rows.encode())
    how = ("--texts", "keep") if keeps else ()
    status, out, err = run(place, *how)
    assert (status, err) == (1, "")
    left = "2 texts seem to name somebody; left out: Location 1, Description 1 (--texts keep takes them)"
    assert (left in out) is not keeps
    assert "Testperson" not in out
    run(place, *how, "--go", code(out))
    store = opened(place)
    held = [store.record("local", one.number).assessment.facts for one in store.incidents("local")]
    store.close()
    texts = {(facts.get("equipment"), facts["account"]) for facts in held}
    assert ("Room 3", "told by Mrs Testperson") in texts or not keeps
    assert ("Room 3", "[text left in datix, W102]") in texts or keeps
    assert (None, "CT head for a request\nmade on another patient") in texts or keeps
    assert keeps or b"Testperson" not in (place / "a.sqlite").read_bytes()


def test_a_text_that_is_longer_than_any_that_is_taken_fails_its_row(place: Path) -> None:
    (place / "datix.csv").write_bytes(DATIX.replace("Left wrist imaged", "wrist " * 170_000).encode())
    status, out, err = run(place)
    assert (status, err) == (1, "")
    assert "row 4 Description: 1,019,999 characters, and 20,000 are the most" in out
    assert "2  new" in out


def test_yes_and_no_are_taken_as_they_stand_and_an_empty_cell_is_no_no(place: Path) -> None:
    said = ("No", "", "Maybe")
    first = "1,W{n},Radiation,Wrong side,19/05/2026,,20/05/2026,R,,x,H,{said}"
    rows = [first.format(n=n, said=one) for n, one in enumerate(said)]
    (place / "datix.csv").write_text("\n".join([f"{DATIX.splitlines()[0]},Foetus", *rows]), encoding="utf-8")
    told = '[fact.unintended_foetal_exposure]\ncolumn = "Foetus"\n[skip]'
    (place / "map.toml").write_text(MAPPING.replace("[skip]", told), encoding="utf-8")
    status, out, err = run(place)
    assert (status, err) == (1, "")
    assert "1  fail: row 4 Foetus: a value has no translation" in out
    run(place, "--go", code(out))
    store = opened(place)
    held = {
        one.local_number: store.record("local", one.number).assessment.facts
        for one in store.incidents("local")
    }
    assert held["w0"]["unintended_foetal_exposure"] is False
    assert "unintended_foetal_exposure" not in held["w1"]
    store.close()


def workbook(file: Path) -> None:
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("log")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for at, row in enumerate(
        [["IR(ME)R incident log", "", ""], [], ["No.", "Date", "Dose"], [1, 46056, 2], [2, 46100, "<0.01"]]
    ):
        for place, value in enumerate(row):
            formatted = day if at == 3 and place == 1 else None
            sheet.write(at, place, value, formatted)
    book.close()


def test_a_workbook_is_read_with_its_days_and_whole_numbers(place: Path) -> None:
    workbook(place / "log.xlsx")
    (place / "log.toml").write_text(
        'source = "log"\nref = "No."\nexcel_serial = true\n[fact.occurred_on]\ncolumn = "Date"\n'
        '[fact.total_dose]\ncolumn = "Dose"\nunit = "mSv"\n[fact.category]\nvalue = "diagnostic"\n'
    )
    status, out, err = run(place, file="log.xlsx", mapping="log.toml")
    assert (status, err) == (0, "")
    assert run(place, "--go", code(out), file="log.xlsx", mapping="log.toml")[0] == 0
    store = opened(place)
    found = {one.local_number: one for one in store.incidents("local")}
    assert {n: one.day.isoformat() for n, one in found.items()} == {"1": "2026-02-03", "2": "2026-03-19"}
    assert store.record("local", found["1"].number).assessment.facts["total_dose"] == "2 mSv"
    store.close()


def test_without_the_library_a_workbook_says_what_to_install_and_csv_comes_in(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook(place / "log.xlsx")
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    status, out, err = run(place, file="log.xlsx")
    assert (status, out) == (2, "")
    assert "a workbook needs python-calamine: install irmer-bot[papers], or save it as CSV" in err
    assert "3  new" in run(place)[1]


def bomb(place: Path) -> None:
    import zipfile

    with zipfile.ZipFile(place / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as out:
        for n in range(6):
            out.writestr(f"xl/{n}.xml", b"\0" * (1 << 20))


WITHOUT = DATIX.replace("Reported", "Report").encode()
TWICE = DATIX.replace("Handler", "Dose", 1).encode()
BAD = {
    "an empty file": (b"", MAPPING, "is empty"),
    "a web page called .xls": (b"<html><table>", MAPPING, "is a web page"),
    "a mapping that names no column": (
        DATIX.encode(), 'source = "x"\nref = "Ref"\n[fact.nation]\nvalue = "england"\n',
        "the mapping names no column that gives a fact",
    ),
    "no such column": (WITHOUT, MAPPING, "has no column called Reported"),
    "two columns of one name": (TWICE, MAPPING, "two columns called Dose"),
    "a cell of more than a megabyte": (
        DATIX.encode() + b'7,W1,Radiation,"' + b"x" * (2 << 20) + b'"\r\n', MAPPING,
        "a cell holds more than 1 MB",
    ),
    "quotes that do not end": (DATIX.encode() + b'7,"W1\r\n', MAPPING, "not well formed as CSV"),
    "a damaged workbook": (b"PK\x03\x04rubbish", MAPPING, "cannot be read as a workbook"),
    "a mapping that is not TOML": (DATIX.encode(), "source = ", "the mapping is not TOML"),
    "a mapping without a ref": (DATIX.encode(), 'source = "x"\n', "the mapping: ref: Field required"),
    "an unknown fact": (DATIX.encode(), MAPPING + "[fact.colour]\nvalue = 1\n", "there is no fact colour"),
    "an unknown key": (DATIX.encode(), "colour = 1\n" + MAPPING, "the mapping: colour"),
    "an encoding that is none": (
        DATIX.encode(), 'encoding = "latin-99"\n' + MAPPING, "is not one that there is",
    ),
    "bytes that are none of it": (b"\xff\xfe\x81Ref", 'encoding = "utf-8"\n' + MAPPING, "is not in utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_is_one_line_and_the_register_as_it_was(place: Path, what: str) -> None:
    data, mapping, wrong = BAD[what]
    (place / "datix.csv").write_bytes(data)
    (place / "map.toml").write_text(mapping, encoding="utf-8")
    status, out, err = run(place)
    assert status == 2, err
    assert out == ""
    assert wrong in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_bomb_is_not_unpacked(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small one: what is said of its size is what counts."""
    assert workbooks.UNPACKED == 512 << 20
    monkeypatch.setattr(workbooks, "UNPACKED", 5 << 20)
    bomb(place)
    status, _, err = run(place, file="x.xlsx")
    assert status == 2
    assert "unpacks to 6 MB: 5 MB is the most" in err


def test_a_sketch_is_a_mapping_that_is_taken(place: Path) -> None:
    status, out, _ = irmer_here(
        "import", str(place / "datix.csv"), "--sketch", *NOW, database=place / "a.sqlite"
    )
    assert status == 0
    assert "# The columns of datix.csv: ID, Ref, Category" in out
    (place / "map.toml").write_text(out, encoding="utf-8")
    status, told, err = run(place)
    assert (status, err) == (1, "")
    assert "has no translation" in told


def test_a_web_page_called_xls_is_told_by_what_stands_in_it(place: Path) -> None:
    (place / "report.xls").write_bytes(b"\r\n<html><table><tr><td>Ref</td></tr></table></html>")
    status, out, err = run(place, file="report.xls")
    assert (status, out) == (2, "")
    assert "report.xls is a web page, whatever its name says: save it as CSV UTF-8" in err


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("12/31/2026", "no day by %d/%m/%Y"),
        ("46056", "a number that may be a spreadsheet's of a day: excel_serial = true takes it"),
        ("3 Feb 26", "no day by %d/%m/%Y"),
    ],
)
def test_a_day_of_another_order_or_a_spreadsheets_number_fails_its_row(
    place: Path, given: str, wrong: str
) -> None:
    (place / "datix.csv").write_bytes(DATIX.replace("03/02/2026", given).encode())
    status, out, _ = run(place)
    assert status == 1
    assert f"row 2 Incident date: {wrong}" in out
    assert given not in out
    assert "2  new" in out


def test_formulas_are_what_they_came_to_and_errors_are_nothing_and_counted(
    place: Path,
) -> None:
    book = xlsxwriter.Workbook(str(place / "log.xlsx"), {"strings_to_formulas": False})
    sheet = book.add_worksheet("log")
    sheet.write_row(0, 0, ["No.", "Date", "Dose", "Text"])
    sheet.write_row(1, 0, ["A1", "2026-02-03"])
    sheet.write_formula(1, 2, "=1+1", value=2)
    sheet.write_string(1, 3, '=HYPERLINK("http://example.org","x")')
    sheet.write_row(2, 0, ["A2", "2026-02-04"])
    sheet.write_formula(2, 2, "=NA()", value="#N/A")
    book.close()
    (place / "log.toml").write_text(
        'source = "log"\nref = "No."\n[fact.occurred_on]\ncolumn = "Date"\n[fact.total_dose]\n'
        'column = "Dose"\nunit = "mSv"\n[fact.category]\nvalue = "diagnostic"\n'
        '[detail.account]\ncolumn = "Text"\n'
    )
    status, out, err = run(place, file="log.xlsx", mapping="log.toml")
    assert (status, err) == (0, "")
    assert "empty though mapped: Dose 1, Text 1" in out
    assert run(place, "--go", code(out), file="log.xlsx", mapping="log.toml")[0] == 0
    store = opened(place)
    found = {one.local_number: one.number for one in store.incidents("local")}
    assert store.record("local", found["a1"]).assessment.facts["total_dose"] == "2 mSv"
    assert "total_dose" not in store.record("local", found["a2"]).assessment.facts
    store.close()
    taken = irmer_here("register", str(place / "out.csv"), *NOW, database=place / "a.sqlite")
    assert taken[0] == 0
    assert "'=HYPERLINK" in (place / "out.csv").read_text(encoding="utf-8")


def test_where_there_is_no_room_nothing_is_begun(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = code(run(place)[1])
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    status, out, err = run(place, "--go", tried)
    assert (status, out) == (2, "")
    assert "MB are wanted beside" in err
    store = opened(place)
    assert store.known_imports("local", "datix") == {}
    store.close()


def test_a_disk_that_fills_leaves_the_register_as_it_was_and_the_next_run_goes_on(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = code(run(place)[1])
    monkeypatch.setattr("bot.importing.import_run.AT_ONCE", 1)
    kept, keep = [], SqliteStore.bring_in

    def until_full(self: SqliteStore, *given: object, **more: object) -> object:
        if len(kept) == 2:
            raise DiskFull("the disk is full: nothing of this was kept")
        kept.append(given)
        return keep(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteStore, "bring_in", until_full)
    status, out, err = run(place, "--go", tried)
    assert (status, out) == (2, "")
    assert "the disk is full" in err
    assert err.count("\n") == 1
    store = opened(place)
    assert store.count_incidents("local") == 0
    assert store.verify() == []
    store.close()
    monkeypatch.setattr(SqliteStore, "bring_in", keep)
    assert run(place, "--go", tried)[0] == 1
    store = opened(place)
    assert store.count_incidents("local") == 3
    store.close()


def test_what_is_read_of_a_file_does_not_grow_with_it(tmp_path: Path) -> None:
    """A megabyte of its bytes at a time, and of its rows one."""
    long_file(tmp_path / "datix.csv")
    assert (tmp_path / "datix.csv").stat().st_size > 12 << 20
    tracemalloc.start()
    try:
        with source_bytes(tmp_path / "datix.csv") as source:
            table = read_table(source, read_mapping(MAPPING))
            assert sum(1 for _ in table) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 6 << 20
    finally:
        tracemalloc.stop()
    assert table.most >= table.count == 20_000


def long_file(path: Path) -> None:
    account = "Left wrist imaged. " * 32
    rows = (f"{n},W{n},Radiation,Wrong side,19/05/2026,,20/05/2026,R,,{account},H\r\n" for n in range(20_000))
    path.write_text(DATIX.splitlines(keepends=True)[0] + "".join(rows), encoding="utf-8", newline="")


def test_a_file_that_is_changed_while_it_is_read_is_read_no_further(tmp_path: Path) -> None:
    file = tmp_path / "datix.csv"
    long_file(file)
    with source_bytes(file) as source:
        rows = iter(read_table(source, read_mapping(MAPPING)))
        assert next(rows)[1]["Ref"] == "W0"
        with file.open("r+b") as out:
            out.write(file.read_bytes().replace(b"Left", b"Arms"))
        with pytest.raises(Usage, match=r"datix\.csv was changed while it was read: try it again"):
            list(rows)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_says_how_it_is_written_is_read_so(place: Path, encoding: str) -> None:
    (place / "datix.csv").write_bytes(DATIX.replace("wrist", "wrist, 0.3 µSv").encode(encoding))
    status, out, err = run(place)
    assert (status, err) == (1, "")
    assert "datix.csv, 6 rows" in out
