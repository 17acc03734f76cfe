"""What is planned and sent: deadlines with their pings, posts, the rows of the outbox; see `model`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from storage.memory_model import DraftKey
from storage.model import NINE, UK, Destination, Json
from storage.theme_model import ThemeAnswer

NO_PAUSE = timedelta()


@dataclass(frozen=True, slots=True)
class PingPlan:
    """A reminder of a deadline. `offset` ("-7d", "0d", "+1d") is its name within the deadline; an
    escalation goes to a place of its own and is not put off by a snooze. `at` is the local hour, its
    deadline's where None; it may leave by up to `spread` later on that day, each organisation at a time of
    its own, and is judged by the hour."""

    offset: str
    on: date
    place: Destination
    at: time | None = None
    escalation: bool = False
    body: Json = field(default_factory=dict)
    spread: timedelta = NO_PAUSE


@dataclass(frozen=True, slots=True)
class DeadlinePlan:
    """A deadline to be set, with its pings. Set again with the same date it keeps its version and its open
    pings become those given here; with another date, or once it was met or withdrawn, it becomes the next
    version."""

    kind: str
    due_on: date
    pings: tuple[PingPlan, ...] = ()
    zone: str = UK
    at: time = NINE
    why: str = ""
    subject: str = ""
    """The case or record it belongs to, where that is not the verb's own."""


@dataclass(frozen=True, slots=True)
class PostPlan:
    """A message to be posted, or a posted one to be updated ("update": the latest of one key wins). `key`
    is unique within the tenant for posts. With `remember`, the id it gets is kept as an address of the
    subject."""

    key: str
    place: Destination
    body: Json = field(default_factory=dict)
    kind: Literal["post", "update"] = "post"
    remember: bool = False
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Also:
    """What is committed together with a verb's own work, or not at all.

    `delivery`: the platform's key of what was delivered; seen before, the verb raises Duplicate with the
    first result and writes nothing. `record_deadlines`: of each record that a verb about a case keeps or
    revises with it. `meet`, `withdraw`: kinds of deadlines, of the subject and of those records; their open
    pings are cancelled. `drop_draft`: the conversation's draft, now done; with `draft_version` the verb
    raises Conflict, and writes nothing, where the draft is no longer of that version. `theme`: what was
    answered of the incidents that led to it.
    """

    delivery: str = ""
    deadlines: tuple[DeadlinePlan, ...] = ()
    record_deadlines: tuple[DeadlinePlan, ...] = ()
    meet: tuple[str, ...] = ()
    withdraw: tuple[str, ...] = ()
    posts: tuple[PostPlan, ...] = ()
    drop_draft: DraftKey | None = None
    draft_version: int | None = None
    theme: ThemeAnswer | None = None


NOTHING_ELSE = Also()
OutgoingState = Literal["due", "sending", "unknown", "sent", "superseded", "cancelled", "dead"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A ping, post or update: a row of the outbox. `rule` is its deadline's kind, `round` its version."""

    tenant: str
    id: int
    kind: Literal["ping", "post", "update"]
    key: str
    subject: str
    rule: str
    round: int
    offset: str
    due_on: date | None
    place: Destination
    """With the thread that is known by now for its subject, or for the case of its record; else its own."""
    planned_at: datetime
    next_at: datetime
    state: OutgoingState
    attempts: int
    body: Json
    escalation: bool = False
    remember: bool = False
    fallback_for: str = ""
    """The key of the ping that could not be delivered and that this one stands in for."""
    sent_at: datetime | None = None
    message: str = ""
    """The id it was given when it was posted. In a claimed update: the message to update, "" if none is
    known."""
    error: str = ""
    damaged: tuple[str, ...] = ()
    """The columns that cannot be read, and are left out: somebody else wrote into the file."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one worker holds under a lease, and sends as one message: several pings due in one conversation,
    or one post or update. `keys` go into the message's metadata. With `check_first` it may have been
    posted already, no earlier than `first_try`: read back for `key` before sending, and where that is
    impossible word it as a repeat. Send nothing once `lease_until` is near by the monotonic clock: give it
    back with `later`."""

    key: str
    tenant: str
    place: Destination
    items: tuple[Outgoing, ...]
    check_first: bool
    first_try: datetime
    lease_until: datetime
    worker: str
    pace: timedelta = NO_PAUSE
    """How long its conversation is left alone once it was tried."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its own, and those of all that it stands for: after a restore each of them is looked for."""
        return tuple(dict.fromkeys((self.key, *(item.key for item in self.items))))
