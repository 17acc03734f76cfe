"""The edition beside the plain reading, piece by piece: no limit, option or side is there for nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from rules.april_2023 import EDITION
from rules.cells import Row
from rules.conditions import Compound, Condition, Every, OneOf, RatioWithin, Some, Within, World
from rules.facts import FACTS, Kind
from rules.incident import Facts
from rules.parsing import parse
from rules.settle import Rows
from rules.spans import INFINITY, Bound, Span
from tests.rules import plain_reading as plain
from tests.rules.completions import CATEGORIES
from tests.rules.incidents import complete_incident, raw

TODAY = date(2026, 11, 23)
Met = frozenset[str]


# A partial miss with a factor just beside its limit: too rare to be left to chance.
JUST_BELOW = {
    "nation": "england",
    "exposure": "unintended",
    "category": "radiotherapy_treatment",
    "geographical_miss": "partial",
    "miss_margin_ratio": "3",
    "target_dose_ratio": "1",
    "organ_dose_ratio": "1.095",
    "fraction_dose_ratio": "1",
    "unintended_foetal_exposure": False,
    "individuals_exposed": 1,
    "clinically_significant": False,
}


@cache
def incidents() -> list[tuple[Facts, str, Met]]:
    """Incidents, as many of each category, and the codes that the plain reading finds in them."""
    rng, found = Random(12_000), []
    for category in CATEGORIES:
        for _ in range(1250 if category == "radiotherapy_treatment" else 500):
            incident = complete_incident(rng, (category,))
            incident.pop("exposed_person", None)
            wanted = plain.read(incident)
            letters = {"M": wanted.several, "C": wanted.significant}
            met = frozenset(wanted.codes) | {letter for letter, applies in letters.items() if applies}
            found.append((parse(raw(incident, rng), TODAY), category, met))
    beside = (JUST_BELOW, {**JUST_BELOW, "target_dose_ratio": "0.905", "organ_dose_ratio": "1"})
    return [*found, *((parse(one, TODAY), "radiotherapy_treatment", frozenset()) for one in beside)]


@cache
def at_ages() -> list[tuple[Facts, str, Met]]:
    """Somebody of every nation at every age around a child's; the dose is notifiable for a child alone."""
    common = {
        "exposure": "unintended",
        "category": "diagnostic",
        "intended_dose": Decimal("0.1"),
        "total_dose": 2,
    }
    of_all = [{**common, "nation": n, "age_years": age} for n in EDITION.child_ages for age in range(14, 20)]
    return [(parse(one, TODAY), "diagnostic", frozenset(plain.dose_codes(one))) for one in of_all]


@cache
def telling(code: str) -> list[tuple[Facts, str, Met]]:
    """Of the incidents that are the same to a row and each change of it a few, those that meet it first."""
    condition = EDITION.by_code[code].condition
    every = (condition, *(changed for _, changed in variants(condition)))
    atoms = tuple(dict.fromkeys(atom for each in every for atom in each.atoms()))
    names = tuple({name for atom in atoms for name in (*atom.facts, getattr(atom, "name", ""))})
    values: dict[tuple[object, ...], tuple[object, ...]] = {}

    def said(world: World) -> tuple[object, ...]:
        """What each atom says, asked once of worlds that are the same to all of them."""
        key = tuple(map(world.get, names))
        if key not in values:
            values[key] = tuple(atom.value(world) for atom in atoms)
        return values[key]

    found: dict[object, list[tuple[Facts, str, Met]]] = {}
    for each in incidents():
        facts, _, wanted = each
        alike = tuple((case.frame[:2], said(case.world)) for case in facts.scenarios)
        same = found.setdefault((code in wanted, alike), [])
        if len(same) < 3:
            same.append(each)
    return sorted((each for same in found.values() for each in same), key=lambda each: code not in each[2])


def noticed(code: str, condition: Condition, ages: Mapping[str, int] = EDITION.child_ages) -> bool:
    """Does some incident meet the code where the plain reading does not, or the other way round?"""
    rows = Rows([Row(code, condition)], ages)
    for facts, _, wanted in telling(code) if ages is EDITION.child_ages else at_ages():
        cases = rows.scenarios(facts.known)
        met = bool(cases) and all(case.met(code) for case in cases)
        if met != (code in wanted) or (not met and any(case.meetable(code) for case in cases)):
            return True
    return False


def variants(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """The condition with one piece of it otherwise."""
    if isinstance(condition, OneOf):
        domain = FACTS[condition.fact].domain
        assert isinstance(domain, frozenset)
        for option in sorted(domain):
            options = condition.options ^ {option}
            yield f"{condition.fact} with or without {option}", replace(condition, options=options)
    elif isinstance(condition, Within | RatioWithin):
        for words, span in moved(condition.span, FACTS[condition.fact].kind is Kind.COUNT):
            yield f"{condition.fact} {words}", replace(condition, span=span)
    elif isinstance(condition, Compound):
        other = Some if isinstance(condition, Every) else Every
        yield (
            f"{other.__name__} for {type(condition).__name__} of {len(condition.parts)}",
            other(condition.parts),
        )
        for place, part in enumerate(condition.parts):
            before, after = condition.parts[:place], condition.parts[place + 1 :]
            if before or after:
                yield f"without {told(part)}", type(condition)((*before, *after))
            for words, changed in variants(part):
                yield words, type(condition)((*before, changed, *after))


def told(condition: Condition) -> str:
    return ", ".join(dict.fromkeys(fact for atom in condition.atoms() for fact in atom.facts))


def moved(span: Span, whole: bool) -> Iterator[tuple[str, Span]]:
    upwards = span.high.value == INFINITY
    value, side = span.low if upwards else span.high
    steps = (Decimal(-1), Decimal(1)) if whole else (value * Decimal("-0.009"), value * Decimal("0.009"))
    for limit in (value + steps[0], value + steps[1]):
        yield f"{value} moved to {limit}", facing(upwards, Bound(limit, side))
    if not whole or side == 0:
        turned = Bound(value, 1 - side if upwards else -1 - side)
        yield f"{value} on its other side", facing(upwards, turned)


def facing(upwards: bool, bound: Bound) -> Span:
    return Span(bound, Bound(INFINITY)) if upwards else Span(Bound(Decimal(0)), bound)


DECIDING = [criterion for criterion in EDITION.criteria if criterion.notifies]
CHANGES = [
    pytest.param(criterion.code, changed, id=f"{criterion.code}: {words}")
    for criterion in DECIDING
    for words, changed in variants(criterion.condition)
]


# Changes that change nothing, since the facts that would show them contradict each other.
WITH_NEAR_MISS = ("exposure with or without near_miss", "without exposure")
AS_INTENDED = "exposure with or without as_intended"
NOTHING_NEW = {
    # A near miss gives no dose, and what was as intended gives that dose.
    **dict.fromkeys(("2.1", "2.2", "2.3", "2.4"), (WITH_NEAR_MISS[0], AS_INTENDED)),
    # What was as intended had no image, factor or activity that these rows ask for.
    **dict.fromkeys(("4.1", "4.2a", "4.2b", "4.2c", "8.1", "8.2", "10.1", "10.2"), (AS_INTENDED,)),
    **dict.fromkeys(("7", "9.1"), (*WITH_NEAR_MISS, AS_INTENDED)),  # nor a wrong product, nor a miss
    **dict.fromkeys(("3", "M", "C"), WITH_NEAR_MISS),  # a near miss has no effect and no second person
    # A dose to a foetus or an infant says that it was exposed.
    "5": (*WITH_NEAR_MISS, "without unintended_foetal_exposure",
          "unintended_foetal_exposure with or without false"),
    "6": (*WITH_NEAR_MISS, "without breastfed_infant_exposed",
          "breastfed_infant_exposed with or without false"),
    # Said twice: it stands beside the partial miss too.
    "8.2": (AS_INTENDED, "geographical_miss with or without none1"),
    # A miss in margins says that it was partial.
    "9.2": (*WITH_NEAR_MISS, AS_INTENDED, "without geographical_miss",
            "geographical_miss with or without none", "geographical_miss with or without total"),
}  # fmt: skip


@pytest.mark.parametrize("criterion", DECIDING, ids=lambda criterion: criterion.code)
def test_a_row_as_it_is_agrees_and_no_row_can_be_left_out(criterion):
    assert not noticed(criterion.code, criterion.condition)
    assert any(criterion.code in wanted for _, _, wanted in incidents())


@pytest.mark.parametrize(("code", "changed"), CHANGES)
def test_a_change_to_a_row_is_noticed(code, changed, request):
    words = request.node.callspec.id.partition(": ")[2]
    assert noticed(code, changed) != any(words.startswith(each) for each in NOTHING_NEW.get(code, ()))


@pytest.mark.parametrize("nation", EDITION.child_ages)
@pytest.mark.parametrize("step", [-1, 1])
def test_a_change_to_the_age_of_a_child_is_noticed(nation, step):
    condition = EDITION.by_code["2.1"].condition
    assert not noticed("2.1", condition, {**EDITION.child_ages})
    ages = {**EDITION.child_ages, nation: EDITION.child_ages[nation] + step}
    assert noticed("2.1", condition, ages)


def test_the_rows_stand_in_the_order_of_the_table():
    labels = {"M", "E", "V", "C"}
    assert [c.code for c in EDITION.criteria if c.code not in labels] == list(plain.TABLE)
    assert [c.code for c in EDITION.criteria if c.code in labels] == ["M", "E", "V", "C"]
    assert {c.code for c in EDITION.criteria if not c.notifies} == {"E", "V"}
    assert [c.code for c in EDITION.criteria if c.newer] == ["3", "4.2a"]
    for criterion in EDITION.criteria:
        assert criterion.words.endswith(".")
        assert criterion.category
        assert criterion.where
    assert EDITION.by_code["4.2b"].code == "4.2b"
