"""The key, the file of checkpoints and `irmer verify --since`, by the commands that a hospital runs."""

import shutil
import sqlite3

import pytest

from tests.processes import CHECK, chat, irmer_here
from tests.storage.test_audit import tamper

KEPT = (*CHECK, "yes", "done", "settings may_export me", "settings role_mpe me",
        "settings confirm_own yes", "confirm 2026-0001 as MPE", "notified C26-0001 CQC-1")  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a database, and elsewhere a key and two checkpoints of it."""
    folder = tmp_path_factory.mktemp("made")
    elsewhere = {
        "IRMER_KEYS": str(folder / "away" / "key"),
        "IRMER_CHECKPOINTS": str(folder / "away" / "file"),
    }
    status, out, err = irmer_here("keys", database=folder / "a.sqlite", **elsewhere)
    assert (status, err) == (0, "")
    assert f"key          {folder / 'away' / 'key'}" in out
    status, out, err = chat(folder / "a.sqlite", *KEPT, LOGNAME="a.ward", **elsewhere)
    assert (status, err) == (0, "")
    return folder, elsewhere


def since(made, file="away/file", database="a.sqlite", **extra):
    folder, elsewhere = made
    return irmer_here(
        "verify", "--since", str(folder / file), database=folder / database, **{**elsewhere, **extra}
    )


def test_what_was_signed_holds_and_the_key_is_shown_to_be_noted(made):
    folder, elsewhere = made
    assert since(made) == (0, f"{folder / 'a.sqlite'}: all is well.\n", "")
    assert (folder / "away" / "file").read_text().count("irmer-bot/local\n") == 2
    status, out, _ = irmer_here("keys", database=folder / "a.sqlite", **elsewhere)
    assert status == 0
    assert "public       irmer-bot/local+" in out
    status, out, _ = irmer_here(
        "doctor", "--now", "2026-11-05T10:00", database=folder / "a.sqlite", **elsewhere
    )
    assert f"evidence   checkpoints added to {folder / 'away' / 'file'}" in out


def test_a_tail_that_was_cut_off_is_told(made):
    folder, _ = made
    shutil.copy(folder / "a.sqlite", folder / "cut.sqlite")
    conn = sqlite3.connect(folder / "cut.sqlite")
    (last,) = conn.execute("select max(seq) from audit where what like 'case step: notify'").fetchone()
    conn.close()
    tamper(folder / "cut.sqlite", f"delete from audit where seq >= {last}")
    status, out, err = since(made, database="cut.sqlite")
    assert (status, err) == (1, "")
    assert f"and has {last - 1}: its end was cut off" in out


@pytest.mark.parametrize(("name", "text", "extra", "told"), [
    ("none", None, {}, "cannot be read: No such file or directory"),
    ("empty", b"", {}, "is empty: give the file of checkpoints"),
    ("bytes", b"\xff\xfe\x00", {}, "is no file of checkpoints"),
    ("file", b"x", {"IRMER_KEYS": "/nowhere/key"},
     "there is no key /nowhere/key: irmer keys makes one, IRMER_KEYS says where it lies"),
])  # fmt: skip
def test_what_is_not_there_is_said_in_a_line(made, name, text, extra, told):
    folder, _ = made
    if text is not None:
        (folder / name).write_bytes(text)
    status, out, err = since(made, name, **extra)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert told in err
