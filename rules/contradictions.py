"""Which facts of an incident contradict each other. These do, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import combinations

from rules.cells import DOSE_OF, Group, agrees
from rules.conditions import World
from rules.deadlines import UK, uk_date
from rules.facts import FACTS, NO, NOT_AS_INTENDED_CAUSES, NUCLEAR
from rules.incident import Facts
from rules.settle import NEAR_MISS, harmless
from rules.spans import Span

Found = tuple[tuple[str, ...], str]


def contradictions(facts: Facts, moments: Mapping[str, datetime | date]) -> list[Found]:
    """The facts that are at odds, and what to do about it, as many times as that is so."""
    found = [
        *_in_time_and_age(facts, moments),
        *_in_doses(facts),
        *_in_near_miss(facts),
        *_in_as_intended(facts),
        *_in_category(facts),
        *_in_regime(facts),
    ]
    if not found and not facts.scenarios:
        names = _irreconcilable(facts)
        found.append((names, f"{', '.join(names)} cannot all be true together: change one of them"))
    return found


def _irreconcilable(facts: Facts) -> tuple[str, ...]:
    """Facts that cannot all be true, of which none can be left out."""
    left = dict(facts.known)
    for name in facts.known:
        rest = {other: have for other, have in left.items() if other != name}
        if not facts.edition.rows.scenarios(rest):
            left = rest
    return tuple(left)


def _later(one: datetime | date, other: datetime | date) -> bool:
    """Is one after the other? By the clock where both have a time, else by the day."""

    def instant(moment: datetime, fold: int) -> datetime:
        # Without an offset it is UK time; in the hour that comes twice, whichever of the two fits.
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UK, fold=fold)
        return aware.astimezone(UTC)

    if isinstance(one, datetime) and isinstance(other, datetime):
        return instant(one, 0) > instant(other, 1)
    days = [uk_date(m) if isinstance(m, datetime) else m for m in (one, other)]
    return days[0] > days[1]


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
    for part, whole, ratio in (
        ("total_dose", "intended_dose", "dose_ratio"),
        ("delivered_activity", "prescribed_activity", "activity_ratio"),
    ):
        names = tuple(name for name in (part, whole, ratio) if name in known)
        if len(names) > 1 and not agrees(known, part, whole, ratio):
            all_three = f"{part}, {whole} and {ratio}"
            yield names, f"{all_three} do not agree: the ratio is {part} divided by {whole}"
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
            "intended_dose wants more than 0 mSv in an unintended exposure: if nothing was intended, it is "
            "accidental",
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


def _in_as_intended(facts: Facts) -> Iterator[Found]:
    """Reading R22: what no exposure has that was given as it was meant."""
    if facts.known.get("exposure") != frozenset({"as_intended"}):
        return
    message = "exposure is as_intended, which does not go with {}: correct one of them, or say unintended"
    for group in facts.edition.rows.not_as_intended:
        if group.certain(facts.known):
            names = _to_blame(group, facts.known)
            yield (*names, "exposure"), message.format(" and ".join(names))
    causes = facts.stated.get("cause", [])
    named = [causes] if isinstance(causes, str) else causes
    assert isinstance(named, list)
    if not NOT_AS_INTENDED_CAUSES.isdisjoint(str(one).replace("_", " ") for one in named):
        yield ("cause", "exposure"), message.format("this cause")


def _to_blame(group: Group, known: World) -> tuple[str, ...]:
    """The known facts for which a condition holds: one by itself, else two, else all that it compares."""
    mine = [name for name in group.dimensions if name in known]
    for count in range(1, len(mine)):
        for few in combinations(mine, count):
            if group.certain({name: known[name] for name in few}):
                return few
    return tuple(mine)


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
                "an administration of a radiopharmaceutical is nuclear medicine, diagnostic or therapy: "
                "which was it?"
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
    message = (
        "equipment_in_clinical_use is false, but there is {}: "
        "was it a fault before clinical use, or a patient's?"
    )
    if person == frozenset({"patient"}):
        yield ("equipment_in_clinical_use", "exposed_person"), message.format("a patient")
    elif person is None:
        for name in ("total_dose", "intended_dose", *DOSE_OF.values()):
            have = facts.known.get(name)
            if have is not None and not harmless(have):
                yield ("equipment_in_clinical_use", name), message.format("a patient's " + name)
