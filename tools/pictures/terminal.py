"""Pictures of the terminal, from the program itself: a real chat with a real store, drawn by rich.

`python -m tools.pictures.terminal` writes them; the tests compare them with what the program says now.
"""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich import _export_format
from rich.console import Console

from bot.core.bot import Bot
from bot.core.cards import Card
from bot.core.messages import User
from bot.terminal.chat import Chat
from bot.terminal.colour import render
from storage.sqlite import open_store

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
NOW = datetime(2026, 11, 23, 3, 10, tzinfo=ZoneInfo("Europe/London"))
WIDTH = 100
# Without fonts from elsewhere: a picture loads nothing.
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", _export_format.CONSOLE_SVG_FORMAT, flags=re.S)
SCENES = {
    "check": (
        "irmer chat",
        ["check wrong pt, CT head, adult, yesterday 2pm", "none at all", "2 mSv", "none", "yes"],
    ),
    "threshold": ("irmer chat", ["threshold foetal", "threshold 1.5 mSv"]),
}


class Drawn:
    """A screen that keeps what it shows, with the lines that were typed."""

    def __init__(self, lines: list[str]) -> None:
        self.console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False)
        self._lines = iter(lines)

    def show(self, card: Card) -> None:
        self.console.print(render(card))

    def typed(self, line: str) -> None:
        self.console.print(f"[bold]> {line}[/]")

    def line(self) -> str:
        try:
            typed = next(self._lines)
        except StopIteration:
            raise EOFError from None
        self.typed(typed)
        return typed


def draw(title: str, lines: list[str]) -> str:
    """The SVG of a chat in England on a night in November 2026."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "irmer.db")
        screen = Drawn(lines[1:])
        chat = Chat(Bot(store, nation="england"), screen, lambda: NOW, User("radiographer", standing="admin"))
        screen.typed(lines[0])
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                chat.run(lines[0])
        finally:
            store.close()
    return screen.console.export_svg(title=title, code_format=FORMAT, unique_id=title.replace(" ", "-"))


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, (title, lines) in SCENES.items():
        (PICTURES / f"{name}.svg").write_text(draw(title, lines))
        print(PICTURES / f"{name}.svg")


if __name__ == "__main__":
    main()
