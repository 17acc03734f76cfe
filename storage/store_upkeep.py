"""The store's verbs for what is remembered beside records and cases, and for the file as a whole: see
`storage.store`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from storage.checkpoints import KnownKeys, Signed
from storage.memory_model import Address, AuditEntry, ConversationReference, DraftKey, Health, KeptDraft
from storage.model import Destination, Json, KnownPerson, Person, Redacted, Standing
from storage.plans import DeadlinePlan, PostPlan
from storage.retention_model import Before, Outdated


class Memory(Protocol):
    def first_time(
        self, tenant: str, key: str, *, now: datetime, result: str = "", within: timedelta | None = None
    ) -> bool:
        """True once per key, or once in a while where `within` is given. Where the work is a write, give the
        key as `Also.delivery` instead: then a kill between the two loses nothing."""

    def came_of(self, tenant: str, key: str) -> str:
        """What was done under a key came to this; empty where nothing was, or nothing is remembered."""

    def forget_deliveries(self, tenant: str, *, before: datetime, of: str = "") -> int:
        """Those whose key begins with `of`; how many."""

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

    def references(
        self, tenant: str, platform: str, *, dead: bool = False
    ) -> tuple[ConversationReference, ...]:
        """All that are alive, or all that are dead, by their ids."""

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
    @property
    def older(self) -> str:
        """How far the file's schema has come where it is an earlier release's: it is read as it is, and what
        would be written raises OlderSchema. Empty where it is today's."""

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

    def last_entry(self, what: str) -> datetime | None:
        """When an entry of that name, which is about nothing in particular, was last made in any trail."""

    def trail_rows(self) -> int:
        """How many entries the trails have together."""

    def last_written(self) -> datetime | None:
        """When something was written into a trail last, by the clock of whoever wrote it."""

    def close(self) -> None: ...
