"""Corrective measures: what is to be done after an incident, by whom and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from storage.model import DeadlineState, Person
from storage.plans import DeadlinePlan

# The kind of a measure's deadline is this and the measure's number.
MEASURE = "measure:"


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """A measure to be set, or set anew. Its owner is a person, a `role` in words, or both. The kind of its
    deadline is given by the store, with its number."""

    what: str
    deadline: DeadlinePlan
    owner: Person | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class CorrectiveMeasure:
    """The `seq`th measure of a record, as its last change leaves it; `state` and `due_on` are its
    deadline's, `ended_by` and `ended_at` say who met or withdrew that, and `note` in which words."""

    number: str
    seq: int
    change: int
    what: str
    owner: Person | None
    role: str
    at: datetime
    by: Person
    due_on: date
    state: DeadlineState
    ended_by: Person | None = None
    ended_at: datetime | None = None
    note: str = ""

    @property
    def kind(self) -> str:
        """Of its deadline."""
        return f"{MEASURE}{self.seq}"
