"""What the test in `test_model` keeps beside the store: the same in plain lists, without SQL or leases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime


@dataclass
class Ping:
    case: str
    kind: str
    round: int
    offset: str
    place: str
    planned: datetime
    next: datetime
    made: int = 0
    """Which of the pings it is, in the order that they were made."""
    state: str = "due"
    lease: int = 0
    """Which claim holds it."""
    lease_until: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    tries: int = 0
    doubt: bool = False
    """An earlier claim may have posted it."""

    @property
    def key(self) -> str:
        return f"{self.case}/{self.kind}/{self.round}/{self.offset}"

    @property
    def open(self) -> bool:
        return self.state in ("due", "sending", "unknown")

    def outdoes(self, other: Ping, now: datetime) -> bool:
        """A later one for the same purpose, and sent or about to be."""
        same = (self.case, self.kind, self.place) == (other.case, other.kind, other.place)
        later = (self.planned, self.made) > (other.planned, other.made)
        going = self.state in ("sending", "sent") or (self.state in ("due", "unknown") and self.next <= now)
        return same and later and going

    def end(self, state: str) -> None:
        if self.open:
            self.state = state

    def revive(self, at: datetime) -> None:
        """Wanted again after all: a worker may have posted it before it was cancelled, or be about to."""
        if self.state != "due" and self.tries:
            self.state, self.next = "unknown", max(at, self.lease_until)
        else:
            self.state, self.next = "due", at


@dataclass
class Kept:
    """What the model knows of a case."""

    record: str
    state: str = "opened"
    before: dict[str, str] = field(default_factory=dict)
    """The state before each one that `reopen` leads back from."""
    version: int = 1
    revision: int = 1
    confirmed: bool = False
    deadlines: dict[str, tuple[str, int, date]] = field(default_factory=dict)
    """Kind to state, version and date."""


def supersede(pings: list[Ping], now: datetime) -> None:
    """Of the due pings of one case, rule and place only the latest is sent."""
    for ping in pings:
        if ping.state in ("due", "unknown") and ping.next <= now and any(p.outdoes(ping, now) for p in pings):
            ping.state = "superseded"
