"""The corpus of sentences as staff write them, and how a reading is held against one.

A line of corpus.jsonl: the text; the facts that are certain in it; those that may only be asked
(`to_confirm`); what it is about; and its set. `open` and `held out` were written before the reader, and
`held out` was first read when the reader was done. `traps` grew with the reader: what it once got wrong, or
might. All are read on Thursday 14 May 2026 at 10:30, UK time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.core.reader import FactsRead, read
from rules.deadlines import UK
from rules.facts import DETAILS

NOW = datetime(2026, 5, 14, 10, 30, tzinfo=UK)


@dataclass(frozen=True)
class Row:
    text: str
    facts: dict[str, object]
    to_confirm: frozenset[str]
    about: str
    set: str


@dataclass(frozen=True)
class Outcome:
    """How one fact came out: right, asked, missed, or wrong (a certain fact that is false, unsaid or only
    asked)."""

    fact: str
    how: str
    row: Row
    got: object = None


@cache
def rows() -> tuple[Row, ...]:
    path = Path(__file__).with_name("corpus.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(Row(**line | {"to_confirm": frozenset(line["to_confirm"])}) for line in lines)


@cache
def reading(text: str) -> FactsRead:
    """What the reader makes of a line of the corpus; once, however many tests look at it."""
    return read(text, NOW)


def outcomes(row: Row, found: FactsRead | None = None) -> list[Outcome]:
    found = found or reading(row.text)
    out = []
    for fact, wanted in row.facts.items():
        got = found.facts.get(fact)
        same = got == wanted and type(got) is type(wanted)
        how = (
            "right"
            if same
            else "wrong"
            if fact in found.facts
            else "asked"
            if fact in found.to_confirm
            else "missed"
        )
        out.append(Outcome(fact, how, row, got))
    for fact in row.to_confirm:
        how = "asked" if fact in found.to_confirm else "wrong" if fact in found.facts else "missed"
        out.append(Outcome(fact, how, row, found.facts.get(fact)))
    unsaid = found.facts.keys() - row.facts.keys() - row.to_confirm - DETAILS.keys()
    return out + [Outcome(fact, "wrong", row, found.facts[fact]) for fact in sorted(unsaid)]
