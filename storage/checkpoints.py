"""Checkpoints of a trail, in the form that transparency logs use: what stood at its end at some time, signed,
to be kept where whoever can write to the database cannot.

The text is that of C2SP's tlog-checkpoint: an origin (`irmer-bot/` and the organisation), how many entries
the trail had, the hash of the last one in base64, and, as an extension line, when. It is signed as a C2SP
signed note: an empty line, then `— NAME BASE64`, where the base64 holds four bytes that name the key, and the
Ed25519 signature of the text. A line of a chat holds the same, the parts with a space between them.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from storage.sql import Sql
from storage.verify_trail import ERASED

DASH = "— "
PRODUCT = "irmer-bot/"


def origin_of(tenant: str) -> str:
    """Without spaces or a plus, as the name of a key may have none."""
    return PRODUCT + quote(tenant, safe="")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`size`: how many entries; `head`: the last one's hash, as the trail has it; `at`: a moment likewise."""

    origin: str
    size: int
    head: str
    at: str

    @property
    def text(self) -> str:
        root = b64encode(bytes.fromhex(self.head)).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{self.at}\n"


@dataclass(frozen=True, slots=True)
class Signed:
    checkpoint: Checkpoint
    signature: str
    """`NAME BASE64`."""

    @property
    def note(self) -> str:
        return f"{self.checkpoint.text}\n{DASH}{self.signature}\n"

    @property
    def line(self) -> str:
        return f"{self.checkpoint.text.replace(chr(10), ' ')}{DASH}{self.signature}"


class KnownKeys(Protocol):
    def signed(self, note: Signed) -> bool:
        """By a key that is known, and unchanged since."""


Numbered = tuple[int, Signed | None]


def read(text: str) -> Iterator[Numbered]:
    """The notes of a file, each with the number of its first line; None where there is none to be read."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        start = at
        if DASH in lines[at]:
            parts, _, signature = lines[at].partition(DASH)
            at += 1
            yield start + 1, _signed(parts.split(), signature)
            continue
        while at < len(lines) and lines[at].strip() and not lines[at].startswith(DASH):
            at += 1
        body = lines[start:at]
        signature = ""
        if at + 1 < len(lines) and not lines[at].strip() and lines[at + 1].startswith(DASH):
            signature, at = lines[at + 1][len(DASH) :], at + 2
        yield start + 1, _signed(body, signature)


def _signed(parts: Sequence[str], signature: str) -> Signed | None:
    try:
        origin, size, root, moment = parts
        head = b64decode(root, validate=True).hex()
        made = Signed(Checkpoint(origin, int(size), head, moment), signature.strip())
    except (ValueError, binascii.Error):
        return None
    whole = made.checkpoint.text == "\n".join(parts) + "\n" and len(head) == 64
    return made if whole and made.checkpoint.size > 0 and made.signature.count(" ") == 1 else None


def held_against(sql: Sql, tenants: Sequence[str], text: str, keys: KnownKeys) -> Iterator[str]:
    """What in the trails is not as the checkpoints say, and which of these say nothing."""
    known = {origin_of(tenant): tenant for tenant in tenants}
    first: dict[str, Checkpoint] = {}
    for number, note in read(text):
        if note is None:
            yield f"line {number} is no checkpoint, or one that was cut short"
            continue
        one = note.checkpoint
        if one.origin not in known:
            ours = ", ".join(sorted(known)) or "nobody"
            yield (
                f"line {number} is a checkpoint of another organisation, {one.origin}: this database is of "
                f"{ours}"
            )
        elif not keys.signed(note):
            yield f"line {number}, of {one.at}, has a bad signature: by another key, or changed since"
        else:
            yield from _held(sql, known[one.origin], one)
            if one.origin not in first or one.size < first[one.origin].size:
                first[one.origin] = one
    for origin, one in first.items():
        yield from _rewritten(sql, known[origin], one)


def _held(sql: Sql, tenant: str, one: Checkpoint) -> Iterator[str]:
    there = sql.value("select hash from audit where tenant = ? and seq = ?", tenant, one.size)
    if there is None:
        have = sql.value("select coalesce(max(seq), 0) from audit where tenant = ?", tenant)
        yield (
            f"the trail of {tenant} had {one.size} entries by the checkpoint of {one.at}, and has {have}: "
            "its end was cut off"
        )
    elif there != one.head:
        yield (
            f"entry {one.size} of {tenant} is not the one that the checkpoint of {one.at} was made of: the "
            "trail was written anew"
        )


def _rewritten(sql: Sql, tenant: str, first: Checkpoint) -> Iterator[str]:
    """An upgrade leaves entries in another form before there are checkpoints, and nothing does so later."""
    for row in sql.each(
        "select seq, detail from audit where tenant = ? and seq > ? and what = ? and subject = ''",
        tenant, first.size, ERASED,
    ):  # fmt: skip
        try:
            entries = json.loads(row["detail"]).get("entries")
        except (ValueError, AttributeError):
            continue
        if entries:
            yield (
                f"entry {row['seq']} of {tenant} would have older ones read anew, after the first checkpoint"
            )
