"""The trail of one tenant: is its chain whole; and what does it say that belongs to no subject alone?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256 as sha256_of
from typing import Any

from storage.outbox_rows import FALLBACK
from storage.quick_json import of_json
from storage.sql import Row, Sql
from storage.unit_of_work import HASHED, sha256

# The one kind of entry that may say that something is not there any more.
ERASED = "erased"
# So many entries have one digest, where an upgrade left them in another form.
TOGETHER = 200
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


def chain(sql: Sql, tenant: str) -> Iterator[str]:
    last, expected, rewritten = "", 1, Rewritten()
    columns = ", ".join(HASHED)
    for entry in sql.tuples(f"select {columns}, hash from audit where tenant = ? order by seq", tenant):
        _, seq, _, _, _, what, subject, detail, previous, found = entry
        if seq != expected:
            yield f"audit entries {expected} to {seq - 1} of {tenant} are gone"
        elif previous != last:
            yield f"audit entry {seq} of {tenant} does not follow from the one before it"
        now = sha256(entry[:-1])
        rewritten.hear(seq, now, as_written=found == now)
        if what == ERASED and not subject:
            yield from _unlike(tenant, rewritten.against(detail))
        last, expected = found, seq + 1
    yield from _unlike(tenant, rewritten.left())


def told_beside(sql: Sql, tenant: str, told: Told) -> Iterator[str]:
    """Fills in `told`."""
    for row in sql.each("select * from audit where tenant = ? and subject = '' order by seq", tenant):
        done = {name: row[name] for name in ("at", "by_id", "by_name")}
        try:
            _of_many(row["seq"], row["what"], read(row["detail"]), done, told)
        except (ValueError, KeyError, TypeError, AttributeError):
            yield f"audit entry {row['seq']} of {tenant} is damaged: it says nothing that can be read"


def _unlike(tenant: str, entries: Iterable[str]) -> Iterator[str]:
    for which in entries:
        yield f"audit {which} of {tenant} has been changed"


class Rewritten:
    """Entries that are not what their hash was taken of. Those of before an upgrade are so by right: there
    the first entry "erased" of the trail says of each `TOGETHER` what they hold now."""

    def __init__(self) -> None:
        self._start = 1
        self._hashes: list[str] = []  # of as many as belong together
        self._these: list[int] = []
        self._waiting: dict[str, tuple[str, list[int]]] = {}
        self._heard = False

    def hear(self, seq: int, now: str, *, as_written: bool) -> None:
        if seq >= self._start + TOGETHER:
            self._close(self._start + TOGETHER - 1)
            self._start = seq - (seq - 1) % TOGETHER
        self._last = seq
        if not as_written:
            self._these.append(seq)
        if not self._heard:
            self._hashes.append(now)

    def against(self, detail: str) -> Iterator[str]:
        """Those that are not as this entry, the one heard last, says that they were left."""
        try:
            told = read(detail)
            entries, damaged = dict(told["entries"]), list(told.get("damaged", ()))
        except (ValueError, KeyError, TypeError):
            return
        if self._heard:
            yield f"entry {self._last}, which would have others read anew,"
            return
        these = [seq for seq in self._these if seq != self._last]
        if these:
            self._waiting[f"{self._start}-{self._last - 1}"] = (_together(self._hashes[:-1]), these)
        self._these = [seq for seq in self._these if seq == self._last]
        self._heard = True
        for name, (together, seqs) in self._waiting.items():
            if name not in entries:
                yield from (f"entry {seq}" for seq in seqs)
            elif entries[name] != together:
                yield f"entry {name.replace('-', ' to ')}, which an upgrade had left in another form,"
            else:
                yield from (f"entry {seq}" for seq in damaged if seq in seqs)
        self._waiting = {}

    def left(self) -> Iterator[str]:
        self._close(0)
        for _, seqs in self._waiting.values():
            yield from (f"entry {seq}" for seq in seqs)

    def _close(self, end: int) -> None:
        if self._these:
            self._waiting[f"{self._start}-{end}"] = (_together(self._hashes), self._these)
        self._these, self._hashes = [], []


def _together(hashes: Iterable[str]) -> str:
    return sha256_of("".join(hashes).encode()).hexdigest()


def read(text: str) -> dict[str, Any]:
    """Raises ValueError where it is no JSON object."""
    detail = of_json(text)
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
    if "rows" in detail:
        parts[""] = {"rows": detail["rows"]}
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
    """A key begins with the case or record that it is about; one that is about none stands for itself, and so
    does what stands in for it."""
    subject, slash, _ = key.removesuffix(FALLBACK).partition("/")
    return subject if slash else ""
