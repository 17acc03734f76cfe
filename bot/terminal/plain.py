"""Cards as plain lines, for a pipe or a file: the same words as in colour, and quick to import."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.cards import Bullets, Card, Divider, Heading, Input, Mention, Pairs, Table, Text, Weight
from bot.terminal.printable import printable

_NUMBERED = re.compile(r"\d+\. ")


def lines(card: Card) -> Iterator[str]:
    """The card, one line after the other, without a line's end. What somebody wrote in several lines stays
    indented: none of them can pass for a line of ours."""
    return (printable(line).replace("\n", "\n    ") for line in _lines(card))


def _lines(card: Card) -> Iterator[str]:
    yield card.title
    for block in card.unfolded.blocks:
        if isinstance(block, Text):
            mark = "! " if block.weight is Weight.WARNING else ""
            yield from (f"{mark}{line}" for line in block.text.splitlines())
        elif isinstance(block, Heading):
            yield f"{block.text}:"
        elif isinstance(block, Bullets):
            yield from (f"  {item}" if _NUMBERED.match(item) else f"  - {item}" for item in block.items)
        elif isinstance(block, Pairs):
            yield from (f"  {label}: {value}" for label, value in block.pairs)
        elif isinstance(block, Table):
            yield from _table(block)
        elif isinstance(block, Mention):
            yield ", ".join(f"@{name}" for _, name in block.named)
        elif isinstance(block, Divider):
            yield "-" * 40
        elif isinstance(block, Input):
            yield f"  {block.label}: {block.value}"


def _table(table: Table) -> Iterator[str]:
    every = [table.headers, *table.rows]
    widths = [max(len(row[n]) for row in every) for n in range(len(table.headers))]
    for row in every:
        yield ("  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))).rstrip()
