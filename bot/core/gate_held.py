"""What waits for its author's answer: held in the process alone, and for a day at most."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from bot.core.gate_texts import Found, subject_of
from bot.core.messages import What
from bot.core.turn import Turn
from rules.deadlines import uk_date

# Longer ago, and of more people, nothing is held; nor over midnight, when "yesterday" means another day.
FRESH = timedelta(hours=12)
MOST = 2_000


@dataclass(frozen=True)
class Withheld:
    """What somebody wrote and was asked about: the request as it was, what seemed to be in it by input (`""`
    for words), and what follows where it is nobody's (`after`), if that is not the request itself."""

    id: str
    turn: Turn
    found: Found
    after: What | None = None

    @property
    def at(self) -> datetime:
        return self.turn.request.now

    @property
    def subject(self) -> str:
        return subject_of(self.turn)

    def fresh(self, turn: Turn) -> bool:
        return turn.request.now - self.at < FRESH and uk_date(self.at) == turn.today

    def by(self, turn: Turn) -> bool:
        """Is it theirs who ask now?"""
        return (turn.tenant, turn.request.user.id) == (self.turn.tenant, self.turn.request.user.id)


class AllWithheld:
    """Of one process. What stood before a restart is not known any more, and has to be written again."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Withheld] = OrderedDict()
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._standing: dict[tuple[str, ...], str] = {}
        self._lock = Lock()

    def of(self, id_: str) -> Withheld | None:
        with self._lock:
            return self._held.get(id_)

    def answered(self, id_: str) -> bool:
        return id_ in self._answered

    @staticmethod
    def _where(turn: Turn) -> tuple[str, ...]:
        place = turn.request.place
        return (turn.tenant, turn.face.name, place.conversation, place.thread, turn.request.user.id)

    def hold(self, turn: Turn, found: Found, after: What | None = None) -> Withheld:
        held = Withheld(secrets.token_hex(8), turn, found, after)
        with self._lock:
            self._held[held.id] = held
            self._standing[self._where(turn)] = held.id
            while len(self._held) > MOST:
                _, oldest = self._held.popitem(last=False)
                self._standing.pop(self._where(oldest.turn), None)
        return held

    def last(self, turn: Turn) -> Withheld | None:
        with self._lock:
            held = self._held.get(self._standing.get(self._where(turn), ""))
        if held and not held.fresh(turn):
            self.drop(held)
            return None
        return held

    def drop(self, held: Withheld, *, answered: bool = False) -> bool:
        """Was it there?"""
        with self._lock:
            if self._standing.get(self._where(held.turn)) == held.id:
                del self._standing[self._where(held.turn)]
            if answered:
                self._answered[held.id] = None
                while len(self._answered) > MOST:
                    self._answered.popitem(last=False)
            return self._held.pop(held.id, None) is not None

    def put_back(self, held: Withheld) -> None:
        with self._lock:
            self._answered.pop(held.id, None)
            self._held[held.id] = held
            self._standing[self._where(held.turn)] = held.id
