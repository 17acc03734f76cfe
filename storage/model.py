"""What the store trades in: frozen dataclasses, no behaviour beyond reading them.

Every instant is an aware datetime; every deadline a calendar date with its zone and local hour. Texts
written by people are masked of NHS, CHI and H&C numbers on their way in, so what comes back may differ from
what was given. `Json` is a mapping of strings to what JSON can say; no NaN, no infinity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal

from storage.case_states import CaseState, StepKind

Json = Mapping[str, Any]
UK = "Europe/London"
NINE = time(9, 0)
ACCOUNT = "os:"  # before the account of the machine that somebody acted by
UNNAMED = "somebody whose name is not known here"


@dataclass(frozen=True, slots=True)
class Person:
    """Who did it: the platform's user id, and the display name as it was given."""

    id: str
    name: str = ""

    @property
    def called(self) -> str:
        """In a sentence: by name, an account of the machine by itself, and nobody by a platform's id."""
        return self.name or (self.id if self.id.startswith(ACCOUNT) else UNNAMED)


BOT = Person("irmer-bot", "irmer-bot")
# Whose trail holds what was set on the machine itself, for whatever tenants there are.
MACHINE = "this machine"
# Whose trail holds what came from places that lead to no organisation. It has no record, case or setting.
UNLINKED = "-"

# What a platform says of somebody: of the organisation, or also an owner or administrator of its workspace; a
# guest; of another organisation; deactivated; a bot; nobody at all. Empty: it has not said.
Standing = Literal["", "member", "admin", "guest", "outsider", "gone", "bot", "nobody"]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What was last heard of somebody, and when."""

    platform: str
    id: str
    standing: Standing
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Destination:
    """Where messages go: a face's name, its conversation (channel) and, where there is one, the thread."""

    platform: str
    conversation: str
    thread: str = ""


# Decision records


@dataclass(frozen=True, slots=True)
class Assessment:
    """A verdict to be kept. `facts` holds the contract's facts with its details (account, equipment, …),
    `verdict` its verdict; `sources` says per fact who gave it and when: {"total_dose": {"id": …, "name": …,
    "at": ISO}}."""

    facts: Json
    verdict: Json
    sources: Json = field(default_factory=dict)
    local_incident_number: str = ""
    dose_as_measured: str = ""
    dose_estimated_by: str = ""
    dose_estimated_how: str = ""
    immediate_actions: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    number: str
    revision: int
    at: datetime
    by: Person
    role: str
    compared: bool
    """True where the person says to have compared it with the live table."""
    note: str = ""
    same_person: bool | None = None
    """Had the same person kept or changed it? None in releases that did not look, and asked no role."""


NoteKind = Literal["note", "analysis", "learning"]


@dataclass(frozen=True, slots=True)
class Note:
    """On a record or a case (`subject`); `analysis` and `learning` are regulation 8(3)'s."""

    subject: str
    seq: int
    kind: NoteKind
    text: str
    at: datetime
    by: Person


@dataclass(frozen=True, slots=True)
class Detail:
    """What somebody told of a record beside its verdict. An empty `value` takes the field's last one out."""

    number: str
    seq: int
    field: str
    value: str
    at: datetime
    by: Person


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was taken out: `texts` rows of it, and `drafts` that held it. `elsewhere` says where the same
    words stand still ("title of C26-0001"), `copies` what was made since and holds them as they were: when
    (as the trail has it), how ("backup made"), and the file's name if it is known."""

    subject: str
    what: str
    texts: int
    drafts: int
    elsewhere: tuple[str, ...]
    copies: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One revision of a decision record. `number` is like 2026-0001, `corrects` the revision it takes the
    place of."""

    tenant: str
    number: str
    revision: int
    corrects: int | None
    why: str
    at: datetime
    by: Person
    assessment: Assessment
    latest: bool
    confirmations: tuple[Confirmation, ...] = ()
    """Of this revision alone: a correction starts as provisional again."""
    notes: tuple[Note, ...] = ()
    cases: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    """Of all its revisions, in the order in which they were given: the last of each field holds."""
    program: str = ""
    """The release of the program that decided and kept this revision; empty of before it was told."""

    @property
    def status(self) -> Literal["provisional", "confirmed"]:
        return "confirmed" if self.confirmations else "provisional"

    @property
    def compared(self) -> bool:
        return any(c.compared for c in self.confirmations)

    @property
    def outcome(self) -> str:
        return str(self.assessment.verdict.get("outcome", ""))

    @property
    def edition(self) -> str:
        return str(self.assessment.verdict.get("guidance", ""))


# Cases and deadlines


@dataclass(frozen=True, slots=True)
class Correction:
    """A record's next revision. `expected`: the one that was seen."""

    number: str
    assessment: Assessment
    why: str
    expected: int


@dataclass(frozen=True, slots=True)
class NewCase:
    """`records` are numbers of kept records, or assessments and corrections to be kept in the same
    transaction."""

    title: str
    discovered_on: date
    records: tuple[str | Assessment | Correction, ...] = ()
    discovered_at: datetime | None = None
    owner: Person | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step in a case's life; which fields a kind needs:

    notify, reference: `authority_reference` (notify may leave it empty until the authority has given it);
    stand_down: `note` (the reason) and `record` (the number of the verdict that allows it);
    assign: `owner`; redecide: `assessment`, with `record` to correct that record, without to add a new one,
    and `to_another` where another authority has to be notified by it: the case is as before it was notified;
    correct_discovery: `discovered_on`, `note` (why), and the moved deadlines in `Also`;
    notify, report: `done_on`, where that was on an earlier day than it is told.
    """

    kind: StepKind
    note: str = ""
    authority_reference: str = ""
    owner: Person | None = None
    record: str = ""
    assessment: Assessment | None = None
    discovered_on: date | None = None
    discovered_at: datetime | None = None
    to_another: bool = False
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A step that was taken. `version` counts up from 1 ("open") and is what `expected` is compared with."""

    ref: str
    version: int
    kind: StepKind | Literal["open"]
    state: CaseState
    at: datetime
    by: Person
    note: str
    owner: Person | None
    discovered_on: date
    discovered_at: datetime | None
    authority_reference: str
    record: str
    revision: int | None
    done_on: date | None = None


DeadlineState = Literal["open", "met", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """`kind`: notify, report, mpe_estimate, confirm, learning, local:<name> or measure:<number>. `version`
    counts its settings: an earlier one is kept, not current. `due_at` is `due_on` at the local hour, in
    UTC."""

    subject: str
    kind: str
    version: int
    due_on: date
    zone: str
    at: time
    due_at: datetime
    state: DeadlineState
    why: str
    set_at: datetime
    set_by: Person
    current: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its latest step left it. `ref` is like C26-0007, which no record number looks like."""

    tenant: str
    ref: str
    title: str
    state: CaseState
    version: int
    owner: Person | None
    opened_at: datetime
    opened_by: Person
    discovered_on: date
    discovered_at: datetime | None
    authority_reference: str
    records: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    """The current ones, soonest first, met and withdrawn ones too."""
    last: CaseStep
    done_on: Mapping[str, date] = field(default_factory=dict)
    """By a deadline's kind the day on which it was done, where that was told on a later one."""
