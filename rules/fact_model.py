"""What a fact is: name, unit, values, and the question for it. The facts themselves are in `rules.facts`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property

from rules.spans import INFINITY, Bound, Span

Known = Span | frozenset[str]

YES, NO = "true", "false"
NATIONS = ("england", "wales", "scotland", "northern_ireland")
IMAGING = frozenset({"diagnostic", "nuclear_medicine", "radiotherapy_planning", "radiotherapy_verification"})
NUCLEAR = frozenset({"nuclear_medicine", "nuclear_medicine_therapy"})
THERAPY = frozenset({"radiotherapy_treatment", "nuclear_medicine_therapy"})
CATEGORIES = (
    "diagnostic",
    "interventional",
    "nuclear_medicine",
    "radiotherapy_planning",
    "radiotherapy_verification",
    "radiotherapy_treatment",
    "nuclear_medicine_therapy",
)


class Kind(Enum):
    QUANTITY = "quantity"  # an exact decimal with a unit, or limits
    COUNT = "count"  # a whole number, or limits
    CHOICE = "choice"
    FLAG = "flag"  # yes or no
    DATE = "date"


@dataclass(frozen=True)
class Answer:
    """One value that a question offers, and how it is worded. `prior` is a rough share of incidents."""

    value: str
    label: str
    prior: float = 1.0


@dataclass(frozen=True)
class Fact:
    """One fact, and the question for it.

    `ask` is the question, `why` the reason for it, `beside` what has to be read with it, `example` a typed
    answer. `usual` are the limits between which the planner takes answers to be spread evenly on a
    logarithmic scale. `given` holds facts and the values that make the question meaningful. `categories` are
    those that the fact belongs to; it implies one of them. `flag` marks the yes/no questions that are asked
    together in one message, with its wording there; `in_doubt` those asked together of an exposure that was
    given as intended. `many`: any number of the answers, as a list. `worked_out`: it takes a physicist, and
    is asked after what whoever is there can know.
    """

    name: str
    kind: Kind
    ask: str
    why: str = ""
    unit: str = ""
    answers: tuple[Answer, ...] = ()
    lowest: int = 0
    highest: int | None = None
    usual: tuple[float, float] = (0.01, 60)
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()
    categories: frozenset[str] = frozenset()
    flag: str = ""
    in_doubt: str = ""
    beside: str = ""
    example: str = ""
    many: bool = False
    worked_out: bool = False

    @property
    def numeric(self) -> bool:
        return self.kind in (Kind.QUANTITY, Kind.COUNT)

    @cached_property
    def domain(self) -> Known:
        """Every value that the fact can have."""
        if self.numeric:
            low = Bound(Decimal(self.lowest), 1 if self.name in POSITIVE else 0)
            return Span(low, Bound(INFINITY if self.highest is None else Decimal(self.highest)))
        return frozenset(answer.value for answer in self.answers)

    def label(self, value: str) -> str:
        return next((answer.label for answer in self.answers if answer.value == value), value)


# Never 0: a ratio needs something to divide by.
POSITIVE = frozenset({"prescribed_activity"})


def flag(name: str, ask: str, why: str, *, prior: float = 0.1, **more: object) -> Fact:
    answers = (Answer(YES, "Yes", prior), Answer(NO, "No", 1 - prior))
    return Fact(name, Kind.FLAG, ask, why, answers=answers, **more)  # type: ignore[arg-type]


def choice(name: str, ask: str, why: str, *answers: tuple[str, str, float], **more: object) -> Fact:
    return Fact(name, Kind.CHOICE, ask, why, answers=tuple(Answer(*a) for a in answers), **more)  # type: ignore[arg-type]


def number(name: str, ask: str, why: str, unit: str = "", **more: object) -> Fact:
    return Fact(name, Kind.QUANTITY, ask, why, unit, **more)  # type: ignore[arg-type]


def count(name: str, ask: str, why: str, **more: object) -> Fact:
    return Fact(name, Kind.COUNT, ask, why, **more)  # type: ignore[arg-type]
