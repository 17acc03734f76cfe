"""What somebody does who knows all of this and wants that nothing inside the file tells of it: the trail is
written anew so that it fits whatever the rows say now, every digest and every hash with it."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

from storage.outbox_rows import noted
from storage.record_rows import read_record
from storage.register_rows import make_anew
from storage.schema_steps import HOLDS_NOW
from storage.sql import Row, Sql
from storage.tables import APPEND_ONLY, triggers
from storage.unit_of_work import digest, label, reference_noted
from tests.storage.helpers import raw

LISTS = ("deadline_current", "case_current", "record_current")
REGISTER = "incident"
OF_MESSAGES = ("pings", "posts", "cancelled", "superseded", "dead", "keys", "key", "message", "fallback")
ENDED = {"cancelled": "cancelled", "superseded": "superseded", "dead": "dead"}


def write_anew(path: Path, *, lists: bool = True) -> None:
    """`lists`: also what the lists read, which comes of the rows."""
    conn = raw(path)
    sql = Sql(conn)
    trails = {
        row["tenant"]: _trail(sql, row["tenant"]) for row in sql.all("select distinct tenant from audit")
    }
    for table in APPEND_ONLY:
        for row in sql.all(f"select distinct tenant from {table}"):
            if row["tenant"] not in trails:
                trails[row["tenant"]] = _trail(sql, row["tenant"])
    statements = ["delete from audit"]
    for tenant, entries in trails.items():
        statements += _written(tenant, entries)
        for series, count in _counts(sql, tenant).items():
            statements.append(f"insert or replace into numbering values ('{tenant}', '{series}', {count})")
    if lists:
        statements += [f"delete from {table}" for table in LISTS if sql.value(f"select 1 from {table}")]
        statements += HOLDS_NOW
    conn.execute("begin")
    for name in triggers():
        conn.execute(f"drop trigger {name}")
    for statement in (*statements, *triggers().values()):
        conn.execute(statement)
    conn.execute("commit")
    if lists and sql.columns(REGISTER):
        make_anew(sql, read_record)
    conn.close()


def _trail(sql: Sql, tenant: str) -> list[Row]:
    """Entries without numbers and hashes; "detail" as what it says."""
    entries = []
    for row in sql.all("select * from audit where tenant = ? order by seq", tenant):
        if row["what"] == "setting changed" or row["what"].startswith("conversation reference "):
            continue
        with contextlib.suppress(ValueError):
            detail = json.loads(row["detail"])
            if isinstance(detail, dict):
                row["detail"] = {k: v for k, v in detail.items() if k not in (*OF_MESSAGES, "rows")}
                entries.append(row)
    first = {"at": "2026-11-23T09:00:00.000000Z", "by_id": "U1", "by_name": "Radiographer A"}
    for table in APPEND_ONLY:
        for row in sql.all(f"select * from {table} where tenant = ?", tenant):
            row = {name: value for name, value in row.items() if value is not None}
            subject = str(row[APPEND_ONLY[table][0]])
            told = {"rows": {label(table, row): digest(row)}}
            entries.append(first | {"what": "note added", "subject": subject, "detail": told})
    for row in sql.all("select * from outbox where tenant = ?", tenant):
        about: dict[str, Any] = first | {"subject": row["subject"]}
        entries.append(about | {"what": "pings planned", "detail": {"pings": noted(row)}})
        if row["state"] == "sent":
            told = {"key": row["key"], "message": row["message"]}
            entries.append(about | {"what": f"{row['kind']} sent", "detail": told})
        elif row["state"] in ENDED:
            entries.append(about | {"what": "pings planned", "detail": {row["state"]: [row["key"]]}})
    for row in sql.all("select * from setting where tenant = ?", tenant):
        with contextlib.suppress(ValueError):
            told = {"setting": row["key"], "was": None, "is": json.loads(row["value"])}
            by = {"at": row["set_at"], "by_id": row["set_by_id"], "by_name": row["set_by_name"]}
            entries.append(by | {"what": "setting changed", "subject": "", "detail": told})
    for row in sql.all("select * from conversation_reference where tenant = ?", tenant):
        entries.append(
            first | {"what": "conversation reference kept", "subject": "", "detail": reference_noted(row)}
        )
    return entries


def _written(tenant: str, entries: list[Row]) -> list[str]:
    statements, last = [], ""
    for seq, entry in enumerate(entries, 1):
        detail = json.dumps(entry["detail"], ensure_ascii=False)
        content = [
            tenant, seq, entry["at"], entry["by_id"], entry["by_name"], entry["what"], entry["subject"],
            detail, last,
        ]  # fmt: skip
        last = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
        values = ", ".join(_quoted(value) for value in (*content, last))
        statements.append(f"insert into audit values ({values})")
    return statements


def _quoted(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _counts(sql: Sql, tenant: str) -> dict[str, int]:
    there: dict[str, set[str]] = {}
    for table, column in (("case_file", "ref"), ("theme", "ref"), ("decision_record", "number")):
        for row in sql.all(f"select distinct {column} as name from {table} where tenant = ?", tenant):
            there.setdefault(row["name"].rpartition("-")[0], set()).add(row["name"])
    for row in sql.all("select series from numbering where tenant = ?", tenant):
        there.setdefault(row["series"], set())
    return {series: len(names) for series, names in there.items()}
