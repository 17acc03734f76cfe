"""The list that each person was shown last: a number that they type after it picks from that one."""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from bot.core.cards import Card
from bot.core.messages import Capabilities, Open, Place, Replace, Reply, Request, Show

# Longer ago, and of more people, no list is remembered: then it is asked what a number means.
FRESH = timedelta(hours=12)
MOST = 10_000
_NUMBER = re.compile(r"[#(\[]?\s*(\d{1,4})\s*[.)\]:]?")
Where = tuple[str, ...]


def bare_number(text: str) -> int | None:
    """A number and nothing else: `2`, `2.`, `(2)`, `#2`."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text[:40]).strip()) if len(text) < 40 else None
    return int(found[1]) if found else None


@dataclass(frozen=True)
class Shown:
    """What was shown last in one place: `picks` are the numbers of its list with the words that they stand
    for, empty where there was none on it; `turn` counts up."""

    at: datetime
    turn: int
    picks: Mapping[int, str]


class LastShown:
    """Held in the process alone: what was shown before a restart is not known, and asked about."""

    def __init__(self) -> None:
        self._shown: OrderedDict[Where, Shown] = OrderedDict()
        self._count, self._lock = 0, Lock()

    def note(self, request: Request, face: Capabilities, replies: list[Reply]) -> None:
        """Remember the last thing that stands before the person now, in each place that they were answered
        in."""
        with self._lock:
            for reply in replies:
                for where in _shown_in(reply, request, face):
                    self._count += 1
                    card = reply.card if isinstance(reply, Show | Replace) else None
                    picks = dict(card.picks) if isinstance(card, Card) else {}
                    self._shown[where] = Shown(request.now, self._count, picks)
                    self._shown.move_to_end(where)
            while len(self._shown) > MOST:
                self._shown.popitem(last=False)

    def list_for(self, request: Request, face: Capabilities) -> Mapping[int, str]:
        """The list that the person was shown last where they write now; empty where something else was."""
        with self._lock:
            found = [
                self._shown[where] for where in _places(request, face, request.place) if where in self._shown
            ]
        last = max(found, key=lambda one: one.turn, default=None)
        return last.picks if last and request.now - last.at < FRESH else {}


def _shown_in(reply: Reply, request: Request, face: Capabilities) -> Iterator[Where]:
    if not isinstance(reply, Show | Replace | Open) or (isinstance(reply, Show) and reply.refused):
        return  # a refusal is a line below what stands
    place = (reply.place if isinstance(reply, Show) else None) or request.place
    if isinstance(reply, Show) and reply.private and not face.private_answers and not place.personal:
        yield _own(request, face)  # it comes to their own chat
    else:
        yield from _places(request, face, place)


def _places(request: Request, face: Capabilities, place: Place) -> Iterator[Where]:
    """A personal chat is the same however it is written to."""
    yield (request.tenant, face.name, place.conversation, place.thread, request.user.id)
    if place.personal:
        yield _own(request, face)


def _own(request: Request, face: Capabilities) -> Where:
    return (request.tenant, face.name, request.user.id)
