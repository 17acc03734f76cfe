"""An incident's facts as they arrive, checked: names, units, values, dates, and what contradicts what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from rules.deadlines import UK, uk_date
from rules.edition import Edition, NoEdition, edition_for
from rules.facts import DETAILS, FACTS, NO, NUCLEAR, YES, Fact, Kind, Known
from rules.quantities import QuantityError, read
from rules.settle import DOSE_OF, NEAR_MISS, Case, agrees, harmless
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

    `stated` holds the facts as the record keeps them, in the units of the table; parsing it again gives the same.
    `known` holds spans of numbers and sets of options; what is not in it is unknown.
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
        return (
            bool(person)
            and frozenset(map(str, person)) <= NOT_IRMER_PERSONS
            or self.known.get("equipment_in_clinical_use") == frozenset({NO})
        )

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
    facts = Facts(stated, known, days.get("discovered_on"), days.get("occurred_on"))
    if not errors:
        errors = [FactError(n, message) for names, message in _contradictions(facts, moments) for n in names]
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
    if (uk_date(day) if isinstance(day, datetime) else day) > today:
        raise ValueError(f"{name} {value} is in the future: give the day on which it was")
    return day


def _later(one: datetime | date, other: datetime | date) -> bool:
    """Is one after the other? By the clock where both have a time, else by the day."""

    def local(moment: datetime) -> datetime:
        return moment.astimezone(UK).replace(tzinfo=None) if moment.tzinfo else moment

    if isinstance(one, datetime) and isinstance(other, datetime):
        return local(one) > local(other)
    days = [uk_date(m) if isinstance(m, datetime) else m for m in (one, other)]
    return days[0] > days[1]


Found = tuple[tuple[str, ...], str]


def _contradictions(facts: Facts, moments: Mapping[str, datetime | date]) -> list[Found]:
    found = [
        *_in_time_and_age(facts, moments),
        *_in_doses(facts),
        *_in_near_miss(facts),
        *_in_category(facts),
        *_in_regime(facts),
    ]
    if not found and not facts.cases:
        found.append((tuple(facts.known), "These facts cannot all be true together: change one of them"))
    return found


def _in_time_and_age(facts: Facts, moments: Mapping[str, datetime | date]) -> Iterator[Found]:
    if len(moments) == 2 and _later(moments["occurred_on"], moments["discovered_on"]):
        yield (
            ("occurred_on", "discovered_on"),
            "It was discovered before it occurred: correct one of the two dates",
        )
    age, group = facts.known.get("age_years"), facts.only("age_group") if "age_group" in facts.known else None
    if isinstance(age, Span) and group:
        nations = facts.known.get("nation") or FACTS["nation"].domain
        limits = [facts.edition.child_ages[str(n)] for n in nations if isinstance(n, str)]
        fits = [age.low.value < at if group == "child" else age.high.value >= at for at in limits]
        if not any(fits):
            yield (
                ("age_years", "age_group"),
                f"Somebody aged {age.words()} is not {_a(group)}: correct one of the two",
            )


def _a(group: str) -> str:
    return "an adult" if group == "adult" else "a child"


def _in_doses(facts: Facts) -> Iterator[Found]:
    known, exposure = facts.known, facts.known.get("exposure")
    three = tuple(name for name in ("total_dose", "intended_dose", "dose_ratio") if name in known)
    if len(three) > 1 and not agrees(known, "total_dose", "intended_dose", "dose_ratio"):
        yield (
            three,
            "total_dose, intended_dose and dose_ratio do not agree: the ratio is total divided by intended",
        )
    if exposure == frozenset({"accidental"}):
        for name in ("intended_dose", "dose_ratio"):
            if name in known and not harmless(known[name]):
                yield (
                    (name, "exposure"),
                    f"exposure is accidental, so nothing was intended: leave {name} out, or say unintended",
                )
    intended = known.get("intended_dose")
    if exposure == frozenset({"unintended"}) and isinstance(intended, Span) and intended.is_zero:
        yield (
            ("intended_dose",),
            "intended_dose wants more than 0 mSv in an unintended exposure: if nothing was intended, it is accidental",
        )
    for flag, dose in DOSE_OF.items():
        if dose in known and known.get(flag) == frozenset({NO}) and not harmless(known[dose]):
            yield (dose, flag), f"{flag} is false, but there is {dose}: correct one of the two"
    margin, miss = known.get("miss_margin_ratio"), known.get("geographical_miss")
    if margin is not None and miss is not None and "partial" not in miss and not harmless(margin):
        yield (
            ("miss_margin_ratio", "geographical_miss"),
            "miss_margin_ratio wants a partial miss: correct geographical_miss, or leave the ratio out",
        )


def _in_near_miss(facts: Facts) -> Iterator[Found]:
    if facts.known.get("exposure") != frozenset({"near_miss"}):
        return
    for name, left in NEAR_MISS.items():
        have = facts.known.get(name)
        if have is None:
            continue
        both = have & left  # type: ignore[operator]
        if not both:
            yield (name, "exposure"), f"exposure is near_miss, so nobody was exposed: correct it, or {name}"


def _in_category(facts: Facts) -> Iterator[Found]:
    category = next(iter(map(str, facts.known.get("category", ()))), None)
    telling = {
        name: FACTS[name].categories
        for name, have in facts.known.items()
        if FACTS[name].categories and not harmless(have)
    }
    for name, own in telling.items():
        if category and category not in own:
            which = (
                "an administration of a radiopharmaceutical is nuclear medicine, diagnostic or therapy: which was it?"
                if own == NUCLEAR
                else f"it belongs to {' or '.join(sorted(own))}: correct one of the two"
            )
            yield (name, "category"), f"category is {category}, but there is {name}: {which}"
    if not category and telling and not frozenset.intersection(*telling.values()):
        yield tuple(telling), f"{' and '.join(telling)} belong to different categories: check each in its own"


def _in_regime(facts: Facts) -> Iterator[Found]:
    if facts.known.get("equipment_in_clinical_use") != frozenset({NO}):
        return
    person = facts.known.get("exposed_person")
    message = "equipment_in_clinical_use is false, but there is {}: was it a fault before clinical use, or a patient's?"
    if person == frozenset({"patient"}):
        yield ("equipment_in_clinical_use", "exposed_person"), message.format("a patient")
    elif person is None:
        for name in ("total_dose", "intended_dose"):
            have = facts.known.get(name)
            if have is not None and not harmless(have):
                yield ("equipment_in_clinical_use", name), message.format("a patient's " + name)
