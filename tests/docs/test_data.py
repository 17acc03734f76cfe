"""What `docs/data.md` tells an auditor works with the sqlite3 that comes with Python."""

import re
import sqlite3
from pathlib import Path

import pytest
import yaml

from bot.command_rows import ROWS
from bot.core.settings.chosen import Chosen
from bot.core.settings.definitions import SETTINGS
from storage import file as file_of_ours
from storage import migrations
from storage.redaction import OF_CASE, OF_RECORD
from tests.processes import CHECK, chat

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
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


# What it quotes of the program


def section(title):
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text):
    """Those of its first table, without the head."""
    lines = text.partition("\n|")[2].partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_every_table_of_the_database_is_named_where_it_says_what_is_kept():
    conn = file_of_ours.sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(conn)
    made = conn.execute("select name from sqlite_schema where type = 'table' and name not like '%sqlite%'")
    named = re.findall(r"`([a-z_]+)`", " ".join(row[1] for row in rows(section("What is kept"))))
    assert sorted(named) == sorted(name for (name,) in made)


def test_retention_is_what_the_settings_say():
    told = {row[1].strip("`"): row[2:] for row in rows(section("How long it is kept"))}
    assert told.keys() == {key for key in SETTINGS if key.startswith("retention_")}
    for key, (default, range_) in told.items():
        chosen = Chosen({})
        assert chosen.shown(key).removesuffix(" days") == default.removesuffix(" days")
        least, most, unit = re.match(r"(\d+) to (\d+) (days|years)", range_).groups()
        assert f"{least} to {most}" in SETTINGS[key].wanted
        assert f"{unit}" in SETTINGS[key].wanted
        for value in (int(least), int(most)):
            assert Chosen({key: value}).get(key) == value
        for value in (int(least) - 1, int(most) + 1):
            assert key in Chosen({key: value}).unfit


def test_the_texts_that_can_be_taken_out_are_named():
    said = section("Taking a text out")
    said = " ".join(said.split())
    of_record, of_case = re.search(r"Of a record: (.*?)\. Of a case: (.*?)\. Of both", said).groups()
    assert of_record.split(", ") == [name.replace("_", " ") for name in OF_RECORD]
    assert of_case.split(", ") == [name.replace("_", " ") for name in OF_CASE]


def test_what_the_slack_app_may_is_what_its_manifest_names():
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    named = re.findall(r"`((?:[a-z_]+:[a-z]+)|commands)`", section("What each platform gets"))
    assert named == manifest["oauth_config"]["scopes"]["bot"]


def test_each_setting_variable_and_command_that_it_names_is_there():
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "bot").rglob("*.py"))
    for name in set(re.findall(r"IRMER_[A-Z_]+", TEXT)):
        assert f'"{name}"' in source
    named = re.findall(r"`((?:retention|may|role|governance)_[a-z]+)`", TEXT)
    assert named
    assert set(named) <= SETTINGS.keys()
    for words in re.findall(r"`irmer ([a-z]+)", TEXT):
        assert words in ROWS


def test_a_part_that_is_pointed_to_is_there():
    plain = (line.lstrip("# ").lower() for line in TEXT.splitlines() if line.startswith("#"))
    headings = {line.replace(" ", "-").replace(",", "") for line in plain}
    assert set(re.findall(r"\]\(#([a-z-]+)\)", TEXT)) <= headings
