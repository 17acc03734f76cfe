"""What `verify` shares with a second process, where a file holds much: nothing is lost between the two."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from storage import verify, verify_shares
from storage.sqlite import SqliteStore
from storage.verify_shares import Plan, SecondProcess, Share
from tests.storage.helpers import ANA, T, assessment, raw
from tests.storage.test_audit import tamper
from tests.storage.test_insider import LATER, lived  # noqa: F401  (a fixture)
from tests.storage.ways import CHANGES


def told_of(path: Path) -> list[str]:
    store = SqliteStore(path)
    problems = store.verify(now=LATER)
    store.close()
    return problems


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> list[Share | None]:
    """From one entry on; what the second process gave."""
    given: list[Share | None] = []
    share = SecondProcess.share

    def noted(self: SecondProcess) -> Share | None:
        given.append(share(self))
        return given[-1]

    monkeypatch.setattr(verify, "MUCH", 1)
    monkeypatch.setattr(SecondProcess, "share", noted)
    return given


@pytest.fixture
def path(lived: Path, tmp_path: Path) -> Path:  # noqa: F811
    return Path(shutil.copy(lived, tmp_path / "irmer.sqlite"))


def chain_cut(path: Path) -> None:
    tamper(path, "update audit set what = 'looked' where tenant = 'trust' and seq = 4")


def first_row(path: Path) -> None:
    tamper(path, f"update decision_record set outcome = 'x' where tenant = '{T}' and number = '2026-0001'")


def last_row(path: Path) -> None:
    tamper(path, f"update theme set opened_by_name = 'x' where tenant = '{T}'")


def damage(path: Path) -> None:
    conn = raw(path)
    conn.execute("pragma foreign_keys=off")
    conn.execute("insert into case_record values ('trust', 'C26-0099', '2026-0099', 1)")
    conn.close()


@pytest.mark.parametrize("change", [None, chain_cut, first_row, last_row, damage])
def test_two_processes_tell_what_one_tells(
    path: Path, shares: list[Share | None], monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None] | None,
) -> None:  # fmt: skip
    monkeypatch.chdir(path.parent)
    (path.parent / "storage").mkdir()  # is none of ours
    if change:
        change(path)
    by_two = told_of(path)
    assert None not in shares
    assert len(shares) == 1
    monkeypatch.setattr(verify, "MUCH", 10**9)
    assert by_two == told_of(path)
    assert bool(by_two) == bool(change)


def test_where_no_second_process_comes_to_its_end_its_share_is_done_here(
    path: Path, shares: list[Share | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    chain_cut(path)
    for program in ("false", "true", "no-such-program"):
        monkeypatch.setattr(verify_shares.sys, "executable", shutil.which(program) or program)
        assert "audit entry 4 of trust has been changed" in told_of(path)
    assert shares == [None, None, None]


def test_what_is_kept_while_the_second_process_begins_is_no_problem(
    path: Path, shares: list[Share | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads later than this one, and numbers are counted over both shares."""
    begin, writer = SecondProcess.begin, SqliteStore(path)

    def late(self: SecondProcess, plans: dict[str, Plan]) -> None:
        if plans:
            writer.keep(T, assessment(), by=ANA, now=LATER)
        begin(self, plans)

    monkeypatch.setattr(SecondProcess, "begin", late)
    monkeypatch.setattr(verify_shares, "FIRST", 0.9)
    assert told_of(path) == []
    assert shares == [None]
    writer.close()


def test_wherever_the_shares_part_each_change_is_told_as_by_one(
    lived: Path,  # noqa: F811
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class Never:
        """No process: the share is done here."""

        def __init__(self, *_: object) -> None: ...

        def __enter__(self) -> Never:
            return self

        def __exit__(self, *_: object) -> None: ...

        def begin(self, plans: object) -> None: ...

        def share(self) -> None: ...

    monkeypatch.setattr(verify, "SecondProcess", Never)
    parting = cycle((0.5, 0.2, 0.8, 0.0, 1.0))
    for number, change in enumerate(CHANGES.values()):
        path = Path(shutil.copy(lived, tmp_path / f"{number}.sqlite"))
        change(path)
        monkeypatch.setattr(verify, "MUCH", 10**9)
        by_one = told_of(path)
        monkeypatch.setattr(verify, "MUCH", 1)
        monkeypatch.setattr(verify_shares, "FIRST", next(parting))
        assert sorted(told_of(path)) == sorted(by_one)
