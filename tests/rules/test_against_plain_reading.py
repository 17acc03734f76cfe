"""The rules beside a second reading of the guidance, over random incidents thick around the thresholds.

Complete incidents are compared one by one. Of partly known ones the plain reading judges every completion
that can make a difference, and the verdict is settled exactly when these agree: no sooner, and no later.
For all that are named, and ten times as many: `IRMER_INCIDENTS=10 make test T=tests/rules`.
"""

from collections import Counter
from datetime import date
from random import Random

import pytest

from rules.deciding import Verdict, decide
from rules.incident import InvalidFacts
from rules.parsing import parse
from tests.rules import plain_reading as plain
from tests.rules.completions import Partial, Prospect, prospect
from tests.rules.incidents import at_least, complete_incident, forgetful, many, raw
from tests.rules.plain_contradictions import contradictions

TODAY = date(2026, 11, 23)
SEEDS = range(4)
COMPLETE, PARTIAL, JUMBLED = many(3_000), many(500), many(300)  # for each seed


def verdict_on(incident: Partial, rng: Random) -> Verdict:
    return decide(parse(raw(incident, rng), TODAY))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_complete_incident_is_judged_as_the_plain_reading_judges_it(seed):
    rng, differences, seen = Random(seed), [], Counter()
    for _ in COMPLETE:
        incident = complete_incident(rng, rounded=True)
        assert not contradictions(incident)
        wanted, verdict = plain.read(incident), verdict_on(incident, rng)
        seen.update([wanted.outcome, *wanted.codes, *(code[0] for code in wanted.complementary)])
        ours = (verdict.outcome, verdict.codes, verdict.complementary, verdict.possible, verdict.missing)
        if ours != (wanted.outcome, wanted.codes, wanted.complementary, (), ()):
            differences.append((incident, wanted, ours))
    assert differences[:3] == []
    # A comparison says nothing of a code that never came up.
    assert min(seen[x] for x in (*plain.TABLE, *"MEVC", "do_not_notify", "not_irmer")) >= at_least(10)


def is_rounded(whole: Partial) -> bool:
    """Is a ratio of it not the exact one? By itself it is taken at its word, and may say something else."""
    if "activity_ratio" not in whole:
        return False
    return bool(whole["delivered_activity"] != whole["activity_ratio"] * whole["prescribed_activity"])


def base_and_mc(verdict: Verdict) -> frozenset[str]:
    return frozenset({*verdict.codes, *(code[0] for code in verdict.complementary if code[0] in "MC")})


def wanted_outcome(found: Prospect) -> str:
    return "undecided" if len(found.outcomes) > 1 else next(iter(found.outcomes))


def faults(verdict: Verdict, found: Prospect) -> list[str]:
    """What is wrong with a verdict, if these are its completions."""
    wrong = []
    if verdict.outcome in ("notify", "do_not_notify") and found.outcomes != {verdict.outcome}:
        wrong.append("unsound")
    if verdict.outcome == "undecided" and len(found.outcomes) == 1:
        wrong.append("late")
    if base_and_mc(verdict) != found.certain:
        wrong.append("codes")
    if set(verdict.possible) != found.possible:
        wrong.append("possible")
    if bool(verdict.missing) != (verdict.outcome == "undecided"):
        wrong.append("missing")
    return wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_a_partly_known_incident_is_settled_exactly_when_all_its_completions_agree(seed):
    rng, wrong, seen = Random(1000 + seed), [], Counter()
    for _ in PARTIAL:
        whole = complete_incident(rng, rounded=True)
        incident = forgetful(rng, whole)
        if plain.another_regime(incident):
            continue
        found = prospect(incident)
        if not plain.another_regime(whole) and not is_rounded(whole):
            assert plain.read(whole).outcome in found.outcomes, "one completion is the incident itself"
        verdict = verdict_on(incident, rng)
        seen[wanted_outcome(found)] += 1
        if complaint := faults(verdict, found):
            wrong.append((complaint, incident, verdict, found))
    assert wrong[:3] == []
    assert min(seen[outcome] for outcome in ("notify", "do_not_notify", "undecided")) >= at_least(25)


@pytest.mark.parametrize("seed", SEEDS)
def test_facts_are_refused_exactly_when_no_completion_is_free_of_contradictions(seed):
    rng, wrong, seen = Random(2000 + seed), [], Counter()
    for _ in JUMBLED:
        one, other = complete_incident(rng), complete_incident(rng)
        names = [name for name in {**one, **other} if rng.random() < 0.5]
        incident = forgetful(rng, {**one, **{name: other[name] for name in names if name in other}})
        incident.pop("exposed_person", None)
        found = prospect(incident)
        seen[bool(found.outcomes)] += 1
        try:
            verdict = verdict_on(incident, rng)
        except InvalidFacts as refused:
            if found.outcomes:
                wrong.append((incident, refused.errors, found))
        else:
            if not found.outcomes or faults(verdict, found):
                wrong.append((incident, verdict, found))
    assert wrong[:3] == []
    assert min(seen[True], seen[False]) >= at_least(30)
