"""A terminal chat with everything it stands on: the store's file, the clock, the person, the screen."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.bot import Bot
from bot.core.messages import Command, User
from bot.terminal.chat import FACE, TENANT, Chat, clock
from bot.terminal.pings import Pings
from bot.terminal.screen import screen
from storage.errors import StoreError
from storage.sqlite import open_store


@dataclass(frozen=True)
class Session:
    database: Path
    now: datetime
    nation: str

    def run(self, first: str = "") -> int:
        """A chat; with `first`, one that begins with that command."""
        return self._with_chat(lambda chat: chat.run(first))

    def once(self, command: str) -> int:
        """One command, and out."""
        return self._with_chat(lambda chat: chat.once(Command(command)))

    def _with_chat(self, use: object) -> int:
        assert callable(use)
        try:
            store = open_store(self.database)
        except StoreError as error:
            print(f"irmer: {error}", file=sys.stderr)
            return 2
        try:
            bot, shown, now = (
                Bot(store, nation=self.nation, where=str(self.database)),
                screen(),
                clock(self.now),
            )
            pings = Pings(store, shown, FACE, TENANT, now)
            return int(use(Chat(bot, shown, now, _user(), pings)))
        finally:
            store.close()


def _user() -> User:
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = "user"
    return User(name, name)
