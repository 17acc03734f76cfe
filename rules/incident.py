"""What is known of an incident, and what is said of facts that cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rules.edition_model import Edition
from rules.editions import edition_for
from rules.facts import NO, Known
from rules.settle import Scenario

NOT_IRMER_PERSONS = frozenset({"worker", "member_of_public"})


@dataclass(frozen=True)
class FactError:
    """What is wrong with one fact, and what is wanted. `fact` is None where no fact is to blame."""

    fact: str | None
    message: str


class InvalidFacts(ValueError):
    """The facts cannot be taken as they are; `errors` says why, one by one."""

    def __init__(self, errors: list[FactError]) -> None:
        super().__init__("; ".join(dict.fromkeys(error.message for error in errors)))
        self.errors = tuple(errors)


@dataclass(frozen=True)
class Facts:
    """What is known of an incident.

    `stated` holds the facts as the record keeps them, in the units of the table; parsing it again gives the
    same. `known` holds spans of numbers and sets of options; what is not in it is unknown.
    """

    stated: Mapping[str, object]
    known: Mapping[str, Known]
    discovered_on: date | None = None
    occurred_on: date | None = None

    @property
    def edition(self) -> Edition:
        return edition_for(self.discovered_on)

    @property
    def outside_irmer(self) -> bool:
        """Is it a worker's, the public's, or of equipment not yet in clinical use?"""
        person = self.known.get("exposed_person", frozenset())
        return (bool(person) and frozenset(map(str, person)) <= NOT_IRMER_PERSONS) or self.known.get(
            "equipment_in_clinical_use"
        ) == frozenset({NO})

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        return self.edition.rows.scenarios(self.known)

    def only(self, name: str) -> str | None:
        """The one value of a choice that is left, said or implied."""
        frames = {"exposure", "category", "nation"}
        values = (
            {getattr(c.frame, name) for c in self.scenarios} if name in frames else self.known.get(name, ())
        )
        return next(iter(map(str, values))) if len(values) == 1 else None
