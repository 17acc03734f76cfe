"""`FILE.failed.csv`: written whole or not at all, for its owner, and over nobody's file."""

import os
from pathlib import Path

import pytest

from tests.importing.test_import import place, run

__all__ = ["place"]


@pytest.mark.parametrize("go", [False, True])
def test_what_somebody_keeps_under_that_name_is_left_and_said_to_be(place: Path, go: bool) -> None:
    theirs, failed = place / "theirs.csv", place / "datix.failed.csv"
    code = run(place)[1].split("--go ")[1].split()[0]
    assert failed.stat().st_mode & 0o777 == 0o600
    for theirs_of_old in ("a,b\n", "row,why\n"):
        failed.unlink(missing_ok=True)
        theirs.write_text(theirs_of_old, encoding="utf-8")
        if theirs_of_old == "a,b\n":
            os.link(theirs, failed)
        else:
            failed.symlink_to(theirs)
        status, out, err = run(place, *(("--go", code) if go else ()))
        assert (status, err) == (1, "")
        assert f"the rows that fail are not listed: {failed} is no such list, so move it away" in out
        assert theirs.read_text(encoding="utf-8") == theirs_of_old


def test_a_list_of_an_earlier_run_makes_room_for_the_next(place: Path) -> None:
    failed = place / "datix.failed.csv"
    failed.write_text("row,why\n1,x\n", encoding="utf-8")
    failed.chmod(0o644)
    assert f"the rows that fail: {failed}\n" in run(place)[1]
    assert "1,x" not in failed.read_text(encoding="utf-8")
    assert failed.stat().st_mode & 0o777 == 0o600


def test_on_a_disk_that_is_full_nothing_half_written_stays(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = {one.name for one in place.iterdir()}
    monkeypatch.setattr("bot.importing.failed_rows.os.replace", full)
    status, out, err = run(place)
    assert (status, err) == (1, "")
    assert "datix.failed.csv cannot be written (No space left on device)" in out
    assert "3  new" in out
    assert {one.name for one in place.iterdir()} == before
