import shutil
from pathlib import Path

import pytest
import sqlite_utils.utils

from storage import file, migrations, schema_steps
from storage.file import connect, create_privately
from storage.migrating import migrate
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, NOW, T, assessment, at_once, open_case, python, raw, several_processes
from tools import schema as new_file

pytestmark = pytest.mark.usefixtures("real_stores")

SCHEMAS = Path(__file__).parent / "schemas"
MIGRATE = """
    from storage.sqlite import SqliteStore
    print("ready", flush=True)
    sys.stdin.readline()
    SqliteStore(path).close()
    print("done")
"""


def dump(path: Path) -> str:
    """The schema as SQL, and the migrations applied, without the times at which they were."""
    conn = raw(path)
    lines = [
        f"{sql};"
        for (sql,) in conn.execute("select sql from sqlite_schema where sql is not null order by rowid")
    ]
    lines.append(f"pragma application_id={conn.execute('pragma application_id').fetchone()[0]};")
    for name, step in conn.execute("select migration_set, name from _sqlite_migrations order by id"):
        columns = "(migration_set, name, applied_at)"
        lines.append(f"insert into _sqlite_migrations {columns} values ('{name}', '{step}', '');")
    return "\n".join(lines) + "\n"


def test_the_newest_kept_schema_is_the_one_that_a_new_file_gets(path: Path) -> None:
    """A released schema stays as it is: a change of the tables is a new step, and a new file beside these."""
    SqliteStore(path).close()
    newest = SCHEMAS / f"{migrations.NAMES[-1]}.sql"
    assert dump(path) == newest.read_text(encoding="utf-8")


def test_the_steps_that_are_known_are_those_that_there_are() -> None:
    assert tuple(step.name for step in schema_steps.steps._migrations) == migrations.NAMES


def test_a_new_file_is_what_every_step_together_makes(path: Path) -> None:
    """Objects and rows, but for the times at which the steps were taken."""
    kept = migrations.NEW_FILE.read_text(encoding="utf-8")
    assert kept == new_file.of_all_steps(), "python -m tools.schema"
    SqliteStore(path).close()
    stepped = path.with_name("stepped.sqlite")
    create_privately(stepped)
    conn = connect(stepped)
    migrations.apply(conn)
    conn.close()
    SqliteStore(stepped).close()
    assert content(path) == content(stepped)


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, the schema among them."""
    conn = raw(path)
    found = {"sqlite_schema": conn.execute("select type, name, tbl_name, sql from sqlite_schema").fetchall()}
    for kind, name, _, _ in found["sqlite_schema"]:
        if kind == "table":
            found[name] = conn.execute(f"select * from {name}").fetchall()
    found["_sqlite_migrations"] = [row[:-1] for row in found["_sqlite_migrations"]]
    for pragma in ("application_id", "user_version"):
        found[pragma] = conn.execute(f"pragma {pragma}").fetchall()
    return found


def test_a_file_is_made_and_opened_without_importing_what_migrates(path: Path) -> None:
    code = """
        from storage.sqlite import SqliteStore
        SqliteStore(path).close()
        print("sqlite_utils" in sys.modules)
    """
    assert [python(code, path).communicate(timeout=60) for _ in range(2)] == [("False\n", "")] * 2


def test_what_migrates_uses_the_stores_own_copy_of_sqlite() -> None:
    assert sqlite_utils.utils.sqlite3.connect is file.sqlite3.connect


def test_every_released_schema_is_kept() -> None:
    assert {found.stem for found in SCHEMAS.glob("*.sql")} == set(migrations.NAMES)


@pytest.mark.parametrize("schema", sorted(SCHEMAS.glob("*.sql")), ids=lambda found: found.stem)
def test_a_file_of_every_released_schema_opens_and_works(schema: Path, path: Path) -> None:
    raw(path).executescript(schema.read_text(encoding="utf-8"))
    migrate(path, now=NOW)
    store = SqliteStore(path)
    number = store.keep(T, assessment(), by=ANA, now=NOW).number
    assert store.record(T, number).number == number
    assert store.case(T, open_case(store)).records
    assert store.verify() == []
    store.close()
    assert dump(path) == (SCHEMAS / f"{migrations.NAMES[-1]}.sql").read_text(encoding="utf-8")


def test_opening_again_keeps_what_is_there(path: Path) -> None:
    first = SqliteStore(path)
    ref = open_case(first)
    first.close()
    again = SqliteStore(path)
    assert again.case(T, ref).ref == ref
    assert migrations.version(connect(path)) == migrations.NAMES[-1]
    again.close()


@several_processes
def test_four_processes_may_migrate_one_new_file_at_once(path: Path) -> None:
    for _ in range(2):
        assert at_once(MIGRATE, path, 4) == [("done\n", "")] * 4
        shutil.rmtree(path.parent)
        path.parent.mkdir()


def test_a_step_that_fails_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(db: object) -> None:
        raise RuntimeError("no")

    steps = schema_steps.steps
    monkeypatch.setattr(migrations, "NAMES", (*migrations.NAMES, "m998_fails"))
    monkeypatch.setattr(steps, "_migrations", [*steps._migrations, steps._Migration("m998_fails", fails)])
    with pytest.raises(RuntimeError):
        SqliteStore(path)
    assert raw(path).execute("select count(*) from sqlite_schema").fetchone()[0] == 0
    monkeypatch.undo()
    store = SqliteStore(path)
    assert store.verify() == []
    store.close()
