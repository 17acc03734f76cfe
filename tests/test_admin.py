"""Who administers: named on the machine or by the environment; and who somebody is at a terminal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.core.accounts import own_account
from storage.model import MACHINE
from storage.sqlite import open_store
from tests.processes import CHECK, NOW, chat, irmer_here


def test_administrators_are_added_listed_and_removed_and_the_trail_says_by_whom(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    status, out, err = irmer_here("admin", "add", "slack:U0123ABCD", database=file)
    assert (status, err) == (0, "")
    assert out.startswith(
        "slack:U0123ABCD  named by irmer admin\nteams: nobody is named, and so it is nobody"
    )
    status, out, _ = irmer_here(
        "admin", "list", database=file, IRMER_ADMIN="os:root, teams:" + "0" * 8 + "-0000" * 3 + "-" + "0" * 12
    )
    assert "os:root  named by IRMER_ADMIN" in out
    assert irmer_here("admin", "remove", "slack:U0123ABCD", database=file)[0] == 0
    _, out, _ = irmer_here("admin", "list", database=file)
    assert "slack: nobody is named, and so it is an owner or administrator of the workspace" in out
    store = open_store(file)
    entries = [(entry.by.id, entry.what, entry.detail["is"]) for entry in store.audit(MACHINE)]
    store.close()
    assert entries == [
        (own_account(), "setting changed", ["slack:U0123ABCD"]), (own_account(), "setting changed", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        ((), 2, "irmer admin wants: list, or add or remove and who"),
        (("add",), 2, "irmer admin wants"),
        (("add", "bob"), 2, "an administrator is slack:U0123ABCD, teams:<the directory's object id> or os:"),
        (("add", "slack:bob"), 2, "an administrator is slack:U0123ABCD"),
        (("add", "os:nobody-of-that-name"), 1, "os:nobody-of-that-name is no account of this machine"),
        (("remove", "slack:U0123ABCD"), 1, "slack:U0123ABCD is no administrator here"),
    ],
)
def test_what_is_no_administrator_is_one_line(tmp_path: Path, words: tuple[str, ...], status: int, told: str):
    got, _, err = irmer_here("admin", *words, database=tmp_path / "a.sqlite")
    assert (got, err.count("\n")) == (status, 1)
    assert told in err


def test_an_environment_that_names_a_word_is_said_and_nothing_starts(tmp_path: Path) -> None:
    status, _, err = chat(tmp_path / "a.sqlite", "due", IRMER_ADMIN="bob")
    assert status == 2
    assert "IRMER_ADMIN wants slack:U0123ABCD" in err
    assert "bob" not in err


def test_at_a_terminal_the_person_is_the_account_that_runs_it_whatever_the_environment_says(tmp_path: Path):
    file = tmp_path / "a.sqlite"
    chat(file, *CHECK, "yes", "settings role_mpe me", LOGNAME="somebody.else", USER="somebody.else")
    store = open_store(file)
    who = {entry.by.id for entry in store.audit("local")} - {"irmer-bot"}
    record = store.record("local", "2026-0001")
    assert store.setting("local", "role_mpe") == [own_account()]
    store.close()
    assert who == {own_account()}
    assert own_account().startswith("os:")
    assert record.by.id == own_account()


def test_one_person_at_one_machine_is_told_what_confirming_wants_and_may_say_so(tmp_path: Path) -> None:
    _, out, _ = chat(
        tmp_path / "a.sqlite", *CHECK, "yes", "confirm 2026-0001", "settings role_mpe me",
        "confirm 2026-0001", "settings confirm_own yes", "confirm 2026-0001", "settings role_rps bob",
    )  # fmt: skip
    assert "settings role_mpe <person> names one, by the account that owns the database's file" in out
    assert "a second person with a role confirms it" in out
    assert "Record 2026-0001 is confirmed by the MPE. By the same person" in out
    assert f"name an account of this machine, such as {own_account()}" in out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_who_does_not_own_the_file_does_not_administer_it(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    chat(file, "due")
    os.chown(file, 65534, 65534)
    _, out, _ = chat(file, "settings ping_hour 8", args=NOW)
    assert "Settings are changed by the account that owns the database's file" in out
    _, out, _ = chat(file, "settings ping_hour 8", args=NOW, IRMER_ADMIN=own_account())
    assert "Ping hour: 08:00" in out
