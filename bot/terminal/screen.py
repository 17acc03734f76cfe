"""Where cards are shown and lines are read: a person's terminal, or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from bot.core.cards import Card
from bot.core.refused import LONGEST_TEXT
from bot.terminal.plain import lines
from bot.terminal.printable import printable


class Screen(Protocol):
    def show(self, card: Card) -> None: ...

    def line(self) -> str:
        """The next line, without its end. Raises EOFError and KeyboardInterrupt."""
        ...


class Piped:
    """Plain lines both ways. What is read is repeated, without patients' numbers, for a transcript's sake."""

    def show(self, card: Card) -> None:
        print("\n".join(lines(card)), end="\n\n", flush=True)

    def line(self) -> str:
        from storage.identifiers import mask  # 10 ms, which a look-up does without

        given = sys.stdin.buffer.readline()
        if not given:
            raise EOFError
        text = given.decode("utf-8", "replace").rstrip("\r\n")
        print(f"> {printable(mask(text)) if len(text) <= LONGEST_TEXT else '…'}", flush=True)
        return text


class Watched:
    """Colour out, and where there is a keyboard, editing in. What is typed is remembered by nobody."""

    def __init__(self) -> None:
        from rich.console import Console  # 15 ms, which a pipe does without

        self._console = Console(highlight=False)
        self._ask = self._prompt() if sys.stdin.isatty() else Piped().line

    def _prompt(self) -> Callable[[], str]:
        # 72 ms, for a keyboard alone.
        from prompt_toolkit import PromptSession, buffer
        from prompt_toolkit.history import DummyHistory
        from prompt_toolkit.patch_stdout import patch_stdout

        # Where Ctrl-C or a signal comes as a line begins, it goes on to us: no traceback of it on the screen.
        buffer.logger.disabled = True
        session: PromptSession[str] = PromptSession("> ", history=DummyHistory())

        def line() -> str:
            with patch_stdout(raw=True):  # a ping is printed above what is being typed
                return session.prompt()

        return line

    def show(self, card: Card) -> None:
        from bot.terminal.colour import render  # rich: 40 ms, which a pipe does without

        self._console.print(render(card))

    def line(self) -> str:
        return self._ask()


def screen() -> Screen:
    return Watched() if sys.stdout.isatty() else Piped()
