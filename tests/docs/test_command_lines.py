"""Each command line in the documents is run, as it stands there, where a hospital has a database."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.command_rows import ROWS
from storage.sqlite import open_store
from tests.importing.samples import DATIX, MAPPING
from tests.processes import CHECK, chat, irmer_here

ROOT = Path(__file__).parents[2]
PAGES = {page: page.read_text() for page in (*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md"))}
SPAN = re.compile(r"`(?:sudo )?(irmer [^`\n]+)`|^    (irmer .+)$", re.M)
LINES = sorted({one or other for text in PAGES.values() for one, other in SPAN.findall(text)})
NOW = "2026-11-05T10:00"
AT = datetime(2026, 11, 5, 10, tzinfo=UTC)

# What stands for something of the reader's own, and what it is here.
STANDS_FOR = {
    "/var/lib/irmer/backups": "backups", "/var/backups/irmer": "backups",
    "FOLDER": "backups", "--also FOLDER": "--also elsewhere",
    "<object id>": "00000000-0000-4000-8000-000000000001", "C26-0007": "C26-0001",
    "facts | verdict | read | interview": "facts", "--since FILE": "--since a.checkpoints",
    "import FILE": "import incidents.csv", "register FILE [words]": "register a.csv notify", " [words]": "",
    "restore copy.sqlite": "restore of-last-night.sqlite",
    "restore irmer.sqlite.before-m012": "restore of-last-night.sqlite", "decide FILE": "decide facts.jsonl",
}  # fmt: skip
# These run until they are ended, or ask a network, and are run whole elsewhere.
ELSEWHERE = {
    "serve": "tests/test_start_and_stop.py", "doctor --network": "tests/test_network.py",
    "connect": "tests/test_many_connections.py", "secrets": "tests/test_many_connections.py",
    "org bind": "tests/test_org.py", "org unbind": "tests/test_org.py", "org merge": "tests/test_org.py",
    "copy": "tests/test_postgres.py",
}  # fmt: skip
# A name alone, in a sentence about the command, of one that wants something.
WANTS = ("COMMAND --help", "admin", "admin add", "backup", "restore", "export", "register", "import", "teams")
WANTS += ("schema", "retention --go", "verify --since", "org")
GIVEN = {
    "chat": "quit\n", "decide": '{"discovered_on": "2026-11-04"}\n', "interview": '{"nation": "england"}\n',
    "read": '{"text": "wrong patient, CT head"}\n',
}  # fmt: skip
TEAMS = {
    "TEAMS_CLIENT_ID": "00000000-0000-4000-8000-000000000002", "TEAMS_CLIENT_SECRET": "s",
    "TEAMS_TENANT_ID": "00000000-0000-4000-8000-000000000003",
}  # fmt: skip
FINDS = {
    "doctor",
    "doctor --ping",
    "doctor --json",
    "teams package --check",
    "import FILE --map MAPPING.toml",
}
"""Which end with 1 or 2 where they find something wrong, as two rows of the other system's file are."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database, a copy of it, its key and checkpoints, and another system's file."""
    folder = tmp_path_factory.mktemp("hospital")
    database = folder / "a.sqlite"
    assert irmer_here("keys", database=database)[0] == 0
    chat(
        database,
        *CHECK,
        "yes",
        "settings role_mpe me",
        "settings confirm_own yes",
        "confirm 2026-0001 as MPE",
    )
    store = open_store(database)
    store.backup(folder / "of-last-night.sqlite", now=AT)
    store.close()
    (folder / "incidents.csv").write_text(DATIX)
    (folder / "MAPPING.toml").write_text(MAPPING)
    (folder / "facts.jsonl").write_text(GIVEN["decide"])
    (folder / "backups").mkdir()
    (folder / "elsewhere").mkdir()
    return folder


@pytest.mark.parametrize("line", [line for line in LINES if line != "irmer --version"])
def test_it_is_understood_and_done(
    line: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = line.removeprefix("irmer ")
    word = command.split()[0]
    assert word in ROWS or word in ("COMMAND", "incidents", "--help"), word
    if any(command.startswith(one) for one in ELSEWHERE) or command in WANTS:
        return
    for stands, here in sorted(STANDS_FOR.items(), key=lambda one: -len(one[0])):
        command = command.replace(stands, here)
    place = Path(shutil.copytree(prepared, tmp_path / "there"))
    monkeypatch.chdir(place)
    words = command.split() + ([] if word in ("schema", "teams", "keys") else ["--now", NOW])
    if word == "restore":
        words += ["--last", "none"]
    if word == "teams":
        assert irmer_here("teams", "package", **TEAMS)[0] == 0
    given = GIVEN.get(word, "")
    status, out, err = irmer_here(
        *words, given=given, database=place / "a.sqlite", **TEAMS if word == "teams" else {}
    )
    assert not re.search(r"irmer: (?!.*of an earlier release)", err), err
    assert status == 0 or line.removeprefix("irmer ") in FINDS, out + err
    assert out.strip() or word == "keys"
