"""What a face offers for messages that nobody just asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.core.cards import Card
from storage.model import Destination


@dataclass(frozen=True)
class Posted:
    """The platform took it; `message` is the id it gave."""

    message: str


@dataclass(frozen=True)
class NotPosted:
    """Definitely not posted, and for good: the same again would be refused again. Only what is known to pass
    `passes`, and may bring its time, in seconds. `not_here`: this connection knows no such place, and another
    of the organisation's may."""

    error: str
    passes: bool = False
    retry_after: float = 0.0
    not_here: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Absent:
    """Looked for, and not there."""


@dataclass(frozen=True)
class Unknown:
    """Nobody knows: a timeout, a reset, a server's error, an answer that makes no sense. `wait`: seconds that
    the platform asks for."""

    error: str
    wait: float = 0.0


@dataclass(frozen=True)
class Unreadable:
    """Nobody will know later either: what is posted there cannot be looked at. `not_here` as above."""

    error: str
    not_here: bool = field(default=False, compare=False)


Became = tuple[str, str, str]
"""By which rule, on which platform, and what became of one try: sent, put off, unknown, given up."""
Outcome = Posted | NotPosted | Unknown
Found = Posted | Absent | Unknown | Unreadable


class Sender(Protocol):
    """A face's way out. None of these raises, but for TooLate; each ends within `Timings.request`."""

    platform: str

    async def send(self, tenant: str, place: Destination, card: Card, keys: Sequence[str]) -> Outcome:
        """Post a card. `keys`, of the message and of all that it stands for, go where `find` will see
        each."""

    async def update(self, tenant: str, place: Destination, message: str, card: Card) -> Outcome:
        """Make a posted message this card. Doing it twice does no harm."""

    async def find(self, tenant: str, place: Destination, key: str, since: datetime) -> Found:
        """Posted where a message with the key is there, Absent where it is not; Unknown where it cannot be
        told now, and Unreadable where it never will."""

    async def clock(self) -> datetime | Unknown | None:
        """What time it is by the platform; Unknown where it cannot be asked just now, None where it has no
        clock."""


class TooLate(Exception):
    """The lease no longer covers a request that was about to leave: nothing was sent."""


_LEFT: ContextVar[Callable[[], float] | None] = ContextVar("left", default=None)


@contextmanager
def leaving_within(left: Callable[[], float]) -> Iterator[None]:
    """Requests begun inside may leave while `left`, in seconds, is not below 0."""
    token = _LEFT.set(left)
    try:
        yield
    finally:
        _LEFT.reset(token)


def about_to_leave() -> None:
    """A sender's last look before a request leaves, with nothing awaited in between: the process may have
    stood still since the worker looked. Raises TooLate, which the sender lets through."""
    left = _LEFT.get()
    if left is not None and left() < 0:
        raise TooLate


@dataclass(frozen=True)
class Timings:
    """In seconds. `settle` is what a late message gets to turn up."""

    request: float = 10.0
    lease: float = 120.0
    settle: float = 300.0
    poll: float = 2.0  # how soon a new card or a changed one leaves; looking costs next to nothing
    pace: float = 1.0  # between two messages in one conversation
    backoff: float = 60.0  # after a definite refusal that gives no time of its own


USUAL = Timings()
