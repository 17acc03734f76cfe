"""Trends in the terminal: a file of its owner's alone, and where it is."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from storage.model import Assessment, Person
from storage.sqlite import open_store
from tests.core.cases.ward import NOW
from tests.processes import irmer_here


def test_a_picture_is_written_beside_what_is_there_and_it_is_said_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path / "a.sqlite")
    for n in range(100):
        facts = {
            "category": "diagnostic",
            "occurred_on": (date(2026, 1, 1) - timedelta(days=7 * n)).isoformat(),
        }
        kept = Assessment(facts, {"outcome": "do_not_notify"})
        store.keep("local", kept, by=Person("U1"), now=NOW)
    store.close()
    monkeypatch.chdir(tmp_path)
    for name in ("irmer-trends-2026-11-24.png", "irmer-trends-2026-11-24-2.png"):
        status, out, err = irmer_here(
            "trends", "2025", "--now", "2026-11-24T09:30", database=tmp_path / "a.sqlite"
        )
        assert (status, err) == (0, "")
        assert "Incidents, 2025: nothing unusual" in out
        assert name in out.replace("\n", "")
        made = tmp_path / name
        assert made.read_bytes().startswith(b"\x89PNG")
        assert made.stat().st_mode & 0o777 == 0o600
