"""The schema step that takes what people wrote out of the trail of the releases before.

Each text gets its salt, and each row the digest that goes with it. An entry of the trail then holds neither
the words nor the digest of before, which could be guessed at; its hash stays, since later ones build on it
and somebody may have noted it. The new entry "erased" says of each two hundred entries what they hold now.
What was not as the trail said is left so, and told by `verify` as before.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from storage.model import BOT, Json
from storage.seals import WRITTEN, put_together, salted, told_apart
from storage.sql import Row, Sql
from storage.tables import (
    APART_APPEND_ONLY,
    AUDIT_KEY,
    FIRST_APPEND_ONLY,
    LATER_APPEND_ONLY,
    append_only_triggers,
)
from storage.times import moment
from storage.unit_of_work import Work, chain_hash, digest, label
from storage.verify_trail import TOGETHER

AT_ONCE = 500
# Those that there were; later steps make the others.
_TABLES = FIRST_APPEND_ONLY | LATER_APPEND_ONLY | APART_APPEND_ONLY
# What the entries of before hold in words.
_WORDS = frozenset({"text", "correction_reason", "role", "note", "title", "authority_reference", "why"})
_NO_WORDS = ("refused", "restored", "exported", "setting changed")


def take_words_out(sql: Sql) -> bool:
    """True where there were words to take out."""
    tables = {**_TABLES, "audit": AUDIT_KEY}
    for table in tables:
        sql.run(f"drop trigger {table}_no_update")
    sql.run(
        "create temp table renewed (tenant text, label text, was text, now text, primary key (tenant, label))"
    )
    for table in WRITTEN.keys() & _TABLES.keys():
        _salt(sql, table)
    tenants = sql.all("select tenant, max(seq) as last, max(at) as at from audit group by tenant")
    for row in tenants:
        _entries(sql, row["tenant"], row["last"], row["at"])
    sql.run("drop table renewed")
    for table in tables:
        sql.run(append_only_triggers(table, tables[table])[f"{table}_no_update"])
    return bool(tenants)


def _salt(sql: Sql, table: str) -> None:
    after = 0
    while rows := sql.all(
        f"select rowid as at_row, * from {table} where rowid > ? order by rowid limit ?", after, AT_ONCE
    ):
        for row in rows:
            after = row.pop("at_row")
            was = digest(row)
            changed = _apart(row) if table == "decision_record" else {}
            changed["salts"] = salted(table, row | changed)
            columns = ", ".join(f"{name} = ?" for name in changed)
            sql.run(f"update {table} set {columns} where rowid = ?", *changed.values(), after)
            sql.run(
                "insert into renewed values (?, ?, ?, ?)",
                row["tenant"], label(table, row), was, digest(row | changed),
            )  # fmt: skip


def _apart(row: Row) -> Row:
    """The columns that change: its texts stood in its facts as well. None where it cannot be read."""
    try:
        apart = told_apart(json.loads(row["facts"]), json.loads(row["sources"]))
        changed: Row = {
            "facts": json.dumps(apart.facts, ensure_ascii=False),
            "sources": json.dumps(apart.sources, ensure_ascii=False),
            **apart.texts,
            "heard": json.dumps(apart.heard, ensure_ascii=False) if apart.heard else None,
        }
        put_together(row | changed)
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
    return changed


def _entries(sql: Sql, tenant: str, last: int, at: str) -> None:
    told: dict[str, str] = {}
    damaged: list[int] = []
    for start in range(1, last + 1, TOGETHER):
        end = min(start + TOGETHER - 1, last)
        together, changed = hashlib.sha256(), False
        for row in sql.all(
            "select * from audit where tenant = ? and seq between ? and ? order by seq", tenant, start, end
        ):
            if chain_hash(row) != row["hash"]:
                damaged.append(row["seq"])
            detail = _without_words(sql, row)
            if detail != row["detail"]:
                row["detail"], changed = detail, True
                sql.run(
                    "update audit set detail = ? where tenant = ? and seq = ?", detail, tenant, row["seq"]
                )
            together.update(chain_hash(row).encode())
        if changed:
            told[f"{start}-{end}"] = together.hexdigest()
    if told:
        found: Json = {"entries": told, **({"damaged": damaged} if damaged else {})}
        Work(sql, tenant, BOT, moment(at)).audit("erased", "", found)


def _without_words(sql: Sql, row: Row) -> str:
    """Its detail, with the digests of today. The reason of a snooze stands nowhere else."""
    try:
        detail: dict[str, Any] = json.loads(row["detail"])
        rows: dict[str, str] = dict(detail.get("rows", {}))
    except (ValueError, TypeError, AttributeError):
        return str(row["detail"])
    if row["what"] not in _NO_WORDS:
        if row["what"] == "ping snoozed" and detail.get("why"):
            remark: Row = {
                "tenant": row["tenant"], "subject": row["subject"], "seq": row["seq"], "text": detail["why"],
            }  # fmt: skip
            remark["salts"] = salted("remark", remark)
            sql.insert("remark", remark)
            rows[label("remark", remark)] = digest(remark)
        detail = {name: value for name, value in detail.items() if name not in _WORDS}
    for name, was in rows.items():
        rows[name] = (
            sql.value(
                "select now from renewed where tenant = ? and label = ? and was = ?", row["tenant"], name, was
            )
            or was
        )
    if rows:
        detail = {**{name: value for name, value in detail.items() if name != "rows"}, "rows": rows}
    return json.dumps(detail, ensure_ascii=False)
