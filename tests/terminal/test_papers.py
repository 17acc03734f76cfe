"""A paper in a terminal: a file of its owner's alone, beside what is there and never over it."""

from __future__ import annotations

import errno
import os
import stat
import sys
from datetime import date
from pathlib import Path

import docx
import pytest

from bot.terminal.session import user
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, NewCase, Person
from storage.sqlite import open_store
from tests.core.cases.ward import NOTIFY
from tests.core.cases.ward import NOW as THEN
from tests.processes import chat, irmer_here

NOW = ("--now", "2026-11-24T09:30")
NAME = "C26-0001-report-r1"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case; and a desk of one's own to be in."""
    path = tmp_path / "a.sqlite"
    store = open_store(path)
    by = Person(user(path).id)
    kept = Assessment(NOTIFY, decide(parse(NOTIFY, THEN.date())).as_dict())
    number = store.keep("local", kept, by=by, now=THEN).number
    store.open_case("local", NewCase("CT head", date(2026, 11, 23), (number,), owner=by), by=by, now=THEN)
    store.close()
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    return path


def ask_for_one(database: Path, *words: str) -> tuple[int, str, str]:
    status, out, err = irmer_here("paper", "C26-0001", *words, *NOW, database=database)
    return status, out, err


def test_it_is_a_document_in_the_folder_that_one_is_in_for_its_owner_alone(database: Path) -> None:
    status, out, err = ask_for_one(database, "report")
    file = Path(f"{NAME}.docx")
    assert (status, err) == (0, "")
    assert "Report of the investigation, C26-0001: 0 of 8 points filled" in out
    assert f"Written for you alone: {file}" in out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert docx.Document(str(file)).paragraphs[0].text == "Report of the investigation, C26-0001"


def test_nothing_is_overwritten_and_the_next_stands_beside_it(database: Path) -> None:
    ask_for_one(database, "report")
    before = Path(f"{NAME}.docx").read_bytes()
    assert f"Written for you alone: {NAME}-2.docx" in ask_for_one(database, "report")[1]
    assert f"Written for you alone: {NAME}-3.docx" in ask_for_one(database, "report")[1]
    assert Path(f"{NAME}.docx").read_bytes() == before


def test_it_goes_where_it_is_said_to_go(database: Path) -> None:
    folder = Path("papers.of.mine")
    folder.mkdir()
    assert str(folder / f"{NAME}.docx") in ask_for_one(database, "report", "--to", str(folder))[1]
    assert "one.docx" in ask_for_one(database, "report", "--to", str(folder / "one.docx"))[1]
    assert "two.txt" in ask_for_one(database, "report", "--to", str(folder / "two.txt"))[1]
    assert "8 Corrective measures\n---------------------\n" in (folder / "two.txt").read_text("utf-8")
    assert stat.S_IMODE((folder / "two.txt").stat().st_mode) == 0o600
    taken = ask_for_one(database, "report", "--to", str(folder / "one.docx"))[1]
    assert "one.docx is there already, and nothing is overwritten" in taken
    assert sorted(one.name for one in folder.iterdir()) == [f"{NAME}.docx", "one.docx", "two.txt"]


def test_a_folder_that_there_is_not_is_refused_before_anything_is_made(database: Path) -> None:
    status, out, err = ask_for_one(database, "report", "--to", "nowhere")
    assert (status, out) == (2, "")
    assert "there is no folder nowhere" in err
    store = open_store(database)
    assert [e for e in store.audit("local") if e.what == "paper made"] == []
    store.close()


def test_as_text_it_is_shown_and_no_file_is_made(database: Path) -> None:
    status, out, _ = ask_for_one(database, "report", "as", "text")
    assert status == 0
    assert "MISSING. Ask the medical physics expert." in out
    assert list(Path().iterdir()) == []


def test_without_the_library_it_is_a_text_that_says_so(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    _, out, _ = ask_for_one(database, "report")
    assert f"Written for you alone: {NAME}.txt" in out
    assert "install irmer-bot[papers]" in out


def test_a_disk_that_is_full_leaves_no_half_of_one(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fdopen

    def no_room(handle: int, mode: str) -> object:
        file = real(handle, mode)
        file.write(b"the beginning")
        file.close()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("bot.terminal.paper_files.os.fdopen", no_room)
    status, out, err = ask_for_one(database, "report")
    assert "cannot be written: No space left on device" in out + err
    assert list(Path().iterdir()) == []
    assert status == 1


def test_in_a_chat_it_goes_into_the_folder_that_one_is_in(database: Path) -> None:
    _, out, _ = chat(database, "paper C26-0001 candour", args=NOW)
    assert "Written for you alone: C26-0001-candour-r1.docx" in out
    assert Path("C26-0001-candour-r1.docx").exists()
