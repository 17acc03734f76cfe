"""Backups that a timer makes: in folders, pruned, a second one elsewhere, and each a store of its own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot import backup_folder
from storage.sqlite import open_store
from tests.processes import irmer_here
from tests.storage.helpers import NOW, T, open_case


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    with closing(open_store(path)) as store:
        open_case(store)
    (tmp_path / "near").mkdir()
    (tmp_path / "far").mkdir()
    return path


def made(database: Path, hour: int, *how: str) -> tuple[int, str, str]:
    when = f"2026-12-01T{hour:02}:30"
    return irmer_here("backup", str(database.parent / "near"), *how, "--now", when, database=database)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_in_a_folder_each_has_its_time_for_a_name_and_the_oldest_go(database: Path) -> None:
    near, far = database.parent / "near", database.parent / "far"
    (near / "somebody-elses.sqlite").write_text("kept")
    for hour in range(4):
        status, out, err = made(database, hour, "--keep", "2", "--also", str(far))
        assert (status, err) == (0, "")
    assert "the 2 latest stay, 1 older taken away" in out
    wanted = ["irmer-20261201T023000Z.sqlite", "irmer-20261201T033000Z.sqlite"]
    assert names(near) == [*wanted, "somebody-elses.sqlite"]
    assert names(far) == wanted
    assert (far / wanted[1]).read_bytes() == (near / wanted[1]).read_bytes()
    assert (far / wanted[1]).stat().st_mode & 0o777 == 0o600
    with closing(open_store(far / wanted[1])) as store:
        assert store.verify(now=NOW) == []
        assert T in store.tenants()


def test_without_a_number_all_of_them_stay(database: Path) -> None:
    for hour in range(3):
        assert made(database, hour)[0] == 0
    assert len(names(database.parent / "near")) == 3


def test_what_will_not_do_is_one_line_and_takes_nothing_away(database: Path) -> None:
    near = database.parent / "near"
    assert made(database, 1)[0] == 0
    before = names(near)
    for how, wanted in (
        (("--keep", "0"), "--keep wants how many backups stay"),
        (("--keep", "few"), "--keep wants how many backups stay"),
        (("--also", str(database.parent / "nowhere")), "is no folder that is there"),
        (("--also", str(near)), "is the same folder"),
    ):
        status, _, err = made(database, 2, *how)
        assert status == 2
        assert wanted in err
        assert err.count("\n") == 1
    assert names(near) == before


def test_a_second_place_that_spoils_it_is_told_and_nothing_older_goes(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = database.parent / "far"
    assert made(database, 1, "--also", str(far))[0] == 0
    told = iter(["a", "b"])
    monkeypatch.setattr(backup_folder, "_digest", lambda path: next(told))
    status, _, err = made(database, 2, "--also", str(far), "--keep", "1")
    assert status == 2
    assert "does not hold what was copied to it" in err
    assert names(far) == ["irmer-20261201T013000Z.sqlite"]
    assert len(names(database.parent / "near")) == 2, "the first copy is good, and the older one stays"
