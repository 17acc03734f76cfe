"""The store's verbs. Tenant first in each; `by` is who does it and `now` when, an aware datetime.

Every write is one transaction: the verb's own rows, what `also` adds, and a row in the audit trail; when it
returns it is on disk, when it raises nothing was written. All verbs may be called from any thread and
block: call them through a thread from asyncio. They raise `storage.errors`, each in one line that may be
shown; another tenant's row is NotFound. The data are in `storage.model`, `storage.plans` and
`storage.memory_model`. `subject` is a record number (2026-0001) or a case reference (C26-0007).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from storage.checkpoints import KnownKeys, Signed
from storage.imports import BroughtIn, Known
from storage.memory_model import Address, AuditEntry, ConversationReference, DraftKey, Health, KeptDraft
from storage.model import (
    Assessment,
    Case,
    CaseStep,
    Deadline,
    Destination,
    Json,
    KnownPerson,
    NewCase,
    Note,
    NoteKind,
    Person,
    Record,
    Redacted,
    Standing,
    Step,
)
from storage.plans import NOTHING_ELSE, Also, Batch, DeadlinePlan, Outgoing, PingPlan, PostPlan
from storage.register_model import EVERY, By, Incident, Which
from storage.retention_model import Before, Outdated


class Records(Protocol):
    def keep(
        self, tenant: str, assessment: Assessment, *, by: Person, now: datetime, also: Also = NOTHING_ELSE
    ) -> Record:
        """Keep a verdict as a new record, provisional."""

    def correct(
        self, tenant: str, number: str, assessment: Assessment, *, why: str, expected: int,
        details: Mapping[str, str] | None = None, by: Person, now: datetime, also: Also = NOTHING_ELSE,
    ) -> Record:  # fmt: skip
        """Put a new revision beside the old one. Conflict where `expected` is not the latest revision."""

    def give_details(
        self, tenant: str, number: str, given: Mapping[str, str], *, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Record:  # fmt: skip
        """What is known of a record beside its verdict, by the field's name, whatever fields there are: the
        last that was given of each holds, and an empty one takes it out. No revision comes of it."""

    def confirm(
        self, tenant: str, number: str, *, revision: int, role: str, compared: bool = False, note: str = "",
        same_person: bool | None = None, by: Person, now: datetime, also: Also = NOTHING_ELSE,
    ) -> Record:  # fmt: skip
        """Confirm a revision. Conflict where it is not the latest, or where the confirmation adds nothing.
        `same_person`: had they kept or changed it themselves? None where nobody looked."""

    def add_note(
        self, tenant: str, subject: str, text: str, *, kind: NoteKind = "note",
        by: Person, now: datetime, also: Also = NOTHING_ELSE,
    ) -> Note:  # fmt: skip
        """Add to a record or a case, whatever its state."""

    def notes(self, tenant: str, subject: str) -> tuple[Note, ...]: ...

    def record(self, tenant: str, number: str, revision: int | None = None) -> Record:
        """The latest revision, or the one asked for."""

    def revisions(self, tenant: str, number: str) -> tuple[Record, ...]: ...

    def records(
        self, tenant: str, *, outcome: str = "", status: Literal["", "provisional", "confirmed"] = "",
        lacking: NoteKind | None = None, since: datetime | None = None, until: datetime | None = None,
        offset: int = 0, limit: int = 1000,
    ) -> tuple[Record, ...]:  # fmt: skip
        """Latest revisions, newest number first. `lacking` leaves those with no note of that kind; `since`
        and `until` (before) go by when the record was first kept."""

    def count_records(
        self, tenant: str, *, outcome: str = "", status: Literal["", "provisional", "confirmed"] = "",
        lacking: NoteKind | None = None, since: datetime | None = None, until: datetime | None = None,
    ) -> int:  # fmt: skip
        """How many `records` would list without a limit."""


class Cases(Protocol):
    def open_case(
        self, tenant: str, new: NewCase, *, by: Person, now: datetime, also: Also = NOTHING_ELSE
    ) -> Case:
        """Open a case with its records, deadlines, pings and posts, all or nothing. Conflict as `correct`."""

    def take_step(
        self, tenant: str, ref: str, step: Step, *, expected: int | None, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Case:  # fmt: skip
        """Take a step. Conflict, saying who did what, where `expected` is not the case's version (None: any);
        OutOfOrder where the state does not allow it (`STEPS`); Duplicate, with the other case's reference in
        `result`, where the authority's reference belongs to another case."""

    def hand_over(
        self, tenant: str, given: Sequence[tuple[Case, Person, Also]], *, note: str = "", by: Person,
        now: datetime, also: Also = NOTHING_ELSE, result: str = "",
    ) -> tuple[Case, ...]:  # fmt: skip
        """Several cases to their new owners, all of them or none, each with what belongs to it. `also` is of
        no one case, and `result` what came of its delivery. Conflict and OutOfOrder as `take_step`."""

    def case(self, tenant: str, ref: str) -> Case: ...

    def cases(
        self, tenant: str, *, states: Sequence[str] = (), owner: str = "", due_before: date | None = None,
        soonest: bool = False, offset: int = 0, limit: int = 1000,
    ) -> tuple[Case, ...]:  # fmt: skip
        """Newest first, or by the first of their own deadlines that is open; all states where none is named;
        `owner` is a user id; `due_before` leaves those with an open deadline of their own before that day.
        The first `offset` of what is left are passed over."""

    def count_cases(
        self, tenant: str, *, states: Sequence[str] = (), owner: str = "", due_before: date | None = None
    ) -> int:
        """How many `cases` would list without a limit."""

    def owners(self, tenant: str) -> tuple[tuple[str, str], ...]:
        """Who owns a case that is not over, by their id, and its reference."""

    def steps(self, tenant: str, ref: str) -> tuple[CaseStep, ...]: ...


class Deadlines(Protocol):
    def set_deadlines(
        self, tenant: str, subject: str, plans: Sequence[DeadlinePlan], *, by: Person, now: datetime
    ) -> tuple[Deadline, ...]:
        """As `Also.deadlines`; returns the subject's current deadlines."""

    def meet(
        self, tenant: str, subject: str, kind: str, *, note: str = "", by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Deadline:  # fmt: skip
        """A deadline is met: its pings are cancelled. Conflict where it is no longer open."""

    def withdraw(
        self, tenant: str, subject: str, kind: str, *, why: str, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Deadline:  # fmt: skip
        """A deadline no longer applies: its pings are cancelled. Conflict where it is no longer open."""

    def deadlines(
        self, tenant: str, *, subject: str = "", state: str = "open", until: date | None = None,
        history: bool = False, offset: int = 0, limit: int = 1000,
    ) -> tuple[Deadline, ...]:  # fmt: skip
        """Soonest first; `state` "" gives all, `until` is inclusive, `history` adds the earlier versions."""

    def count_deadlines(
        self, tenant: str, *, subject: str = "", state: str = "open", until: date | None = None
    ) -> int:
        """How many `deadlines` would list without a limit."""

    def unwatched(self, tenant: str | None) -> tuple[tuple[str, Deadline], ...]:
        """Open deadlines with no ping to come, with their tenants, to be planned again. None: all tenants."""

    def to_come(self, tenant: str, *, after: datetime) -> dict[tuple[str, str], tuple[datetime, bool]]:
        """By subject and kind, of each deadline that has a reminder of its own that is planned for after then
        and is still to leave: for when the earliest is planned, and whether somebody has put it off."""


class Outbox(Protocol):
    def claim(
        self,
        tenant: str | None,
        platform: str,
        *,
        worker: str,
        now: datetime,
        lease: timedelta,
        limit: int = 50,
        skip: Collection[str] = (),
    ) -> Batch | None:
        """The next message to send on a platform, held under a lease: posts first, then pings by deadline;
        of several overdue pings of one subject, rule and place only the latest, the earlier become
        superseded. None where nothing is due, or only in the conversations in `skip`. Tenant None: all."""

    def sent(
        self,
        tenant: str,
        batch: Batch,
        *,
        message: str,
        now: datetime,
        then: Sequence[tuple[int, PingPlan]] = (),
        posts: Sequence[PostPlan] = (),
    ) -> None:
        """It is posted, as `message` (its id). Written even where the lease ran out or it was cancelled
        meanwhile. `then` plans what follows an item (its id, and the ping), if its deadline is still open;
        `posts` go out beside it, each key once."""

    def later(self, tenant: str, batch: Batch, *, at: datetime, error: str = "", now: datetime) -> bool:
        """Definitely not posted: try again at `at`. False where the lease was lost: nothing changes then."""

    def unknown(self, tenant: str, batch: Batch, *, at: datetime, error: str = "", now: datetime) -> bool:
        """Perhaps posted: check at `at`. False where the lease was lost: nothing changes then."""

    def undeliverable(
        self, tenant: str, batch: Batch, *, error: str, instead: Sequence[Destination] = (), now: datetime,
        then: Sequence[tuple[int, PingPlan]] = (), posts: Sequence[PostPlan] = (),
    ) -> bool:  # fmt: skip
        """Not posted, and given up there. Each ping and post goes to the next of the places in `instead` at
        once, one after the other (updates do not). False where the lease was lost: nothing changes then."""

    def try_again(self, tenant: str | None, *, before: datetime, now: datetime) -> int:
        """What every place refused, the last one before then, begins anew where it belongs; how many."""

    def late(self, tenant: str | None, *, before: datetime) -> tuple[Outgoing, ...]:
        """Whatever was planned for before then and is still to leave, the oldest first."""

    def snooze(
        self,
        tenant: str,
        subject: str,
        kind: str,
        *,
        until: datetime,
        why: str = "",
        by: Person,
        now: datetime,
        then: Sequence[PingPlan] = (),
    ) -> Outgoing:
        """Ping about this deadline again at `until`, and not before; escalations stay as they are, and
        `then` adds to them. `kind` is the deadline's. Conflict where the deadline is no longer open."""

    def post(self, tenant: str, plan: PostPlan, *, now: datetime) -> Outgoing:
        """Queue a message that belongs to no other verb. Duplicate where a post of this key is queued or
        sent."""

    def next_due(self, tenant: str | None, platform: str) -> datetime | None:
        """From when on something is due, leases that run out included; None where nothing is to come."""

    def outgoing(self, tenant: str, subject: str) -> tuple[Outgoing, ...]:
        """All pings, posts and updates of a subject, in the order they were planned for."""

    def serves(self, tenant: str, platform: str, *, now: datetime) -> None:
        """Somebody sends this tenant's messages on this platform: to be said again every minute."""

    def served(self, *, since: datetime) -> frozenset[tuple[str, str]]:
        """Tenants and platforms of which that was said since then."""

    def waiting(self, *, but: Collection[str] = ()) -> tuple[tuple[str, str, int], ...]:
        """Tenants and platforms for which messages wait, whenever they are to leave, and how many; without
        the platforms in `but`."""

    def tenants_with_deadlines(self) -> tuple[tuple[str, int], ...]:
        """Tenants that have open deadlines, and how many."""

    def undelivered(self, tenant: str | None) -> tuple[Outgoing, ...]:
        """Given up, with nothing instead that is sent or still to come. None: every tenant."""


class Memory(Protocol):
    def first_time(self, tenant: str, key: str, *, now: datetime, result: str = "") -> bool:
        """True once per key. Where the work is a write, give the key as `Also.delivery` instead: then a
        kill between the two loses nothing."""

    def came_of(self, tenant: str, key: str) -> str:
        """What was done under a key came to this; empty where nothing was, or nothing is remembered."""

    def forget_deliveries(self, tenant: str, *, before: datetime) -> int: ...

    def save_draft(
        self, tenant: str, key: DraftKey, state: Json, *, now: datetime, expected: int | None = None
    ) -> KeptDraft:
        """Conflict where `expected` is not the stored version (0: none is stored; None: whichever)."""

    def draft(self, tenant: str, key: DraftKey) -> KeptDraft | None: ...

    def drafts(self, tenant: str, *, platform: str = "", holder: str = "") -> tuple[KeptDraft, ...]: ...

    def drop_draft(self, tenant: str, key: DraftKey) -> bool: ...

    def discard_draft(
        self, tenant: str, key: DraftKey, *, by: Person, now: datetime, expected: int | None = None
    ) -> bool:
        """Drop it because its author wants it gone; the trail keeps that it was and by whom, and nothing of
        what it said. False where there is none; `expected` as for `save_draft`."""

    def scrub(self) -> bool:
        """What was deleted since leaves the log beside the file as well: done by `discard_draft` and `redact`
        themselves, else to be called now and then. False where somebody reads: to be tried again."""

    def set_setting(self, tenant: str, key: str, value: Any, *, by: Person, now: datetime) -> None:
        """Any JSON value; None removes it. What it was before is in the audit trail."""

    def change_settings(
        self, tenant: str, values: Mapping[str, Any], *, plans: Sequence[DeadlinePlan] | None = None,
        posts: Sequence[PostPlan] = (), by: Person, now: datetime,
    ) -> int:  # fmt: skip
        """Several settings, posts and, where `plans` are given, the reminders of every open deadline of the
        tenant as they are planned by them, in one transaction; how many deadlines had theirs changed. Each
        plan names its subject and keeps its date. Conflict, and nothing is changed, where a deadline was set,
        moved or ended since then: plan them again."""

    def setting(self, tenant: str, key: str, default: Any = None) -> Any: ...

    def settings(self, tenant: str) -> dict[str, Any]: ...

    def remember_person(
        self, tenant: str, platform: str, user: str, standing: Standing, name: str = "", *, now: datetime
    ) -> None:
        """What a platform says of somebody. A change of it is written into the trail."""

    def person(self, tenant: str, user: str, platform: str = "") -> KnownPerson | None:
        """What was last heard of somebody, on whichever platform where none is named."""

    def tenants(self) -> tuple[str, ...]:
        """Every tenant that has an audit trail."""

    def remember_address(
        self, tenant: str, subject: str, place: Destination, message: str, *, now: datetime
    ) -> None:
        """A subject's message in a conversation; a later one in the same conversation takes its place."""

    def addresses(self, tenant: str, subject: str) -> tuple[Address, ...]: ...

    def subject_at(self, tenant: str, place: Destination) -> str | None:
        """Which case or record lives in this thread, or is this message (`place.thread` holds either id)."""

    def remember_reference(
        self, tenant: str, platform: str, conversation: str, data: Json, *, now: datetime
    ) -> None:
        """Also brings a dead one back to life."""

    def reference(self, tenant: str, platform: str, conversation: str) -> ConversationReference | None: ...

    def mark_reference_dead(
        self, tenant: str, platform: str, conversation: str, *, why: str, now: datetime
    ) -> None: ...


class Redaction(Protocol):
    def redact(
        self, tenant: str, subject: str, what: str, *, why: str, by: Person, now: datetime
    ) -> Redacted:
        """Take a text out of a record or a case: "account", "title", "note 2" and so on; its seal, the reason
        and who did it stay. Conflict where it is out already, NotFound where there is none."""

    def texts(self, tenant: str, subject: str) -> tuple[str, ...]:
        """Which texts of a record or a case could be taken out, by their names."""

    def outdated(self, tenant: str, before: Before) -> Outdated:
        """What would go: a dry run."""

    def let_go(self, tenant: str, before: Before, *, by: Person, now: datetime) -> Outdated:
        """Delete it, with every message; its entries in the trail stay, and say that it went."""

    def copies(self, tenant: str) -> tuple[tuple[str, str, str], ...]:
        """As `Redacted.copies`, all of them."""

    def erasures(self) -> tuple[str, ...]:
        """A line for each entry of a trail that says that something is not there any more."""


class Upkeep(Protocol):
    def log(
        self, tenant: str, what: str, subject: str, detail: Json, *, by: Person, now: datetime
    ) -> AuditEntry:
        """Put something that changes no data (a refusal, an export) into the audit trail."""

    def audit(
        self, tenant: str, *, subject: str = "", after: int = 0, limit: int = 10_000
    ) -> tuple[AuditEntry, ...]: ...

    def export(self, tenant: str, *, by: Person, now: datetime) -> AbstractContextManager[Iterator[Json]]:
        """Everything that was kept for a tenant, row by row with its table's name under "table", as it stood
        at one moment; written down in the trail, which so ends with the export itself; last comes the
        checkpoint that it stands on, where there is a key. Nobody waits while the block lasts."""

    def checkpoint(self, tenant: str, *, now: datetime) -> Signed | None:
        """What stands at the end of the trail, signed, and added to the file of checkpoints. None where there
        is no key, or no trail. Also made by `confirm`, and by `take_step` where it notifies."""

    def signs(self) -> bool:
        """Is there a key?"""

    def not_signed(self) -> str:
        """Why a checkpoint could not be made or put away; empty where all is well."""

    def held_to(self, text: str, keys: KnownKeys) -> list[str]:
        """What is not as the checkpoints in a file's text say, and which of these say nothing."""

    def verify(self, *, now: datetime | None = None) -> list[str]:
        """Check everything; problems in plain words, empty where all is well. Reads a snapshot: nobody waits
        meanwhile. Without `now` a message is held against the last moment in the trail."""

    def doctor(self, *, now: datetime) -> Health: ...

    def backup(self, path: Path, *, now: datetime) -> str:
        """A verified copy; one line that says what is in it. Refuses to overwrite."""

    def last_written(self) -> datetime | None:
        """When something was written into a trail last, by the clock of whoever wrote it."""

    def close(self) -> None: ...


class Register(Protocol):
    def incidents(
        self, tenant: str, which: Which = EVERY, *, offset: int = 0, limit: int = 1000
    ) -> tuple[Incident, ...]:
        """Every record, whatever its outcome, whose entry fits; by day of the incident, the latest first."""

    def count_incidents(self, tenant: str, which: Which = EVERY) -> int:
        """How many `incidents` would list without a limit."""

    def register(
        self, tenant: str, which: Which = EVERY, *, told: Json, by: Person, now: datetime
    ) -> AbstractContextManager[tuple[int, Iterator[tuple[Record, tuple[Case, ...], str]]]]:
        """How many incidents fit, and each with its cases and its source, the earliest first, of one moment;
        written down in the trail, with what `told` says of it. Nobody waits while the block lasts."""

    def known_imports(self, tenant: str, source: str) -> Mapping[str, Known]:
        """By the digest of its reference (`ref_digest`), each row that was brought in from a source."""

    def begin_import(self, tenant: str, source: str, file: str, *, by: Person, now: datetime) -> int:
        """A run for a file (its digest), or the one that was cut short."""

    def bring_in(
        self, tenant: str, run: int, rows: Sequence[BroughtIn], *, by: Person, now: datetime
    ) -> tuple[str, ...]:
        """Keep rows as records, in one transaction: no case, no deadline, no ping. Their numbers."""

    def finish_import(self, tenant: str, run: int, *, by: Person, now: datetime) -> int:
        """From now on what it brought is in the lists; how many. Raises Invalid where it is finished."""

    def tally(self, tenant: str, by: By, which: Which = EVERY) -> dict[str, int]:
        """How many for each month, cause and so on, by its name; one of several causes counts for each. What
        there is none of is not named; "" where it is not known."""


class Store(Records, Cases, Deadlines, Outbox, Memory, Redaction, Upkeep, Register, Protocol):
    """All of it; `storage.sqlite.open_store(path)` gives one."""
