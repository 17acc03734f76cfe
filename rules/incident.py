"""An incident's facts as they arrive, checked: names, units, values, dates, and what contradicts what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from rules.contradictions import contradictions
from rules.deadlines import uk_date
from rules.edition import Edition, NoEdition, edition_for
from rules.facts import DETAILS, FACTS, NO, YES, Fact, Kind, Known
from rules.quantities import QuantityError, read
from rules.settle import Case
from rules.spans import Span

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
    def cases(self) -> tuple[Case, ...]:
        return self.edition.rows.cases(self.known)

    def only(self, name: str) -> str | None:
        """The one value of a choice that is left, said or implied."""
        frames = {"exposure", "category", "nation"}
        values = {getattr(c.frame, name) for c in self.cases} if name in frames else self.known.get(name, ())
        return next(iter(map(str, values))) if len(values) == 1 else None

    def changed(self, today: date, **changes: object) -> Facts:
        """The same incident with some facts changed; None takes a fact out. Raises InvalidFacts."""
        return parse({**self.stated, **changes}, today)


def parse(raw: Mapping[str, object], today: date) -> Facts:
    """Facts from plain values: strings with units, numbers in the table's unit, booleans, ISO dates.

    None means unknown. Raises InvalidFacts with everything that is wrong, not the first thing only.
    """
    errors: list[FactError] = []
    stated: dict[str, object] = {}
    known: dict[str, Known] = {}
    moments: dict[str, datetime | date] = {}
    for name, value in raw.items():
        if value is None:
            continue
        try:
            if name in DETAILS:
                stated[name] = _detail(name, value)
            elif name not in FACTS:
                raise ValueError(_unknown_name(str(name)))
            elif FACTS[name].kind is Kind.DATE:
                moments[name] = _moment(name, value, today)
                stated[name] = moments[name].isoformat()
            else:
                known[name], stated[name] = _value(FACTS[name], value)
        except ValueError as problem:
            errors.append(FactError(str(name), str(problem)))
    days = {name: uk_date(m) if isinstance(m, datetime) else m for name, m in moments.items()}
    if "discovered_on" in days:
        try:
            edition_for(days["discovered_on"])
        except NoEdition as problem:
            errors.append(FactError("discovered_on", f"{stated['discovered_on']} is too early: {problem}"))
    stated = {name: stated[name] for name in (*FACTS, *DETAILS) if name in stated}
    known = {name: known[name] for name in FACTS if name in known}
    facts = Facts(stated, known, days.get("discovered_on"), days.get("occurred_on"))
    if not errors:
        errors = [FactError(n, message) for names, message in contradictions(facts, moments) for n in names]
    if errors:
        raise InvalidFacts(errors)
    return facts


def _unknown_name(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [*FACTS, *DETAILS], 1)
    return f"“{name[:60]}” is not the name of a fact" + (f"; {near[0]} is one" if near else "")


def _value(fact: Fact, value: object) -> tuple[Known, object]:
    """What is known by a value, and the value as it is kept."""
    if fact.kind is Kind.FLAG:
        if not isinstance(value, bool):
            raise ValueError(f"{fact.name} wants true or false")
        return frozenset({YES if value else NO}), value
    if fact.kind is Kind.CHOICE:
        options = [answer.value for answer in fact.answers]
        if value not in options:
            raise ValueError(f"{fact.name} wants one of: {', '.join(options)}")
        return frozenset({str(value)}), value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError(f"{fact.name} wants a number, or limits such as {fact.example or '2-3'}")
    try:
        span = read(value, fact.unit or ("count" if fact.kind is Kind.COUNT else ""))
    except QuantityError as problem:
        raise ValueError(f"{fact.name}: {problem}") from None
    domain = fact.domain
    assert isinstance(domain, Span)
    if fact.kind is Kind.COUNT:
        span = span.whole()
    inside = span & domain
    if not inside:
        raise ValueError(f"{fact.name} wants {_limits(fact)}")
    unit = "" if fact.kind is Kind.COUNT else fact.unit
    kept = int(inside.low.value) if fact.kind is Kind.COUNT and inside.exact else inside.text(unit)
    return inside, kept


def _limits(fact: Fact) -> str:
    if fact.name == "prescribed_activity":
        return "an activity above 0 MBq"
    whole = "a whole number" if fact.kind is Kind.COUNT else "a number"
    return (
        f"{whole} from {fact.lowest} to {fact.highest}"
        if fact.highest
        else f"{whole} of at least {fact.lowest}"
    )


def _detail(name: str, value: object) -> object:
    allowed = DETAILS[name]
    values = value if isinstance(value, list) and name == "cause" else [value]
    for one in values:
        if not isinstance(one, str):
            raise ValueError(f"{name} wants words")
        if allowed and one.replace("_", " ") not in {a.replace("_", " ") for a in allowed}:
            raise ValueError(f"{name} wants one of: {', '.join(allowed)}")
    return value


def _moment(name: str, value: object, today: date) -> datetime | date:
    """An ISO date or date-time; one without an offset is UK time."""
    wanted = f"{name} wants a date such as 2026-11-03, or a date and time such as 2026-11-03T14:30"
    if not isinstance(value, str):
        raise ValueError(wanted)
    try:
        day: datetime | date = date.fromisoformat(value)
    except ValueError:
        try:
            day = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(wanted) from None
    try:
        here = uk_date(day) if isinstance(day, datetime) else day
    except OverflowError:  # its offset leads out of the calendar
        raise ValueError(wanted) from None
    if here > today:
        raise ValueError(f"{name} {value} is in the future: give the day on which it was")
    return day
