import json
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.errors import DiskFull, StoreError
from storage.secret_box import new_key
from storage.signing import make_key
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, NOW, T, assessment, open_case, python

pytestmark = pytest.mark.usefixtures("real_stores")

resource = pytest.importorskip("resource")

# Writes cases until the file may grow no more, then lifts the limit and goes on.
FILL = """
    import json, resource
    from storage.errors import DiskFull
    from storage.sqlite import SqliteStore
    from tests.storage.helpers import T, open_case

    limit = int(sys.argv[2])
    acknowledged, told = [], ""
    store = SqliteStore(path) if limit > 0 else None
    resource.setrlimit(resource.RLIMIT_FSIZE, (abs(limit), resource.RLIM_INFINITY))
    try:
        store = store or SqliteStore(path)
        while True:
            acknowledged.append(open_case(store))
    except DiskFull as error:
        told = str(error)
        for _ in range(3 if store else 0):
            try:
                acknowledged.append(open_case(store))
            except DiskFull:
                pass
        read = [case.ref for case in store.cases(T)] if store else []
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store = store or SqliteStore(path)
    acknowledged += [open_case(store) for _ in range(3)]
    print(json.dumps({"told": told, "read": read, "acknowledged": acknowledged, "verify": store.verify()}))
"""


@pytest.mark.parametrize("limit", [620_000, 777_777, 4_200_000])
def test_a_full_disk_loses_nothing_acknowledged_and_the_store_goes_on_by_itself(
    path: Path, limit: int
) -> None:
    out, trouble = python(FILL, path, limit).communicate(timeout=120)
    assert trouble == ""
    found = json.loads(out)
    assert str(path) in found["told"]
    assert "nothing was changed" in found["told"]
    assert "\n" not in found["told"]
    assert found["verify"] == []
    assert len(found["acknowledged"]) > 3
    store = SqliteStore(path)
    kept = [case.ref for case in store.cases(T, limit=100_000)]
    assert sorted(kept) == found["acknowledged"]
    assert set(found["read"]) <= set(kept)
    assert all(len(store.outgoing(T, ref)) == 9 for ref in kept)
    assert store.verify() == []
    store.close()


def test_a_disk_too_full_to_make_the_file_is_told_in_one_line_and_later_it_works(path: Path) -> None:
    out, trouble = python(FILL, path, -20_000).communicate(timeout=60)
    assert trouble == ""
    found = json.loads(out)
    assert "could not be written to" in found["told"]
    assert (len(found["acknowledged"]), found["verify"]) == (3, [])


def test_the_very_write_that_does_not_fit_changes_nothing(store: SqliteStore) -> None:
    writer = store._connections._writer
    assert writer is not None
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    before = store.audit(T)
    writer.execute(f"pragma max_page_count={writer.execute('pragma page_count').fetchone()[0]}")
    with pytest.raises(DiskFull, match="no space left"):
        store.keep(T, assessment(account="words " * 20_000), by=ANA, now=NOW)
    assert store.audit(T) == before
    writer.execute("pragma max_page_count=1000000")
    assert store.keep(T, assessment(account="words " * 20_000), by=ANA, now=NOW).number > number
    assert open_case(store) == "C26-0001"
    assert store.verify() == []


def test_a_backup_that_does_not_fit_is_told_and_leaves_nothing(path: Path, tmp_path: Path) -> None:
    code = """
        import resource
        from storage.errors import StoreError
        from storage.sqlite import SqliteStore
        from tests.storage.helpers import NOW
        store = SqliteStore(path)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
        try:
            store.backup(path.parent / "copy.sqlite", now=NOW)
        except StoreError as error:
            print(type(error).__name__, error)
    """
    out, trouble = python(code, path).communicate(timeout=60)
    assert trouble == ""
    assert out.startswith("DiskFull ")
    assert out.count("\n") == 1
    assert not list(tmp_path.glob("copy*"))


@pytest.mark.parametrize("make", [make_key, new_key])
def test_a_key_that_a_full_disk_does_not_take_is_not_half_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object]
) -> None:
    """It could not be made again, nor signed by."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(StoreError, match="cannot be written: No space left on device"):
            make(tmp_path / "key")
    assert list(tmp_path.iterdir()) == []
    make(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
