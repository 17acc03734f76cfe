"""The store's verbs for organisations, and for what leads to each: see `storage.store`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from storage.model import Destination, Person
from storage.organisation_model import Binding, LinkCode, Merged, Organisation, Outside, Unlinked


class Organisations(Protocol):
    def add_organisation(
        self, tenant: str, name: str, *, ods_code: str = "", by: Person, now: datetime
    ) -> Organisation:
        """Also names one that goes by its id. Conflict where it has a name, or another has the ODS code."""

    def organisation(self, tenant: str) -> Organisation: ...

    def organisations(self) -> tuple[Organisation, ...]:
        """By id; whatever has a trail is one."""

    def merged(self, tenant: str) -> frozenset[str]:
        """The organisations that go on as this one."""

    def bind(self, tenant: str, outside: Outside, *, how: str, by: Person, now: datetime) -> Binding:
        """From now on it leads there. Duplicate where it does already, Conflict where it is another's."""

    def unbind(self, tenant: str, outside: Outside, *, how: str, by: Person, now: datetime) -> Binding: ...

    def merge(self, tenant: str, into: str, *, by: Person, now: datetime) -> Merged:
        """It goes on as another from now on, and is read and not changed. Its open cases and deadlines are
        written anew there, with the reminders that are to come, and what leads to it leads there. Conflict
        while it is not known of a message whether it arrived."""

    def bindings(self, tenant: str) -> tuple[Binding, ...]:
        """Those that hold."""

    def bound(self, outsides: Sequence[Outside]) -> str:
        """The organisation that the first which is bound leads to; what is bound for its app goes before what
        is for any. Empty where none is."""

    def leads(self) -> tuple[tuple[str, Outside], ...]:
        """What leads to each organisation, all of it."""

    def ask_link(self, tenant: str, where: Destination, *, by: Person, now: datetime) -> str:
        """A code that binds one thing to the organisation, once, within a quarter of an hour."""

    def link(
        self, code: str, outside: Outside, *, typed_in: str, before: str = "", by: Person, now: datetime
    ) -> tuple[LinkCode, Binding]:
        """Bind it by a code, in both trails. Invalid where that is none, was used or is too old; after five
        such within a quarter of an hour nothing is tried any more for that conversation and that person.
        `before` is the organisation that the conversation led to until now."""

    def note_unlinked(self, outside: Outside, *, now: datetime) -> None:
        """Somebody asked from there, and it leads to no organisation: counted by the day."""

    def unlinked(self, *, since: datetime) -> tuple[Unlinked, ...]: ...

    def forget_links(self, *, before: datetime) -> None:
        """Drafts, counts, codes and tries that belong to no organisation."""

    def choose_organisation(self, platform: str, conversation: str, tenant: str, *, now: datetime) -> None:
        """Which of their organisations somebody's own chat is about."""

    def chosen_organisation(self, platform: str, conversation: str) -> str: ...

    def people_moved(
        self, tenants: Sequence[str], platform: str, moved: Mapping[str, str], *, now: datetime
    ) -> Mapping[str, str]:
        """What the platform calls people from now on, by their id of before, which stays in every row. In the
        trail of each of these organisations; gives what was not known yet."""

    def moved_people(self, platform: str) -> Mapping[str, str]:
        """By what the platform calls somebody now, what stands in the rows."""

    def data_version(self) -> int | None:
        """Another number after every write, whichever process it was of; None where that cannot be told at
        once. It does not block."""
