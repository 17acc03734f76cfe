"""Is the file what was written? The chain, the triggers, the views, each row against its digest, what was
sent against the trail, and SQLite's own checks.

What no check inside the file can see: that the whole end of it was cut off, trail and rows together.
`heads` gives the last hash of each trail, to be noted outside; a backup's line holds them too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from storage.connection import Row, Sql
from storage.tables import APPEND_ONLY, AUDIT_KEY, triggers, views
from storage.unit_of_work import chain_hash, digest, label

# What the trail calls a sending.
SENT = ("ping sent", "post sent", "update sent")


def problems(sql: Sql) -> list[str]:
    """In plain words; empty where all is well."""
    return [*_sqlite(sql), *missing_triggers(sql), *_views(sql), *_contents(sql)]


def _sqlite(sql: Sql) -> Iterator[str]:
    for row in sql.all("pragma integrity_check"):
        if row["integrity_check"] != "ok":
            yield f"SQLite finds damage: {' '.join(row['integrity_check'].split())}"
    for table, parent in dict.fromkeys(
        (row["table"], row["parent"]) for row in sql.all("pragma foreign_key_check")
    ):
        yield f"a row of {table} refers to a row of {parent} that is not there"


def missing_triggers(sql: Sql) -> list[str]:
    return list(_schema(sql, "trigger", triggers(), "rows could be changed unseen"))


def _views(sql: Sql) -> Iterator[str]:
    return _schema(sql, "view", views(), "what is current cannot be read")


def _schema(sql: Sql, kind: str, wanted: Mapping[str, str], harm: str) -> Iterator[str]:
    rows = sql.all("select name, sql from sqlite_schema where type = ?", kind)
    found = {row["name"]: row["sql"] for row in rows}
    for name, expected in wanted.items():
        if name not in found:
            yield f"the {kind} {name} is gone: {harm}"
        elif found[name] != expected:
            yield f"the {kind} {name} has been changed"


def heads(sql: Sql) -> dict[str, tuple[int, str]]:
    """Per tenant the trail's last number and hash."""
    found = sql.all("select tenant, max(seq) as seq, hash from audit group by tenant order by tenant")
    return {row["tenant"]: (row["seq"], row["hash"]) for row in found}


def _contents(sql: Sql) -> Iterator[str]:
    tenants = {
        row["tenant"]
        for table in (*APPEND_ONLY, "audit")
        for row in sql.all(f"select distinct tenant from {table}")
    }
    for tenant in sorted(tenants):
        audited: dict[str, str] = {}
        settings: dict[str, object] = {}
        sent: set[str] = set()
        yield from _chain(sql, tenant, audited, settings, sent)
        yield from _rows(sql, tenant, audited)
        yield from _numbers(sql, tenant)
        yield from _settings(sql, tenant, settings)
        yield from _sent(sql, tenant, sent)


def _chain(
    sql: Sql, tenant: str, audited: dict[str, str], settings: dict[str, object], sent: set[str]
) -> Iterator[str]:
    """Also fills in the digests that the trail holds, the settings as it left them, and the keys of what it
    says was sent."""
    previous, expected = "", 1
    for row in _all(sql, "audit", AUDIT_KEY, tenant):
        name = f"audit entry {row['seq']} of {tenant}"
        if row["seq"] != expected:
            yield f"audit entries {expected} to {row['seq'] - 1} of {tenant} are gone"
        elif row["previous_hash"] != previous:
            yield f"{name} does not follow from the one before it"
        if row["hash"] != chain_hash(row):
            yield f"{name} has been changed"
        previous, expected = row["hash"], row["seq"] + 1
        detail = json.loads(row["detail"])
        audited |= detail.get("rows", {})
        if row["what"] == "setting changed":
            settings[detail["setting"]] = detail["is"]
        elif row["what"] in SENT:
            sent.add(detail["key"])


def _rows(sql: Sql, tenant: str, audited: dict[str, str]) -> Iterator[str]:
    unseen = set(audited)
    for table, key in APPEND_ONLY.items():
        for row in _all(sql, table, key, tenant):
            name = label(table, row)
            unseen.discard(name)
            if name not in audited:
                yield f"{name} of {tenant} is not in the audit trail"
            elif audited[name] != digest(row):
                yield f"{name} of {tenant} is not what the audit trail says was written"
    for name in sorted(unseen):
        yield f"{name} of {tenant} is in the audit trail, but gone"


def _sent(sql: Sql, tenant: str, audited: set[str]) -> Iterator[str]:
    """A reminder that is marked as sent and was not would never come."""
    unseen = set(audited)
    for row in sql.each("select key from outbox where tenant = ? and state = 'sent'", tenant):
        if row["key"] not in audited:
            yield f"{row['key']} of {tenant} is marked as sent, but its sending was never written down"
        unseen.discard(row["key"])
    for key in sorted(unseen):
        yield f"{key} of {tenant} was sent, but is not there as sent any more"


def _all(sql: Sql, table: str, key: tuple[str, ...], tenant: str) -> Iterator[Row]:
    """Row by row, in the order of its key; the columns that are stored, without those that are computed."""
    columns = [row["name"] for row in sql.all(f"pragma table_xinfo({table})") if row["hidden"] == 0]
    yield from sql.each(
        f"select {', '.join(columns)} from {table} where tenant = ? order by {', '.join(key)}", tenant
    )


def _numbers(sql: Sql, tenant: str) -> Iterator[str]:
    """Record numbers and case references leave no gap."""
    for row in sql.all("select series, last from numbering where tenant = ?", tenant):
        table, column = (
            ("case_file", "ref") if row["series"].startswith("C") else ("decision_record", "number")
        )
        there = sql.value(
            f"select count(distinct {column}) from {table} where tenant = ? and {column} glob ?",
            tenant, f"{row['series']}-*",
        )  # fmt: skip
        if there != row["last"]:
            yield f"{tenant} has {there} of the {row['last']} numbers given in {row['series']}"


def _settings(sql: Sql, tenant: str, audited: dict[str, object]) -> Iterator[str]:
    stored = {
        row["key"]: json.loads(row["value"])
        for row in sql.all("select key, value from setting where tenant = ?", tenant)
    }
    wanted = {key: value for key, value in audited.items() if value is not None}
    for key in sorted(stored.keys() | wanted.keys()):
        if stored.get(key) != wanted.get(key):
            yield f"the setting {key} of {tenant} is not what the audit trail says"
