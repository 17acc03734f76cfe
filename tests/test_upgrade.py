"""From one release to the next and back, by the commands that an administrator types."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage import migrations, schema_steps
from storage.migrating import migrate
from storage.release import program_version
from storage.sqlite import SqliteStore
from tests.golden.test_words_apart import change
from tests.processes import CHECK, chat, irmer_here
from tests.storage.helpers import python, raw, several_processes

GOLDEN = Path(__file__).parent / "golden" / "0.1.sqlite"
NOW = ("--now", "2026-11-10T15:00")
AT = datetime(2026, 11, 10, 15, tzinfo=UTC)
OLDER = (
    "of an earlier release (m001_first_release): it is read as it is, and irmer migrate brings it up to date"
)
NOT_WRITTEN = (
    "of an earlier release (m001_first_release), and nothing is written to it until irmer migrate has "
    "brought it up to date"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(GOLDEN, tmp_path / "irmer.sqlite"))


def content(path: Path, *, but_audit: bool = False) -> dict[str, Any]:
    """The schema and every row."""
    conn = raw(path)
    tables = [name for (name,) in conn.execute("select name from sqlite_schema where type = 'table'")]
    found = {name: conn.execute(f"select * from {name}").fetchall() for name in tables}
    found["schema"] = conn.execute("select type, name, sql from sqlite_schema order by 1, 2").fetchall()
    conn.close()
    if but_audit:
        del found["audit"]
    return found


LOOKS = (
    ["verify"], ["doctor"], ["case", "C26-0001"], ["case", "2026-0001"], ["cases"], ["due"], ["incidents"],
    ["settings"], ["cases", "unconfirmed"], ["admin", "list"], ["retention", "--tenant", "local"],
)  # fmt: skip


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_a_look_at_a_file_of_an_earlier_release_changes_nothing_in_it_and_says_so(
    path: Path, words: list[str]
) -> None:
    before, rows = path.read_bytes(), content(path, but_audit=True)
    status, out, err = irmer_here(*words, *NOW, database=path)
    assert status == (1 if words == ["doctor"] else 0)
    assert out
    assert err == f"irmer: {path} is {OLDER}\n"
    last = raw(path).execute("select what from audit where tenant = 'local' order by seq desc").fetchone()[0]
    if last == "read":  # that somebody read what is not theirs stands in the trail, in any release
        assert content(path, but_audit=True) == rows
    else:
        assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["irmer.sqlite"]


def test_what_a_look_shows_is_what_the_upgraded_file_shows(path: Path) -> None:
    looks = [["case", "C26-0001"], ["case", "2026-0002"], ["cases"], ["due"], ["incidents"]]
    before = [irmer_here(*words, *NOW, database=path)[1] for words in looks]
    assert irmer_here("migrate", *NOW, database=path)[0] == 0
    assert [irmer_here(*words, *NOW, database=path)[1] for words in looks] == before


def test_to_check_it_or_to_copy_it_brings_nothing_up_to_date_for_reading(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.connection.private_copy", None)
    assert irmer_here("verify", database=path)[0] == 0
    assert irmer_here("backup", str(tmp_path / "copy.sqlite"), database=path)[0] == 0


def test_doctor_says_how_far_the_schema_has_come(path: Path) -> None:
    out = irmer_here("doctor", *NOW, database=path)[1]
    assert "schema     m001_first_release, of an earlier release: irmer migrate brings it up to date\n" in out


@pytest.mark.parametrize(
    "words",
    [["note", "C26-0001", "seen"], ["check"], ["check", "CT head"], ["admin", "add", "os:root"],
     ["settings", "nation", "wales"]],
    ids=" ".join,
)  # fmt: skip
def test_what_would_be_written_to_it_is_refused_in_one_line(path: Path, words: list[str]) -> None:
    before = path.read_bytes()
    status, out, err = irmer_here(*words, *NOW, database=path)
    assert status in (1, 2)
    assert f"{path} is {NOT_WRITTEN}\n" in out + err
    assert path.read_bytes() == before


TAKEN_OUT: dict[str, Callable[[Path], list[str]]] = {
    "backup made": lambda to: ["backup", str(to / "copy.sqlite")],
    "exported": lambda to: ["export", str(to / "all.jsonl"), "--tenant", "T0HOSPITAL"],
    "register exported": lambda to: ["register", str(to / "all.csv"), "--tenant", "T0HOSPITAL"],
}


@pytest.mark.parametrize("what", TAKEN_OUT)
def test_what_is_taken_out_of_it_is_as_it_stands_and_leaves_an_entry_in_its_trail_alone(
    path: Path, tmp_path: Path, what: str
) -> None:
    before = content(path, but_audit=True)
    status, _, err = irmer_here(*TAKEN_OUT[what](tmp_path), *NOW, database=path)
    assert (status, err) == (0, f"irmer: {path} is {OLDER}\n")
    assert content(path, but_audit=True) == before
    last = "select what from audit where tenant = 'T0HOSPITAL' order by seq desc"
    assert raw(path).execute(last).fetchone() == (what,)
    assert irmer_here("verify", *NOW, database=path)[1] == f"{path}: all is well.\n"


def test_judging_the_register_anew_reads_it_as_well(path: Path) -> None:
    _, out, err = irmer_here("judge", "--tenant", "T0HOSPITAL", *NOW, database=path)
    assert err == f"irmer: {path} is {OLDER}\n"
    assert out.splitlines()[-1].startswith("4 incidents, ")


def test_migrating_makes_a_copy_and_stands_in_the_trail_with_the_programs_version(path: Path) -> None:
    before = content(path)
    status, out, err = irmer_here("migrate", *NOW, database=path)
    assert (status, err) == (0, "")
    copy = path.with_name("irmer.sqlite.before-m002")
    done, told = out.splitlines()
    assert done == f"the database was brought up to date, from m001_first_release to {migrations.NAMES[-1]}"
    assert told.startswith(f"as it was: {copy}: 7 records, 5 cases, audit trail T0HOSPITAL ")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert content(copy) == before
    store = SqliteStore(path)
    for tenant in store.tenants():
        entry = store.audit(tenant)[-1]
        assert (entry.what, entry.at) == ("brought up to date", AT)
        assert entry.detail == {
            "from": "m001_first_release", "to": migrations.NAMES[-1], "program": program_version(),
            "file": copy.name,
        }  # fmt: skip
    # Whoever takes a text out has to know where it stands still.
    assert store.copies("local") == ((entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), entry.what, copy.name),)
    store.close()
    status, out, err = irmer_here("verify", *NOW, database=path)
    assert (status, out.splitlines()[-1], err) == (0, f"{path}: all is well.", "")
    assert irmer_here("migrate", *NOW, database=path) == (0, f"{path} is up to date.\n", "")


@several_processes
def test_it_is_refused_while_another_process_has_the_file_open(path: Path) -> None:
    code = """
        from storage.sqlite import SqliteStore
        store = SqliteStore(path)
        print("open", flush=True)
        sys.stdin.readline()
    """
    before, other = path.read_bytes(), python(code, path)
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    for words in (["migrate"], ["chat"], ["serve"]):
        settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
        status, out, err = irmer_here(*words, *NOW, database=path, **settings)
        told = "open in another process: stop that one, and it is brought up to date"
        assert (status, out, err) == (2, "", f"irmer: {path} is of an earlier release, and {told}\n")
    other.communicate("", timeout=60)
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*before*"))
    assert irmer_here("migrate", *NOW, database=path)[0] == 0


def test_a_step_that_fails_leaves_the_file_as_it_was_and_no_copy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(path)

    def fails(db: object) -> None:
        raise ValueError("no")

    steps = schema_steps.steps
    monkeypatch.setattr(steps, "_migrations", [*steps._migrations, steps._Migration("m998_fails", fails)])
    status, out, err = irmer_here("migrate", *NOW, database=path)
    assert (status, out) == (2, "")
    assert err == "irmer: a row is damaged (ValueError), and nothing was changed: irmer verify names it\n"
    assert content(path) == before
    assert not list(path.parent.glob("*before*"))


def test_what_was_wrong_before_is_told_and_holds_nothing_up(path: Path) -> None:
    """A service that does not start over a row that somebody changed would withhold every reminder."""
    change(path, "update note set text = 'x' where subject = 'C26-0001' and seq = 1")
    status, out, _ = irmer_here("migrate", *NOW, database=path)
    assert status == 0
    told = "note/C26-0001/1 of local is not what the audit trail says was written"
    assert out.splitlines()[2:] == [f"wrong already before: {told}"]
    assert irmer_here("verify", *NOW, database=path)[:2] == (1, f"{told}\n")


@several_processes
def test_a_kill_in_the_middle_of_it_leaves_the_file_as_it_was(path: Path) -> None:
    code = """
        from datetime import UTC, datetime
        from storage import schema_steps
        from storage.migrating import migrate

        def waits(db):
            print("in the middle", flush=True)
            sys.stdin.readline()

        steps = schema_steps.steps
        steps._migrations.append(steps._Migration("m998_waits", waits))
        migrate(path, now=datetime(2026, 11, 10, tzinfo=UTC))
    """
    before, other = content(path), python(code, path)
    assert other.stdout is not None
    assert other.stdout.readline() == "in the middle\n"
    other.kill()
    other.communicate(timeout=60)
    assert content(path) == before
    assert irmer_here("migrate", *NOW, database=path)[0] == 0
    assert irmer_here("verify", *NOW, database=path)[0] == 0


def test_an_upgrade_that_was_cut_short_is_begun_anew(path: Path) -> None:
    path.with_name("irmer.sqlite.before-m002.partial").write_bytes(b"half")
    assert irmer_here("migrate", *NOW, database=path)[0] == 0
    assert [one.name for one in path.parent.glob("*before*")] == ["irmer.sqlite.before-m002"]


def test_a_copy_of_an_upgrade_before_is_not_overwritten(path: Path) -> None:
    there = path.with_name("irmer.sqlite.before-m002")
    there.write_bytes(b"kept")
    assert "irmer.sqlite.before-m002-2: " in irmer_here("migrate", *NOW, database=path)[1]
    assert there.read_bytes() == b"kept"


# To the next release and back


def next_step(db: Any) -> None:
    db.execute("create table of_the_next_release (a text) strict")


@pytest.fixture
def next_release(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], None]]:
    """Changes between today's program and the one that comes after it."""
    names, steps = migrations.NAMES, schema_steps.steps
    made = list(steps._migrations)

    def change(there: bool) -> None:
        later = [steps._Migration("m998_next", next_step)] if there else []
        monkeypatch.setattr(migrations, "NAMES", (*names, *(one.name for one in later)))
        monkeypatch.setattr(steps, "_migrations", [*made, *later])

    yield change
    change(False)


def test_to_the_next_release_and_back_as_it_is_written(
    path: Path, tmp_path: Path, next_release: Callable[[bool], None]
) -> None:
    migrate(path, now=AT)
    path.with_name("irmer.sqlite.before-m002").unlink()
    shown = irmer_here("case", "C26-0001", *NOW, database=path)
    next_release(True)
    for words in (["verify"], ["doctor"], ["backup", str(tmp_path / "copy.sqlite")], ["due"]):
        assert migrations.NAMES[-2] in irmer_here(*words, *NOW, database=path)[2]
    next_release(False)  # whoever looked changed nothing: today's goes on, and reads the next one's backup
    assert irmer_here("case", "C26-0001", *NOW, database=path) == shown
    assert irmer_here("verify", *NOW, database=tmp_path / "copy.sqlite")[0] == 0
    next_release(True)
    status, out, _ = irmer_here("migrate", *NOW, database=path)
    assert (status, "irmer.sqlite.before-m998: " in out) == (0, True)
    assert irmer_here("note", "C26-0001", "of", "the", "next", "release", *NOW, database=path)[0] == 0
    given = re.search(r"case (C26-\d+) opened", chat(path, "check", "2", *CHECK[1:], "yes")[1])[1]
    next_release(False)
    wrote = "irmer: a later version of irmer-bot wrote this database (m998_next)"
    later = f"{wrote}: use that version, or irmer restore the copy of before it"
    for words in (["verify"], ["doctor"], ["migrate"], ["chat"], ["case", "C26-0001"]):
        status, out, err = irmer_here(*words, *NOW, database=path)
        told = err or out.replace("wrong      ", "irmer: ")
        assert (status > 0, told) == (True, f"{later}\n")
    back = str(path.with_name("irmer.sqlite.before-m998"))
    status, out, err = irmer_here("restore", back, *NOW, database=path)
    assert (status, err) == (0, "")
    # What is plainly put back gives numbers twice, and sends twice.
    assert re.search(rf"numbers go on after .*{given}", out)
    assert re.search(rf"what people did since then is not in it, .*C26-0001.*{given}", out)
    assert irmer_here("verify", *NOW, database=path)[0] == 0
    assert irmer_here("case", "C26-0001", *NOW, database=path) == shown


def test_a_copy_of_a_later_release_is_not_put_back(
    path: Path, tmp_path: Path, next_release: Callable[[bool], None]
) -> None:
    migrate(path, now=AT)
    shutil.copy(path, tmp_path / "copy.sqlite")
    next_release(True)
    migrate(tmp_path / "copy.sqlite", now=AT)
    next_release(False)
    before = content(path)
    status, out, err = irmer_here("restore", str(tmp_path / "copy.sqlite"), *NOW, database=path)
    wrote = "irmer: a later version of irmer-bot wrote this database (m998_next)"
    assert (status, out) == (2, "")
    assert err == f"{wrote}: use that version, or irmer restore the copy of before it\n"
    assert content(path) == before
    assert not list(tmp_path.glob("*restoring*"))


def test_a_record_says_which_release_decided_it_and_one_of_before_says_nothing(path: Path) -> None:
    migrate(path, now=AT)
    assert "decided by" not in irmer_here("case", "2026-0001", *NOW, database=path)[1]
    store = SqliteStore(path)
    number = store.keep(
        "local", store.record("local", "2026-0001").assessment, by=store.audit("local")[0].by, now=AT
    ).number
    store.close()
    assert (
        f"1; decided by irmer-bot {program_version()}\n" in irmer_here("case", number, *NOW, database=path)[1]
    )
    assert irmer_here("verify", *NOW, database=path)[0] == 0
