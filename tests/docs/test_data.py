"""What `docs/data.md` tells an auditor works with the sqlite3 that comes with Python."""

import re
import sqlite3
from pathlib import Path

import pytest

from tests.processes import CHECK, chat

TEXT = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
QUERIES = [part.strip() for part in re.search(r"```sql\n(.*?)```", TEXT, re.S)[1].split(";") if part.strip()]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    database = tmp_path_factory.mktemp("data") / "a.sqlite"
    roles = ("settings role_mpe me", "settings confirm_own yes", "confirm 2026-0001 as MPE")
    chat(database, *CHECK, "yes", *roles, "notified C26-0001 CQC-1")
    return database


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.splitlines()[0])
def test_each_query_finds_what_it_says(file, query):
    conn = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    rows = conn.execute(query).fetchall()
    conn.close()
    assert rows
    assert any("2026-0001" in row or "C26-0001" in row for row in rows)
