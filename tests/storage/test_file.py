import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from storage import file
from storage.errors import CannotOpen, InUse, NewerSchema, NotADatabase, ReadOnly, StoreError
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, NOW, T, assessment, python, raw

pytestmark = pytest.mark.usefixtures("real_stores")


def one_line(error: pytest.ExceptionInfo[BaseException]) -> str:
    text = str(error.value)
    assert text
    assert "\n" not in text
    return text


def test_every_connection_has_the_settings_that_keep_acknowledged_commits(store: SqliteStore) -> None:
    for connection in (store._connections._writer, store._connections._reader):
        assert connection is not None
        found = {
            name: connection.execute(f"pragma {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "mmap_size")
        }
        assert found == {
            "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "mmap_size": 0,
        }  # fmt: skip


def test_every_table_of_ours_is_strict(store: SqliteStore, path: Path) -> None:
    tables = raw(path).execute(
        "select name, strict from pragma_table_list where schema = 'main' and type = 'table'"
    )
    assert {name for name, strict in tables if not strict} == {"sqlite_schema"}


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are not Windows'")
def test_only_the_owner_can_read_the_file_and_its_side_files(store: SqliteStore, path: Path) -> None:
    store.keep(T, assessment(), by=ANA, now=NOW)
    modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in path.parent.iterdir()}
    assert set(modes) - {f"{path.name}-lock"} == {path.name, f"{path.name}-wal", f"{path.name}-shm"}
    assert set(modes.values()) == {0o600}


def test_a_missing_directory_is_made(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "new" / "deep" / "irmer.sqlite").close()
    assert (tmp_path / "new" / "deep" / "irmer.sqlite").exists()


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.touch()
    store = SqliteStore(path)
    assert store.verify() == []
    store.close()


def test_a_text_file_is_refused_and_left_as_it_was(path: Path) -> None:
    path.write_text("dear diary\n" * 500)
    with pytest.raises(NotADatabase, match="is not a database") as error:
        SqliteStore(path)
    one_line(error)
    assert path.read_text() == "dear diary\n" * 500


def test_another_programs_database_is_refused_and_left_as_it_was(path: Path) -> None:
    raw(path).execute("create table theirs (a)")
    before = path.read_bytes()
    with pytest.raises(NotADatabase, match="another program's") as error:
        SqliteStore(path)
    one_line(error)
    assert path.read_bytes() == before


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADatabase, match="is a directory"):
        SqliteStore(tmp_path)


def test_a_name_that_no_file_can_have_is_refused_without_asking_for_space(tmp_path: Path) -> None:
    with pytest.raises(ReadOnly, match="choose another place") as error:
        SqliteStore(tmp_path / ("a" * 300))
    one_line(error)


def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReadOnly) as error:
        SqliteStore(tmp_path / "file" / "irmer.sqlite")
    one_line(error)


def test_a_file_that_a_later_version_wrote_is_refused(path: Path) -> None:
    SqliteStore(path).close()
    raw(path).execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values (?, 'm999_later', '')",
        (file.MIGRATION_SET,),
    )
    with pytest.raises(NewerSchema, match="m999_later") as error:
        SqliteStore(path)
    one_line(error)


def test_a_damaged_file_is_told_in_one_line(path: Path) -> None:
    store = SqliteStore(path)
    for _ in range(20):
        store.keep(T, assessment(account="words " * 200), by=ANA, now=NOW)
    store.close()
    content = bytearray(path.read_bytes())
    for page in range(0, len(content), 4096):
        if b"words words" in content[page : page + 4096]:
            content[page : page + 100] = b"\xff" * 100
    path.write_bytes(content)
    damaged = SqliteStore(path)
    told = damaged.verify()
    assert told
    assert not any("\n" in problem for problem in told)
    with pytest.raises(NotADatabase, match=r"is damaged.*restore the latest backup") as error:
        damaged.records(T)
    one_line(error)
    damaged.close()


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs Unix users")
@pytest.mark.parametrize("what", ["directory", "directory around a file", "file"])
def test_a_read_only_place_is_refused_in_one_line(what: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        path = place / "irmer.sqlite"
        SqliteStore(path).close()
        if what == "directory":
            path.unlink()
        else:
            path.chmod(0o444 if what == "file" else 0o666)
        place.chmod(0o555)
        second = python(
            """
            import os
            from storage.errors import ReadOnly
            from storage.sqlite import SqliteStore
            if os.getuid() == 0:
                os.setuid(65534)
            try:
                SqliteStore(path)
            except ReadOnly as error:
                print(error)
            """,
            path,
        )
        told, trouble = second.communicate(timeout=60)
        place.chmod(0o755)
    assert trouble == ""
    assert str(path) in told
    assert told.count("\n") == 1


def test_where_sqlite_needs_it_a_second_process_is_refused_until_the_first_is_gone(path: Path) -> None:
    hold = """
        from storage.sqlite import SqliteStore
        store = SqliteStore(path, alone=True)
        print("open", flush=True)
        sys.stdin.read()
    """
    first = python(hold, path)
    assert first.stdout is not None
    assert first.stdout.readline() == "open\n"
    with pytest.raises(InUse, match="open in another process") as error:
        SqliteStore(path, alone=True)
    one_line(error)
    first.kill()
    first.wait()
    SqliteStore(path, alone=True).close()


def test_the_second_of_one_process_is_refused_too(path: Path) -> None:
    first = SqliteStore(path, alone=True)
    with pytest.raises(InUse):
        SqliteStore(path, alone=True)
    first.close()
    SqliteStore(path, alone=True).close()


def test_a_closed_store_says_so(path: Path) -> None:
    store = SqliteStore(path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="was closed"):
        store.records(T)


def test_cannot_open_covers_what_makes_the_file_unusable() -> None:
    assert all(issubclass(kind, CannotOpen) for kind in (InUse, NewerSchema, NotADatabase))


def test_the_store_works_with_pythons_own_sqlite_too(path: Path) -> None:
    code = """
        sys.modules["pysqlite3"] = None
        import sqlite3
        from storage.errors import CannotOpen
        from storage.file import OLDEST, wal_safe
        from storage.sqlite import SqliteStore
        from tests.storage.helpers import NOW, open_case
        try:
            store = SqliteStore(path)
        except CannotOpen:
            assert sqlite3.sqlite_version_info < OLDEST
            sys.exit()
        open_case(store)
        health = store.doctor(now=NOW)
        assert health.engine == f"SQLite {sqlite3.sqlite_version}"
        assert len(health.problems) == (0 if wal_safe() else 1)
        assert wal_safe() or "one process at a time" in health.problems[0]
        store.backup(path.parent / "copy.sqlite", now=NOW)
    """
    ended = python(code, path)
    assert ended.communicate(timeout=60) == ("", "")


# Somebody moves it, deletes it or puts another in its place, while it is open


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open stays where it is there")
@pytest.mark.parametrize("how", ["moved", "deleted", "replaced"])
def test_nothing_is_kept_in_a_file_that_is_not_there_any_more(path: Path, how: str) -> None:
    store = SqliteStore(path)
    store.keep(T, assessment(), by=ANA, now=NOW)
    aside = path.with_name("aside.sqlite")
    if how == "replaced":
        store.backup(aside, now=NOW)
        aside.replace(path)
    else:
        path.rename(aside) if how == "moved" else path.unlink()
    for verb in (lambda: store.keep(T, assessment(), by=ANA, now=NOW), store.tenants, store.running):
        with pytest.raises(CannotOpen, match="is not the file any more that was opened") as error:
            verb()
        one_line(error)
    if how == "moved":
        aside.rename(path)
        assert store.keep(T, assessment(), by=ANA, now=NOW).number == "2026-0002"
    store.close()
