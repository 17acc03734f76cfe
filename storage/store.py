"""The store's verbs. Tenant first in each; `by` is who does it and `now` when, an aware datetime.

Every write is one transaction: the verb's own rows, what `also` adds, and a row in the audit trail; when it
returns it is on disk, when it raises nothing was written. All verbs may be called from any thread and
block: call them through a thread from asyncio. They raise `storage.errors`, each in one line that may be
shown; another tenant's row is NotFound. The data are in `storage.model`, `storage.plans` and
`storage.memory_model`. `subject` is a record number (2026-0001) or a case reference (C26-0007).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Literal, Protocol

from storage.imports import BroughtIn, Known, UnfinishedImport
from storage.measure_model import CorrectiveMeasure, MeasurePlan
from storage.model import (
    Assessment,
    Case,
    CaseStep,
    Deadline,
    Json,
    NewCase,
    Note,
    NoteKind,
    Person,
    Record,
    Step,
)
from storage.plans import NOTHING_ELSE, Also, DeadlinePlan
from storage.register_model import EVERY, AlikeCount, By, Exported, Incident, MetDeadline, Which
from storage.store_connections import ChatConnections
from storage.store_organisations import Organisations
from storage.store_outbox import Outbox
from storage.store_processes import RunningProcesses
from storage.store_upkeep import Memory, Redaction, Upkeep
from storage.theme_model import Theme, ThemeAnswer, ThemeState


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
        self, tenant: str, subject: str, plans: Sequence[DeadlinePlan], *, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> tuple[Deadline, ...]:  # fmt: skip
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


class Register(Protocol):
    def incidents(
        self, tenant: str, which: Which = EVERY, *, offset: int = 0, limit: int = 1000
    ) -> tuple[Incident, ...]:
        """Every record, whatever its outcome, whose entry fits; by day of the incident, the latest first."""

    def count_alike(self, tenant: str, which: Which = EVERY) -> tuple[AlikeCount, ...]:
        """By what a set of incidents can share; each incident is counted once."""

    def count_incidents(self, tenant: str, which: Which = EVERY) -> int:
        """How many `incidents` would list without a limit."""

    def register(
        self, tenant: str, which: Which = EVERY, *, told: Json, by: Person, now: datetime
    ) -> AbstractContextManager[tuple[int, Iterator[Exported]]]:
        """How many incidents fit, and each with its cases, its source and its measures, the earliest first,
        of one moment; written down in the trail, with what `told` says of it. Nobody waits while the block
        lasts."""

    def known_imports(self, tenant: str, source: str) -> Mapping[str, Known]:
        """By the digest of its reference (`ref_digest`), each row that was brought in from a source."""

    def unfinished_imports(self, tenant: str, source: str | None = None) -> tuple[UnfinishedImport, ...]:
        """Runs that left incidents which are in no list: of one source, or of any."""

    def begin_import(self, tenant: str, source: str, file: str, *, by: Person, now: datetime) -> int:
        """A run for a file (its digest), or the one that was cut short."""

    def bring_in(
        self, tenant: str, run: int, rows: Sequence[BroughtIn], *, by: Person, now: datetime
    ) -> tuple[str, ...]:
        """Keep rows as records, in one transaction: no case, no deadline, no ping. Their numbers."""

    def finish_import(self, tenant: str, run: int, *, by: Person, now: datetime) -> int:
        """From now on what it brought is in the lists, and what runs of its source did that were cut short;
        how many. Raises Invalid where it is finished."""

    def tally(self, tenant: str, by: By, which: Which = EVERY) -> dict[str, int]:
        """How many for each month, cause and so on, by its name; one of several causes counts for each. What
        there is none of is not named; "" where it is not known."""

    def tally_detail(self, tenant: str, field: str, which: Which = EVERY) -> dict[str, int]:
        """As `tally`, by what was told last of a detail; "" where nothing was."""

    def days_taken(self, tenant: str, kind: str, which: Which = EVERY) -> tuple[MetDeadline, ...]:
        """Cases of these incidents whose deadline of a kind was met, by their day of discovery."""

    def count_overdue(self, tenant: str, kind: str, today: date, which: Which = EVERY) -> int:
        """Cases of these incidents whose deadline of a kind is open, and its day over."""


class Themes(Protocol):
    def answer_theme(
        self, tenant: str, given: ThemeAnswer, *, by: Person, now: datetime, also: Also = NOTHING_ELSE
    ) -> Theme:
        """Open a theme, or answer of one again; where a case comes of it, give the answer as `Also.theme` to
        the verb of the case instead. Conflict where `given.expected` is not its version, or where a theme of
        the same incidents was opened meanwhile."""

    def close_theme(
        self, tenant: str, ref: str, learning: str, *, expected: int | None, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Theme:  # fmt: skip
        """Close it with what was learnt. Conflict as above; OutOfOrder where it is closed."""

    def theme(self, tenant: str, ref: str) -> Theme: ...

    def themes(
        self, tenant: str, *, states: Sequence[ThemeState] = (), offset: int = 0, limit: int = 1000
    ) -> tuple[Theme, ...]:
        """Newest first; all states where none is named."""

    def count_themes(self, tenant: str, *, states: Sequence[ThemeState] = ()) -> int:
        """How many `themes` would list without a limit."""

    def themes_of(self, tenant: str, numbers: Sequence[str]) -> tuple[Theme, ...]:
        """Those in which any of these incidents is, newest first."""


class Measures(Protocol):
    def set_measure(
        self, tenant: str, number: str, given: MeasurePlan, *, seq: int = 0, expected: int | None = None,
        by: Person, now: datetime, also: Also = NOTHING_ELSE,
    ) -> CorrectiveMeasure:  # fmt: skip
        """Set a corrective measure of a record with its deadline, or the `seq`th anew, open again whatever
        became of it. NotFound where there is no such one; Conflict where `expected` is not its last change.
        It is met and withdrawn by its deadline, of the kind `measure:<seq>`."""

    def measures(self, tenant: str, number: str) -> tuple[CorrectiveMeasure, ...]:
        """Of a record, in their order, each as it is now."""

    def measure_history(self, tenant: str, number: str) -> tuple[CorrectiveMeasure, ...]:
        """The same with every change; day and state are those of now."""

    def measure_owners(self, tenant: str) -> tuple[tuple[str, str, int], ...]:
        """Of all that are open: whose, of which record, the how manyeth."""


class Store(
    Records,
    Cases,
    Deadlines,
    Outbox,
    Memory,
    Redaction,
    Upkeep,
    Register,
    Themes,
    Measures,
    Organisations,
    RunningProcesses,
    ChatConnections,
    Protocol,
):
    """All of it; `storage.sqlite.open_store(path)` gives one."""
