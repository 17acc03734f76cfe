"""How much a file will take is said before it is brought in, and room for it is asked for."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.terminal.session import user
from storage.model import Person
from storage.sqlite import open_store
from tests.core.cases.ward import NOW as THEN
from tests.processes import irmer_here

NOW = ("--now", "2026-11-24T09:30")
MAPPING = """
source = "log"
ref = "Ref"
dates = "%d/%m/%Y"
[fact.occurred_on]
column = "Date"
[detail.account]
column = "Text"
"""
ADULT = """
[fact.category]
value = "diagnostic"
[fact.exposure]
value = "unintended"
[fact.age_years]
value = "40"
[fact.total_dose]
value = "2 mSv"
"""


def register_of(place: Path, rows: int, text: int, more: str) -> None:
    store = open_store(place / "a.sqlite")
    store.set_setting("local", "may_export", [user(place / "a.sqlite").id], by=Person("U1"), now=THEN)
    store.close()
    said = ("The field was off by some. " * 80)[:text]
    lines = (f"M{at},03/02/2026,{said}\n" for at in range(rows))
    (place / "log.csv").write_text(f"Ref,Date,Text\n{''.join(lines)}", encoding="utf-8")
    (place / "log.toml").write_text(MAPPING + more, encoding="utf-8")


def run(place: Path, *more: str) -> tuple[int, str, str]:
    words = ("import", str(place / "log.csv"), "--map", str(place / "log.toml"), *more, *NOW)
    return irmer_here(*words, database=place / "a.sqlite")


@pytest.mark.parametrize(
    ("text", "more"), [(0, ""), (2000, ""), (0, ADULT), (2000, ADULT)],
    ids=["little known", "little known, long texts", "much known", "much known, long texts"],
)  # fmt: skip
def test_what_it_takes_in_the_file_is_said_before(tmp_path: Path, text: int, more: str) -> None:
    register_of(tmp_path, 500, text, more)
    before = (tmp_path / "a.sqlite").stat().st_size
    _, out, _ = run(tmp_path)
    said = float(re.search(r"it takes about ([\d.]+) MB", out)[1])
    assert run(tmp_path, "--go", out.split("--go ")[1].split()[0])[0] == 0
    took = ((tmp_path / "a.sqlite").stat().st_size - before) / 1e6
    assert 0.75 < said / took < 1.25


def test_room_is_asked_for_the_log_beside_the_database_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_of(tmp_path, 500, 0, "")
    _, out, _ = run(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=8 << 20))
    status, _, err = run(tmp_path, "--go", out.split("--go ")[1].split()[0])
    assert status == 2
    assert "11 MB are wanted beside" in err
