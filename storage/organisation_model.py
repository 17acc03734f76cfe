"""Organisations, and what leads to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.model import Person

OrganisationState = Literal["active", "closed", "merged"]
Kind = Literal["conversation", "team", "person", "workspace", "directory"]
# The narrowest first: what is bound of it decides. A directory is an enterprise of Slack's as well.
KINDS: tuple[Kind, ...] = ("conversation", "team", "person", "workspace", "directory")


@dataclass(frozen=True, slots=True)
class Organisation:
    """`id` is ours, and what every row names as its tenant; `merged_into` another's, where it was merged."""

    id: str
    name: str
    ods_code: str = ""
    state: OrganisationState = "active"
    merged_into: str = ""

    @property
    def called(self) -> str:
        return self.name if self.name == self.id else f"{self.name} ({self.id})"


@dataclass(frozen=True, slots=True)
class Outside:
    """Something on a platform, by the platform's id; `app` is the registration that it was seen by, "" for
    whichever."""

    platform: str
    kind: Kind
    external: str
    app: str = ""

    @property
    def called(self) -> str:
        through = f" through {self.app}" if self.app else ""
        return f"the {self.kind} {self.external} on {self.platform}{through}"


@dataclass(frozen=True, slots=True)
class Binding:
    """What leads to an organisation; `how` says by which way that was settled."""

    organisation: str
    outside: Outside
    how: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code that was asked for; the code itself is not kept. `platform` and `conversation` are where."""

    organisation: str
    platform: str
    conversation: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Merged:
    """What goes on in the other organisation: each case and record as it was named, and as it is now."""

    cases: tuple[tuple[str, str], ...]
    records: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A place from which somebody asked and that leads to no organisation, and how often on a day."""

    outside: Outside
    day: str
    times: int
