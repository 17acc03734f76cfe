"""The trail of one tenant: is its chain whole, and what does it say that belongs to no subject alone?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from storage.sql import Row, Sql
from storage.unit_of_work import HASHED, sha256

Entry = tuple[str, dict[str, Any]]
"""What was done, and its detail."""


@dataclass
class Told:
    """What the trail says beside its entries about one subject. Of what is about many messages at once, each
    subject's part stands under it with the number of the entry."""

    skipped: Counter[str] = field(default_factory=Counter)
    settings: dict[str, Row] = field(default_factory=dict)
    references: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    by_subject: dict[str, list[tuple[int, Entry]]] = field(default_factory=dict)
    last_at: str = ""


def chain(sql: Sql, tenant: str, told: Told) -> Iterator[str]:
    """Fills in `told` on the way."""
    last, expected = "", 1
    columns = ", ".join(HASHED)
    for *content, found in sql.conn.execute(
        f"select {columns}, hash from audit where tenant = ? order by seq", (tenant,)
    ):
        _, seq, at, by_id, by_name, what, subject, detail, previous = content
        if seq != expected:
            yield f"audit entries {expected} to {seq - 1} of {tenant} are gone"
        elif previous != last:
            yield f"audit entry {seq} of {tenant} does not follow from the one before it"
        if found != sha256(content):
            yield f"audit entry {seq} of {tenant} has been changed"
        last, expected = found, seq + 1
        told.last_at = max(told.last_at, at)
        if not subject:
            try:
                _of_many(seq, what, read(detail), {"at": at, "by_id": by_id, "by_name": by_name}, told)
            except (ValueError, KeyError, TypeError, AttributeError):
                yield f"audit entry {seq} of {tenant} is damaged: it says nothing that can be read"


def read(text: str) -> dict[str, Any]:
    """Raises ValueError where it is no JSON object."""
    detail = json.loads(text)
    if not isinstance(detail, dict):
        raise ValueError
    return detail


def _of_many(seq: int, what: str, detail: dict[str, Any], done: Row, told: Told) -> None:
    if what == "setting changed":
        told.settings[detail["setting"]] = done | {"value": detail["is"]}
        return
    if what.startswith("conversation reference "):
        told.references[detail["platform"], detail["conversation"]] = detail
        return
    if what == "restored":
        for series, one in detail["skipped"].items():
            told.skipped[series] += one["to"] - one["from"]
        return
    parts: dict[str, dict[str, Any]] = {}
    for name in ("pings", "posts"):
        for key, how in detail.get(name, {}).items():
            parts.setdefault(_subject(key), {}).setdefault(name, {})[key] = how
    for name in ("cancelled", "superseded", "dead", "keys"):
        for key in detail.get(name, ()):
            parts.setdefault(_subject(key), {}).setdefault(name, []).append(key)
    if "key" in detail:
        parts.setdefault(_subject(detail["key"]), {}).update(key=detail["key"], message=detail.get("message"))
    for subject, part in parts.items():
        told.by_subject.setdefault(subject, []).append((seq, (what, part)))


def _subject(key: str) -> str:
    """A key begins with the case or record that it is about; one that is about none stands for itself."""
    subject, slash, _ = key.partition("/")
    return subject if slash else ""
