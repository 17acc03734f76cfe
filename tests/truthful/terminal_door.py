"""The chat in a terminal, over a file of its own: lines in, cards out."""

from __future__ import annotations

from datetime import datetime

from bot.core.messages import Command, Reply, Said, Show, What
from bot.terminal.chat import FACE
from tests.terminal.player import TerminalPlayer
from tests.truthful.doors import Gone


class TerminalDoor(TerminalPlayer):
    face, people, edits = FACE, 1, False

    def do(self, what: What, who: int, now: datetime) -> list[Reply]:
        if not isinstance(what, Said | Command):
            raise Gone("there are no buttons in a terminal")
        self.now, begun = now, len(self.screen.cards)
        going = self.chat.ask(what)
        shown = self.screen.cards[begun:]
        if not going:  # and it is opened again
            self._start()
        return [Show(card) for card in shown]

    def both(self, what: What, now: datetime) -> list[Reply]:
        raise Gone("there is one person at a terminal")

    def close(self) -> None:
        self.store.close()
