"""What the bot keeps for itself, what it remembers of conversations, and what its upkeep finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.model import Destination, Json, Person

OF_ALL, AGAIN_BY = "-", "again:"
"""Keys of what somebody did a moment ago are no organisation's: a person of several may press a button of
any."""


@dataclass(frozen=True, slots=True)
class DraftKey:
    """One unfinished check: a conversation, and the thread or the user that holds it."""

    platform: str
    conversation: str
    holder: str


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """An unfinished check as it is kept. `state` is its owner's own JSON, `version` counts its savings."""

    key: DraftKey
    state: Json
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """Where a subject was posted: `place.thread` is its thread, `message` the posted message's id."""

    subject: str
    place: Destination
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ConversationReference:
    """What a platform needs in order to post into a conversation later (its service URL and so on)."""

    platform: str
    conversation: str
    data: Json
    dead: bool
    why: str
    updated_at: datetime


BACKED_UP, FOUND_WELL, RESTORED = "backup made", "found well", "restored"
"""What the trail calls a copy that was checked, and a check of all of it that found nothing wrong."""


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """One that serves. `faces`: how many connections it holds by each of what it hears by (`slack A0123`), 0
    where it is called instead; `trouble`: what it says is wrong, a line each."""

    id: str
    release: str
    started_at: datetime
    seen_at: datetime
    faces: Mapping[str, int]
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    tenant: str
    seq: int
    at: datetime
    by: Person
    what: str
    subject: str
    detail: Json
    previous: str
    hash: str
    said: str = ""
    """What the person wrote that stands in no other row: why a reminder was put off, say."""


@dataclass(frozen=True, slots=True)
class Health:
    """What `doctor` finds. `problems` is empty where all is well."""

    engine: str
    """Its name and release: SQLite 3.51.3."""
    wal_safe: bool
    """False below SQLite 3.51.3: one process alone may then open the file."""
    schema: str
    older: bool
    """It is an earlier release's, and read as it is."""
    triggers: bool
    chain: bool
    overdue: int
    """Messages that should have left more than a quarter of an hour ago."""
    undelivered: int
    """Given up, and no fallback has reached anybody either."""
    unwatched: int
    """Open deadlines that have no ping to come."""
    problems: tuple[str, ...]
