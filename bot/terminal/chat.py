"""`irmer chat`: lines in, cards out, until somebody leaves."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.bot import Bot
from bot.core.cards import Card, Severity
from bot.core.messages import (
    Capabilities,
    Command,
    Give,
    Home,
    HomeOpened,
    Leave,
    Picture,
    Place,
    Refresh,
    Replace,
    Reply,
    Request,
    Said,
    Show,
    User,
    What,
)
from bot.core.reminders.clock import tick
from bot.terminal.pings import Pings
from bot.terminal.screen import Screen
from storage.errors import StoreError

FACE = Capabilities(
    dialogs=False, private_answers=True, hears_everything=True, buttons=False, command="", name="terminal",
    administrators="the account that owns the database's file",
)  # fmt: skip
TENANT = "local"
PLACE = Place("terminal", personal=True)
Clock = Callable[[], datetime]


def clock(start: datetime) -> Clock:
    """A clock that stands at `start` now, and goes on."""
    begun = tick()
    return lambda: start + timedelta(seconds=tick() - begun)


class Terminated(KeyboardInterrupt):
    """SIGTERM, taken as Ctrl-C is: the terminal is given back in order."""


class Chat:
    """One person at one terminal. `user` is who they are to the record."""

    def __init__(
        self, bot: Bot, screen: Screen, now: Clock, user: User, pings: Pings | None = None,
        papers: Path | None = None,
    ) -> None:  # fmt: skip
        """`papers` are written there, else into the folder that one is in."""
        self._bot, self._screen, self._now, self._user = bot, screen, now, user
        self._pings, self._papers = pings, papers

    def ask(self, what: What) -> bool:
        """One request; False once somebody has left."""
        return not any(isinstance(reply, Leave) for reply in self._answered(what))

    def once(self, what: Command) -> int:
        """One request, and out: 1 where it was refused, or asked about and nobody is there to answer."""
        replies = self._answered(what)
        while self._bot.asking(self._request(what), FACE):
            if not sys.stdin.isatty():
                return 1
            replies = self._answered(_what(self._screen.line()))
        return int(any(isinstance(reply, Show) and reply.refused for reply in replies))

    def _answered(self, what: What) -> list[Reply]:
        """The replies, shown as they come."""
        with self._pings.silent() if self._pings else nullcontext():
            replies: list[Reply] = [
                self._saved(reply) if isinstance(reply, Give | Picture) else reply
                for reply in self._bot.handle(self._request(what), FACE)
            ]
            for reply in replies:
                if isinstance(reply, Show | Replace | Refresh | Home):
                    self._screen.show(reply.card)
        return replies

    def _saved(self, reply: Give | Picture) -> Show:
        from bot.terminal.paper_files import saved, saved_picture  # 20 ms, for whoever wants a paper

        to = self._papers or Path()
        return saved(reply.paper, to) if isinstance(reply, Give) else saved_picture(reply.chart, to)

    def _request(self, what: What) -> Request:
        return Request(TENANT, self._user, PLACE, self._now(), what)

    def run(self, first: str = "") -> int:
        """Until somebody leaves, the input ends (0), Ctrl-C (130) or SIGTERM (143). What was begun is
        kept."""
        try:
            going = self.ask(Command(first) if first else HomeOpened())
            if self._pings:
                self._remind(self._pings.start)
            while going:
                going = self.ask(_what(self._screen.line()))
                if self._pings:
                    self._remind(self._pings.print_due)
        except EOFError:
            print(f"Goodbye.{self._kept()}")
        except KeyboardInterrupt as stopped:
            print(f"\nStopped.{self._kept()}", file=sys.stderr)
            return 143 if isinstance(stopped, Terminated) else 130
        finally:
            if self._pings:
                self._pings.stop()
        return 0

    def _remind(self, work: Callable[[], None]) -> None:
        """A store that is full or locked holds reminders up: that is said, and the chat goes on."""
        try:
            work()
        except StoreError as error:
            self._screen.show(Card(f"Reminders are held up: {error}", severity=Severity.ALARM))

    def _kept(self) -> str:
        begun = self._bot.unfinished(self._request(HomeOpened()), FACE)
        return " The check is unfinished, and kept: type check next time to go on." if begun else ""


def _what(line: str) -> What:
    return Command(line) if line.lstrip().lower().startswith("/irmer") else Said(line, mentioned=True)
