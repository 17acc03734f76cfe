"""What is told of each way to change the file: the table in `docs/data.md`, which
`python -m tests.storage.ways` writes there, and whose rows `test_ways` makes one by one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from storage.signing import SigningKeys
from storage.sqlite import SqliteStore
from tests.storage.forger import LISTS, REGISTER, write_anew
from tests.storage.helpers import raw
from tests.storage.test_audit import tamper
from tests.storage.test_insider import LATER, SCHEMA, WAYS, live

PAGE = Path(__file__).parents[2] / "docs" / "data.md"
BEGINS, ENDS = "<!-- ways: begins -->\n", "<!-- ways: ends -->\n"
HEAD = (
    "| What is changed behind the program's back | `verify` tells | with the trail written anew to fit | "
    "`verify --since` tells then |\n|---|---|---|---|\n"
)


class Told(NamedTuple):
    """`plain` inside, of the change alone; `anew` inside, once the trail fits it; `since` by a checkpoint, of
    whichever of the two tells less inside."""

    plain: bool
    anew: bool
    since: bool


def _rows(statement: str) -> Callable[[Path], None]:
    return lambda path: tamper(path, statement)


def _schema(statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        conn = raw(path)
        conn.executescript(statements)
        conn.close()

    return change


def _cut_off(path: Path) -> None:
    """The last entry, with the row that it is about."""
    conn = raw(path)
    last = "tenant = 'other' and seq = (select max(seq) from audit where tenant = 'other')"
    conn.close()
    tamper(
        path, f"delete from audit where {last}", "delete from decision_record where tenant = 'other'",
        "delete from record_current where tenant = 'other'", "delete from numbering where tenant = 'other'",
        "delete from incident where tenant = 'other'",
    )  # fmt: skip


def _turned_round(path: Path) -> None:
    tamper(path, "update decision_record set outcome = 'do_not_notify' where number = '2026-0002'")
    write_anew(path)


def _batch(path: Path) -> None:
    tamper(path, "update outbox set batch = 'x' where key = 'C26-0001/report/1/-7d'")


CHANGES: dict[str, Callable[[Path], None]] = {
    **{name: _rows(statement) for name, (statement, _) in WAYS.items()},
    **{name: _schema(statements) for name, (statements, _) in SCHEMA.items()},
    "the end cut off, rows and trail": _cut_off,
    "everything written anew with another verdict": _turned_round,
    "the message for which a second try looks": _batch,
    "what an unfinished check says": _rows("""update draft set state = '{"n": 2}'"""),
    "a delivery taken for one that came": _rows("insert into delivery values ('trust', 'k', '2026', '')"),
    "a colleague made of a stranger": _rows(
        "insert into person values ('trust', 'chat', 'U9', 'member', 'X', '2026')"
    ),
    "what the register says of place and cause": _rows("update incident set site = 'x', causes = '|y|'"),
}


def told(lived: Path, place: Path, way: str) -> Told:
    """`lived` as `live` makes it; `place` is a folder of its own."""
    plain, anew = (Path(shutil.copy(lived, place / f"{name}.sqlite")) for name in ("plain", "anew"))
    for path in (plain, anew):
        CHANGES[way](path)
    if way not in SCHEMA:  # which is in no trail
        write_anew(
            anew, lists=not any(table in WAYS.get(way, ("",))[0] for table in (*LISTS, f" {REGISTER} "))
        )
    text = (lived.parent / "checkpoints").read_text(encoding="utf-8")
    keys = SigningKeys.of(lived.parent / "key")
    inside = {path: _inside(path) for path in (plain, anew)}
    quieter = anew if inside[plain] and not inside[anew] else plain
    store = SqliteStore(quieter)
    since = bool(store.held_to(text, keys))
    store.close()
    return Told(inside[plain], inside[anew], since)


def _inside(path: Path) -> bool:
    store = SqliteStore(path)
    found = bool(store.verify(now=LATER))
    store.close()
    return found


def row(way: str, made: Told) -> str:
    return f"| {way} | {' | '.join('yes' if one else 'no' for one in made)} |\n"


def table() -> str:
    with tempfile.TemporaryDirectory() as folder:
        (lives := Path(folder, "lived")).mkdir()
        lived, lines = live(lives), []
        for number, way in enumerate(CHANGES):
            (place := Path(folder, str(number))).mkdir()
            lines.append(row(way, told(lived, place, way)))
    return HEAD + "".join(lines)


def _write() -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGINS)
    PAGE.write_text(f"{before}{BEGINS}{table()}{ENDS}{rest.partition(ENDS)[2]}", encoding="utf-8")


if __name__ == "__main__":
    _write()
