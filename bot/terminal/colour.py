"""Cards in colour, for a terminal that somebody looks at. Nothing is said by colour alone, and no words are
in a colour that a light or a dark background could swallow."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text as Words

from bot.core.cards import (
    Block,
    Bullets,
    Card,
    Divider,
    Heading,
    Input,
    Mention,
    Pairs,
    Severity,
    Table,
    Text,
    Weight,
)
from bot.terminal.printable import printable

BORDER = {
    Severity.PLAIN: "blue",
    Severity.SETTLED: "green",
    Severity.WAITING: "yellow",
    Severity.ALARM: "red",
}
SIGN = {Severity.PLAIN: "", Severity.SETTLED: "✓ ", Severity.WAITING: "… ", Severity.ALARM: "! "}
WEIGHT = {Weight.NORMAL: "", Weight.STRONG: "bold", Weight.SUBTLE: "dim", Weight.WARNING: "bold"}


def render(card: Card) -> RenderableType:
    """What rich prints: never markup, so that brackets in somebody's text stay brackets."""
    marked = "bold" if card.severity is Severity.PLAIN else "bold reverse"
    title = _words(SIGN[card.severity] + card.title, marked)
    return Panel(
        Group(title, *(_block(block) for block in card.unfolded.blocks)),
        border_style=BORDER[card.severity],
        padding=(0, 1),
    )


def _words(text: str, style: str = "") -> Words:
    return Words(printable(text), style)


def _block(block: Block) -> RenderableType:
    if isinstance(block, Text):
        mark = "! " if block.weight is Weight.WARNING else ""
        return _words(mark + block.text, WEIGHT[block.weight])
    if isinstance(block, Heading):
        return Padding(_words(block.text, "bold"), (1, 0, 0, 0))
    if isinstance(block, Bullets):
        return _bullets(block)
    if isinstance(block, Pairs):
        return _pairs(block.pairs)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Mention):
        return _words(", ".join(f"@{name}" for _, name in block.named), "bold")
    if isinstance(block, Divider):
        return _words("─" * 40, "dim")
    assert isinstance(block, Input)
    return _words(f"{block.label}: {block.value}")


def _bullets(block: Bullets) -> RenderableType:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(justify="right")
    grid.add_column()
    for item in block.items:
        number, point, rest = item.partition(". ")
        numbered = point and number.isdigit()
        grid.add_row(_words(f"{number}." if numbered else "•"), _words(rest if numbered else item))
    return grid


def _pairs(pairs: tuple[tuple[str, str], ...]) -> RenderableType:
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(style="dim", max_width=34)
    grid.add_column()
    for label, value in pairs:
        grid.add_row(_words(label), _words(value))
    return grid


def _table(table: Table) -> RenderableType:
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for header in table.headers:
        grid.add_column(header)
    for row in table.rows:
        grid.add_row(*(_words(cell) for cell in row))
    return grid
