"""`irmer register`: the incidents that words find, as a table for a spreadsheet or a program."""

import csv
import errno
import io
import json
import os
import stat
import sys
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.core.check.detail_columns import EVERY_COLUMN
from bot.core.check.further_fields import FURTHER
from bot.terminal.session import user
from rules.deciding import decide
from rules.parsing import parse
from storage.measure_model import MeasurePlan
from storage.model import Assessment, Person
from storage.plans import DeadlinePlan
from storage.sqlite import open_store
from tests.core.cases.ward import NOT, NOTIFY
from tests.core.cases.ward import NOW as THEN
from tests.processes import irmer_here

NOW = ("--now", "2026-11-24T09:30")
BY = Person("U1", "Radiographer A")
FORMULAS = (
    '=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1+1",
    "＋1", "－2", "＠SUM(A1)", "﹦1",
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two incidents, the second with a text that lasts over lines; whoever runs the tests may export."""
    path = tmp_path / "a.sqlite"
    store = open_store(path)
    store.set_setting("local", "may_export", [user(path).id], by=BY, now=THEN)
    told = {"account": 'said "stop",\nthen é ≥ 3 mSv', "cause": ["wrong side", "set-up"]}
    for facts, number in ((NOTIFY | {"occurred_on": "2026-11-20"}, "W1"), (NOT | told, "0012")):
        verdict = decide(parse(facts, THEN.date())).as_dict()
        store.keep("local", Assessment(facts, verdict, local_incident_number=number), by=BY, now=THEN)
    store.close()
    return path


def taken(database: Path, name: str, *words: str) -> tuple[Path, int, str, str]:
    file = database.parent / name
    return (file, *irmer_here("register", str(file), *words, *NOW, database=database))


def table(file: Path) -> list[dict[str, str]]:
    text = file.read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_table_has_every_incident_as_it_was_kept_and_stands_in_the_trail(database: Path) -> None:
    file, status, out, err = taken(database, "r.csv")
    assert (status, out, err) == (0, f"{file}: 2 incidents\n", "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, second = table(file)
    assert list(first) == [column.name for column in EVERY_COLUMN]
    assert (first["record"], first["outcome"], first["codes"], first["occurred_on"]) == (
        "2026-0001", "notify", "1", "2026-11-20",
    )  # fmt: skip
    assert (first["agreed"], second["agreed"]) == ("", "false")  # no source vouches for what a test keeps
    assert second["account"] == 'said "stop",\nthen é ≥ 3 mSv'
    assert (second["cause"], second["local_incident_number"]) == ("wrong side, set-up", "0012")
    assert file.read_bytes().count(b"\r\n") == 3
    store = open_store(database)
    last = store.audit("local")[-1]
    store.close()
    assert (last.what, last.detail) == (
        "register exported", {"as": "csv", "preset": "", "count": 2},
    )  # fmt: skip


def test_what_papers_want_and_its_measures_stand_in_it_with_their_meanings(database: Path) -> None:
    store = open_store(database)
    told = {"began_with": "operator", "candour": "not: nobody was harmed", "mhra_told": "2026-11-23 R-1"}
    store.give_details("local", "2026-0001", told, by=BY, now=THEN)
    for day in (20, 21, 22):
        plan = DeadlinePlan("measure:", date(2026, 12, day))
        store.set_measure("local", "2026-0001", MeasurePlan("a list", plan, BY), by=BY, now=THEN)
    store.meet("local", "2026-0001", "measure:1", by=BY, now=THEN)
    store.withdraw("local", "2026-0001", "measure:3", why="no wall", by=BY, now=THEN)
    store.close()
    file, *_ = taken(database, "r.csv")
    first, second = table(file)
    assert {name: first[name] for name in told} == told
    assert [first[name] for name in ("measures", "measures_open", "next_measure_due")] == [
        "2", "1", "2026-12-21",
    ]  # fmt: skip
    assert (second["measures"], second["next_measure_due"], second["began_with"]) == ("0", "", "")
    assert {one.name for one in FURTHER} < set(first)


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.jsonl", "u.csv"])
def test_nothing_that_seems_to_tell_who_somebody_is_leaves_with_it(database: Path, name: str) -> None:
    store = open_store(database)
    told = {
        "account": "told by Mrs Testperson, born 01/02/1970", "equipment": "CT 2 of Dr Testperson",
        "root_cause": "Mrs Testperson was called by number", "examination_performed": "CT of Mr Testperson",
        "candour": "not needed, because Mrs Testperson was there",
    }  # fmt: skip
    store.give_details("local", "2026-0001", {n: told[n] for n in list(told)[2:]}, by=BY, now=THEN)
    facts = {**NOTIFY, **{n: told[n] for n in list(told)[:2]}}
    store.keep("local", Assessment(facts, decide(parse(facts, THEN.date())).as_dict()), by=BY, now=THEN)
    store.close()
    words = ("--preset", "ukhsa") if name[0] == "u" else ()
    file, status, out, err = taken(database, name, *words)
    assert (status, err) == (0, "")
    assert "to name somebody: what does is left out (--texts keep takes it)" in out
    sheets = CalamineWorkbook.from_path(file) if name.endswith("xlsx") else None
    written = str(sheets.get_sheet_by_name("register").to_python()) if sheets else file.read_text("utf-8")
    assert "Testperson" not in written
    assert "1970" not in written
    assert "told by [removed]" in written
    kept = irmer_here("register", str(database.parent / f"k{name}"), *words, "--texts", "keep", *NOW,
                      database=database)  # fmt: skip
    assert (kept[0], "left out" in kept[1]) == (0, False)
    store = open_store(database)
    assert store.audit("local")[-1].detail["texts"] == "keep"
    store.close()


def test_words_find_some_of_them_and_are_written_down(database: Path) -> None:
    file, status, out, _ = taken(database, "r.csv", "do", "not", "notify", "wrong", "side")
    assert (status, out) == (0, f"{file}: 1 incident\n")
    assert [row["record"] for row in table(file)] == ["2026-0002"]
    store = open_store(database)
    assert store.audit("local")[-1].said == "do not notify wrong side"
    assert store.verify() == []
    store.close()


def test_excel_gets_its_mark_and_no_formula(database: Path) -> None:
    store = open_store(database)
    for text in FORMULAS:
        facts = NOT | {"site": text, "account": "x"}
        verdict = decide(parse(facts, THEN.date())).as_dict()
        store.keep("local", Assessment(facts, verdict), by=BY, now=THEN)
    store.close()
    file, status, _, _ = taken(database, "r.csv", "--excel")
    assert status == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    sites = [row["site"] for row in table(file) if row["site"]]
    assert sites == [f"'{text}" for text in FORMULAS]


def test_a_workbook_says_what_its_columns_mean_and_what_it_is(database: Path) -> None:
    file, status, _, err = taken(database, "r.xlsx", "notify")
    assert (status, err) == (0, "")
    book = CalamineWorkbook.from_path(str(file))
    assert book.sheet_names == ["register", "data dictionary", "about"]
    header, row = book.get_sheet_by_name("register").to_python()
    found = dict(zip(header, row, strict=True))
    assert (found["record"], found["revision"], found["confirmed"], found["total_dose"]) == (
        "2026-0001", 1, False, "40 mSv",
    )  # fmt: skip
    meanings = book.get_sheet_by_name("data dictionary").to_python()
    assert [line[0] for line in meanings[1:]] == header
    assert all(line[1] and line[2] for line in meanings)
    about = dict(book.get_sheet_by_name("about").to_python())
    assert (about["filter"], about["rows"]) == ("notify", "1")


def test_json_lines_go_back_into_irmer_decide(database: Path) -> None:
    file, status, _, _ = taken(database, "r.jsonl")
    assert status == 0
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["agreed"] for line in lines] == [None, False]
    again = database.with_name("facts.jsonl")
    again.write_text("".join(json.dumps(line["facts"]) + "\n" for line in lines), encoding="utf-8")
    _, out, _ = irmer_here("decide", str(again), *NOW, database=database)
    assert [json.loads(line)["outcome"] for line in out.splitlines()] == [
        line["verdict"]["outcome"] for line in lines
    ]


def test_the_learning_systems_five_columns(database: Path) -> None:
    file, status, _, _ = taken(database, "r.csv", "--preset", "ukhsa")
    assert status == 0
    assert list(table(file)[0]) == ["Incident id", "Date occurred", "Date reported locally", "Text", "Coding"]


@pytest.mark.parametrize(
    ("name", "words", "wrong"),
    [
        ("r.doc", (), "is to end in one of .csv, .xlsx, .jsonl"),
        ("r.csv", ("--preset", "x"), "--preset wants one of: ukhsa"),
        ("r.jsonl", ("--preset", "ukhsa"), "--preset is of a file that ends in .csv or .xlsx, and r.jsonl"),
        ("r.xlsx", ("--excel",), "--excel is of a file that ends in .csv, and r.xlsx does not"),
        ("r.csv", ("since", "whenever"), "give the day"),
        ("r.csv", ("2025/27",), "“2025/27” is no day or period that is known"),
        ("a.sqlite.csv/x.csv", (), "cannot be written"),
    ],
)
def test_what_is_wrong_is_one_line_and_leaves_nothing(
    database: Path, name: str, words: tuple[str, ...], wrong: str
) -> None:
    before = sorted(database.parent.iterdir())
    _, status, out, err = taken(database, name, *words)
    assert status != 0
    assert out == ""
    assert wrong in err
    assert err.count("\n") == 1
    assert [one for one in database.parent.iterdir() if one not in before and "sqlite" not in one.name] == []


def test_nothing_is_overwritten_and_who_may_not_gets_nothing(database: Path) -> None:
    file, status, _, _ = taken(database, "r.csv")
    before = file.read_bytes()
    _, status, _, err = taken(database, "r.csv")
    assert (status, file.read_bytes()) == (2, before)
    assert "is there already" in err
    store = open_store(database)
    store.set_setting("local", "may_export", ["U9"], by=BY, now=THEN)
    store.close()
    other, status, _, err = taken(database, "other.csv")
    assert (status, other.exists()) == (1, False)
    assert "only those named for it" in err


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.jsonl"])
@pytest.mark.filterwarnings("error")
def test_a_disk_that_is_full_is_one_line_and_leaves_nothing(
    database: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real, full = Path.open, Path("/dev/full")
    if not full.exists():
        pytest.skip("this machine has no disk that is always full")
    there = lambda path: full if path.suffix == ".partial" else path  # noqa: E731
    monkeypatch.setattr(Path, "open", lambda path, *how, **more: real(there(path), *how, **more))
    file, status, out, err = taken(database, name)
    assert (status, out, err) == (
        2,
        "",
        f"irmer: {file} cannot be written: No space left on device\n",
    )
    assert not list(database.parent.glob("r.*"))


def test_so_is_a_disk_for_temporary_files(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("zipfile.ZipFile.write", no_room)
    aside = database.parent / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    file, status, out, err = taken(database, "r.xlsx")
    assert (status, out, err) == (2, "", f"irmer: {file} cannot be written: No space left on device\n")
    assert not list(database.parent.glob("r.*"))
    assert not list(aside.iterdir())


def test_without_the_library_a_workbook_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot import sheets
    from bot.usage import Usage

    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(Usage, match=r"irmer-bot\[papers\]"):
        sheets.write_workbook(tmp_path / "x.xlsx", (), (), ())


def test_judged_again_all_is_as_it_was_and_a_mended_reading_shows(database: Path) -> None:
    words = ("judge", *NOW)
    assert irmer_here(*words, database=database) == (
        0, "2 incidents, 0 would be decided otherwise. Nothing was changed.\n", "",
    )  # fmt: skip
    store = open_store(database)
    verdict = decide(parse(NOTIFY, THEN.date())).as_dict() | {"outcome": "do_not_notify", "codes": []}
    store.keep("local", Assessment(NOTIFY, verdict), by=BY, now=THEN)
    store.keep("local", Assessment(NOT | {"age_years": "many"}, verdict), by=BY, now=THEN)
    before = store.audit("local")
    store.close()
    status, out, err = irmer_here(*words, "--edition", "2023-04-19", database=database)
    assert (status, err) == (1, "")
    told = out.splitlines()
    assert (
        "2026-0003 Diagnostic, accidental exposure, 40 years: was do not notify, would be notify (1)" in told
    )
    assert any(line.startswith("2026-0004") and "its facts are no longer accepted" in line for line in told)
    assert told[-1] == "4 incidents, 2 would be decided otherwise. Nothing was changed."
    store = open_store(database)
    assert store.audit("local") == before
    store.close()
    status, out, err = irmer_here(*words, "--edition", "2031-01-01", database=database)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "--edition wants one of those here: 2023-04-19" in err
