"""`threshold [words]`: the criteria, found by code, word or intended dose. It needs no store, and starts
fast."""

from __future__ import annotations

from functools import lru_cache

from bot.core.cards import Block, Card, Heading, Severity, Table, Text, Weight
from bot.core.words.outcomes import EMPLOYER_DECIDES
from rules.threshold_rows import Entry
from rules.thresholds import LookUp, look_up

# Of so many rows each is said in words as well; of more the table says it.
IN_WORDS = 2
WHO_IS_TOLD = (
    "Who is told: the enforcing authority, within 14 days of discovery. CQC in England, HIW in Wales, HIS in "
    "Scotland, RQIA in Northern Ireland."
)
NOTHING = "nothing (accidental)"


def threshold_card(words: str, command: str = "/irmer", mark: str = "") -> Card:
    """What the guidance asks for, the number first. Anything may be typed; what is not found is said, with
    what can be looked up. `mark` is the tenant's (`bot.core.messages.mark_of`)."""
    return _card(look_up(words[:200]), f"{command} threshold".strip(), not words.strip(), mark)


@lru_cache(maxsize=256)  # what was found repeats nothing of what was typed
def _card(found: LookUp, typed: str, whole: bool, mark: str) -> Card:
    notes: list[Block] = [Text(note, Weight.WARNING) for note in found.notes]
    if not found.matches:
        ways = (
            f"Look up a code ({typed} 4.2b), a word ({typed} foetal), or an intended dose ({typed} 1.5 mSv). "
            f"With nothing after it, {typed} lists them all."
        )
        title = "No threshold found for these words"
        return Card(title, (*notes, Text(ways)), severity=Severity.WAITING, tenant=mark)
    rows = [match for match in found.matches if match.code]
    blocks: list[Block] = [*notes, *_rows(rows, typed, whole=whole)]
    if found.notifies:
        blocks.append(Text(WHO_IS_TOLD))
    blocks += map(Text, found.remarks)
    for aside in found.matches[len(rows) :]:
        blocks += [Heading(aside.title)] if rows or aside is not found.matches[0] else []
        blocks += [Text(aside.sentence), Text(aside.where, Weight.SUBTLE)]
    blocks.append(Text(EMPLOYER_DECIDES, Weight.SUBTLE))
    return Card(_title(found, rows, whole=whole), tuple(blocks), tenant=mark)


def _title(found: LookUp, rows: list[Entry], *, whole: bool) -> str:
    """The number, where there is one; else what the table under it holds."""
    if whole:
        return "The thresholds"
    if found.first:
        return f"{found.first.figure}, by the typical dose"
    figures = {row.figure for row in rows}
    if len(figures) == 1:
        return figures.pop()
    if not rows:
        return found.matches[0].title
    return "Intended dose → notify from" if any(row.intended for row in rows) else "Notify from"


def _rows(rows: list[Entry], typed: str, *, whole: bool) -> list[Block]:
    blocks: list[Block] = []
    if len(rows) > 1:
        intended = any(row.intended for row in rows)
        header = ("Intended" if intended and not whole else "What", "Notify from", "Code")
        blocks.append(Table(header, tuple((_what(row, intended), row.figure, row.code) for row in rows)))
    if len(rows) > IN_WORDS:
        return [*blocks, Text(f"One row in full: {typed} {rows[-1].code}", Weight.SUBTLE)]
    for row in rows:
        blocks += [
            Text(f"Code {row.code}. {row.title}", Weight.STRONG),
            Text(row.sentence),
            Text(row.where, Weight.SUBTLE),
        ]
    return blocks


def _what(row: Entry, intended: bool) -> str:
    """The first column: the band of the intended dose, or what the row is about."""
    if row.code == "1" and intended:
        return NOTHING
    return f"{row.intended or row.title}{f' (typical: {row.typical})' if row.typical else ''}"
