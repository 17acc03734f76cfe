"""What the register lists: an entry for each record, as its latest revision and its details leave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from storage.measure_model import CorrectiveMeasure
from storage.model import Case, Person, Record

# What entries can be counted by; a month or a quarter as `2026-11` and `2026-Q4`.
By = Literal["month", "quarter", "outcome", "category", "cause", "site", "equipment", "modality", "nation"]


@dataclass(frozen=True, slots=True)
class Incident:
    """An empty text: not known. Texts are in small letters and single spaces, to be compared.

    `day` is the incident's: when it occurred, else when it was discovered, as its case has it where that was
    corrected, else when it was kept."""

    number: str
    revision: int
    day: date
    kept_at: datetime
    kept_by: Person
    outcome: str
    confirmed: bool
    nation: str = ""
    category: str = ""
    exposure: str = ""
    exposed_person: str = ""
    modality: str = ""
    causes: tuple[str, ...] = ()
    site: str = ""
    equipment: str = ""
    examination: str = ""
    local_number: str = ""
    source: str = ""
    """Whence it was imported; empty where somebody checked it here."""
    individuals: int = 1
    equipment_fault: bool = False


@dataclass(frozen=True, slots=True)
class MetDeadline:
    """A case whose deadline was met, and when: `met_at` as it was told, `done_on` where that was an earlier
    day."""

    ref: str
    discovered_on: date
    met_at: datetime
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """Which entries: all that fit every part. Of several values of a part any fits; none given: all do.

    `words` each have to stand in the site, the equipment, the examination or a cause, or be the incident's
    number here or in the incident system, or its case's; all together may be the incident system's number.
    Of `either` each group has a part with that value. `by` is a user id; `until` is inclusive.
    `nearest`: of what is undecided that comes first which could be decided first."""

    outcomes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    exposures: tuple[str, ...] = ()
    nations: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    by: str = ""
    confirmed: bool | None = None
    imported: bool | None = None
    local_number: str = ""
    numbers: tuple[str, ...] = ()
    either: tuple[tuple[tuple[str, str], ...], ...] = ()
    nearest: bool = False


EVERY = Which()


@dataclass(frozen=True, slots=True)
class AlikeCount:
    """How many have the same causes, and the same of all that a set of incidents can share."""

    causes: tuple[str, ...]
    equipment: str
    examination: str
    site: str
    modality: str
    count: int


class Exported(NamedTuple):
    """A record with its cases and its measures, and whence it was imported."""

    record: Record
    cases: tuple[Case, ...]
    source: str
    measures: tuple[CorrectiveMeasure, ...]
