"""The irmer command over a database on a server: how it is named, and that its password is said nowhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sources import gathered
from storage.sqlite import SqliteStore
from tests.processes import NOW, irmer_here
from tests.storage.test_insider import live
from tools.postgres import OWNER, SERVES, Databases

CANARY = "canary-5d1e"


@pytest.fixture
def name(postgres: Databases) -> Iterator[str]:
    made = postgres.create()
    yield made
    postgres.drop(made)


def test_a_file_is_copied_looked_at_checked_exported_and_backed_up_by_the_command(
    postgres: Databases, name: str, tmp_path: Path
) -> None:
    path = live(tmp_path)
    owner, serves = postgres.address(name, OWNER), postgres.address(name, SERVES)
    at = ("--now", "2026-11-29T09:00")
    status, out, wrong = irmer_here(
        "copy", "--from", str(path), "--to", owner, *at, database=tmp_path / "none"
    )
    assert (status, wrong) == (0, "")
    assert "the file is closed, and is served no more" in out
    for words in (["cases"], ["chat"]):
        status, out, wrong = irmer_here(*map(str, words), *at, database=path)
        assert (status, wrong.count("\n")) == ((0, 0) if words == ["cases"] else (2, 1)), wrong
    assert "was copied to a server and is closed" in wrong
    address = tmp_path / "address"
    address.write_text(serves)
    address.chmod(0o600)
    here = {"IRMER_DATABASE_FILE": str(address), "IRMER_ADMIN": f"os:{_account()}"}
    for words, says in (
        (["verify"], "all is well"), (["doctor"], "PostgreSQL 1"), (["case", "C26-0001"], "C26-0001"),
        (["export", tmp_path / "all.jsonl", "--tenant", "trust"], "rows"),
        (["backup", tmp_path / "copy.sqlite"], "checked"),
    ):  # fmt: skip
        status, out, wrong = irmer_here(*map(str, words), *at, database=None, **here)
        assert says in out, (words, out, wrong)
    copy = SqliteStore(tmp_path / "copy.sqlite")
    assert copy.verify() == []
    copy.close()
    for words, says in (
        (["migrate", "now"], "takes no words"),
        (["restore", tmp_path / "copy.sqlite"], "is for a database in a file"),
    ):
        status, _, wrong = irmer_here(*map(str, words), *at, database=None, **here)
        assert status == 2
        assert says in wrong
        assert wrong.count("\n") == 1


def _account() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def test_no_password_of_an_address_is_ever_said(tmp_path: Path) -> None:
    address = f"postgresql://irmer:{CANARY}@127.0.0.1:1/irmer"
    file = tmp_path / "address"
    file.write_text(address)
    file.chmod(0o600)
    toml = tmp_path / "irmer.toml"
    toml.write_text(f'database = "{address}"\n')
    for words, given, says in (
        (["verify"], {"IRMER_DATABASE": address}, "cannot be reached, or went away"),
        (["verify"], {"IRMER_DATABASE_FILE": str(file)}, "cannot be reached, or went away"),
        (["doctor"], {"IRMER_DATABASE": address}, "cannot be reached, or went away"),
        (["doctor", "--config"], {"IRMER_DATABASE": address}, "IRMER_DATABASE        the environment"),
        (["check"], {"IRMER_DATABASE": address}, "cannot be reached, or went away"),
        (["serve"], {"IRMER_DATABASE": address, **SLACK}, "cannot be reached, or went away"),
        (["verify", "--database", address], {}, "--database shows a password to everybody on this machine"),
        (["copy", "--from", file, "--to", address], {}, "--to shows a password to everybody on this machine"),
        (["verify"], {"IRMER_CONFIG": str(toml)}, "may hold a password and does not belong there"),
        (
            ["verify"],
            {"IRMER_DATABASE": address.rpartition("/")[0]},
            "is like postgresql://USER@HOST/DATABASE",
        ),
    ):
        status, out, wrong = irmer_here(*map(str, words), *NOW, database=None, **given)
        assert says in out + wrong, (words, out, wrong)
        assert CANARY not in out + wrong
        assert "Traceback" not in wrong
        assert status == (0 if "--config" in words else 1 if words == ["doctor"] else 2)


SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def test_the_address_comes_from_a_file_of_its_own_for_every_command(tmp_path: Path) -> None:
    file = tmp_path / "address"
    file.write_text("postgresql://h/d")
    file.chmod(0o600)
    found = gathered({"IRMER_DATABASE_FILE": str(file)}, secrets=False)
    assert found.values["IRMER_DATABASE"] == "postgresql://h/d"
    twice = gathered({"IRMER_DATABASE_FILE": str(file), "IRMER_DATABASE": "a.sqlite"})
    assert twice.wrong == [
        "IRMER_DATABASE is set more than once: by the environment and by the file of IRMER_DATABASE_FILE: "
        "take one out"
    ]
