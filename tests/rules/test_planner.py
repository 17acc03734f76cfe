"""The questions: few, each with a meaning, and enough of them to settle every incident."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from rules.cells import DOSE_OF
from rules.conditions import RATIOS, known
from rules.deciding import decide, outcome_and_codes
from rules.facts import FACTS, FLAGS, IN_DOUBT, Fact, Kind
from rules.incident import Facts, InvalidFacts
from rules.parsing import changed, parse
from rules.planner import JUDGEMENTS, next_question
from rules.settle import FRAME
from rules.spans import Span
from tests.rules import plain_reading as plain
from tests.rules.incidents import at_least, complete_incident, decimal, forgetful, many, raw, sometimes

TODAY = date(2026, 11, 23)


def answer(incident: dict[str, Any], name: str) -> Any:
    """What somebody who knows the incident says; of what does not apply to it, no, none or nothing extra."""
    if name == "age_years" and name not in incident:
        return {"age_group": incident["age_group"]}
    if name in QUOTIENTS:
        return quotient(incident, name)
    if name in incident:
        value = incident[name]
        return {name: value if isinstance(value, bool | str | int) else decimal(value)}
    said = nothing(FACTS[name])
    # Of another kind of exposure there is nothing to say, where it cannot be said with none or no.
    elsewhere = FACTS[name].categories and incident["category"] not in FACTS[name].categories
    return {} if elsewhere and said is not False and said != "none" else {name: said}


QUOTIENTS = {name: parts for parts, name in RATIOS.items()}


def quotient(incident: dict[str, Any], name: str) -> dict[str, Any]:
    """A ratio as somebody says it who has both numbers; nothing where it does not come out even."""
    part, whole = (incident.get(one) for one in QUOTIENTS[name])
    if not whole or part is None:
        return {}
    try:
        return {name: decimal(Fraction(part) / Fraction(whole))}
    except AssertionError:
        return {}


def nothing(fact: Fact) -> Any:
    if fact.kind is Kind.FLAG:
        return False
    if fact.kind is Kind.CHOICE:
        return "none" if "none" in fact.domain else fact.answers[-1].value
    return max(fact.lowest, 1 if fact.name == "prescribed_activity" else 0)


def is_known(facts: Facts, name: str) -> bool:
    have = facts.known.get(name)
    return have.exact if isinstance(have, Span) else have is not None


def makes_sense(facts: Facts, name: str) -> bool:
    """Do the facts allow only what the question presupposes?"""
    for given, values in FACTS[name].given:
        left = known(facts.known, given)
        if not left <= frozenset(values) and (given, name) not in implied(facts):
            return False
    return True


def implied(facts: Facts) -> set[tuple[str, str]]:
    """A dose to somebody known within limits above 0 implies that somebody was exposed."""
    pairs = (("unintended_foetal_exposure", "foetal_dose"), ("breastfed_infant_exposed", "infant_dose"),
             ("geographical_miss", "miss_margin_ratio"))  # fmt: skip
    return {(given, name) for given, name in pairs if name in facts.known}


def interview(incident: dict[str, Any], start: dict[str, Any], together: bool, dont_know=lambda name: False):
    """Ask until nothing is left to ask; the facts at the end, and what was skipped."""
    stated, skip = dict(start), set()
    for _ in range(len(FACTS) + 1):
        facts = parse(stated, TODAY)
        question = next_question(facts, frozenset(skip), together=together)
        if not question:
            return facts, skip
        assert len({*question}) == len(question)
        assert len(question) == 1 or (together and {*question} <= {*FLAGS, *IN_DOUBT})
        for name in question:
            assert name not in skip
            assert not is_known(facts, name), (name, stated)
            assert makes_sense(facts, name), (name, stated)
            said = {} if dont_know(name) else answer(incident, name)
            if said:
                stated.update(said)
            else:
                skip.add(name)
    raise AssertionError(f"still asking: {stated}")


def test_flags_come_together_where_they_promise_more_than_another_question():
    start = {
        "nation": "england", "age_group": "adult", "exposure": "unintended", "category": "diagnostic",
        "individuals_exposed": 1,
    }  # fmt: skip
    flags = ("unintended_foetal_exposure", "clinically_significant")

    def asked(together=True, **doses):
        return next_question(parse({**start, **doses}, TODAY), together=together)

    assert asked(intended_dose=8, total_dose=16) == asked(intended_dose=8) == flags
    assert asked(intended_dose=8, together=False) == asked(intended_dose="0.1") == ("total_dose",)


def test_what_is_known_is_not_asked_again_among_flags_or_after_an_effect():
    start = {"nation": "england", "age_group": "adult", "exposure": "unintended", "total_dose": 2}
    infant = {"category": "nuclear_medicine", "breastfed_infant_exposed": True, "infant_dose": 2}
    assert "breastfed_infant_exposed" not in next_question(parse({**start, **infant}, TODAY))
    foetus = {**start, "category": "nuclear_medicine", "unintended_foetal_exposure": True}
    flags = next_question(parse(foetus, TODAY), frozenset({"foetal_dose", "intended_dose", "infant_dose"}))
    assert len(flags) > 1
    assert "unintended_foetal_exposure" not in flags
    effect = {**start, "category": "diagnostic", "deterministic_effect": "observable"}
    assert next_question(parse(effect, TODAY)) == ("clinically_significant",)
    assert "clinically_significant" not in next_question(
        parse({**effect, "clinically_significant": False}, TODAY)
    )


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_questions_settle_every_incident_and_then_stop(seed, together):
    rng = Random(4000 + seed)
    for _ in many(60):
        incident = complete_incident(rng)
        incident.pop("exposed_person", None)
        incident.pop("dose_ratio", None)
        facts, _ = interview(incident, {}, together)
        verdict = decide(facts)
        assert verdict.outcome == plain.read(incident).outcome
        assert verdict.missing == ()
        assert next_question(facts) == ()


@pytest.mark.parametrize("seed", range(3))
def test_questions_go_on_from_whatever_is_known_already(seed):
    rng = Random(5000 + seed)
    for _ in many(100):
        incident = complete_incident(rng)
        incident.pop("exposed_person", None)
        start = forgetful(rng, incident)
        facts, _ = interview(incident, raw(start, rng), sometimes(rng, 0.5))
        assert decide(facts).outcome == plain.read(incident).outcome, start


@pytest.mark.parametrize("seed", range(3))
def test_what_nobody_knows_is_not_asked_again_and_the_questions_end(seed):
    rng = Random(6000 + seed)
    for _ in many(60):
        incident = complete_incident(rng)
        incident.pop("exposed_person", None)
        incident.pop("dose_ratio", None)
        facts, skipped = interview(incident, {}, sometimes(rng, 0.5), lambda name: sometimes(rng, 0.4))
        verdict = decide(facts)
        whole = plain.read(incident).outcome
        assert verdict.outcome in ((whole, "undecided") if skipped else (whole,))
        assert verdict.outcome == "undecided" or not verdict.missing


@pytest.mark.parametrize("seed", range(4))
def test_before_undecided_all_that_could_still_settle_it_was_asked_or_is_not_known(seed):
    """What nobody was asked for, told all at once, leaves it undecided."""
    rng, undecided = Random(11_000 + seed), 0
    for _ in many(50):
        incident = complete_incident(rng)
        incident.pop("exposed_person", None)
        facts, skipped = interview(incident, {}, sometimes(rng, 0.8), lambda name: sometimes(rng, 0.3))
        if decide(facts).outcome != "undecided":
            continue
        undecided += 1
        told = {name: value for name, value in incident.items() if name not in skipped}
        if "age_years" in {*skipped, *told}:  # one of the two is asked for
            told.pop("age_group", None)
        told = {n: v for n, v in told.items() if n in facts.stated or asks_for_what_there_is(n, facts)}
        assert decide(parse(raw(told, rng), TODAY)).outcome == "undecided", (facts.stated, skipped, told)
    assert undecided >= at_least(10)


def asks_for_what_there_is(name: str, facts: Facts) -> bool:
    """No dose to a foetus of which nobody knows that there was one."""
    given = FACTS[name].given if name in FACTS else ()
    return all(known(facts.known, fact) <= frozenset(values) for fact, values in given)


def test_in_radiotherapy_the_miss_is_asked_for_before_the_physicists_ratios_and_also_without_them():
    start = {"nation": "england", "exposure": "unintended", "category": "radiotherapy_treatment"}
    assert next_question(parse(start, TODAY)) == ("geographical_miss",)
    ratios = frozenset({"target_dose_ratio", "organ_dose_ratio", "fraction_dose_ratio", "miss_margin_ratio"})
    rest = {"individuals_exposed": 1, "unintended_foetal_exposure": False, "clinically_significant": False}
    assert next_question(parse({**start, **rest}, TODAY), ratios) == ("geographical_miss",)
    partly = parse({**start, **rest, "geographical_miss": "partial"}, TODAY)
    assert next_question(partly, ratios) == ()
    assert next_question(partly, ratios - {"target_dose_ratio"}) == ("target_dose_ratio",)


def test_a_ratio_is_asked_for_once_one_of_its_numbers_is_not_known():
    doses = {
        "nation": "england", "exposure": "unintended", "category": "diagnostic", "age_years": 40,
        "individuals_exposed": 1, "unintended_foetal_exposure": False, "clinically_significant": False,
    }  # fmt: skip
    skip = frozenset({"total_dose", "intended_dose"})
    assert next_question(parse(doses, TODAY), skip) == ("dose_ratio",)
    assert decide(parse({**doses, "dose_ratio": 2}, TODAY)).outcome == "do_not_notify"
    therapy = {**doses, "category": "nuclear_medicine_therapy", "nm_therapy": "other",
               "breastfed_infant_exposed": False, "wrong_radiopharmaceutical": False}  # fmt: skip
    assert next_question(parse(therapy, TODAY), frozenset({"prescribed_activity"})) == ("activity_ratio",)


def test_of_what_was_given_as_intended_it_is_asked_what_is_in_doubt():
    facts = {"nation": "england", "exposure": "as_intended", "category": "nuclear_medicine"}
    doubts = ("deterministic_effect", "unintended_foetal_exposure", "breastfed_infant_exposed")
    assert next_question(parse(facts, TODAY)) == doubts
    assert next_question(parse({**facts, "category": "diagnostic"}, TODAY)) == doubts[:2]
    known_ = {**facts, "deterministic_effect": "none", "unintended_foetal_exposure": False,
              "breastfed_infant_exposed": False}  # fmt: skip
    assert next_question(parse(known_, TODAY)) == ("individuals_exposed", "clinically_significant")
    assert all(FACTS[name].in_doubt for name in doubts)


def test_with_everything_skipped_nothing_is_left_to_ask():
    facts = parse({}, TODAY)
    assert next_question(facts, frozenset(FACTS)) == ()
    assert decide(facts).outcome == "undecided"


@pytest.mark.parametrize("seed", range(3))
def test_what_is_missing_is_unknown_and_its_first_is_the_next_question(seed):
    rng, undecided = Random(7000 + seed), 0
    for _ in many(400):
        incident = forgetful(rng, complete_incident(rng))
        facts = parse(raw(incident, rng), TODAY)
        verdict = decide(facts)
        assert bool(verdict.missing) == (verdict.outcome == "undecided")
        assert len({*verdict.missing}) == len(verdict.missing)
        if verdict.missing:
            undecided += 1
            assert [name for name in verdict.missing if is_known(facts, name)] == []
            assert next_question(facts, together=False) == verdict.missing[:1]
            assert {*next_question(facts)} <= {*verdict.missing, *IN_DOUBT}
    assert undecided >= at_least(50)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_but_what_is_missing_can_change_the_outcome(seed):
    """Once all of it is known, the outcome is settled, whatever else is not."""
    rng, tried = Random(8000 + seed), 0
    for _ in many(400):
        whole = complete_incident(rng)
        whole.pop("exposed_person", None)
        incident = raw(forgetful(rng, whole), rng)
        for _ in range(4):  # one answer may bring another fact into play: a category, its own facts
            verdict = decide(parse(incident, TODAY))
            if not verdict.missing:
                break
            for name in verdict.missing:
                if name in whole or (name == "age_years" and "age_group" in whole):
                    incident.update(answer(whole, name))
            tried += 1
        assert verdict.outcome == plain.read(whole).outcome
    assert tried >= at_least(100)


@pytest.mark.parametrize("seed", range(2))
def test_each_missing_fact_can_change_the_outcome(seed):
    """With the rest filled in somehow, two answers to it differ in what comes out."""
    rng, tried = Random(9000 + seed), 0
    while tried < len(many(60)):
        facts = parse(raw(forgetful(rng, complete_incident(rng)), rng), TODAY)
        missing = decide(facts).missing
        for name in missing if len(missing) < 6 else ():
            if DOSE_OF.get(name) in missing:
                continue  # the flag makes its difference through the dose, which is tried as well
            tried += 1
            found = any(len(outcomes(filled(facts, name, missing, rng), name)) > 1 for _ in range(1000))
            assert found, f"{name}: {facts.stated}"


def filled(facts: Facts, name: str, missing: tuple[str, ...], rng: Random) -> Facts:
    """The incident with the other missing facts filled in by chance, most of them harmlessly."""
    own = {"category": rng.choice(sorted(FACTS[name].categories))} if FACTS[name].categories else {}
    others = [other for other in missing if other not in (name, *own)]
    rng.shuffle(others)
    for other, value in [*own.items(), *((other, some_value(other, facts, rng)) for other in others)]:
        with suppress(InvalidFacts):
            facts = changed(facts, TODAY, **{other: value})
    return facts


def some_value(name: str, facts: Facts, rng: Random) -> Any:
    if sometimes(rng, 0.2):
        return facts.stated.get(name)
    harmless = name not in FRAME and sometimes(rng, 0.6)
    return nothing(FACTS[name]) if harmless else rng.choice(candidates(name, facts))


def outcomes(facts: Facts, name: str) -> set[str]:
    found = set()
    for value in candidates(name, facts):
        with suppress(InvalidFacts):
            found.add(outcome_and_codes(changed(facts, TODAY, **{name: value}))[0])
            if len(found) > 1:
                break
    return found


PARTNERS = [("total_dose", "intended_dose"), ("delivered_activity", "prescribed_activity")]
NUMBERS = [Decimal(n) for n in "0 0.1 0.25 0.85 0.9 1 1.05 1.1 1.15 1.25 2 2.6 3 5 10 25 26 100 400".split()]


def candidates(name: str, facts: Facts) -> list[Any]:
    fact = FACTS[name]
    if fact.kind is Kind.FLAG:
        return [True, False]
    if fact.kind is Kind.CHOICE:
        return [each.value for each in fact.answers]
    if fact.kind is Kind.COUNT:
        return [0, 1, 2, 3, 5, 10, 15, 16, 17, 18, 50]
    partner = next((y if name == x else x for x, y in PARTNERS if name in (x, y)), "")
    have = facts.known.get(partner)
    if isinstance(have, Span) and have.exact:
        return NUMBERS + [
            have.low.value * Decimal(f) for f in ("0.05", "0.5", "0.85", "1", "1.15", "1.5", "12")
        ]
    return list(NUMBERS)


@pytest.mark.parametrize(
    ("facts", "question"),
    [
        ({}, ("category",)),
        ({"exposure": "near_miss"}, ()),
        ({"category": "diagnostic", "exposure": "accidental"}, ("nation",)),
        ({"exposed_person": "worker"}, ()),
        ({"category": "interventional", "exposure": "unintended", "deterministic_effect": "observable",
          "procedural_failure": False, "total_dose": 0}, ("effect_predicted",)),
        ({"category": "diagnostic", "exposure": "unintended", "total_dose": 2, "intended_dose": 5},
         ("unintended_foetal_exposure", "individuals_exposed", "clinically_significant")),
        ({"category": "diagnostic", "exposure": "unintended", "total_dose": 2, "intended_dose": 5,
          "unintended_foetal_exposure": True, "individuals_exposed": 1, "clinically_significant": False},
         ("foetal_dose",)),
        ({"category": "diagnostic", "exposure": "unintended", "deterministic_effect": "observable"},
         ("clinically_significant",)),
    ],
)  # fmt: skip
def test_the_next_question_after(facts, question):
    assert next_question(parse(facts, TODAY)) == question


def test_every_question_says_why_it_is_asked():
    for fact in FACTS.values():
        assert fact.ask.endswith("?") or "?" in fact.ask
        assert fact.why
        assert fact.why.endswith(".")


def test_judgements_are_asked_for_after_all_else():
    rng, asked = Random(8000), 0
    for _ in many(1_000):
        facts = parse(raw(forgetful(rng, complete_incident(rng)), rng), TODAY)
        first = next_question(facts, together=False)
        if "observable" in facts.known.get("deterministic_effect", ()):
            continue  # there, clinical significance is asked for first
        if {*first} & {*JUDGEMENTS}:
            assert next_question(facts, frozenset(JUDGEMENTS), together=False) == (), facts.stated
            asked += 1
    assert asked >= at_least(10)
