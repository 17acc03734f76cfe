"""A terminal chat with everything it stands on: the store's file, the clock, the person, the screen."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.call import as_it_is
from bot.core.accounts import OS, own_account, standing_at
from bot.core.bot import Bot
from bot.core.messages import Command, User
from bot.terminal.chat import FACE, TENANT, Chat, Terminated, clock
from bot.terminal.earlier import take_over
from bot.terminal.pings import Pings
from bot.terminal.printable import printable
from bot.terminal.screen import screen
from storage.databases import Database, open_database
from storage.errors import StoreError, not_written_to
from storage.signing import Witness


@dataclass(frozen=True)
class Session:
    database: Database
    now: datetime
    nation: str
    witness: Witness | None = None
    admins: tuple[str, ...] = ()
    papers: Path | None = None

    def run(self, first: str = "") -> int:
        """A chat; with `first`, one that begins with that command."""
        signal.signal(signal.SIGTERM, _terminated)
        with _terminal_given_back():
            return self._with_chat(lambda chat: chat.run(first), writes=True)

    def once(self, command: str) -> int:
        """One command, and out."""
        return self._with_chat(lambda chat: chat.once(Command(command)))

    def _with_chat(self, use: Callable[[Chat], int], *, writes: bool = False) -> int:
        try:
            store = open_database(self.database, witness=self.witness)
            try:
                if store.older and writes and isinstance(self.database, Path):
                    raise not_written_to(self.database, store.older)
                bot = Bot(store, nation=self.nation, where=str(self.database), admins=self.admins)
                shown, now, who = screen(), clock(self.now), user(self.database)
                if store.older:
                    print(as_it_is(self.database, store.older), file=sys.stderr)
                else:
                    take_over(store, TENANT, FACE.name, who, self.now)
                pings = Pings(store, shown, FACE, TENANT, now)
                return use(Chat(bot, shown, now, who, pings, self.papers))
            finally:
                store.close()
        except StoreError as error:
            print(f"irmer: {printable(str(error))}", file=sys.stderr)
            return 2


@contextmanager
def _terminal_given_back() -> Iterator[None]:
    """As it was, also where a signal came while the line editor was setting it."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        yield
        return
    import termios  # not on Windows

    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def _terminated(*_: object) -> None:
    raise Terminated


def user(database: Database) -> User:
    """The account that runs this process, whatever the environment calls it."""
    account = own_account()
    return User(
        account, account.removeprefix(OS), standing_at(database if isinstance(database, Path) else None)
    )
