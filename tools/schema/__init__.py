"""`storage/new_file.sql`: what the schema's steps have made, as one text that a new file gets at once."""

from __future__ import annotations

from storage import migrations
from storage.file import MIGRATION_SET, sqlite3

LISTED = "_sqlite_migrations"  # by sqlite-utils, with the time of each step
NOW = "strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')"


def of_all_steps() -> str:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrations.apply(conn)
        made = conn.execute("select type, name, sql from sqlite_schema where sql is not null order by rowid")
        objects = made.fetchall()
        lines = [sql for _, _, sql in objects]
        for kind, table, _ in objects:
            if kind == "table" and table != LISTED:
                lines += conn.execute(f"select {_insertion(conn, table)} from {table}").fetchall()
        (application,) = conn.execute("pragma application_id").fetchone()
        lines.append(f"pragma application_id={application}")
    finally:
        conn.close()
    for step in migrations.NAMES:
        columns = "(migration_set, name, applied_at)"
        lines.append(f"insert into {LISTED} {columns} values ('{MIGRATION_SET}', '{step}', {NOW})")
    return migrations.APART.join(line if isinstance(line, str) else line[0] for line in lines) + "\n"


def _insertion(conn: sqlite3.Connection, table: str) -> str:
    """An expression for the statement that puts a row there."""
    columns = [row[1] for row in conn.execute(f"pragma table_info({table})")]
    values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
    return f"'insert into {table} values (' || {values} || ')'"
